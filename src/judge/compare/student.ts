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

/**
 * P(Z > z). Near the middle by the series 1/2 - f(z) (z + z^3/3 + z^5/(3·5) + …), further out by the continued fraction
 * f(z) / (z + 1/(z + 2/(z + 3/(z + …)))), f being the density (Abramowitz and Stegun 26.2.11, 26.2.14).
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = z;
    for (let k = 100; k >= 1; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let sum = 0;
  let term = z;
  for (let k = 1; term > 1e-17; k++) {
    sum += term;
    term *= (z * z) / (2 * k + 1);
  }
  return 0.5 - density * sum;
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
