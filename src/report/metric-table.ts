/**
 * k6's table of metrics: name, dots, values, in sub-sections by what the metric is about (k6: 7.6).
 * Widths hold for the whole table, not for a sub-section: names, the first value of counters, gauges and rates, what
 * follows it, and each statistic of the trends.
 *
 * k6 sorts metrics into sub-sections by prefixes of their names. So do we, with one difference: it also hides by prefix,
 * and a user's `checks_slow` disappears; here only k6's own metrics are ever hidden.
 */
import { neverListed, requestTimings, type SummaryData } from "../metrics/index.ts";
import { cellWidth, printable, spaces, widestOf } from "./layout.ts";
import { formatNumber, formatShare, formatValue } from "./numbers.ts";
import type { Painter } from "./paint.ts";

type SummaryMetric = SummaryData["metrics"][string];
export type SummaryMode = "compact" | "full";

export interface MetricTableInput {
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
  readonly trendStats: readonly string[];
  /** "", "s", "ms" or "us". */
  readonly timeUnit: string;
  readonly mode: SummaryMode;
  readonly painter: Painter;
}

/** The first whose prefix fits has the metric: the web vitals stand before the other browser metrics. */
const sectionPrefixes: readonly (readonly [title: string, prefixes: readonly string[]])[] = [
  ["HTTP", ["http_reqs", "http_req_failed", "http_req_duration", ...requestTimings]],
  ["EXECUTION", ["vus", "iterations", "iteration_duration", "dropped_iterations"]],
  ["WEB_VITALS", ["browser_web_vital"]],
  ["BROWSER", ["browser_"]],
  ["NETWORK", ["data_sent", "data_received"]],
  ["GRPC", ["grpc_"]],
  ["WEBSOCKET", ["ws_"]],
];
/** As k6 2.2 prints them. */
const sectionOrder = [
  "CUSTOM",
  "HTTP",
  "EXECUTION",
  "NETWORK",
  "BROWSER",
  "WEB_VITALS",
  "GRPC",
  "WEBSOCKET",
] as const;

/** The sub-sections' lines, a blank line between two of them. Empty without metrics to show. */
export function metricTable(input: MetricTableInput, indent: string): string[] {
  const rows = toRows(input);
  const widths = measure(rows);
  const blocks = sectionOrder.flatMap((title) => {
    const own = rows.filter(({ section }) => section === title);
    if (own.length === 0) return [];
    const lines = own.map((row) => indent + renderRow(row, widths, input.painter));
    return [[indent + input.painter.bold(title), ...lines]];
  });
  return blocks.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

interface TrendCells {
  readonly statistic: string;
  readonly value: string;
}

interface Row {
  readonly section: string;
  /** With the two spaces that a sub-metric is set in. */
  readonly label: string;
  /** Either the statistics of a trend, or a first value and what follows it. */
  readonly trend: readonly TrendCells[] | undefined;
  readonly first: string;
  readonly extras: readonly string[];
}

function toRows(input: MetricTableInput): Row[] {
  const { metrics, mode } = input;
  const all = Object.keys(metrics).map((name) => ({ name, ...splitName(name) }));
  const isShown = (parent: string): boolean =>
    !neverListed.has(parent) && (mode === "full" || !requestTimings.includes(parent));
  return all
    .filter(({ parent }) => isShown(parent))
    .sort(
      (a, b) => compareNames(a.parent, b.parent) || compareNames(closed(a.tags), closed(b.tags)),
    )
    .map(({ name, parent, tags }) => ({
      section: sectionOf(parent),
      label: tags === "" ? printable(parent) : `  { ${printable(tags)} }`,
      ...toCells(metrics[name]!, input),
    }));
}

/** With its brace: `{x:a, b:c}` stands before `{x:a}`. */
function closed(tags: string): string {
  return tags === "" ? tags : `${tags}}`;
}

/** The order of names in k6's text: letters before their case. */
export function compareNames(a: string, b: string): number {
  return a.localeCompare(b, "en");
}

/** "http_reqs{status:404}" → parent "http_reqs", tags "status:404". */
export function splitName(name: string): { readonly parent: string; readonly tags: string } {
  const open = name.indexOf("{");
  if (open < 0 || !name.endsWith("}")) return { parent: name, tags: "" };
  return { parent: name.slice(0, open), tags: name.slice(open + 1, -1).trim() };
}

function sectionOf(name: string): string {
  // A user's metric that k6 would hide with its namesake gets no other company.
  const isNamesake = requestTimings.some((known) => name.startsWith(known) && name !== known);
  if (isNamesake) return "CUSTOM";
  const fits = ([, prefixes]: readonly [string, readonly string[]]): boolean =>
    prefixes.some((prefix) => name.startsWith(prefix));
  return sectionPrefixes.find(fits)?.[0] ?? "CUSTOM";
}

function toCells(
  { type, contains, values }: SummaryMetric,
  { trendStats, timeUnit }: MetricTableInput,
): Pick<Row, "trend" | "first" | "extras"> {
  // A value that is missing is not zero: it shows as one that is not a number.
  const show = (value: number = Number.NaN): string => formatValue(value, contains, timeUnit);
  switch (type) {
    case "counter":
      return {
        trend: undefined,
        first: show(values["count"]),
        extras: [`${show(values["rate"])}/s`],
      };
    case "gauge":
      return {
        trend: undefined,
        first: show(values["value"]),
        extras: [`min=${show(values["min"])}`, `max=${show(values["max"])}`],
      };
    case "rate": {
      const { rate = Number.NaN, passes = 0, fails = 0 } = values;
      const outOf = `${formatNumber(passes)} out of ${formatNumber(passes + fails)}`;
      return { trend: undefined, first: formatShare(rate), extras: [outOf] };
    }
    case "trend":
      return { trend: trendCells(values, trendStats, show), first: "", extras: [] };
  }
}

function trendCells(
  values: Readonly<Record<string, number>>,
  trendStats: readonly string[],
  show: (value?: number) => string,
): TrendCells[] {
  return trendStats.map((statistic) => {
    const value = values[statistic];
    // A number of samples, whatever the samples are.
    return {
      statistic,
      value: statistic === "count" ? formatNumber(value ?? Number.NaN) : show(value),
    };
  });
}

interface Widths {
  readonly label: number;
  readonly first: number;
  readonly extras: readonly number[];
  readonly trend: readonly number[];
}

function measure(rows: readonly Row[]): Widths {
  const column = (cells: readonly (readonly string[])[], index: number): number =>
    widestOf(cells.map((each) => each[index] ?? ""));
  const extras = rows.map((row) => row.extras);
  const trends = rows.map((row) => (row.trend ?? []).map(({ value }) => value));
  return {
    label: widestOf(rows.map(({ label }) => label)),
    first: widestOf(rows.map(({ first }) => first)),
    extras: [0, 1].map((index) => column(extras, index)),
    trend: (trends.find((cells) => cells.length > 0) ?? []).map((_, index) =>
      column(trends, index),
    ),
  };
}

function renderRow(row: Row, widths: Widths, painter: Painter): string {
  const name = dottedName(row.label, widths.label, painter);
  if (row.trend !== undefined) {
    const cells = row.trend.map(({ statistic, value }, index) => {
      return `${statistic}=${painter.cyan(value)}${spaces(widths.trend[index]! - cellWidth(value))}`;
    });
    return `${name} ${cells.join(" ")}`;
  }
  const first = painter.cyan(row.first) + spaces(widths.first - cellWidth(row.first));
  return `${name} ${first} ${renderExtras(row.extras, widths.extras, painter)}`;
}

/** k6 pads these only where there are two of them. */
function renderExtras(
  extras: readonly string[],
  widths: readonly number[],
  painter: Painter,
): string {
  if (extras.length === 1) return painter.faintCyan(extras[0]!);
  return extras
    .map((text, index) => painter.faintCyan(text) + spaces(widths[index]! - cellWidth(text)))
    .join(" ");
}

/** The widest name gets three dots. */
function dottedName(label: string, widest: number, painter: Painter): string {
  return label + painter.faint(`${".".repeat(3 + widest - cellWidth(label))}:`);
}

/** Checks as k6 lists them: three totals in columns. */
export function totalsTable(
  totals: readonly (readonly [label: string, first: string, rest: string])[],
  painter: Painter,
): string[] {
  const label = widestOf(totals.map(([text]) => text));
  const first = widestOf(totals.map(([, text]) => text));
  return totals.map(([name, value, rest]) => {
    const shown = painter.cyan(value) + spaces(first - cellWidth(value));
    return `${dottedName(name, label, painter)} ${shown} ${painter.faintCyan(rest)}`;
  });
}
