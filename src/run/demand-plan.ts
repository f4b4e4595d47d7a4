/**
 * From daily users to the load of a run: the demand, a trial of the script to learn how many requests an iteration
 * makes and how long it takes, and the arrival-rate scenario that follows. The arithmetic is in `plan`.
 */
import type { RunErrorCode } from "./errors.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import { type EngineEvents, type EngineSetup, openEngine } from "../engine/index.ts";
import { MetricAggregate, MetricRegistry } from "../metrics/index.ts";
import {
  computeDemand,
  computeWorkload,
  defaultObjectives,
  type Demand,
  type DemandInput,
  deriveRunPlan,
  mergeOptions,
  parseOptions,
  toScenario,
  type Workload,
} from "../plan/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";
import { assignmentFor } from "./assignment.ts";

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

/** What is to be planned. */
export interface DemandRequest {
  /** Daily users, and what is known of them; the rest is assumed. */
  readonly users: DemandInput;
  /** Full load before the steady state, and the steady state itself. */
  readonly warmUpMs: number;
  readonly steadyMs: number;
  readonly targetCores: number | undefined;
  /** The command-line layer of the options, for the trial. */
  readonly cliOptions: Readonly<Record<string, unknown>>;
}

/** Trial iterations: enough for a mean, few enough for a production target. */
const probeVus = 3;

/**
 * The load that `request.dau` daily users make with this script.
 * @throws LakhError PROBE_FAILED
 */
export async function planDemand(setup: EngineSetup, request: DemandRequest): Promise<DemandPlan> {
  const { users, warmUpMs, steadyMs, targetCores } = request;
  const demand = computeDemand(users);
  const probe = await probeScript(setup, request.cliOptions);
  const workload = computeWorkload(demand, { ...probe, isMeasured: true }, warmUpMs + steadyMs);
  const objectives = { ...defaultObjectives(demand), targetCores: targetCores ?? null };
  return { demand, workload, probe, objectives, warmUpMs, steadyMs };
}

/** The options layer that replaces the script's load by the demand's. */
export function demandOptions(plan: DemandPlan): Record<string, unknown> {
  const durationMs = plan.warmUpMs + plan.steadyMs;
  return { scenarios: { [demandScenario]: toScenario(plan.workload.open, { durationMs }) } };
}

/** Name of the scenario that carries the computed load. */
export const demandScenario = "daily_users";

/** Runs a few iterations of the script's default function and counts. */
async function probeScript(
  engineSetup: EngineSetup,
  cliOptions: DemandRequest["cliOptions"],
): Promise<Probe> {
  const engine = await openEngine({ ...engineSetup, workers: 1 });
  try {
    const layers = [
      parseOptions(engine.init.options ?? {}, "script"),
      parseOptions(cliOptions, "cli"),
    ];
    const trial = parseOptions({ scenarios: probeScenario }, "plan");
    const plan = deriveRunPlan(mergeOptions(...layers, trial), engine.init.functions);
    const aggregate = new MetricAggregate(new MetricRegistry());
    let failed = 0;
    const events: EngineEvents = {
      onTick: (tick) => {
        for (const { delta, workerIndex } of tick.deltas) aggregate.merge(delta, workerIndex);
        failed = tick.counts.iterationsFailed;
      },
      onAbort: () => undefined,
      onMarkedFailed: () => undefined,
    };
    await engine.prepare(assignmentFor(plan, { latencyLimitsMs: [], sendSamples: false }), events);
    const setup = plan.options.noSetup ? undefined : await engine.setup();
    // Series that setup() was the first to use are defined in its delta; its samples are no iteration's.
    if (setup !== undefined) aggregate.learn(setup.delta, 0);
    if (setup?.error !== undefined) throw setup.error;
    const exceptions = await engine.run(setup?.setupJson);
    const teardown = plan.options.noTeardown ? undefined : await engine.teardown(setup?.setupJson);
    if (teardown?.error !== undefined) throw teardown.error;
    return readProbe(aggregate, { failed, message: exceptions[0]?.message });
  } finally {
    await engine.close();
  }
}

const probeScenario = {
  probe: { executor: "per-vu-iterations", vus: probeVus, iterations: 1, maxDuration: "60s" },
};

function readProbe(
  aggregate: MetricAggregate,
  outcome: { failed: number; message: string | undefined },
): Probe {
  const iterations = aggregate.counter("iterations");
  const requests = aggregate.counter("http_reqs");
  if (iterations === 0 || requests === 0 || outcome.failed > 0) {
    const said = outcome.message === undefined ? "" : `: ${outcome.message}`;
    throw new LakhError(
      "PROBE_FAILED" satisfies RunErrorCode,
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
