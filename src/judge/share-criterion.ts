/**
 * Latency and error objectives, both as counts: "p95 below X" is "at most 5 % of the requests are slower than X", so
 * one binomial rule decides both, without the error of a histogram. The percentile in milliseconds is for people and
 * a cross-check: a PASS needs counts and histogram to agree.
 *
 * A late start of the generator's own is not in http_req_duration. So where requests were due by the clock a PASS needs
 * the counts from the due time to hold as well; that they do not can never fail the target.
 */
import { percentileName } from "../base/numbers.ts";
import { formatCount } from "../base/units.ts";
import { ExponentialHistogram } from "../metrics/index.ts";
import type { IntervalRecord, ObjectivesRecord, RunRecord } from "../record/index.ts";
import type { CriterionResult, CriterionStatus } from "./criterion.ts";
import { allowedSlowShare, countShare } from "./share-counts.ts";
import {
  lowerBound,
  minWindows,
  requestsToFail,
  requestsToPass,
  upperBound,
} from "./statistics.ts";
import { isLoadAttempted, isNumber, steadyRate, type SteadyView } from "./steady-view.ts";
import { formatMs, formatShare, formatWait } from "./wording.ts";

/** Stated error of the histogram's quantiles. */
const histogramErrorShare = 0.0028;

/** Status of a row and why. */
export interface ShareFinding {
  readonly status: CriterionStatus;
  readonly explanation: string;
}

/** Which requests count against an objective, and how many of them may. */
export interface ShareQuestion {
  /** "were slower than 300 ms", "failed". */
  readonly what: string;
  readonly allowedShare: number;
  readonly violationsOf: (interval: IntervalRecord) => number;
}

/** The row of latency objective `index`. */
export function judgeLatency(
  record: RunRecord,
  steady: SteadyView,
  index: number,
): CriterionResult {
  const objective = record.objectives!.latency[index]!;
  const name = percentileName(objective.share);
  const percentileMs = percentileOf(record.steadyLatency, objective.share);
  return {
    id: `latency_${name}`,
    label: `${name} latency`,
    required: `< ${formatMs(objective.limitMs)}`,
    measured: percentileMs === undefined ? "no data" : measuredLatency(record, objective.share),
    ...latencyFinding(record, steady, { objective, index, percentileMs }),
  };
}

/** The row of the error objective. */
export function judgeErrors(
  record: RunRecord,
  steady: SteadyView,
  allowedShare: number,
): CriterionResult {
  const { requests, failedRequests } = steady;
  return {
    id: "error_rate",
    label: "error rate",
    required: `< ${formatShare(allowedShare)}`,
    measured:
      requests === 0
        ? "no data"
        : `${formatShare(failedRequests / requests)} (${formatCount(failedRequests)} of ${formatCount(requests)})`,
    ...(missingData(record, steady) ??
      judgeShare(steady, {
        what: "failed",
        allowedShare,
        violationsOf: (interval) => interval.failedRequests,
      })),
  };
}

interface LatencyCase {
  readonly objective: ObjectivesRecord["latency"][number];
  readonly index: number;
  readonly percentileMs: number | undefined;
}

function latencyFinding(record: RunRecord, steady: SteadyView, latency: LatencyCase): ShareFinding {
  const { objective, index } = latency;
  const missing = missingData(record, steady);
  if (missing !== undefined) return missing;
  if (steady.intervals.some(({ slowRequests }) => !isNumber(slowRequests[index]))) {
    return inconclusive(
      "requests slower than the limit were not counted through all of the steady state",
    );
  }
  const allowedShare = allowedSlowShare(objective.share);
  const finding = judgeShare(steady, {
    what: `were slower than ${formatMs(objective.limitMs)}`,
    allowedShare,
    violationsOf: (interval) => interval.slowRequests[index]!,
  });
  if (finding.status !== "PASS") return finding;
  return (
    passDoubt(record, steady, { ...latency, allowedShare }) ??
    lateDoubt(record, steady, { index, allowedShare }) ??
    dueDoubt(steady, { index, allowedShare, limitMs: objective.limitMs }) ??
    finding
  );
}

/** What speaks against a PASS that the counts alone would give. */
function passDoubt(
  record: RunRecord,
  steady: SteadyView,
  latency: LatencyCase & { readonly allowedShare: number },
): ShareFinding | undefined {
  const {
    percentileMs,
    objective: { limitMs },
  } = latency;
  if (percentileMs === undefined)
    return inconclusive("the record has no distribution of latencies to check the counts against");
  if (percentileMs > limitMs * (1 + histogramErrorShare)) {
    return inconclusive(
      `the counts of slow requests contradict the recorded distribution (${formatMs(percentileMs)})`,
    );
  }
  if (!isDistributionOfThese(record, steady)) {
    return inconclusive(
      `the recorded distribution is of ${formatCount(record.steadyLatency.count)} requests, the counts are of ${formatCount(steady.requests)}`,
    );
  }
  return failureDoubt(steady, latency.allowedShare);
}

/** A refused connection fails in no time: where failures are many, speed says nothing of answers. */
export function failureDoubt(steady: SteadyView, allowedShare: number): ShareFinding | undefined {
  const failedShare = steady.failedRequests / steady.requests;
  if (failedShare <= allowedShare) return undefined;
  return inconclusive(
    `${formatShare(failedShare)} of the requests failed; how fast they failed is not how fast the target answers`,
  );
}

/** Merged intervals of a long run may end beside the window's edges: two intervals and 5 % are allowed for. */
function isDistributionOfThese(
  { steadyLatency }: RunRecord,
  { intervals, requests }: SteadyView,
): boolean {
  const largest = Math.max(0, ...intervals.map((interval) => interval.requests));
  return Math.abs(steadyLatency.count - requests) <= 2 * largest + 0.05 * requests;
}

/** k6's default timeout: what was sent in the steady state has ended by then. */
const lateMs = 60_000;

/**
 * A request that hangs is counted when it ends, which may be after the steady state: the hang would hide itself.
 * Slow requests that ended within a minute of it could have been sent in it; a PASS must hold with them.
 */
export function lateDoubt(
  record: Pick<RunRecord, "steadyState" | "intervals">,
  steady: SteadyView,
  { index, allowedShare }: { readonly index: number; readonly allowedShare: number },
): ShareFinding | undefined {
  const { toMs } = record.steadyState;
  const slowIn = (intervals: readonly IntervalRecord[]): number =>
    intervals.reduce((sum, { slowRequests }) => sum + (slowRequests[index] ?? 0), 0);
  const late = slowIn(
    record.intervals.filter(
      ({ atMs, durationMs }) => atMs + durationMs / 2 >= toMs && atMs < toMs + lateMs,
    ),
  );
  if (late === 0 || slowIn(steady.intervals) + late < allowedShare * (steady.requests + late)) {
    return undefined;
  }
  return inconclusive(
    `${formatCount(late)} slow requests ended in the minute after the steady state and may have been sent in it; with them it would not hold`,
  );
}

interface DueQuestion {
  readonly index: number;
  readonly allowedShare: number;
  readonly limitMs: number;
}

/**
 * What speaks against a PASS when requests are counted from when they were due. Requests of iterations that were dropped
 * count as late: somebody would have sent them, and waited at least until a VU was free.
 */
function dueDoubt(
  steady: SteadyView,
  { index, allowedShare, limitMs }: DueQuestion,
): ShareFinding | undefined {
  const told = steady.intervals.filter(({ lateRequests }) => lateRequests !== undefined);
  if (told.length === 0) return undefined; // a closed load, another runner, an older record
  const isCounted = steady.intervals.every(({ lateRequests }) => isNumber(lateRequests?.[index]));
  if (!isCounted) {
    return inconclusive(
      "requests slower than the limit from when they were due were not counted through all of the steady state",
    );
  }
  const requestsPerIteration =
    steady.iterationsStarted > 0 ? steady.requests / steady.iterationsStarted : 0;
  const unsentIn = ({ iterationsDropped }: IntervalRecord): number =>
    Math.round(iterationsDropped * requestsPerIteration);
  const intervals = steady.intervals.map((interval) => ({
    ...interval,
    requests: interval.requests + unsentIn(interval),
  }));
  const unsent = steady.intervals.reduce((sum, interval) => sum + unsentIn(interval), 0);
  const finding = judgeShare(
    { ...steady, intervals, requests: steady.requests + unsent },
    {
      what: `were slower than ${formatMs(limitMs)} from when they were due`,
      allowedShare,
      violationsOf: (interval) => interval.lateRequests![index]! + unsentIn(interval),
    },
  );
  if (finding.status === "PASS") return undefined;
  const cause =
    unsent === 0
      ? "the generator started iterations late"
      : `the generator started iterations late or not at all (${formatCount(unsent)} of the requests are those of ${formatCount(steady.iterationsDropped)} dropped iterations)`;
  return inconclusive(`${finding.explanation}. From when they were sent it holds: ${cause}`);
}

/** FAIL above the limit beyond doubt, PASS below it beyond doubt, else what would settle it. */
export function judgeShare(steady: SteadyView, question: ShareQuestion): ShareFinding {
  const { what, allowedShare, violationsOf } = question;
  const { requests, violations, deff, windows: windowCount } = countShare(steady, violationsOf);
  const lower = lowerBound(violations / deff, requests / deff);
  const upper = upperBound(violations / deff, requests / deff);
  const share = violations / requests;
  const found = `${formatCount(violations)} of ${formatCount(requests)} requests ${what} (${formatShare(share)}, allowed ${formatShare(allowedShare)})`;
  if (lower > allowedShare) {
    return {
      status: "FAIL",
      explanation: `${found}; at least ${formatShare(lower)} with 95 % confidence`,
    };
  }
  if (!(upper < allowedShare)) {
    const remedy = whatWouldDo(steady, { share, allowedShare, deff });
    return inconclusive(`${found}; with 95 % confidence up to ${formatShare(upper)}: ${remedy}`);
  }
  if (windowCount < minWindows) {
    return inconclusive(
      `${found}, in ${windowCount} windows of time; ${minWindows} are needed to see how alike neighbouring requests are: a steady state of ${minWindows} s or more would do`,
    );
  }
  return {
    status: "PASS",
    explanation: `${found}; at most ${formatShare(upper)} with 95 % confidence`,
  };
}

function whatWouldDo(
  steady: SteadyView,
  odds: { readonly share: number; readonly allowedShare: number; readonly deff: number },
): string {
  const { share, allowedShare, deff } = odds;
  const independent =
    share < allowedShare
      ? requestsToPass(share, allowedShare)
      : requestsToFail(share, allowedShare);
  if (!Number.isFinite(independent))
    return "the share lies so near the limit that no run of a reasonable length can tell";
  // Never fewer than there were: these did not do.
  const requests = Math.max(steady.requests + 1, Math.ceil(independent * deff));
  const waitMs = (requests / steadyRate(steady)) * 1_000;
  const outcome = share < allowedShare ? "show that it holds" : "show that it does not hold";
  return `about ${formatCount(requests)} requests would ${outcome} if the share stays (${formatWait(waitMs)} of steady load at the measured rate)`;
}

/** What to say when there is nothing to count: no data is never a pass. */
function missingData(record: RunRecord, steady: SteadyView): ShareFinding | undefined {
  if (steady.requests > 0) return undefined;
  if (isLoadAttempted(record, steady)) {
    return {
      status: "FAIL",
      explanation: "load was sent, but no request ended in the steady state: no data is not a pass",
    };
  }
  return inconclusive("the run has no steady state with requests in it: no data is not a pass");
}

/** From here on a difference is shown: less is the histogram's error and everyday lateness. */
const shownDifferenceShare = 0.03;

/** "41 ms"; "41 ms, 44 ms from when it was due" where these differ. */
function measuredLatency({ steadyLatency, steadyResponse }: RunRecord, share: number): string {
  const serviceMs = percentileOf(steadyLatency, share)!;
  const responseMs = steadyResponse && percentileOf(steadyResponse, share);
  const isShown = responseMs !== undefined && responseMs > serviceMs * (1 + shownDifferenceShare);
  return isShown
    ? `${formatMs(serviceMs)}, ${formatMs(responseMs)} from when it was due`
    : formatMs(serviceMs);
}

function percentileOf(distribution: RunRecord["steadyLatency"], share: number): number | undefined {
  if (!isNumber(distribution.count) || distribution.count <= 0) return undefined;
  const valueMs = ExponentialHistogram.fromPlain(distribution).quantile(share);
  return isNumber(valueMs) ? valueMs : undefined;
}

export function inconclusive(explanation: string): ShareFinding {
  return { status: "INCONCLUSIVE", explanation };
}
