/**
 * `lakh plan --json`: what a program gets of a plan, as a type, as a check at run time, and as a JSON schema for others.
 * `satisfies` makes the compiler compare type and check.
 */
import * as z from "zod";
import type { Demand } from "./demand.ts";
import type { WorkloadFinding } from "./findings.ts";
import type { LoadForm } from "./forms.ts";
import type { GeneratorNeed } from "./generators.ts";
import type { Workload } from "./workload.ts";

export interface PlanDocument {
  /** Absolute path of the config file that was read. */
  readonly configFile: string | null;
  readonly demand: Demand;
  readonly workload: Omit<Workload, "findings">;
  /** Equivalent forms of the load, the recommended one first. */
  readonly forms: readonly LoadForm[];
  /** Null while the cost of a request is not known. */
  readonly generators: GeneratorNeed | null;
  readonly findings: readonly WorkloadFinding[];
}

const text = z.string();
const positive = z.number().gt(0);
const count = z.int().min(1);
const step = z.strictObject({ quantity: text, formula: text, value: z.number(), unit: text });

const open = {
  executor: z.literal("constant-arrival-rate"),
  rate: count,
  timeUnitMs: count,
  preAllocatedVus: count,
  maxVus: count,
};

const demand = z.strictObject({
  dau: positive,
  inputs: z.array(
    z.strictObject({
      name: z.enum([
        "dau",
        "requestsPerUserPerDay",
        "sessionsPerUserPerDay",
        "requestsPerSession",
        "peakWindowHours",
        "peakWindowShare",
        "peakToAverage",
        "concurrencyShare",
        "sessionSeconds",
        "thinkTimeSeconds",
        "growth",
      ]),
      meaning: text,
      value: positive,
      unit: text,
      isGiven: z.boolean(),
      formula: text,
    }),
  ),
  meanRatePerSecond: positive,
  ratePerSecond: positive,
  peakUsers: positive,
  secondsPerRequest: positive,
  sessions: z
    .strictObject({
      arrivalsPerSecond: positive,
      requestsPerSession: positive,
      sessionSeconds: positive,
    })
    .nullable(),
  steps: z.array(step),
});

const workload = z.strictObject({
  profile: z.strictObject({
    requestsPerIteration: positive,
    iterationDurationMs: positive,
    isMeasured: z.boolean(),
  }),
  iterationsPerSecond: positive,
  pacingMs: positive,
  open: z.strictObject(open),
  openMinimal: z.strictObject(open),
  closed: z.strictObject({
    executor: z.literal("constant-vus"),
    vus: count,
    minIterationDurationMs: z.int().min(0),
  }),
  sessions: z
    .strictObject({ ...open, requestsPerIteration: positive, iterationDurationMs: positive })
    .nullable(),
  steps: z.array(step),
});

const generators = z.strictObject({
  cost: z.strictObject({ cpuMsPerRequest: positive, loopMsPerRequest: positive, origin: text }),
  utilizationLimit: positive,
  cpuCores: positive,
  workers: count,
  coresPerGenerator: positive,
  generators: count,
  steps: z.array(step),
});

const document = z.strictObject({
  configFile: text.nullable(),
  demand,
  workload,
  forms: z.array(
    z.strictObject({
      id: z.enum(["open", "open-few-vus", "closed", "sessions"]),
      model: z.enum(["open", "closed", "partly open"]),
      description: text,
      options: z.record(text, z.unknown()),
      isRecommended: z.boolean(),
      reason: text,
    }),
  ),
  generators: generators.nullable(),
  findings: z.array(
    z.strictObject({
      code: z.enum([
        "closed-loop-rate",
        "pacing-too-short",
        "run-too-short",
        "duration-assumed",
        "stated-rate",
        "session-split",
        "generators-unknown",
      ]),
      severity: z.enum(["info", "warning", "problem"]),
      message: text,
      alternatives: z.array(text),
    }),
  ),
}) satisfies z.ZodType<PlanDocument>;

/** The schema of `lakh plan --json` (JSON schema, draft 2020-12). */
export function planJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(document);
}

/** Where a value is no plan document; undefined where it is one. */
export function findPlanFault(value: unknown): string | undefined {
  const issue = document.safeParse(value).error?.issues[0];
  return issue === undefined ? undefined : `${issue.path.join(".")}: ${issue.message}`;
}
