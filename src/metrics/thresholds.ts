/**
 * Thresholds: conditions on metrics and sub-metrics, judged while a run goes on and at its end.
 *
 * While it goes on, metrics without samples are left out. At the end they count as k6 counts them: a counter's count as
 * 0 (its rate passes when the run had no length), a gauge as 0, a trend's statistics as 0, and a rate passes.
 * Reference: k6-behaviour 6.5. Percentiles of more than 64 different values come from histograms: a limit closer than
 * 0.28 % to the true value can be judged either way.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import { parseDurationMs } from "../base/units.ts";
import type { MetricAggregate } from "./aggregate.ts";
import type { MetricsErrorCode } from "./errors.ts";
import type { MetricRegistry } from "./registry.ts";
import type { Metric } from "./sample.ts";
import { createSink, type Sink } from "./sinks.ts";
import {
  expectsSamples,
  parseThreshold,
  parseThresholdSubject,
  requireAggregation,
  type ThresholdAggregation,
  type ThresholdExpression,
  type ThresholdOperator,
  type ThresholdSubject,
} from "./threshold-parser.ts";
import { parseTrendStat } from "./trend-stats.ts";

/** A threshold as k6's options have it, or as a plan has it after validation (`source`). */
export type ThresholdOption =
  | string
  | {
      readonly threshold: string;
      readonly abortOnFail?: boolean | null;
      /** A duration: "10s", or milliseconds. */
      readonly delayAbortEval?: string | number | null;
    }
  | {
      readonly source: string;
      readonly abortOnFail: boolean;
      readonly delayAbortEvalMs: number;
    };

/** One threshold, ready to be judged. */
export interface Threshold {
  readonly subject: ThresholdSubject;
  readonly metric: Metric;
  readonly expression: ThresholdExpression;
  readonly abortOnFail: boolean;
  /** A failure aborts the run only later than this after its start. */
  readonly delayAbortEvalMs: number;
}

/** How one threshold stands. */
export interface ThresholdResult {
  /** Name of the metric or sub-metric. */
  readonly metric: string;
  readonly source: string;
  readonly ok: boolean;
  /** The left-hand side; undefined without samples. */
  readonly actual: number | undefined;
  /** It failed, and the run is to be stopped now. */
  readonly abort: boolean;
}

/** When thresholds are judged. */
export interface ThresholdMoment {
  /** Since the start of the run. */
  readonly elapsedMs: number;
  /** True for the judgement after the run. */
  readonly final: boolean;
}

/**
 * Parses and checks the `thresholds` option.
 * @throws LakhError THRESHOLD_BAD_SELECTOR, THRESHOLD_UNKNOWN_METRIC, THRESHOLD_BAD_EXPRESSION,
 * THRESHOLD_BAD_AGGREGATION, THRESHOLD_BAD_DELAY (exit code 104)
 */
export function compileThresholds(
  options: Readonly<Record<string, readonly ThresholdOption[]>>,
  registry: MetricRegistry,
): readonly Threshold[] {
  return Object.entries(options).flatMap(([key, list]) => {
    const expressions = list.map((option) => withSubject(key, () => parseOption(option)));
    const subject = parseThresholdSubject(key);
    const metric = requireMetric(subject, registry);
    for (const { expression } of expressions) {
      requireAggregation(expression, { name: subject.name, type: metric.type });
    }
    return expressions.map((parsed) => ({ subject, metric, ...parsed }));
  });
}

/** Warnings for thresholds that cannot work: `vu` and `iter` are no tags of samples (k6: metadata). */
export function thresholdWarnings(thresholds: readonly Threshold[]): readonly string[] {
  const warnings = thresholds.flatMap(({ subject }) =>
    ["vu", "iter"]
      .filter((tag) => Object.hasOwn(subject.selector, tag))
      .map(
        (tag) =>
          `thresholds like '${subject.name}' never see a sample: '${tag}' is not a tag that metrics are kept by`,
      ),
  );
  return [...new Set(warnings)];
}

/**
 * Names of the (sub-)metrics of thresholds that held because no sample came, though some should have: most likely there is
 * a typing error in a name or a tag.
 * @param results those after the run
 */
export function unseenThresholds(
  results: readonly Pick<ThresholdResult, "metric" | "ok" | "actual">[],
): string[] {
  const unseen = results.filter(
    ({ metric, ok, actual }) =>
      ok && actual === undefined && expectsSamples(parseThresholdSubject(metric)),
  );
  return [...new Set(unseen.map(({ metric }) => metric))];
}

/** Judges every threshold that can be judged at this moment. */
export function evaluateThresholds(
  thresholds: readonly Threshold[],
  aggregate: MetricAggregate,
  moment: ThresholdMoment,
): readonly ThresholdResult[] {
  const sinks = new Map<string, Sink>();
  const results: ThresholdResult[] = [];
  for (const threshold of thresholds) {
    const { subject, metric } = threshold;
    const sink =
      sinks.get(subject.name) ??
      aggregate.sink(subject.metricName, subject.selector) ??
      createSink(metric.type);
    sinks.set(subject.name, sink);
    if (moment.final || !sink.isEmpty) results.push(judge(threshold, sink, moment));
  }
  return results;
}

function judge(threshold: Threshold, sink: Sink, moment: ThresholdMoment): ThresholdResult {
  const { subject, expression, abortOnFail, delayAbortEvalMs } = threshold;
  const { elapsedMs, final } = moment;
  const value = aggregationValue(sink, expression.aggregation, elapsedMs);
  const ok = value === undefined || isMet(value, expression.operator, expression.limit);
  const isAbortDue = delayAbortEvalMs === 0 || elapsedMs > delayAbortEvalMs;
  return {
    metric: subject.name,
    source: expression.source,
    ok,
    actual: sink.isEmpty ? undefined : value,
    abort: !ok && !final && abortOnFail && isAbortDue,
  };
}

/** The left-hand side; undefined where k6 skips the judgement. The aggregation fits the type: compiling checked it. */
function aggregationValue(
  sink: Sink,
  aggregation: ThresholdAggregation,
  elapsedMs: number,
): number | undefined {
  switch (sink.type) {
    case "counter":
      if (aggregation.kind === "count") return sink.sum;
      return elapsedMs > 0 ? (sink.sum * 1_000) / elapsedMs : undefined;
    case "gauge":
      return sink.last;
    case "rate":
      return sink.isEmpty ? undefined : sink.rate;
    case "trend":
      return parseTrendStat(aggregation.name).of(sink.histogram);
  }
}

function isMet(value: number, operator: ThresholdOperator, limit: number): boolean {
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

type ParsedOption = Pick<Threshold, "expression" | "abortOnFail" | "delayAbortEvalMs">;

function parseOption(option: ThresholdOption): ParsedOption {
  if (typeof option === "string") return plain(option);
  if ("source" in option) {
    const { source, abortOnFail, delayAbortEvalMs } = option;
    return { ...plain(source), abortOnFail, delayAbortEvalMs };
  }
  const { threshold, abortOnFail, delayAbortEval } = option;
  const delayAbortEvalMs = parseDurationMs(delayAbortEval ?? 0);
  if (delayAbortEvalMs === undefined) {
    throw configError(
      "THRESHOLD_BAD_DELAY",
      `invalid delayAbortEval of threshold "${threshold}": "${String(delayAbortEval)}" is not a duration`,
      "write a duration such as '10s' or '1m30s'",
    );
  }
  return { ...plain(threshold), abortOnFail: abortOnFail ?? false, delayAbortEvalMs };
}

/** Adds to the hint of a parser's error which metric the threshold stands under; the message is k6's. */
function withSubject<T>(key: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    const { code, message, hint, exitCode } = error;
    const where = `it is a threshold of ${key}`;
    throw new LakhError(code, message, {
      exitCode,
      cause: error,
      hint: hint === undefined ? where : `${where}; ${hint}`,
    });
  }
}

function plain(source: string): ParsedOption {
  return { expression: parseThreshold(source), abortOnFail: false, delayAbortEvalMs: 0 };
}

function requireMetric(subject: ThresholdSubject, registry: MetricRegistry): Metric {
  const metric = registry.get(subject.metricName);
  if (metric !== undefined) return metric;
  throw configError(
    "THRESHOLD_UNKNOWN_METRIC",
    `invalid threshold defined on ${subject.name}; reason: no metric name "${subject.metricName}" found`,
    "use a built-in metric, or declare this one in the script's init code: new Counter(…), new Trend(…)",
  );
}

function configError(code: MetricsErrorCode, message: string, hint: string): LakhError {
  return new LakhError(code, message, { hint, exitCode: exitCodes.invalidConfig });
}
