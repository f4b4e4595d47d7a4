/** One second of a run as a row of the history. */
import type { RunMoment, TargetReading } from "../outputs/index.ts";
import { type HistoryColumn, historyColumns, type Row } from "../page/index.ts";
import type { SecondOfLoad } from "./run-view.ts";

export interface RowParts {
  readonly second: SecondOfLoad;
  readonly moment: RunMoment;
  /** Due since the row before; null without scenarios that follow the clock. */
  readonly iterationsDue: number | null;
  /** Failed since the row before, by column. */
  readonly errors: readonly number[];
}

export function toRow({ second, moment, iterationsDue, errors }: RowParts): Row {
  const perSecond = (count: number): number =>
    second.durationMs <= 0 ? 0 : short((count * 1_000) / second.durationMs);
  const { planned, generator, target } = moment;
  const values: Readonly<Record<HistoryColumn, number | null | undefined>> = {
    atMs: second.endMs,
    requestsPerSecond: perSecond(second.requests),
    plannedRequestsPerSecond: planned.requestsPerSecond,
    failedPerSecond: perSecond(second.failedRequests),
    p50Ms: second.p50Ms,
    p95Ms: second.p95Ms,
    p99Ms: second.p99Ms,
    activeVus: moment.vus.active,
    initializedVus: moment.vus.initialized,
    plannedVus: planned.vus,
    iterationsDuePerSecond: iterationsDue === null ? null : perSecond(iterationsDue),
    iterationsStartedPerSecond: perSecond(second.iterationsStarted),
    iterationsDroppedPerSecond: perSecond(second.iterationsDropped),
    startLagP99Ms: generator?.startLagP99Ms,
    loopUtilization: generator?.loopUtilization,
    loopDelayP99Ms: generator?.loopDelayP99Ms,
    gcShare: generator?.gcShare,
    generatorCpuCores: generator?.cpuCores,
    generatorResidentBytes: generator?.residentBytes,
    targetCpuCores: sumOf(target, "cpu_cores"),
    targetCpuUsedShare: sumOf(target, "cpu_used_share"),
    targetMemoryBytes: sumOf(target, "memory_bytes"),
    bytesSentPerSecond: perSecond(second.bytesSent),
    bytesReceivedPerSecond: perSecond(second.bytesReceived),
  };
  return [...historyColumns.map((column) => shortOrNull(values[column])), ...errors.map(perSecond)];
}

/** Sources do not overlap: what they use adds up. */
function sumOf(readings: readonly TargetReading[], name: string): number | undefined {
  const found = readings.filter((reading) => reading.name === name);
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}

function shortOrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value) ? null : short(value);
}

/** A chart shows three digits; the table and the totals say it exactly. */
function short(value: number): number {
  return Number(value.toFixed(4));
}
