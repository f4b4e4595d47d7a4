/**
 * From daily users to the load of a run: the demand, a trial of the script to learn how many requests an iteration
 * makes and how long it takes, and the arrival-rate scenario that follows. The arithmetic is in `plan`.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import { openEngine } from "../engine/index.ts";
import { MetricAggregate, MetricRegistry } from "../metrics/index.ts";
import {
  computeDemand,
  computeWorkload,
  defaultObjectives,
  type Demand,
  deriveRunPlan,
  mergeOptions,
  parseOptions,
  toScenario,
  type Workload,
} from "../plan/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";
import type { ScriptBundle } from "../script/index.ts";
import { assignmentFor } from "./assignment.ts";
import type { DemandRequest, RunDeps, RunRequest } from "./request.ts";

/** What a trial iteration of the script showed. */
export interface Probe {
  readonly requestsPerIteration: number;
  readonly iterationDurationMs: number;
  readonly iterations: number;
}

export interface DemandPlan {
  readonly demand: Demand;
  readonly workload: Workload;
  readonly probe: Probe;
  readonly objectives: ObjectivesRecord;
  readonly warmUpMs: number;
  readonly steadyMs: number;
}

/** Trial iterations: enough for a mean, few enough for a production target. */
const probeVus = 3;

/** The load that `request.dau` daily users make with this script. @throws LakhError PROBE_FAILED */
export async function planDemand(
  bundle: ScriptBundle,
  request: RunRequest & { demand: DemandRequest },
  deps: RunDeps,
): Promise<DemandPlan> {
  const demand = computeDemand({ dau: request.demand.dau });
  const probe = await probeScript(bundle, request, deps);
  const workload = computeWorkload(
    demand,
    { ...probe, isMeasured: true },
    request.demand.warmUpMs + request.demand.steadyMs,
  );
  const { warmUpMs, steadyMs } = request.demand;
  const objectives = { ...defaultObjectives(demand), targetCores: request.targetCores ?? null };
  return { demand, workload, probe, objectives, warmUpMs, steadyMs };
}

/** The options layer that replaces the script's load by the demand's. */
export function demandOptions(plan: DemandPlan): Record<string, unknown> {
  const durationMs = plan.warmUpMs + plan.steadyMs;
  return { scenarios: { [demandScenario]: toScenario(plan.workload.open, { durationMs }) } };
}

const demandScenario = "daily_users";

/** Runs a few iterations of the script's default function and counts. */
async function probeScript(
  bundle: ScriptBundle,
  request: RunRequest,
  deps: RunDeps,
): Promise<Probe> {
  const { clock, logger, minLogLevel } = deps;
  const engine = await openEngine({
    bundle,
    env: request.env,
    workers: 1,
    logger,
    minLogLevel,
    clock,
  });
  try {
    const layers = [
      parseOptions(engine.init.options ?? {}, "script"),
      parseOptions(request.cliOptions, "cli"),
    ];
    const scenarios = {
      probe: { executor: "per-vu-iterations", vus: probeVus, iterations: 1, maxDuration: "60s" },
    };
    const plan = deriveRunPlan(
      mergeOptions(...layers, parseOptions({ scenarios }, "cli")),
      engine.init.functions,
    );
    const aggregate = new MetricAggregate(new MetricRegistry());
    let failed = 0;
    const events = {
      onTick: (tick: Parameters<Parameters<typeof engine.prepare>[1]["onTick"]>[0]): void => {
        for (const { delta, workerIndex } of tick.deltas) aggregate.merge(delta, workerIndex);
        failed = tick.counts.iterationsFailed;
      },
      onAbort: () => undefined,
      onMarkedFailed: () => undefined,
    };
    await engine.prepare(assignmentFor(plan, []), events);
    const setup = plan.options.noSetup ? undefined : await engine.setup();
    const exceptions = await engine.run(setup?.setupJson);
    if (!plan.options.noTeardown) await engine.teardown(setup?.setupJson);
    return readProbe(aggregate, { failed, message: exceptions[0]?.message });
  } finally {
    await engine.close();
  }
}

function readProbe(
  aggregate: MetricAggregate,
  outcome: { failed: number; message: string | undefined },
): Probe {
  const iterations = aggregate.counter("iterations");
  const requests = aggregate.counter("http_reqs");
  if (iterations === 0 || requests === 0 || outcome.failed > 0) {
    const said = outcome.message === undefined ? "" : `: ${outcome.message}`;
    throw new LakhError(
      "PROBE_FAILED",
      `${probeVus} trial iterations made ${requests} requests, ${outcome.failed} of them threw${said}`,
      {
        hint: "run the script alone first (lakh run script.js -i 1) and check the base URL (-e BASE_URL=...)",
        exitCode: exitCodes.invalidConfig,
      },
    );
  }
  return {
    requestsPerIteration: requests / iterations,
    iterationDurationMs: aggregate.trend("iteration_duration").avg,
    iterations,
  };
}
