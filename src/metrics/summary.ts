/** The object that handleSummary() receives, in k6's default shape (k6: 7.4). */
import type { MetricAggregate, TagSelector } from "./aggregate.ts";
import type { MetricType, ValueKind } from "./sample.ts";
import type { Sink } from "./sinks.ts";
import type { Threshold, ThresholdResult } from "./thresholds.ts";

export interface SummaryCheck {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly passes: number;
  readonly fails: number;
}

export interface SummaryGroup {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: SummaryGroup[];
  readonly checks: SummaryCheck[];
}

export interface SummaryMetric {
  readonly type: MetricType;
  readonly contains: ValueKind;
  readonly values: Record<string, number>;
  readonly thresholds?: Record<string, { ok: boolean }>;
}

export interface SummaryData {
  readonly root_group: SummaryGroup;
  readonly options: { readonly summaryTrendStats: readonly string[]; readonly summaryTimeUnit: string; readonly noColor: boolean };
  readonly state: { readonly isStdOutTTY: boolean; readonly isStdErrTTY: boolean; readonly testRunDurationMs: number };
  readonly metrics: Record<string, SummaryMetric>;
  readonly setup_data?: unknown;
}

export interface SummaryRequest {
  readonly aggregate: MetricAggregate;
  readonly thresholds: readonly Threshold[];
  readonly results: readonly ThresholdResult[];
  readonly options: SummaryData["options"];
  readonly state: SummaryData["state"];
  readonly setupData: unknown;
  /** k6 identifies groups and checks by the MD5 of their path, in hex. */
  readonly hash: (path: string) => string;
}

/** The sub-metric that k6 adds by itself. */
const automaticSubmetric = "http_req_duration{expected_response:true}";

export function toSummaryData(request: SummaryRequest): SummaryData {
  const { aggregate, options, state, setupData } = request;
  return {
    root_group: rootGroup(aggregate, request.hash),
    options,
    state,
    metrics: summaryMetrics(request),
    ...(setupData === undefined ? {} : { setup_data: setupData }),
  };
}

function summaryMetrics(request: SummaryRequest): Record<string, SummaryMetric> {
  const { aggregate, thresholds, results, options, state } = request;
  const describe = { durationMs: state.testRunDurationMs, statistics: options.summaryTrendStats };
  const metrics: Record<string, SummaryMetric> = {};
  const add = (name: string, metric: { type: MetricType; contains: ValueKind }, sink: Sink): void => {
    const own = results.filter((result) => result.metric === name);
    const marks = Object.fromEntries(own.map(({ source, ok }) => [source, { ok }]));
    const { type, contains } = metric;
    metrics[name] = { type, contains, values: sink.values(describe), ...(own.length === 0 ? {} : { thresholds: marks }) };
  };
  for (const metric of aggregate.metricsSeen()) add(metric.name, metric, aggregate.sink(metric.name));
  const expected = aggregate.sink("http_req_duration", { expected_response: "true" });
  if (metrics["http_req_duration"] !== undefined && !expected.isEmpty) add(automaticSubmetric, { type: "trend", contains: "time" }, expected);
  for (const { metric, metricName, selector } of thresholds) {
    if (metrics[metric] !== undefined) continue;
    add(metric, kindOf(aggregate, metricName, selector), aggregate.sink(metricName, selector));
  }
  return metrics;
}

function kindOf(aggregate: MetricAggregate, metricName: string, selector: TagSelector): { type: MetricType; contains: ValueKind } {
  const metric = aggregate.metricNamed(metricName);
  return metric ?? { type: aggregate.sink(metricName, selector).type, contains: "default" };
}

const separator = "::";

/** Groups and checks in the order in which their samples first appeared. */
function rootGroup(aggregate: MetricAggregate, hash: (path: string) => string): SummaryGroup {
  const root: SummaryGroup = { name: "", path: "", id: hash(""), groups: [], checks: [] };
  const groups = new Map<string, SummaryGroup>([["", root]]);
  const groupAt = (path: string): SummaryGroup => {
    const known = groups.get(path);
    if (known !== undefined) return known;
    const at = path.lastIndexOf(separator);
    const parent = groupAt(path.slice(0, Math.max(0, at)));
    const made: SummaryGroup = { name: path.slice(at + separator.length), path, id: hash(path), groups: [], checks: [] };
    parent.groups.push(made);
    groups.set(path, made);
    return made;
  };
  for (const { tags } of aggregate.seriesOf("group_duration")) groupAt(tags["group"] ?? "");
  for (const [id, { group, name, passes, fails }] of checkTotals(aggregate)) {
    groupAt(group).checks.push({ name, path: id, id: hash(id), passes, fails });
  }
  return root;
}

interface CheckTotal {
  readonly group: string;
  readonly name: string;
  passes: number;
  fails: number;
}

/** Each check once, whatever other tags its samples carry; by path. */
function checkTotals(aggregate: MetricAggregate): Map<string, CheckTotal> {
  const totals = new Map<string, CheckTotal>();
  for (const { tags, sink } of aggregate.seriesOf("checks")) {
    const group = tags["group"] ?? "";
    const name = tags["check"] ?? "";
    const path = `${group}${separator}${name}`;
    const total = totals.get(path) ?? { group, name, passes: 0, fails: 0 };
    const { passes, fails } = sink.values({ durationMs: 0, statistics: [] });
    total.passes += passes ?? 0;
    total.fails += fails ?? 0;
    totals.set(path, total);
  }
  return totals;
}
