/**
 * Signs of trouble in a run, each with what was seen and what usually helps: what an engineer looks at next. They explain
 * a verdict and never make one: what is held against a run stands in the scorecard and in run-findings.ts. Limits without
 * an objective are those of the guide this grew from: p95 above 500 ms, more than 1 % errors, CPU above 80 %.
 */
import { formatCount } from "../base/units.ts";
import { ExponentialHistogram, unseenThresholds } from "../metrics/index.ts";
import type { EndpointRecord, RunRecord } from "../record/index.ts";
import type { CriterionResult } from "./criterion.ts";
import { isNumber, steadyView, type SteadyView } from "./steady-view.ts";
import { restartObstacles, steadyReadings } from "./target-readings.ts";
import { trendOf } from "./trend.ts";
import type { Verdict } from "./verdict.ts";
import { formatMs, formatShare } from "./wording.ts";

export interface RedFlag {
  /** Stable: "latency", "errors", "late", "drift", "dropped", "cpu", "memory", "restarts", "loop", "generator", "script", "checks", "tags", "thresholds". */
  readonly id: string;
  readonly severity: "problem" | "warning";
  readonly title: string;
  /** What was seen, with its numbers. */
  readonly evidence: string;
  /** What usually is behind it, and what to do. */
  readonly fix: string;
}

/** Of all requests when no objective says what is too much. */
const usualLimits = { p95Ms: 500, errorShare: 0.01, cpuShare: 0.8, targetLoopLagMs: 100 } as const;
/** Checks are often stricter than the objectives. */
const checkFailureShare = 0.01;
/** A rise of the latency by less than this, or one that chance explains, is none. */
const driftShare = 0.25;
const driftPValue = 0.01;
const leastDriftIntervals = 20;

/** The flags of a judged run, the worst first. */
export function redFlags(
  record: RunRecord,
  verdict: Pick<Verdict, "scorecard" | "generator">,
): RedFlag[] {
  const steady = steadyView(record);
  const flags = [
    ...generatorFlag(verdict),
    ...restartFlag(record),
    ...errorFlag(record, steady),
    ...latencyFlag(record, verdict.scorecard),
    ...lateFlag(record),
    ...driftFlag(steady),
    ...droppedFlag(record),
    ...cpuFlag(record, verdict.scorecard),
    ...memoryFlag(verdict.scorecard),
    ...targetLoopFlag(record),
    ...scriptFlag(record),
    ...checksFlag(record),
    ...tagsFlag(record),
    ...thresholdsFlag(record),
  ];
  return flags.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ severity }: RedFlag): number {
  return severity === "problem" ? 0 : 1;
}

function generatorFlag({ generator }: Pick<Verdict, "generator">): RedFlag[] {
  if (generator.status === "healthy") return [];
  const isSaturated = generator.status === "saturated";
  return [
    {
      id: "generator",
      severity: isSaturated ? "problem" : "warning",
      title: isSaturated
        ? "The load generator was the bottleneck"
        : "The load generator was strained",
      evidence: generator.sentence,
      fix: "Free the machine of other work, use a larger one or more worker threads (--workers auto), and look at it with lakh doctor. Latencies of this run may be the generator's own.",
    },
  ];
}

function restartFlag(record: RunRecord): RedFlag[] {
  return restartObstacles(record).map((evidence) => ({
    id: "restarts",
    severity: "problem",
    title: "The target restarted",
    evidence,
    fix: "Look for the reason of its end (kubectl describe pod, its log): most often the memory limit (OOMKilled) or a liveness probe that starves under load.",
  }));
}

function errorFlag({ objectives, endpoints }: RunRecord, steady: SteadyView): RedFlag[] {
  const { requests, failedRequests } = steady;
  const share = requests > 0 ? failedRequests / requests : 0;
  const allowed = objectives?.errorShare ?? usualLimits.errorShare;
  if (!(failedRequests > 0 && share > allowed)) return [];
  const worst = worstBy(endpoints, ({ failed }) => failed);
  const where =
    worst === undefined || worst.failed === 0
      ? ""
      : `; most of them at ${nameOf(worst)}: ${formatCount(worst.failed)} of its ${formatCount(worst.requests)}`;
  return [
    {
      id: "errors",
      severity: "problem",
      title: "Requests fail",
      evidence: `${formatCount(failedRequests)} of ${formatCount(requests)} requests failed in the steady state (${formatShare(share)}, allowed ${formatShare(allowed)})${where}`,
      fix: "See which status or error they ended with. Under load this is most often a connection pool that is used up, a rate limit, or a timeout between the target and what it calls.",
    },
  ];
}

function latencyFlag(record: RunRecord, scorecard: readonly CriterionResult[]): RedFlag[] {
  const failed = scorecard.filter(
    ({ id, status }) => id.startsWith("latency_") && status === "FAIL",
  );
  const seen = failed.map(
    ({ label, measured, required }) => `${label} ${measured} (required ${required})`,
  );
  if (seen.length === 0) seen.push(...usualLatency(record));
  if (seen.length === 0) return [];
  const slowest = worstBy(record.endpoints, ({ p95Ms }) => p95Ms);
  const where =
    slowest === undefined
      ? ""
      : `; slowest endpoint: ${nameOf(slowest)}, p95 ${formatMs(slowest.p95Ms)}`;
  return [
    {
      id: "latency",
      severity: failed.length > 0 ? "problem" : "warning",
      title: "Answers are slow",
      evidence: `${seen.join("; ")}${where}`,
      fix: "Begin with the slowest endpoint: a query without an index, one query for each row (N+1), a lock, or a call to another service that waits. A trace of one slow request tells which.",
    },
  ];
}

function usualLatency({ objectives, steadyLatency }: RunRecord): string[] {
  if ((objectives?.latency.length ?? 0) > 0 || steadyLatency.count === 0) return [];
  const p95Ms = ExponentialHistogram.fromPlain(steadyLatency).quantile(0.95);
  return p95Ms > usualLimits.p95Ms
    ? [`p95 latency ${formatMs(p95Ms)}, with no objective for it`]
    : [];
}

/** Users wait from when they come, not from when the generator found a VU for them. */
function lateFlag({ steadyLatency, steadyResponse }: RunRecord): RedFlag[] {
  if (steadyResponse === undefined || steadyResponse.count === 0) return [];
  const servedMs = ExponentialHistogram.fromPlain(steadyLatency).quantile(0.99);
  const waitedMs = ExponentialHistogram.fromPlain(steadyResponse).quantile(0.99);
  if (!(waitedMs > 2 * servedMs && waitedMs - servedMs > 50)) return [];
  return [
    {
      id: "late",
      severity: "warning",
      title: "Requests began later than users came",
      evidence: `p99 from when a request was due ${formatMs(waitedMs)}, from when it was sent ${formatMs(servedMs)}`,
      fix: "Users would have waited that long. Iterations started late: all VUs were waiting for answers, or the generator was behind. Trust the figures from the due times.",
    },
  ];
}

/** A queue that builds up while the load stays the same. */
function driftFlag({ intervals }: SteadyView): RedFlag[] {
  const points = intervals.flatMap(({ atMs, p95Ms }) =>
    isNumber(p95Ms) ? [{ at: atMs / 1_000, value: p95Ms }] : [],
  );
  if (points.length < leastDriftIntervals) return [];
  // Pairwise slopes of a long run are millions: a few hundred points say the same.
  const step = Math.ceil(points.length / 300);
  const trend = trendOf(points.filter((_, index) => index % step === 0));
  const seconds = points.at(-1)!.at - points[0]!.at;
  const middle = points.map(({ value }) => value).toSorted((one, other) => one - other)[
    points.length >> 1
  ]!;
  const riseMs = (trend?.slope ?? 0) * seconds;
  const isSure = trend !== undefined && trend.pValue < driftPValue && trend.slopeLower > 0;
  if (!isSure || !(riseMs > driftShare * middle)) return [];
  return [
    {
      id: "drift",
      severity: "warning",
      title: "Latency rises while the load stays the same",
      evidence: `p95 rose by about ${formatMs(riseMs)} over the steady state (its median is ${formatMs(middle)})`,
      fix: "Something fills up: a queue, a table without an index that grows, a cache that evicts, memory. A longer run shows where it ends; the run's end was not yet the worst.",
    },
  ];
}

function droppedFlag({ iterations }: RunRecord): RedFlag[] {
  const { dropped, started } = iterations;
  const due = Math.max(iterations.due ?? 0, started + dropped);
  if (!(dropped > 0.001 * due)) return [];
  return [
    {
      id: "dropped",
      severity: "problem",
      title: "Load that was due could not be started",
      evidence: `${formatCount(dropped)} of ${formatCount(due)} iterations were dropped because every VU was busy`,
      fix: "With slow answers: the target is overloaded. With good ones the scenario has too few VUs: raise maxVUs (or preAllocatedVUs).",
    },
  ];
}

function cpuFlag(record: RunRecord, scorecard: readonly CriterionResult[]): RedFlag[] {
  const row = scorecard.find(({ id }) => id === "target_cpu");
  if (row !== undefined && row.status !== "FAIL") return [];
  const seen = row === undefined ? usualCpu(record) : `${row.measured} (required ${row.required})`;
  if (seen === undefined) return [];
  return [
    {
      id: "cpu",
      severity: row === undefined ? "warning" : "problem",
      title: "The target is short of CPU",
      evidence: `CPU of the target: ${seen}`,
      fix: "Profile it at this load before scaling: one hot function is cheaper to mend than ten replicas. Then scale horizontally, and keep room for the loss of one instance.",
    },
  ];
}

function usualCpu(record: RunRecord): string | undefined {
  const cores = record.objectives?.targetCores ?? null;
  const sources = steadyReadings(record, "cpu_cores");
  if (cores === null || sources.length !== 1) return undefined;
  const { points } = sources[0]!;
  const mean = points.reduce((sum, [, value]) => sum + value, 0) / points.length / cores;
  return mean > usualLimits.cpuShare ? `mean ${formatShare(mean)}` : undefined;
}

function memoryFlag(scorecard: readonly CriterionResult[]): RedFlag[] {
  const row = scorecard.find(({ id, status }) => id === "target_memory" && status === "FAIL");
  if (row === undefined) return [];
  return [
    {
      id: "memory",
      severity: "problem",
      title: "The target's memory grows",
      evidence: `${row.measured}: ${row.explanation}`,
      fix: "Take two heap snapshots some minutes apart under this load and compare them: caches without a limit, listeners and timers that are never removed.",
    },
  ];
}

function targetLoopFlag(record: RunRecord): RedFlag[] {
  const worst = steadyReadings(record, "event_loop_lag_ms")
    .map(({ source, points }) => ({
      source,
      lagMs: points.reduce((sum, [, value]) => sum + value, 0) / points.length,
    }))
    .toSorted((one, other) => other.lagMs - one.lagMs)[0];
  if (worst === undefined || !(worst.lagMs > usualLimits.targetLoopLagMs)) return [];
  return [
    {
      id: "loop",
      severity: "warning",
      title: "The target's event loop is blocked",
      evidence: `mean lag ${formatMs(worst.lagMs)} at ${worst.source}`,
      fix: "Synchronous work between requests: large JSON, templates, cryptography, logging. Move it off the loop, or run more processes.",
    },
  ];
}

function scriptFlag({ exceptions, iterations }: RunRecord): RedFlag[] {
  const thrown = exceptions.reduce((sum, { count }) => sum + count, 0);
  if (thrown === 0) return [];
  return [
    {
      id: "script",
      severity: iterations.failed > 0.01 * iterations.started ? "problem" : "warning",
      title: "The script threw",
      evidence: `${formatCount(thrown)} exceptions, the first: ${exceptions[0]!.message}`,
      fix: "An iteration that throws ends there, so the rest of its journey sent no load. Often an answer is not what the script expects: look at failed requests first.",
    },
  ];
}

function checksFlag({ checks = [] }: RunRecord): RedFlag[] {
  const failing = checks
    .filter(({ passes, fails }) => fails > checkFailureShare * (passes + fails))
    .toSorted((one, other) => other.fails - one.fails);
  const worst = failing[0];
  if (worst === undefined) return [];
  const more = failing.length > 1 ? `, and ${formatCount(failing.length - 1)} more` : "";
  return [
    {
      id: "checks",
      severity: "warning",
      title: "Checks fail",
      evidence: `${worst.name}: ${formatCount(worst.fails)} of ${formatCount(worst.passes + worst.fails)}${more}`,
      fix: "A check that fails says that answers came, but not the right ones. Where it checks the time, state it as an objective instead.",
    },
  ];
}

function tagsFlag({ tagOverflows = 0 }: RunRecord): RedFlag[] {
  if (tagOverflows === 0) return [];
  return [
    {
      id: "tags",
      severity: "warning",
      title: "Not all endpoints are told apart",
      evidence: `there were more different tags than lakh keeps apart: (other) stands for the rest, ${formatCount(tagOverflows)} times. Thresholds and objectives that name an endpoint have all of its requests all the same.`,
      fix: 'Give requests of one kind one name: http.url`…` for their URL, or the parameter { tags: { name: "…" } }.',
    },
  ];
}

function thresholdsFlag({ thresholds }: RunRecord): RedFlag[] {
  const unseen = unseenThresholds(thresholds);
  if (unseen.length === 0) return [];
  return [
    {
      id: "thresholds",
      severity: "warning",
      title: "A threshold saw no sample, and so held",
      evidence: unseen.join(", "),
      fix: "Look for a typing error in the metric's name, the tags or the scenario; remove the threshold if nothing is meant to come. lakh check finds such thresholds before a run.",
    },
  ];
}

function worstBy(
  endpoints: readonly EndpointRecord[],
  of: (endpoint: EndpointRecord) => number,
): EndpointRecord | undefined {
  return endpoints.toSorted((one, other) => of(other) - of(one))[0];
}

function nameOf({ method, name }: EndpointRecord): string {
  return method === "" ? name : `${method} ${name}`;
}
