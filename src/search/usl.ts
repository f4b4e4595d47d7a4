/**
 * The Universal Scalability Law (Gunther) over the trials of a search: how throughput X follows from the requests in
 * flight N, which in an open test is X times the mean answer time (Little).
 *
 *     X(N) = l N / (1 + s (N - 1) + c N (N - 1))     N / X = (1 + s (N - 1) + c N (N - 1)) / l
 *
 * l: rate of one at a time, s: contention, c: coherence. N / X is linear in 1/l, s/l and c/l, so the fit is linear least
 * squares on relative residuals with none of the three below 0. It describes and explains; the limit is the search's.
 * Not shown: a fit to fewer than six loads, to a narrow range of them, or one that the points do not follow; a peak
 * that lies beyond 1.3 times the largest N tested, or that hangs on one point.
 */
import { sideOf, type TrialOutcome } from "./trial.ts";

export interface UslFit {
  /** l, per second. */
  readonly ratePerSecond: number;
  /** s and c. */
  readonly contention: number;
  readonly coherence: number;
  /** Root mean square of the relative residuals of N / X. */
  readonly residual: number;
  readonly points: number;
  /** Largest number of requests in flight among the points. */
  readonly largestInFlight: number;
  /** Null: no peak in what was tested. */
  readonly peak: { readonly inFlight: number; readonly requestsPerSecond: number } | null;
}

/** A fit, or why none is shown. */
export type UslFinding =
  | { readonly fit: UslFit; readonly reason: null }
  | { readonly fit: null; readonly reason: string };

interface Point {
  readonly inFlight: number;
  readonly perSecond: number;
}

type Coefficients = readonly [constant: number, linear: number, square: number];

const leastPoints = 6;
const leastRange = 3;
const largestResidual = 0.1;
/** Largest N tested times this is as far as a fit is believed. */
const reach = 1.3;
/** Relative change of the peak when one point is left out. */
const steadyPeak = 0.15;

/** The law through the trials that ran to their end. */
export function fitUsl(trials: readonly TrialOutcome[]): UslFinding {
  const points = trials.flatMap(toPoint);
  if (points.length < leastPoints)
    return none(
      `it needs ${leastPoints} trials with a request or more in flight, and there are ${points.length}`,
    );
  const flights = points.map(({ inFlight }) => inFlight);
  const largest = Math.max(...flights);
  if (largest / Math.min(...flights) < leastRange)
    return none("the trials lie too near to each other");
  const found = fitPoints(points);
  if (found.residual > largestResidual)
    return none(
      `the trials do not follow it: they are ${Math.round(found.residual * 100)} % off on average`,
    );
  const [constant, linear, square] = found.coefficients;
  const fit = {
    ratePerSecond: 1 / constant,
    contention: linear / constant,
    coherence: square / constant,
    residual: found.residual,
    points: points.length,
    largestInFlight: largest,
    peak: steadyPeakOf(points, found.coefficients, largest),
  };
  return { fit, reason: null };
}

function none(reason: string): UslFinding {
  return { fit: null, reason };
}

function toPoint(trial: TrialOutcome): Point[] {
  const { achievedPerSecond: perSecond, meanMs, hasCollapsed } = trial;
  const inFlight = (perSecond * (meanMs ?? 0)) / 1_000;
  const isUsable =
    !hasCollapsed && sideOf(trial) !== "invalid" && trial.plan.purpose !== "recovery";
  return isUsable && inFlight >= 1 ? [{ inFlight, perSecond }] : [];
}

/** The peak, when it lies within what was tested and does not hang on a single point. */
function steadyPeakOf(
  points: readonly Point[],
  coefficients: Coefficients,
  largest: number,
): UslFit["peak"] {
  const peak = peakOf(coefficients);
  if (peak === null || peak.inFlight > reach * largest) return null;
  const others = points.map((_, left) =>
    peakOf(fitPoints(points.filter((_point, index) => index !== left)).coefficients),
  );
  const isSteady = others.every(
    (other) =>
      other !== null &&
      Math.abs(other.requestsPerSecond / peak.requestsPerSecond - 1) <= steadyPeak,
  );
  return isSteady ? peak : null;
}

/** N* = sqrt((1 - s) / c) and X(N*). */
function peakOf([constant, linear, square]: Coefficients): UslFit["peak"] {
  const [contention, coherence] = [linear / constant, square / constant];
  if (!(coherence > 0) || !(contention < 1)) return null;
  const inFlight = Math.sqrt((1 - contention) / coherence);
  const slowdown = 1 + contention * (inFlight - 1) + coherence * inFlight * (inFlight - 1);
  return { inFlight, requestsPerSecond: inFlight / constant / slowdown };
}

/** Of all choices of terms whose coefficients are not negative, the one with the least residual. */
function fitPoints(points: readonly Point[]): { coefficients: Coefficients; residual: number } {
  const choices = [[0, 1, 2], [0, 1], [0, 2], [0]] as const;
  const fits = choices.flatMap((terms) => {
    const coefficients = solve(points, terms);
    if (coefficients === undefined) return [];
    return [{ coefficients, residual: residualOf(points, coefficients) }];
  });
  return fits.reduce((best, fit) => (fit.residual < best.residual - 1e-12 ? fit : best));
}

/** Rows of the linear problem, divided by what is measured: a residual is then relative. */
function rowOf({ inFlight, perSecond }: Point): Coefficients {
  const measured = inFlight / perSecond;
  const scale = 1 / measured;
  return [scale, (inFlight - 1) * scale, inFlight * (inFlight - 1) * scale];
}

function residualOf(points: readonly Point[], coefficients: Coefficients): number {
  const squares = points.map((point) => {
    const row = rowOf(point);
    return (row.reduce((sum, value, term) => sum + value * coefficients[term]!, 0) - 1) ** 2;
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / points.length);
}

/** Least squares over the chosen terms by the normal equations; undefined when a coefficient is not above 0. */
function solve(points: readonly Point[], terms: readonly number[]): Coefficients | undefined {
  const rows = points.map(rowOf).map((row) => terms.map((term) => row[term]!));
  const matrix = terms.map((_, i) => [
    ...terms.map((_term, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row) => sum + row[i]!, 0),
  ]);
  const solution = eliminate(matrix);
  if (solution === undefined || solution.some((value) => !(value > 0))) return undefined;
  const coefficients: [number, number, number] = [0, 0, 0];
  for (const [index, term] of terms.entries()) coefficients[term] = solution[index]!;
  return coefficients;
}

/** Gauss-Jordan with pivoting on an augmented matrix; undefined when it is singular. */
export function eliminate(augmented: readonly (readonly number[])[]): number[] | undefined {
  const matrix = augmented.map((row) => [...row]);
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    const pivot = matrix
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best));
    const from = matrix.indexOf(pivot);
    [matrix[column], matrix[from]] = [matrix[from]!, matrix[column]!];
    const scale = matrix[column]![column]!;
    if (!(Math.abs(scale) > 1e-300)) return undefined;
    matrix[column] = matrix[column]!.map((value) => value / scale);
    for (const [index, row] of matrix.entries()) {
      if (index === column) continue;
      const factor = row[column]!;
      matrix[index] = row.map((value, k) => value - factor * matrix[column]![k]!);
    }
  }
  return matrix.map((row) => row[size]!);
}
