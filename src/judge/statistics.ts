/**
 * Is a share of requests below what is allowed? Exact one-sided bounds for a binomial share, corrected for the
 * likeness of neighbouring requests.
 *
 *     upper(k, n) = BetaInv(1 - a; k + 1, n - k)      lower(k, n) = BetaInv(a; k, n - k + 1)      (Clopper, Pearson 1934)
 *     deff = V / (p(1-p)/n),  V = J/(J-1) sum (e_j - p m_j)^2 / n^2  over J windows              (ratio estimator, Kish 1965)
 *
 * The bounds are used with n/deff and k/deff, which need not be whole numbers.
 */

/** One-sided error probability of every bound. */
export const errorProbability = 0.05;

/** Fewer windows than this say too little about how alike neighbours are for a share to pass. */
export const minWindows = 20;

/** Violations among the requests of one window of time. */
export interface CountWindow {
  readonly requests: number;
  readonly violations: number;
}

/** How far the requests of a trial are from independent. */
export interface DesignEffect {
  /** At least 1; n/deff independent requests would say as much. */
  readonly deff: number;
  /** Windows with requests in them. */
  readonly windows: number;
}

/** Upper one-sided bound of the share behind `violations` of `requests`; 1 without requests. Reals are allowed. */
export function upperBound(
  violations: number,
  requests: number,
  probability: number = errorProbability,
): number {
  // Negated, so that what is no number gives the bound that passes nothing.
  if (!(requests > 0) || !(violations < requests)) return 1;
  return inverseBeta(
    1 - probability,
    Math.max(0, violations) + 1,
    requests - Math.max(0, violations),
  );
}

/** Lower one-sided bound; 0 without requests. */
export function lowerBound(
  violations: number,
  requests: number,
  probability: number = errorProbability,
): number {
  if (!(requests > 0) || !(violations > 0)) return 0;
  const bounded = Math.min(violations, requests);
  return inverseBeta(probability, bounded, requests - bounded + 1);
}

/** The smallest number of requests that could pass with `violations` of them, `allowedShare` being the limit. */
export function smallestPassingCount(violations: number, allowedShare: number): number {
  return smallestCount((requests) => upperBound(violations, requests) < allowedShare);
}

/**
 * Independent requests that would do to pass if the share stayed as it is; Infinity when it does not lie below the
 * limit, or lies so near that a billion requests would not do.
 */
export function requestsToPass(share: number, allowedShare: number): number {
  if (!(share < allowedShare)) return Number.POSITIVE_INFINITY;
  return smallestCount((requests) => upperBound(share * requests, requests) < allowedShare);
}

/** Independent requests that would do to fail if the share stayed as it is; Infinity when it does not lie above the limit. */
export function requestsToFail(share: number, allowedShare: number): number {
  if (!(share > allowedShare)) return Number.POSITIVE_INFINITY;
  return smallestCount((requests) => lowerBound(share * requests, requests) > allowedShare);
}

/**
 * Design effect over windows, the largest over window lengths doubled as long as at least {@link minWindows} remain:
 * short windows miss what is alike over longer than themselves. Likeness that is significant between windows is
 * charged as that of an AR(1) series, (1 + r)/(1 - r). Too large costs requests, too small a wrong PASS: with one
 * length alone, shares like an AR(1) of 0.6 at the limit passed in 19 % of simulated minutes, so in 8 % (aim 5 %).
 */
export function designEffect(windows: readonly CountWindow[]): DesignEffect {
  let used = windows.filter(({ requests }) => requests > 0);
  const windowCount = used.length;
  let deff = effectOf(used);
  while (used.length >= 2 * minWindows) {
    used = pairUp(used);
    deff = Math.max(deff, effectOf(used));
  }
  return { deff, windows: windowCount };
}

function effectOf(windows: readonly CountWindow[]): number {
  const correlation = lagOneCorrelation(
    windows.map(({ requests, violations }) => violations / requests),
  );
  const isSignificant = correlation > 1.645 / Math.sqrt(windows.length);
  const inflation = isSignificant ? (1 + correlation) / (1 - correlation) : 1;
  return Math.max(1, varianceRatio(windows) * inflation);
}

function varianceRatio(windows: readonly CountWindow[]): number {
  const requests = sum(windows.map((window) => window.requests));
  const violations = sum(windows.map((window) => window.violations));
  const share = violations / requests;
  if (windows.length < 2 || !(share > 0 && share < 1)) return 1;
  const squares = sum(windows.map((window) => (window.violations - share * window.requests) ** 2));
  const variance = ((windows.length / (windows.length - 1)) * squares) / requests ** 2;
  return variance / ((share * (1 - share)) / requests);
}

/** Lag-1 autocorrelation, at most 0.95; 0 for a constant or a very short series. */
export function lagOneCorrelation(series: readonly number[]): number {
  if (series.length < 4) return 0;
  const mean = sum(series) / series.length;
  const deviations = series.map((value) => value - mean);
  const squares = sum(deviations.map((deviation) => deviation ** 2));
  // Below this it is the rounding of a constant series, whose neighbours would look alike.
  if (!(squares > 1e-20 * series.length * mean ** 2)) return 0;
  const products = sum(
    deviations.slice(1).map((deviation, index) => deviation * deviations[index]!),
  );
  return Math.min(0.95, products / squares);
}

function pairUp(windows: readonly CountWindow[]): CountWindow[] {
  const pairs: CountWindow[] = [];
  // An odd last window joins nobody and would weigh as much as a pair: it is kept, the estimator weighs by requests.
  for (let index = 0; index < windows.length; index += 2) {
    const { requests, violations } = windows[index]!;
    const next = windows[index + 1];
    pairs.push({
      requests: requests + (next?.requests ?? 0),
      violations: violations + (next?.violations ?? 0),
    });
  }
  return pairs;
}

const countLimit = 1e9;

/** Smallest whole number for which `isEnough` holds, which must stay true once it is. */
function smallestCount(isEnough: (count: number) => boolean): number {
  let high = 1;
  while (!isEnough(high)) {
    if (high >= countLimit) return Number.POSITIVE_INFINITY;
    high *= 2;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** x with I_x(a, b) = probability, by bisection, which needs no good start and cannot leave [0, 1]. */
function inverseBeta(probability: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high || high - low < 1e-14 * high) break;
    if (regularizedBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised incomplete beta function I_x(a, b): continued fraction DLMF 8.17.22, on the side where it converges fast. */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const logFront =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  const front = Math.exp(logFront);
  if (x < (a + 1) / (a + b + 2)) return Math.min(1, front / (a * betaFraction(x, a, b)));
  return Math.max(0, 1 - front / (b * betaFraction(1 - x, b, a)));
}

/** Needs about sqrt(max(a, b)) terms near the mean: 3,200 for ten million requests. */
const fractionTerms = 200_000;
const tiny = 1e-300;

/** 1 + d1/(1 + d2/(1 + …)) by the modified method of Lentz. */
function betaFraction(x: number, a: number, b: number): number {
  let value = 1;
  let c = 1;
  let d = 0;
  for (let term = 1; term <= fractionTerms; term++) {
    const coefficient = betaCoefficient(term, x, { a, b });
    d = 1 / awayFromZero(1 + coefficient * d);
    c = awayFromZero(1 + coefficient / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}

function betaCoefficient(
  term: number,
  x: number,
  { a, b }: { readonly a: number; readonly b: number },
): number {
  const m = Math.floor(term / 2);
  if (term % 2 === 0) return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
  return (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) after shifting x above 15, where five terms reach 1e-15. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  while (y < 15) {
    shift += Math.log(y);
    y++;
  }
  const inverse = 1 / (y * y);
  const series =
    (1 / 12 -
      inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188))))) /
    y;
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** Of at least one value, ascending. */
export function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
