/** Student's t and the normal distribution: probabilities and quantiles. */
import { regularizedBeta } from "../statistics.ts";

/** P(T > t) with `df` degrees of freedom (DLMF 8.17: I_x(df/2, 1/2) with x = df / (df + t²) is two-sided). */
export function studentTail(t: number, df: number): number {
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1;
  const half = regularizedBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t >= 0 ? half : 1 - half;
}

/** t with P(T > t) = `tail`, 0 < tail < 1. */
export function studentQuantile(tail: number, df: number): number {
  if (tail > 0.5) return -studentQuantile(1 - tail, df);
  return solve((t) => studentTail(t, df), tail);
}

/** z with P(Z > z) = `tail`, 0 < tail < 1. */
export function normalQuantile(tail: number): number {
  if (tail > 0.5) return -normalQuantile(1 - tail);
  return solve(normalTail, tail);
}

/** P(Z > z): t with so many degrees of freedom differs by less than 1e-9. */
export function normalTail(z: number): number {
  return studentTail(z, 1e9);
}

/** x >= 0 where a falling tail reaches a probability, by bisection. */
function solve(tailAt: (x: number) => number, tail: number): number {
  let high = 1;
  while (tailAt(high) > tail && high < 1e12) high *= 2;
  let low = 0;
  for (let step = 0; step < 200 && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2;
    if (tailAt(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
