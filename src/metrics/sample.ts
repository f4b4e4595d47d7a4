/**
 * The words of the metrics kernel: metric types, value kinds, and what a series is.
 * A sample is never an object: recording is `series.add(value)` on a handle that was interned once
 * per (metric, tag set), so the hot path allocates nothing.
 */

/** k6's four metric types. */
export type MetricType = "counter" | "gauge" | "rate" | "trend";

/** What a metric's values are: plain numbers, times in milliseconds, or bytes (k6: "contains"). */
export type ValueKind = "default" | "time" | "data";

/** A declared metric. Two declarations of one name are one object. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: ValueKind;
}

/** The handle of one (metric, tag set); `add` is the hot path. */
export interface Series {
  readonly metric: Metric;
  readonly tags: TagSet;
  /** Records one value. Times are milliseconds, data are bytes. Allocates nothing. */
  add(value: number): void;
}

/** An immutable, interned set of tags: two sets with the same pairs are the same object within one interner. */
export interface TagSet {
  /** This set with one tag added or replaced. Interned: the same arguments give the same object. */
  with(key: string, value: string): TagSet;
  /** This set without a tag. */
  without(key: string): TagSet;
  get(key: string): string | undefined;
  /** The pairs, sorted by key. */
  entries(): readonly (readonly [string, string])[];
  /** A fresh plain object of the pairs. */
  toObject(): Record<string, string>;
}
