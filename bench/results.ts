/**
 * From what was measured to what is said: a result a tool and round, ratios between tools of the same round, the
 * comparison with bench/baseline.json, and the tables. Pure: it measures nothing.
 */
import { type Cost, median, type Percentiles } from "./measure.ts";
import type { ScheduleFacts } from "./peers.ts";

/** What one tool did in one round of a scenario. */
export interface Result {
  readonly requestsPerCpuSecond: number;
  readonly ratePerSecond: number;
  /** CPU-seconds a second. */
  readonly cores: number;
  readonly targetCores: number;
  /** What everything else on the machine used: the less quiet it was, the less the figures mean. */
  readonly otherCores: number;
  readonly idleCores: number;
  readonly sharesTargetCore: boolean;
  readonly rssMb: number;
  readonly rssGrowthMb: number;
  readonly peakRssMb: number;
  readonly firstRequestMs: number;
  readonly reported: Percentiles | undefined;
  readonly truth: Percentiles;
  readonly schedule: ScheduleFacts | undefined;
}

/** The rounds of every tool of a scenario. */
export type Results = ReadonlyMap<string, readonly Result[]>;

/** Puts what was measured and what was told together. */
export function toResult(
  cost: Cost,
  told: {
    readonly reported: Percentiles | undefined;
    readonly truth: Percentiles | undefined;
    readonly schedule: ScheduleFacts | undefined;
    readonly sharesTargetCore: boolean;
  },
): Result {
  const { requests, seconds, cpuSeconds, targetCpuSeconds, otherCpuSeconds, idleCpuSeconds } = cost;
  const { rssMb, rssGrowthMb, peakRssMb, firstRequestMs } = cost;
  return {
    requestsPerCpuSecond: requests / cpuSeconds,
    ratePerSecond: requests / seconds,
    cores: cpuSeconds / seconds,
    targetCores: targetCpuSeconds / seconds,
    otherCores: otherCpuSeconds / seconds,
    idleCores: idleCpuSeconds / seconds,
    rssMb,
    rssGrowthMb,
    peakRssMb,
    firstRequestMs,
    ...told,
    truth: told.truth ?? cost.probe,
  };
}

type Quantity = "requestsPerCpuSecond" | "ratePerSecond" | "peakRssMb";

/** The median over the rounds of `tool`'s quantity over that of `against`; undefined when one was not measured. */
export function ratioOf(
  results: Results | undefined,
  quantity: Quantity,
  tool: string,
  against: string,
): number | undefined {
  const others = results?.get(against) ?? [];
  const ratios = (results?.get(tool) ?? [])
    .slice(0, others.length)
    .map((result, round) => result[quantity] / others[round]![quantity]);
  return ratios.length === 0 ? undefined : median(ratios);
}

/** lakh to one other tool in one scenario. */
export interface Ratios {
  readonly requestsPerCpuSecond: number;
  readonly peakRss: number;
}

/** The ratios of a session: by scenario, then by the tool that lakh is compared with. */
export type RatioTable = Readonly<Record<string, Readonly<Record<string, Ratios>>>>;

/** bench/baseline.json: ratios alone, since figures of another machine mean nothing. */
export interface Baseline {
  readonly about: string;
  readonly full: RatioTable;
  readonly quick: RatioTable;
}

/** lakh's ratios to every other tool of a scenario; the two-worker entry counts as one. */
export function ratiosOf(results: Results): Readonly<Record<string, Ratios>> {
  const others = [...results].filter(([tool, rounds]) => tool !== "lakh" && rounds.length > 0);
  if ((results.get("lakh") ?? []).length === 0) return {};
  return Object.fromEntries(
    others.map(([tool]) => [
      tool,
      {
        requestsPerCpuSecond: rounded(ratioOf(results, "requestsPerCpuSecond", "lakh", tool)!),
        peakRss: rounded(ratioOf(results, "peakRssMb", "lakh", tool)!),
      },
    ]),
  );
}

/** One ratio beside its baseline. */
export interface Comparison {
  readonly scenario: string;
  readonly against: string;
  readonly what: keyof Ratios;
  readonly before: number;
  readonly now: number;
  /** By how much it became worse; negative when it became better. */
  readonly worseShare: number;
  readonly isRegression: boolean;
}

const allowedWorseShare = 0.1;

/** Every ratio that both have. More requests per CPU-second are better, and less memory is. */
export function compareWithBaseline(baseline: RatioTable, now: RatioTable): Comparison[] {
  return Object.entries(now).flatMap(([scenario, ratios]) =>
    Object.entries(ratios).flatMap(([against, values]) => {
      const before = baseline[scenario]?.[against];
      if (before === undefined) return [];
      return (["requestsPerCpuSecond", "peakRss"] as const).map((what) => {
        const change = values[what] / before[what] - 1;
        const worseShare = what === "peakRss" ? change : -change;
        return {
          scenario,
          against,
          what,
          before: before[what],
          now: values[what],
          worseShare,
          isRegression: worseShare > allowedWorseShare,
        };
      });
    }),
  );
}

/** The table of a scenario: a line a tool, medians over its rounds. */
export function resultTable(results: Results): string {
  const head = [
    "",
    "requests/CPU-s",
    "lakh is",
    "requests/s",
    "CPU, cores",
    "target, cores",
    "others, cores",
    "peak RSS, MB",
    "1st request, ms",
    "reported p50/p95/p99, ms",
    "truth p50/p95/p99, ms",
  ];
  const rows = [...results]
    .filter(([, rounds]) => rounds.length > 0)
    .map(([tool, rounds]) => {
      const of = (quantity: (result: Result) => number): number => median(rounds.map(quantity));
      const ratio = ratioOf(results, "requestsPerCpuSecond", "lakh", tool);
      return [
        tool,
        of((result) => result.requestsPerCpuSecond).toFixed(0),
        tool === "lakh" || ratio === undefined ? "" : `${ratio.toFixed(2)} x`,
        of((result) => result.ratePerSecond).toFixed(0),
        of((result) => result.cores).toFixed(2),
        of((result) => result.targetCores).toFixed(2),
        of((result) => result.otherCores).toFixed(2),
        of((result) => result.peakRssMb).toFixed(0),
        of((result) => result.firstRequestMs).toFixed(0),
        percentilesText(rounds.map((result) => result.reported)),
        percentilesText(rounds.map((result) => result.truth)),
      ];
    });
  return alignedTable([head, ...rows]);
}

function percentilesText(rounds: readonly (Percentiles | undefined)[]): string {
  const texts = (["p50Ms", "p95Ms", "p99Ms"] as const).map((name) => {
    const values = rounds.map((round) => round?.[name]).filter((value) => value !== undefined);
    if (values.length === 0) return "-";
    const value = median(values);
    return value.toFixed(value < 100 ? 2 : 0);
  });
  return texts.join(" / ");
}

/** Columns as wide as their widest cell, the first to the left, the others to the right. */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
