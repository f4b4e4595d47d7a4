/**
 * A recorded run on a page: what ran, each endpoint, what failed, thresholds and metrics in k6's notation, exceptions, and the
 * verdict when there is one. Reads the record and nothing else.
 */
import { formatGoDuration } from "../base/units.ts";
import type { SummaryData } from "../metrics/index.ts";
import type { EndpointRecord, RunRecord, ScenarioRecord } from "../record/index.ts";
import { failureLines } from "./failures.ts";
import { hang, printable } from "./layout.ts";
import { absent, formatClock, formatPercent, formatRate, formatWhole } from "../base/numbers.ts";
import { notableEndpoints } from "./notable-endpoints.ts";
import { createPainter, type Painter } from "./paint.ts";
import { renderSummary } from "./summary.ts";
import { layOutTable, type TableColumn } from "./table.ts";
import { renderScorecard, renderVerdict } from "./verdict.ts";
import { unseenThresholdRemarks } from "./unseen-thresholds.ts";
import type { TextStyle, VerdictView } from "./view.ts";

/** The page of `lakh report`. Ends with a line break. */
export function renderReport(
  record: RunRecord,
  verdict: VerdictView | undefined,
  style: TextStyle,
): string {
  const painter = createPainter(style.colours);
  const { colours } = style;
  const summary = renderSummary(toSummaryView(record), { thresholds: record.thresholds, colours });
  const sections = [
    headLines(record, style, painter).join("\n"),
    endpointLines(record, style, painter).join("\n"),
    failureLines(record.exchanges, style.columns, painter).join("\n"),
    summary.replace(/^\n+|\n+$/gu, ""),
    exceptionLines(record, style, painter).join("\n"),
    ...(verdict === undefined
      ? [remarkLines(record, style).join("\n")]
      : [renderScorecard(verdict, style), renderVerdict(verdict, style)]),
  ];
  return sections
    .map((text) => text.replace(/\n+$/u, ""))
    .filter((text) => text !== "")
    .map((text) => `${text}\n`)
    .join("\n");
}

const factWidth = 11;

function headLines(record: RunRecord, { columns }: TextStyle, painter: Painter): string[] {
  const { script, plan, iterations, outcome, population } = record;
  const dropped = iterations.dropped > 0 ? `, ${formatWhole(iterations.dropped)} dropped` : "";
  const interrupted =
    iterations.interrupted > 0 ? `, ${formatWhole(iterations.interrupted)} interrupted` : "";
  const failed = iterations.failed > 0 ? `, ${formatWhole(iterations.failed)} failed` : "";
  const facts: (readonly [string, string])[] = [
    ["script", `${script.path} (sha256 ${script.sha256.slice(0, 12)})`],
    ["started", record.startedAt],
    ["duration", duration(record.durationMs)],
    ["runner", runnerText(record)],
    ...(plan === null ? [] : [["planned for", `${formatWhole(plan.dau)} daily users`] as const]),
    ...record.scenarios.map((scenario) => ["workload", workload(scenario)] as const),
    [
      "users",
      `${formatWhole(population.usedVus)} of ${formatWhole(population.initializedVus)} VUs used, ${formatWhole(population.peakActiveVus)} at once`,
    ],
    [
      "iterations",
      `${formatWhole(iterations.completed)} completed${interrupted}${dropped}${failed}`,
    ],
    ["outcome", outcomeText(outcome)],
  ];
  return [
    painter.bold(`Run ${printable(record.id)}`),
    ...facts.flatMap(([name, text]) => hang(`  ${name.padEnd(factWidth)} `, text, columns)),
  ];
}

function runnerText({ runner, lakhVersion, environment }: RunRecord): string {
  if (environment.k6Version !== undefined)
    return `${runner} ${environment.k6Version}, lakh ${lakhVersion}`;
  return `${runner}, lakh ${lakhVersion}, ${workers(environment.workers)}`;
}

function workers(count: number): string {
  return `${formatWhole(count)} ${count === 1 ? "worker" : "workers"}`;
}

function workload({ name, executor, durationMs, maxVus, startTimeMs }: ScenarioRecord): string {
  const start = startTimeMs > 0 ? `, from ${duration(startTimeMs)}` : "";
  return `${name}: ${executor}, ${duration(durationMs)}, up to ${formatWhole(maxVus)} VUs${start}`;
}

function outcomeText({ reason, exitCode, message }: RunRecord["outcome"]): string {
  return `${reason}, exit code ${exitCode}${message === null ? "" : `: ${message}`}`;
}

/** To the millisecond. */
function duration(durationMs: number): string {
  return Number.isFinite(durationMs) ? formatGoDuration(Math.round(durationMs)) : absent;
}

/** More endpoints than this would hide the rest of the page. */
const mostEndpoints = 50;

function endpointLines(
  { id, endpoints: all, steadyState }: RunRecord,
  { columns }: TextStyle,
  painter: Painter,
): string[] {
  if (all.length === 0) return [];
  const endpoints = notableEndpoints(all, mostEndpoints);
  const { fromMs, toMs, rule } = steadyState;
  const seconds = (toMs - fromMs) / 1_000;
  const rows = endpoints.map((endpoint) => [
    printable(`${endpoint.method} ${endpoint.name}`),
    formatWhole(endpoint.requests),
    formatRate(seconds > 0 ? endpoint.requests / seconds : 0),
    ...[endpoint.avgMs, endpoint.p50Ms, endpoint.p95Ms, endpoint.p99Ms, endpoint.maxMs].map(
      milliseconds,
    ),
    formatPercent(endpoint.requests > 0 ? endpoint.failed / endpoint.requests : 0),
  ]);
  const table = layOutTable(endpointColumns(endpoints, painter), rows, {
    width: columns - 2,
    separator: "  ",
  });
  const span = `${formatClock(fromMs)} to ${formatClock(toMs)}`;
  return [
    ...hang("", `Endpoints from ${span} (${rule}), times in ms`, columns).map(painter.bold),
    ...[table.head.map(painter.faint), ...table.rows].flat().map((line) => `  ${line}`),
    ...furtherEndpoints(all.length - endpoints.length, id, columns),
  ];
}

function furtherEndpoints(count: number, id: string, columns: number): string[] {
  if (count === 0) return [];
  const text = `and ${formatWhole(count)} more, with fewer failed requests and fewer requests: lakh report ${id} --format json`;
  return hang("  ", text, columns);
}

/** In the order of the guide's questions; on a narrow terminal the last of the optional ones goes first. */
function endpointColumns(endpoints: readonly EndpointRecord[], painter: Painter): TableColumn[] {
  const paint = (text: string, row: number): string =>
    endpoints[row]!.failed > 0 ? painter.red(text) : text;
  return [
    { title: "endpoint", align: "left", leastWidth: 22 },
    { title: "requests", align: "right" },
    { title: "req/s", align: "right", canDrop: true },
    { title: "avg", align: "right", canDrop: true },
    { title: "p50", align: "right", canDrop: true },
    { title: "p95", align: "right" },
    { title: "p99", align: "right" },
    { title: "max", align: "right", canDrop: true },
    { title: "failed", align: "right", paint },
  ];
}

function milliseconds(value: number): string {
  if (!Number.isFinite(value)) return absent;
  return value >= 999.5 ? formatWhole(value) : value.toFixed(value < 9.995 ? 2 : 1);
}

function exceptionLines(
  { exceptions }: RunRecord,
  { columns }: TextStyle,
  painter: Painter,
): string[] {
  if (exceptions.length === 0) return [];
  const width = Math.max(...exceptions.map(({ count }) => formatWhole(count).length));
  const lines = exceptions.flatMap(({ message, count }) =>
    hang(`  ${formatWhole(count).padStart(width)} x `, message, columns),
  );
  return [painter.bold("Exceptions"), ...lines];
}

function remarkLines(record: RunRecord, { columns }: TextStyle): string[] {
  return unseenThresholdRemarks(record).flatMap((remark) => hang("warning: ", remark, columns));
}

/** The record's metrics as the summary renderer wants them; a record has the totals of checks, not the single ones. */
function toSummaryView({ metrics, options, durationMs }: RunRecord): SummaryData {
  const { summaryTrendStats, summaryTimeUnit } = options;
  const stats: unknown[] = Array.isArray(summaryTrendStats) ? summaryTrendStats : [];
  const given = stats.filter((each): each is string => typeof each === "string");
  const firstTrend = metrics.find(({ type }) => type === "trend");
  return {
    root_group: { name: "", path: "", id: "", groups: [], checks: [] },
    options: {
      summaryTrendStats: given.length > 0 ? given : Object.keys(firstTrend?.values ?? {}),
      summaryTimeUnit: typeof summaryTimeUnit === "string" ? summaryTimeUnit : "",
      noColor: true,
    },
    state: { isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: durationMs },
    metrics: Object.fromEntries(
      metrics.map(({ name, type, contains, values }) => [name, { type, contains, values }]),
    ),
  };
}
