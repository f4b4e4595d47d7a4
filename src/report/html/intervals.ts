/**
 * The intervals of a record as points of charts. Neighbours are joined when there are more than a chart needs: counts add
 * up, percentiles and VUs are the highest of them, as when a record merges its own, so that a bad second stays seen.
 */
import type { GeneratorHealthRecord, IntervalRecord, RunRecord } from "../../record/index.ts";

/** One interval, or some neighbours. */
export interface Span {
  /** Its middle, in whole milliseconds. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly parts: readonly IntervalRecord[];
}

/** A last interval shorter than this part of the one before it is a rest: its rate is noise, so it is joined to that. */
const leastRest = 0.5;

/** @param most points that a chart may have */
export function toSpans({ intervals }: RunRecord, most: number): Span[] {
  const groups = inGroups(intervals, most);
  const last = groups.at(-1);
  const before = groups.at(-2);
  const isRest =
    last !== undefined && before !== undefined && lengthOf(last) < leastRest * lengthOf(before);
  const whole = isRest ? [...groups.slice(0, -2), [...before, ...last]] : groups;
  return whole.map((parts) => {
    const durationMs = lengthOf(parts);
    return { atMs: Math.round(parts[0]!.atMs + durationMs / 2), durationMs, parts };
  });
}

/** A count of each interval, per second. */
export function rateOf(
  { parts, durationMs }: Span,
  countOf: (interval: IntervalRecord) => number,
): number | null {
  const count = parts.reduce((sum, part) => sum + countOf(part), 0);
  return durationMs > 0 ? toChart((count * 1_000) / durationMs) : null;
}

/** The highest of the intervals' values. */
export function highestOf(
  { parts }: Span,
  valueOf: (interval: IntervalRecord) => number | null,
): number | null {
  return highest(parts.map(valueOf));
}

/** Readings of the generator: the worst of neighbours, whose times are those of the first. */
export function toReadings(
  { generatorHealth }: RunRecord,
  most: number,
): {
  timesMs: number[];
  worst: (of: (reading: GeneratorHealthRecord) => number | null) => (number | null)[];
} {
  const groups = inGroups(generatorHealth, most);
  return {
    timesMs: groups.map((group) => Math.round(group[0]!.atMs)),
    worst: (of) => groups.map((group) => highest(group.map(of))),
  };
}

/** Four significant digits: no eye and no pixel tells more. */
export function toChart(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(4));
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  return known.length === 0 ? null : toChart(known.reduce((most, value) => Math.max(most, value)));
}

function lengthOf(parts: readonly IntervalRecord[]): number {
  return parts.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** Neighbours in equal groups, at most `most` of them. */
export function inGroups<Item>(items: readonly Item[], most: number): (readonly Item[])[] {
  const size = Math.max(1, Math.ceil(items.length / most));
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
