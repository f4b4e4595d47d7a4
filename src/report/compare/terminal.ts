/** A comparison for people: who is compared, a table with a chart, the verdict, the reasons. */
import type { Comparison, ComparisonRow } from "../../judge/index.ts";
import {
  changeText,
  groupRows,
  intervalText,
  isOfNote,
  type RowGroup,
  statusText,
  valueText,
} from "./wording.ts";
import { chartTitle, drawChange, withBlanks } from "./chart.ts";
import { hang, printable, shorten } from "../layout.ts";
import { formatPercent } from "../../base/numbers.ts";
import { createPainter, type Painter } from "../paint.ts";
import { layOutTable, type TableColumn } from "../table.ts";
import { renderBanner } from "../verdict.ts";
import type { TextStyle } from "../view.ts";

/** Lines of prose are not wider than this, however wide the terminal. */
const proseColumns = 100;
/** More endpoints, and more reasons, than this are told by their number. */
const mostEndpoints = 25;
const mostReasons = 10;
/** Columns from which on there is room for the chart, and for the limits in figures beside it. */
const chartFrom = 72;
const limitsFrom = 104;

export interface ComparisonStyle extends TextStyle {
  /** Every row, not only those that matter. */
  readonly showsAll: boolean;
}

/** Ends with a line break. */
export function renderComparison(comparison: Comparison, style: ComparisonStyle): string {
  const painter = createPainter(style.colours);
  const width = Math.min(style.columns, proseColumns);
  const sections = [
    headLines(comparison, width, painter),
    tableLines(comparison, style, painter),
    [...renderBanner(comparison, painter, width), ...reasonLines(comparison, width)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function headLines(comparison: Comparison, width: number, painter: Painter): string[] {
  const { base, new: fresh, methodSentence, settings } = comparison;
  const names = (runs: Comparison["base"]): string => runs.map(({ id }) => id).join(", ");
  const { limitShare, latencyFloorMs, errorFloorShare, confidence } = settings;
  const rule = `worse by at most ${short(limitShare)}, or by less than ${latencyFloorMs} ms or ${short(errorFloorShare)} of the requests; each limit at ${short(confidence)}`;
  return [
    ...hang("base     ", names(base), width),
    ...hang("new      ", names(fresh), width),
    ...hang("method   ", methodSentence, width).map(painter.faint),
    ...hang("allowed  ", rule, width).map(painter.faint),
  ];
}

function short(share: number): string {
  return formatPercent(share).replace(/\.?0+ %$/u, " %");
}

function tableLines({ rows }: Comparison, style: ComparisonStyle, painter: Painter): string[] {
  if (rows.length === 0) return [];
  const groups = groupRows(rows).map((group): RowGroup => {
    const shown = style.showsAll ? group.rows : group.rows.filter(isOfNote);
    return { ...group, rows: shown.length === 0 ? group.rows.slice(0, 1) : shown };
  });
  const kept = style.showsAll ? groups : groups.slice(0, mostEndpoints + 1);
  const left = groups.length - kept.length;
  const listed = kept.flatMap((group) => group.rows);
  const table = layOutTable(
    columnsFor(listed, style.columns, painter),
    listed.map((row) => cellsOf(row, style.columns)),
    { width: style.columns, separator: "  " },
  );
  const lines: string[] = table.head.map(painter.bold);
  let place = 0;
  for (const { name, rows: ofGroup } of kept) {
    lines.push(painter.bold(shorten(printable(name), style.columns)));
    for (const _ of ofGroup) lines.push(...table.rows[place++]!);
  }
  if (left > 0) lines.push(painter.faint(`and ${left} endpoints more: --all shows them`));
  return lines.map(withBlanks);
}

function columnsFor(
  rows: readonly ComparisonRow[],
  columns: number,
  painter: Painter,
): TableColumn[] {
  const paint = (text: string, row: number): string => statusPaint(rows[row]!, painter)(text);
  const cells = chartCells(columns);
  return [
    { title: "", align: "left", leastWidth: 10 },
    { title: "base", align: "right", canDrop: true },
    { title: "new", align: "right" },
    { title: "change", align: "right" },
    ...(columns >= limitsFrom ? [{ title: "from … to", align: "right" } as const] : []),
    ...(cells > 0 ? [{ title: chartTitle(cells), align: "left", paint } as const] : []),
    { title: "", align: "left", leastWidth: columns < chartFrom ? 9 : 16, paint },
  ];
}

function cellsOf(row: ComparisonRow, columns: number): string[] {
  const cells = chartCells(columns);
  return [
    `\u00a0\u00a0${briefLabels[row.measure] ?? row.label}`,
    valueText(row, row.base),
    valueText(row, row.new),
    changeText(row.change),
    ...(columns >= limitsFrom ? [intervalText(row.change)] : []),
    ...(cells > 0 ? [drawChange(row, cells)] : []),
    statusText(row),
  ];
}

/** Narrower than the rows' own. */
const briefLabels: Readonly<Partial<Record<ComparisonRow["measure"], string>>> = {
  errors: "failed",
  checks: "checks failed",
  dropped: "dropped",
  generator_cpu: "CPU/request",
};

function chartCells(columns: number): number {
  if (columns < chartFrom) return 0;
  return columns >= 120 ? 31 : columns >= limitsFrom ? 21 : 16;
}

function statusPaint(
  { status, isGated }: ComparisonRow,
  painter: Painter,
): (text: string) => string {
  if (!isGated) return painter.faint;
  if (status === "worse") return painter.red;
  if (status === "unclear") return painter.yellow;
  return status === "same" || status === "better" ? painter.green : painter.faint;
}

function reasonLines({ reasons, sentence }: Comparison, width: number): string[] {
  // What the sentence says already is not said again.
  const fresh = reasons.filter((reason) => !sentence.includes(reason));
  const left = fresh.length - mostReasons;
  return [
    ...fresh.slice(0, mostReasons).flatMap((reason) => hang("  - ", reason, width)),
    ...(left > 0 ? [`  - and ${left} more`] : []),
  ];
}
