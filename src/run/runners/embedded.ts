/** The runner `embedded`: lakh's own engine, on threads of this process. */
import { exitCodes } from "../../base/errors.ts";
import type { RunView } from "../../dashboard/index.ts";
import { type Engine, type EngineSetup, openEngine } from "../../engine/index.ts";
import type { RunPlan } from "../../plan/index.ts";
import type { RunContext } from "../context.ts";
import { openDashboardRun, runViewOf, thresholdStates } from "../dashboard-run.ts";
import { type DemandPlan, planDemand, refuseUnconfirmed } from "../demand-plan.ts";
import { engineSetupFor } from "../engine-setup.ts";
import { linger, openLiveApi } from "../live-api.ts";
import { LiveRun } from "../live-run.ts";
import { type LoadEnd, LoadPhase, runThresholds } from "../load-phase.ts";
import { planRun } from "../options.ts";
import { openRunOutputs } from "../outputs.ts";
import { runStart } from "../progress-block.ts";
import { checksOf, toMetricRecords, toThresholdRecord } from "../record-builder.ts";
import type { ObjectivesRecord, RunRecord } from "../../record/index.ts";
import type { FinishedRun, Runner, RunnerParts } from "../runner.ts";
import { addSecrets } from "../secrecy.ts";
import { summarize } from "../summary.ts";
import { runEmbeddedTrial } from "./embedded-trial.ts";

/** @throws LakhError when the script cannot be loaded, its options are wrong, or its setup fails */
export const runEmbedded: Runner = async (parts) => {
  const opened = openScriptOf(parts);
  const engine = await openEngine(
    parts.request.workers,
    opened.then(({ setup }) => setup),
  );
  try {
    const { setup, demand } = await opened;
    return await runOn(engine, { ...parts, bundle: setup.bundle, demand }, parts);
  } finally {
    await engine.close();
  }
};

/** The script, loaded; with --dau the load, which a trial of the script tells. */
async function openScriptOf({
  request,
  deps,
}: RunnerParts): Promise<{ setup: EngineSetup; demand: DemandPlan | undefined }> {
  const freezesEnv = request.features.names.includes("freeze-env");
  const setup = await engineSetupFor({ ...request, freezesEnv }, deps);
  if (request.demand === undefined) return { setup, demand: undefined };
  const { targetCores, cliOptions, confirmedHosts = [] } = request;
  const { journeys } = request.demand;
  const networkEnv = deps.host.env;
  const demand = await planDemand(request.demand, {
    targetCores,
    runTrial: () => runEmbeddedTrial(setup, { cliOptions, confirmedHosts, networkEnv, journeys }),
  });
  deps.events.onDemand?.(demand);
  refuseUnconfirmed(demand);
  return { setup, demand };
}

async function runOn(
  engine: Engine,
  context: RunContext,
  { beforeLoad }: RunnerParts,
): Promise<FinishedRun> {
  const { request, deps, demand } = context;
  const plan = planRun(engine.init, { request, demand, host: deps.host, logger: deps.logger });
  for (const { env } of plan.scenarios) addSecrets(deps.redactor, env);
  const thresholds = runThresholds(engine, plan, request.noThresholds);
  const shown = openDashboardRun(plan, context);
  const outputs = await openRunOutputs(plan, context, shown === undefined ? [] : [shown]);
  try {
    deps.events.onPlan?.(plan);
    deps.events.onStart?.(runStart(plan, request.scriptName, outputs.descriptions));
    const load = new LoadPhase(engine, plan, { ...context, ...thresholds, outputs });
    if (shown !== undefined) shown.attach(await loadView(load, plan, demand?.objectives));
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

/** The load as the dashboard sees it. */
function loadView(
  load: LoadPhase,
  plan: RunPlan,
  objectives: ObjectivesRecord | undefined,
): Promise<RunView> {
  const control = new LiveRun(load, plan);
  return runViewOf({
    control,
    scalable: () => control.scalableNow(),
    thresholds: () => thresholdStates(load.thresholds, load.thresholdResults),
    collector: load.collector,
    window: load.window,
    plan,
    runner: "embedded",
    objectives,
  });
}

async function conduct(
  engine: Engine,
  { load, plan, context }: { load: LoadPhase; plan: RunPlan; context: RunContext },
): Promise<FinishedRun> {
  const { request, deps, demand, bundle } = context;
  const summaryRun = { plan, load, request, deps, scriptText: bundle.entryText };
  let ended: LoadEnd;
  try {
    ended = await load.conduct();
  } catch (error) {
    // As in k6: what there is is summed up even when setup() failed.
    if (load.hasBegun) deps.host.stdout.write((await summarize(engine, summaryRun)).text ?? "");
    throw error;
  }
  if (request.linger && load.signal === undefined) await linger(deps);
  const startedAt = new Date(engine.startWallMs ?? deps.clock.wallMs());
  const outcome = outcomeOf(ended, load);
  const { data, text } = await summarize(engine, summaryRun);
  const { collector, window, observations } = load;
  return {
    runner: "embedded",
    script: { path: bundle.entryPath, sha256: bundle.sha256 },
    plan,
    demand,
    collector,
    window,
    health: collector.health,
    metrics: toMetricRecords(data),
    thresholds: load.thresholdResults.map(toThresholdRecord),
    checks: checksOf(collector.whole),
    observations,
    scalings: load.scalings,
    outcome,
    startedAt,
    exceptions: ended.exceptions,
    exchanges: load.exchanges?.toRecord(),
    summaryText: text,
    block: load.block(),
    error: outcome.reason === "error" ? (ended.failure ?? ended.teardownError) : undefined,
    isReported:
      outcome.reason === "overload" || (outcome.reason === "thresholds" && load.stoppedByThreshold),
  };
}

/** The death of a worker, which k6 does not know; then k6's precedence: teardown and abort beat a failed mark, which beats thresholds (k6: 1.5). The messages are k6's. */
function outcomeOf(ended: LoadEnd, load: LoadPhase): RunRecord["outcome"] {
  const { failure, teardownError } = ended;
  if (failure !== undefined)
    return { exitCode: failure.exitCode, reason: "error", message: failure.message };
  if (load.signal !== undefined)
    return {
      exitCode: exitCodes.externalAbort,
      reason: "interrupted",
      message: `test run was aborted because lakh received a '${load.signal}' signal`,
    };
  if (load.stoppedByApi)
    return {
      exitCode: exitCodes.stoppedByApi,
      reason: "interrupted",
      message: "test run stopped from REST API",
    };
  if (load.abortReason !== undefined)
    return { exitCode: exitCodes.scriptAborted, reason: "aborted", message: load.abortReason };
  if (teardownError !== undefined)
    return { exitCode: teardownError.exitCode, reason: "error", message: teardownError.message };
  if (load.overload !== undefined)
    return { exitCode: exitCodes.thresholdsFailed, reason: "overload", message: load.overload };
  if (load.failedReason !== undefined) {
    return {
      exitCode: exitCodes.markedAsFailed,
      reason: "finished",
      message: "test run was marked as failed",
    };
  }
  const crossed = load.thresholdResults.filter(({ ok }) => !ok).map(({ metric }) => metric);
  if (crossed.length > 0) {
    const names = [...new Set(crossed)].sort().join(", ");
    return {
      exitCode: exitCodes.thresholdsFailed,
      reason: "thresholds",
      message: `thresholds on metrics '${names}' have been crossed`,
    };
  }
  return { exitCode: exitCodes.ok, reason: "finished", message: null };
}
