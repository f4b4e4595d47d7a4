/**
 * Threshold expressions and the metric names they stand under (k6: 6.4, 6.5).
 *
 *     expression  = aggregation operator number
 *     aggregation = "avg" | "min" | "med" | "max" | "count" | "rate" | "value" | "p(" 0-100 ")"
 *     operator    = "<=" | "<" | ">=" | ">" | "===" | "==" | "!="      (searched in this order; "===" is "==")
 *     name        = metric [ "{" tag ":" value { "," tag ":" value } "}" ]
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { TagSelector } from "./aggregate.ts";
import type { MetricType } from "./sample.ts";
import { parseTrendStat } from "./sinks.ts";

export type ThresholdOperator = "<=" | "<" | ">=" | ">" | "==" | "!=";

export interface ThresholdExpression {
  readonly source: string;
  /** "rate", "p(95)", … */
  readonly aggregation: string;
  readonly operator: ThresholdOperator;
  readonly limit: number;
}

const operators = ["<=", "<", ">=", ">", "===", "==", "!="] as const;
const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u;
const scalarAggregations: readonly string[] = ["avg", "min", "med", "max", "count", "rate", "value"];

/** Aggregations that a metric's type has; `p(N)` besides for trends. */
const aggregationsOf: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ["count", "rate"],
  gauge: ["value"],
  rate: ["rate"],
  trend: ["avg", "min", "med", "max"],
};

/** @throws LakhError THRESHOLD_SYNTAX with exit code 104; `metricName` is for the message only */
export function parseThreshold(source: string, metricName: string): ThresholdExpression {
  const found = operators.find((operator) => source.includes(operator));
  if (found === undefined) throw malformed(source, metricName, "it has no operator");
  const at = source.indexOf(found);
  const aggregation = source.slice(0, at).trim();
  const limitText = source.slice(at + found.length).trim();
  if (!isAggregation(aggregation)) throw malformed(source, metricName, `"${aggregation}" is not an aggregation`);
  if (!numberPattern.test(limitText)) throw malformed(source, metricName, `"${limitText}" is not a number`);
  return { source, aggregation, operator: found === "===" ? "==" : found, limit: Number(limitText) };
}

/** @throws LakhError THRESHOLD_AGGREGATION with exit code 104 */
export function requireAggregation(expression: ThresholdExpression, metricName: string, type: MetricType): void {
  const { aggregation, source } = expression;
  const fits = aggregationsOf[type].includes(aggregation) || (type === "trend" && aggregation.startsWith("p("));
  if (fits) return;
  const allowed = [...aggregationsOf[type], ...(type === "trend" ? ["p(N)"] : [])].join(", ");
  throw new LakhError(
    "THRESHOLD_AGGREGATION",
    `invalid threshold defined on ${metricName}; reason: unsupported aggregation method ${aggregation} for metric of type ${type} in "${source}"`,
    { hint: `a ${type} has ${allowed}`, exitCode: exitCodes.invalidConfig },
  );
}

export interface ThresholdTarget {
  readonly metricName: string;
  readonly selector: TagSelector;
}

/** @throws LakhError THRESHOLD_SYNTAX with exit code 104 */
export function parseThresholdTarget(name: string): ThresholdTarget {
  const open = name.indexOf("{");
  if (open < 0 && !name.includes("}")) return { metricName: name.trim(), selector: {} };
  if (open < 0 || !name.endsWith("}")) throw malformed(name, name, "its braces do not match");
  const selector: Record<string, string> = {};
  for (const part of name.slice(open + 1, -1).split(",")) {
    const colon = part.indexOf(":");
    if (colon < 0) {
      if (part.trim() === "") continue;
      throw malformed(name, name, `the tag expression is malformed at "${part.trim()}"`);
    }
    selector[unquote(part.slice(0, colon))] = unquote(part.slice(colon + 1));
  }
  return { metricName: name.slice(0, open).trim(), selector };
}

function unquote(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/u, "$2");
}

function isAggregation(name: string): boolean {
  if (scalarAggregations.includes(name)) return true;
  try {
    return parseTrendStat(name).share !== undefined;
  } catch {
    return false; // Not a percentile: the caller says what it is part of.
  }
}

function malformed(source: string, metricName: string, reason: string): LakhError {
  return new LakhError("THRESHOLD_SYNTAX", `invalid threshold defined on ${metricName}; reason: failed parsing "${source}": ${reason}`, {
    hint: "a threshold reads aggregation operator number, for example p(95)<300, rate<0.001 or count>=10",
    exitCode: exitCodes.invalidConfig,
  });
}
