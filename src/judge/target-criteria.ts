/**
 * CPU and memory of the target, from readings taken beside the run. What was not read is never a PASS.
 *
 * CPU: mean and 95th percentile of the readings in the steady state, both below the allowed share of the cores. With
 * several sources it is unknown whether they overlap (a process and its own endpoint) or add up (replicas): it passes
 * when even their sum does, fails when one of them does, and is open in between.
 * Memory: minima over five minutes (which take out the saw-tooth of a collector) without the first max(1 h, 25 %);
 * leak when even the lower limit of the slope is above 1 % of the baseline an hour and the trend is significant,
 * stable when even the upper limit is below it.
 */
import { formatBytes, formatCount } from "../base/units.ts";
import type { ObservationRecord, RunRecord } from "../record/index.ts";
import type { CriterionResult, CriterionStatus } from "./criterion.ts";
import { isNumber } from "./steady-view.ts";
import { growthShape } from "./saturation.ts";
import { type Trend, trendOf, type TrendPoint } from "./trend.ts";
import { formatList, formatShare, formatWait, significant } from "./wording.ts";

type Points = readonly (readonly [atMs: number, value: number])[];

interface Finding {
  readonly measured: string;
  readonly status: CriterionStatus;
  readonly explanation: string;
}

interface SourceReadings {
  readonly source: string;
  readonly points: Points;
}

/** Fewer readings than this, or readings over less than half of the steady state, describe moments. */
const minReadings = 5;
const minCoveredShare = 0.5;

/** The row of the target's CPU; `allowedShare` of `targetCores`. */
export function judgeCpu(record: RunRecord, allowedShare: number): CriterionResult {
  return {
    id: "target_cpu",
    label: "CPU of the target",
    required: `< ${formatShare(allowedShare)}`,
    ...cpuFinding(record, allowedShare),
  };
}

function cpuFinding(record: RunRecord, allowedShare: number): Finding {
  const cores = record.objectives!.targetCores;
  const sources = steadyReadings(record, "cpu_cores");
  if (sources.length === 0) return notObserved("CPU");
  const meanCores = sources.map(({ points }) => mean(points));
  const highCores = sources.map(({ points }) => highQuantile(points));
  const [busiestMean, busiestHigh] = [Math.max(...meanCores), Math.max(...highCores)];
  const inCores = `mean ${significant(busiestMean)} cores, p95 ${significant(busiestHigh)} cores`;
  if (!isNumber(cores) || cores <= 0) {
    return {
      measured: inCores,
      status: "INCONCLUSIVE",
      explanation: "how many cores the target has was not stated (objective targetCores)",
    };
  }
  const measured = `mean ${formatShare(busiestMean / cores)}, p95 ${formatShare(busiestHigh / cores)}`;
  const basis = `${inCores} of ${significant(cores)}, from ${formatList(sources.map(({ source }) => source))}`;
  const gap = sources
    .map((source) => readingGap(record, source))
    .find((text) => text !== undefined);
  if (gap !== undefined)
    return { measured, status: "INCONCLUSIVE", explanation: `${basis}; ${gap}` };
  if (busiestHigh >= allowedShare * cores || busiestMean >= allowedShare * cores) {
    return { measured, status: "FAIL", explanation: basis };
  }
  if (busiestHigh <= 0) {
    return {
      measured,
      status: "INCONCLUSIVE",
      explanation: `${basis}: a process that used no CPU is not the one that answered`,
    };
  }
  if (total(highCores) >= allowedShare * cores || total(meanCores) >= allowedShare * cores) {
    return {
      measured,
      status: "INCONCLUSIVE",
      explanation: `${basis}; together they would be above the limit, and whether they overlap is not known`,
    };
  }
  return { measured, status: "PASS", explanation: basis };
}

const windowMs = 300_000;
const shortRunMs = 600_000;
const fillMs = 3_600_000;
const fillShare = 0.25;
const minTrendWindows = 8;
const hourMs = 3_600_000;
/** Growth that matters: 1 % of the baseline an hour. */
const materialShare = 0.01;
const significance = 0.05;
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

function memoryFinding(record: RunRecord): Finding {
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
  if (sources.length === 0) return notObserved("memory");
  const findings = sources.map((source) => soakFinding(record, source));
  return (
    findings.find(({ status }) => status === "FAIL") ??
    findings.find(({ status }) => status === "INCONCLUSIVE") ??
    findings[0]!
  );
}

function soakFinding(record: RunRecord, source: SourceReadings): Finding {
  const { points } = source;
  const measured = growthOf([source]);
  const open = (explanation: string): Finding => ({
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
  const filledMs = fromMs + Math.max(fillMs, fillShare * (toMs - fromMs));
  const minima = windowMinima(points.filter(([atMs]) => atMs >= filledMs));
  const trend = minima.length < minTrendWindows ? undefined : trendOf(minima);
  if (trend === undefined) {
    return open(
      `the first hour fills heap and caches and does not count; ${minTrendWindows} windows of 5 min after it are needed, there are ${formatCount(minima.length)}: a soak of 2 h or more would do`,
    );
  }
  const baseline = minima[0]!.value;
  const material = materialShare * baseline;
  const slope = `${trend.slope < 0 ? "-" : "+"}${formatBytes(Math.abs(trend.slope))} an hour, limit ${formatBytes(material)} an hour`;
  if (baseline <= 0) return open("the readings are zero");
  if (isLeak(trend, material)) {
    const shape = growthShape(minima);
    if (
      (minima.length >= 24 && shape.shape === "line") ||
      (shape.shape === "filling and line" && isLeak(trendOf(shape.withoutFilling)!, material))
    )
      return { measured, status: "FAIL", explanation: `${source.source}: it grows: ${slope}` };
  }
  if (trend.slopeUpper < material)
    return { measured, status: "PASS", explanation: `${source.source}: ${slope}` };
  return open(
    `${slope}; the noise is too large to tell, twice the time would shrink it about threefold`,
  );
}

function isLeak(trend: Trend, material: number): boolean {
  return trend.slopeLower > material && trend.pValue < significance;
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
  return `${formatBytes(largest.first)} to ${formatBytes(largest.last)} (${change < 0 ? "-" : "+"}${formatBytes(Math.abs(change))})`;
}

/** Usable readings of one name within the steady state, per source, in order of time. */
function steadyReadings(record: RunRecord, name: string): SourceReadings[] {
  const { fromMs, toMs } = record.steadyState;
  const isUsable = ([atMs, value]: readonly [number, number]): boolean =>
    isNumber(atMs) && isNumber(value) && value >= 0 && atMs >= fromMs && atMs <= toMs;
  return record.observations
    .filter((observation: ObservationRecord) => observation.name === name)
    .map(({ source, points }) => ({
      source,
      points: points.filter(isUsable).sort((first, second) => first[0] - second[0]),
    }))
    .filter(({ points }) => points.length > 0);
}

/** Why the readings do not stand for the whole steady state; undefined when they do. */
function readingGap(record: RunRecord, { source, points }: SourceReadings): string | undefined {
  const { fromMs, toMs } = record.steadyState;
  if (points.length < minReadings)
    return `${points.length} readings from ${source} in the steady state are too few, ${minReadings} are needed`;
  const coveredMs = points.at(-1)![0] - points[0]![0];
  if (coveredMs >= minCoveredShare * (toMs - fromMs)) return undefined;
  return `the readings from ${source} cover ${formatWait(coveredMs)} of a steady state of ${formatWait(toMs - fromMs)}`;
}

function notObserved(what: string): Finding {
  return {
    measured: "not observed",
    status: "INCONCLUSIVE",
    explanation: `no readings of the target's ${what} in the steady state: give its metrics endpoint or process to observe`,
  };
}

function mean(points: Points): number {
  return points.reduce((sum, [, value]) => sum + value, 0) / points.length;
}

function highQuantile(points: Points): number {
  const values = points.map(([, value]) => value).sort((first, second) => first - second);
  return values[Math.ceil(0.95 * values.length) - 1]!;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
