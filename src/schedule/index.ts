/** Door of `schedule`: what runs when, and which part of it an instance owns. Pure arithmetic; nothing here waits. */
export type { Arrivals } from "./arrival.ts";
export { createArrivals } from "./arrival.ts";
export { describeScenario } from "./describe.ts";
export { scheduleErrorCodes } from "./errors.ts";
export type {
  ConstantArrivalRatePlan,
  ConstantVusPlan,
  ExecutorName,
  PerVuIterationsPlan,
  RampingArrivalRatePlan,
  RampingVusPlan,
  ScenarioPlan,
  SharedIterationsPlan,
} from "./executors.ts";
export { parseScenario, parseScenarios, regularDurationMs, showScenarios } from "./executors.ts";
export type {
  ClosedLoopPlan,
  LoopingVusPlan,
  LoopPlan,
  OpenLoopPlan,
  PerVuLoopPlan,
  SharedLoopPlan,
} from "./loops.ts";
export { hasDueTimes, maxVusOver, plannedVusOver, toLoop, totalDurationMs } from "./loops.ts";
export { type PlannedNow, plannedAt } from "./planned.ts";
export type { Share, ShareSpec } from "./segment.ts";
export { createShare, wholeShare, wholeShareSpec } from "./segment.ts";
export type { VuStep } from "./stages.ts";
export { vuSteps } from "./stages.ts";
export type { Stage } from "./values.ts";
export {
  isRecord,
  parseStage,
  parseTextMap,
  parseWholeNumber,
  quoteValue,
  spellFields,
} from "./values.ts";
