/**
 * Door of `metrics`: declared metrics, interned tags, recording, merging, thresholds, the summary object.
 * Pure: imports no Node module, reads no clock.
 */
export { type AggregateSeries, MetricAggregate, type TagSelector } from "./aggregate.ts";
export type { HistogramBucket, SparseGrid } from "./bucket-grid.ts";
export { finestSchema, scaledIndex } from "./buckets.ts";
export { buildCheckTree } from "./check-tree.ts";
export type { SummaryCheck, SummaryGroup } from "./check-tree.ts";
export type { MetricDefinition, MetricDelta } from "./delta.ts";
export { metricsErrorCodes } from "./errors.ts";
export { failureKind } from "./failure-kind.ts";
export { fewLimit } from "./few-values.ts";
export { ExponentialHistogram, type PlainHistogram, quantileErrorShare } from "./histogram.ts";
export type { IntervalView } from "./interval-view.ts";
export { MetricRegistry } from "./registry.ts";
export type { Metric, MetricType, Series, TagSet, ValueKind } from "./sample.ts";
export { type Metadata, type SampleBatch, SampleLog, type SampleOwner } from "./sample-log.ts";
export {
  type CounterSink,
  type GaugeSink,
  type RateSink,
  sampleCountOf,
  type Sink,
  TrendSink,
} from "./sinks.ts";
export { type SampleListener, SampleStore } from "./store.ts";
export { neverListed, requestTimings } from "./listed.ts";
export { type MachineSummary, toMachineSummary } from "./machine-summary.ts";
export {
  type CheckCounts,
  type SummaryDetails,
  type SummarySection,
  toSummaryDetails,
} from "./summary-details.ts";
export { type SummaryExport, toSummaryExport } from "./summary-export.ts";
export {
  type SummaryData,
  type SummaryMetric,
  type SummaryParts,
  toSummaryData,
} from "./summary.ts";
export {
  createTagInterner,
  type TagInterner,
  type TagPair,
  tagSetLimit,
  withTags,
} from "./tags.ts";
export {
  expectsSamples,
  parseThresholdSubject,
  type ThresholdSubject,
} from "./threshold-parser.ts";
export {
  compileThresholds,
  evaluateThresholds,
  type Threshold,
  type ThresholdMoment,
  type ThresholdOption,
  type ThresholdResult,
  thresholdWarnings,
  unseenThresholds,
} from "./thresholds.ts";
export { packTrend, unpackTrend } from "./trend-parcel.ts";
export { parseTrendStat, type TrendStat } from "./trend-stats.ts";
