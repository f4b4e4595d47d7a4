/**
 * What scripts get for `https://jslib.k6.io/k6-summary/<version>/index.js`: the classic end-of-test text and a JUnit
 * report, both made from nothing but the object that `handleSummary` receives. Written from the output that k6's
 * documentation shows (https://grafana.com/docs/k6/v0.48.x/results-output/end-of-test). It is bundled into the script and
 * runs inside a VU: no Node module may be used here.
 */
import { formatBytes } from "../../base/units.ts";

/** The object that `handleSummary` receives, as far as it is read here. */
export interface SummaryData {
  readonly root_group: SummaryGroup;
  readonly options?: {
    summaryTrendStats?: readonly string[];
    summaryTimeUnit?: string;
    noColor?: boolean;
  };
  readonly state?: { isStdOutTTY?: boolean; isStdErrTTY?: boolean; testRunDurationMs?: number };
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
}

export interface SummaryGroup {
  readonly name: string;
  readonly groups: readonly SummaryGroup[];
  readonly checks: readonly {
    readonly name: string;
    readonly passes: number;
    readonly fails: number;
  }[];
}

export interface SummaryMetric {
  readonly type: string;
  readonly contains: string;
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

export interface TextSummaryOptions {
  /** Stands before every line; one space when left out. */
  readonly indent?: string;
  readonly enableColors?: boolean;
  readonly summaryTrendStats?: readonly string[];
  /** `s`, `ms` or `us`; the fitting unit of each value when left out. */
  readonly summaryTimeUnit?: string;
}

interface Style {
  readonly indent: string;
  readonly stats: readonly string[];
  readonly timeUnit: string;
  paint(colour: Colour, text: string): string;
}

type Colour = "green" | "red" | "cyan" | "faint";

const ansi: Readonly<Record<Colour, string>> = { green: "32", red: "31", cyan: "36", faint: "2" };
const defaultStats = ["avg", "min", "med", "max", "p(90)", "p(95)"];

/** The end-of-test text in k6's classic form: groups with their checks, then one line a metric. */
export function textSummary(data: SummaryData, options: TextSummaryOptions = {}): string {
  const colours = options.enableColors ?? !data.options?.noColor;
  const style: Style = {
    indent: options.indent ?? " ",
    stats: options.summaryTrendStats ?? data.options?.summaryTrendStats ?? defaultStats,
    timeUnit: options.summaryTimeUnit ?? data.options?.summaryTimeUnit ?? "",
    paint: (colour, text) => (colours ? `\u001b[${ansi[colour]}m${text}\u001b[0m` : text),
  };
  const lines = [
    ...groupLines(data.root_group, `${style.indent}    `, style),
    ...metricLines(data.metrics, style),
  ];
  return lines.join("\n");
}

/** One value of a metric as k6 writes it. */
export function humanizeValue(value: number, metric: SummaryMetric, timeUnit = ""): string {
  if (metric.type === "rate") return `${truncate(value * 100, 2).toFixed(2)}%`;
  if (metric.contains === "data") return formatBytes(value);
  if (metric.contains === "time") return formatTime(value, timeUnit);
  return trimmed(value, 6);
}

/** JUnit XML with one test case a threshold; a crossed threshold is a failure. */
export function jUnit(
  data: SummaryData,
  options: { readonly name?: string; readonly classname?: string } = {},
): string {
  const suite = escapeXml(options.name ?? "k6 thresholds");
  const classname = escapeXml(options.classname ?? "Unnamed folder");
  const cases: string[] = [];
  let failures = 0;
  for (const [name, metric] of sortedMetrics(data.metrics)) {
    for (const [source, threshold] of Object.entries(metric.thresholds ?? {})) {
      const open = `<testcase name="${escapeXml(`${name} - ${source}`)}" classname="${classname}"`;
      const values = Object.entries(metric.values).map(([key, value]) => `${key}=${value}`);
      const failure = `<failure message="${escapeXml(`threshold crossed: ${values.join(", ")}`)}" />`;
      if (!threshold.ok) failures++;
      cases.push(threshold.ok ? `${open} />` : `${open}>${failure}</testcase>`);
    }
  }
  const counts = `tests="${cases.length}" failures="${failures}"`;
  const body = [`<testsuite name="${suite}" ${counts}>`, ...cases, "</testsuite>"].join("\n");
  return `<?xml version="1.0"?>\n<testsuites ${counts}>\n${body}\n</testsuites>\n`;
}

function groupLines(group: SummaryGroup, indent: string, style: Style): string[] {
  const lines: string[] = [];
  // The root group has no name and no heading of its own.
  if (group.name !== "") lines.push(`${indent}█ ${group.name}`, "");
  const inner = group.name === "" ? indent : `${indent}  `;
  for (const check of group.checks) lines.push(...checkLines(check, inner, style));
  if (group.checks.length > 0) lines.push("");
  for (const child of group.groups) lines.push(...groupLines(child, inner, style));
  return lines;
}

function checkLines(check: SummaryGroup["checks"][number], indent: string, style: Style): string[] {
  const { name, passes, fails } = check;
  if (fails === 0) return [`${indent}${style.paint("green", `✓ ${name}`)}`];
  const percent = Math.floor((100 * passes) / (passes + fails));
  return [
    `${indent}${style.paint("red", `✗ ${name}`)}`,
    `${indent} ${style.paint("red", `↳  ${percent}% — ✓ ${passes} / ✗ ${fails}`)}`,
  ];
}

/** A line of the table: its name column and what stands to the right of it. */
interface Row {
  readonly name: string;
  readonly mark: "" | "✓" | "✗";
  /** Extra indentation of a sub-metric. */
  readonly inset: string;
  /** Trend statistics, or the main value followed by up to two more. */
  readonly cells: readonly string[];
  readonly isTrend: boolean;
}

function metricLines(metrics: SummaryData["metrics"], style: Style): string[] {
  const rows = sortedMetrics(metrics).map(([name, metric]) => toRow(name, metric, style));
  const nameWidth = Math.max(0, ...rows.map((row) => row.inset.length + row.name.length));
  const trendWidths = columnWidths(rows.filter((row) => row.isTrend));
  const otherWidths = columnWidths(rows.filter((row) => !row.isTrend));
  return rows.map((row) => {
    const dots = ".".repeat(nameWidth - row.inset.length - row.name.length + 3);
    const cells = row.isTrend
      ? trendCells(row, { style, widths: trendWidths })
      : plainCells(row, { style, widths: otherWidths });
    return `${style.indent}  ${row.inset}${markOf(row, style)} ${row.name}${style.paint("faint", `${dots}:`)} ${cells}`;
  });
}

function toRow(key: string, metric: SummaryMetric, style: Style): Row {
  const brace = key.indexOf("{");
  const thresholds = Object.values(metric.thresholds ?? {});
  const passed = thresholds.every((threshold) => threshold.ok) ? "✓" : "✗";
  return {
    name: brace === -1 ? key : `{ ${key.slice(brace + 1, -1)} }`,
    mark: thresholds.length === 0 ? "" : passed,
    inset: brace === -1 ? "" : "  ",
    cells: cellsOf(metric, style),
    isTrend: metric.type === "trend",
  };
}

function cellsOf(metric: SummaryMetric, style: Style): string[] {
  const { values } = metric;
  const shown = (value: number | undefined): string =>
    humanizeValue(value ?? 0, metric, style.timeUnit);
  switch (metric.type) {
    case "counter":
      return [shown(values["count"]), `${shown(values["rate"])}/s`];
    case "gauge":
      return [shown(values["value"]), `min=${shown(values["min"])}`, `max=${shown(values["max"])}`];
    case "rate":
      return [shown(values["rate"]), `✓ ${values["passes"] ?? 0}`, `✗ ${values["fails"] ?? 0}`];
    default:
      return style.stats.map((stat) =>
        stat === "count" ? String(values[stat] ?? 0) : shown(values[stat]),
      );
  }
}

function trendCells(row: Row, layout: { style: Style; widths: readonly number[] }): string {
  const { style, widths } = layout;
  return row.cells
    .map(
      (cell, index) =>
        `${style.stats[index]}=${style.paint("cyan", cell)}${gap(cell, widths[index])}`,
    )
    .join(" ")
    .trimEnd();
}

function plainCells(row: Row, layout: { style: Style; widths: readonly number[] }): string {
  const { style, widths } = layout;
  const [first = "", ...rest] = row.cells;
  const main = `${style.paint("cyan", first)}${gap(first, widths[0])}`;
  const extra = rest.map(
    (cell, index) => `${style.paint("cyan", cell)}${gap(cell, widths[index + 1])}`,
  );
  return [main, ...extra].join(" ").trimEnd();
}

const gap = (cell: string, width: number | undefined): string =>
  " ".repeat(Math.max(0, (width ?? 0) - cell.length));

function columnWidths(rows: readonly Row[]): number[] {
  const widths: number[] = [];
  for (const { cells } of rows) {
    for (const [index, cell] of cells.entries())
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return widths;
}

function markOf(row: Row, style: Style): string {
  return row.mark === "" ? " " : style.paint(row.mark === "✓" ? "green" : "red", row.mark);
}

/** By name, each sub-metric right after its parent. */
function sortedMetrics(metrics: SummaryData["metrics"]): [string, SummaryMetric][] {
  const sortKey = (key: string): string => key.replace("{", "\u0000");
  return Object.entries(metrics).sort(([a], [b]) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

const fixedUnits: Readonly<Record<string, readonly [suffix: string, perMs: number]>> = {
  s: ["s", 1e-3],
  ms: ["ms", 1],
  us: ["µs", 1e3],
};

/** A duration of `ms` milliseconds: in the wanted unit, else in the fitting one, cut (not rounded) to two decimals. */
function formatTime(ms: number, timeUnit: string): string {
  const fixed = fixedUnits[timeUnit];
  if (fixed) return `${(ms * fixed[1]).toFixed(2)}${fixed[0]}`;
  if (ms === 0) return "0s";
  if (ms < 0.001) return `${Math.trunc(ms * 1e6)}ns`;
  if (ms < 1) return `${truncate(ms * 1e3, 2)}µs`;
  if (ms < 1_000) return `${truncate(ms, 2)}ms`;
  if (ms < 60_000) return `${truncate(ms / 1_000, 2)}s`;
  const seconds = Math.trunc(ms / 1_000);
  const hours = Math.trunc(seconds / 3_600);
  const rest = `${Math.trunc((seconds % 3_600) / 60)}m${seconds % 60}s`;
  return hours === 0 ? rest : `${hours}h${rest}`;
}

/** Cuts after `digits` decimals; the tiny nudge undoes binary fractions such as 1.1 * 100 = 110.00000000000001. */
function truncate(value: number, digits: number): number {
  const factor = 10 ** digits;
  const scaled = value * factor;
  const nearest = Math.round(scaled);
  const whole =
    Math.abs(scaled - nearest) < 1e-9 * Math.max(1, Math.abs(scaled))
      ? nearest
      : Math.trunc(scaled);
  return whole / factor;
}

const trimmed = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

function escapeXml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return text.replace(/[&<>"']/gu, (character) => entities[character]!);
}
