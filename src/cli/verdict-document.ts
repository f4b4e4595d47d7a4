/**
 * `lakh report --format verdict`: what a program needs to know of a run, a campaign or a search, in one shape for all
 * three; as a check, and as a JSON schema for others.
 */
import * as z from "zod";
import type { VerdictDocument } from "./verdict-json.ts";

const text = z.string();

const outcomeCase = z.strictObject({
  group: text.describe('"objectives", "thresholds", "checks", "phases", "phase NAME", "search"'),
  name: text,
  required: text.describe("with its unit, for people; may be empty"),
  measured: text.describe("with its unit, for people; may be empty"),
  status: z
    .enum(["PASS", "FAIL", "INCONCLUSIVE", "NOT_JUDGED"])
    .describe("INCONCLUSIVE: too little evidence"),
  explanation: text.describe("may be empty"),
});

const document = z.strictObject({
  schemaVersion: z
    .literal(1)
    .describe("changes when a reader of this version would misread a document"),
  kind: z.enum(["run", "campaign", "search"]),
  id: text.describe("`lakh report ID` shows the rest"),
  startedAt: text.describe("ISO 8601"),
  durationMs: z.number().min(0).describe("of a campaign and a search the sum of their runs"),
  verdict: z
    .enum(["PASS", "FAIL", "INCONCLUSIVE", "INVALID"])
    .nullable()
    .describe(
      "INVALID: the generator or the run itself was at fault; null when there was nothing to judge",
    ),
  sentence: text.nullable().describe("the verdict in a sentence that begins with it"),
  reasons: z.array(text).describe("the most important first"),
  failure: text
    .nullable()
    .describe("why a run without a verdict did not end well; null when it did"),
  exitCode: z.int().min(0).max(255).describe("that of `lakh report`; see exit-codes.md"),
  cases: z.array(outcomeCase).describe("everything that had to hold"),
  facts: z.array(z.strictObject({ name: text, text })).describe("for people"),
}) satisfies z.ZodType<VerdictDocument>;

/** For docs/reference/schemas/verdict.schema.json. */
export function verdictJsonSchema(): unknown {
  return {
    $id: "verdict.schema.json",
    title: "lakh report --format verdict",
    ...z.toJSONSchema(document),
  };
}
