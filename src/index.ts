/**
 * lakh as a library: run a script, plan a load, judge a record. Nothing else is public.
 */
export { exitCodes, LakhError } from "./base/errors.ts";
export type { Host, TextStream } from "./base/host.ts";
export {
  type AudienceConfig,
  defineConfig,
  type EndpointObjectivesConfig,
  type JourneyConfig,
  type LakhConfig,
  type MetricsSource,
  type ObjectivesConfig,
  type ObserveConfig,
  type PhaseConfig,
  type ProcessSource,
  type PrometheusSource,
  type TargetConfig,
} from "./config/index.ts";
export { type CriterionResult, exitCodeFor, judge, type Verdict } from "./judge/index.ts";
export {
  computeDemand,
  computeWorkload,
  type Demand,
  type DemandInput,
  type Workload,
} from "./plan/index.ts";
export { readRecord, type RunRecord } from "./record/index.ts";
export {
  executeRun,
  type RunDeps,
  type RunEvents,
  type RunRequest,
  type RunResult,
} from "./run/index.ts";
