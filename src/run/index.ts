/** Door of `run`: one run from request to record, and the processes around it. */
import type { LimitRecord } from "../record/index.ts";
import type { LimitDeps } from "./limit.ts";
import type { LimitRequest } from "./limit-request.ts";

export { type ArchiveRequest, archiveScript } from "./archive.ts";
export { type CampaignDeps, type CampaignRequest, runCampaign } from "./campaign.ts";
export { type CheckEvents, type CheckRequest, type CheckResult, checkScript } from "./check.ts";
export { type InspectRequest, inspectScript } from "./inspect.ts";
export type { ScriptUse } from "./script-source.ts";
export type { DemandPlan, DemandRequest, Probe, VuSizing } from "./demand-plan.ts";
export { k6CompatibilityVersion, lakhVersion, nodeVersion, packageRoot } from "./environment.ts";
export { runErrorCodes } from "./errors.ts";
export type { LimitDeps, TrialHooks } from "./limit.ts";
export type { LimitObjectives, LimitRequest } from "./limit-request.ts";
export type {
  RunDeps,
  RunDetail,
  RunEvents,
  RunRequest,
  RunResult,
  RunStart,
  RunTick,
  ScenarioDetail,
} from "./request.ts";
export { findInstalledK6 } from "./find-k6.ts";
export { executeRun } from "./run.ts";
export { startTargetProcess, type TargetProcess } from "./target-process.ts";

/**
 * Searches for the largest rate that meets the objectives; what does it is read from disk when it is asked for.
 * @throws LakhError RECORD_WRITE, and what keeps a run from beginning (what was found before is told then, too)
 */
export async function runLimit(request: LimitRequest, deps: LimitDeps): Promise<LimitRecord> {
  return (await import("./limit.ts")).runLimit(request, deps);
}
