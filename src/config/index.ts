/** Door of `config`: `lakh.config.ts`, from what a person writes to what the commands use. */
export type {
  AudienceConfig,
  DurationText,
  EndpointObjectivesConfig,
  JourneyConfig,
  LakhConfig,
  MetricsSource,
  NotJudged,
  ObjectivesConfig,
  ObserveConfig,
  ObservePreset,
  PhaseConfig,
  ProcessSource,
  PrometheusSource,
  ShareText,
  TargetConfig,
} from "./config.ts";
export { defineConfig } from "./config.ts";
export { configErrorCodes } from "./errors.ts";
export { configFileNames, loadConfig } from "./load.ts";
export type { EndpointObjectives, StatedObjectives } from "./objectives.ts";
export { statedObjectives } from "./objectives.ts";
export { configJsonSchema } from "./parse.ts";
export type { Phase, ResolvedConfig } from "./resolved.ts";
