/** What a person must know of a computed load, and what would do instead. Method: capacity-methods 1.3 to 1.6. */
import { formatCount } from "../base/units.ts";
import type { Demand, SessionDemand } from "./demand.ts";
import { closedLoopVus, type IterationProfile } from "./iteration.ts";
import { figure, seconds } from "./wording.ts";

/** Something about the plan that a person must know. */
export interface WorkloadFinding {
  readonly code:
    | "closed-loop-rate"
    | "pacing-too-short"
    | "run-too-short"
    | "duration-assumed"
    | "stated-rate"
    | "session-split"
    | "generators-unknown";
  readonly severity: "info" | "warning" | "problem";
  readonly message: string;
  /** What would do instead, best first. */
  readonly alternatives: readonly string[];
}

/** Offered over wanted rate beyond which a closed loop does not give the wanted load. */
const closedLoopTolerance = 0.1;

/** What a finding about a workload rests on. */
export interface WorkloadFigures {
  readonly users: number;
  readonly pacingMs: number;
  readonly closedRate: number;
  readonly runDurationMs: number | undefined;
}

/** Everything that the figures say against the load as it would be sent, or beside it. */
export function findFindings(
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
  if (demand.sessions !== null && !isWholeSession(demand.sessions, profile))
    findings.push(sessionFinding(demand.sessions, profile));
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

/** Requests of an iteration over those of a session within which one is the other. */
const sessionTolerance = 0.1;

/** Whether an iteration of the script is what a user does in one session. */
export function isWholeSession(
  { requestsPerSession }: SessionDemand,
  { requestsPerIteration }: IterationProfile,
): boolean {
  return Math.abs(requestsPerIteration / requestsPerSession - 1) <= sessionTolerance;
}

function sessionFinding(
  { requestsPerSession, sessionSeconds, arrivalsPerSecond }: SessionDemand,
  { requestsPerIteration }: IterationProfile,
): WorkloadFinding {
  const times = requestsPerSession / requestsPerIteration;
  const facts =
    `a session has ${figure(requestsPerSession)} requests and an iteration of the script ` +
    `${figure(requestsPerIteration)}: what users do once a session, such as a login, the script does`;
  return {
    code: "session-split",
    severity: "warning",
    message: `${facts} ${figure(times)} times as often as they do, if it does it in every iteration`,
    alternatives: [
      `make an iteration a whole session of ${figure(requestsPerSession)} requests in ` +
        `${seconds(sessionSeconds * 1_000)}, and start ${figure(arrivalsPerSecond)} a second`,
      "keep what a session begins with in the VU (a token in a variable of the module), and renew it as often as users do",
    ],
  };
}
