/**
 * A trend as OTLP's exponential histogram: bucket i holds the values above base^i, up to and including base^(i + 1), with
 * base = 2^(2^-scale). That is lakh's own grid (metrics/buckets.ts): scale is its schema and the indices are the same
 * (Prometheus' are greater by one).
 *
 * Going down by one scale joins two neighbours, i -> floor(i / 2), exactly: no value changes its side of a bound that is
 * left. The scale is the finest at which either sign has at most 160 buckets, as in OpenTelemetry's own SDKs.
 */
import type { PlainHistogram } from "../../metrics/index.ts";

/** Counts of consecutive buckets, `counts[k]` of bucket `offset + k`. */
export interface BucketRange {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface ExponentialBuckets {
  readonly scale: number;
  readonly positive: BucketRange;
  readonly negative: BucketRange;
}

/** What OpenTelemetry's SDKs allow a sign by default. */
export const maxBuckets = 160;

const none: BucketRange = { offset: 0, counts: [] };

/** The buckets at the finest scale at which neither sign has more than `limit` (at least 2: values may lie about 1). */
export function toExponentialBuckets(
  plain: PlainHistogram,
  limit: number = maxBuckets,
): ExponentialBuckets {
  const { schema, negative = none } = plain;
  let steps = 0;
  while (Math.max(spanOf(plain, steps), spanOf(negative, steps)) > limit) steps++;
  return {
    scale: schema - steps,
    positive: joined(plain, steps),
    negative: joined(negative, steps),
  };
}

/** Buckets from the first to the last once 2^steps neighbours are one. */
function spanOf({ offset, counts }: BucketRange, steps: number): number {
  if (counts.length === 0) return 0;
  return ((offset + counts.length - 1) >> steps) - (offset >> steps) + 1;
}

function joined(range: BucketRange, steps: number): BucketRange {
  const { offset, counts } = range;
  if (counts.length === 0) return none;
  if (steps === 0) return { offset, counts };
  const first = offset >> steps;
  const sums = Array.from({ length: spanOf(range, steps) }, () => 0);
  for (let k = 0; k < counts.length; k++) sums[((offset + k) >> steps) - first]! += counts[k]!;
  return { offset: first, counts: sums };
}
