/**
 * The interval of a row on a line. The scale is what is allowed, so one limit stands for all rows: 0 is no change, 1 what
 * is allowed, and to the right is worse, whatever the row measures.
 *
 *     -2        0    1         3
 *      ·        │  ──┊●──
 */
import type { ComparisonRow } from "../../judge/index.ts";

const scale = { from: -2, to: 3 } as const;
/** Stands for a blank, at which a table would break the line; {@link withBlanks} puts blanks in. */
const blank = "\u00a0";

/** A line of so many cells; blank where there is nothing to draw. */
export function drawChange(row: ComparisonRow, cells: number): string {
  const { change, allowed, worse } = row;
  const line = Array.from({ length: cells }, () => blank);
  line[cellOf(0, cells)] = "│";
  line[cellOf(1, cells)] = "┊";
  if (change === null || !(allowed > 0)) return line.join("");
  const turn = (value: number): number => ((worse === "more" ? 1 : -1) * value) / allowed;
  const ends = [change.low, change.high].flatMap((end) => (end === null ? [] : [turn(end)]));
  if (ends.length === 2) {
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    for (let cell = cellOf(low, cells); cell <= cellOf(high, cells); cell++) line[cell] = "─";
    if (low < scale.from) line[0] = "‹";
    if (high > scale.to) line[cells - 1] = "›";
  }
  const estimate = turn(change.estimate);
  line[cellOf(estimate, cells)] = estimate < scale.from ? "‹" : estimate > scale.to ? "›" : "●";
  return line.join("");
}

/** The title over the lines: where no change is, and where what is allowed ends. */
export function chartTitle(cells: number): string {
  const line = Array.from({ length: cells }, () => blank);
  line[cellOf(0, cells)] = "0";
  const limit = "limit";
  const from = Math.min(cellOf(1, cells), cells - limit.length);
  for (const [index, letter] of limit.split("").entries()) line[from + index] = letter;
  return line.join("");
}

/** A line of a table with blanks in the place of what stood for them. */
export function withBlanks(line: string): string {
  return line.replaceAll(blank, " ").trimEnd();
}

function cellOf(value: number, cells: number): number {
  const clipped = Math.min(scale.to, Math.max(scale.from, value));
  return Math.round(((clipped - scale.from) / (scale.to - scale.from)) * (cells - 1));
}
