/**
 * Did two runners do the same with one script? What the script decides (checks, thresholds, how the run ends, which
 * requests are made) must be equal; how many times things happened must be equal when the run ends with its iterations,
 * and cannot be when it ends by the clock. Latencies are shown side by side and judged by nobody.
 */
import { formatCount } from "../base/units.ts";
import type { CheckRecord, EndpointRecord, RunRecord } from "../record/index.ts";
import { formatMs } from "./wording.ts";

/** One line of the comparison. */
export interface AgreementRow {
  readonly label: string;
  readonly first: string;
  readonly second: string;
  /** "shown" where a difference means nothing about the script. */
  readonly status: "same" | "differs" | "shown";
}

export interface Agreement {
  /** Runners of the two records. */
  readonly names: readonly [first: string, second: string];
  readonly agrees: boolean;
  readonly rows: readonly AgreementRow[];
  readonly sentence: string;
}

/** Compares what two runners recorded of one script. */
export function compareRunners(first: RunRecord, second: RunRecord): Agreement {
  const isCounted = [first, second].every(endsWithIterations);
  const rows = [
    ...outcomeRows(first, second),
    ...countRows(first, second, isCounted),
    ...checkRows(first, second, isCounted),
    ...thresholdRows(first, second),
    ...endpointRows(first, second, isCounted),
  ];
  const differing = rows.filter(({ status }) => status === "differs");
  const names = [first.runner, second.runner] as const;
  return {
    names,
    agrees: differing.length === 0,
    rows,
    sentence:
      differing.length === 0
        ? `${names[0]} and ${names[1]} agree on everything that the script decides`
        : `${names[0]} and ${names[1]} differ in ${differing.map(({ label }) => label).join(", ")}`,
  };
}

/** True when every scenario runs a stated number of iterations, and all of them were run. */
function endsWithIterations({ scenarios, iterations }: RunRecord): boolean {
  const bounded = scenarios.every(
    ({ executor }) => executor === "per-vu-iterations" || executor === "shared-iterations",
  );
  return bounded && iterations.interrupted === 0 && iterations.dropped === 0;
}

function outcomeRows(first: RunRecord, second: RunRecord): AgreementRow[] {
  return [
    judged("exit code", String(first.outcome.exitCode), String(second.outcome.exitCode)),
    judged("ended", first.outcome.reason, second.outcome.reason),
  ];
}

function countRows(first: RunRecord, second: RunRecord, isCounted: boolean): AgreementRow[] {
  const row = isCounted ? judged : shown;
  const of = (record: RunRecord, name: string): string =>
    formatCount(record.metrics.find((metric) => metric.name === name)?.values["count"] ?? 0);
  return [
    row(
      "iterations",
      formatCount(first.iterations.completed),
      formatCount(second.iterations.completed),
    ),
    row(
      "iterations that threw",
      formatCount(first.iterations.failed),
      formatCount(second.iterations.failed),
    ),
    row("requests", of(first, "http_reqs"), of(second, "http_reqs")),
  ];
}

function checkRows(first: RunRecord, second: RunRecord, isCounted: boolean): AgreementRow[] {
  return paired(first.checks ?? [], second.checks ?? [], keyOfCheck).map(
    ({ key, pair: [a, b] }) => {
      const label = `check ${key}`;
      if (a === undefined || b === undefined) return judged(label, presence(a), presence(b));
      const text = ({ passes, fails }: CheckRecord): string =>
        `${formatCount(passes)} ✓ ${formatCount(fails)} ✗`;
      return (isCounted ? judged : shown)(label, text(a), text(b));
    },
  );
}

function keyOfCheck({ group, name }: CheckRecord): string {
  return group === "" ? name : `${group.replace(/^::/u, "")} › ${name}`;
}

function thresholdRows(first: RunRecord, second: RunRecord): AgreementRow[] {
  const key = ({ metric, source }: RunRecord["thresholds"][number]): string =>
    `${metric}: ${source.trim()}`;
  return paired(first.thresholds, second.thresholds, key).map(({ key: label, pair: [a, b] }) => {
    const text = (threshold: typeof a): string => {
      if (threshold === undefined) return "–";
      return threshold.ok ? "kept" : "crossed";
    };
    return judged(`threshold ${label}`, text(a), text(b));
  });
}

function endpointRows(first: RunRecord, second: RunRecord, isCounted: boolean): AgreementRow[] {
  const key = ({ method, name }: EndpointRecord): string => `${method} ${name}`;
  return paired(first.endpoints, second.endpoints, key).flatMap(({ key: label, pair: [a, b] }) => {
    if (a === undefined || b === undefined) return [judged(label, presence(a), presence(b))];
    const times = (of: (endpoint: EndpointRecord) => number): [string, string] => [
      formatMs(of(a)),
      formatMs(of(b)),
    ];
    return [
      (isCounted ? judged : shown)(
        `${label} requests`,
        formatCount(a.requests),
        formatCount(b.requests),
      ),
      (isCounted ? judged : shown)(`${label} failed`, formatCount(a.failed), formatCount(b.failed)),
      shown(`${label} p50`, ...times(({ p50Ms }) => p50Ms)),
      shown(`${label} p95`, ...times(({ p95Ms }) => p95Ms)),
      shown(`${label} p99`, ...times(({ p99Ms }) => p99Ms)),
    ];
  });
}

interface Paired<T> {
  readonly key: string;
  readonly pair: readonly [T | undefined, T | undefined];
}

/** Entries of both lists by key, in the order of the first list, then what only the second has. */
function paired<T>(
  first: readonly T[],
  second: readonly T[],
  keyOf: (item: T) => string,
): Paired<T>[] {
  const firsts = new Map(first.map((item) => [keyOf(item), item]));
  const seconds = new Map(second.map((item) => [keyOf(item), item]));
  const keys = new Set([...firsts.keys(), ...seconds.keys()]);
  return [...keys].map((key) => ({ key, pair: [firsts.get(key), seconds.get(key)] }));
}

function presence(value: unknown): string {
  return value === undefined ? "none" : "present";
}

function judged(label: string, first: string, second: string): AgreementRow {
  return { label, first, second, status: first === second ? "same" : "differs" };
}

function shown(label: string, first: string, second: string): AgreementRow {
  return { label, first, second, status: "shown" };
}
