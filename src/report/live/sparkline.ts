/** Bars and small curves in characters: a cell a value. */

/** What they are drawn with. */
export interface Glyphs {
  /** From the least value above nothing to the greatest. */
  readonly levels: string;
  readonly nothing: string;
  readonly done: string;
  readonly open: string;
}

export const blockGlyphs: Glyphs = { levels: "▁▂▃▄▅▆▇█", nothing: " ", done: "━", open: "─" };

/** For terminals without block elements. */
export const asciiGlyphs: Glyphs = { levels: "_.-=+*#@", nothing: " ", done: "#", open: "-" };

/** One character a value, 0 at the bottom, `top` at the highest level; a blank where there is no value. */
export function sparkline(
  values: readonly (number | null)[],
  top: number,
  { levels, nothing }: Glyphs,
): string {
  const last = levels.length - 1;
  return values
    .map((value) => {
      if (value === null || !Number.isFinite(value)) return nothing;
      const level = top > 0 ? Math.round((value / top) * last) : 0;
      return levels[Math.min(last, Math.max(0, level))]!;
    })
    .join("");
}

/** Cells of a bar that are done; a share above 0 and below 1 never looks like nothing or like all of it. */
export function doneCells(share: number, cells: number): number {
  if (!(share > 0) || cells <= 0) return 0;
  if (share >= 1) return cells;
  return Math.max(Math.min(1, cells - 1), Math.min(cells - 1, Math.round(share * cells)));
}
