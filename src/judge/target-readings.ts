/** Readings of the target within the steady state, and whether they stand for all of it. */
import { formatCount } from "../base/units.ts";
import type { ObservationRecord, RunRecord } from "../record/index.ts";
import type { CriterionStatus } from "./criterion.ts";
import { isNumber } from "./steady-view.ts";
import { formatWait } from "./wording.ts";

export type Points = readonly (readonly [atMs: number, value: number])[];

/** What one source told, in order of time. */
export interface SourceReadings {
  readonly source: string;
  /** Sources with one `partOf` do not overlap; undefined when nothing is known of that. */
  readonly partOf: string | undefined;
  /** Each value is one over so long before its time. */
  readonly windowMs: number;
  readonly points: Points;
}

/** What a row of the scorecard says besides its name. */
export interface TargetFinding {
  readonly measured: string;
  readonly status: CriterionStatus;
  readonly explanation: string;
}

/** Fewer readings than this, or readings over less than half of the steady state, describe moments. */
const minReadings = 5;
const minCoveredShare = 0.5;
/** A pause between readings longer than so many usual ones is a hole. */
const longestPause = 5;

/**
 * Usable readings of one name, per source. One that reaches back to before the steady state is left out: it is in part
 * one of the ramp.
 */
export function steadyReadings(record: RunRecord, name: string): SourceReadings[] {
  const { fromMs, toMs } = record.steadyState;
  return record.observations
    .filter((observation: ObservationRecord) => observation.name === name)
    .map(({ source, partOf, windowMs = 0, points }) => ({
      source,
      partOf,
      windowMs,
      points: points
        .filter(
          ([atMs, value]) =>
            isNumber(atMs) &&
            isNumber(value) &&
            value >= 0 &&
            atMs - windowMs >= fromMs &&
            atMs <= toMs,
        )
        .sort((first, second) => first[0] - second[0]),
    }))
    .filter(({ points }) => points.length > 0);
}

/** Why the readings do not stand for the whole steady state; undefined when they do. */
export function readingGap(
  record: RunRecord,
  { source, windowMs, points }: SourceReadings,
): string | undefined {
  const { fromMs, toMs } = record.steadyState;
  if (points.length < minReadings)
    return `${points.length} readings from ${source} in the steady state are too few, ${minReadings} are needed`;
  const covered = coveredMs(points, windowMs);
  if (covered >= minCoveredShare * (toMs - fromMs)) return undefined;
  return `the readings from ${source} cover ${formatWait(covered)} of a steady state of ${formatWait(toMs - fromMs)}`;
}

/** Time between the first reading and the last, without holes. */
function coveredMs(points: Points, windowMs: number): number {
  const pauses = points.slice(1).map(([atMs], index) => atMs - points[index]![0]);
  const usualMs = pauses.toSorted((first, second) => first - second)[
    Math.floor(pauses.length / 2)
  ]!;
  const wholeMs = pauses.filter((pauseMs) => pauseMs <= longestPause * usualMs);
  return wholeMs.reduce((sum, pauseMs) => sum + pauseMs, windowMs);
}

/** Nothing was read, or nothing that lies wholly in the steady state. */
export function notObserved(record: RunRecord, name: string, what: string): TargetFinding {
  const windowMs = Math.max(
    0,
    ...record.observations.map((each) => (each.name === name ? (each.windowMs ?? 0) : 0)),
  );
  const explanation =
    windowMs > 0
      ? `each reading of the target's ${what} is a mean over ${formatWait(windowMs)}, and none lies within the steady state: make it longer, or let Prometheus scrape more often`
      : `no readings of the target's ${what} in the steady state: give its metrics endpoint, a Prometheus or its process to observe`;
  return { measured: "not observed", status: "INCONCLUSIVE", explanation };
}

/** Restarts that a source told of, by source; those of the whole run, or those after `fromMs`. */
export function restartsBySource(record: RunRecord, fromMs: number = 0): Map<string, number> {
  const restarts = new Map<string, number>();
  for (const { name, source, points } of record.observations) {
    if (name !== "restarts") continue;
    const before = points.findLast(([atMs]) => atMs < fromMs)?.[1] ?? 0;
    const last = points.at(-1)?.[1] ?? 0;
    if (last > before) restarts.set(source, (restarts.get(source) ?? 0) + last - before);
  }
  return restarts;
}

/** A target that restarts under load has not held it, whatever its answers were meanwhile. */
export function restartObstacles(record: RunRecord): string[] {
  const restarts = restartsBySource(record);
  if (restarts.size === 0) return [];
  const total = [...restarts.values()].reduce((sum, count) => sum + count, 0);
  const times = total === 1 ? "once" : `${formatCount(total)} times`;
  return [
    `the target restarted ${times} while the run went on (${sourceList([...restarts.keys()])})`,
  ];
}

/** "a, b, c and 9 more". */
export function sourceList(sources: readonly string[]): string {
  const shown = sources.length > 4 ? 3 : sources.length;
  const rest = sources.length - shown;
  const named = sources.slice(0, shown);
  if (rest > 0) return `${named.join(", ")} and ${formatCount(rest)} more`;
  return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}
