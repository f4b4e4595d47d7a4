/** Door of `record`: the one file that everything after a run reads. */
export { recordErrorCodes } from "./errors.ts";
export { listRuns, readRecord } from "./read.ts";
export type {
  CheckRecord,
  EndpointRecord,
  GeneratorHealthRecord,
  IntervalRecord,
  MetricRecord,
  ObjectivesRecord,
  ManualScalingRecord,
  ObservationRecord,
  PlanStepRecord,
  RunRecord,
  ScenarioRecord,
  ThresholdRecord,
} from "./schema.ts";
export { newRunId, openRunFolder, type RunFolder } from "./write.ts";
