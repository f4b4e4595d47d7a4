/** Door of `api`: k6's REST API over a run that goes on. It knows the run only as {@link RunControl}. */
export type {
  CheckView,
  GroupView,
  MetricView,
  RunControl,
  RunPhase,
  RunStatus,
  ScaleRequest,
} from "./control.ts";
export { Refusal, runPhases } from "./control.ts";
export { apiErrorCodes } from "./errors.ts";
export { type ApiServer, startApiServer } from "./server.ts";
