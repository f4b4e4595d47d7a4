/**
 * What the runs say of one row: how far the new side is shifted against the base, with one-sided limits, and how
 * probable a shift as large is by chance. Shifts are turned so that more is worse; those of values are logarithms of a
 * ratio, those of shares differences.
 */
import type { RunFigures, SeriesFigures } from "../../record/index.ts";
import { designEffect, median } from "../statistics.ts";
import { formatWait } from "../wording.ts";
import type { CompareMethod, CompareSettings } from "./comparison.ts";
import type { FamilyRow } from "./families.ts";
import type { Measure, ShareMeasure, ValueMeasure } from "./measures.ts";
import { cliffsDelta, rankShift, type Shift } from "./ranks.ts";
import { type ShareCount, shareProbability, shareShift } from "./share-difference.ts";
import { meanOf, pooledSpread, studentComparison } from "./student-shift.ts";
import { windowComparison } from "./window-shift.ts";

/** One run's part of a row. */
export interface Sample {
  readonly series: SeriesFigures;
  readonly run: RunFigures;
}

/** A row before it is judged. */
export interface Subject {
  readonly method: CompareMethod;
  readonly endpoint: { readonly name: string; readonly method: string } | null;
  readonly measure: Measure;
  readonly base: readonly Sample[];
  readonly fresh: readonly Sample[];
}

export interface Evidence {
  readonly shift: Shift;
  /** One row of the rows that are tested together; null where there are p-values. */
  readonly family: FamilyRow | null;
  /** One-sided, of this row alone; 1 where `family` is tested instead. */
  readonly worseProbability: number;
  readonly betterProbability: number;
  readonly effect: number | null;
  /** How much runs of one side differ from each other, in terms of the shift; null where nothing is known of that. */
  readonly spread: number | null;
}

/** Why there is none. */
export interface NoEvidence {
  readonly reason: string;
}

/** Noise below a fifth of what is allowed counts as a fifth of it. */
const leastSpreadShare = 0.2;

export function evidenceFor(subject: Subject, settings: CompareSettings): Evidence | NoEvidence {
  const { measure } = subject;
  return measure.kind === "share"
    ? shareEvidence(measure, subject, settings)
    : valueEvidence(measure, subject, settings);
}

function valueEvidence(
  measure: ValueMeasure,
  { method, base, fresh }: Subject,
  settings: CompareSettings,
): Evidence | NoEvidence {
  const logs = (samples: readonly Sample[]): (number | null)[] =>
    samples.map(({ series, run }) => turnedLog(measure, measure.valueOf(series, run)));
  const [first, second] = [logs(base), logs(fresh)];
  if (!areNumbers(first) || !areNumbers(second))
    return { reason: "a run has no value that could be compared" };
  const fewest = Math.min(...[...base, ...fresh].map(({ series }) => series.requests));
  if (fewest < measure.leastRequests)
    return { reason: `a run has ${fewest} requests; ${measure.leastRequests} are needed` };
  const alpha = 1 - settings.confidence;
  if (method === "within-run") return withinRun(measure, { base, fresh }, alpha);
  const spread = pooledSpread(first, second);
  const effect = cliffsDelta(first, second);
  if (method === "runs-student")
    return { ...studentComparison(first, second, alpha), family: null, effect, spread };
  const leastSpread = leastSpreadShare * Math.log1p(settings.limitShare);
  return {
    shift: rankShift(first, second, alpha),
    family: { first, second, leastSpread },
    worseProbability: 1,
    betterProbability: 1,
    effect,
    spread,
  };
}

/** ln of a value, turned so that more is worse; null where there is none. */
export function turnedLog({ worse }: ValueMeasure, value: number | null): number | null {
  if (value === null || !(value > 0) || !Number.isFinite(value)) return null;
  return worse === "more" ? Math.log(value) : -Math.log(value);
}

function areNumbers(values: readonly (number | null)[]): values is readonly number[] {
  return !values.includes(null);
}

function withinRun(
  measure: ValueMeasure,
  { base, fresh }: Pick<Subject, "base" | "fresh">,
  alpha: number,
): Evidence | NoEvidence {
  const windows = (samples: readonly Sample[]): number[][] =>
    samples.map(({ series, run }) =>
      (measure.windowsOf(series, run) ?? []).flatMap((value, index) => {
        const log = turnedLog(measure, value);
        const isEnough = (series.blocks?.requests[index] ?? 0) >= measure.leastRequests;
        return log === null || !isEnough ? [] : [log];
      }),
    );
  const [first, second] = [windows(base), windows(fresh)];
  const missing = missingWindows(measure, [...base, ...fresh], [...first, ...second]);
  if (missing !== undefined) return { reason: missing };
  const found = windowComparison(first, second, alpha);
  return { ...found, family: null, effect: cliffsDelta(first.flat(), second.flat()), spread: null };
}

/** Windows of a run that its noise is told from. */
const leastWindows = 6;
const leastWindowMs = 5_000;

function missingWindows(
  measure: ValueMeasure,
  samples: readonly Sample[],
  windows: readonly (readonly number[])[],
): string | undefined {
  const short = windows.findIndex((each) => each.length < leastWindows);
  if (short === -1) return undefined;
  const { series, run } = samples[short]!;
  const blocks = measure.windowsOf(series, run);
  if (run.steadyMs < leastWindows * leastWindowMs)
    return `one run a side cannot tell: the steady state of ${run.id} is ${formatWait(run.steadyMs)} long; ${formatWait(leastWindows * leastWindowMs)} are needed`;
  if (blocks === null) return "one run a side cannot tell: its windows of time were not recorded";
  if (blocks.length < leastWindows)
    return `one run a side cannot tell: ${run.id} has ${blocks.length} windows of time; ${leastWindows} are needed`;
  return `one run a side cannot tell: too few requests in the windows of ${run.id} (${measure.leastRequests} are needed in each)`;
}

function shareEvidence(
  measure: ShareMeasure,
  { method, base, fresh }: Subject,
  settings: CompareSettings,
): Evidence | NoEvidence {
  if (method === "within-run" && !measure.isKnownWithin)
    return { reason: "one run a side cannot tell" };
  const counts = (samples: readonly Sample[]): ShareCount[] =>
    samples.map(({ series, run }) => measure.countOf(series, run));
  const [ones, others] = [counts(base), counts(fresh)];
  const [first, second] = alike(togetherOf(ones), togetherOf(others));
  if (first.requests === 0 || second.requests === 0) return { reason: "there were none" };
  const shares = (list: readonly ShareCount[]): number[] =>
    list.map(({ failed, requests }) => (requests > 0 ? failed / requests : 0));
  const runs = [shares(ones), shares(others)] as const;
  const isExact = method === "runs-exact";
  const allowed = allowedShareOf(first, settings);
  return {
    shift: shareShift(first, second, 1 - settings.confidence),
    family: isExact
      ? { first: runs[0], second: runs[1], leastSpread: leastSpreadShare * allowed }
      : null,
    worseProbability: isExact ? 1 : shareProbability(first, second),
    betterProbability: isExact ? 1 : shareProbability(second, first),
    effect: method === "within-run" ? null : cliffsDelta(...runs),
    spread: null,
  };
}

/** By how much a share may rise: the limit, relative to the base, and never less than the floor. */
function allowedShareOf(base: ShareCount, settings: CompareSettings): number {
  return Math.max(
    settings.errorFloorShare,
    (settings.limitShare * base.failed) / Math.max(1, base.requests),
  );
}

/** The events of several runs as one count; runs that differ more than chance allows make neighbours of their events. */
export function togetherOf(counts: readonly ShareCount[]): ShareCount {
  const runs = counts.map(({ failed, requests }) => ({ requests, violations: failed }));
  return {
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    requests: counts.reduce((sum, { requests }) => sum + requests, 0),
    deff: Math.max(1, ...counts.map(({ deff }) => deff), designEffect(runs).deff),
  };
}

/** Without failures nothing says how alike they would be: the other side's likeness stands for both. */
function alike(first: ShareCount, second: ShareCount): [ShareCount, ShareCount] {
  const deff = Math.max(first.deff, second.deff);
  return [
    { ...first, deff },
    { ...second, deff },
  ];
}

/**
 * What is shown of a side, so that the two are as far apart as the shift says: the median of its runs, their geometric
 * mean where the shift is one of means, or the share of all their events.
 */
export function shownValue(
  { measure, method }: Subject,
  samples: readonly Sample[],
): number | null {
  if (samples.length === 0) return null;
  if (measure.kind === "share") {
    const { failed, requests } = togetherOf(
      samples.map(({ series, run }) => measure.countOf(series, run)),
    );
    return requests > 0 ? failed / requests : null;
  }
  const values = samples.flatMap(({ series, run }) => measure.valueOf(series, run) ?? []);
  if (values.length === 0) return null;
  if (method === "runs-exact") return median(values.toSorted((one, other) => one - other));
  return values.every((value) => value > 0) ? Math.exp(meanOf(values.map(Math.log))) : 0;
}
