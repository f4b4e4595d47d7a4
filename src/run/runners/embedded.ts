/** The runner `embedded`: lakh's own engine, on threads of this process. */
import { exitCodes } from "../../base/errors.ts";
import { type Engine, openEngine } from "../../engine/index.ts";
import type { RunPlan } from "../../plan/index.ts";
import { loadScript } from "../../script/index.ts";
import type { RunContext } from "../context.ts";
import { planDemand } from "../demand-plan.ts";
import { type LoadEnd, LoadPhase } from "../load-phase.ts";
import { planRun } from "../options.ts";
import { openRunOutputs } from "../outputs.ts";
import { checksOf, toMetricRecords, toThresholdRecord } from "../record-builder.ts";
import type { RunRecord } from "../../record/index.ts";
import type { FinishedRun, Runner, RunnerParts } from "../runner.ts";
import { summarize } from "../summary.ts";
import { runEmbeddedTrial } from "./embedded-trial.ts";

/** @throws LakhError when the script cannot be loaded, its options are wrong, or its setup fails */
export const runEmbedded: Runner = async (parts) => {
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
      : await planDemand({ ...request.demand, targetCores: request.targetCores }, () =>
          runEmbeddedTrial(setup, request.cliOptions),
        );
  if (demand !== undefined) deps.events.onDemand?.(demand);

  const engine = await openEngine(setup);
  try {
    return await runOn(engine, { ...parts, bundle, demand }, parts);
  } finally {
    await engine.close();
  }
};

async function runOn(
  engine: Engine,
  context: RunContext,
  { beforeLoad }: RunnerParts,
): Promise<FinishedRun> {
  const { request, deps, demand } = context;
  const plan = planRun(engine.init, { request, demand, host: deps.host, logger: deps.logger });
  const outputs = await openRunOutputs(plan, context);
  try {
    deps.events.onPlan?.(plan);
    const load = new LoadPhase(engine, plan, { ...context, outputs });
    beforeLoad();
    return await conduct(engine, { load, plan, context });
  } finally {
    await outputs.stop();
  }
}

async function conduct(
  engine: Engine,
  { load, plan, context }: { load: LoadPhase; plan: RunPlan; context: RunContext },
): Promise<FinishedRun> {
  const { request, deps, demand, bundle } = context;
  const ended = await load.conduct();
  const startedAt = new Date(engine.startWallMs ?? deps.clock.wallMs());
  const outcome = outcomeOf(ended, load);
  const { data, text } = await summarize(engine, {
    plan,
    load,
    request,
    deps,
    scriptText: bundle.entryText,
  });
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
    outcome,
    startedAt,
    exceptions: ended.exceptions,
    summaryText: text,
  };
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
