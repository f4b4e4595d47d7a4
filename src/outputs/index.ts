/** Door of `outputs`: where a run's samples are written to while it goes on. */
export type { MetricOptions, ObjectiveFact, OutputContext, RunFacts } from "./context.ts";
export { outputsErrorCodes } from "./errors.ts";
export type {
  GeneratorMoment,
  MomentPhase,
  PlannedLoad,
  RunMoment,
  TargetReading,
} from "./moment.ts";
export type { Interval, Output, RunTotals, Samples, SampleSeries } from "./output.ts";
export { parseWriteUrl } from "./prometheus/write-url.ts";
export { noOutputs, openOutputs, type Outputs, outputsOf } from "./outputs.ts";
