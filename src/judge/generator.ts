/**
 * Did the generator keep up, or did it measure itself? Its own signals over the steady state against stated limits;
 * past one of them nothing the run says of the target can be trusted. From an event-loop utilisation of 0.8 upward a
 * Node.js client measures itself (p95 of a 5 ms target: 7.0 ms at 0.59, 10.4 ms at 0.84, 110 ms at 0.94).
 *
 * One bad second does not decide: a figure is the worst level that was held for longer than 1.5 s and for more than
 * 5 % of the steady state (a 95th percentile over time). Utilisation must stay high for more than 3 s on end.
 */
import type { RunRecord } from "../record/index.ts";
import { usedUpResources } from "./local-resources.ts";
import { isNumber, isOpen, type SteadyView, steadyView, type ViewedRun } from "./steady-view.ts";
import { significant } from "./wording.ts";

/** One signal of the generator; `exceeded` when it is past the limit that makes a run invalid. */
interface GeneratorFigure {
  /** With its unit: "event-loop delay p99 (ms)". */
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly exceeded: boolean;
}

export interface GeneratorFinding {
  readonly status: "healthy" | "warning" | "saturated";
  readonly figures: readonly GeneratorFigure[];
  readonly sentence: string;
}

interface Signal {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly warnAbove: number;
  /** What else there is to say when it is past its limit. */
  readonly more?: string;
}

type Reading = SteadyView["health"][number]["reading"];

/** What is judged, beside the steady state: a run that goes on has no more yet. */
export type GeneratorRecord = Pick<RunRecord, "runner" | "objectives" | "generatorHealth"> & {
  readonly scenarios: readonly Pick<RunRecord["scenarios"][number], "executor">[];
  readonly environment: Pick<RunRecord["environment"], "cpuCount">;
};

/** The condition, and why it is so; no reason when it is healthy, or when too little is known. */
interface GeneratorCondition {
  readonly status: GeneratorFinding["status"];
  readonly reason: string;
}

/** What is held past one of these makes a run invalid; delays scale with the tightest latency objective. */
export const generatorLimits = {
  loopUtilization: 0.8,
  delayMs: 10,
  delayShare: 0.05,
  gcShare: 0.1,
  stealShare: 0.05,
  throttledShare: 0.01,
} as const;

const utilizationLimit = generatorLimits.loopUtilization;
const utilizationStretchSeconds = 3;
const utilizationTimeShare = 0.25;
/** What a single bad second lasts, ticks being a little late. */
const toleratedMs = 1_500;
const toleratedShare = 0.05;
/** Part of the steady state that readings must cover before the generator counts as watched. */
const watchedShare = 0.8;
/** Longest pause when there is no latency limit to measure it by: that of a limit of 500 ms. */
const pauseWithoutLimitMs = 100;

/** The same with what was seen of the run. */
export type GeneratorEvidence = GeneratorRecord & ViewedRun;

/** The generator's condition over the steady state. */
export function judgeGenerator(record: GeneratorRecord, steady: SteadyView): GeneratorFinding {
  const { reason, ...found } = assess(record, steady);
  return { ...found, sentence: sentenceOf({ status: found.status, reason }) };
}

/** The same with the bare reason, of a run that goes on: over what has been seen of its `steadyState`; undefined when that is nothing. */
export function judgeGeneratorSoFar(
  evidence: GeneratorEvidence,
): (GeneratorFinding & GeneratorCondition) | undefined {
  const seen = steadyView(evidence);
  if (seen.health.length === 0) return undefined;
  const found = assess(evidence, seen);
  return { ...found, sentence: sentenceOf(found) };
}

function assess(
  record: GeneratorRecord,
  steady: SteadyView,
): Pick<GeneratorFinding, "figures"> & GeneratorCondition {
  const signals = signalsOf(record, steady);
  const figures = signals.map(({ name, value, limit }) => ({
    name,
    value,
    limit,
    exceeded: value > limit,
  }));
  return { ...conditionOf(signals, isGeneratorWatched(record, steady)), figures };
}

function signalsOf(record: GeneratorRecord, steady: SteadyView): Signal[] {
  return [
    ...healthSignals(record, steady),
    ...machineSignals(record, steady),
    ...loadSignals(record, steady),
  ];
}

function conditionOf(signals: readonly Signal[], isWatched: boolean): GeneratorCondition {
  const exceeded = signals.filter(({ value, limit }) => value > limit);
  if (exceeded.length > 0) return { status: "saturated", reason: describe(exceeded) };
  if (!isWatched) return { status: "warning", reason: "" };
  const strained = signals.filter(({ value, warnAbove }) => value > warnAbove);
  return strained.length > 0
    ? { status: "warning", reason: describe(strained) }
    : { status: "healthy", reason: "" };
}

function sentenceOf({ status, reason }: GeneratorCondition): string {
  switch (status) {
    case "saturated":
      return `the generator was the bottleneck: ${reason}`;
    case "warning":
      return reason === ""
        ? "the generator's own condition was not recorded through the steady state"
        : `the generator kept up, but it was strained: ${reason}`;
    case "healthy":
      return "the generator kept up";
  }
}

/** False when too few usable readings cover the steady state to say that the generator kept up. */
export function isGeneratorWatched(record: GeneratorRecord, steady: SteadyView): boolean {
  let usableMs = 0;
  for (const { reading, durationMs } of steady.health) {
    if (vitalSigns(record, reading).every(isNumber)) usableMs += durationMs;
  }
  if (!(usableMs > 0 && usableMs >= watchedShare * steady.coveredMs)) return false;
  return !record.scenarios.some(({ executor }) => isOpen(executor)) || isLagWatched(steady);
}

/**
 * What must have been read of a generator. k6 has no event loop and tells nothing of itself: it is watched from
 * outside, by its CPU and, in open loads, by when its iterations started.
 */
function vitalSigns({ runner }: GeneratorRecord, reading: Reading): readonly (number | null)[] {
  const { cpuCores, loopUtilization, loopDelayP99Ms, gcShare, gcLongestMs } = reading;
  if (runner === "k6") return [cpuCores];
  return [loopUtilization, loopDelayP99Ms, gcShare, gcLongestMs];
}

/** An open load that started iterations has start lags; without them, late starts would go unseen. */
function isLagWatched(steady: SteadyView): boolean {
  const measured = steady.health.filter(({ reading }) => isNumber(reading.startLagP99Ms)).length;
  const expected = steady.intervals.filter(({ iterationsStarted }) => iterationsStarted > 0).length;
  return measured >= watchedShare * expected;
}

function healthSignals(record: GeneratorRecord, steady: SteadyView): Signal[] {
  const limitsMs = (record.objectives?.latency ?? [])
    .map(({ limitMs }) => limitMs)
    .filter((limitMs) => limitMs > 0);
  const tightestMs = limitsMs.length === 0 ? undefined : Math.min(...limitsMs);
  const { delayMs, delayShare } = generatorLimits;
  const delayLimitMs = Math.max(delayMs, delayShare * (tightestMs ?? 0));
  const pauseLimitMs = tightestMs === undefined ? pauseWithoutLimitMs : 0.2 * tightestMs;
  const level = (of: (reading: Reading) => number | null): number => heldLevel(steady, of);
  const isBusy = (reading: Reading): boolean => (reading.loopUtilization ?? 0) > utilizationLimit;
  return [
    {
      name: `longest stretch above ${utilizationLimit} event-loop utilisation (s)`,
      value: longestStretchMs(steady, isBusy) / 1_000,
      limit: utilizationStretchSeconds,
      warnAbove: 1,
    },
    {
      name: `share of time above ${utilizationLimit} event-loop utilisation`,
      value: timeShare(steady, isBusy),
      limit: utilizationTimeShare,
      warnAbove: 0.05,
    },
    {
      name: "event-loop utilisation held",
      value: level((reading) => reading.loopUtilization),
      limit: 1,
      warnAbove: 0.6,
    },
    {
      name: "event-loop delay p99 (ms)",
      value: level((reading) => reading.loopDelayP99Ms),
      limit: delayLimitMs,
      warnAbove: 5,
    },
    {
      name: "start lag p99 (ms)",
      value: level((reading) => reading.startLagP99Ms),
      limit: delayLimitMs,
      warnAbove: 5,
    },
    {
      name: "share of time in garbage collection",
      value: level((reading) => reading.gcShare),
      limit: generatorLimits.gcShare,
      warnAbove: 0.05,
    },
    {
      name: "longest garbage collection (ms)",
      value: level((reading) => reading.gcLongestMs),
      limit: pauseLimitMs,
      warnAbove: Math.min(20, pauseLimitMs),
    },
  ];
}

/**
 * The loop can look idle while the machine has no time to run it. What a machine does not say, or an older record does
 * not hold, counts as nothing.
 */
function machineSignals({ environment }: GeneratorRecord, steady: SteadyView): Signal[] {
  const level = (of: (reading: Reading) => number | null): number => heldLevel(steady, of);
  return [
    {
      name: "CPU of the generator (share of its machine)",
      value: level(({ cpuCores }) => (cpuCores === null ? null : cpuCores / environment.cpuCount)),
      limit: 0.85,
      warnAbove: 0.7,
    },
    {
      name: "CPU time taken by other virtual machines (steal, share)",
      value: level(({ stealShare }) => stealShare ?? null),
      limit: generatorLimits.stealShare,
      warnAbove: 0.02,
    },
    {
      name: "periods in which the CPU quota was used up (cgroup throttling, share)",
      value: level(({ throttledShare }) => throttledShare ?? null),
      limit: generatorLimits.throttledShare,
      warnAbove: 0,
    },
  ];
}

function loadSignals(record: GeneratorRecord, steady: SteadyView): Signal[] {
  // Faults in the ramp count as well: connections that failed to open then are missing in the steady state.
  const faults = record.generatorHealth.reduce(
    (sum, { socketFaults }) => sum + (isNumber(socketFaults) ? socketFaults : 0),
    0,
  );
  const due = steady.iterationsStarted + steady.iterationsDropped;
  const ownDrops = droppedWithFreeVus(steady);
  return [
    {
      name: "local socket faults",
      value: faults,
      limit: 0,
      warnAbove: 0,
      more: usedUpResources(record.generatorHealth),
    },
    {
      name: "iterations dropped while VUs were free (share of due)",
      value: due > 0 ? ownDrops / due : 0,
      limit: 0.001,
      warnAbove: 0,
    },
  ];
}

/**
 * Iterations that were dropped though VUs stood idle: the generator's own fault. Where (nearly) all VUs were busy it
 * is the target that held them, which the verdict counts against the target.
 */
function droppedWithFreeVus(steady: SteadyView): number {
  return steady.intervals
    .filter(({ activeVus, initializedVus }) => activeVus < 0.9 * initializedVus)
    .reduce((sum, { iterationsDropped }) => sum + iterationsDropped, 0);
}

/** The worst level held for longer than 1.5 s and 5 % of the time; 0 without readings. */
function heldLevel(steady: SteadyView, of: (reading: Reading) => number | null): number {
  const levels = steady.health
    .map(({ reading, durationMs }) => ({ level: of(reading), durationMs }))
    .filter((entry): entry is { level: number; durationMs: number } => isNumber(entry.level))
    .sort((first, second) => second.level - first.level);
  const totalMs = levels.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const allowanceMs = Math.max(toleratedMs, toleratedShare * totalMs);
  // Too short a time to tell a bad second from a bad run: the worst stands.
  if (totalMs <= 2 * allowanceMs) return Math.max(0, levels[0]?.level ?? 0);
  let passedMs = 0;
  for (const { level, durationMs } of levels) {
    passedMs += durationMs;
    if (passedMs > allowanceMs) return Math.max(0, level);
  }
  return 0;
}

function longestStretchMs(steady: SteadyView, isBad: (reading: Reading) => boolean): number {
  let longestMs = 0;
  let currentMs = 0;
  for (const { reading, durationMs } of steady.health) {
    currentMs = isBad(reading) ? currentMs + durationMs : 0;
    longestMs = Math.max(longestMs, currentMs);
  }
  // Ticks come a few milliseconds late: three of them are "3 s", not more.
  return Math.round(longestMs / 100) * 100;
}

function timeShare(steady: SteadyView, isBad: (reading: Reading) => boolean): number {
  const totalMs = steady.health.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const badMs = steady.health.reduce(
    (sum, { reading, durationMs }) => sum + (isBad(reading) ? durationMs : 0),
    0,
  );
  // Under four seconds in all, the stretch says everything that can be said.
  return totalMs > 4_000 ? badMs / totalMs : 0;
}

function describe(signals: readonly Signal[]): string {
  return signals
    .map(({ name, value, limit, more = "" }) => {
      const figure = `${name} ${significant(value)}, limit ${significant(limit)}`;
      return more === "" ? figure : `${figure}: ${more}`;
    })
    .join("; ");
}
