/** Thresholds: what a run must show, evaluated while it runs and at its end (k6: 6.5). */
import { exitCodes, LakhError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { MetricAggregate, TagSelector } from "./aggregate.ts";
import type { MetricRegistry } from "./registry.ts";
import { CounterSink, GaugeSink, RateSink, type Sink, TrendSink } from "./sinks.ts";
import { parseThreshold, parseThresholdTarget, requireAggregation, type ThresholdExpression, type ThresholdOperator } from "./threshold-parser.ts";

/** A threshold as options hold it. */
export interface ThresholdOptions {
  readonly source: string;
  readonly abortOnFail?: boolean;
  /** Milliseconds from the start before which a failure does not abort. */
  readonly delayAbortEvalMs?: number | null;
}

export interface Threshold {
  /** Metric or sub-metric as the user wrote it. */
  readonly metric: string;
  readonly metricName: string;
  readonly selector: TagSelector;
  readonly expression: ThresholdExpression;
  readonly abortOnFail: boolean;
  readonly delayAbortEvalMs: number;
}

export interface ThresholdResult {
  readonly metric: string;
  readonly source: string;
  readonly ok: boolean;
  /** Left-hand side; undefined without samples. */
  readonly actual: number | undefined;
  /** It failed and the run is to stop now. */
  readonly abort: boolean;
}

/** @throws LakhError THRESHOLD_SYNTAX, THRESHOLD_METRIC, THRESHOLD_AGGREGATION, all with exit code 104 */
export function compileThresholds(
  options: Readonly<Record<string, readonly (string | ThresholdOptions)[]>>,
  registry: MetricRegistry,
): Threshold[] {
  return Object.entries(options).flatMap(([metric, list]) => list.map((item) => compileOne(metric, item, registry)));
}

function compileOne(metric: string, item: string | ThresholdOptions, registry: MetricRegistry): Threshold {
  const options: ThresholdOptions = typeof item === "string" ? { source: item } : item;
  const { metricName, selector } = parseThresholdTarget(metric);
  const expression = parseThreshold(options.source, metric);
  const known = registry.get(metricName);
  if (known === undefined) throw unknownMetric(metric, metricName, registry);
  requireAggregation(expression, metric, known.type);
  const { abortOnFail = false, delayAbortEvalMs } = options;
  return { metric, metricName, selector, expression, abortOnFail, delayAbortEvalMs: delayAbortEvalMs ?? 0 };
}

/**
 * Evaluates all thresholds. While a run goes on, metrics without samples are left out; at the end they count as
 * k6 counts them: a counter as 0, a gauge as 0, a trend's statistics as 0, and a rate passes.
 */
export function evaluateThresholds(
  thresholds: readonly Threshold[],
  aggregate: MetricAggregate,
  moment: { readonly elapsedMs: number; readonly final: boolean },
): ThresholdResult[] {
  const results: ThresholdResult[] = [];
  for (const threshold of thresholds) {
    const sink = aggregate.sink(threshold.metricName, threshold.selector);
    if (sink.isEmpty && !moment.final) continue;
    results.push(evaluateOne(threshold, sink, moment));
  }
  return results;
}

function evaluateOne(
  threshold: Threshold,
  sink: Sink,
  { elapsedMs, final }: { readonly elapsedMs: number; readonly final: boolean },
): ThresholdResult {
  const { metric, expression, abortOnFail, delayAbortEvalMs } = threshold;
  const value = statisticOf(sink, expression.aggregation, elapsedMs);
  const passesEmpty = sink.isEmpty && sink instanceof RateSink;
  const ok = passesEmpty || compare(value, expression.operator, expression.limit);
  const abort = !ok && !final && abortOnFail && elapsedMs > delayAbortEvalMs;
  return { metric, source: expression.source, ok, actual: sink.isEmpty ? undefined : value, abort };
}

function statisticOf(sink: Sink, aggregation: string, elapsedMs: number): number {
  if (sink instanceof CounterSink) return sink.values({ durationMs: elapsedMs })[aggregation] ?? 0;
  if (sink instanceof GaugeSink) return sink.last;
  if (sink instanceof RateSink) return sink.rate;
  return sink instanceof TrendSink ? sink.statistic(aggregation) : 0;
}

function compare(value: number, operator: ThresholdOperator, limit: number): boolean {
  switch (operator) {
    case "<=":
      return value <= limit;
    case "<":
      return value < limit;
    case ">=":
      return value >= limit;
    case ">":
      return value > limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}

function unknownMetric(metric: string, metricName: string, registry: MetricRegistry): LakhError {
  const near = nearest(metricName, registry.all().map(({ name }) => name));
  return new LakhError("THRESHOLD_METRIC", `invalid threshold defined on ${metric}; reason: no metric name "${metricName}" found`, {
    hint: near === undefined ? "declare it in the init code: new Counter(…), new Trend(…)" : `did you mean "${near}"?`,
    exitCode: exitCodes.invalidConfig,
  });
}
