/**
 * A run while it goes on, as lines for a terminal that are drawn again once a second: where it stands, its scenarios,
 * what the target does beside what was planned and allowed, and the generator's condition, which is never left out.
 * State in, lines out: none is wider than the terminal or makes it scroll. Where there is no room for that, nothing
 * comes of it, and a single line (progress.ts) has to do.
 */
import { cellWidth, spaces, widestOf, wrap } from "../layout.ts";
import type { LiveGenerator, LiveView, ScreenGrid } from "./live-view.ts";
import { liveRows, type LiveRow } from "./rows.ts";
import { scenarioRows } from "./scenarios.ts";
import { formatClock, formatWhole } from "../../base/numbers.ts";
import { createPainter } from "../paint.ts";
import { cell, renderSpans, screenText, type Span, widthOfSpans } from "./spans.ts";
import type { Glyphs } from "./sparkline.ts";

export interface ScreenStyle {
  readonly columns: number;
  readonly rows: number;
  readonly colours: boolean;
  readonly glyphs: Glyphs;
}

const leastColumns = 30;
const narrowColumns = 64;
/** Header, four rows of figures, one line of the generator. */
const leastHeight = 6;

/** At most `rows` - 1 lines, for the cursor stands below them; undefined when there is no room. */
export function renderLiveView(view: LiveView, style: ScreenStyle): readonly string[] | undefined {
  const budget = style.rows - 1;
  if (style.columns < leastColumns || budget < leastHeight) return undefined;
  const isNarrow = style.columns < narrowColumns;
  // A character in the last column leaves the cursor where terminals differ.
  const width = style.columns - 1;
  const indent = isNarrow ? 0 : 2;
  const paint = createPainter(style.colours);
  const rows = liveRows(view, paint, style.glyphs);
  const names = [...view.scenarios.map(({ name }) => screenText(name)), ...rows.map(labelOf)];
  const widestLabel = Math.max(12, Math.floor(style.columns / 4));
  const labelWidth = Math.min(widestOf(names) + 2, widestLabel);
  const hasNotes = !isNarrow && rows.some(({ note }) => note !== "");
  const grid: ScreenGrid = {
    paint,
    glyphs: style.glyphs,
    width: width - indent,
    labelWidth,
    noteWidth: hasNotes ? widestNote : 0,
    isNarrow,
  };
  const lines = stack(view, { grid, rows, budget });
  return lines.map((line) => (line === "" ? "" : spaces(indent) + line));
}

function labelOf({ label }: LiveRow): string {
  return label;
}

/** With blank lines where there is room for them; without all scenarios where there is none. */
function stack(
  view: LiveView,
  { grid, rows, budget }: { grid: ScreenGrid; rows: readonly LiveRow[]; budget: number },
): string[] {
  const head = headLine(view, grid);
  const figures = rows.map((row) => figureLine(row, grid));
  const condition = generatorLines(view.generator, grid, longestReason(grid));
  const count = view.scenarios.length;
  const fixed = 1 + figures.length;
  const blanks = 3;
  const isAiry = blanks + fixed + condition.length + count <= budget;
  const blank = isAiry ? [""] : [];
  const isFitting = fixed + condition.length + Math.min(2, count) <= budget;
  const kept = isFitting ? condition : generatorLines(view.generator, grid, 1);
  const room = Math.max(0, budget - fixed - kept.length);
  const scenarios = scenarioRows(view.scenarios, grid, isAiry ? count : Math.min(count, room));
  return [...blank, head, ...blank, ...scenarios, ...blank, ...figures, ...kept];
}

function headLine(view: LiveView, { paint, width, isNarrow }: ScreenGrid): string {
  const { phase, elapsedMs, plannedMs, leftMs, activeVus, initializedVus } = view;
  const elapsed = formatClock(elapsedMs);
  const gap = { text: isNarrow ? "  " : "   " };
  const start: Span[] = [
    { text: screenText(phase), paint: paint.bold },
    gap,
    { text: plannedMs === undefined ? elapsed : `${elapsed} / ${formatClock(plannedMs)}` },
  ];
  const how = plannedMs === undefined ? "about " : "";
  const left: Span[] =
    leftMs === undefined ? [] : [gap, { text: `left ${how}${formatClock(leftMs)}` }];
  const vus: Span = {
    text: `${formatWhole(activeVus)} of ${formatWhole(initializedVus)} VUs`,
    paint: paint.faint,
  };
  const fitting = [...start, ...left];
  const free = width - widthOfSpans(fitting) - cellWidth(vus.text);
  if (free >= 2) return renderSpans([...fitting, { text: spaces(free) }, vus], width);
  return renderSpans(widthOfSpans(fitting) <= width ? fitting : start, width);
}

const valueWidth = 12;
const widestNote = 17;

function figureLine(row: LiveRow, grid: ScreenGrid): string {
  const { labelWidth, noteWidth, width, paint } = grid;
  const note = { text: row.note, paint: paint.faint };
  const start = [
    ...cell({ text: row.label, paint: paint.faint }, labelWidth),
    ...cell(row.value, valueWidth),
    ...cell(note, noteWidth),
  ];
  const room = width - widthOfSpans(start);
  return renderSpans([...start, ...(room > 3 ? row.rest(room) : [])], width).trimEnd();
}

/** Lines that a reason may take. */
function longestReason({ isNarrow }: ScreenGrid): number {
  return isNarrow ? 4 : 2;
}

/** Its condition in a word, and its figures; or why it is not well, in at most `most` lines. */
function generatorLines(
  { status, text }: LiveGenerator,
  { labelWidth, width, paint, isNarrow }: ScreenGrid,
  most: number,
): string[] {
  const paints = {
    starting: paint.faint,
    healthy: paint.green,
    warning: paint.yellow,
    saturated: (word: string) => paint.bold(paint.red(word)),
  } as const;
  const lead = [
    ...cell({ text: "generator", paint: paint.faint }, labelWidth),
    ...cell({ text: status, paint: paints[status] }, isNarrow ? status.length + 1 : valueWidth),
  ];
  const indent = widthOfSpans(lead);
  const isReason = status === "warning" || status === "saturated";
  const shown = wrapAtMost(screenText(text), width - indent, isReason ? most : 1);
  return shown.map((line, index) => {
    const start = index === 0 ? lead : [{ text: spaces(indent) }];
    const how = isReason ? undefined : paint.faint;
    return renderSpans([...start, { text: line, paint: how }], width).trimEnd();
  });
}

/** The last line has the rest, however long: it will be cut. */
function wrapAtMost(text: string, cells: number, most: number): string[] {
  const lines = wrap(text, cells);
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most - 1), lines.slice(most - 1).join(" ")];
}
