/** Door of `plan`: from daily users and layered options to the frozen plan of a run. */
export type { Demand, DemandAssumption, DemandInput, PlanStep } from "./demand.ts";
export { computeDemand, dauFor } from "./demand.ts";
export { planErrorCodes } from "./errors.ts";
export type { Objectives } from "./objectives.ts";
export { defaultObjectives } from "./objectives.ts";
export type { DnsOption } from "./network-kinds.ts";
export { resolveDns } from "./network-kinds.ts";
export type { TlsAuthOption, TlsVersionOption } from "./tls-kinds.ts";
export { resolveTls } from "./tls-kinds.ts";
export type { StageOption } from "./option-kinds.ts";
export type { ThresholdOption } from "./threshold-kind.ts";
export type { OptionField, OptionFields } from "./option-table.ts";
export type {
  ConsolidatedOptions,
  MergedOptions,
  OptionLayer,
  OptionLayerName,
} from "./options.ts";
export { mergeLayers, mergeOptions, optionsFromEnv, parseOptions } from "./options.ts";
export type { Phase } from "./phases.ts";
export { checkPhases, compressPhase, guidePhases, phaseDemand, phaseTimes } from "./phases.ts";
export type { RunPlan } from "./run-plan.ts";
export { deriveRunPlan, recordedOptions } from "./run-plan.ts";
export { optionsForScript, showOptions, writtenBackOptions } from "./shown-options.ts";
export type { StatedRate } from "./stated-rate.ts";
export { compareStatedRate, isStatedRate } from "./stated-rate.ts";
export type {
  ClosedForm,
  IterationProfile,
  OpenForm,
  Workload,
  WorkloadFinding,
} from "./workload.ts";
export {
  closedLoopRate,
  closedLoopVus,
  computeWorkload,
  toScenario,
  trialVus,
} from "./workload.ts";
