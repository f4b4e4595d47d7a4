/**
 * From a peak rate and a number of users to load that a k6 script can produce: three forms that offer the same rate,
 * and what the script would offer if it were simply given that many VUs.
 *
 * Pacing: N users who each start one iteration of k requests every P = N k / L offer L requests/s. In the open form
 * the arrival schedule gives the rate L / k and k6's first-in-first-out choice of idle VUs visits N VUs round-robin, so
 * each runs once every P. A closed loop without pacing offers N k / T instead, T being the length of an iteration.
 * Method: capacity-methods 1.3 to 1.6; Little 1961.
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { formatGoDuration } from "../base/units.ts";
import { type Demand, type PlanStep, type SessionDemand, wholeUsers } from "./demand.ts";
import { findFindings, type WorkloadFinding } from "./findings.ts";
import { closedLoopRate, closedLoopVus, type IterationProfile } from "./iteration.ts";

/** A constant-arrival-rate scenario without its duration. */
export interface OpenForm {
  readonly executor: "constant-arrival-rate";
  readonly rate: number;
  readonly timeUnitMs: number;
  readonly preAllocatedVus: number;
  readonly maxVus: number;
}

/** A constant-vus scenario without its duration, each iteration stretched to `minIterationDurationMs`. */
export interface ClosedForm {
  readonly executor: "constant-vus";
  readonly vus: number;
  readonly minIterationDurationMs: number;
}

/** Sessions that arrive by the clock, each a user who waits for answers and thinks: an iteration is a whole session. */
export interface SessionForm extends OpenForm {
  readonly requestsPerIteration: number;
  readonly iterationDurationMs: number;
}

/** Equivalent forms of one load. */
export interface Workload {
  readonly profile: IterationProfile;
  readonly iterationsPerSecond: number;
  /** P: time from one iteration of a user to the next. */
  readonly pacingMs: number;
  /** Every VU is one concurrent user. The default. */
  readonly open: OpenForm;
  /** The same arrivals with as few VUs as Little's law allows, plus a fifth. */
  readonly openMinimal: OpenForm;
  readonly closed: ClosedForm;
  /** Partly open; null when nothing is known of sessions. */
  readonly sessions: SessionForm | null;
  readonly steps: readonly PlanStep[];
  readonly findings: readonly WorkloadFinding[];
}

/** Room above Little's mean for the spread of iteration durations. */
const vuHeadroom = 1.2;
/** A whole number of iterations per time unit may miss the rate by this share. */
const rateTolerance = 0.000_5;
/**
 * The forms in which a script of this profile offers the demand's rate.
 * With `runDurationMs`, the length at full rate, it also says whether every user gets a turn in it.
 * @throws PLAN_WORKLOAD_INVALID
 */
export function computeWorkload(
  demand: Demand,
  profile: IterationProfile,
  runDurationMs?: number,
): Workload {
  checkInputs(demand, profile);
  const { requestsPerIteration, iterationDurationMs } = profile;
  const users = wholeUsers(demand);
  const iterationsPerSecond = demand.ratePerSecond / requestsPerIteration;
  const pacingMs = (users / iterationsPerSecond) * 1_000;
  const busyVus = (iterationsPerSecond * iterationDurationMs) / 1_000;
  const minimalVus = vusFor(iterationsPerSecond, iterationDurationMs);
  const closedRate = closedLoopRate(users, profile);
  return {
    profile,
    iterationsPerSecond,
    pacingMs,
    open: openFormOf(iterationsPerSecond, users, users),
    openMinimal: openFormOf(iterationsPerSecond, minimalVus, 2 * minimalVus),
    closed: { executor: "constant-vus", vus: users, minIterationDurationMs: Math.round(pacingMs) },
    sessions: demand.sessions === null ? null : sessionForm(demand.sessions),
    steps: stepsOf({ iterationsPerSecond, pacingMs, busyVus, minimalVus, closedRate }),
    findings: findFindings(demand, profile, { users, pacingMs, closedRate, runDurationMs }),
  };
}

interface Figures {
  readonly iterationsPerSecond: number;
  readonly pacingMs: number;
  readonly busyVus: number;
  readonly minimalVus: number;
  readonly closedRate: number;
}

function stepsOf(figures: Figures): PlanStep[] {
  return [
    {
      quantity: "iterations at the peak",
      formula: "peak rate / requests per iteration",
      value: figures.iterationsPerSecond,
      unit: "iterations/s",
    },
    {
      quantity: "pacing",
      formula: "concurrent users * requests per iteration / peak rate",
      value: figures.pacingMs / 1_000,
      unit: "s",
    },
    {
      quantity: "VUs busy at once",
      formula: "iterations/s * iteration duration (Little's law)",
      value: figures.busyVus,
      unit: "VUs",
    },
    {
      quantity: "VUs needed at least",
      formula: `VUs busy at once * ${vuHeadroom}, rounded up`,
      value: figures.minimalVus,
      unit: "VUs",
    },
    {
      quantity: "rate of the script's own closed loop",
      formula: "concurrent users * requests per iteration / iteration duration",
      value: figures.closedRate,
      unit: "requests/s",
    },
  ];
}

/** A trial's VUs do for answers that take so many times as long as they may. */
const patience = 2;
/** Standard deviations of room above the mean number of busy VUs. */
const busySpread = 3;

/**
 * VUs for a trial at a rate, while answers may take twice as long as the target is allowed to: where these do not do,
 * the load that is not taken up is the target's doing.
 */
export function trialVus(
  ratePerSecond: number,
  {
    requestsPerIteration,
    iterationDurationMs,
    longestAnswerMs,
  }: Omit<IterationProfile, "isMeasured"> & { readonly longestAnswerMs: number },
): number {
  const longestMs = iterationDurationMs + requestsPerIteration * patience * longestAnswerMs;
  const busy = closedLoopVus(ratePerSecond, {
    requestsPerIteration,
    iterationDurationMs: longestMs,
  });
  return Math.ceil(busy * vuHeadroom + busySpread * Math.sqrt(busy)) + 1;
}

/** A form as a scenario of k6's `scenarios` option; `exec` is the script's function. */
export function toScenario(
  form: OpenForm,
  { durationMs, exec = "default" }: { durationMs: number; exec?: string },
): Record<string, unknown> {
  return {
    executor: form.executor,
    exec,
    rate: form.rate,
    timeUnit: formatGoDuration(form.timeUnitMs),
    duration: formatGoDuration(durationMs),
    preAllocatedVUs: form.preAllocatedVus,
    maxVUs: form.maxVus,
  };
}

/** As many VUs as sessions last at once, plus a fifth: N = A S. */
function sessionForm(sessions: SessionDemand): SessionForm {
  const { arrivalsPerSecond, requestsPerSession, sessionSeconds } = sessions;
  const iterationDurationMs = sessionSeconds * 1_000;
  const vus = vusFor(arrivalsPerSecond, iterationDurationMs);
  return {
    ...openFormOf(arrivalsPerSecond, vus, 2 * vus),
    requestsPerIteration: requestsPerSession,
    iterationDurationMs,
  };
}

/** So many iterations a second, on so many VUs. */
export function openFormOf(perSecond: number, preAllocatedVus: number, maxVus: number): OpenForm {
  return {
    executor: "constant-arrival-rate",
    ...toWholeRate(perSecond),
    preAllocatedVus,
    maxVus,
  };
}

/** VUs for iterations of that length: Little's mean and a fifth more. */
export function vusFor(perSecond: number, iterationDurationMs: number): number {
  return Math.ceil(((perSecond * iterationDurationMs) / 1_000) * vuHeadroom);
}

/** The shortest of 1 s, 10 s, 100 s … in which a whole number of iterations meets the rate within 0.05 %. */
function toWholeRate(iterationsPerSecond: number): { rate: number; timeUnitMs: number } {
  for (let seconds = 1; ; seconds *= 10) {
    const exact = iterationsPerSecond * seconds;
    const rate = Math.round(exact);
    if (Math.abs(rate / exact - 1) <= rateTolerance) return { rate, timeUnitMs: seconds * 1_000 };
  }
}

function checkInputs({ ratePerSecond }: Demand, profile: IterationProfile): void {
  const { requestsPerIteration, iterationDurationMs } = profile;
  const inputs = { ratePerSecond, requestsPerIteration, iterationDurationMs };
  for (const [name, value] of Object.entries(inputs)) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new LakhError("PLAN_WORKLOAD_INVALID", `${name} must be more than 0, but is ${value}`, {
      hint: "count the requests of one iteration of the script, and measure or estimate how long it takes",
      exitCode: exitCodes.invalidConfig,
    });
  }
}
