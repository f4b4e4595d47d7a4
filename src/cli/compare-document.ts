/**
 * `lakh compare --json`: what a program gets of a comparison, as a check at run time and as a JSON schema for others.
 * `satisfies` makes the compiler compare it with the value.
 */
import * as z from "zod";
import type { Comparison } from "../judge/index.ts";

const text = z.string();
const share = z.number().min(0).max(1).describe("a share from 0 to 1");

const change = z
  .strictObject({
    kind: z
      .enum(["relative", "absolute"])
      .describe("relative: 0.1 is 10 % more than the base; absolute: a difference of two shares"),
    estimate: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable().describe("one-sided limits, each at the confidence"),
  })
  .describe("in the measure's own direction: for requests/s, less is worse");

const row = z.strictObject({
  endpoint: z
    .strictObject({ name: text, method: text })
    .nullable()
    .describe("null: the run as a whole"),
  measure: z.enum(["rate", "errors", "p50", "p95", "p99", "checks", "dropped", "generator_cpu"]),
  label: text,
  unit: z.enum(["ms", "per-second", "share"]),
  worse: z.enum(["more", "less"]).describe("where worse is"),
  isGated: z.boolean().describe("a regression in it is one of the comparison"),
  base: z.number().nullable().describe("median of the runs; of a share, all events together"),
  new: z.number().nullable(),
  change: change.nullable(),
  allowed: z.number().describe("what is allowed, in the terms of change"),
  effect: z.number().min(-1).max(1).nullable().describe("Cliff's delta; more is worse"),
  probability: share
    .nullable()
    .describe("of a worsening this large by chance, all rows being considered"),
  status: z.enum(["better", "worse", "same", "unclear", "only-base", "only-new", "shown"]),
  looksWorse: z.boolean().describe("the estimate is worse than allowed"),
  explanation: text.describe("may be empty"),
  runsNeeded: z.number().nullable().describe("runs a side that would probably do to tell"),
});

const run = z.strictObject({ id: text, startedAt: text, lakhVersion: text });

const compareDocument = z
  .strictObject({
    version: z.literal(1),
    verdict: z
      .enum(["PASS", "FAIL", "INCONCLUSIVE", "INVALID"])
      .describe("no regression; a regression; it cannot be told; the runs cannot be compared"),
    sentence: text,
    reasons: z.array(text),
    method: z.enum(["runs-exact", "runs-student", "within-run"]),
    methodSentence: text,
    settings: z.strictObject({
      limitShare: share,
      latencyFloorMs: z.number().nonnegative(),
      errorFloorShare: share,
      confidence: share,
      tolerated: z.array(z.enum(["script", "load", "runner"])),
    }),
    base: z.array(run),
    new: z.array(run),
    rows: z.array(row),
  })
  .meta({ title: "lakh compare --json" });

type CompareDocument = z.infer<typeof compareDocument>;

/** Of the published schema. */
export function compareDocumentSchema(): object {
  return z.toJSONSchema(compareDocument);
}

/** @throws ZodError when the value is no such document */
export function assertCompareDocument(value: unknown): void {
  compareDocument.parse(value);
}

/** The comparison as the published schema has it. */
export function toCompareDocument(comparison: Comparison): object {
  const { base, new: fresh, rows, reasons, settings, ...rest } = comparison;
  const document: CompareDocument = {
    version: 1,
    ...rest,
    reasons: [...reasons],
    settings: { ...settings, tolerated: [...settings.tolerated] },
    base: [...base],
    new: [...fresh],
    rows: [...rows],
  };
  return document;
}
