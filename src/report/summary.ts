/**
 * The end-of-test text of k6 v2, character by character (k6: 7.6): thresholds, totals, and in full mode the groups and
 * scenarios. A summary object has neither their figures nor the order of the checks: they come in `details`.
 * Checked against the real program's output in test/golden/report.
 */
import type { CheckCounts, SummaryData, SummaryDetails, SummarySection } from "../metrics/index.ts";
import { printable } from "./layout.ts";
import {
  compareNames,
  metricTable,
  splitName,
  type SummaryMode,
  totalsTable,
} from "./metric-table.ts";
import { formatNumber, formatShare, formatValue } from "./numbers.ts";
import { createPainter, type Painter } from "./paint.ts";
import type { ThresholdView } from "./view.ts";

export interface SummaryTextOptions {
  readonly thresholds: readonly ThresholdView[];
  readonly colours: boolean;
  /** "compact", the default, leaves out the parts of a request's time; "full" shows them, and the groups. */
  readonly mode?: SummaryMode;
  /** Undefined where only the data are known, as in a record: no sections, and checks in the order of the tree. */
  readonly details?: SummaryDetails;
}

type SummaryGroup = SummaryData["root_group"];
type SummaryCheck = SummaryGroup["checks"][number];

/**
 * k6's text for `data`, with the blank lines that k6 prints before and after it: write it as it is.
 * @example renderSummary(toSummaryData(request), { thresholds: results, colours: false })
 */
export function renderSummary(data: SummaryData, options: SummaryTextOptions): string {
  const painter = createPainter(options.colours);
  const { mode = "compact", details } = options;
  const sections = [
    thresholdSection(data, options.thresholds, painter),
    totalSection(data, options, painter),
    ...(details === undefined ? [] : partSections(data, details, { painter, mode })),
  ].filter((lines) => lines.length > 0);
  return `\n\n${sections.map((lines) => `${lines.join("\n")}\n\n`).join("")}\n`;
}

const indent = "    ";

function section(
  title: string,
  blocks: readonly (readonly string[])[],
  painter: Painter,
): string[] {
  return [`  █ ${painter.bold(title)} `, "", ...closed(blocks)];
}

/** Every block with the blank line that ends it. */
function closed(blocks: readonly (readonly string[])[]): string[] {
  return blocks.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, ""]);
}

function thresholdSection(
  data: SummaryData,
  thresholds: readonly ThresholdView[],
  painter: Painter,
): string[] {
  if (thresholds.length === 0) return [];
  const names = [...new Set(thresholds.map(({ metric }) => metric))].sort(compareNames);
  const parents = new Set(names.filter((name) => splitName(name).tags === ""));
  const isNested = (name: string): boolean =>
    !parents.has(name) && parents.has(splitName(name).parent);
  const listed = (name: string, label: string, lead: string): string[] => [
    lead + printable(label),
    ...thresholds
      .filter(({ metric }) => metric === name)
      .map((threshold) => lead + thresholdLine(data, threshold, painter)),
  ];
  const blocks = names
    .filter((name) => !isNested(name))
    .flatMap((name) => [
      listed(name, name, indent),
      ...names
        .filter((each) => isNested(each) && splitName(each).parent === name)
        .map((each) => listed(each, `{${splitName(each).tags}}`, `${indent}  `)),
    ]);
  return section("THRESHOLDS", blocks, painter);
}

function thresholdLine(data: SummaryData, threshold: ThresholdView, painter: Painter): string {
  const source = printable(threshold.source.trim());
  const label = /^[^<>=!]+/u.exec(source)?.[0].trim() ?? source;
  const value = thresholdValue(data, threshold, label);
  const mark = threshold.ok ? painter.green("✓") : painter.red("✗");
  return `${mark} ${painter.white(`'${source}'`)} ${painter.white(label)}=${painter.cyan(value)}`;
}

function thresholdValue(
  data: SummaryData,
  { metric, actual }: ThresholdView,
  label: string,
): string {
  const own = data.metrics[metric] ?? data.metrics[splitName(metric).parent];
  // k6 shows a threshold without samples as zero.
  const value = actual ?? 0;
  if (own?.type === "rate") return formatShare(value);
  const shown = formatValue(value, own?.contains ?? "default", data.options.summaryTimeUnit);
  return own?.type === "counter" && label === "rate" ? `${shown}/s` : shown;
}

function totalSection(data: SummaryData, options: SummaryTextOptions, painter: Painter): string[] {
  const checks = options.details?.checks ?? mergeByName(allChecks(data.root_group));
  const style = { ...styleOf(data, painter, options.mode ?? "compact"), indent };
  const { metrics } = data;
  const block = checks.length > 0 ? checksBlock(checks, style) : checksTotals(metrics, style);
  const table = metricTable({ metrics, ...style }, indent);
  const isEmpty = block.length === 0 && table.length === 0;
  return isEmpty ? [] : section("TOTAL RESULTS", [block, table], painter);
}

function styleOf(
  data: SummaryData,
  painter: Painter,
  mode: SummaryMode,
): Omit<PartStyle, "indent"> {
  const { summaryTrendStats: trendStats, summaryTimeUnit: timeUnit } = data.options;
  return { painter, mode, trendStats, timeUnit, durationMs: data.state.testRunDurationMs };
}

function allChecks(group: SummaryGroup): SummaryCheck[] {
  return [...group.checks, ...group.groups.flatMap(allChecks)];
}

/** k6's totals know a check by its name alone, in whatever group it ran. */
function mergeByName(checks: readonly SummaryCheck[]): CheckCounts[] {
  const merged = new Map<string, CheckCounts>();
  for (const { name, passes, fails } of checks) {
    const known = merged.get(name);
    merged.set(name, {
      name,
      passes: passes + (known?.passes ?? 0),
      fails: fails + (known?.fails ?? 0),
    });
  }
  return [...merged.values()];
}

interface BlockStyle {
  readonly durationMs: number;
  readonly indent: string;
  readonly painter: Painter;
}

interface PartStyle extends BlockStyle {
  readonly mode: SummaryMode;
  readonly trendStats: readonly string[];
  readonly timeUnit: string;
}

function checksBlock(
  checks: readonly CheckCounts[],
  { durationMs, indent: lead, painter }: BlockStyle,
): string[] {
  if (checks.length === 0) return [];
  const passes = checks.reduce((sum, check) => sum + check.passes, 0);
  const fails = checks.reduce((sum, check) => sum + check.fails, 0);
  return [
    ...totalsLines({ passes, fails }, { durationMs, indent: lead, painter }),
    "",
    ...checks.flatMap((check) => checkLines(check, lead, painter)),
  ];
}

/** Where only the metric is known, as in a record: the totals without the single checks. */
function checksTotals(metrics: SummaryData["metrics"], style: BlockStyle): string[] {
  const { passes = 0, fails = 0 } = metrics["checks"]?.values ?? {};
  return passes + fails > 0 ? totalsLines({ passes, fails }, style) : [];
}

function totalsLines(
  { passes, fails }: Omit<CheckCounts, "name">,
  { durationMs, indent: lead, painter }: BlockStyle,
): string[] {
  const total = passes + fails;
  const share = (count: number): string => formatShare(total === 0 ? 0 : count / total);
  const rate = durationMs > 0 ? total / (durationMs / 1_000) : 0;
  const outOf = (count: number): string => `${formatNumber(count)} out of ${formatNumber(total)}`;
  const totals = totalsTable(
    [
      ["checks_total", formatNumber(total), `${formatNumber(rate)}/s`],
      ["checks_succeeded", share(passes), outOf(passes)],
      ["checks_failed", share(fails), outOf(fails)],
    ],
    painter,
  );
  return totals.map((line) => lead + line);
}

function checkLines(
  { name, passes, fails }: CheckCounts,
  lead: string,
  painter: Painter,
): string[] {
  if (fails === 0) return [`${lead}${painter.green(`✓ ${printable(name)}`)}`];
  const percent = Math.floor((100 * passes) / (passes + fails));
  const detail = `↳  ${percent}% — ✓ ${formatNumber(passes)} / ✗ ${formatNumber(fails)}`;
  // k6 indents this line twice as far as the check, less two.
  const detailLead = " ".repeat(2 * lead.length - 2);
  return [`${lead}${painter.red(`✗ ${printable(name)}`)}`, detailLead + painter.red(detail)];
}

/** The groups outside of named scenarios, then the scenarios. Empty in compact mode, which asks for no parts. */
function partSections(
  data: SummaryData,
  { groups, scenarios }: SummaryDetails,
  { painter, mode }: { painter: Painter; mode: SummaryMode },
): string[][] {
  const style = { ...styleOf(data, painter, mode), indent };
  const titled = (kind: string) => (part: SummarySection) => [
    ...section(`${kind}: ${printable(part.name)}`, partBlocks(part, style), painter),
    ...nestedGroups(part, style),
  ];
  return [...groups.map(titled("GROUP")), ...scenarios.map(titled("SCENARIO"))];
}

function partBlocks({ checks, metrics }: SummarySection, style: PartStyle): string[][] {
  return [checksBlock(checks, style), metricTable({ metrics, ...style }, style.indent)];
}

function nestedGroups({ groups }: SummarySection, style: PartStyle): string[] {
  const { indent: lead, painter } = style;
  const deeper = { ...style, indent: `${lead}  ` };
  return groups.flatMap((group) => [
    `${lead}↳ ${painter.bold(`GROUP: ${printable(group.name)}`)} `,
    "",
    ...closed(partBlocks(group, deeper)),
    ...nestedGroups(group, deeper),
  ]);
}
