/** The statistics of a trend by their k6 names: `avg min med max count p(N)`. Reference: k6-behaviour 6.2. */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { MetricsErrorCode } from "./errors.ts";
import type { ExponentialHistogram } from "./histogram.ts";

/** One statistic, as parsed from its name. */
export interface TrendStat {
  /** As written: "p(99.9)". */
  readonly name: string;
  /** Its value; 0 for an empty histogram. */
  of(histogram: ExponentialHistogram): number;
}

const plainStats: ReadonlyMap<string, TrendStat["of"]> = new Map<string, TrendStat["of"]>([
  ["avg", (histogram) => histogram.mean],
  ["min", (histogram) => (histogram.count === 0 ? 0 : histogram.min)],
  ["med", (histogram) => histogram.quantile(0.5)],
  ["max", (histogram) => (histogram.count === 0 ? 0 : histogram.max)],
  ["count", (histogram) => histogram.count],
]);

/**
 * Parses a name of `summaryTrendStats`.
 * @throws LakhError TREND_STAT_UNKNOWN with k6's text (exit code 255)
 */
export function parseTrendStat(name: string): TrendStat {
  const plain = plainStats.get(name);
  if (plain !== undefined) return { name, of: plain };
  const inside = /^p\((.*)\)$/su.exec(name)?.[1];
  if (inside === undefined) throw unknownStat(`invalid trend stat '${name}', unknown format`);
  const percent = parseGoFloat(inside);
  if (percent === undefined || !(percent >= 0 && percent <= 100)) {
    throw unknownStat(
      `invalid percentile trend stat value '${name}', provide a number between 0 and 100`,
    );
  }
  return { name, of: (histogram) => histogram.quantile(percent / 100) };
}

const decimalShape = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;
const specialNumbers: ReadonlyMap<string, number> = new Map([
  ["inf", Infinity],
  ["infinity", Infinity],
  ["nan", Number.NaN],
]);

/** A number in the decimal forms that Go reads (`1e3`, `.5`, `+2`, `Inf`); undefined for anything else, spaces included. */
export function parseGoFloat(text: string): number | undefined {
  if (decimalShape.test(text)) return Number(text);
  const [, sign, word] = /^([+-]?)([a-z]+)$/iu.exec(text) ?? [];
  const special = specialNumbers.get(word?.toLowerCase() ?? "");
  return special !== undefined && sign === "-" ? -special : special;
}

function unknownStat(message: string): LakhError {
  const code: MetricsErrorCode = "TREND_STAT_UNKNOWN";
  const hint = "summaryTrendStats takes avg, min, med, max, count and p(N) with N from 0 to 100";
  return new LakhError(code, message, { hint, exitCode: exitCodes.generic });
}
