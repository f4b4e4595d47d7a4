/**
 * The search for the largest rate that meets the objectives, as a function from what has been found to what to try next.
 *
 *     ramp      start, 2 x, 4 x … until a rate looks bad
 *     narrow    at the middle of what is believed (response.ts), until that is narrow
 *     confirm   a rate just below must pass a trial long enough to prove it, a rate just above must be shown to fail
 *
 * A trial that was INVALID moves nothing: it is made again. One that the target did not live through is followed by a
 * recovery check, and nothing more is sent to a target that does not come back. Smaller loads come first.
 * Method: capacity-methods 3; the classification is conservative as in MLRsearch: a good trial above a bad one is luck.
 */
import { requestsToPass } from "../judge/index.ts";
import { usualDeff } from "./likeness.ts";
import { beliefOf, bracketOf, provenRates } from "./proof.ts";
import { expectedShare, rateQuantile, type ResponseBelief } from "./response.ts";
import { leastProvingMs, leastTrialMs, leastWarmUpMs, type SearchSettings } from "./settings.ts";
import {
  isBad,
  isGood,
  rateOf,
  searchTrials,
  sideOf,
  type TrialOutcome,
  type TrialPlan,
} from "./trial.ts";

/** A search as it stands: nothing but its settings and what came of its trials, in their order. */
export interface SearchState {
  readonly settings: SearchSettings;
  readonly trials: readonly TrialOutcome[];
}

/** Why there is no further trial. */
export type SearchEnd =
  | "found"
  | "max-rate-holds"
  | "generator-limit"
  | "start-rate-too-high"
  | "not-recovered"
  | "invalid-trials"
  | "trials-used-up"
  | "time-used-up"
  | "interrupted";

export type NextTrial =
  | { readonly kind: "trial"; readonly plan: TrialPlan }
  | { readonly kind: "done"; readonly end: SearchEnd };

const growth = 2;
/** A start that does not hold is divided by this, so many times. */
const retreat = 4;
const maxRetreats = 2;
/** Invalid trials in a row at which a rate is given up; the second where a higher one was valid before. */
const maxInvalid = 3;
const maxDisturbed = 4;
/** Trials that may be made to prove the rate above which nothing is tried. */
const maxTopAttempts = 2;
/** Trials that may fail to prove that a rate above does not hold. */
const maxAttemptsAbove = 2;
/** What is believed spans at most so many widths before it is proven. */
const narrowWidths = 1.5;
/** Trials that are kept for the confirmations. */
const confirmReserve = 4;
const recoveryMs = { warmUp: 1_000, steady: 3_000 } as const;
/** A target that has not come back so long after the end of the overload has not recovered. */
export const recoveryLimitMs = 60_000;
/** Below this no rate is of interest. */
const leastRate = 0.1;

export function startSearch(settings: SearchSettings): SearchState {
  return { settings, trials: [] };
}

export function addTrial(state: SearchState, outcome: TrialOutcome): SearchState {
  return { ...state, trials: [...state.trials, outcome] };
}

/** What to try next; the same for the same history. */
export function nextTrial(state: SearchState): NextTrial {
  const recovery = nextRecovery(state);
  if (recovery !== undefined) return recovery;
  const wanted = nextSearchTrial(state);
  if (wanted.kind === "done") return wanted;
  const { settings, trials } = state;
  if (searchTrials(trials).length >= settings.maxTrials) return done("trials-used-up");
  const lengthMs = wanted.plan.warmUpMs + wanted.plan.steadyMs;
  const spentMs = trials.at(-1)?.endedAtMs ?? 0;
  if (settings.maxDurationMs !== undefined && spentMs + lengthMs > settings.maxDurationMs)
    return done("time-used-up");
  return wanted;
}

/** The check after a collapse; undefined when none is due. */
function nextRecovery({ settings, trials }: SearchState): NextTrial | undefined {
  const overload = trials.findLast(({ plan }) => plan.purpose !== "recovery");
  if (overload?.hasCollapsed !== true) return undefined;
  const last = trials.at(-1)!;
  if (last.plan.purpose === "recovery" && isGood(last)) return undefined;
  if (last.endedAtMs - overload.endedAtMs > recoveryLimitMs) return done("not-recovered");
  return { kind: "trial", plan: recoveryPlan(settings, trials) };
}

/** A look at whether the target is as it was, at the lowest rate at which it held. */
export function recoveryPlan(settings: SearchSettings, trials: readonly TrialOutcome[]): TrialPlan {
  const rates = searchTrials(trials).filter(isGood).map(rateOf);
  const { startRatePerSecond, iterationMs } = settings;
  const lowest = Math.min(startRatePerSecond, ...searchTrials(trials).map(rateOf));
  return {
    purpose: "recovery",
    ratePerSecond: rates.length === 0 ? lowest / retreat : Math.min(...rates),
    warmUpMs: Math.max(recoveryMs.warmUp, leastWarmUpMs({ latencyLimitMs: 0, iterationMs })),
    steadyMs: recoveryMs.steady,
  };
}

function nextSearchTrial(state: SearchState): NextTrial {
  const trials = searchTrials(state.trials);
  const again = nextAfterInvalid(state.settings, trials);
  if (again !== undefined) return again;
  const { low, high } = bracketOf(trials);
  if (high === undefined) return nextOfRamp(state.settings, trials, low);
  if (low === undefined) return nextOfRetreat(state.settings, trials, high);
  return nextInside(state.settings, trials, { low, high });
}

/**
 * An INVALID trial says nothing of the target: it is made again. Where it was the generator that could not do it, the
 * search ends with what it can do, proven.
 */
function nextAfterInvalid(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
): NextTrial | undefined {
  const last = trials.at(-1);
  const lost = trials.findIndex((_, index) => isGivenUp(trials.slice(0, index + 1)));
  if (lost >= 0) {
    if (!trials[lost]!.isGeneratorLimit) return done("invalid-trials");
    const { low } = bracketOf(trials);
    const top = low === undefined ? undefined : confirmTop(settings, trials, low);
    return top ?? done("generator-limit");
  }
  const isInvalid = last !== undefined && sideOf(last) === "invalid";
  return isInvalid ? { kind: "trial", plan: last.plan } : undefined;
}

/** So many invalid trials in a row: two, or more where the generator has sent as much before. */
function isGivenUp(trials: readonly TrialOutcome[]): boolean {
  const rate = rateOf(trials.at(-1)!);
  const hasSentIt = trials.some((trial) => sideOf(trial) !== "invalid" && rateOf(trial) >= rate);
  const inARow = trials.length - 1 - trials.findLastIndex((trial) => sideOf(trial) !== "invalid");
  return inARow >= (hasSentIt ? maxDisturbed : maxInvalid);
}

function nextOfRamp(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
  low: number | undefined,
): NextTrial {
  const { startRatePerSecond, maxRatePerSecond = Infinity } = settings;
  if (low === undefined) return ramp(settings, Math.min(startRatePerSecond, maxRatePerSecond));
  if (low < maxRatePerSecond) return ramp(settings, Math.min(low * growth, maxRatePerSecond));
  return confirmTop(settings, trials, low) ?? done("max-rate-holds");
}

/** A rate above which nothing can be tried is proven, if it can be; undefined when it is, or twice was not. */
function confirmTop(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
  ratePerSecond: number,
): NextTrial | undefined {
  const { low = 0 } = provenRates(settings, trials);
  const attempts = trials.filter(({ plan }) => plan.purpose === "confirm-below");
  if (low >= ratePerSecond || attempts.length >= maxTopAttempts) return undefined;
  const leastMs = leastProvingMs(settings, ratePerSecond);
  const steadyMs = attempts.length === 0 ? leastMs : Math.max(leastMs, settings.longestTrialMs);
  return trialAt(settings, "confirm-below", { ratePerSecond, steadyMs });
}

function nextOfRetreat(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
  high: number,
): NextTrial {
  const retreats = new Set(trials.map(rateOf)).size - 1;
  const rate = high / retreat;
  if (retreats >= maxRetreats || rate < leastRate) return done("start-rate-too-high");
  return ramp(settings, rate);
}

function ramp(settings: SearchSettings, ratePerSecond: number): NextTrial {
  return trialAt(settings, "ramp", { ratePerSecond, steadyMs: settings.trialMs });
}

interface Inside {
  readonly low: number;
  readonly high: number;
}

function nextInside(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
  bracket: Inside,
): NextTrial {
  const belief = beliefOf(trials)!;
  const [least, middle, most] = [0.025, 0.5, 0.975].map((q) => rateQuantile(belief.joint, q));
  const left = settings.maxTrials - trials.length;
  const isNarrow = most! / least! <= 1 + narrowWidths * settings.width;
  if (!isNarrow && left > confirmReserve)
    return trialAt(settings, "narrow", {
      ratePerSecond: narrowRate(trials, bracket, middle!),
      steadyMs: settings.trialMs,
    });
  return nextConfirmation(settings, trials, belief);
}

/** The middle of what is believed; the first time, what an overloaded target got through is the better guess. */
function narrowRate(
  trials: readonly TrialOutcome[],
  { low, high }: Inside,
  middle: number,
): number {
  const isFirst = !trials.some(({ plan }) => plan.purpose === "narrow");
  const overload = trials.find((trial) => isBad(trial) && rateOf(trial) === high);
  const through = isFirst && overload?.hasCollapsed === false ? overload.goodPerSecond : 0;
  return through > low && through < 0.95 * high ? 0.97 * through : middle;
}

function nextConfirmation(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
  belief: ResponseBelief,
): NextTrial {
  const { width } = settings;
  const middle = rateQuantile(belief.joint, 0.5);
  const { low, high } = provenRates(settings, trials, belief);
  if (low === undefined || middle / low > 1 + width)
    return confirmBelow(settings, trials, { belief, low });
  const isHighEnough = high !== undefined && high / low <= 1 + 2 * width;
  const attempts = trials.filter(isAttemptAbove);
  if (isHighEnough || attempts.length >= maxAttemptsAbove) return done("found");
  const from = Math.max(
    rateQuantile(belief.joint, 0.9),
    middle * (1 + width / 2),
    ...attempts.map((trial) => rateOf(trial) * (1 + width / 2)),
  );
  const ratePerSecond = Math.min(from, high ?? Infinity);
  return trialAt(settings, "confirm-above", { ratePerSecond, steadyMs: settings.trialMs });
}

function isAttemptAbove({ plan }: TrialOutcome): boolean {
  return plan.purpose === "confirm-above";
}

/**
 * A trial that is to prove that its rate holds: a little below what is probable, and after one that did not prove it
 * lower still, or the same rate would be tried until it passes by luck.
 */
function confirmBelow(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
  { belief, low }: { belief: ResponseBelief; low: number | undefined },
): NextTrial {
  const { width } = settings;
  const middle = rateQuantile(belief.joint, 0.5);
  const tried = trials
    .filter((trial) => trial.plan.purpose === "confirm-below" && sideOf(trial) !== "holds")
    .map((trial) => rateOf(trial) / (1 + width / 2));
  const cautious = Math.min(rateQuantile(belief.joint, 0.1), middle / (1 + width / 2), ...tried);
  // What is proven already needs no second proof: then the middle between it and what is probable.
  const isHigher = low === undefined || cautious > low * (1 + width / 4);
  const ratePerSecond = isHigher ? cautious : Math.sqrt(middle * low);
  return trialAt(settings, "confirm-below", {
    ratePerSecond,
    steadyMs: provingMs(settings, trials, { belief, ratePerSecond }),
  });
}

/** As long as it takes to prove what is expected, within bounds. */
function provingMs(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
  { belief, ratePerSecond }: { belief: ResponseBelief; ratePerSecond: number },
): number {
  const leastMs = leastProvingMs(settings, ratePerSecond);
  const neededMs = belief.byObjective.map(({ id, belief: own }) => {
    const count = trials.at(-1)?.rows.find((row) => row.id === id)?.count;
    if (count === undefined) return 0;
    const share = expectedShare(own, ratePerSecond, count.allowedShare);
    const deff = usualDeff(trials, id, Math.log(ratePerSecond));
    return ((requestsToPass(share, count.allowedShare) * deff) / ratePerSecond) * 1_000;
  });
  return Math.max(leastMs, Math.min(settings.longestTrialMs, Math.max(0, ...neededMs)));
}

function trialAt(
  settings: SearchSettings,
  purpose: TrialPlan["purpose"],
  { ratePerSecond, steadyMs }: { ratePerSecond: number; steadyMs: number },
): NextTrial {
  const rounded = roundRate(Math.min(ratePerSecond, settings.maxRatePerSecond ?? Infinity));
  const wholeMs = (ms: number): number => Math.ceil(ms / 1_000) * 1_000;
  return {
    kind: "trial",
    plan: {
      purpose,
      ratePerSecond: rounded,
      warmUpMs: wholeMs(Math.max(settings.warmUpMs, leastWarmUpMs(settings))),
      steadyMs: wholeMs(Math.max(steadyMs, leastTrialMs(settings))),
    },
  };
}

/** Four significant digits: more would pretend a precision that no trial has. */
function roundRate(ratePerSecond: number): number {
  return Number(ratePerSecond.toPrecision(4));
}

function done(end: SearchEnd): NextTrial {
  return { kind: "done", end };
}
