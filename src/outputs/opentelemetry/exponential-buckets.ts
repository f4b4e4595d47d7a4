/**
 * A trend as OTLP's exponential histogram: bucket i holds the values above base^i, up to and including base^(i + 1), with
 * base = 2^(2^-scale). That is lakh's own grid (metrics/buckets.ts): scale is its schema and the indices are the same
 * (Prometheus' are greater by one). The scale is the finest at which neither sign has more than 160 buckets, as in
 * OpenTelemetry's own SDKs.
 */
import type { ExponentialHistogram } from "../../metrics/index.ts";

/** Counts of consecutive buckets, `counts[k]` of bucket `offset + k`. */
export interface BucketRange {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface ExponentialBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: BucketRange;
  readonly negative: BucketRange;
}

/** What OpenTelemetry's SDKs allow a sign by default. */
export const maxBuckets = 160;

const none: BucketRange = { offset: 0, counts: [] };

export function toExponentialBuckets(
  histogram: ExponentialHistogram,
  limit: number = maxBuckets,
): ExponentialBuckets {
  const { schema: scale, zeroCount, negative = none, ...positive } = histogram.bucketsWithin(limit);
  return { scale, zeroCount, positive, negative };
}
