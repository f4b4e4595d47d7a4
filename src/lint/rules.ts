/** All rules, in the order in which findings of one severity are told: what falsifies the verdict first. */
import type { Rule } from "./rule.ts";
import { tagCardinality, urlCardinality } from "./rules/cardinality.ts";
import {
  checksWithoutThreshold,
  constantCheck,
  contentUnchecked,
  iterationsThrow,
  parseBeforeCheck,
} from "./rules/checks.ts";
import {
  bodiesKept,
  dataPerVu,
  discardedBodyRead,
  requestArguments,
  sameSequence,
} from "./rules/data.ts";
import {
  cdnInFront,
  connectionPerRequest,
  dnsForever,
  generatorLimits,
  loopbackTarget,
  pinnedConnections,
} from "./rules/network.ts";
import { oneSidedRate } from "./rules/rates.ts";
import {
  environmentAsState,
  oneIdentity,
  setupGlobal,
  setupInMetrics,
  setupTokenExpires,
} from "./rules/setup.ts";
import {
  abortWithoutDelay,
  averageOnly,
  rampInPercentiles,
  thresholdWithoutSamples,
  tooFewSamples,
} from "./rules/thresholds.ts";
import {
  closedModelForRate,
  dauAsVus,
  loadMissesGoal,
  noThinkTime,
  sleepAtArrivalEnd,
  vuPoolTooSmall,
} from "./rules/workload.ts";

export const lintRules: readonly Rule[] = [
  iterationsThrow,
  oneSidedRate,
  thresholdWithoutSamples,
  checksWithoutThreshold,
  constantCheck,
  parseBeforeCheck,
  contentUnchecked,
  closedModelForRate,
  loadMissesGoal,
  dauAsVus,
  vuPoolTooSmall,
  noThinkTime,
  sleepAtArrivalEnd,
  urlCardinality,
  tagCardinality,
  rampInPercentiles,
  tooFewSamples,
  averageOnly,
  abortWithoutDelay,
  setupGlobal,
  setupInMetrics,
  setupTokenExpires,
  oneIdentity,
  environmentAsState,
  sameSequence,
  requestArguments,
  discardedBodyRead,
  bodiesKept,
  dataPerVu,
  generatorLimits,
  connectionPerRequest,
  pinnedConnections,
  dnsForever,
  cdnInFront,
  loopbackTarget,
];
