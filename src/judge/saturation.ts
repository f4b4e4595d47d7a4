/**
 * Is what grew a leak, or something that fills up? Three shapes are fitted by least squares and compared by the
 * corrected information criterion of Akaike (AICc; Hurvich and Tsai 1989), which charges for each parameter:
 *
 *     line              a + s t                          goes on for ever
 *     filling           a + b (1 - exp(-t/tau)), b > 0   caches, heap, compiled code: it comes to an end
 *     filling and line  both
 *
 * For each tau of a grid the rest is linear, so that no start values and no iterations are needed.
 */
import { type TrendPoint, unbiasedCorrelation } from "./trend.ts";

/** How the points grow, as far as they tell. */
export type GrowthShape =
  | { readonly shape: "line" }
  | { readonly shape: "filling" }
  /** `withoutFilling` are the points with the part that fills up taken out. */
  | { readonly shape: "filling and line"; readonly withoutFilling: readonly TrendPoint[] };

/** By so much a shape must be better than one with fewer parameters (Burnham and Anderson 2002: beyond 4 the other has little support). */
const preference = 4;
/** Time constants that are tried first, as shares of the length; slower filling cannot be told from a line. */
const gridRatio = 1.15;
const timeConstants: readonly number[] = Array.from(
  { length: 24 },
  (_, step) => 0.04 * gridRatio ** step,
);
/** Then the best one's surroundings are halved so often. */
const refinements = 12;

interface Fit {
  readonly residuals: readonly number[];
  /** Mean square of the residuals. */
  readonly variance: number;
  readonly coefficients: readonly number[];
  readonly parameters: number;
  readonly timeConstant: number;
}

/** The shape that the points speak for; a line while nothing speaks against it. */
export function growthShape(points: readonly TrendPoint[]): GrowthShape {
  const startAt = points[0]?.at ?? 0;
  const length = (points.at(-1)?.at ?? 0) - startAt;
  if (!(length > 0)) return { shape: "line" };
  const shares = points.map(({ at }) => (at - startAt) / length);
  const values = points.map(({ value }) => value);
  const line = fit(values, [shares], { parameters: 2 });
  const filled = closest((timeConstant) =>
    fit(values, [filling(shares, timeConstant)], { parameters: 3, timeConstant }),
  );
  if (filled === undefined) return { shape: "line" };
  const count = effectiveCount(filled.residuals);
  if (!(aicc(filled, count) < aicc(line!, count) - preference)) return { shape: "line" };
  const both = closest((timeConstant) =>
    fit(values, [filling(shares, timeConstant), shares], { parameters: 4, timeConstant }),
  );
  if (both === undefined || !(aicc(both, count) < aicc(filled, count) - preference))
    return { shape: "filling" };
  const curve = filling(shares, both.timeConstant);
  return {
    shape: "filling and line",
    withoutFilling: points.map(({ at, value }, index) => ({
      at,
      value: value - both.coefficients[0]! * curve[index]!,
    })),
  };
}

function filling(shares: readonly number[], timeConstant: number): number[] {
  return shares.map((share) => 1 - Math.exp(-share / timeConstant));
}

/** The time constant whose fit is closest, of those in which the filling part rises. */
function closest(fitAt: (timeConstant: number) => Fit | undefined): Fit | undefined {
  let found = best(timeConstants.map(fitAt));
  let ratio = gridRatio;
  for (let turn = 0; turn < refinements && found !== undefined; turn++) {
    ratio = Math.sqrt(ratio);
    const { timeConstant } = found;
    found = best([found, fitAt(timeConstant / ratio), fitAt(timeConstant * ratio)]);
  }
  return found;
}

function best(fits: readonly (Fit | undefined)[]): Fit | undefined {
  return fits
    .filter((each): each is Fit => each !== undefined && each.coefficients[0]! > 0)
    .reduce<Fit | undefined>(
      (lowest, each) => (lowest === undefined || each.variance < lowest.variance ? each : lowest),
      undefined,
    );
}

/** Neighbours that are alike tell less than so many points: n (1 - r) / (1 + r). */
function effectiveCount(residuals: readonly number[]): number {
  const correlation = unbiasedCorrelation(residuals);
  return (residuals.length * (1 - correlation)) / (1 + correlation);
}

/** m ln(SSE/n) + 2k + 2k(k+1)/(n-k-1), with m for n where neighbours are alike; k counts the variance, too. */
function aicc({ variance, residuals, parameters }: Fit, count: number): number {
  const k = parameters + 1;
  const room = residuals.length - k - 1;
  if (room <= 0) return Number.POSITIVE_INFINITY;
  const fitness = count * Math.log(Math.max(variance, Number.MIN_VALUE));
  return fitness + 2 * k + (2 * k * (k + 1)) / room;
}

/** Least squares of `values` on a constant and one or two curves; undefined when the curves cannot be told apart. */
function fit(
  values: readonly number[],
  curves: readonly (readonly number[])[],
  { parameters, timeConstant = 0 }: { readonly parameters: number; readonly timeConstant?: number },
): Fit | undefined {
  const target = centred(values);
  const [first, second] = curves.map(centred);
  const coefficients =
    second === undefined ? solveOne(first!, target) : solveTwo(first!, second, target);
  if (coefficients === undefined) return undefined;
  const residuals = target.map(
    (value, index) =>
      value - coefficients[0]! * first![index]! - (coefficients[1] ?? 0) * (second?.[index] ?? 0),
  );
  const variance = dot(residuals, residuals) / residuals.length;
  return { residuals, variance, coefficients, parameters, timeConstant };
}

function solveOne(curve: readonly number[], target: readonly number[]): number[] | undefined {
  const square = dot(curve, curve);
  return square > 0 ? [dot(curve, target) / square] : undefined;
}

/** The normal equations of two curves, by Cramer's rule. */
function solveTwo(
  first: readonly number[],
  second: readonly number[],
  target: readonly number[],
): number[] | undefined {
  const [a, b, c] = [dot(first, first), dot(first, second), dot(second, second)];
  const determinant = a * c - b * b;
  if (!(determinant > 1e-9 * a * c)) return undefined;
  const [p, q] = [dot(first, target), dot(second, target)];
  return [(p * c - q * b) / determinant, (q * a - p * b) / determinant];
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function dot(first: readonly number[], second: readonly number[]): number {
  return first.reduce((sum, value, index) => sum + value * second[index]!, 0);
}
