/**
 * One run, from request to record: load, plan, prepare, setup, load, teardown, summary, record, verdict.
 * Everything after the record is computed from the record alone, so a verdict can be recomputed at any time.
 */
import { exitCodes } from "../base/errors.ts";
import { type Engine, openEngine } from "../engine/index.ts";
import { judge } from "../judge/index.ts";
import type { RunPlan } from "../plan/index.ts";
import { newRunId, openRunFolder, type RunRecord } from "../record/index.ts";
import type { RunContext } from "./context.ts";
import { planDemand } from "./demand-plan.ts";
import { engineSetupFor } from "./engine-setup.ts";
import { describeEnvironment, lakhVersion } from "./environment.ts";
import { linger, openLiveApi } from "./live-api.ts";
import { type LoadEnd, LoadPhase } from "./load-phase.ts";
import { planRun } from "./options.ts";
import { openRunOutputs } from "./outputs.ts";
import { buildRecord } from "./record-builder.ts";
import type { RunDeps, RunRequest, RunResult } from "./request.ts";
import { summarize } from "./summary.ts";

/**
 * Runs a script and writes its record.
 * @throws LakhError when the run could not begin or its setup failed; failing requests, checks and thresholds do not throw
 */
export async function executeRun(request: RunRequest, deps: RunDeps): Promise<RunResult> {
  const id = newRunId(deps.clock.wallMs(), request.label);
  const folder = openRunFolder(request.runsDir, id);
  // Until load is sent there is nothing to end gracefully.
  const release = deps.host.onInterrupt(() => {
    folder.discard();
    deps.host.exitNow(exitCodes.externalAbort);
  });
  try {
    return await runInFolder({ id, folder, request, deps }, release);
  } finally {
    release();
    folder.discard();
  }
}

async function runInFolder(
  parts: Pick<RunContext, "id" | "folder" | "request" | "deps">,
  beforeLoad: () => void,
): Promise<RunResult> {
  const { request, deps } = parts;
  const freezesEnv = request.features.names.includes("freeze-env");
  const { bundle, setup } = await engineSetupFor({ ...request, freezesEnv }, deps);
  const demand =
    request.demand === undefined
      ? undefined
      : await planDemand(setup, { ...request.demand, ...request });
  if (demand !== undefined) deps.events.onDemand?.(demand);

  const engine = await openEngine(setup);
  try {
    return await runOn(engine, { ...parts, bundle, demand }, beforeLoad);
  } finally {
    await engine.close();
  }
}

async function runOn(
  engine: Engine,
  context: RunContext,
  beforeLoad: () => void,
): Promise<RunResult> {
  const { request, deps, demand } = context;
  const plan = planRun(engine.init, { request, demand, host: deps.host, logger: deps.logger });
  const outputs = await openRunOutputs(plan, context);
  try {
    deps.events.onPlan?.(plan);
    const load = new LoadPhase(engine, plan, { ...context, outputs });
    const api = await openLiveApi(load, plan, context);
    try {
      beforeLoad();
      return await conduct(engine, { load, plan, context });
    } finally {
      await api?.close();
    }
  } finally {
    await outputs.stop();
  }
}

async function conduct(
  engine: Engine,
  { load, plan, context }: { load: LoadPhase; plan: RunPlan; context: RunContext },
): Promise<RunResult> {
  const { request, deps } = context;
  const ended = await load.conduct();
  if (request.linger && !load.interrupted) await linger(deps);
  const startedAt = new Date(engine.startWallMs ?? deps.clock.wallMs());
  const outcome = outcomeOf(ended, load);
  const { data, text } = await summarize(engine, { plan, load, request, deps });
  const record: RunRecord = buildRecord({
    context,
    plan,
    load,
    outcome,
    startedAt,
    summaryData: data,
    exceptions: ended.exceptions,
    environment: describeEnvironment(request.workers),
    lakhVersion: lakhVersion(),
  });
  context.folder.commit(record);
  const verdict = record.objectives === null ? undefined : judge(record);
  return { record, folder: context.folder.path, summaryText: text, verdict };
}

/** k6's precedence: teardown and abort beat a failed mark, which beats thresholds (k6: 1.5). */
function outcomeOf(ended: LoadEnd, load: LoadPhase): RunRecord["outcome"] {
  const { teardownError } = ended;
  if (load.interrupted)
    return {
      exitCode: exitCodes.externalAbort,
      reason: "interrupted",
      message: "stopped by a signal",
    };
  if (load.stoppedByApi)
    return {
      exitCode: exitCodes.stoppedByApi,
      reason: "interrupted",
      message: "test run stopped from REST API",
    };
  if (load.abortReason !== undefined) {
    return {
      exitCode: exitCodes.scriptAborted,
      reason: "aborted",
      message: `test aborted: ${load.abortReason}`,
    };
  }
  if (teardownError !== undefined)
    return { exitCode: teardownError.exitCode, reason: "error", message: teardownError.message };
  if (load.failedReason !== undefined) {
    return {
      exitCode: exitCodes.markedAsFailed,
      reason: "finished",
      message: `marked as failed: ${load.failedReason}`,
    };
  }
  const crossed = load.thresholdResults.filter(({ ok }) => !ok).map(({ metric }) => metric);
  if (crossed.length > 0) {
    const names = [...new Set(crossed)].join(", ");
    return {
      exitCode: exitCodes.thresholdsFailed,
      reason: "thresholds",
      message: `thresholds on metrics '${names}' have been crossed`,
    };
  }
  return { exitCode: exitCodes.ok, reason: "finished", message: null };
}
