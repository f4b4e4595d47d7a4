/**
 * The difference of two shares of failed requests: Newcombe's interval (1998, method 10), the Wilson limits l, u of each
 * share p joined:
 *
 *     low  = d - sqrt((p2 - l2)² + (u1 - p1)²)      high = d + sqrt((u2 - p2)² + (p1 - l1)²)      d = p2 - p1
 *
 * Requests are not independent, so each count is divided by its design effect first.
 */
import { normalQuantile, normalTail } from "./student.ts";
import type { Shift } from "./ranks.ts";

export interface ShareCount {
  readonly failed: number;
  readonly requests: number;
  /** At least 1. */
  readonly deff: number;
}

/** `second - first` with one-sided limits of error probability `alpha` each. */
export function shareShift(first: ShareCount, second: ShareCount, alpha: number): Shift {
  return shiftAt(first, second, normalQuantile(alpha));
}

/** One-sided p-value of "the second share is larger": the smallest error probability whose lower limit is above 0. */
export function shareProbability(first: ShareCount, second: ShareCount): number {
  if (!(shareOf(second) > shareOf(first))) return 1;
  let [low, high] = [0, 40];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (shiftAt(first, second, middle).low > 0) low = middle;
    else high = middle;
  }
  return normalTail(low);
}

function shiftAt(first: ShareCount, second: ShareCount, z: number): Shift {
  const [one, other] = [wilson(first, z), wilson(second, z)];
  const estimate = other.share - one.share;
  return {
    estimate,
    low: estimate - Math.hypot(other.share - other.low, one.high - one.share),
    high: estimate + Math.hypot(other.high - other.share, one.share - one.low),
  };
}

function shareOf({ failed, requests }: ShareCount): number {
  return requests > 0 ? failed / requests : 0;
}

function wilson(
  count: ShareCount,
  z: number,
): { readonly share: number; readonly low: number; readonly high: number } {
  const share = shareOf(count);
  const n = count.requests / count.deff;
  if (!(n > 0)) return { share, low: 0, high: 1 };
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half =
    (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  // At the ends the limit is the share itself; the root would leave a rounding of it.
  return {
    share,
    low: count.failed === 0 ? 0 : Math.max(0, centre - half),
    high: count.failed >= count.requests ? 1 : Math.min(1, centre + half),
  };
}
