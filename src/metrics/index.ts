/** Door of `metrics`: declared metrics, interned tags, recording, merging, thresholds, the summary object. Pure. */
export { type AggregateSeries, type IntervalView, MetricAggregate, type TagSelector } from "./aggregate.ts";
export type { MetricDelta } from "./delta.ts";
export { downscale, ExponentialHistogram, type PlainHistogram } from "./histogram.ts";
export { MetricRegistry } from "./registry.ts";
export type { Metric, MetricType, Series, TagSet, ValueKind } from "./sample.ts";
export { CounterSink, GaugeSink, parseTrendStat, RateSink, type Sink, TrendSink } from "./sinks.ts";
export { SampleStore } from "./store.ts";
export { type SummaryData, toSummaryData } from "./summary.ts";
export { createTagInterner, type TagInterner, withTags } from "./tags.ts";
export { compileThresholds, evaluateThresholds, type Threshold, type ThresholdResult } from "./thresholds.ts";
