/** What a search learns from a run: the record and its verdict as the outcome of a trial. */
import {
  countShares,
  type ShareCount,
  steadyIterations,
  steadyRates,
  type Verdict,
} from "../judge/index.ts";
import { ExponentialHistogram } from "../metrics/index.ts";
import type { ObjectivesRecord, RunRecord } from "../record/index.ts";
import type { TrialCount, TrialOutcome, TrialPlan, TrialRow } from "../search/index.ts";

export interface TrialTimes {
  /** Milliseconds since the search began. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** Less of the planned requests than this ended in the steady state: the backlog grew. */
const absorbedShare = 0.97;
/** Standard deviations that the number of requests may be off by chance: iterations need not be alike. */
const chanceWidth = 3;
/** Less of the due iterations than this was started. */
const deliveredShare = 0.99;
/** Iterations whose requests may lie on the other side of an edge of the steady state. */
const edgeIterations = 4;

/** The objectives of a trial: those of the search, and that the target takes the load up. */
export function trialObjectives(
  wanted: Pick<ObjectivesRecord, "latency" | "errorShare" | "cpuShare">,
  plan: TrialPlan,
  requestsPerIteration: number,
): Omit<ObjectivesRecord, "targetCores"> {
  const requests = (plan.ratePerSecond * plan.steadyMs) / 1_000;
  const slack = Math.max(
    1 - absorbedShare,
    (edgeIterations * requestsPerIteration) / requests,
    chanceWidth / Math.sqrt(requests / requestsPerIteration),
  );
  const { latency, errorShare, cpuShare } = wanted;
  return {
    latency,
    errorShare,
    cpuShare,
    peakUsers: null,
    requestsPerSecond: { min: plan.ratePerSecond * Math.max(0, 1 - slack), max: null },
    memoryStable: false,
  };
}

/** @param hasCollapsed the load was taken away because the target broke down */
export function toTrialOutcome(
  plan: TrialPlan,
  { record, verdict }: { readonly record: RunRecord; readonly verdict: Verdict },
  { hasCollapsed, ...times }: TrialTimes & { readonly hasCollapsed: boolean },
): TrialOutcome {
  const { requestsPerSecond, goodPerSecond } = steadyRates(record);
  const latency = ExponentialHistogram.fromPlain(record.steadyLatency);
  const quantile = (share: number): number | null =>
    latency.count === 0 ? null : latency.quantile(share);
  return {
    plan,
    verdict: verdict.verdict,
    sentence: verdict.sentence,
    isGeneratorLimit: verdict.verdict === "INVALID" && verdict.generator.status === "saturated",
    hasCollapsed,
    rows: rowsOf(record, verdict, hasCollapsed),
    achievedPerSecond: requestsPerSecond,
    goodPerSecond,
    meanMs: latency.count === 0 ? null : latency.sum / latency.count,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    ...times,
  };
}

function rowsOf(record: RunRecord, verdict: Verdict, hasCollapsed: boolean): TrialRow[] {
  const counts = new Map(
    countShares(record).map(({ id, ...count }) => [id, withDropped(record, { id, ...count })]),
  );
  return verdict.scorecard.map(({ id, label, status }): TrialRow => {
    if (id !== "requests_per_second") return { id, label, status, count: counts.get(id) };
    const isShort = status === "FAIL" || hasCollapsed || !isDelivered(record);
    return {
      id: "load_absorbed",
      label: "the load the target takes up",
      status: isShort ? "FAIL" : status,
      count: undefined,
    };
  });
}

/**
 * An iteration that was due and found no VU free would have waited longest of all: as slow as one can be. Without it an
 * overloaded target would look better the fewer VUs there are.
 */
function withDropped(record: RunRecord, { id, ...count }: ShareCount): TrialCount {
  const { started, dropped } = steadyIterations(record);
  if (id === "error_rate" || dropped === 0 || started === 0) return count;
  const unsent = (dropped * count.requests) / started;
  return {
    ...count,
    requests: count.requests + unsent,
    violations: count.violations + unsent,
  };
}

function isDelivered({ iterations: { due, started, dropped } }: RunRecord): boolean {
  const all = Math.max(due ?? 0, started + dropped);
  return all === 0 || started / all >= deliveredShare;
}
