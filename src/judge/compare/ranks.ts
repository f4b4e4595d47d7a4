/**
 * Two samples by their ranks, exactly: no shape of the values is assumed.
 *
 *     shift        median of all differences y_j - x_i                                       (Hodges, Lehmann 1963)
 *     limits       the k-th smallest and k-th largest of them, k the largest with P(U <= k-1) <= a
 *     P(U <= u)    from the number of ways to get u, all orders of m + n values being equally likely   (Mann, Whitney 1947)
 *     delta        (pairs with y > x - pairs with y < x) / (m n)                             (Cliff 1993)
 */
import { median } from "../statistics.ts";

/** A shift of the second sample against the first. */
export interface Shift {
  readonly estimate: number;
  /** One-sided limits; -Infinity and Infinity where there are too few values for them. */
  readonly low: number;
  readonly high: number;
}

/** The shift of `second` against `first` with one-sided limits of error probability `alpha` each. */
export function rankShift(
  first: readonly number[],
  second: readonly number[],
  alpha: number,
): Shift {
  const differences = first
    .flatMap((x) => second.map((y) => y - x))
    .sort((one, other) => one - other);
  const rank = limitRank(first.length, second.length, alpha);
  return {
    estimate: median(differences),
    low: rank === 0 ? -Infinity : differences[rank - 1]!,
    high: rank === 0 ? Infinity : differences[differences.length - rank]!,
  };
}

/** Largest k for which the k-th smallest difference is a lower limit of error probability `alpha`; 0 when none is. */
export function limitRank(m: number, n: number, alpha: number): number {
  let rank = 0;
  while (rank < m * n && mannWhitneyTail(rank, m, n) <= alpha + rounding) rank++;
  return rank;
}

const rounding = 1e-12;

/** P(U <= u) when both samples are of one distribution without ties. */
export function mannWhitneyTail(u: number, m: number, n: number): number {
  const ways = waysOf(m, n);
  const all = ways.reduce((sum, count) => sum + count, 0);
  return ways.slice(0, u + 1).reduce((sum, count) => sum + count, 0) / all;
}

/**
 * ways[u]: in how many orders of m x's and n y's exactly u pairs have the y first. The largest value is an x, which comes
 * behind all n y's, or a y: ways(m, n, u) = ways(m - 1, n, u - n) + ways(m, n - 1, u).
 */
function waysOf(m: number, n: number): number[] {
  let rows: number[][] = Array.from({ length: n + 1 }, () => [1]);
  for (let xs = 1; xs <= m; xs++) {
    const next: number[][] = [[1]];
    for (let ys = 1; ys <= n; ys++) {
      const row = Array.from({ length: xs * ys + 1 }, (_, u) => {
        const withX = u >= ys ? (rows[ys]![u - ys] ?? 0) : 0;
        return withX + (next[ys - 1]![u] ?? 0);
      });
      next.push(row);
    }
    rows = next;
  }
  return rows[n]!;
}

/** In how many ways n of m + n values can be the second sample; the smallest p of an exact test is one of them. */
export function labellings(m: number, n: number): number {
  let ways = 1;
  for (let k = 1; k <= n; k++) ways = (ways * (m + k)) / k;
  return Math.round(ways);
}

/** -1 to 1: how far the second sample lies above the first; 0.15 is small, 0.33 medium, 0.47 large. */
export function cliffsDelta(first: readonly number[], second: readonly number[]): number {
  let sum = 0;
  for (const x of first) for (const y of second) sum += Math.sign(y - x);
  return sum / (first.length * second.length);
}
