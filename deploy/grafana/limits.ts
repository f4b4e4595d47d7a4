/**
 * Every limit that a dashboard draws or a rule compares with, in one place. What lakh judges by is taken from lakh
 * itself, so that a line in a chart and a line of the scorecard cannot differ.
 */
import { generatorLimits } from "../../src/judge/index.ts";
import { computeDemand, defaultObjectives } from "../../src/plan/index.ts";

const objectives = defaultObjectives(computeDemand({ dau: 100_000 }));

/** The success criteria for 100,000 daily users: 400 to 500 requests/s, p95 < 300 ms, errors < 0.1 %, 5,000 users. */
export const guideLimits: {
  readonly requestsPerSecond: { readonly min: number; readonly max: number };
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  readonly errorRatio: number;
  readonly vus: number;
  readonly cpuRatio: number;
} = {
  requestsPerSecond: {
    min: objectives.requestsPerSecond!.min,
    max: objectives.requestsPerSecond!.max!,
  },
  p95Seconds: objectives.latency.find(({ share }) => share === 0.95)!.limitMs / 1_000,
  p99Seconds: objectives.latency.find(({ share }) => share === 0.99)!.limitMs / 1_000,
  errorRatio: objectives.errorShare!,
  vus: objectives.peakUsers!,
  cpuRatio: objectives.cpuShare!,
};

/** Past these the generator has measured itself: the limits of the verdict INVALID, in the units of the series. */
export const generatorBounds: {
  readonly loopUtilization: number;
  /** Late starts and loop delays: this, or `delayRatio` of the tightest latency objective if that is more. */
  readonly delaySeconds: number;
  readonly delayRatio: number;
  readonly gcRatio: number;
  readonly stealRatio: number;
  readonly throttledRatio: number;
} = {
  loopUtilization: generatorLimits.loopUtilization,
  delaySeconds: generatorLimits.delayMs / 1_000,
  delayRatio: generatorLimits.delayShare,
  gcRatio: generatorLimits.gcShare,
  stealRatio: generatorLimits.stealShare,
  throttledRatio: generatorLimits.throttledShare,
};

/** When an alert fires. */
export const alertLimits = {
  /** Multiples of the allowed error ratio. */
  fastBurn: 14.4,
  slowBurn: 6,
  droppedRatio: 0.001,
  /** Newest sample of a run that goes on. */
  silenceSeconds: 20,
  achievedOfPlanned: 0.95,
  throttledRatio: 0.05,
  databaseConnectionsRatio: 0.8,
  /** Memory that reaches its limit within so long, if it goes on like this. */
  memoryHorizonSeconds: 86_400,
} as const;

/** Namespaces that hold no target. */
export const notTheTarget = 'namespace!~"kube-.*|.*monitoring"';
