/**
 * The runner `k6`: the real k6 sends the load, and lakh makes of its samples the same record, scorecard and verdict as
 * of its own engine's. k6 reads the script and its options, judges the thresholds and prints its summary itself.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { exitCodes, LakhError } from "../../../base/errors.ts";
import { silentLogger } from "../../../base/log.ts";
import { compileThresholds, evaluateThresholds } from "../../../metrics/index.ts";
import { noOutputs, type Outputs, outputsOf } from "../../../outputs/index.ts";
import type { RunPlan } from "../../../plan/index.ts";
import type {
  MetricRecord,
  ObservationRecord,
  RunRecord,
  ThresholdRecord,
} from "../../../record/index.ts";
import {
  type DemandPlan,
  demandOptions,
  planDemand,
  refuseUnconfirmed,
} from "../../demand-plan.ts";
import type { RunErrorCode } from "../../errors.ts";
import { observeTarget } from "../../observe-target.ts";
import { planRun } from "../../options.ts";
import { requestedOutputs } from "../../outputs.ts";
import { checksOf, toThresholdRecord } from "../../record-builder.ts";
import type { RunDeps, RunRequest } from "../../request.ts";
import type { FinishedRun, Runner, RunnerParts } from "../../runner.ts";
import { hashOfScript } from "../../script-source.ts";
import { addSecrets } from "../../secrecy.ts";
import { openDashboardRun } from "../../dashboard-run.ts";
import { findK6 } from "./binary.ts";
import { outputsForK6, runArguments } from "./command.ts";
import { K6Load } from "./load.ts";
import { k6View } from "./on-dashboard.ts";
import { makeReadable } from "./readable.ts";
import { archiveWithOptions, type K6Shell } from "./script-options.ts";
import { withStartLags } from "./start-lag.ts";
import { exportedMetrics, exportedThresholds, type SummaryExport } from "./summary-export.ts";
import { runK6Trial, type TrialParts } from "./trial.ts";

/** @throws LakhError K6_MISSING, K6_TOO_OLD, K6_FAILED, and what is wrong with the options */
export const runK6: Runner = async (parts) => {
  const { host } = parts.deps;
  const binary = await findK6(host);
  const shell: K6Shell = { binary, cwd: host.cwd, env: host.env };
  const folder = await mkdtemp(join(tmpdir(), "lakh-k6-"));
  try {
    return await runIn(folder, shell, parts);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function runIn(folder: string, shell: K6Shell, parts: RunnerParts): Promise<FinishedRun> {
  const { deps } = parts;
  const { request, options } = await makeReadable(folder, shell, parts);
  const demand = await demandOf(folder, shell, { request, deps, options });
  if (demand !== undefined) {
    deps.events.onDemand?.(demand);
    refuseUnconfirmed(demand);
  }
  // k6 says itself what it makes of the options; what lakh's engine would leave out does not matter here.
  const plan = planRun({ options }, { request, demand, host: deps.host, logger: silentLogger });
  for (const { env } of plan.scenarios) addSecrets(deps.redactor, env);
  deps.events.onPlan?.(plan);

  const summaryPath = request.summaryExport ?? join(folder, "summary.json");
  const printed: string[] = [];
  const shown = openDashboardRun(plan, { ...parts, demand });
  const load = await startLoad(folder, shell, {
    request,
    demand,
    plan,
    deps,
    summaryPath,
    outputs: shown === undefined ? noOutputs : outputsOf([shown], deps.logger),
    onPrinted: (text) => printed.push(text),
  });
  shown?.attach(await k6View(load, plan, demand?.objectives));
  parts.beforeLoad();
  const { exitCode, observations, isInterrupted } = await conduct(load, request, deps);
  if (load.startWallMs === undefined && !isInterrupted && couldNotBegin(exitCode))
    throw neverBegan(load, exitCode);
  const summary = await readSummary(resolve(shell.cwd, summaryPath));
  return {
    runner: "k6",
    k6Version: shell.binary.version,
    script: { path: parts.request.script.path, sha256: await hashOfScript(parts.request.script) },
    plan,
    demand,
    collector: load.collector,
    window: load.window,
    health: withStartLags(load.collector.health, load.startLags()),
    ...figuresOf(load, plan, summary),
    checks: checksOf(load.collector.whole),
    scalings: [],
    observations,
    outcome: outcomeOf(exitCode, { load, isInterrupted }),
    error: load.hosts.breach,
    startedAt: new Date(load.startWallMs ?? deps.clock.wallMs()),
    exceptions: load.log.exceptions,
    summaryText: printed.length === 0 ? undefined : printed.join(""),
    isReported: true, // k6's own log has said it
  };
}

async function startLoad(
  folder: string,
  shell: K6Shell,
  parts: {
    readonly request: RunRequest;
    readonly demand: DemandPlan | undefined;
    readonly plan: RunPlan;
    readonly deps: RunDeps;
    readonly summaryPath: string;
    readonly outputs: Outputs;
    readonly onPrinted: (text: string) => void;
  },
): Promise<K6Load> {
  const { request, demand, plan, deps, summaryPath, onPrinted } = parts;
  const { outputs: ownOutputs } = parts;
  const script = await scriptFor(folder, shell, { request, demand });
  const { outputs, env } = outputsForK6(requestedOutputs(request));
  const systemTags = demand === undefined ? undefined : withVu(plan.options.systemTags);
  return K6Load.start({
    shell: { ...shell, env: { ...shell.env, ...env } },
    folder,
    argumentsFor: (samplesPath) =>
      runArguments(request, shell.env, { script, samplesPath, summaryPath, systemTags, outputs }),
    stdin: demand === undefined ? request.script.source : undefined,
    plan,
    warmUpMs: demand?.warmUpMs,
    objectives: demand?.objectives,
    requestsPerIteration: demand?.probe.requestsPerIteration,
    confirmedHosts: request.confirmedHosts ?? [],
    deps,
    outputs: ownOutputs,
    targetCores: demand?.objectives.targetCores ?? request.targetCores,
    onPrinted,
  });
}

/** A script with the computed load over its options is an archive of it. */
async function scriptFor(
  folder: string,
  shell: K6Shell,
  { request, demand }: { request: RunRequest; demand: DemandPlan | undefined },
): Promise<string> {
  if (demand === undefined) return request.script.path;
  const path = join(folder, "with-load.tar");
  await archiveWithOptions(shell, request, { path, options: demandOptions(demand) });
  return path;
}

async function demandOf(
  folder: string,
  shell: K6Shell,
  trial: TrialParts,
): Promise<DemandPlan | undefined> {
  const { request } = trial;
  if (request.demand === undefined) return undefined;
  return planDemand(request.demand, {
    targetCores: request.targetCores,
    runTrial: () => runK6Trial(folder, shell, trial),
  });
}

/** `vu` and `iter` are metadata in k6: asking for them adds no series. They tell how many VUs were used. */
function withVu(systemTags: readonly string[]): readonly string[] {
  return [...new Set([...systemTags, "vu"])];
}

interface Conducted {
  readonly exitCode: number;
  readonly observations: readonly ObservationRecord[];
  readonly isInterrupted: boolean;
}

/** Lets k6 run, reads the target meanwhile, passes the first interrupt on and obeys the second. */
async function conduct(load: K6Load, request: RunRequest, deps: RunDeps): Promise<Conducted> {
  let isInterrupted = false;
  const stopListening = deps.host.onInterrupt(() => {
    if (isInterrupted) {
      load.signal("SIGKILL");
      deps.host.exitNow(exitCodes.externalAbort);
      return;
    }
    isInterrupted = true;
    deps.events.onStopping?.();
    load.signal("SIGINT");
  });
  const observer = observeTarget(request, deps, () => load.startWallMs);
  load.latestReadings = () => observer.latest();
  let observations: readonly ObservationRecord[] = [];
  let exitCode: number;
  try {
    exitCode = await load.conduct();
  } finally {
    stopListening();
    observations = await observer.stop();
  }
  return { exitCode, observations, isInterrupted };
}

/** Metrics and thresholds as k6 states them; when it wrote no summary, as its samples give them. */
function figuresOf(
  load: K6Load,
  plan: RunPlan,
  summary: SummaryExport | undefined,
): { metrics: readonly MetricRecord[]; thresholds: readonly ThresholdRecord[] } {
  const { registry, collector } = load;
  if (summary !== undefined)
    return {
      metrics: exportedMetrics(summary, registry),
      thresholds: exportedThresholds(summary, registry, collector.whole),
    };
  const compiled = compileThresholds(plan.options.thresholds, registry);
  const moment = { elapsedMs: collector.elapsedMs, final: true };
  const results = evaluateThresholds(compiled, collector.whole, moment);
  return { metrics: [], thresholds: results.map(toThresholdRecord) };
}

async function readSummary(path: string): Promise<SummaryExport | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as SummaryExport;
  } catch {
    return undefined; // --summary-mode=disabled writes none, nor does a k6 that was killed
  }
}

/** Exit codes with which k6 ends before it sends load. */
function couldNotBegin(exitCode: number): boolean {
  return exitCode !== exitCodes.ok && exitCode !== exitCodes.thresholdsFailed;
}

function neverBegan(load: K6Load, exitCode: number): LakhError {
  const said = load.log.lastError ?? "it said nothing";
  return new LakhError("K6_FAILED" satisfies RunErrorCode, `k6 could not run the script: ${said}`, {
    hint: "the message is k6's; `k6 run` alone says the same",
    exitCode,
  });
}

function outcomeOf(
  exitCode: number,
  { load, isInterrupted }: { load: K6Load; isInterrupted: boolean },
): RunRecord["outcome"] {
  const { breach } = load.hosts;
  if (breach !== undefined)
    return { exitCode: breach.exitCode, reason: "error", message: breach.message };
  const message =
    exitCode === exitCodes.ok ? null : (load.log.lastError ?? `k6 ended with ${exitCode}`);
  if (isInterrupted)
    return {
      exitCode: exitCodes.externalAbort,
      reason: "interrupted",
      message: "stopped by a signal",
    };
  if (load.overload !== undefined)
    return { exitCode: exitCodes.thresholdsFailed, reason: "overload", message: load.overload };
  switch (exitCode) {
    case exitCodes.ok:
    case exitCodes.markedAsFailed:
      return { exitCode, reason: "finished", message };
    case exitCodes.thresholdsFailed:
      return { exitCode, reason: "thresholds", message };
    case exitCodes.scriptAborted:
      return { exitCode, reason: "aborted", message };
    case exitCodes.externalAbort:
      return { exitCode, reason: "interrupted", message };
    default:
      return { exitCode, reason: "error", message };
  }
}
