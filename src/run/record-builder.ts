/** The record of a run, from everything that its runner found. */
import {
  buildCheckTree,
  ExponentialHistogram,
  type MetricAggregate,
  type SummaryData,
  type SummaryGroup,
  type ThresholdResult,
} from "../metrics/index.ts";
import { recordedOptions, type RunPlan } from "../plan/index.ts";
import type {
  CheckRecord,
  EndpointRecord,
  MetricRecord,
  RunRecord,
  ScenarioRecord,
  ThresholdRecord,
} from "../record/index.ts";
import { createShare, hasDueTimes, maxVusOver, regularDurationMs } from "../schedule/index.ts";
import { describeEnvironment, lakhVersion } from "./environment.ts";
import type { RunRequest } from "./request.ts";
import type { FinishedRun } from "./runner.ts";

export function buildRecord(id: string, run: FinishedRun, request: RunRequest): RunRecord {
  const { plan, demand, collector, window, scalings } = run;
  return {
    schemaVersion: 1,
    id,
    lakhVersion: lakhVersion(),
    startedAt: run.startedAt.toISOString(),
    durationMs: collector.elapsedMs,
    script: run.script,
    runner: run.runner,
    environment: { ...describeEnvironment(request.workers), k6Version: run.k6Version },
    scenarios: plan.scenarios.map((scenario) => toScenarioRecord(scenario, plan, scalings)),
    ...(scalings.length === 0 ? {} : { manualScaling: scalings }),
    ...(request.command === undefined ? {} : { command: request.command }),
    options: recordedOptions(plan),
    plan:
      demand === undefined
        ? null
        : { dau: demand.demand.dau, steps: [...demand.demand.steps, ...demand.workload.steps] },
    objectives: demand?.objectives ?? null,
    steadyState: {
      fromMs: window.fromMs,
      toMs: Math.min(window.toMs, collector.elapsedMs),
      rule: window.rule,
    },
    metrics: run.metrics,
    thresholds: run.thresholds,
    checks: run.checks,
    endpoints: endpointsOf(collector.steady),
    ...(collector.tagOverflows === 0 ? {} : { tagOverflows: collector.tagOverflows }),
    intervals: collector.intervals,
    ...(collector.blocks === undefined ? {} : { blocks: collector.blocks }),
    steadyLatency: collector.steady.trend("http_req_duration").histogram.toPlain(),
    ...(collector.steadyResponse === undefined
      ? {}
      : { steadyResponse: collector.steadyResponse.toPlain() }),
    population: {
      initializedVus: collector.counts?.initializedVus ?? 0,
      usedVus: collector.counts?.usedVus ?? 0,
      peakActiveVus: collector.peakActiveVus,
    },
    iterations: iterationsOf(run),
    generatorHealth: run.health,
    observations: run.observations,
    outcome: run.outcome,
    ...(run.exchanges === undefined ? {} : { exchanges: run.exchanges }),
    exceptions: run.exceptions.map(({ message, count }) => ({ message, count })),
  };
}

function toScenarioRecord(
  scenario: RunPlan["scenarios"][number],
  plan: RunPlan,
  scalings: FinishedRun["scalings"],
): ScenarioRecord {
  const { name, executor, startTimeMs, config } = scenario;
  const byHand = scalings.filter((scaling) => scaling.scenario === name).map(({ vus }) => vus);
  const maxVus = Math.max(maxVusOver([scenario], createShare(plan.share)), ...byHand);
  return { name, executor, startTimeMs, durationMs: regularDurationMs(scenario), maxVus, config };
}

/** The metrics of a summary as the record holds them. */
export function toMetricRecords(summary: SummaryData): MetricRecord[] {
  return Object.entries(summary.metrics).map(([name, { type, contains, values }]) => ({
    name,
    type,
    contains,
    values,
  }));
}

/** A threshold as the record holds it. */
export function toThresholdRecord(result: ThresholdResult): ThresholdRecord {
  const { metric, source, ok, actual } = result;
  return { metric, source, ok, actual };
}

/** Every check of a run with its group, in the order of the first results. */
export function checksOf(whole: MetricAggregate): CheckRecord[] {
  const rows: CheckRecord[] = [];
  const collect = ({ path, checks, groups }: SummaryGroup): void => {
    for (const { name, passes, fails } of checks) rows.push({ group: path, name, passes, fails });
    for (const group of groups) collect(group);
  };
  collect(buildCheckTree(whole, (path) => path));
  return rows;
}

function iterationsOf({ collector: { counts }, plan }: FinishedRun): RunRecord["iterations"] {
  const isOpen = plan.scenarios.some(hasDueTimes);
  return {
    due: isOpen ? (counts?.iterationsDue ?? 0) : null,
    started: counts?.iterationsStarted ?? 0,
    completed: counts?.iterationsCompleted ?? 0,
    interrupted: counts?.iterationsInterrupted ?? 0,
    dropped: counts?.iterationsDropped ?? 0,
    failed: counts?.iterationsFailed ?? 0,
  };
}

/** One row a (name, method), whatever the other tags, in order of first appearance. */
function endpointsOf(steady: MetricAggregate): EndpointRecord[] {
  const rows = new Map<string, EndpointRow>();
  const rowOf = (tags: Readonly<Record<string, string>>): EndpointRow => {
    const name = tags["name"] ?? tags["url"] ?? "";
    const method = tags["method"] ?? "";
    const key = `${method} ${name}`;
    const row = rows.get(key) ?? { name, method, latency: new ExponentialHistogram(), failed: 0 };
    rows.set(key, row);
    return row;
  };
  for (const { tags, sink } of steady.seriesOf("http_req_duration")) {
    if (sink.type === "trend") rowOf(tags).latency.merge(sink.histogram);
  }
  for (const { tags, sink } of steady.seriesOf("http_req_failed")) {
    if (sink.type === "rate") rowOf(tags).failed += sink.trues;
  }
  return [...rows.values()].map(toEndpointRecord);
}

interface EndpointRow {
  readonly name: string;
  readonly method: string;
  readonly latency: ExponentialHistogram;
  failed: number;
}

function toEndpointRecord({ name, method, latency, failed }: EndpointRow): EndpointRecord {
  const { count, sum, max } = latency;
  return {
    name,
    method,
    requests: count,
    failed,
    avgMs: count === 0 ? 0 : sum / count,
    p50Ms: latency.quantile(0.5),
    p90Ms: latency.quantile(0.9),
    p95Ms: latency.quantile(0.95),
    p99Ms: latency.quantile(0.99),
    maxMs: count === 0 ? 0 : max,
  };
}
