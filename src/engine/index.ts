/**
 * Door of `engine`: runs scenarios of a compiled script on worker threads and reports ticks. It knows VUs, iterations
 * and time; it does not know what the numbers mean.
 */
export {
  type Engine,
  type EngineAssignment,
  type EngineEnd,
  type EngineEvents,
  type EngineSetup,
  type LifecycleResult,
  openEngine,
  type PreparedReport,
  tickIntervalMs,
} from "./host/engine.ts";
export { engineErrorCodes } from "./errors.ts";
export type { EngineTick } from "./host/fan-in.ts";
export {
  cutMark,
  exchangeCounts,
  type ExchangeParcel,
  type KeptExchange,
} from "./kept-exchange.ts";
export type {
  ExceptionReport,
  InitReport,
  ScenarioProgress,
  ScaleOrder,
  StopMode,
  SummaryOutcome,
  VuOptions,
  WorkerCounts,
  WorkerHealth,
} from "./protocol.ts";
export { breachError, unconfirmedLoad, unconfirmedRequestsPerSecond } from "./unconfirmed.ts";
