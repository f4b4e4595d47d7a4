/**
 * The shift between two samples by Student's t with one spread for both: for fewer runs than an exact test needs. It
 * assumes that the logarithms of the values of runs are normal and that both sides scatter alike.
 *
 *     s² = (sum (x - mean x)² + sum (y - mean y)²) / (m + n - 2)      t = (mean y - mean x) / (s sqrt(1/m + 1/n))
 */
import type { Shift } from "./ranks.ts";
import { studentQuantile, studentTail } from "./student.ts";

export interface TestedShift {
  readonly shift: Shift;
  /** One-sided: of a shift as far above 0, and below, by chance. */
  readonly worseProbability: number;
  readonly betterProbability: number;
}

/** @param alpha one-sided error probability of each limit */
export function studentComparison(
  first: readonly number[],
  second: readonly number[],
  alpha: number,
): TestedShift {
  const error = pooledSpread(first, second) * Math.sqrt(1 / first.length + 1 / second.length);
  const df = first.length + second.length - 2;
  return testedShift(meanOf(second) - meanOf(first), { error, df, alpha });
}

/** An estimate with its standard error, as a shift. */
export function testedShift(
  estimate: number,
  { error, df, alpha }: { readonly error: number; readonly df: number; readonly alpha: number },
): TestedShift {
  const reach = studentQuantile(alpha, df) * error;
  const t = estimate === 0 ? 0 : estimate / error;
  return {
    shift: { estimate, low: estimate - reach, high: estimate + reach },
    worseProbability: studentTail(t, df),
    betterProbability: studentTail(-t, df),
  };
}

/** Standard deviation within the two samples; 0 when neither has more than one value. */
export function pooledSpread(first: readonly number[], second: readonly number[]): number {
  const squares = [first, second].reduce((sum, values) => {
    const mean = meanOf(values);
    return sum + values.reduce((part, value) => part + (value - mean) ** 2, 0);
  }, 0);
  return Math.sqrt(squares / Math.max(1, first.length + second.length - 2));
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
