/**
 * Does a series grow? Slope as the median of all pairwise slopes (Theil 1950, Sen 1968), which one outlier in four
 * cannot move; significance by Mann (1945) and Kendall, after taking out the slope's lag-1 correlation
 * (trend-free pre-whitening, Yue et al. 2002): a plain test alarms falsely in a fifth to a third of soaks.
 * The correlation of a few dozen residuals comes out too low, the more so the higher it is; it is corrected for that
 * (van Giersbergen 2005, for pre-whitening Hamed 2009), or strong noise would be taken for growth.
 */
import { lagOneCorrelation, median } from "./statistics.ts";

/** Values over time, in order; the unit of `at` is the unit of the slope's denominator. */
export interface TrendPoint {
  readonly at: number;
  readonly value: number;
}

export interface Trend {
  /** Median pairwise slope. */
  readonly slope: number;
  /** One-sided 95 % limits of the slope. */
  readonly slopeLower: number;
  readonly slopeUpper: number;
  /** Two-sided p-value of the pre-whitened Mann-Kendall test. */
  readonly pValue: number;
}

/** z of a one-sided 95 % limit. */
const oneSidedZ = 1.6449;

/** Slope, its limits and its significance; undefined with fewer than four points or none apart in time. */
export function trendOf(points: readonly TrendPoint[]): Trend | undefined {
  if (points.length < 4) return undefined;
  const slopes = pairwiseSlopes(points);
  if (slopes.length === 0) return undefined;
  const slope = median(slopes);
  const residuals = points.map(({ at, value }) => value - slope * at);
  const correlation = unbiasedCorrelation(residuals);
  // Sen's limits: the slopes at ranks (N -+ z sigma)/2, sigma widened by the likeness of neighbours.
  const spread =
    oneSidedZ * Math.sqrt((kendallVariance(points.length) * (1 + correlation)) / (1 - correlation));
  const lowerRank = Math.floor((slopes.length - spread) / 2) - 1;
  const upperRank = Math.ceil((slopes.length + spread) / 2);
  return {
    slope,
    slopeLower: lowerRank < 0 ? Number.NEGATIVE_INFINITY : slopes[lowerRank]!,
    slopeUpper: upperRank >= slopes.length ? Number.POSITIVE_INFINITY : slopes[upperRank]!,
    pValue: mannKendallPValue(whitened(points, slope, correlation)),
  };
}

/** Above this the limits of a few dozen points are wider than any leak. */
const maxCorrelation = 0.9;

/** Lag-1 correlation behind residuals about a line; 0 when it is negative or cannot be known. */
export function unbiasedCorrelation(residuals: readonly number[]): number {
  const { length } = residuals;
  const correlation = lagOneCorrelation(residuals);
  if (correlation === 0 || length <= 4) return 0;
  return Math.min(maxCorrelation, Math.max(0, (length * correlation + 2) / (length - 4)));
}

/** Theil-Sen slope; undefined when no two points are apart in time. */
export function theilSenSlope(points: readonly TrendPoint[]): number | undefined {
  const slopes = pairwiseSlopes(points);
  return slopes.length === 0 ? undefined : median(slopes);
}

/** Two-sided p-value of the Mann-Kendall test, ties and continuity corrected; 1 below four values. */
export function mannKendallPValue(values: readonly number[]): number {
  if (values.length < 4) return 1;
  let score = 0;
  for (const [index, later] of values.entries()) {
    for (let before = 0; before < index; before++) score += Math.sign(later - values[before]!);
  }
  const variance = kendallVariance(values.length) - tieCorrection(values);
  if (score === 0 || variance <= 0) return 1;
  return Math.min(1, 2 * normalTail((Math.abs(score) - 1) / Math.sqrt(variance)));
}

function pairwiseSlopes(points: readonly TrendPoint[]): number[] {
  const slopes: number[] = [];
  for (const [index, later] of points.entries()) {
    for (let before = 0; before < index; before++) {
      const elapsed = later.at - points[before]!.at;
      if (elapsed > 0) slopes.push((later.value - points[before]!.value) / elapsed);
    }
  }
  return slopes.sort((a, b) => a - b);
}

/** Residuals without their lag-1 part, and the slope put back. */
function whitened(points: readonly TrendPoint[], slope: number, correlation: number): number[] {
  const residual = ({ at, value }: TrendPoint): number => value - slope * at;
  return points
    .slice(1)
    .map(
      (point, index) => residual(point) - correlation * residual(points[index]!) + slope * point.at,
    );
}

function kendallVariance(count: number): number {
  return (count * (count - 1) * (2 * count + 5)) / 18;
}

function tieCorrection(values: readonly number[]): number {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  let correction = 0;
  for (const size of sizes.values()) correction += kendallVariance(size);
  return correction;
}

/** P(Z > z) for z >= 0, absolute error below 7.5e-8 (Abramowitz and Stegun 26.2.17). */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.max(0, z));
  const polynomial =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
