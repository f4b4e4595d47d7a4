/**
 * Does the record add up? A count that is not a number, or a part larger than its whole, would slip through any
 * comparison (NaN > limit is false) and could end as a PASS. Such a record is not judged.
 */
import { ExponentialHistogram } from "../metrics/index.ts";
import type { IntervalRecord, ObjectivesRecord, RunRecord } from "../record/index.ts";
import { isNumber, type SteadyView } from "./steady-view.ts";

const countNames = [
  "atMs",
  "durationMs",
  "requests",
  "failedRequests",
  "iterationsStarted",
  "iterationsDropped",
  "iterationsFailed",
  "checksPassed",
  "checksFailed",
  "activeVus",
  "initializedVus",
] as const satisfies readonly (keyof IntervalRecord)[];

/** What is wrong with the record's numbers, in words; empty when it adds up. At most one fault a kind. */
export function recordFaults(record: RunRecord, steady: SteadyView): string[] {
  return [
    ...boundaryFaults(record),
    ...contextFaults(record),
    ...objectiveFaults(record),
    ...first(record.intervals.map(intervalFault)),
    ...overlapFaults(steady),
    ...first(Object.entries(record.iterations).map(([name, value]) => iterationFault(name, value))),
    ...latencyFaults("steadyLatency", record.steadyLatency),
    ...latencyFaults("steadyResponse", record.steadyResponse),
    ...clockFaults(record),
  ];
}

function boundaryFaults({ steadyState: { fromMs, toMs } }: RunRecord): string[] {
  return isNumber(fromMs) && isNumber(toMs) ? [] : ["the steady state has no beginning or no end"];
}

/** What the verdict's sentence and the generator's share of its machine rest on. */
function contextFaults({ plan, environment }: RunRecord): string[] {
  const faults: string[] = [];
  if (plan !== null && !(isNumber(plan.dau) && plan.dau > 0))
    faults.push("plan.dau is not a number of users");
  if (!(isNumber(environment.cpuCount) && environment.cpuCount > 0))
    faults.push("environment.cpuCount is not a number of processors");
  return faults;
}

/** A limit that is not a number compares with nothing, and null, from a file, compares as 0. */
function objectiveFaults({ objectives }: RunRecord): string[] {
  if (objectives === null) return [];
  const {
    peakUsers,
    requestsPerSecond,
    latency,
    errorShare,
    cpuShare,
    endpoints = [],
  } = objectives;
  const isBand = ({ min, max }: NonNullable<typeof requestsPerSecond>): boolean =>
    isNumber(min) && min >= 0 && (max === null || max >= min);
  const checks: readonly (readonly [string, boolean])[] = [
    ["peakUsers", peakUsers === null || peakUsers > 0],
    ["requestsPerSecond", requestsPerSecond === null || isBand(requestsPerSecond)],
    ["latency", latency.every(isLatencyLimit)],
    ["errorShare", isShareOrNull(errorShare)],
    ["cpuShare", isShareOrNull(cpuShare)],
    ...endpoints.flatMap((endpoint): (readonly [string, boolean])[] => [
      [`latency of ${endpoint.name}`, endpoint.latency.every(isLatencyLimit)],
      [`errorShare of ${endpoint.name}`, isShareOrNull(endpoint.errorShare)],
    ]),
  ];
  return checks
    .filter(([, isSound]) => !isSound)
    .map(([name]) => `objective ${name} is outside of what it can be`);
}

function isShareOrNull(value: number | null): boolean {
  return value === null || (isNumber(value) && value >= 0 && value <= 1);
}

function isLatencyLimit({ share, limitMs }: ObjectivesRecord["latency"][number]): boolean {
  return share > 0 && share < 1 && isNumber(limitMs) && limitMs > 0;
}

function intervalFault(interval: IntervalRecord): string | undefined {
  const where = `interval at ${interval.atMs} ms`;
  for (const name of countNames) {
    const value = interval[name];
    if (!isNumber(value) || (value < 0 && name !== "atMs"))
      return `${where}: ${name} is not a count`;
  }
  const { endpoints = [], requests } = interval;
  if (endpoints.some((counts) => counts.requests < 0 || counts.requests > requests))
    return `${where}: an endpoint had more requests than there were`;
  const problem = [...[interval, ...endpoints].map(partFault), responseFault(interval)].find(
    (each) => each !== undefined,
  );
  return problem === undefined ? undefined : `${where}: ${problem}`;
}

function partFault({
  requests,
  failedRequests,
  slowRequests,
}: Pick<IntervalRecord, "requests" | "failedRequests" | "slowRequests">): string | undefined {
  if (failedRequests < 0 || failedRequests > requests)
    return "more requests failed than there were";
  // null, from a file, is a limit that was not counted: its row says so.
  const isWrong = (slow: number): boolean => isNumber(slow) && (slow < 0 || slow > requests);
  return slowRequests.some(isWrong) ? "more requests were slow than there were" : undefined;
}

/** From when it was due a request takes as long as from when it was sent, or longer. */
function responseFault({
  requests,
  slowRequests,
  lateRequests,
}: IntervalRecord): string | undefined {
  const isWrong = (late: number, index: number): boolean =>
    isNumber(late) && (late > requests || late < (slowRequests[index] ?? 0));
  return lateRequests?.some(isWrong) === true
    ? "the requests that were slow from when they were due are not those that were slow and some more"
    : undefined;
}

/** Intervals that lie upon each other count requests twice. */
function overlapFaults({ intervals }: SteadyView): string[] {
  const toleranceMs = 1;
  const overlapping = intervals.find((interval, index) => {
    const before = intervals[index - 1];
    return before !== undefined && interval.atMs < before.atMs + before.durationMs - toleranceMs;
  });
  return overlapping === undefined
    ? []
    : [`interval at ${overlapping.atMs} ms: it begins before the one before it ends`];
}

function iterationFault(name: string, value: number | null): string | undefined {
  if (value === null && name === "due") return undefined;
  return isNumber(value) && value >= 0 ? undefined : `iterations.${name} is not a count`;
}

/** Bucket counts that do not add up, and values that are not the counted ones, give a percentile of something else. */
function latencyFaults(name: string, distribution: Latency | undefined): string[] {
  if (distribution === undefined || distribution.count === 0) return [];
  const { schema, zeroCount, counts, count, values } = distribution;
  const total = counts.reduce((sum, bucket) => sum + bucket, zeroCount);
  // Another schema is another program's record; this one reads its own.
  if (schema !== 7) return [`${name} has schema ${schema}, not 7`];
  if (total !== count || !counts.every((bucket) => bucket >= 0))
    return [`the buckets of ${name} do not add up to its count`];
  return values === undefined || isCountedBy(values, distribution)
    ? []
    : [`the values of ${name} are not those that its buckets count`];
}

type Latency = RunRecord["steadyLatency"];

function isCountedBy(values: NonNullable<Latency["values"]>, latency: Latency): boolean {
  if (!values.every((entry) => entry.every(isNumber))) return false;
  const counted = ExponentialHistogram.fromPlain({ ...latency, values }).toPlain();
  const { length } = latency.counts;
  return (
    counted.zeroCount === latency.zeroCount &&
    (length === 0 || counted.offset === latency.offset) &&
    counted.counts.length === length &&
    counted.counts.every((bucket, k) => bucket === latency.counts[k])
  );
}

/** Timers fire up to a millisecond early; more than this is a clock that cannot be trusted with anything. */
const earlyToleranceMs = 5;

/** Nothing starts before it is due. */
function clockFaults({ generatorHealth }: RunRecord): string[] {
  const earliestMs = Math.min(
    0,
    ...generatorHealth.flatMap(({ startLagP99Ms, startLagMaxMs }) =>
      [startLagP99Ms, startLagMaxMs].filter(isNumber),
    ),
  );
  return earliestMs < -earlyToleranceMs
    ? [`iterations started ${Math.round(-earliestMs)} ms before they were due: a clock is wrong`]
    : [];
}

function first(faults: readonly (string | undefined)[]): string[] {
  const fault = faults.find((text) => text !== undefined);
  return fault === undefined ? [] : [fault];
}
