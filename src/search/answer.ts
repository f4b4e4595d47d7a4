/**
 * What a search found: the largest rate that holds, between which rates it lies with confidence, and what gives first.
 *
 *     low     the largest rate that a trial proved to hold, or less where all trials together (response.ts) say less; less 2 %
 *     high    the smallest rate that a trial proved not to hold, or more where all together say more
 *     rate    what all together say with six to one, less 1 %, and at most 5 % above `low`
 *
 * What is claimed rests on the proofs; a rate that only looks good is told as such, and is no PASS.
 */
import { beliefOf, bracketOf, claimQuantile, provenRates } from "./proof.ts";
import { rateQuantile, type ResponseBelief } from "./response.ts";
import type { SearchEnd, SearchState } from "./search.ts";
import type { SearchSettings } from "./settings.ts";
import { isBad, isBroken, searchTrials, type TrialOutcome } from "./trial.ts";

export interface SustainableRate {
  readonly requestsPerSecond: number;
  readonly low: number;
  /** Null: nothing above was found not to hold. */
  readonly high: number | null;
  /** False: no trial was long enough to prove that `low` holds. */
  readonly isProven: boolean;
}

/** What gives first when the rate rises. */
export interface LimitedBy {
  readonly id: string;
  readonly label: string;
}

export interface SearchAnswer {
  readonly verdict: "PASS" | "FAIL" | "INCONCLUSIVE" | "INVALID";
  readonly end: SearchEnd;
  /** Null: no rate was found that looks good. */
  readonly sustainable: SustainableRate | null;
  readonly limitedBy: LimitedBy | null;
}

/** A trial's proof is for its own half minute: an end may lie so much further out where all trials together say so. */
const margin = 1.03;
/** An interval wider than this has not found a limit. */
const widestRatio = 1.25;
/** Load is not taken up because answers take long: where both give near by, it is the answers. */
const consequence = 1.15;
/** A rate is claimed to be at most so much above the one that is proven. */
const claimedAbove = 0.05;

/**
 * Trials begin with empty queues and are short, which flatters a target near its limit. Without these shares `low` lay above
 * the truth in 22 % of simulated searches and claims were 0.9 % high on average (docs/design/decisions/0011).
 */
const flattery = { low: 0.02, claimed: 0.01 } as const;

/** @param neededPerSecond the rate that is asked about; undefined when only the limit is */
export function answerOf(
  state: SearchState,
  end: SearchEnd,
  neededPerSecond?: number,
): SearchAnswer {
  const trials = searchTrials(state.trials);
  const belief = beliefOf(trials);
  const { settings } = state;
  const sustainable = sustainableRate(settings, trials, belief);
  return {
    verdict: verdictOf({ settings, trials, end, sustainable }, neededPerSecond),
    end,
    sustainable,
    limitedBy: limitedBy(trials, belief),
  };
}

function sustainableRate(
  settings: SearchSettings,
  trials: readonly TrialOutcome[],
  belief: ResponseBelief | undefined,
): SustainableRate | null {
  const { low: looksGood } = bracketOf(trials);
  if (looksGood === undefined) return null;
  const proven = provenRates(settings, trials, belief);
  const isProven = proven.low !== undefined;
  if (belief === undefined) {
    const rate = proven.low ?? looksGood;
    return { requestsPerSecond: rate, low: rate, high: proven.high ?? null, isProven };
  }
  const probability = 1 - settings.confidence;
  const [least, likely, most] = [probability, claimQuantile, 1 - probability].map((quantile) =>
    rateQuantile(belief.joint, quantile),
  );
  const lowest =
    proven.low === undefined ? least! : Math.min(proven.low, Math.max(least!, proven.low / margin));
  const low = lowest / (1 + flattery.low);
  const high =
    proven.high === undefined
      ? Math.max(most!, low)
      : Math.max(proven.high, Math.min(most!, proven.high * margin));
  const safest = Math.max(least!, low) * (1 + claimedAbove);
  const claimed = Math.min(likely!, high, safest) / (1 + flattery.claimed);
  return { requestsPerSecond: Math.max(low, claimed), low, high, isProven };
}

interface Found {
  readonly settings: SearchSettings;
  readonly trials: readonly TrialOutcome[];
  readonly end: SearchEnd;
  readonly sustainable: SustainableRate | null;
}

function verdictOf(found: Found, neededPerSecond: number | undefined): SearchAnswer["verdict"] {
  const { end, sustainable } = found;
  const forUsers = neededPerSecond === undefined ? undefined : decided(found, neededPerSecond);
  if (forUsers !== undefined) return forUsers;
  if (end === "generator-limit" || end === "invalid-trials") return "INVALID";
  if (end === "not-recovered" || end === "start-rate-too-high") return "FAIL";
  if (neededPerSecond !== undefined || end === "interrupted") return "INCONCLUSIVE";
  return isLimitFound(end, sustainable) ? "PASS" : "INCONCLUSIVE";
}

/** What the ends of the interval say of a rate, where a trial has proven them; undefined between them. */
function decided(
  { settings, trials, sustainable }: Found,
  neededPerSecond: number,
): "PASS" | "FAIL" | undefined {
  const proven = provenRates(settings, trials);
  const { low = 0, high = null } = sustainable ?? {};
  if (proven.low !== undefined && low >= neededPerSecond) return "PASS";
  if (proven.high !== undefined && (high ?? proven.high) <= neededPerSecond) return "FAIL";
  return undefined;
}

function isLimitFound(end: SearchEnd, sustainable: SustainableRate | null): boolean {
  if (sustainable?.isProven !== true) return false;
  const { low, high } = sustainable;
  if (high === null) return end === "max-rate-holds";
  return high / low <= widestRatio;
}

/** The objective whose own limit is the lowest; where nothing holds, what the last bad trial broke. */
function limitedBy(
  trials: readonly TrialOutcome[],
  belief: ResponseBelief | undefined,
): LimitedBy | null {
  const bad = trials.filter(isBad);
  if (bad.length === 0) return null;
  const limits = (belief?.byObjective ?? []).map(({ id, label, belief: own }) => ({
    id,
    label,
    rate: rateQuantile(own, 0.5) * (id === "load_absorbed" ? consequence : 1),
  }));
  const [first] = limits.toSorted((one, other) => one.rate - other.rate);
  if (first !== undefined) return { id: first.id, label: first.label };
  const row = lowestOf(bad).rows.find(isBroken);
  return row === undefined ? null : { id: row.id, label: row.label };
}

function lowestOf(trials: readonly TrialOutcome[]): TrialOutcome {
  return trials.reduce((lowest, trial) =>
    trial.plan.ratePerSecond < lowest.plan.ratePerSecond ? trial : lowest,
  );
}
