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
import { formatCount, formatGoDuration } from "../base/units.ts";
import type { Demand, PlanStep } from "./demand.ts";
import { wholeUsers } from "./demand.ts";
import { figure, seconds } from "./wording.ts";

/** What is known of the script's iteration. */
export interface IterationProfile {
  /** k. */
  readonly requestsPerIteration: number;
  /** T: from the start of an iteration to its end, sleeps and responses included. */
  readonly iterationDurationMs: number;
  /** False when the duration is an assumption. */
  readonly isMeasured: boolean;
}

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

/** Something about the plan that a person must know. */
export interface WorkloadFinding {
  readonly code:
    | "closed-loop-rate"
    | "pacing-too-short"
    | "run-too-short"
    | "duration-assumed"
    | "stated-rate";
  readonly severity: "info" | "warning" | "problem";
  readonly message: string;
  /** What would do instead, best first. */
  readonly alternatives: readonly string[];
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
  readonly steps: readonly PlanStep[];
  readonly findings: readonly WorkloadFinding[];
}

/** Room above Little's mean for the spread of iteration durations. */
const vuHeadroom = 1.2;
/** A whole number of iterations per time unit may miss the rate by this share. */
const rateTolerance = 0.000_5;
/** Offered over wanted rate beyond which a closed loop does not give the wanted load. */
const closedLoopTolerance = 0.1;

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
  const minimalVus = Math.ceil(busyVus * vuHeadroom);
  const arrival = {
    executor: "constant-arrival-rate",
    ...toWholeRate(iterationsPerSecond),
  } as const;
  const closedRate = closedLoopRate(users, profile);
  return {
    profile,
    iterationsPerSecond,
    pacingMs,
    open: { ...arrival, preAllocatedVus: users, maxVus: users },
    openMinimal: { ...arrival, preAllocatedVus: minimalVus, maxVus: 2 * minimalVus },
    closed: { executor: "constant-vus", vus: users, minIterationDurationMs: Math.round(pacingMs) },
    steps: [
      {
        quantity: "iterations at the peak",
        formula: "peak rate / requests per iteration",
        value: iterationsPerSecond,
        unit: "iterations/s",
      },
      {
        quantity: "pacing",
        formula: "concurrent users * requests per iteration / peak rate",
        value: pacingMs / 1_000,
        unit: "s",
      },
      {
        quantity: "VUs busy at once",
        formula: "iterations/s * iteration duration (Little's law)",
        value: busyVus,
        unit: "VUs",
      },
      {
        quantity: "VUs needed at least",
        formula: `VUs busy at once * ${vuHeadroom}, rounded up`,
        value: minimalVus,
        unit: "VUs",
      },
      {
        quantity: "rate of the script's own closed loop",
        formula: "concurrent users * requests per iteration / iteration duration",
        value: closedRate,
        unit: "requests/s",
      },
    ],
    findings: findFindings(demand, profile, { users, pacingMs, closedRate, runDurationMs }),
  };
}

/** Requests/s that `vus` VUs offer in a closed loop without pacing: N k / T. */
export function closedLoopRate(
  vus: number,
  { requestsPerIteration, iterationDurationMs }: Omit<IterationProfile, "isMeasured">,
): number {
  return (vus * requestsPerIteration * 1_000) / iterationDurationMs;
}

/** VUs that offer `ratePerSecond` in a closed loop without pacing: L T / k. */
export function closedLoopVus(
  ratePerSecond: number,
  { requestsPerIteration, iterationDurationMs }: Omit<IterationProfile, "isMeasured">,
): number {
  return (ratePerSecond * iterationDurationMs) / (requestsPerIteration * 1_000);
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

/** The shortest of 1 s, 10 s, 100 s … in which a whole number of iterations meets the rate within 0.05 %. */
function toWholeRate(iterationsPerSecond: number): { rate: number; timeUnitMs: number } {
  for (let seconds = 1; ; seconds *= 10) {
    const exact = iterationsPerSecond * seconds;
    const rate = Math.round(exact);
    if (Math.abs(rate / exact - 1) <= rateTolerance) return { rate, timeUnitMs: seconds * 1_000 };
  }
}

interface WorkloadFigures {
  readonly users: number;
  readonly pacingMs: number;
  readonly closedRate: number;
  readonly runDurationMs: number | undefined;
}

function findFindings(
  demand: Demand,
  profile: IterationProfile,
  figures: WorkloadFigures,
): WorkloadFinding[] {
  const { users, pacingMs, closedRate, runDurationMs } = figures;
  const findings: WorkloadFinding[] = [];
  const times = closedRate / demand.ratePerSecond;
  if (Math.abs(times - 1) > closedLoopTolerance) {
    findings.push(closedLoopFinding(demand, profile, figures));
  }
  if (profile.iterationDurationMs > pacingMs)
    findings.push(pacingFinding(profile, users, pacingMs));
  if (runDurationMs !== undefined && runDurationMs < pacingMs) {
    findings.push(runFinding(users, pacingMs, runDurationMs));
  }
  if (!profile.isMeasured) {
    findings.push({
      code: "duration-assumed",
      severity: "info",
      message: `an iteration is assumed to last ${seconds(profile.iterationDurationMs)}; the least number of VUs rests on it, the rate does not`,
      alternatives: ["measure it with a short run at low load"],
    });
  }
  return findings;
}

function closedLoopFinding(
  demand: Demand,
  profile: IterationProfile,
  { users, pacingMs, closedRate }: WorkloadFigures,
): WorkloadFinding {
  const { ratePerSecond, meanRatePerSecond, dau } = demand;
  const times = closedRate / ratePerSecond;
  const vus = Math.round(closedLoopVus(ratePerSecond, profile));
  const equivalentDau = (dau * closedRate) / ratePerSecond;
  const facts =
    `${formatCount(users)} VUs in the script's own closed loop (${profile.requestsPerIteration} requests per ` +
    `${seconds(profile.iterationDurationMs)}) offer ${formatCount(closedRate)} requests/s`;
  return {
    code: "closed-loop-rate",
    severity: times > 1 ? "problem" : "warning",
    message:
      `${facts}: ${figure(times)} times the peak of ${formatCount(ratePerSecond)} and ` +
      `${figure(closedRate / meanRatePerSecond)} times the mean of ${formatCount(meanRatePerSecond)}; ` +
      `that is the load of ${formatCount(equivalentDau)} daily users, not of ${formatCount(dau)}`,
    alternatives: [
      `keep ${formatCount(users)} users and start each one's iteration every ${seconds(pacingMs)} (open arrivals, or minIterationDuration)`,
      `keep the closed loop and use ${formatCount(vus)} VUs, which then are no users any more`,
    ],
  };
}

function pacingFinding(
  profile: IterationProfile,
  users: number,
  pacingMs: number,
): WorkloadFinding {
  return {
    code: "pacing-too-short",
    severity: "problem",
    message:
      `an iteration lasts ${seconds(profile.iterationDurationMs)}, longer than the ${seconds(pacingMs)} in which each of ` +
      `${formatCount(users)} users must start the next one: they cannot offer the rate`,
    alternatives: [
      "more concurrent users for the same rate (a higher concurrencyShare)",
      "open arrivals with the VUs that Little's law asks for",
    ],
  };
}

function runFinding(users: number, pacingMs: number, runDurationMs: number): WorkloadFinding {
  const active = Math.floor((users * runDurationMs) / pacingMs);
  return {
    code: "run-too-short",
    severity: "warning",
    message:
      `in ${seconds(runDurationMs)} only ${formatCount(active)} of ${formatCount(users)} users start an iteration, ` +
      `because each starts one every ${seconds(pacingMs)}; the rate is right all the same`,
    alternatives: [`run for at least ${seconds(pacingMs)} at full rate`],
  };
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
