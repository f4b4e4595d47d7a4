/** Door of `run`: one run from request to record, and the processes around it. */
export { type ArchiveRequest, archiveScript } from "./archive.ts";
export { type CampaignDeps, type CampaignRequest, runCampaign } from "./campaign.ts";
export { type CheckEvents, type CheckRequest, type CheckResult, checkScript } from "./check.ts";
export { type InspectRequest, inspectScript } from "./inspect.ts";
export type { ScriptUse } from "./script-source.ts";
export type { DemandPlan, DemandRequest, Probe, VuSizing } from "./demand-plan.ts";
export { k6CompatibilityVersion, lakhVersion, nodeVersion, packageRoot } from "./environment.ts";
export { runErrorCodes } from "./errors.ts";
export {
  type LimitDeps,
  runLimit,
  type TrialHooks,
} from "./limit.ts";
export type { LimitObjectives, LimitRequest } from "./limit-request.ts";
export type {
  RunDeps,
  RunEvents,
  RunRequest,
  RunResult,
  RunStart,
  RunTick,
} from "./request.ts";
export { findInstalledK6 } from "./find-k6.ts";
export { executeRun } from "./run.ts";
export { startTargetProcess, type TargetProcess } from "./target-process.ts";
