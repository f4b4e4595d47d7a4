/**
 * The counts behind the objectives that allow a share of the requests: how many broke each one in the steady state, and
 * how alike neighbouring requests were. What a search over many runs learns from each of them.
 */
import type { IntervalRecord, RunRecord } from "../record/index.ts";
import { designEffect } from "./statistics.ts";
import { countWindows, steadyRate, type SteadyView, steadyView } from "./steady-view.ts";
import { percentileName } from "../base/numbers.ts";

/** Violations of one objective among the requests of the steady state. */
export interface ShareCount {
  /** Of the scorecard's row: "latency_p95", "error_rate". */
  readonly id: string;
  readonly allowedShare: number;
  readonly requests: number;
  readonly violations: number;
  /** `requests / deff` independent requests would say as much. */
  readonly deff: number;
}

/** The load as the steady state shows it. */
export interface SteadyRates {
  readonly requestsPerSecond: number;
  /** Those of them that did not fail. */
  readonly goodPerSecond: number;
}

/** One count for each latency and error objective of the record. */
export function countShares(record: RunRecord): ShareCount[] {
  const { objectives } = record;
  if (objectives === null) return [];
  const steady = steadyView(record);
  const latency = objectives.latency.map(({ share }, index) => ({
    id: `latency_${percentileName(share)}`,
    allowedShare: allowedSlowShare(share),
    ...countShare(steady, ({ slowRequests }) => slowRequests[index] ?? 0),
  }));
  if (objectives.errorShare === null) return latency;
  const errors = countShare(steady, ({ failedRequests }) => failedRequests);
  return [...latency, { id: "error_rate", allowedShare: objectives.errorShare, ...errors }];
}

/** Violations, requests and their design effect over the steady state. */
export function countShare(
  steady: SteadyView,
  violationsOf: (interval: IntervalRecord) => number,
): { requests: number; violations: number; deff: number; windows: number } {
  const counts = countWindows(steady, violationsOf);
  const violations = counts.reduce((sum, window) => sum + window.violations, 0);
  return { requests: steady.requests, violations, ...designEffect(counts) };
}

/** What a percentile allows beyond its limit. 1 - 0.95 is 0.05000000000000004 in binary: rounded, or exactly 5 % would be "below". */
export function allowedSlowShare(share: number): number {
  return Math.round((1 - share) * 1e9) / 1e9;
}

/** Requests per second over the steady state of a record. */
export function steadyRates(record: RunRecord): SteadyRates {
  const steady = steadyView(record);
  const requestsPerSecond = steadyRate(steady);
  const failedShare = steady.requests > 0 ? steady.failedRequests / steady.requests : 0;
  return { requestsPerSecond, goodPerSecond: requestsPerSecond * (1 - failedShare) };
}

/** Iterations of the steady state of a record: those that were started, and those that found no VU free. */
export function steadyIterations(record: RunRecord): { started: number; dropped: number } {
  const { iterationsStarted, iterationsDropped } = steadyView(record);
  return { started: iterationsStarted, dropped: iterationsDropped };
}
