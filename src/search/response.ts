/**
 * At which rate is an objective just met? All trials together say more than any of them: each gives k violations among n
 * requests at its rate, and the share of violations rises with the rate as
 *
 *     s(L) = f + (1 - f) logistic(a + b (ln L - ln L*)),   a such that s(L*) = p0
 *
 * p0 being the allowed share, L* the rate sought, f what is slow at any load and b how steeply the target gives way. All
 * three are weighed on a grid, f and b are summed out, and what is left is a probability for each L*: a method of psychophysics, where thresholds must be
 * found with few trials as well (Watson and Pelli 1983; Kontsevich and Tyler 1999). It rests on:
 *
 * - n and k divided by the design effect: neighbours in a queue are alike;
 * - trials near the estimate weigh most (the curve is a line only near by), a trial that contradicts all others weighs
 *   at most as much as `lapse` allows: a disturbed trial happens;
 * - every objective by itself; the rate sought is the smallest of theirs.
 */
import { usualDeff } from "./likeness.ts";
import { isBroken, type TrialOutcome, type TrialRow } from "./trial.ts";

/** A probability for each ln rate of an evenly spaced grid. */
export interface RateBelief {
  readonly logRates: readonly number[];
  readonly weights: readonly number[];
}

/** What is believed of each objective, and of all together. */
export interface ResponseBelief {
  readonly byObjective: readonly {
    readonly id: string;
    readonly label: string;
    readonly belief: RateBelief;
  }[];
  readonly joint: RateBelief;
}

/** Between neighbours of the grid: 0.4 % of the rate. */
const gridStep = 0.004;
/** The grid goes on so far (ln) beyond the bracket. */
const gridMargin = 0.35;
/** How steep a target may give way; from a shared machine under light load to a rate limiter. */
const slopes = [4, 7, 12, 20, 34, 60, 110, 240] as const;
/** What may be slow at any load, as part of what is allowed. */
const floors = [0.003, 0.02, 0.1, 0.3, 0.6] as const;
/** Before any trial: most targets are queues, whose slope is about the rate times the latency limit. */
const usualSlope = { ln: Math.log(28), spread: 1 } as const;
/** Of an objective without counts, which only passes or fails. */
const stepSlope = 60;
/** Share of trials that may be disturbed by something other than the load. */
const lapse = 0.01;
/** A share so many times the allowed one, or so large, is only known to be large. */
const saturation = 4;
const saturatedShare = 0.5;
/** A design effect is an estimate from a few dozen windows, and too small ones make a search stop too early. */
const caution = 1.4;
/** Distance (ln) at which a trial's weight has fallen to 0.6. */
const reach = 0.18;

/** What the trials say of the rate sought, which lies between `low` and `high` or not far from it. */
export function believe(
  trials: readonly TrialOutcome[],
  { low, high }: { readonly low: number; readonly high: number },
): ResponseBelief {
  const logRates = gridBetween(Math.log(low) - gridMargin, Math.log(high) + gridMargin);
  const centre = (Math.log(low) + Math.log(high)) / 2;
  const first = beliefsAround(trials, logRates, {
    centre,
    width: reach + Math.log(high / low) / 2,
  });
  const refined = { centre: logQuantile(first.joint, 0.5), width: reach };
  return beliefsAround(trials, logRates, refined);
}

/** The rate below which the one sought lies with this probability. */
export function rateQuantile(belief: RateBelief, probability: number): number {
  return Math.exp(logQuantile(belief, probability));
}

/** The share of violations that the trials lead to expect of an objective at a rate, by its usual slope. */
export function expectedShare(
  belief: RateBelief,
  ratePerSecond: number,
  allowedShare: number,
): number {
  const distance = Math.log(ratePerSecond) - logQuantile(belief, 0.5);
  return logistic(logit(allowedShare) + Math.exp(usualSlope.ln) * distance);
}

interface Window {
  readonly centre: number;
  readonly width: number;
}

function beliefsAround(
  trials: readonly TrialOutcome[],
  logRates: readonly number[],
  window: Window,
): ResponseBelief {
  // What no trial has broken has no limit near by, and nothing to say of where it is.
  const objectives = new Map(
    trials.flatMap(({ rows }) => rows.filter(isBroken).map((row) => [row.id, row] as const)),
  );
  const byObjective = [...objectives.values()].map(({ id, label }) => ({
    id,
    label,
    belief: { logRates, weights: weightsOf(observationsOf(trials, id, window), logRates) },
  }));
  const joint = { logRates, weights: smallestOf(byObjective.map(({ belief }) => belief.weights)) };
  return { byObjective, joint };
}

/** One trial as one objective sees it. */
interface Observation {
  readonly logRate: number;
  /** 0 to 1: how much it counts, being more or less far away. */
  readonly nearness: number;
  /** Effective counts; undefined: only `isMet` is known. */
  readonly counts: { readonly requests: number; readonly violations: number } | undefined;
  readonly allowedShare: number;
  readonly isMet: boolean;
}

function observationsOf(
  trials: readonly TrialOutcome[],
  id: string,
  { centre, width }: Window,
): Observation[] {
  return trials.flatMap((trial): Observation[] => {
    const row = trial.rows.find((each) => each.id === id);
    if (row === undefined || row.status === "NOT_JUDGED") return [];
    const logRate = Math.log(trial.plan.ratePerSecond);
    const nearness = Math.exp(-0.5 * ((logRate - centre) / width) ** 2);
    const usual = usualDeff(trials, id, logRate);
    return [{ logRate, nearness, ...evidenceOf(row, usual) }];
  });
}

function evidenceOf(
  { count, status }: TrialRow,
  usual: number,
): Pick<Observation, "counts" | "allowedShare" | "isMet"> {
  if (count === undefined || count.requests === 0)
    return { counts: undefined, allowedShare: 0.5, isMet: status !== "FAIL" };
  const deff = caution * Math.max(count.deff, usual);
  const { requests, violations, allowedShare } = count;
  return {
    counts: { requests: requests / deff, violations: violations / deff },
    allowedShare,
    isMet: violations < allowedShare * requests,
  };
}

/** A curve of the family, but for where it lies. */
interface Shape {
  readonly slope: number;
  /** As part of the allowed share. */
  readonly floor: number;
  readonly logPrior: number;
}

const shapes: readonly Shape[] = slopes.flatMap((slope) =>
  floors.map((floor) => ({
    slope,
    floor,
    logPrior: -0.5 * ((Math.log(slope) - usualSlope.ln) / usualSlope.spread) ** 2,
  })),
);

function weightsOf(observations: readonly Observation[], logRates: readonly number[]): number[] {
  const totals = logRates.map(() => 0);
  const rows = shapes.map((shape) =>
    logRates.map((logRate) => {
      let sum = shape.logPrior;
      for (const observation of observations) sum += logLikelihood(observation, logRate, shape);
      return sum;
    }),
  );
  const best = Math.max(...rows.map((row) => Math.max(...row)));
  for (const row of rows) {
    for (const [index, value] of row.entries()) totals[index]! += Math.exp(value - best);
  }
  return normalized(totals);
}

/** Relative to the best that any curve could do with this trial, so that `lapse` bounds what it can say. */
function logLikelihood(observation: Observation, logLimit: number, shape: Shape): number {
  const { logRate, nearness, counts, allowedShare, isMet } = observation;
  if (counts === undefined) {
    const share = logistic(stepSlope * (logRate - logLimit));
    return nearness * Math.log((1 - lapse) * (isMet ? 1 - share : share) + lapse);
  }
  const { requests, violations } = counts;
  const share = shareOf(shape, logRate - logLimit, allowedShare);
  const most = Math.min(saturatedShare, saturation * allowedShare) * requests;
  const counted = Math.min(violations, most);
  // Far above the limit the share says only that it is far above: it depends on how long the trial was.
  const isAsSaid = violations > most && share * requests >= most;
  const relative = isAsSaid
    ? 0
    : binomialLog(counted, requests, share) - binomialLog(counted, requests, counted / requests);
  return nearness * Math.log((1 - lapse) * Math.exp(relative) + lapse);
}

/** The curve at a distance from where it meets the allowed share. */
function shareOf({ slope, floor }: Shape, distance: number, allowedShare: number): number {
  const base = floor * allowedShare;
  const start = logit((allowedShare - base) / (1 - base));
  return base + (1 - base) * logistic(start + slope * distance);
}

function binomialLog(violations: number, requests: number, share: number): number {
  const bounded = Math.min(1 - 1e-12, Math.max(1e-12, share));
  return violations * Math.log(bounded) + (requests - violations) * Math.log1p(-bounded);
}

/** Of several independent rates on one grid: how probable each is to be the smallest of them. */
function smallestOf(all: readonly (readonly number[])[]): number[] {
  const [first] = all;
  if (first === undefined) return [];
  // P(every rate > x) at each point; its steps are the weights of the smallest.
  const above = first.map(() => 1);
  for (const weights of all) {
    let left = 1;
    for (const [index, weight] of weights.entries()) {
      left = Math.max(0, left - weight);
      above[index]! *= left;
    }
  }
  return normalized(above.map((value, index) => (index === 0 ? 1 : above[index - 1]!) - value));
}

function logQuantile({ logRates, weights }: RateBelief, probability: number): number {
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    if (sum + weight < probability) {
      sum += weight;
      continue;
    }
    const part = weight > 0 ? (probability - sum) / weight : 0;
    return logRates[index]! + (part - 0.5) * gridStep;
  }
  return logRates.at(-1)!;
}

function gridBetween(from: number, to: number): number[] {
  return Array.from(
    { length: Math.ceil((to - from) / gridStep) + 1 },
    (_, k) => from + k * gridStep,
  );
}

function normalized(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
