/**
 * What trials prove. A PASS or FAIL of one trial is a proof with 95 % confidence, but among many trials some are lucky:
 * - few violations hide how alike neighbours are, so no trial is taken for more independent than most of them near by;
 * - a trial that passes at a rate which all trials together put near the limit, or above it, is luck, as is one that
 *   fails far below.
 */
import { lowerBound, upperBound } from "../judge/index.ts";
import { usualDeff } from "./likeness.ts";
import { believe, rateQuantile, type ResponseBelief } from "./response.ts";
import type { SearchSettings } from "./settings.ts";
import { isBad, isGood, rateOf, searchTrials, sideOf, type TrialOutcome } from "./trial.ts";

/** Rates between which the limit lies; either may not be known yet. */
export interface Bracket {
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** The largest rate that looks good below the smallest that looks bad. A good trial above a bad one is taken for luck. */
export function bracketOf(trials: readonly TrialOutcome[]): Bracket {
  const counted = searchTrials(trials);
  const high = Math.min(Infinity, ...counted.filter(isBad).map(rateOf));
  const low = Math.max(
    0,
    ...counted
      .filter(isGood)
      .map(rateOf)
      .filter((rate) => rate < high),
  );
  return { low: low > 0 ? low : undefined, high: Number.isFinite(high) ? high : undefined };
}

/** What all trials together say; undefined as long as there is none on either side. */
export function beliefOf(trials: readonly TrialOutcome[]): ResponseBelief | undefined {
  const counted = searchTrials(trials).filter((trial) => sideOf(trial) !== "invalid");
  const good = counted.filter(isGood).map(rateOf);
  const bad = counted.filter(isBad).map(rateOf);
  if (good.length === 0 || bad.length === 0) return undefined;
  const [low, high] = [Math.min(...bad), Math.max(...good)].sort((one, other) => one - other);
  const inner = bracketOf(counted);
  return believe(counted, {
    low: Math.min(low!, inner.low ?? low!),
    high: Math.max(high!, inner.high ?? high!),
  });
}

/** Below this probability a trial that fails is taken for disturbed. */
const disturbed = 0.025;

/** What is claimed lies below the limit with six to one; a trial that passes above that was lucky. */
export const claimQuantile = 0.15;

/** The largest rate that was proven to hold, and the smallest above it that was proven not to. */
export function provenRates(
  { confidence }: Pick<SearchSettings, "confidence">,
  trials: readonly TrialOutcome[],
  belief: ResponseBelief | undefined = beliefOf(trials),
): Bracket {
  const counted = searchTrials(trials);
  const probability = 1 - confidence;
  const [least, most] =
    belief === undefined
      ? [0, Infinity]
      : [disturbed, claimQuantile].map((quantile) => rateQuantile(belief.joint, quantile));
  const failing = counted
    .filter((trial) => sideOf(trial) === "fails" && isBrokenBeyondDoubt(trial, probability))
    .map(rateOf);
  const high = Math.min(Infinity, ...failing.filter((rate) => rate >= least!));
  const holding = counted
    .filter((trial) => sideOf(trial) === "holds" && isUsuallyProven(trial, counted, probability))
    .map(rateOf);
  const low = Math.max(0, ...holding.filter((rate) => rate < high && rate <= most!));
  return { low: low > 0 ? low : undefined, high: Number.isFinite(high) ? high : undefined };
}

function isUsuallyProven(
  trial: TrialOutcome,
  trials: readonly TrialOutcome[],
  probability: number,
): boolean {
  const logRate = Math.log(rateOf(trial));
  return trial.rows.every(({ id, count }) => {
    if (count === undefined) return true;
    const { requests, violations, allowedShare } = count;
    const deff = Math.max(count.deff, usualDeff(trials, id, logRate));
    return upperBound(violations / deff, requests / deff, probability) < allowedShare;
  });
}

/** What failed without a count (a collapse, load that was not taken up) needs none. */
function isBrokenBeyondDoubt({ rows }: TrialOutcome, probability: number): boolean {
  const failed = rows.filter(({ status }) => status === "FAIL");
  return (
    failed.length === 0 ||
    failed.some(({ count }) => {
      if (count === undefined) return true;
      const { requests, violations, allowedShare, deff } = count;
      return lowerBound(violations / deff, requests / deff, probability) > allowedShare;
    })
  );
}
