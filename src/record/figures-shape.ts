/** The shape of a baseline's file as a check at run time; `satisfies` makes the compiler compare it with the types. */
import * as z from "zod";
import type { BaselineRecord } from "./figures.ts";
import {
  type AsJson,
  blockColumnsShape,
  environmentShape,
  firstFault,
  scenarioShape,
  type ShapeFault,
} from "./shape.ts";

const text = z.string();
const count = z.number().nonnegative();
const countOrNull = count.nullable();

const series = {
  requests: count,
  failed: count,
  deff: z.number().min(1),
  perSecond: count,
  p50Ms: countOrNull,
  p95Ms: countOrNull,
  p99Ms: countOrNull,
  blocks: blockColumnsShape.nullable(),
};

const figures = z.object({
  id: text,
  lakhVersion: text,
  startedAt: text,
  script: z.object({ path: text, sha256: text }),
  runner: z.enum(["embedded", "k6", "kubernetes"]),
  environment: environmentShape,
  scenarios: z.array(scenarioShape),
  steadyMs: count,
  invalid: text.nullable(),
  overload: text.nullable(),
  strain: text.nullable(),
  whole: z.object(series),
  endpoints: z.array(z.object({ name: text, method: text, ...series })),
  checks: z.object({ passed: count, failed: count }),
  iterations: z.object({ started: count, dropped: count }),
  cpuMsPerRequest: countOrNull,
  blockDurationsMs: z.array(count),
});

const baseline = z.object({
  baselineVersion: z.literal(1),
  lakhVersion: text,
  runs: z.array(figures).min(1),
}) satisfies z.ZodType<AsJson<BaselineRecord>>;

/** What is wrong with a value read from a baseline's file; undefined when nothing is. */
export function findBaselineFault(value: unknown): ShapeFault | undefined {
  return firstFault(baseline.safeParse(value));
}
