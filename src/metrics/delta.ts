/**
 * What one store recorded since its last drain, in a form that crosses threads cheaply: a new series is defined once,
 * then only numbers travel, and only those of series that were touched.
 *
 *     numbers:   series id, payload, series id, payload, …
 *     counter    samples, sum
 *     gauge      last, min, max
 *     rate       total, trues
 *     trend      how many values, the values; above × limits
 *     or         -2, count, sum, min, max, how many different values, (value, times) for each; above × limits
 *     or         -1, count, sum, min, max, zeros, buckets above zero, buckets below zero; above × limits
 *     buckets    how many, then (index, count) for each that has values
 *
 * Gauges stand last and in the order of their latest samples, so that merging front to back leaves the newest value.
 */
import type { Metric } from "./sample.ts";

/** A metric as it crosses threads, with the limits whose exceedances are counted. */
export interface MetricDefinition extends Metric {
  readonly limits: readonly number[];
}

/** Everything recorded since the last drain. Ids of metrics, tag sets and series count up from 0 over all deltas of a store. */
export interface MetricDelta {
  /** Metrics that have samples for the first time. */
  readonly metrics: readonly MetricDefinition[];
  /** Tag sets that have samples for the first time. */
  readonly tagSets: readonly Readonly<Record<string, string>>[];
  /** Series that have samples for the first time, in the order of their first samples. */
  readonly series: readonly (readonly [metricId: number, tagSetId: number])[];
  /** Owns its buffer: it may be put in a transfer list. */
  readonly numbers: Float64Array<ArrayBuffer>;
}
