/**
 * One load in the forms in which it can be sent, and which of them a verdict should rest on.
 *
 * Open arrivals do not wait for the target, so a slow one is seen and not spared. In a closed loop it slows its own load
 * down. Sessions that arrive by the clock and wait inside are what users do, and recommended where an iteration of the
 * script is a whole session (capacity-methods 1.5; Schroeder, Wierman, Harchol-Balter 2006).
 */
import { formatCount, formatGoDuration } from "../base/units.ts";
import type { Demand } from "./demand.ts";
import { isWholeSession } from "./findings.ts";
import { figure, seconds } from "./wording.ts";
import type { OpenForm, Workload } from "./workload.ts";

export interface LoadForm {
  readonly id: "open" | "open-few-vus" | "closed" | "sessions";
  readonly model: "open" | "closed" | "partly open";
  /** What it does, as a sentence without a final full stop. */
  readonly description: string;
  /** As k6's options have it, without the duration. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly isRecommended: boolean;
  readonly reason: string;
}

/** The equivalent forms of a workload, the recommended one first. */
export function loadForms(demand: Demand, workload: Workload): LoadForm[] {
  const sessions = sessionForm(demand, workload);
  const open = openForm(workload, sessions?.isRecommended !== true);
  const others = [fewVusForm(workload), closedForm(workload)];
  if (sessions === undefined) return [open, ...others];
  return sessions.isRecommended ? [sessions, open, ...others] : [open, sessions, ...others];
}

function openForm(
  { open, pacingMs, iterationsPerSecond }: Workload,
  isRecommended: boolean,
): LoadForm {
  return {
    id: "open",
    model: "open",
    description:
      `${figure(iterationsPerSecond)} iterations start a second, on ${formatCount(open.preAllocatedVus)} VUs in turn: ` +
      `every VU is one user, who starts one every ${seconds(pacingMs)}`,
    options: arrivalOptions(open),
    isRecommended,
    reason: "a slow target does not slow the load down, and there are as many users as at the peak",
  };
}

function fewVusForm({ openMinimal, iterationsPerSecond }: Workload): LoadForm {
  return {
    id: "open-few-vus",
    model: "open",
    description: `${figure(iterationsPerSecond)} iterations start a second, on ${formatCount(openMinimal.preAllocatedVus)} VUs, which are no users any more`,
    options: arrivalOptions(openMinimal),
    isRecommended: false,
    reason:
      "the same rate with less memory, but with fewer connections, cookies and tokens than users have",
  };
}

function closedForm({ closed }: Workload): LoadForm {
  return {
    id: "closed",
    model: "closed",
    description:
      `${formatCount(closed.vus)} VUs, each of which starts an iteration ` +
      `${seconds(closed.minIterationDurationMs)} after it started the last one`,
    options: {
      minIterationDuration: formatGoDuration(closed.minIterationDurationMs),
      scenarios: { users: { executor: closed.executor, vus: closed.vus } },
    },
    isRecommended: false,
    reason:
      "a target slower than the pacing gets less load than users would send: overload looks mild",
  };
}

function sessionForm(
  { sessions: demanded }: Demand,
  { sessions, profile }: Workload,
): LoadForm | undefined {
  if (sessions === null || demanded === null) return undefined;
  const { requestsPerSession, sessionSeconds, arrivalsPerSecond } = demanded;
  const isWhole = isWholeSession(demanded, profile);
  return {
    id: "sessions",
    model: "partly open",
    description:
      `${figure(arrivalsPerSecond)} sessions of ${figure(requestsPerSession)} requests in ` +
      `${seconds(sessionSeconds * 1_000)} start a second; some ${formatCount(arrivalsPerSecond * sessionSeconds)} go on at once`,
    options: arrivalOptions(sessions),
    isRecommended: isWhole,
    reason: isWhole
      ? "it is what users do: they come by the clock, and wait and think while they are there"
      : "it is what users do, but an iteration of the script would have to be a whole session",
  };
}

function arrivalOptions(form: OpenForm): Record<string, unknown> {
  return {
    scenarios: {
      users: {
        executor: form.executor,
        rate: form.rate,
        timeUnit: formatGoDuration(form.timeUnitMs),
        preAllocatedVUs: form.preAllocatedVus,
        maxVUs: form.maxVus,
      },
    },
  };
}
