/**
 * How late k6 starts iterations that are due by the clock. k6 does not say so itself, but its samples tell: the n-th
 * start or drop of an open scenario, in the order of time, stands for the n-th due iteration. Its lag is its time minus
 * the due time, counted from the earliest of all: a delay that all of them share cannot be seen, one that grows can.
 */
import type { Arrivals } from "../../../schedule/index.ts";
import type { GeneratorHealthRecord } from "../../../record/index.ts";
import type { ScenarioMoments } from "./points.ts";

/** A due iteration: when it was due in the run, and how late it was started. Milliseconds. */
export interface StartLag {
  readonly dueAtMs: number;
  readonly lagMs: number;
}

/** The lags of one scenario; `startTimeMs` is where it begins in the run. */
export function startLags(
  { startsMs, dropsMs }: ScenarioMoments,
  arrivals: Pick<Arrivals, "dueAtMs" | "total">,
  startTimeMs: number,
): StartLag[] {
  const times = Float64Array.from([...startsMs, ...dropsMs]).sort();
  const offsets: { dueMs: number; offsetMs: number }[] = [];
  for (let n = 0; n < Math.min(times.length, arrivals.total); n++) {
    const dueMs = arrivals.dueAtMs(n)!;
    offsets.push({ dueMs, offsetMs: times[n]! - dueMs });
  }
  const earliestMs = offsets.reduce((least, { offsetMs }) => Math.min(least, offsetMs), Infinity);
  return offsets.map(({ dueMs, offsetMs }) => ({
    dueAtMs: startTimeMs + dueMs,
    lagMs: offsetMs - earliestMs,
  }));
}

/** The health readings with the lags of the iterations that were due in each. */
export function withStartLags(
  health: readonly GeneratorHealthRecord[],
  lags: readonly StartLag[],
): GeneratorHealthRecord[] {
  const byDue = [...lags].sort((a, b) => a.dueAtMs - b.dueAtMs);
  let at = 0;
  return health.map((reading, index) => {
    const endMs = health[index + 1]?.atMs ?? Infinity;
    const own: number[] = [];
    while (at < byDue.length && byDue[at]!.dueAtMs < endMs) own.push(byDue[at++]!.lagMs);
    if (own.length === 0) return reading;
    own.sort((a, b) => a - b);
    return {
      ...reading,
      startLagP99Ms: own[Math.ceil(0.99 * own.length) - 1]!,
      startLagMaxMs: own.at(-1)!,
    };
  });
}
