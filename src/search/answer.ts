/**
 * What a search found: the largest rate that holds, between which rates it lies with confidence, and what gives first.
 *
 *     low     the largest rate that a trial proved to hold, none below it having failed
 *     high    the smallest rate that a trial proved not to hold; without one, where all trials together put it
 *     rate    what all trials together say (response.ts), with at least three to one, and at most 5 % above `low`
 *
 * What is claimed rests on the proofs; a rate that only looks good is told as such, and is no PASS.
 */
import { beliefOf, bracketOf, claimQuantile, provenRates } from "./proof.ts";
import { rateQuantile, type ResponseBelief } from "./response.ts";
import type { SearchEnd, SearchState } from "./search.ts";
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

/** An interval wider than this has not found a limit. */
const widestRatio = 1.25;
/** A rate is claimed to be at most so much above the one that is proven. */
const claimedAbove = 0.05;

/** @param neededPerSecond the rate that is asked about; undefined when only the limit is */
export function answerOf(
  state: SearchState,
  end: SearchEnd,
  neededPerSecond?: number,
): SearchAnswer {
  const trials = searchTrials(state.trials);
  const belief = beliefOf(trials);
  const sustainable = sustainableRate(trials, belief);
  return {
    verdict: verdictOf({ trials, end, sustainable }, neededPerSecond),
    end,
    sustainable,
    limitedBy: limitedBy(trials, belief),
  };
}

function sustainableRate(
  trials: readonly TrialOutcome[],
  belief: ResponseBelief | undefined,
): SustainableRate | null {
  const { low: looksGood } = bracketOf(trials);
  if (looksGood === undefined) return null;
  const proven = provenRates(trials, belief);
  const isProven = proven.low !== undefined;
  if (belief === undefined) {
    const rate = proven.low ?? looksGood;
    return { requestsPerSecond: rate, low: rate, high: proven.high ?? null, isProven };
  }
  const [least, likely, most] = [0.025, claimQuantile, 0.975].map((q) =>
    rateQuantile(belief.joint, q),
  );
  const low = proven.low ?? least!;
  const high = Math.max(low, proven.high ?? most!);
  const claimed = Math.min(likely!, high, low * (1 + claimedAbove));
  return { requestsPerSecond: Math.max(low, claimed), low, high, isProven };
}

interface Found {
  readonly trials: readonly TrialOutcome[];
  readonly end: SearchEnd;
  readonly sustainable: SustainableRate | null;
}

function verdictOf(found: Found, neededPerSecond: number | undefined): SearchAnswer["verdict"] {
  const { trials, end, sustainable } = found;
  if (neededPerSecond !== undefined) {
    const { low = 0, high = Infinity } = provenRates(trials);
    if (low >= neededPerSecond) return "PASS";
    if (high <= neededPerSecond) return "FAIL";
  }
  if (end === "generator-limit" || end === "invalid-trials") return "INVALID";
  if (end === "not-recovered" || end === "start-rate-too-high") return "FAIL";
  if (neededPerSecond !== undefined || end === "interrupted") return "INCONCLUSIVE";
  return isLimitFound(end, sustainable) ? "PASS" : "INCONCLUSIVE";
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
  const [first] = (belief?.byObjective ?? []).toSorted(
    (one, other) => rateQuantile(one.belief, 0.5) - rateQuantile(other.belief, 0.5),
  );
  if (first !== undefined) return { id: first.id, label: first.label };
  const row = lowestOf(bad).rows.find(isBroken);
  return row === undefined ? null : { id: row.id, label: row.label };
}

function lowestOf(trials: readonly TrialOutcome[]): TrialOutcome {
  return trials.reduce((lowest, trial) =>
    trial.plan.ratePerSecond < lowest.plan.ratePerSecond ? trial : lowest,
  );
}
