/**
 * One run, from request to record: load, plan, prepare, setup, load, teardown, summary, record, verdict.
 * Everything after the record is computed from the record alone, so a verdict can be recomputed at any time.
 */
import { exitCodes } from "../base/errors.ts";
import { type Engine, openEngine } from "../engine/index.ts";
import { judge } from "../judge/index.ts";
import type { RunPlan } from "../plan/index.ts";
import { newRunId, openRunFolder, type RunRecord } from "../record/index.ts";
import { createShare, describeScenario, maxVusOver, totalDurationMs } from "../schedule/index.ts";
import { loadScript } from "../script/index.ts";
import type { RunContext } from "./context.ts";
import { planDemand } from "./demand-plan.ts";
import { describeEnvironment, lakhVersion } from "./environment.ts";
import { type LoadEnd, LoadPhase } from "./load-phase.ts";
import { planRun } from "./options.ts";
import { openRunOutputs } from "./outputs.ts";
import { buildRecord } from "./record-builder.ts";
import type { RunDeps, RunRequest, RunResult, RunStart } from "./request.ts";
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
  const bundle = await loadScript({
    ...request.script,
    cwd: deps.host.cwd,
    cacheDir: request.cacheDir,
    offline: request.offline,
    lower: request.lower,
    log: deps.logger,
  });
  const { clock, logger, minLogLevel } = deps;
  const setup = { bundle, env: request.env, workers: request.workers, logger, minLogLevel, clock };
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
    deps.events.onStart?.(startOf(plan, request.scriptName, outputs.descriptions));
    const load = new LoadPhase(engine, plan, { ...context, outputs });
    beforeLoad();
    return await conduct(engine, { load, plan, context });
  } finally {
    await outputs.stop();
  }
}

function startOf(plan: RunPlan, scriptName: string, outputs: readonly string[]): RunStart {
  const share = createShare(plan.share);
  return {
    scriptName,
    lengthShare: share.length,
    outputs,
    scenarios: plan.scenarios.map((each) => `${each.name}: ${describeScenario(each, share)}`),
    maxVus: maxVusOver(plan.scenarios, share),
    longestMs: totalDurationMs(plan.scenarios),
  };
}

async function conduct(
  engine: Engine,
  { load, plan, context }: { load: LoadPhase; plan: RunPlan; context: RunContext },
): Promise<RunResult> {
  const { request, deps } = context;
  const summaryRun = { plan, load, request, deps, scriptText: context.bundle.entryText };
  let ended: LoadEnd;
  try {
    ended = await load.conduct();
  } catch (error) {
    // As in k6: what there is is summed up even when setup() failed.
    if (load.hasBegun) deps.host.stdout.write((await summarize(engine, summaryRun)).text ?? "");
    throw error;
  }
  const startedAt = new Date(engine.startWallMs ?? deps.clock.wallMs());
  const outcome = outcomeOf(ended, load);
  const { data, text } = await summarize(engine, summaryRun);
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
  const { reason } = outcome;
  return {
    record,
    folder: context.folder.path,
    summaryText: text,
    block: load.block(),
    error: reason === "error" ? ended.teardownError : undefined,
    isReported: reason === "thresholds" && load.stoppedByThreshold,
    verdict,
  };
}

/** k6's precedence: teardown and abort beat a failed mark, which beats thresholds (k6: 1.5). The messages are k6's. */
function outcomeOf(ended: LoadEnd, load: LoadPhase): RunRecord["outcome"] {
  const { teardownError } = ended;
  if (load.signal !== undefined)
    return {
      exitCode: exitCodes.externalAbort,
      reason: "interrupted",
      message: `test run was aborted because lakh received a '${load.signal}' signal`,
    };
  if (load.abortReason !== undefined)
    return { exitCode: exitCodes.scriptAborted, reason: "aborted", message: load.abortReason };
  if (teardownError !== undefined)
    return { exitCode: teardownError.exitCode, reason: "error", message: teardownError.message };
  if (load.failedReason !== undefined) {
    return {
      exitCode: exitCodes.markedAsFailed,
      reason: "finished",
      message: "test run was marked as failed",
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
