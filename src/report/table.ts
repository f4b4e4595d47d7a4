/**
 * Tables that fit a terminal: when the natural widths are too wide, columns that may go are left out, the last first;
 * then columns that may shrink give way, the widest first, and their cells wrap.
 */
import { cellWidth, padEnd, padStart, wrap } from "./layout.ts";

export interface TableColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /** May get narrower, its cells wrapped. */
  readonly canShrink?: boolean;
  /** May be left out on a narrow terminal. */
  readonly canDrop?: boolean;
  /** Colours a padded cell of row `row`. */
  readonly paint?: (text: string, row: number) => string;
}

export interface Table {
  readonly head: readonly string[];
  /** The lines of each row. */
  readonly rows: readonly (readonly string[])[];
}

const leastWidth = 8;

/** Lays `rows`, cells in the order of `columns`, out in at most `width` cells where that is possible. */
export function layOutTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { width, separator }: { width: number; separator: string },
): Table {
  const natural = columns.map(({ title }, index) =>
    Math.max(cellWidth(title), ...rows.map((row) => cellWidth(row[index] ?? ""))),
  );
  const gaps = (count: number): number => cellWidth(separator) * (count - 1);
  const kept = keepColumns(columns, natural, (count) => width - gaps(count));
  const widths = shrink(kept, columns, { natural, width: width - gaps(kept.length) });
  const lines = (cells: readonly string[], row: number | undefined): string[] =>
    rowLines(
      kept.map((index) => cells[index] ?? ""),
      (text, place) => {
        const { align, paint } = columns[kept[place]!]!;
        const isLast = place === kept.length - 1 && align === "left";
        const padded =
          align === "right"
            ? padStart(text, widths[place]!)
            : isLast
              ? text
              : padEnd(text, widths[place]!);
        return paint === undefined || row === undefined ? padded : paint(padded, row);
      },
      { widths, separator },
    );
  return {
    head: lines(
      columns.map(({ title }) => title),
      undefined,
    ),
    rows: rows.map((cells, row) => lines(cells, row)),
  };
}

/** Indexes of the columns that stay. */
function keepColumns(
  columns: readonly TableColumn[],
  natural: readonly number[],
  room: (count: number) => number,
): number[] {
  const least = (index: number): number =>
    columns[index]!.canShrink === true ? Math.min(leastWidth, natural[index]!) : natural[index]!;
  let kept = columns.map((_, index) => index);
  const needed = (): number => kept.reduce((sum, index) => sum + least(index), 0);
  while (needed() > room(kept.length)) {
    const last = kept.findLast((index) => columns[index]!.canDrop === true);
    if (last === undefined) break;
    kept = kept.filter((index) => index !== last);
  }
  return kept;
}

function shrink(
  kept: readonly number[],
  columns: readonly TableColumn[],
  { natural, width }: { natural: readonly number[]; width: number },
): number[] {
  const widths = kept.map((index) => natural[index]!);
  const total = (): number => widths.reduce((sum, each) => sum + each, 0);
  const flexible = kept
    .map((index, place) => ({ place, canShrink: columns[index]!.canShrink === true }))
    .filter(({ canShrink }) => canShrink)
    .map(({ place }) => place);
  while (total() > width) {
    const widest = flexible.reduce<number | undefined>((best, place) => {
      if (widths[place]! <= leastWidth) return best;
      return best === undefined || widths[place]! > widths[best]! ? place : best;
    }, undefined);
    if (widest === undefined) break;
    // Down to what fits, but not below the next column: a very long name costs one step, not thousands.
    const others = flexible.filter((place) => place !== widest).map((place) => widths[place]!);
    const next = Math.max(leastWidth, ...others);
    const excess = total() - width;
    const floor = next < widths[widest]! ? next : widths[widest]! - 1;
    widths[widest] = Math.max(widths[widest]! - excess, floor);
  }
  return widths;
}

function rowLines(
  cells: readonly string[],
  show: (text: string, place: number) => string,
  { widths, separator }: { widths: readonly number[]; separator: string },
): string[] {
  const wrapped = cells.map((cell, place) => wrap(cell, widths[place]!));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped.map((lines, place) => show(lines[line] ?? "", place)).join(separator),
  );
}
