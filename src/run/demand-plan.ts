/**
 * From daily users to the load of a run: the demand, what a trial of the script showed (how many requests an iteration
 * makes, how long it takes), and the arrival-rate scenario that follows. The arithmetic is in `plan`; the trial is the
 * runner's.
 */
import type { RunErrorCode } from "./errors.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";
import { unconfirmedLoad, unconfirmedRequestsPerSecond } from "../engine/index.ts";
import type { MetricAggregate } from "../metrics/index.ts";
import {
  computeDemand,
  computeWorkload,
  defaultObjectives,
  type Demand,
  type DemandInput,
  toScenario,
  type Workload,
} from "../plan/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";

/** What a trial iteration of the script showed. */
export interface Probe {
  readonly requestsPerIteration: number;
  readonly iterationDurationMs: number;
  readonly iterations: number;
  /** Hosts that are not confirmed for load, and the requests an iteration that they got. */
  readonly unconfirmed: {
    readonly hosts: readonly string[];
    readonly requestsPerIteration: number;
  };
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
}

/** Trial iterations: enough for a mean, few enough for a production target. */
const probeVus = 3;

/**
 * The load that `request.users` make with a script of which `runTrial` tells.
 * @throws LakhError PROBE_FAILED
 */
export async function planDemand(
  request: DemandRequest,
  runTrial: () => Promise<Probe>,
): Promise<DemandPlan> {
  const { users, warmUpMs, steadyMs, targetCores } = request;
  const demand = computeDemand(users);
  const probe = await runTrial();
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

/** The scenario of the trial. */
export const probeScenario: Readonly<Record<string, unknown>> = {
  probe: { executor: "per-vu-iterations", vus: probeVus, iterations: 1, maxDuration: "60s" },
};

/** What the trial showed. @throws LakhError PROBE_FAILED when it sent nothing or threw */
export function readProbe(
  aggregate: MetricAggregate,
  outcome: {
    failed: number;
    message: string | undefined;
    unconfirmed: { readonly hosts: readonly string[]; readonly requests: number };
  },
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
    unconfirmed: {
      hosts: outcome.unconfirmed.hosts,
      requestsPerIteration: outcome.unconfirmed.requests / iterations,
    },
  };
}

/**
 * Refuses a load that would send too much to a host that nobody has confirmed: before any of it is sent.
 * @throws LakhError HOST_UNCONFIRMED
 */
export function refuseUnconfirmed({ demand, workload, probe }: DemandPlan): void {
  const { hosts, requestsPerIteration } = probe.unconfirmed;
  const ratePerSecond = workload.iterationsPerSecond * requestsPerIteration;
  if (ratePerSecond <= unconfirmedRequestsPerSecond) return;
  const rate = formatCount(Math.round(ratePerSecond));
  const what = `the load of ${formatCount(demand.dau)} daily users would send ${rate} requests/s there; none of it was sent`;
  throw unconfirmedLoad(hosts, what);
}
