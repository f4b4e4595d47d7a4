/**
 * What users write about thresholds, parsed: the expression, and the metric with its tag selector.
 *
 *     expression   aggregation operator number                  spaces around each are ignored
 *     aggregation  count | rate | value | avg | min | max | med | p(N), N from 0 to 100
 *     operator     <= | < | >= | > | === | == | !=               searched in this order; === means ==
 *     subject      metric | metric{tag:value,tag:value}          spaces and quotes around tag and value are ignored
 *
 * Reference: k6-behaviour 6.4 and 6.5; the messages are k6 2.2's, observed on its binary.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { MetricsErrorCode } from "./errors.ts";
import { isBuiltinMetric } from "./registry.ts";
import type { MetricType } from "./sample.ts";
import { parseGoFloat } from "./trend-stats.ts";

export type ThresholdOperator = "<=" | "<" | ">=" | ">" | "==" | "!=";

export type ThresholdAggregationKind =
  | "count"
  | "rate"
  | "value"
  | "avg"
  | "min"
  | "max"
  | "med"
  | "p";

/** The left-hand side. */
export interface ThresholdAggregation {
  readonly kind: ThresholdAggregationKind;
  /** The kind, or "p(N)": for trends the name of the statistic. */
  readonly name: string;
}

/** `aggregation operator limit`. */
export interface ThresholdExpression {
  /** As the user wrote it, spaces included. */
  readonly source: string;
  readonly aggregation: ThresholdAggregation;
  readonly operator: ThresholdOperator;
  readonly limit: number;
}

/** A metric, and the tags that a sample must have; without tags the metric itself. */
export interface ThresholdSubject {
  /** k6's name of the (sub-)metric: `metric` or `metric{selector}`, the selector trimmed. */
  readonly name: string;
  readonly metricName: string;
  readonly selector: Readonly<Record<string, string>>;
}

const operatorsInSearchOrder = ["<=", "<", ">=", ">", "===", "==", "!="] as const;

const aggregationsOf: Readonly<Record<MetricType, readonly ThresholdAggregationKind[]>> = {
  counter: ["count", "rate"],
  gauge: ["value"],
  rate: ["rate"],
  trend: ["avg", "min", "max", "med", "p"],
};

const plainAggregations: readonly string[] = ["count", "rate", "value", "avg", "min", "max", "med"];

const expressionHint =
  "write it as in 'p(95)<500', 'rate<0.01', 'count>0': aggregation, operator, number";

/**
 * Parses a threshold expression.
 * @throws LakhError THRESHOLD_BAD_EXPRESSION (exit code 104)
 */
export function parseThreshold(source: string): ThresholdExpression {
  const found = operatorsInSearchOrder.find((each) => source.includes(each));
  if (found === undefined) {
    throw badExpression(
      `failed parsing threshold expression "${source}"; reason: malformed threshold expression`,
    );
  }
  const at = source.indexOf(found);
  const left = source.slice(0, at).trim();
  const right = source.slice(at + found.length).trim();
  const aggregation = parseAggregation(left, source);
  const limit = parseGoFloat(right);
  if (limit === undefined) {
    throw badExpression(
      // The misspelling is k6's.
      `failed parsing threshold expresion's "${source}" right hand side; reason: strconv.ParseFloat: parsing "${right}": invalid syntax`,
    );
  }
  return { source, aggregation, operator: found === "===" ? "==" : found, limit };
}

/**
 * Checks that metrics of this type have the expression's aggregation.
 * @throws LakhError THRESHOLD_BAD_AGGREGATION (exit code 104)
 */
export function requireAggregation(
  { source, aggregation }: ThresholdExpression,
  metric: { readonly name: string; readonly type: MetricType },
): void {
  const supported = aggregationsOf[metric.type];
  if (supported.includes(aggregation.kind)) return;
  throw configError(
    "THRESHOLD_BAD_AGGREGATION",
    `invalid threshold "${source}" applied on metric ${metric.name}; reason: unsupported aggregation method ` +
      `${aggregation.kind} on metric of type ${metric.type}. supported aggregation methods for this metric are: ` +
      supported.join(", "),
    `use one of ${supported.map((kind) => (kind === "p" ? "p(N)" : kind)).join(", ")}`,
  );
}

/**
 * Parses the key of a threshold: a metric's name, with or without a selector in braces.
 * @throws LakhError THRESHOLD_BAD_SELECTOR (exit code 104)
 */
export function parseThresholdSubject(key: string): ThresholdSubject {
  const open = key.indexOf("{");
  const close = key.lastIndexOf("}");
  if (open < 0 && close < 0) return { name: key, metricName: key, selector: {} };
  if (open < 0 || close < open) {
    throw badSelector(`metric "${key}" has unmatched opening/close curly brace`);
  }
  if (close !== key.length - 1) {
    throw badSelector(`metric "${key}" lacks a closing curly brace in its last position`);
  }
  const metricName = key.slice(0, open);
  const inside = key.slice(open + 1, close).trim();
  const pairs = inside.split(",").map(parseTag);
  return { name: `${metricName}{${inside}}`, metricName, selector: Object.fromEntries(pairs) };
}

const failureTags = ["status", "error", "error_code", "expected_response"];
const failureMetrics = ["dropped_iterations"];

/**
 * Whether a run in which all goes well has samples of a subject. Of failures it has none, nor perhaps of a metric of the
 * script's own; a threshold on anything else that sees none judges nothing, and holds.
 */
export function expectsSamples({ metricName, selector }: ThresholdSubject): boolean {
  if (failureMetrics.includes(metricName)) return false;
  if (failureTags.some((tag) => Object.hasOwn(selector, tag))) return false;
  return isBuiltinMetric(metricName) || Object.keys(selector).length > 0;
}

function parseAggregation(text: string, source: string): ThresholdAggregation {
  if (isPlain(text)) return { kind: text, name: text };
  const inside = /^p\((.*)\)$/su.exec(text)?.[1];
  if (inside === undefined) throw badLeft(source, "failed parsing method from expression");
  const percent = parseGoFloat(inside);
  if (percent === undefined) {
    throw badLeft(source, `malformed percentile value; "${inside}" is not a number`);
  }
  if (percent >= 0 && percent <= 100) return { kind: "p", name: text };
  throw badLeft(source, "malformed percentile value, provide a number between 0 and 100");
}

function isPlain(text: string): text is Exclude<ThresholdAggregationKind, "p"> {
  return plainAggregations.includes(text);
}

function parseTag(text: string): readonly [string, string] {
  const colon = text.indexOf(":");
  const key = trimQuoted(text.slice(0, Math.max(0, colon)));
  const value = trimQuoted(text.slice(colon + 1));
  if (colon >= 0 && key !== "" && value !== "") return [key, value];
  throw badSelector(`metric "${text}" tag expression is malformed`);
}

function trimQuoted(text: string): string {
  return text.replaceAll(/^[\s"']+|[\s"']+$/gu, "");
}

function badLeft(source: string, reason: string): LakhError {
  return badExpression(
    `failed parsing threshold expression's "${source}" left hand side; reason: ${reason}`,
  );
}

function badExpression(message: string): LakhError {
  return configError("THRESHOLD_BAD_EXPRESSION", message, expressionHint);
}

function badSelector(reason: string): LakhError {
  return configError(
    "THRESHOLD_BAD_SELECTOR",
    `unable to validate threshold expressions; reason: parsing metric name failed, ${reason}`,
    "write a sub-metric as in 'http_req_duration{status:200,method:GET}'",
  );
}

function configError(code: MetricsErrorCode, message: string, hint: string): LakhError {
  return new LakhError(code, message, { hint, exitCode: exitCodes.invalidConfig });
}
