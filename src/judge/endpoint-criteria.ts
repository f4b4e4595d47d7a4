/**
 * Objectives of single endpoints, by the same counts and the same rule as those of all requests. The record has no
 * distribution of an endpoint to check the counts against, but the counts are exact.
 * An endpoint that nothing was sent to fails: most likely its name is mistyped, and no data is never a pass.
 */
import { percentileName } from "../base/numbers.ts";
import type {
  EndpointObjectiveRecord,
  EndpointRecord,
  IntervalRecord,
  RunRecord,
} from "../record/index.ts";
import { formatCount } from "../base/units.ts";
import type { CriterionResult } from "./criterion.ts";
import { allowedSlowShare } from "./share-counts.ts";
import {
  failureDoubt,
  inconclusive,
  judgeShare,
  lateDoubt,
  type ShareFinding,
} from "./share-criterion.ts";
import { isNumber, type SteadyView } from "./steady-view.ts";
import { formatList, formatMs, formatShare } from "./wording.ts";

/** The rows of every endpoint that has objectives, in their order. */
export function judgeEndpoints(record: RunRecord, steady: SteadyView): CriterionResult[] {
  const { endpoints = [] } = record.objectives!;
  return endpoints.flatMap((objective, index) => {
    const view = viewOf(record, steady, { objective, index });
    const { latency, errorShare } = objective;
    return [
      ...latency.map((_, limit) => judgeEndpointLatency(view, limit)),
      ...(errorShare === null ? [] : [judgeEndpointErrors(view, errorShare)]),
    ];
  });
}

/** A run as one endpoint saw it. */
interface EndpointView {
  readonly record: RunRecord;
  readonly objective: EndpointObjectiveRecord;
  /** "GET /home". */
  readonly endpoint: string;
  readonly steady: SteadyView;
  /** All intervals, the steady state's and the others. */
  readonly intervals: readonly IntervalRecord[];
  /** Why there is nothing to judge; undefined when there is. */
  readonly gap: ShareFinding | undefined;
}

function viewOf(
  record: RunRecord,
  steady: SteadyView,
  { objective, index }: { objective: EndpointObjectiveRecord; index: number },
): EndpointView {
  const { method, name } = objective;
  const narrow = (interval: IntervalRecord): IntervalRecord => ({
    ...interval,
    ...(interval.endpoints?.[index] ?? { requests: 0, failedRequests: 0, slowRequests: [] }),
  });
  const intervals = steady.intervals.map(narrow);
  const total = (of: (interval: IntervalRecord) => number): number =>
    intervals.reduce((sum, interval) => sum + of(interval), 0);
  const own: SteadyView = {
    ...steady,
    intervals,
    requests: total(({ requests }) => requests),
    failedRequests: total(({ failedRequests }) => failedRequests),
  };
  const isCounted = steady.intervals.every(({ endpoints }) =>
    isWhole(endpoints?.[index], objective),
  );
  return {
    record,
    objective,
    endpoint: method === undefined ? name : `${method} ${name}`,
    steady: own,
    intervals: record.intervals.map(narrow),
    gap: isCounted
      ? missing(record, own)
      : inconclusive("its requests were not counted through all of the steady state"),
  };
}

function isWhole(
  counts: NonNullable<IntervalRecord["endpoints"]>[number] | undefined,
  { latency }: EndpointObjectiveRecord,
): boolean {
  return (
    counts !== undefined &&
    isNumber(counts.requests) &&
    isNumber(counts.failedRequests) &&
    latency.every((_, limit) => isNumber(counts.slowRequests[limit]))
  );
}

const shownNames = 5;

function missing(record: RunRecord, { requests, lengthMs }: SteadyView): ShareFinding | undefined {
  if (requests > 0) return undefined;
  if (lengthMs === 0 || record.endpoints.length === 0)
    return inconclusive("the run has no steady state with requests in it: no data is not a pass");
  const names = record.endpoints
    .slice(0, shownNames)
    .map(({ method, name }) => `${method} ${name}`);
  const more = record.endpoints.length - names.length;
  return {
    status: "FAIL",
    explanation: `no request of the steady state had this name (no data is not a pass); there were ${formatList([...names, ...(more > 0 ? [`${formatCount(more)} more`] : [])])}`,
  };
}

function judgeEndpointLatency(view: EndpointView, limit: number): CriterionResult {
  const { objective, endpoint } = view;
  const { share, limitMs } = objective.latency[limit]!;
  const name = percentileName(share);
  return {
    id: `latency_${name}`,
    endpoint,
    label: `${name} latency of ${endpoint}`,
    required: `< ${formatMs(limitMs)}`,
    measured: measuredLatency(view, share, limit),
    ...latencyFinding(view, { share, limitMs, limit }),
  };
}

function latencyFinding(
  { record, steady, intervals, gap }: EndpointView,
  { share, limitMs, limit }: { share: number; limitMs: number; limit: number },
): ShareFinding {
  if (gap !== undefined) return gap;
  const allowedShare = allowedSlowShare(share);
  const finding = judgeShare(steady, {
    what: `were slower than ${formatMs(limitMs)}`,
    allowedShare,
    violationsOf: ({ slowRequests }) => slowRequests[limit]!,
  });
  if (finding.status !== "PASS") return finding;
  const { steadyState } = record;
  return (
    failureDoubt(steady, allowedShare) ??
    lateDoubt({ steadyState, intervals }, steady, { index: limit, allowedShare }) ??
    finding
  );
}

/** The percentile where the record has it, else how many were slower. */
function measuredLatency(view: EndpointView, share: number, limit: number): string {
  const { record, objective, steady } = view;
  if (view.gap !== undefined) return "no data";
  const rows = record.endpoints.filter(
    ({ name, method }) =>
      name === objective.name && (objective.method === undefined || method === objective.method),
  );
  const recorded = percentiles[percentileName(share)];
  // Percentiles of several methods cannot be put together.
  if (recorded !== undefined && rows.length === 1) return formatMs(recorded(rows[0]!));
  const slow = steady.intervals.reduce((sum, { slowRequests }) => sum + slowRequests[limit]!, 0);
  return `${formatShare(slow / steady.requests)} slower`;
}

const percentiles: Readonly<Record<string, (endpoint: EndpointRecord) => number>> = {
  p50: ({ p50Ms }) => p50Ms,
  p90: ({ p90Ms }) => p90Ms,
  p95: ({ p95Ms }) => p95Ms,
  p99: ({ p99Ms }) => p99Ms,
};

function judgeEndpointErrors(view: EndpointView, allowedShare: number): CriterionResult {
  const { endpoint, steady, gap } = view;
  const { requests, failedRequests } = steady;
  return {
    id: "error_rate",
    endpoint,
    label: `error rate of ${endpoint}`,
    required: `< ${formatShare(allowedShare)}`,
    measured:
      gap === undefined
        ? `${formatShare(failedRequests / requests)} (${formatCount(failedRequests)} of ${formatCount(requests)})`
        : "no data",
    ...(gap ??
      judgeShare(steady, {
        what: "failed",
        allowedShare,
        violationsOf: (interval) => interval.failedRequests,
      })),
  };
}
