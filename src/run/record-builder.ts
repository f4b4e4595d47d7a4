/** The record of a run, from everything that the run collected. */
import type { ExceptionReport } from "../engine/index.ts";
import { ExponentialHistogram, type MetricAggregate, type SummaryData } from "../metrics/index.ts";
import { recordedOptions, type RunPlan } from "../plan/index.ts";
import type {
  EndpointRecord,
  MetricRecord,
  RunRecord,
  ScenarioRecord,
  ThresholdRecord,
} from "../record/index.ts";
import { createShare, maxVusOver, regularDurationMs } from "../schedule/index.ts";
import type { RunContext } from "./context.ts";
import type { LoadPhase } from "./load-phase.ts";

export interface RecordParts {
  readonly context: RunContext;
  readonly plan: RunPlan;
  readonly load: LoadPhase;
  readonly outcome: RunRecord["outcome"];
  readonly startedAt: Date;
  readonly summaryData: SummaryData;
  readonly exceptions: readonly ExceptionReport[];
  readonly environment: RunRecord["environment"];
  readonly lakhVersion: string;
}

export function buildRecord(parts: RecordParts): RunRecord {
  const { context, plan, load, outcome, startedAt, environment } = parts;
  const { collector, window } = load;
  const { demand, bundle, id } = context;
  return {
    schemaVersion: 1,
    id,
    lakhVersion: parts.lakhVersion,
    startedAt: startedAt.toISOString(),
    durationMs: collector.elapsedMs,
    script: { path: bundle.entryPath, sha256: bundle.sha256 },
    runner: "embedded",
    environment,
    scenarios: plan.scenarios.map((scenario) => toScenarioRecord(scenario, plan, load)),
    ...(load.scalings.length === 0 ? {} : { manualScaling: load.scalings }),
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
    metrics: toMetricRecords(parts.summaryData),
    thresholds: load.thresholdResults.map(toThresholdRecord),
    endpoints: endpointsOf(collector.steady),
    intervals: collector.intervals,
    steadyLatency: collector.steady.trend("http_req_duration").histogram.toPlain(),
    population: {
      initializedVus: collector.counts?.initializedVus ?? 0,
      usedVus: collector.counts?.usedVus ?? 0,
      peakActiveVus: collector.peakActiveVus,
    },
    iterations: iterationsOf(load, plan),
    generatorHealth: collector.health,
    observations: load.observations,
    outcome,
    exceptions: parts.exceptions.map(({ message, count }) => ({ message, count })),
  };
}

function toScenarioRecord(
  scenario: RunPlan["scenarios"][number],
  plan: RunPlan,
  { scalings }: LoadPhase,
): ScenarioRecord {
  const { name, executor, startTimeMs, config } = scenario;
  const byHand = scalings.filter((scaling) => scaling.scenario === name).map(({ vus }) => vus);
  const maxVus = Math.max(maxVusOver([scenario], createShare(plan.share)), ...byHand);
  return { name, executor, startTimeMs, durationMs: regularDurationMs(scenario), maxVus, config };
}

function toMetricRecords(summary: SummaryData): MetricRecord[] {
  return Object.entries(summary.metrics).map(([name, { type, contains, values }]) => ({
    name,
    type,
    contains,
    values,
  }));
}

function toThresholdRecord(result: {
  metric: string;
  source: string;
  ok: boolean;
  actual: number | undefined;
}): ThresholdRecord {
  const { metric, source, ok, actual } = result;
  return { metric, source, ok, actual };
}

function iterationsOf(load: LoadPhase, plan: RunPlan): RunRecord["iterations"] {
  const { counts } = load.collector;
  const isOpen = plan.scenarios.some(({ executor }) => executor.endsWith("-arrival-rate"));
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
