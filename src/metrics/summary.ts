/**
 * The object that a script's handleSummary() receives, in k6's default shape: every metric with samples, the
 * sub-metrics that thresholds ask for, k6's automatic one, and the tree of groups and checks.
 * Reference: k6-behaviour 7.4.
 */
import type { MetricAggregate } from "./aggregate.ts";
import { buildCheckTree, type SummaryGroup } from "./check-tree.ts";
import type { Metric, MetricType, ValueKind } from "./sample.ts";
import { createSink } from "./sinks.ts";
import { parseThresholdSubject, type ThresholdSubject } from "./threshold-parser.ts";
import type { Threshold, ThresholdResult } from "./thresholds.ts";
import { parseTrendStat } from "./trend-stats.ts";

/** A metric or sub-metric of the summary. */
export interface SummaryMetric {
  readonly type: MetricType;
  readonly contains: ValueKind;
  /** counter {count, rate}, gauge {value, min, max}, rate {rate, passes, fails}, trend: the configured statistics. */
  readonly values: Readonly<Record<string, number>>;
  /** By expression; absent when the metric has none. */
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

/** k6's summary data; its field names are k6's. */
export interface SummaryData {
  readonly root_group: SummaryGroup;
  readonly options: {
    readonly summaryTrendStats: readonly string[];
    readonly summaryTimeUnit: string;
    readonly noColor: boolean;
  };
  readonly state: {
    readonly isStdOutTTY: boolean;
    readonly isStdErrTTY: boolean;
    readonly testRunDurationMs: number;
  };
  /** By name; a sub-metric, "name{tag:value}", follows its metric. */
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
  /** What setup() returned; undefined without a setup function. */
  readonly setup_data?: unknown;
}

/** What a summary is made of. */
export interface SummaryParts {
  readonly aggregate: MetricAggregate;
  readonly thresholds: readonly Threshold[];
  readonly results: readonly ThresholdResult[];
  readonly options: SummaryData["options"];
  readonly state: SummaryData["state"];
  /** What setup() returned; undefined without a setup function. */
  readonly setupData: unknown;
  /** The id of a group or check from its path; k6's is the MD5 in hex. */
  readonly hash: (path: string) => string;
}

/** The sub-metric that k6 keeps whether or not a threshold asks for it. */
const automaticSubject = parseThresholdSubject("http_req_duration{expected_response:true}");

/**
 * The summary of a run.
 * @throws LakhError TREND_STAT_UNKNOWN
 */
export function toSummaryData(parts: SummaryParts): SummaryData {
  const { aggregate, options, state, setupData, hash } = parts;
  return {
    root_group: buildCheckTree(aggregate, hash),
    options,
    state,
    metrics: summaryMetrics(parts),
    setup_data: setupData,
  };
}

function summaryMetrics(parts: SummaryParts): Record<string, SummaryMetric> {
  const { aggregate, options, state } = parts;
  const trendStats = options.summaryTrendStats.map(parseTrendStat);
  const durationMs = state.testRunDurationMs;
  const marks = thresholdMarks(parts.results);
  const metrics: Record<string, SummaryMetric> = {};
  const add = (
    { type, contains }: Metric,
    { name, metricName, selector }: ThresholdSubject,
  ): void => {
    const sink = aggregate.sink(metricName, selector) ?? createSink(type);
    const thresholds = marks.get(name);
    metrics[name] = {
      type,
      contains,
      values: sink.values({ durationMs, trendStats }),
      ...(thresholds === undefined ? {} : { thresholds }),
    };
  };
  for (const metric of listedMetrics(parts)) {
    add(metric, parseThresholdSubject(metric.name));
    for (const subject of subjectsOf(metric, parts)) add(metric, subject);
  }
  return metrics;
}

/** Metrics with samples, then those that only a threshold names. */
function listedMetrics({ aggregate, thresholds }: SummaryParts): Iterable<Metric> {
  const byName = new Map<string, Metric>();
  for (const metric of aggregate.metricsSeen()) byName.set(metric.name, metric);
  for (const { metric } of thresholds) byName.set(metric.name, byName.get(metric.name) ?? metric);
  return byName.values();
}

/** The sub-metrics of a metric: the automatic one when it has samples, and those of thresholds in any case. */
function subjectsOf(metric: Metric, parts: SummaryParts): Iterable<ThresholdSubject> {
  const byName = new Map<string, ThresholdSubject>();
  const { name, metricName, selector } = automaticSubject;
  if (metric.name === metricName && !parts.aggregate.trend(metricName, selector).isEmpty) {
    byName.set(name, automaticSubject);
  }
  for (const { subject } of parts.thresholds) {
    const isSubMetric = subject.name !== subject.metricName;
    if (isSubMetric && subject.metricName === metric.name) byName.set(subject.name, subject);
  }
  return byName.values();
}

function thresholdMarks(
  results: readonly ThresholdResult[],
): ReadonlyMap<string, Record<string, { ok: boolean }>> {
  const marks = new Map<string, Record<string, { ok: boolean }>>();
  for (const { metric, source, ok } of results) {
    const own = marks.get(metric) ?? {};
    own[source] = { ok };
    marks.set(metric, own);
  }
  return marks;
}
