/**
 * The machine-readable summary of `--new-machine-readable-summary`: what handleSummary() gets and `--summary-export` writes
 * in its place (k6: 7.5). Keys stand in the order in which k6 writes them.
 */
import { neverListed, requestTimings } from "./listed.ts";
import type { CheckCounts } from "./summary-details.ts";
import type { MetricType, ValueKind } from "./sample.ts";
import type { SummaryMetric } from "./summary.ts";

export interface MachineMetric {
  readonly contains: ValueKind;
  readonly name: string;
  readonly type: MetricType;
  readonly values: Readonly<Record<string, number | null>>;
}

export interface MachineSummary {
  readonly config: {
    /** Seconds. */
    readonly duration: number;
    readonly execution: "local";
    /** The text of the script. */
    readonly script: string;
  };
  readonly metadata: { readonly generated_at: string; readonly k6_version: string };
  readonly results: {
    readonly checks: {
      readonly metrics: readonly MachineMetric[];
      readonly results: readonly {
        readonly fails: number;
        readonly name: string;
        readonly passes: number;
      }[];
    };
    readonly metrics: readonly MachineMetric[];
  };
  readonly version: "1.0.0";
}

export interface MachineSummaryParts {
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
  readonly checks: readonly CheckCounts[];
  readonly durationMs: number;
  readonly scriptText: string;
  readonly generatedAt: string;
  readonly k6Version: string;
  /** True leaves out the parts of a request's time, as k6 does in compact mode. */
  readonly isCompact: boolean;
}

/** Families in k6's order; what fits none is a metric of the script and comes last. */
const families: readonly RegExp[] = [
  /^http_req/u,
  /^(?:vus|iterations?|dropped_iterations)/u,
  /^data_(?:sent|received)/u,
  /^browser_/u,
  /^grpc_/u,
  /^ws_/u,
];

export function toMachineSummary(parts: MachineSummaryParts): MachineSummary {
  const { durationMs, scriptText: script, generatedAt, k6Version } = parts;
  return {
    config: { duration: durationMs / 1_000, execution: "local", script },
    metadata: { generated_at: generatedAt, k6_version: k6Version },
    results: {
      checks: {
        metrics: checkTotals(parts.checks),
        results: parts.checks.map(({ name, passes, fails }) => ({ fails, name, passes })),
      },
      metrics: listedMetrics(parts),
    },
    version: "1.0.0",
  };
}

function listedMetrics({ metrics, isCompact }: MachineSummaryParts): MachineMetric[] {
  return Object.entries(metrics)
    .map(([name, metric]) => ({ name, metric, parent: name.replace(/\{.*$/su, "") }))
    .filter(
      ({ parent }) => !neverListed.has(parent) && !(isCompact && requestTimings.includes(parent)),
    )
    .sort((a, b) => familyOf(a.parent) - familyOf(b.parent))
    .map(({ name, metric: { type, contains, values } }) => ({
      contains,
      name,
      type,
      values: machineValues(type, values),
    }));
}

function familyOf(name: string): number {
  const found = families.findIndex((family) => family.test(name));
  return found < 0 ? families.length : found;
}

function machineValues(
  type: MetricType,
  values: SummaryMetric["values"],
): Readonly<Record<string, number | null>> {
  const of = (name: string): number | null => values[name] ?? null;
  switch (type) {
    case "counter":
      return { count: of("count") };
    case "gauge":
      return { max: of("max"), min: of("min"), value: of("value") };
    case "rate":
      return rateValues(values["passes"] ?? 0, (values["passes"] ?? 0) + (values["fails"] ?? 0));
    case "trend":
      return {
        avg: of("avg"),
        max: of("max"),
        med: of("med"),
        min: of("min"),
        p90: of("p(90)"),
        p95: of("p(95)"),
      };
  }
}

function rateValues(matches: number, total: number): Readonly<Record<string, number>> {
  return { matches, rate: total === 0 ? 0 : matches / total, total };
}

/** Empty without checks. */
function checkTotals(checks: readonly CheckCounts[]): MachineMetric[] {
  if (checks.length === 0) return [];
  const passes = checks.reduce((sum, check) => sum + check.passes, 0);
  const fails = checks.reduce((sum, check) => sum + check.fails, 0);
  const total = passes + fails;
  const rate = (name: string, matches: number): MachineMetric => ({
    contains: "default",
    name,
    type: "rate",
    values: rateValues(matches, total),
  });
  return [
    { contains: "default", name: "checks_total", type: "counter", values: { count: total } },
    rate("checks_failed", fails),
    rate("checks_succeeded", passes),
  ];
}
