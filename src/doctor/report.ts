/** What `lakh doctor --json` prints, and its schema: the one from which docs/reference/schemas/doctor.schema.json is made. */
import * as z from "zod";
import type { FindingGroup } from "./examine.ts";
import type { FindingStatus, PlannedLoad } from "./finding.ts";

export interface DoctorReport {
  readonly schemaVersion: 1;
  readonly lakhVersion: string;
  /** The worst of all findings. */
  readonly status: FindingStatus;
  readonly load: PlannedLoad;
  readonly groups: readonly FindingGroup[];
}

const status = z.enum(["ok", "note", "warning", "fix"]);

const finding = z.strictObject({
  id: z.string().describe("stable name of the check, such as open-files"),
  status: status.describe("note: nothing to judge by here, or needed by few runs only"),
  subject: z.string().describe("what was looked at"),
  found: z.string().describe("what was found, with its figures"),
  advice: z.string().nullable().describe("what to do; null when there is nothing to do"),
});

const report = z.strictObject({
  schemaVersion: z.literal(1),
  lakhVersion: z.string(),
  status: status.describe("the worst of all findings"),
  load: z
    .strictObject({
      vus: z.number().int().nonnegative(),
      requestsPerSecond: z.number().nonnegative(),
      source: z.string(),
    })
    .describe("the load that limits were judged against"),
  groups: z.array(
    z.strictObject({
      about: z.string().describe("this machine, a target's URL, a Prometheus, other programs"),
      findings: z.array(finding),
    }),
  ),
}) satisfies z.ZodType<DoctorReport>;

const severity: readonly FindingStatus[] = ["ok", "note", "warning", "fix"];

export function toDoctorReport(
  groups: readonly FindingGroup[],
  about: { readonly lakhVersion: string; readonly load: PlannedLoad },
): DoctorReport {
  const all = groups.flatMap(({ findings }) =>
    findings.map((each) => severity.indexOf(each.status)),
  );
  const { lakhVersion, load } = about;
  return { schemaVersion: 1, lakhVersion, status: severity[Math.max(0, ...all)]!, load, groups };
}

/** The JSON schema of a report. */
export function doctorSchema(): unknown {
  return { $id: "doctor.schema.json", title: "lakh doctor --json", ...z.toJSONSchema(report) };
}
