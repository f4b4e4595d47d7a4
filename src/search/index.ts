/**
 * Door of `search`: which rate to try next, and what follows from what was tried. Pure: no clock, no I/O, no Node module.
 */
export {
  answerOf,
  type LimitedBy,
  type SearchAnswer,
  type SustainableRate,
} from "./answer.ts";
export {
  addTrial,
  nextTrial,
  type NextTrial,
  recoveryLimitMs,
  recoveryPlan,
  type SearchEnd,
  type SearchState,
  startSearch,
} from "./search.ts";
export { findKnee, type Knee } from "./knee.ts";
export { leastWarmUpMs, type SearchSettings } from "./settings.ts";
export { fitUsl, type UslFinding, type UslFit } from "./usl.ts";
export {
  isGood,
  sideOf,
  type TrialCount,
  type TrialOutcome,
  type TrialPlan,
  type TrialPurpose,
  type TrialRow,
  type TrialSide,
} from "./trial.ts";
