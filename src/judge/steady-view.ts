/**
 * The judged part of a record: the intervals whose middle lies in the steady state (the rule by which the run itself
 * filled `steadyLatency`), their sums, and whether they are whole.
 */
import type { GeneratorHealthRecord, IntervalRecord, RunRecord } from "../record/index.ts";
import type { CountWindow } from "./statistics.ts";

export interface SteadyView {
  readonly intervals: readonly IntervalRecord[];
  /** Readings of the generator and how long each one stands for. */
  readonly health: readonly {
    readonly reading: GeneratorHealthRecord;
    readonly durationMs: number;
  }[];
  /** Length of the steady state as stated; 0 when it is empty or unreadable. */
  readonly lengthMs: number;
  /** Time that the intervals cover. */
  readonly coveredMs: number;
  readonly requests: number;
  readonly failedRequests: number;
  readonly iterationsStarted: number;
  readonly iterationsDropped: number;
  readonly iterationsFailed: number;
  readonly checksPassed: number;
  readonly checksFailed: number;
}

/** What a view is made of. */
export type ViewedRun = Pick<RunRecord, "intervals" | "generatorHealth"> & {
  readonly steadyState: Pick<RunRecord["steadyState"], "fromMs" | "toMs">;
};

export function steadyView(record: ViewedRun): SteadyView {
  const { fromMs, toMs } = record.steadyState;
  const isInside = (atMs: number, durationMs: number): boolean => {
    const middleMs = atMs + durationMs / 2;
    return middleMs >= fromMs && middleMs < toMs;
  };
  const intervals = record.intervals.filter(({ atMs, durationMs }) => isInside(atMs, durationMs));
  const total = (of: (interval: IntervalRecord) => number): number =>
    intervals.reduce((sum, interval) => sum + of(interval), 0);
  return {
    intervals,
    health: healthReadings(record).filter(({ reading, durationMs }) =>
      isInside(reading.atMs, durationMs),
    ),
    lengthMs: isNumber(fromMs) && isNumber(toMs) ? Math.max(0, toMs - fromMs) : 0,
    coveredMs: total(({ durationMs }) => durationMs),
    requests: total((interval) => interval.requests),
    failedRequests: total((interval) => interval.failedRequests),
    iterationsStarted: total((interval) => interval.iterationsStarted),
    iterationsDropped: total((interval) => interval.iterationsDropped),
    iterationsFailed: total((interval) => interval.iterationsFailed),
    checksPassed: total((interval) => interval.checksPassed),
    checksFailed: total((interval) => interval.checksFailed),
  };
}

/** Requests per second over the steady state; 0 when it is empty. */
export function steadyRate(steady: SteadyView): number {
  return steady.coveredMs > 0 ? steady.requests / (steady.coveredMs / 1_000) : 0;
}

/** One window an interval, for the design effect. */
export function countWindows(
  steady: SteadyView,
  violationsOf: (interval: IntervalRecord) => number,
): CountWindow[] {
  return steady.intervals.map((interval) => ({
    requests: interval.requests,
    violations: violationsOf(interval),
  }));
}

/** True when something in the record asked for load, so that missing requests are a finding. */
export function isLoadAttempted(record: RunRecord, steady: SteadyView): boolean {
  const { due, started } = record.iterations;
  return steady.lengthMs > 0 && ((due ?? 0) > 0 || started > 0 || steady.iterationsStarted > 0);
}

/** True for k6's executors that start iterations by the clock, whatever the target does. */
export function isOpen(executor: string): boolean {
  return executor === "constant-arrival-rate" || executor === "ramping-arrival-rate";
}

/** A number that JSON keeps: NaN and infinities become null on the way through a file. */
export function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A reading stands until the next one; the last as long as the one before it. */
function healthReadings(
  record: ViewedRun,
): { reading: GeneratorHealthRecord; durationMs: number }[] {
  const usual = 1_000;
  let durationMs = usual;
  return record.generatorHealth.map((reading, index) => {
    const next = record.generatorHealth[index + 1];
    if (next !== undefined) durationMs = Math.max(0, next.atMs - reading.atMs);
    return { reading, durationMs };
  });
}
