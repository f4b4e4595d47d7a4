/** The shape of a search's record, for programs that read `limit.json` or `lakh limit --json`. */
import * as z from "zod";
import type { LimitRecord } from "./limit.ts";

const rate = z.number().nonnegative().describe("requests per second");
const dau = z.number().nonnegative().describe("daily active users");
const milliseconds = z.number().nonnegative().describe("milliseconds");
const share = z.number().min(0).max(1).describe("a share from 0 to 1");
const verdict = z.enum(["PASS", "FAIL", "INCONCLUSIVE", "INVALID"]);

const trial = z.strictObject({
  run: z.string().describe("id of the run whose record has the figures"),
  purpose: z.enum(["ramp", "narrow", "confirm-below", "confirm-above", "recovery"]),
  ratePerSecond: rate,
  achievedPerSecond: rate,
  goodPerSecond: rate,
  warmUpMs: milliseconds,
  steadyMs: milliseconds,
  verdict,
  sentence: z.string(),
  side: z
    .enum(["holds", "looks-good", "looks-bad", "fails", "invalid"])
    .describe("holds and fails are proven, the others go by the counts"),
  hasCollapsed: z.boolean(),
  p50Ms: milliseconds.nullable(),
  p95Ms: milliseconds.nullable(),
  p99Ms: milliseconds.nullable(),
  errorShare: share.nullable(),
});

const sustainable = z
  .strictObject({
    requestsPerSecond: rate,
    low: rate,
    high: rate.nullable().describe("null: nothing above was found not to hold"),
    dau,
    lowDau: dau,
    highDau: dau.nullable(),
    isProven: z.boolean().describe("false: no trial was long enough to prove that a rate holds"),
  })
  .describe("null: no rate was found that looks good");

const usl = z.strictObject({
  ratePerSecond: rate,
  contention: z.number().nonnegative(),
  coherence: z.number().nonnegative(),
  residual: z.number().nonnegative().describe("root mean square of the relative residuals"),
  points: z.number().int(),
  largestInFlight: z.number().nonnegative(),
  peak: z.strictObject({ inFlight: z.number(), requestsPerSecond: rate }).nullable(),
});

const limit = z
  .strictObject({
    schemaVersion: z.literal(1),
    id: z.string(),
    lakhVersion: z.string(),
    startedAt: z.string().describe("ISO 8601"),
    script: z.string(),
    verdict,
    sentence: z.string().describe("the answer in a sentence"),
    sustainable: sustainable.nullable(),
    needed: z.strictObject({ dau, requestsPerSecond: rate }).nullable().describe("of --dau"),
    limitedBy: z
      .strictObject({ id: z.string(), label: z.string() })
      .nullable()
      .describe("the objective that gives first"),
    end: z.enum([
      "found",
      "max-rate-holds",
      "generator-limit",
      "start-rate-too-high",
      "not-recovered",
      "invalid-trials",
      "trials-used-up",
      "time-used-up",
      "interrupted",
    ]),
    partial: z.boolean().describe("true: it was ended from outside"),
    knee: z.strictObject({ throughput: rate.nullable(), latency: rate.nullable() }),
    usl: usl.nullable(),
    uslReason: z.string().nullable().describe("why no fit is shown"),
    trials: z.array(trial),
    recovery: z
      .strictObject({ recovered: z.boolean(), afterMs: milliseconds.nullable() })
      .nullable(),
    arrivals: z.literal("even"),
    confidence: share,
    maxTrials: z.number().int(),
    objectives: z.strictObject({
      latency: z.array(z.strictObject({ share, limitMs: milliseconds })),
      errorShare: share.nullable(),
      cpuShare: share.nullable(),
    }),
  })
  .describe("what lakh limit found") satisfies z.ZodType<LimitRecord>;

/** As a JSON schema. */
export function limitJsonSchema(): unknown {
  return z.toJSONSchema(limit);
}

/** What is wrong with a value that should be a search's record; undefined when nothing is. */
export function findLimitFault(value: unknown): string | undefined {
  const issue = limit.safeParse(value).error?.issues[0];
  return issue === undefined ? undefined : `${issue.path.join(".")}: ${issue.message}`;
}
