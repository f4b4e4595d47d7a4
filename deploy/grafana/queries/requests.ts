/**
 * Queries of the load and of what came back, under k6's names. Each answer has one series a run (`testid`), summed over
 * all label sets before anything else is done: a percentile is one of all requests, never a mean of percentiles.
 */
import { range, type Selection, series } from "../selection.ts";

const requests = "k6_http_reqs_total";
const duration = "k6_http_req_duration_seconds";

/** What requests are told apart by. */
interface Split {
  /** Beside the run. */
  readonly by?: string;
  /** Not even by the run. */
  readonly allRuns?: boolean;
  readonly matching?: string;
}

function sumOf({ by, allRuns }: Split): string {
  if (allRuns === true) return "sum";
  return `sum by (testid${by === undefined ? "" : `, ${by}`})`;
}

/** Requests a second. */
export function requestRate(selection: Selection, split: Split = {}): string {
  const of = series(requests, split.matching ?? "", selection.requests);
  return `${sumOf(split)} (rate(${range(of, selection)}))`;
}

/** Failed requests a second; 0 where there are requests and none of them failed. */
export function failureRate(selection: Selection): string {
  const failed = requestRate(selection, { matching: 'expected_response="false"' });
  return `${failed} or 0 * ${requestRate(selection)}`;
}

/** Failed requests of all, 0 to 1; nothing where there are no requests. */
export function failureRatio(selection: Selection): string {
  return `(${failureRate(selection)}) / (${requestRate(selection)} > 0)`;
}

/** A percentile of the request durations in seconds, of the merged native histogram. */
export function latency(quantile: number, selection: Selection, split: Split = {}): string {
  return `histogram_quantile(${quantile}, ${latencyHistogram(selection, split)})`;
}

/** The merged histogram of request durations itself: so many a second in each bucket. */
export function latencyHistogram(selection: Selection, split: Split = {}): string {
  const of = series(duration, split.matching ?? "", selection.requests);
  return `${sumOf(split)} (rate(${range(of, selection)}))`;
}

/** Mean of one of k6's timings in seconds: means of the parts of a request add up, percentiles do not. */
export function meanTiming(timing: string, selection: Selection): string {
  const of = series(`k6_http_req_${timing}_seconds`, selection.requests);
  const histogram = `sum by (testid) (rate(${range(of, selection)}))`;
  return `histogram_sum(${histogram}) / (histogram_count(${histogram}) > 0)`;
}

/** Requests under way at once, on average (Little's law): seconds of waiting a second. */
export function requestsInFlight(selection: Selection, split: Split = {}): string {
  return `histogram_sum(${latencyHistogram(selection, split)})`;
}

/** Requests slower than each objective's limit, counted one by one, of all: 0 to 1. */
export function slowRatio(selection: Selection): string {
  const slow = series("lakh_requests_slow_total", selection.run);
  const all = series(requests, selection.run);
  return `sum by (testid, objective) (rate(${range(slow, selection)})) / on (testid) group_left () (sum by (testid) (rate(${range(all, selection)})) > 0)`;
}

/** An objective as it was stated before the run; nothing where none was. */
export function objective(name: string, selection: Selection): string {
  return `max by (testid) (${series("lakh_objective", `objective="${name}"`, selection.run)})`;
}

/** A counter of the run, a second. */
export function counterRate(name: string, selection: Selection): string {
  return `sum by (testid) (rate(${range(series(name, selection.run), selection)}))`;
}

/** A level of the run that is there once. */
export function level(name: string, selection: Selection): string {
  return `max by (testid) (${series(name, selection.run)})`;
}

/** Iterations that were due and did not start, of those that were due: 0 to 1. */
export function droppedRatio(selection: Selection): string {
  const dropped = counterRate("k6_dropped_iterations_total", selection);
  const completed = counterRate("k6_iterations_total", selection);
  // When nothing has come to its end yet, everything that was due was dropped.
  return `${dropped} / ((${dropped} + (${completed} or 0 * ${dropped})) > 0)`;
}
