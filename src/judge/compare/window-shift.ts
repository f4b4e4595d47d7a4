/**
 * The shift between two runs from the windows of time within them: how much each varies within itself is what their
 * difference is held against. That two runs of one build differ as well cannot be seen here.
 *
 * The standard error of a run's mean over n windows is that of n (1 - r)/(1 + r) independent ones, r being the
 * autocorrelation of neighbours, and the degrees of freedom are Welch's (1947) with those numbers.
 */
import { lagOneCorrelation } from "../statistics.ts";
import { meanOf, type TestedShift, testedShift } from "./student-shift.ts";

/** @param first the windows of each run of the base; @param second those of the new side */
export function windowComparison(
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
  alpha: number,
): TestedShift {
  const [one, other] = [sideOf(first), sideOf(second)];
  const variance = one.variance + other.variance;
  const df =
    variance === 0
      ? 1
      : variance ** 2 / (one.variance ** 2 / one.df + other.variance ** 2 / other.df);
  return testedShift(other.mean - one.mean, {
    error: Math.sqrt(variance),
    df: Math.max(1, df),
    alpha,
  });
}

interface Side {
  readonly mean: number;
  /** Of the mean. */
  readonly variance: number;
  readonly df: number;
}

function sideOf(runs: readonly (readonly number[])[]): Side {
  const parts = runs.map(runOf);
  const scale = runs.length ** 2;
  return {
    mean: meanOf(parts.map(({ mean }) => mean)),
    variance: parts.reduce((sum, part) => sum + part.variance, 0) / scale,
    df: parts.reduce((sum, { df }) => sum + df, 0),
  };
}

function runOf(windows: readonly number[]): Side {
  const mean = meanOf(windows);
  const squares = windows.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const independent = independentWindows(windows);
  return {
    mean,
    variance: squares / (windows.length - 1) / independent,
    df: Math.max(1, independent - 1),
  };
}

/** The estimate of r falls short by about (1 + 3r)/n in a series of n (Kendall 1954); negative likeness is not counted. */
function independentWindows(windows: readonly number[]): number {
  const n = windows.length;
  const raw = lagOneCorrelation(windows);
  const r = Math.min(0.9, Math.max(0, (n * raw + 1) / (n - 3)));
  return Math.max(2, (n * (1 - r)) / (1 + r));
}
