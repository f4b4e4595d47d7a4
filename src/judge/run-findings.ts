/**
 * Findings about a run that no single objective covers: what fails it, what keeps it from a PASS, and what is worth
 * saying. They close the ways in which every row can pass though the journey was not run as meant.
 */
import { exitCodes } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";
import { unseenThresholds } from "../metrics/index.ts";
import type { IntervalRecord, RunRecord } from "../record/index.ts";
import { isGeneratorWatched } from "./generator.ts";
import { lowerBound } from "./statistics.ts";
import { isOpen, steadyRate, type SteadyView } from "./steady-view.ts";
import { restartObstacles } from "./target-readings.ts";
import { vuShortage } from "./vu-pool.ts";
import { formatRate, formatShare, formatWait, significant } from "./wording.ts";

/** Less of the due load than this was taken up: the target cannot absorb it. */
const deliveredLimit = 0.99;
/** Part of the steady state that the intervals must cover. */
const coveredLimit = 0.9;
/** Failures that no objective allows or forbids; past this share they cannot be passed over. */
const unstatedFailureShare = 0.01;
/** Checks may be stricter than the objectives (a latency of their own), hence more room than for failures. */
const checkFailureShare = 0.05;

/** Why the run fails whatever its rows say. */
export function runFailures(record: RunRecord, steady: SteadyView): string[] {
  const failures = [
    ...(vuShortage(record, steady) === undefined ? undelivered(record, steady) : []),
    ...crossedThresholds(record),
  ];
  const { exitCode, message } = record.outcome;
  if (exitCode === exitCodes.markedAsFailed)
    failures.push(message ?? "the script marked the run as failed");
  return failures;
}

/** Why the run cannot pass although no row fails. */
export function passObstacles(record: RunRecord, steady: SteadyView): string[] {
  const obstacles: string[] = [];
  const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
  if (!isGeneratorWatched(record, steady)) {
    obstacles.push(
      "the generator's own condition was not recorded through the steady state, so it cannot be ruled out as the bottleneck",
    );
  }
  if (steady.requests === 0)
    obstacles.push("no request ended in the steady state: no data is not a pass");
  if (!(steady.coveredMs >= coveredLimit * steady.lengthMs)) {
    obstacles.push(
      `the record has intervals for ${formatWait(steady.coveredMs)} of a steady state of ${formatWait(steady.lengthMs)}`,
    );
  }
  const silentMs = silence(steady);
  if (silentMs > 0) {
    obstacles.push(
      `no request ended in ${formatWait(silentMs)} of the steady state: what was in flight then may be missing from the latencies`,
    );
  }
  const shortage = vuShortage(record, steady);
  if (shortage !== undefined) obstacles.push(shortage);
  obstacles.push(
    ...unaskedAnswers(record),
    ...unseenCriteria(record),
    ...cutOff(record),
    ...failuresOutside(record, steady),
    ...restartObstacles(record),
  );
  const failed = shareOf(steady.failedRequests, steady.requests);
  if ((record.objectives?.errorShare ?? null) === null && failed > unstatedFailureShare) {
    obstacles.push(
      `${formatShare(failed)} of the requests failed and no objective says how many may: state an error objective`,
    );
  }
  // Of the whole run too: what threw on the way up came no further.
  const thrown = Math.max(
    shareOf(steady.iterationsFailed, Math.max(steady.iterationsStarted, steady.iterationsFailed)),
    shareOf(
      record.iterations.failed,
      Math.max(record.iterations.started, record.iterations.failed),
    ),
  );
  if (thrown > unstatedFailureShare) {
    obstacles.push(
      `the script threw in ${formatShare(thrown)} of the iterations, so the journey was not run as written`,
    );
  }
  const unchecked = shareOf(steady.checksFailed, steady.checksPassed + steady.checksFailed);
  if (unchecked > checkFailureShare) {
    obstacles.push(
      `${formatShare(unchecked)} of the checks failed: the answers were not what the script expects`,
    );
  }
  return obstacles;
}

/** Load alone says nothing of answers. */
function unaskedAnswers({ objectives }: RunRecord): string[] {
  if (objectives === null || objectives.latency.length > 0 || objectives.errorShare !== null)
    return [];
  return [
    "no objective on latency or errors was stated, and a load that nobody answers is not held",
  ];
}

/** A threshold that nothing was measured against has not held. */
function unseenCriteria({ thresholds }: RunRecord): string[] {
  return unseenThresholds(thresholds).map(
    (name) => `no sample came for the threshold on ${name}: it judged nothing`,
  );
}

/**
 * A request that hangs leaves no sample when its iteration is cut off, so it hides from every count. In an open load
 * iterations are over when the graceful stop ends, unless they hang; in a closed one they may just be sleeping.
 */
function cutOff({ scenarios, objectives, iterations }: RunRecord): string[] {
  const isAllOpen = scenarios.length > 0 && scenarios.every(({ executor }) => isOpen(executor));
  const { started } = iterations;
  const unfinished = Math.max(iterations.interrupted, started - iterations.completed);
  const allowedShare = objectives?.errorShare ?? unstatedFailureShare;
  if (!isAllOpen || !(unfinished > allowedShare * started)) return [];
  return [
    `${formatCount(unfinished)} of ${formatCount(started)} iterations were cut off at the end, and what they waited for was not counted: give them time to end (gracefulStop)`,
  ];
}

/** Requests of the ramps are not held against a limit of the peak; but a target that fails on the way has not held it. */
function failuresOutside(record: RunRecord, steady: SteadyView): string[] {
  const all = (of: (interval: IntervalRecord) => number): number =>
    record.intervals.reduce((sum, interval) => sum + of(interval), 0);
  const requests = all((interval) => interval.requests) - steady.requests;
  const failed = all((interval) => interval.failedRequests) - steady.failedRequests;
  const allowedShare = record.objectives?.errorShare ?? unstatedFailureShare;
  if (!(failed > 0) || !(lowerBound(failed, requests) > allowedShare)) return [];
  return [
    `${formatCount(failed)} of ${formatCount(requests)} requests outside of the steady state failed (allowed ${formatShare(allowedShare)})`,
  ];
}

/** At this rate a full second without a request is not chance (e^-20). */
const steadyFlowPerSecond = 20;

/** Time in which nothing ended although requests flowed otherwise; the seconds of a stall at the end hide its latencies. */
function silence(steady: SteadyView): number {
  if (steadyRate(steady) < steadyFlowPerSecond) return 0;
  return steady.intervals
    .filter(({ requests, durationMs }) => requests === 0 && durationMs >= 900)
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** Trouble outside of the steady state, which is not judged but must not go unsaid. */
export function rampRemarks(record: RunRecord, steady: SteadyView): string[] {
  const allFailed = record.intervals.reduce((sum, interval) => sum + interval.failedRequests, 0);
  const outside = allFailed - steady.failedRequests;
  const remarks: string[] = [];
  if (outside > 0) {
    remarks.push(
      `${formatCount(outside)} requests failed outside of the steady state; the error rate is that of the steady state`,
    );
  }
  return remarks;
}

/** The load that was due and not started, over the run and over the steady state: a short collapse hides in a long ramp. */
function undelivered(record: RunRecord, steady: SteadyView): string[] {
  const { started, dropped } = record.iterations;
  const due = Math.max(record.iterations.due ?? 0, started + dropped);
  const whole = due > 0 ? started / due : 1;
  const steadyDue = steady.iterationsStarted + steady.iterationsDropped;
  const inSteady = steadyDue > 0 ? steady.iterationsStarted / steadyDue : 1;
  if (whole >= deliveredLimit && inSteady >= deliveredLimit) return [];
  const share = formatShare(Math.min(whole, inSteady));
  return [
    `the target could not absorb the load: ${share} of the iterations due were started (${formatCount(dropped)} dropped, ${formatRate(steadyRate(steady))} requests/s), because all VUs were busy; if its latencies are good, the scenario has too few VUs`,
  ];
}

function crossedThresholds({ thresholds, outcome }: RunRecord): string[] {
  const crossed = thresholds
    .filter(({ ok }) => !ok)
    .map(({ metric, source, actual }) => {
      const value =
        typeof actual === "number" && Number.isFinite(actual) ? ` (${significant(actual)})` : "";
      return `threshold crossed: ${metric}: ${source}${value}`;
    });
  if (crossed.length > 0) return crossed;
  const isCrossed =
    outcome.reason === "thresholds" || outcome.exitCode === exitCodes.thresholdsFailed;
  return isCrossed ? [outcome.message ?? "a threshold was crossed"] : [];
}
