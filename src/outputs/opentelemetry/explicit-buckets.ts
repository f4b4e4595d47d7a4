/**
 * A trend as OTLP's histogram of explicit bounds, the form that k6 sends: counts of the values up to and including each
 * bound. While a trend holds its few different values they are counted as they are; beyond, a bucket of lakh's counts
 * where its representative lies, so a count is that of a bound at most 0.28 % away.
 */
import type { ExponentialHistogram } from "../../metrics/index.ts";

/** The default bounds of OpenTelemetry's SDKs, which are k6's. */
export const explicitBounds: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000,
];

/** Counts of the values in (-∞, bounds[0]], (bounds[0], bounds[1]], …, (last, ∞): one more than there are bounds. */
export function toExplicitCounts(histogram: ExponentialHistogram): readonly number[] {
  const counts = Array.from({ length: explicitBounds.length + 1 }, () => 0);
  const { values, count } = histogram.toPlain();
  if (values !== undefined) {
    for (const [value, times] of values) counts[placeOf(value)]! += times;
    return counts;
  }
  let above = 0;
  for (const { low, high, count: times } of histogram.positiveBuckets()) {
    counts[placeOf(low * (2 / (1 + low / high)))]! += times;
    above += times;
  }
  // The rest is zero or less: the first bound is 0.
  counts[0]! += count - above;
  return counts;
}

/** Index of the first bound that is not less than `value`. */
function placeOf(value: number): number {
  const at = explicitBounds.findIndex((bound) => value <= bound);
  return at < 0 ? explicitBounds.length : at;
}
