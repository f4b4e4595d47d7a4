/** What a search is asked to do, and what follows from it for the length of its trials. */
import { smallestPassingCount } from "../judge/index.ts";

export interface SearchSettings {
  readonly startRatePerSecond: number;
  /** Never more than this; undefined: no limit but the generator's. */
  readonly maxRatePerSecond: number | undefined;
  /** Recovery checks not counted. */
  readonly maxTrials: number;
  /** No trial begins that would end later than this after the start; undefined: none is refused. */
  readonly maxDurationMs: number | undefined;
  readonly warmUpMs: number;
  /** Steady state of a trial while the limit is searched for. */
  readonly trialMs: number;
  /** A confirming trial is as long as its proof needs, and at most this. */
  readonly longestTrialMs: number;
  /** One-sided, of each bound; at least 0.95, which is what a trial is judged at. */
  readonly confidence: number;
  /** Relative width at which the interval is narrow enough. */
  readonly width: number;
  /** Allowed shares of the objectives: they say how many requests a proof needs. */
  readonly allowedShares: readonly number[];
  /** Largest latency limit; undefined without one. */
  readonly latencyLimitMs: number | undefined;
  /** How long an iteration takes at low load; undefined before the first trial. */
  readonly iterationMs?: number | undefined;
}

/** Fewer seconds than this say too little of how alike neighbouring requests are: no trial passes before. */
const leastProofMs = 20_000;
/** More than an objective needs without any violation: there will be some. */
const proofMargin = 1.5;
/**
 * Overload shows when its backlog has grown to the latency limit: at 3 % too much after a trial of 33 limits. Shorter
 * trials would take it for a rate that holds.
 */
const limitsATrial = 34;

/** The least steady state in which overload by 3 % can be seen. */
export function leastTrialMs({ latencyLimitMs }: Pick<SearchSettings, "latencyLimitMs">): number {
  return limitsATrial * (latencyLimitMs ?? 0);
}

/** A queue that starts empty has to fill before it is judged. */
const limitsAWarmUp = 10;
/** The load is whole when the first iterations have made all of their requests. */
const iterationsAWarmUp = 1.2;

/** The least warm-up: in it the load gets whole, and the backlog of a stable target comes near its usual length. */
export function leastWarmUpMs({
  latencyLimitMs = 0,
  iterationMs = 0,
}: Pick<SearchSettings, "latencyLimitMs" | "iterationMs">): number {
  return Math.max(limitsAWarmUp * latencyLimitMs, iterationsAWarmUp * iterationMs);
}

/** The least steady state of a trial that is to prove that a rate holds. */
export function leastProvingMs(settings: SearchSettings, ratePerSecond: number): number {
  const { allowedShares, trialMs, longestTrialMs } = settings;
  const requests = Math.max(0, ...allowedShares.map((share) => smallestPassingCount(0, share)));
  const neededMs = ((requests * proofMargin) / ratePerSecond) * 1_000;
  const leastMs = Math.max(leastProofMs, trialMs, leastTrialMs(settings));
  return Math.max(leastMs, Math.min(longestTrialMs, neededMs));
}
