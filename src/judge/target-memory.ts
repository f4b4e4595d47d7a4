/**
 * Memory of the target: does it grow for ever? From minima over five minutes (which take out the saw-tooth of a
 * collector) without the first max(1 h, 25 %).
 *
 * A leak when even the lower limit of the slope is above 1 % of the baseline an hour, the trend is significant, and the
 * growth does not look like something that fills up; stable when even the upper limit is below 1 %; open otherwise.
 */
import { formatBytes, formatCount } from "../base/units.ts";
import type { RunRecord } from "../record/index.ts";
import type { CriterionResult, CriterionStatus } from "./criterion.ts";
import { growthShape } from "./saturation.ts";
import {
  notObserved,
  type Points,
  readingGap,
  restartsBySource,
  type SourceReadings,
  steadyReadings,
  type TargetFinding,
} from "./target-readings.ts";
import { type Trend, trendOf, type TrendPoint } from "./trend.ts";
import { formatWait, significant } from "./wording.ts";

const windowMs = 300_000;
const shortRunMs = 600_000;
const fillMs = 3_600_000;
const fillShare = 0.25;
const minTrendWindows = 8;
const hourMs = 3_600_000;
/** Growth that matters: 1 % of the baseline an hour. */
const materialShare = 0.01;
const significance = 0.05;
/** Two hours: over less, half of what fills up for hours looks like a line. */
const minLeakWindows = 24;
/** A fall below this part of the reading before is a restart, which hides what had grown. */
const restartShare = 0.5;

/** The row of the target's memory. */
export function judgeMemory(record: RunRecord): CriterionResult {
  return {
    id: "target_memory",
    label: "memory of the target",
    required: "stable",
    ...memoryFinding(record),
  };
}

function memoryFinding(record: RunRecord): TargetFinding {
  const sources = steadyReadings(record, "memory_bytes");
  const { fromMs, toMs } = record.steadyState;
  if (!(toMs - fromMs >= shortRunMs)) {
    const explanation = `a leak cannot be told from warming up in a steady state of ${formatWait(Math.max(0, toMs - fromMs) || 0)}; a soak of 2 h or more can`;
    return {
      measured: sources.length === 0 ? "not observed" : growthOf(sources),
      status: "NOT_JUDGED",
      explanation,
    };
  }
  if (sources.length === 0) return notObserved(record, "memory_bytes", "memory");
  const findings = sources.map((source) => soakFinding(record, source));
  return (
    findings.find(({ status }) => status === "FAIL") ??
    findings.find(({ status }) => status === "INCONCLUSIVE") ??
    findings[0]!
  );
}

function soakFinding(record: RunRecord, source: SourceReadings): TargetFinding {
  const { points } = source;
  const measured = growthOf([source]);
  const open = (explanation: string): TargetFinding => ({
    measured,
    status: "INCONCLUSIVE",
    explanation: `${source.source}: ${explanation}`,
  });
  const gap = readingGap(record, source);
  if (gap !== undefined) return open(gap);
  if (
    points.some(([, value], index) => index > 0 && value < restartShare * points[index - 1]![1])
  ) {
    return open(
      "memory fell to less than half from one reading to the next: a restart hides what had grown",
    );
  }
  const { fromMs, toMs } = record.steadyState;
  if (restartsBySource(record, fromMs).has(source.source))
    return open("it restarted, which hides what had grown");
  const filledMs = fromMs + Math.max(fillMs, fillShare * (toMs - fromMs));
  const minima = windowMinima(points.filter(([atMs]) => atMs >= filledMs));
  const trend = minima.length < minTrendWindows ? undefined : trendOf(minima);
  if (trend === undefined) {
    return open(
      `the first hour fills heap and caches and does not count; ${minTrendWindows} windows of 5 min after it are needed, there are ${formatCount(minima.length)}: a soak of 2 h or more would do`,
    );
  }
  const baseline = minima[0]!.value;
  if (baseline <= 0) return open("the readings are zero");
  const material = materialShare * baseline;
  const slope = slopeText(trend, material);
  const found = (status: CriterionStatus, explanation: string): TargetFinding => ({
    measured,
    status,
    explanation: `${source.source}: ${explanation}`,
  });
  if (isLeak(trend, material)) {
    const doubt = leakDoubt(minima, material);
    return doubt === undefined
      ? found("FAIL", `it grows: ${slope}`)
      : open(`it grows: ${slope}; ${doubt}`);
  }
  if (trend.slopeUpper < material) return found("PASS", slope);
  return open(
    `${slope}; the noise is too large to tell, twice the time would shrink it about threefold`,
  );
}

function isLeak(trend: Trend, material: number): boolean {
  return trend.slopeLower > material && trend.pValue < significance;
}

/** Why growth need not be a leak; undefined when it is one. */
function leakDoubt(minima: readonly TrendPoint[], material: number): string | undefined {
  if (minima.length < minLeakWindows) {
    return `in less than ${formatWait(minLeakWindows * windowMs + fillMs)} caches that fill look the same: a longer soak tells`;
  }
  const growth = growthShape(minima);
  if (growth.shape === "line") return undefined;
  if (growth.shape === "filling and line" && isLeak(trendOf(growth.withoutFilling)!, material))
    return undefined;
  return "it slows down as something does that fills up (a cache, a heap): a longer soak shows where it ends";
}

/** "+5 MB an hour (90 % interval +4 MB to +6 MB, p = 0.003), limit 3.8 MB an hour". */
function slopeText({ slope, slopeLower, slopeUpper, pValue }: Trend, material: number): string {
  const p = pValue < 0.001 ? "p < 0.001" : `p = ${significant(pValue)}`;
  const interval = `90 % interval ${growthText(slopeLower)} to ${growthText(slopeUpper)}`;
  return `${growthText(slope)} an hour (${interval}, ${p}), limit ${formatBytes(material)} an hour`;
}

function growthText(bytes: number): string {
  if (!Number.isFinite(bytes)) return "unknown";
  return `${bytes < 0 ? "-" : "+"}${formatBytes(Math.abs(bytes))}`;
}

/** Lowest value of each five minutes, hours as time; a window that is less than half full of time is left out. */
function windowMinima(points: Points): TrendPoint[] {
  const startMs = points[0]?.[0] ?? 0;
  const windows = new Map<number, { value: number; lastMs: number; firstMs: number }>();
  for (const [atMs, value] of points) {
    const index = Math.floor((atMs - startMs) / windowMs);
    const window = windows.get(index) ?? { value, firstMs: atMs, lastMs: atMs };
    windows.set(index, {
      value: Math.min(window.value, value),
      firstMs: window.firstMs,
      lastMs: atMs,
    });
  }
  return [...windows]
    .filter(([, { firstMs, lastMs }]) => lastMs - firstMs >= windowMs / 2)
    .map(([index, { value }]) => ({ at: (index * windowMs) / hourMs, value }));
}

function growthOf(sources: readonly SourceReadings[]): string {
  const grown = sources.map(({ points }) => ({ first: points[0]![1], last: points.at(-1)![1] }));
  const largest = grown.reduce((worst, now) =>
    now.last - now.first > worst.last - worst.first ? now : worst,
  );
  const change = largest.last - largest.first;
  return `${formatBytes(largest.first)} to ${formatBytes(largest.last)} (${growthText(change)})`;
}
