/** Door of `plan`: from daily users and layered options to the frozen plan of a run. */
export type { Demand, PlanStep, SessionDemand } from "./demand.ts";
export type { DemandAssumption, DemandInput, DemandOrigins } from "./demand-inputs.ts";
export { computeDemand, dauFor } from "./demand.ts";
export { planErrorCodes } from "./errors.ts";
export type { EndpointObjective, Objectives } from "./objectives.ts";
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
export type { WorkloadFinding } from "./findings.ts";
export type { LoadForm } from "./forms.ts";
export { loadForms } from "./forms.ts";
export type { GeneratorNeed, RequestCost } from "./generators.ts";
export { computeGenerators, generatorsUnknown } from "./generators.ts";
export type { IterationProfile } from "./iteration.ts";
export { closedLoopRate, closedLoopVus } from "./iteration.ts";
export type { Journey, JourneyLoad, JourneyProfile } from "./journeys.ts";
export { journeySteps, meanIteration, splitByJourney } from "./journeys.ts";
export type { ClosedForm, OpenForm, SessionForm, Workload } from "./workload.ts";
export { computeWorkload, toScenario, trialVus } from "./workload.ts";
