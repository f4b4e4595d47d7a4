/** From the trials of a search to its record: the answer, in figures and in a sentence. */
import { formatCount } from "../base/units.ts";
import { computeDemand, dauFor } from "../plan/index.ts";
import type { LimitRecord, LimitTrialRecord, RecoveryRecord } from "../record/index.ts";
import {
  answerOf,
  findKnee,
  fitUsl,
  isGood,
  type SearchAnswer,
  type SearchEnd,
  type SearchState,
  sideOf,
  type TrialOutcome,
} from "../search/index.ts";
import { lakhVersion } from "./environment.ts";
import type { LimitRequest } from "./limit-request.ts";

export interface LimitParts {
  readonly id: string;
  readonly startedAt: Date;
  /** Ids of the runs, in the order of the trials. */
  readonly runs: readonly string[];
  readonly end: SearchEnd;
}

export function limitRecord(
  request: LimitRequest,
  state: SearchState,
  { id, startedAt, runs, end }: LimitParts,
): LimitRecord {
  const { users, objectives, settings, run } = request;
  const needed = neededOf(request);
  const answer = answerOf(state, end, needed?.requestsPerSecond);
  const usl = fitUsl(state.trials);
  const sustainable = withDau(answer.sustainable, users);
  return {
    schemaVersion: 1,
    id,
    lakhVersion: lakhVersion(),
    startedAt: startedAt.toISOString(),
    script: run.scriptName,
    verdict: answer.verdict,
    sentence: sentenceOf(answer, sustainable, { needed, settings, state }),
    sustainable,
    needed,
    limitedBy: answer.limitedBy,
    end,
    partial: end === "interrupted",
    knee: findKnee(state.trials),
    usl: usl.fit,
    uslReason: usl.reason,
    trials: state.trials.map((trial, index) => toTrialRecord(trial, runs[index]!)),
    recovery: recoveryOf(state.trials),
    arrivals: "even",
    confidence: settings.confidence,
    maxTrials: settings.maxTrials,
    objectives,
  };
}

function neededOf({ neededDau, users }: LimitRequest): LimitRecord["needed"] {
  if (neededDau === undefined) return null;
  const { ratePerSecond } = computeDemand({ ...users, dau: neededDau });
  return { dau: neededDau, requestsPerSecond: ratePerSecond };
}

/** Three digits are all that a search can know; users are rounded down, so that no claim grows by rounding. */
function withDau(
  rate: SearchAnswer["sustainable"],
  users: LimitRequest["users"],
): LimitRecord["sustainable"] {
  if (rate === null) return null;
  const toDau = (perSecond: number): number => {
    const dau = dauFor(perSecond, users);
    const unit = 10 ** Math.max(0, Math.floor(Math.log10(dau)) - 2);
    // The least bit of room: 147,000 may be 146,999.99999999997 in binary.
    return Math.floor(dau / unit + 1e-9) * unit;
  };
  return {
    ...rate,
    dau: toDau(rate.requestsPerSecond),
    lowDau: toDau(rate.low),
    highDau: rate.high === null ? null : toDau(rate.high),
  };
}

function toTrialRecord(trial: TrialOutcome, run: string): LimitTrialRecord {
  const errors = trial.rows.find(({ id }) => id === "error_rate")?.count;
  return {
    run,
    purpose: trial.plan.purpose,
    ratePerSecond: trial.plan.ratePerSecond,
    achievedPerSecond: trial.achievedPerSecond,
    goodPerSecond: trial.goodPerSecond,
    warmUpMs: trial.plan.warmUpMs,
    steadyMs: trial.plan.steadyMs,
    verdict: trial.verdict,
    sentence: trial.sentence,
    side: sideOf(trial),
    hasCollapsed: trial.hasCollapsed,
    p50Ms: trial.p50Ms,
    p95Ms: trial.p95Ms,
    p99Ms: trial.p99Ms,
    errorShare:
      errors === undefined || errors.requests === 0 ? null : errors.violations / errors.requests,
  };
}

/** From the last load that was too much to the first look, or trial, at which the target was well. */
function recoveryOf(trials: readonly TrialOutcome[]): RecoveryRecord | null {
  const last = trials.findLastIndex(
    (trial) => trial.plan.purpose !== "recovery" && trial.verdict !== "INVALID" && !isGood(trial),
  );
  const after = trials.slice(last + 1);
  if (last < 0 || after.length === 0) return null;
  const well = after.find(isGood);
  if (well === undefined) return { recovered: false, afterMs: null };
  return { recovered: true, afterMs: well.startedAtMs - trials[last]!.endedAtMs };
}

interface SentenceParts {
  readonly needed: LimitRecord["needed"];
  readonly settings: LimitRequest["settings"];
  readonly state: SearchState;
}

function sentenceOf(
  answer: SearchAnswer,
  sustainable: LimitRecord["sustainable"],
  { needed, settings, state }: SentenceParts,
): string {
  const { verdict, end, limitedBy } = answer;
  if (sustainable === null) return `${verdict}: ${nothingHeld(state, end)}`;
  const { requestsPerSecond, low, high, dau, isProven } = sustainable;
  const percent = formatPercent(settings.confidence);
  const interval =
    high === null ? "" : ` (${percent} interval ${formatRate(low)}-${formatRate(high)})`;
  const verb = `${isProven ? "sustains" : "seems to sustain"}${high === null ? " at least" : ""}`;
  const parts = [
    `${verb} ${formatRate(requestsPerSecond)} requests/s${interval} = ${formatCount(dau)} daily users`,
    ...(limitedBy === null ? [] : [`${limitedBy.label} is what gives first`]),
    ...(needed === null
      ? []
      : [
          `${formatCount(needed.dau)} daily users need ${formatRate(needed.requestsPerSecond)} requests/s`,
        ]),
    ...(isProven ? [] : ["no trial was long enough to prove it"]),
    ...endNote(end, settings),
  ];
  return `${verdict}: ${parts.join("; ")}`;
}

function nothingHeld({ trials }: SearchState, end: SearchEnd): string {
  if (end === "interrupted") return "interrupted before any trial had held";
  const rates = trials
    .filter(({ plan }) => plan.purpose !== "recovery")
    .map(({ plan }) => plan.ratePerSecond);
  const lowest = Math.min(...rates);
  if (end === "generator-limit" || end === "invalid-trials")
    return `no trial was valid: ${trials.at(-1)?.sentence.replace(/^INVALID: /u, "") ?? ""}`;
  const back = end === "not-recovered" ? ", and the target did not come back afterwards" : "";
  return `the target does not hold even ${formatRate(lowest)} requests/s${back}`;
}

function endNote(end: SearchEnd, settings: LimitRequest["settings"]): string[] {
  switch (end) {
    case "found":
    case "start-rate-too-high":
      return [];
    case "max-rate-holds":
      return ["more was not tried (--max-rate)"];
    case "generator-limit":
      return ["the generator, not the target, was at its limit"];
    case "not-recovered":
      return ["the target collapsed and did not come back within a minute"];
    case "invalid-trials":
      return ["further trials were invalid"];
    case "trials-used-up":
      return [`the ${settings.maxTrials} trials are used up (--max-trials)`];
    case "time-used-up":
      return ["the time is used up (--max-duration)"];
    case "interrupted":
      return ["interrupted: this is what was found so far"];
  }
}

function formatRate(ratePerSecond: number): string {
  return ratePerSecond >= 100
    ? formatCount(ratePerSecond)
    : String(Number(ratePerSecond.toPrecision(3)));
}

function formatPercent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
