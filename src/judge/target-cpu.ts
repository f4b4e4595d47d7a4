/**
 * CPU of the target: mean and 95th percentile of the readings in the steady state, both below the allowed share of the
 * cores. What was not read is never a PASS.
 *
 * Sources that are parts of one target (`partOf`: the pods that one Prometheus knows) add up, moment by moment. Their
 * cores are those stated, or their own limits; by their limits the busiest part is judged, too, because a mean over
 * replicas hides the one that is full. Of other sources it is unknown whether they overlap (a process and its own
 * endpoint) or add up: they pass when even their sum does, fail when one of them does, and are open in between.
 */
import type { RunRecord } from "../record/index.ts";
import type { CriterionResult, CriterionStatus } from "./criterion.ts";
import { isNumber } from "./steady-view.ts";
import {
  notObserved,
  type Points,
  readingGap,
  sourceList,
  type SourceReadings,
  steadyReadings,
  type TargetFinding,
} from "./target-readings.ts";
import { formatShare, significant } from "./wording.ts";

/** A part with fewer readings came and went too fast to be judged alone; it counts in the whole. */
const minReadings = 5;
/** Throttled periods below this are chance. */
const worthSaying = 0.01;

/** The row of the target's CPU; `allowedShare` of its cores. */
export function judgeCpu(record: RunRecord, allowedShare: number): CriterionResult {
  return {
    id: "target_cpu",
    label: "CPU of the target",
    required: `< ${formatShare(allowedShare)}`,
    ...cpuFinding(record, allowedShare),
  };
}

/** Mean and 95th percentile. */
interface Level {
  readonly mean: number;
  readonly high: number;
}

/** Sources that add up. */
interface Target {
  readonly parts: readonly SourceReadings[];
  /** Cores in use, moment by moment, of all parts. */
  readonly usage: SourceReadings;
  /** Share of the cores in use: of the whole, and by their own limits of the parts. Empty when the cores are unknown. */
  readonly shares: readonly Level[];
  /** Cores of the parts together, by their own limits. */
  readonly ownCores: number | undefined;
}

function cpuFinding(record: RunRecord, allowedShare: number): TargetFinding {
  const sources = steadyReadings(record, "cpu_cores");
  if (sources.length === 0) return notObserved(record, "cpu_cores", "CPU");
  const cores = statedCores(record);
  const targets = groupedByTarget(sources).map((parts) => targetOf(record, parts, cores));
  const inUse = worst(targets.map(({ usage }) => levelOf(usage.points)));
  const inCores = `mean ${significant(inUse.mean)} cores, p95 ${significant(inUse.high)} cores`;
  const isKnown = targets.every(({ shares }) => shares.length > 0);
  const busiest = isKnown ? worst(targets.flatMap(({ shares }) => shares)) : undefined;
  if (busiest === undefined) {
    const explanation =
      "how many cores the target has was neither stated (objective targetCores) nor read for each of its sources";
    return { measured: inCores, status: "INCONCLUSIVE", explanation };
  }
  const measured = `mean ${formatShare(busiest.mean)}, p95 ${formatShare(busiest.high)}`;
  const basis = `${inCores} of ${coresText(cores, targets)}, from ${sourceList(sources.map(({ source }) => source))}${throttling(record)}`;
  const found = (status: CriterionStatus, reason = ""): TargetFinding => ({
    measured,
    status,
    explanation: `${basis}${reason}`,
  });
  const gap = firstText(targets.map(({ usage }) => readingGap(record, usage)));
  if (gap !== undefined) return found("INCONCLUSIVE", `; ${gap}`);
  if (isAbove(busiest, allowedShare)) return found("FAIL");
  if (inUse.high <= 0)
    return found("INCONCLUSIVE", ": a process that used no CPU is not the one that answered");
  if (cores === undefined) return found("PASS");
  const change = firstText(
    targets.flatMap(({ parts }) => parts.map((part) => readingGap(record, part))),
  );
  if (change !== undefined)
    return found(
      "INCONCLUSIVE",
      `; ${change}, and how many of the stated cores were there without it is not known`,
    );
  if (isAbove(together(targets, cores), allowedShare)) {
    const reason =
      "; together they would be above the limit, and whether they overlap is not known";
    return found("INCONCLUSIVE", reason);
  }
  return found("PASS");
}

function statedCores({ objectives }: RunRecord): number | undefined {
  const cores = objectives?.targetCores;
  return isNumber(cores) && cores > 0 ? cores : undefined;
}

function coresText(cores: number | undefined, targets: readonly Target[]): string {
  if (cores !== undefined) return significant(cores);
  const own = targets.reduce((sum, { ownCores }) => sum + (ownCores ?? 0), 0);
  return `${significant(own)} by ${targets.some(({ parts }) => parts.length > 1) ? "their limits, the busiest by its own" : "its limit"}`;
}

/** Sources with one `partOf` together, all others alone. */
function groupedByTarget(sources: readonly SourceReadings[]): SourceReadings[][] {
  const targets = new Map<string, SourceReadings[]>();
  for (const [index, source] of sources.entries()) {
    const key = source.partOf === undefined ? `alone ${index}` : `part of ${source.partOf}`;
    targets.set(key, [...(targets.get(key) ?? []), source]);
  }
  return [...targets.values()];
}

function targetOf(
  record: RunRecord,
  parts: readonly SourceReadings[],
  statedCores: number | undefined,
): Target {
  const times = [...new Set(parts.flatMap(({ points }) => points.map(([atMs]) => atMs)))].sort(
    (first, second) => first - second,
  );
  const usages = parts.map(({ points }) => valuesAt(points, times));
  const sums = times.map((_, index) => total(usages.map((usage) => usage[index] ?? 0)));
  const points = times.map((atMs, index) => [atMs, sums[index]!] as const);
  const usage = { ...parts[0]!, points };
  if (statedCores !== undefined)
    return { parts, usage, shares: [scaled(levelOf(points), statedCores)], ownCores: undefined };
  const limits = parts.map((part) => limitOf(record, part));
  if (!limits.every(isNumber)) return { parts, usage, shares: [], ownCores: undefined };
  // Only the cores of the parts that were there count, as their usage does.
  const present = times.map((_, index) =>
    total(limits.map((cores, part) => (usages[part]![index] === undefined ? 0 : cores))),
  );
  const whole = points.map(([atMs, sum], index) => [atMs, sum / present[index]!] as const);
  const each = parts
    .map((part, index) => ({ part, cores: limits[index]! }))
    .filter(({ part }) => part.points.length >= minReadings)
    .map(({ part, cores }) => scaled(levelOf(part.points), cores));
  return { parts, usage, shares: [levelOf(whole), ...each], ownCores: total(limits) };
}

/**
 * The value at each of `times`, undefined before the first and after the last. Within a hole the larger neighbour: what
 * was not read must not look like idleness.
 */
function valuesAt(points: Points, times: readonly number[]): (number | undefined)[] {
  let next = 0;
  return times.map((atMs) => {
    while (next < points.length && points[next]![0] < atMs) next++;
    const after = points[next];
    if (after?.[0] === atMs) return after[1];
    const before = points[next - 1];
    return before === undefined || after === undefined ? undefined : Math.max(before[1], after[1]);
  });
}

/** The smallest limit that was read for a source, in the whole run; undefined when there is none. */
function limitOf(record: RunRecord, { source, partOf }: SourceReadings): number | undefined {
  const limits = record.observations
    .filter(
      (each) => each.name === "cpu_limit_cores" && each.source === source && each.partOf === partOf,
    )
    .flatMap(({ points }) => points.map(([, cores]) => cores))
    .filter((cores) => isNumber(cores) && cores > 0);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** What the kernel held back, which no mean of the usage shows. */
function throttling(record: RunRecord): string {
  const worstShare = Math.max(
    0,
    ...steadyReadings(record, "cpu_throttled_share").map(({ points }) => levelOf(points).mean),
  );
  if (worstShare < worthSaying) return "";
  return `; the kernel held it back in ${formatShare(worstShare)} of its periods, which slows answers down whatever the mean is`;
}

function together(targets: readonly Target[], cores: number): Level {
  const levels = targets.map(({ usage }) => levelOf(usage.points));
  return {
    mean: total(levels.map(({ mean }) => mean)) / cores,
    high: total(levels.map(({ high }) => high)) / cores,
  };
}

function isAbove({ mean, high }: Level, allowedShare: number): boolean {
  return mean >= allowedShare || high >= allowedShare;
}

function levelOf(points: Points): Level {
  const values = points.map(([, value]) => value).sort((first, second) => first - second);
  return {
    mean: total(values) / values.length,
    high: values[Math.ceil(0.95 * values.length) - 1]!,
  };
}

function scaled({ mean, high }: Level, cores: number): Level {
  return { mean: mean / cores, high: high / cores };
}

function worst(levels: readonly Level[]): Level {
  return {
    mean: Math.max(...levels.map(({ mean }) => mean)),
    high: Math.max(...levels.map(({ high }) => high)),
  };
}

function firstText(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
