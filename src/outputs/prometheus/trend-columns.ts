/** The statistics of a trend that become gauges, by the names that k6 gives their series. */
import type { LakhError } from "../../base/errors.ts";
import { type ExponentialHistogram, parseTrendStat } from "../../metrics/index.ts";
import { badSetting } from "../variables.ts";

export interface TrendColumn {
  /** What follows the metric's name: "p95" of "p(95)". */
  readonly suffix: string;
  /** In the unit of the trend's values; a count has none. */
  readonly isCount: boolean;
  of(histogram: ExponentialHistogram): number;
}

/** What the panels of the official dashboard (19665) need; k6's own default is p(99) alone. */
export const defaultTrendStats: readonly string[] = [
  "min",
  "max",
  "avg",
  "med",
  "p(90)",
  "p(95)",
  "p(99)",
];

/**
 * Columns for statistics as k6 names them: avg, min, max, med, count, sum, p(N).
 * @throws LakhError OUTPUT_ARGUMENT
 */
export function trendColumns(stats: readonly string[]): readonly TrendColumn[] {
  const columns = new Map<string, TrendColumn>();
  for (const stat of new Set(stats)) {
    const column = toColumn(stat);
    // p(9.5) and p(95) would be one series.
    if (columns.has(column.suffix))
      throw wrong(`two of its statistics would be one series, "…_${column.suffix}"`);
    columns.set(column.suffix, column);
  }
  return [...columns.values()];
}

function toColumn(stat: string): TrendColumn {
  if (stat === "sum") return { suffix: stat, isCount: false, of: ({ sum }) => sum };
  try {
    const parsed = parseTrendStat(stat);
    const suffix = stat.replaceAll(/[().]/gu, "");
    return { suffix, isCount: stat === "count", of: (histogram) => parsed.of(histogram) };
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

function wrong(what: string): LakhError {
  const hint = "it takes a list such as p(95),p(99),min,max,avg,med,count,sum";
  return badSetting("prometheus", `K6_PROMETHEUS_RW_TREND_STATS: ${what}`, hint);
}
