/**
 * `lakh validate --json` and `lakh report CAMPAIGN --json`: what a program gets of a campaign, as a type, as a check at
 * run time, and as a JSON schema for others. `satisfies` makes the compiler compare type and check.
 */
import * as z from "zod";
import type { CriterionResult, GeneratorFinding } from "../judge/index.ts";
import type { VerdictWord } from "../record/index.ts";

export interface CampaignDocument {
  readonly verdict: VerdictWord;
  /** One sentence, beginning with the verdict. */
  readonly sentence: string;
  readonly reasons: readonly string[];
  /** Id of the campaign. */
  readonly campaign: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Daily users that were to be proved; those of the busiest moment, and their requests/s. */
  readonly dau: number;
  readonly peakUsers: number;
  readonly requestsPerSecond: number;
  /** Times of the phases were divided by this. */
  readonly compression: number;
  readonly phases: readonly PhaseDocument[];
}

export interface PhaseDocument {
  readonly name: string;
  readonly users: number;
  /** Warm-up and steady state together. */
  readonly durationMs: number;
  /** The verdict, or "not run", "not ended", "interrupted", "did not begin". */
  readonly status: string;
  /** How often the phase was begun; the last attempt counts. */
  readonly attempts: number;
  /** Id of the run; null without a record, as are verdict, sentence and generator. */
  readonly run: string | null;
  readonly verdict: VerdictWord | null;
  readonly sentence: string | null;
  readonly reasons: readonly string[];
  readonly scorecard: readonly CriterionResult[];
  readonly generator: GeneratorFinding | null;
}

const text = z.string();
const positive = z.number().gt(0);
const verdict = z.enum(["PASS", "FAIL", "INCONCLUSIVE", "INVALID"]);

const criterion = z.strictObject({
  id: text,
  endpoint: text.optional(),
  label: text,
  required: text,
  measured: text,
  status: z.enum(["PASS", "FAIL", "INCONCLUSIVE", "NOT_JUDGED"]),
  explanation: text,
}) as z.ZodType<CriterionResult>;

const generator = z.strictObject({
  status: z.enum(["healthy", "warning", "saturated"]),
  figures: z.array(
    z.strictObject({ name: text, value: z.number(), limit: z.number(), exceeded: z.boolean() }),
  ),
  sentence: text,
});

const phase = z.strictObject({
  name: text,
  users: z.int().min(1),
  durationMs: positive,
  status: text,
  attempts: z.int().min(0),
  run: text.nullable(),
  verdict: verdict.nullable(),
  sentence: text.nullable(),
  reasons: z.array(text),
  scorecard: z.array(criterion),
  generator: generator.nullable(),
});

const document = z.strictObject({
  verdict,
  sentence: text,
  reasons: z.array(text),
  campaign: text,
  startedAt: text,
  dau: positive,
  peakUsers: positive,
  requestsPerSecond: positive,
  compression: z.number().min(1),
  phases: z.array(phase),
}) satisfies z.ZodType<CampaignDocument>;

/** The schema of the document (JSON schema, draft 2020-12). */
export function campaignJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(document);
}

/** Where a value is no such document; undefined where it is one. */
export function findCampaignDocumentFault(value: unknown): string | undefined {
  const issue = document.safeParse(value).error?.issues[0];
  return issue === undefined ? undefined : `${issue.path.join(".")}: ${issue.message}`;
}
