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
  type Journey,
  type JourneyLoad,
  type JourneyProfile,
  journeySteps,
  meanIteration,
  splitByJourney,
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
  /** What each journey showed, when there are any; the figures above are their weighted mean. */
  readonly journeys?: readonly JourneyProfile[] | undefined;
  /** Hosts that are not confirmed for load, and the requests an iteration that they got. */
  readonly unconfirmed: {
    readonly hosts: readonly string[];
    readonly requestsPerIteration: number;
  };
}

export interface DemandPlan {
  readonly demand: Demand;
  readonly workload: Workload;
  /** Its parts; none when the script's default function is all there is. */
  readonly journeys: readonly JourneyLoad[];
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
  /** What users do; the script's default function when left out or empty. */
  readonly journeys?: readonly Journey[] | undefined;
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
  const probe = knownProbe(request) ?? (await runTrial());
  const { requestsPerIteration, iterationDurationMs } = probe;
  const profile = { requestsPerIteration, iterationDurationMs, isMeasured: true };
  const computed = computeWorkload(demand, profile, warmUpMs + steadyMs);
  const journeys = splitByJourney(computed, probe.journeys ?? []);
  const workload = { ...computed, steps: [...computed.steps, ...journeySteps(journeys)] };
  const objectives = {
    ...defaultObjectives(demand),
    targetCores: targetCores ?? null,
    ...request.objectives,
  };
  return { demand, workload, journeys, probe, objectives, vus, warmUpMs, steadyMs };
}

/** What is known of the script, if it is about the same journeys. */
function knownProbe({ probe, journeys = [] }: DemandRequest): Probe | undefined {
  return (probe?.journeys ?? []).length === journeys.length ? probe : undefined;
}

/** The options layer that replaces the script's load by the demand's: a scenario, or one a journey. */
export function demandOptions(plan: DemandPlan): Record<string, unknown> {
  const durationMs = plan.warmUpMs + plan.steadyMs;
  if (plan.journeys.length === 0) {
    const { ratePerSecond } = plan.demand;
    const form = formOf(plan, { ...plan.workload, ...plan.probe, ratePerSecond });
    return { scenarios: { [demandScenario]: toScenario(form, { durationMs }) } };
  }
  const scenarios = plan.journeys.map((journey) => [
    journey.name,
    toScenario(formOf(plan, { ...profileOf(plan, journey), ...journey }), {
      durationMs,
      exec: journey.exec,
    }),
  ]);
  return { scenarios: Object.fromEntries(scenarios) as Record<string, unknown> };
}

type IterationFigures = Pick<Probe, "requestsPerIteration" | "iterationDurationMs">;

function profileOf({ probe }: DemandPlan, { name }: JourneyLoad): IterationFigures {
  return probe.journeys?.find((each) => each.name === name) ?? probe;
}

/** One stream of iterations with as many VUs as were asked for. */
function formOf(
  { vus }: DemandPlan,
  stream: Pick<JourneyLoad, "ratePerSecond" | "open" | "openMinimal"> & IterationFigures,
): JourneyLoad["open"] {
  if (vus === "users") return stream.open;
  if (vus === "minimal") return stream.openMinimal;
  const count = trialVus(stream.ratePerSecond, { ...stream, ...vus });
  return { ...stream.open, preAllocatedVus: count, maxVus: count };
}

/** Name of the scenario that carries the computed load of a script without journeys. */
const demandScenario = "daily_users";

/** Names of the scenarios that carry the computed load. */
export function demandScenarios({ journeys }: Pick<DemandPlan, "journeys">): string[] {
  return journeys.length === 0 ? [demandScenario] : journeys.map(({ name }) => name);
}

/** Marks what a journey of the trial did, whichever system tags the script leaves on. */
const journeyTag = "lakh_journey";

/** The scenarios of the trial. */
export function probeScenarios(journeys: readonly Journey[] = []): Record<string, unknown> {
  const trial = {
    executor: "per-vu-iterations",
    vus: probeVus,
    iterations: 1,
    maxDuration: "60s",
  };
  if (journeys.length === 0) return { probe: trial };
  const scenarios = journeys.map(({ name, exec }) => [
    name,
    { ...trial, exec, tags: { [journeyTag]: name } },
  ]);
  return Object.fromEntries(scenarios) as Record<string, unknown>;
}

/** How a trial ended. */
export interface TrialOutcome {
  readonly failed: number;
  readonly message: string | undefined;
  /** Hosts that are not confirmed for load, and the requests that they got. */
  readonly unconfirmed: { readonly hosts: readonly string[]; readonly requests: number };
}

/**
 * What the trial showed, of each journey where there are any.
 * @throws LakhError PROBE_FAILED when it sent nothing, threw, or no request of it came to anything: what a script does
 * then is not what it does to a target that answers
 */
export function readProbe(
  aggregate: MetricAggregate,
  outcome: TrialOutcome,
  journeys: readonly Journey[] = [],
): Probe {
  const count = probeVus * Math.max(1, journeys.length);
  const all = readTrial(aggregate, outcome, { what: `${count} trial iterations`, selector: {} });
  if (journeys.length === 0) return all;
  const profiles = journeys.map((journey) => {
    const what = `${probeVus} trial iterations of journey ${journey.name}`;
    const selector = { [journeyTag]: journey.name };
    const { requestsPerIteration, iterationDurationMs } = readTrial(
      aggregate,
      { ...outcome, failed: 0 },
      { what, selector },
    );
    return { ...journey, requestsPerIteration, iterationDurationMs };
  });
  return { ...all, ...meanIteration(profiles), journeys: profiles };
}

function readTrial(
  aggregate: MetricAggregate,
  outcome: TrialOutcome,
  { what, selector }: { what: string; selector: Readonly<Record<string, string>> },
): Probe {
  const iterations = aggregate.counter("iterations", selector);
  const requests = aggregate.counter("http_reqs", selector);
  const said = outcome.message === undefined ? "" : `: ${outcome.message}`;
  if (iterations === 0 || requests === 0 || outcome.failed > 0)
    throw probeFailed(`${what} made ${requests} requests, ${outcome.failed} of them threw${said}`);
  if (aggregate.rate("http_req_failed", selector).trues === requests)
    throw probeFailed(`all ${requests} requests of ${what} failed`);
  return {
    requestsPerIteration: requests / iterations,
    iterationDurationMs: aggregate.trend("iteration_duration", selector).avg,
    iterations,
    unconfirmed: {
      hosts: outcome.unconfirmed.hosts,
      requestsPerIteration: outcome.unconfirmed.requests / iterations,
    },
  };
}

function probeFailed(problem: string): LakhError {
  return new LakhError("PROBE_FAILED" satisfies RunErrorCode, problem, {
    hint: "run the script alone first (lakh run script.js -i 1) and check the base URL (-e BASE_URL=...)",
    exitCode: exitCodes.invalidConfig,
  });
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
