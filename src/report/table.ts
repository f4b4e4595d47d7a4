/**
 * Tables that fit a terminal: when the least widths are too wide, columns that may go are left out, the last first;
 * what remains shares the room: every column that may shrink is cut to one common cap, and its cells wrap.
 */
import { cellWidth, spaces, widestOf, wrap } from "./layout.ts";

export interface TableColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /** May get as narrow as this, its cells wrapped; without it the column keeps its width. */
  readonly leastWidth?: number;
  /** May be left out on a narrow terminal. */
  readonly canDrop?: boolean;
  /** Colours the text of a cell of row `row`. */
  readonly paint?: (text: string, row: number) => string;
}

export interface Table {
  readonly head: readonly string[];
  /** Dashes as wide as each column, joined by the separator with its bars crossed. */
  readonly ruler: string;
  /** The lines of each row. */
  readonly rows: readonly (readonly string[])[];
}

/** A column with its place among a row's cells. */
interface Slot {
  readonly column: TableColumn;
  readonly index: number;
  readonly natural: number;
  readonly least: number;
  readonly width: number;
}

/** Lays `rows`, cells in the order of `columns`, out in at most `width` cells where that is possible. */
export function layOutTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { width, separator }: { width: number; separator: string },
): Table {
  const slots = columns.map((column, index): Slot => {
    const natural = widestOf([column.title, ...rows.map((row) => row[index] ?? "")]);
    const least = Math.min(column.leastWidth ?? natural, natural);
    return { column, index, natural, least, width: natural };
  });
  const room = (count: number): number => width - cellWidth(separator) * (count - 1);
  const kept = dropColumns(slots, room);
  const fitted = fitWidths(kept, room(kept.length));
  const titles = columns.map(({ title }) => title);
  const crossed = separator.replaceAll(" ", "-").replaceAll("|", "+");
  return {
    head: rowLines(titles, fitted, { separator }),
    ruler: fitted.map((slot) => "-".repeat(slot.width)).join(crossed),
    rows: rows.map((cells, row) => rowLines(cells, fitted, { separator, row })),
  };
}

function dropColumns(slots: readonly Slot[], room: (count: number) => number): Slot[] {
  let kept = [...slots];
  while (sum(kept.map(({ least }) => least)) > room(kept.length)) {
    const last = kept.findLast(({ column }) => column.canDrop === true);
    if (last === undefined) break;
    kept = kept.filter((slot) => slot !== last);
  }
  return kept;
}

function fitWidths(slots: readonly Slot[], room: number): Slot[] {
  const capped = (cap: number): Slot[] =>
    slots.map((slot) => ({ ...slot, width: Math.min(slot.natural, Math.max(slot.least, cap)) }));
  const widest = Math.max(0, ...slots.map(({ natural }) => natural));
  let cap = Math.min(widest, Math.max(1, room));
  while (cap > 1 && sum(capped(cap).map(({ width }) => width)) > room) cap--;
  return capped(cap);
}

function rowLines(
  cells: readonly string[],
  slots: readonly Slot[],
  { separator, row }: { separator: string; row?: number },
): string[] {
  const wrapped = slots.map(({ index, width }) => wrap(cells[index] ?? "", width));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    slots
      .map((slot, place) => showCell(wrapped[place]![line] ?? "", slot, row))
      .join(separator)
      .trimEnd(),
  );
}

function showCell(text: string, { column, width }: Slot, row: number | undefined): string {
  const { align, paint } = column;
  // Painted without its padding: a line must not end in coloured spaces.
  const shown = text === "" || paint === undefined || row === undefined ? text : paint(text, row);
  const gap = width - cellWidth(text);
  return align === "right" ? spaces(gap) + shown : shown + spaces(gap);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
