/**
 * From daily users to the load of a run: the demand, what a trial of the script showed (how many requests an iteration
 * makes, how long it takes), and the arrival-rate scenario that follows. The arithmetic is in `plan`; the trial is the
 * runner's.
 */
import type { RunErrorCode } from "./errors.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { MetricAggregate } from "../metrics/index.ts";
import {
  computeDemand,
  computeWorkload,
  defaultObjectives,
  type Demand,
  type DemandInput,
  toScenario,
  trialVus,
  type Workload,
} from "../plan/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";

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
  readonly vus: VuSizing;
  readonly warmUpMs: number;
  readonly steadyMs: number;
}

/**
 * One VU for each concurrent user; as few as Little's law allows (plus a fifth); or as many as it takes while answers
 * take up to twice `longestAnswerMs`.
 */
export type VuSizing = "users" | "minimal" | { readonly longestAnswerMs: number };

/** What is to be planned. */
export interface DemandRequest {
  /** Daily users, and what is known of them; the rest is assumed. */
  readonly users: DemandInput;
  /** Full load before the steady state, and the steady state itself. */
  readonly warmUpMs: number;
  readonly steadyMs: number;
  /** Instead of {@link defaultObjectives}, field by field. */
  readonly objectives?: Partial<ObjectivesRecord> | undefined;
  /** What a trial showed before; without it one is made. */
  readonly probe?: Probe | undefined;
  /** "users" when left out. */
  readonly vus?: VuSizing | undefined;
}

/** Trial iterations: enough for a mean, few enough for a production target. */
const probeVus = 3;

/**
 * The load that `request.users` make with a script of which `runTrial` tells.
 * @throws LakhError PROBE_FAILED
 */
export async function planDemand(
  request: DemandRequest,
  { targetCores, runTrial }: { targetCores: number | undefined; runTrial: () => Promise<Probe> },
): Promise<DemandPlan> {
  const { users, warmUpMs, steadyMs, vus = "users" } = request;
  const demand = computeDemand(users);
  const probe = request.probe ?? (await runTrial());
  const workload = computeWorkload(demand, { ...probe, isMeasured: true }, warmUpMs + steadyMs);
  const objectives = {
    ...defaultObjectives(demand),
    targetCores: targetCores ?? null,
    ...request.objectives,
  };
  return { demand, workload, probe, objectives, vus, warmUpMs, steadyMs };
}

/** The options layer that replaces the script's load by the demand's. */
export function demandOptions(plan: DemandPlan): Record<string, unknown> {
  const durationMs = plan.warmUpMs + plan.steadyMs;
  return { scenarios: { [demandScenario]: toScenario(formOf(plan), { durationMs }) } };
}

function formOf({ workload, vus, demand, probe }: DemandPlan): Workload["open"] {
  const { open, openMinimal } = workload;
  if (vus === "users") return open;
  if (vus === "minimal") return openMinimal;
  const count = trialVus(demand.ratePerSecond, { ...probe, ...vus });
  return { ...open, preAllocatedVus: count, maxVus: count };
}

/** Name of the scenario that carries the computed load. */
export const demandScenario = "daily_users";

/** The scenario of the trial. */
export const probeScenario: Readonly<Record<string, unknown>> = {
  probe: { executor: "per-vu-iterations", vus: probeVus, iterations: 1, maxDuration: "60s" },
};

/**
 * What the trial showed.
 * @throws LakhError PROBE_FAILED when it sent nothing, threw, or no request of it came to anything: what a script does
 * then is not what it does to a target that answers
 */
export function readProbe(
  aggregate: MetricAggregate,
  outcome: { failed: number; message: string | undefined },
): Probe {
  const iterations = aggregate.counter("iterations");
  const requests = aggregate.counter("http_reqs");
  const said = outcome.message === undefined ? "" : `: ${outcome.message}`;
  if (iterations === 0 || requests === 0 || outcome.failed > 0)
    throw probeFailed(
      `${probeVus} trial iterations made ${requests} requests, ${outcome.failed} of them threw${said}`,
    );
  if (aggregate.rate("http_req_failed").trues === requests)
    throw probeFailed(`all ${requests} requests of ${probeVus} trial iterations failed`);
  return {
    requestsPerIteration: requests / iterations,
    iterationDurationMs: aggregate.trend("iteration_duration").avg,
    iterations,
  };
}

function probeFailed(problem: string): LakhError {
  return new LakhError("PROBE_FAILED" satisfies RunErrorCode, problem, {
    hint: "run the script alone first (lakh run script.js -i 1) and check the base URL (-e BASE_URL=...)",
    exitCode: exitCodes.invalidConfig,
  });
}
