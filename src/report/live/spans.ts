/** Lines made of pieces with colours: cut to a width by what they show, painted after that. */
import { cellWidth, printable, shorten, spaces } from "../layout.ts";

/** A piece of a line; without paint as it is. */
export interface Span {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/** The pieces one after the other in at most `columns` cells; what is cut off shows as "...". */
export function renderSpans(spans: readonly Span[], columns: number): string {
  let line = "";
  let room = columns;
  for (const { text, paint } of spans) {
    if (room <= 0) break;
    const shown = shorten(text, room);
    room -= cellWidth(shown);
    line += paint === undefined || shown.trim() === "" ? shown : paint(shown);
    if (shown !== text) break;
  }
  return line;
}

export function widthOfSpans(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + cellWidth(text), 0);
}

/** A piece filled up with blanks, which are not painted. */
export function cell(
  { text, paint }: Span,
  cells: number,
  align: "left" | "right" = "left",
): readonly Span[] {
  const shown = shorten(text, cells);
  const gap = { text: spaces(cells - cellWidth(shown)) };
  return align === "left" ? [{ text: shown, paint }, gap] : [gap, { text: shown, paint }];
}

/**
 * A name from a script or an answer, harmless on a screen that is drawn again and again: no control characters, and no
 * variation selectors, which make a character wider on some terminals and not on others.
 */
export function screenText(text: string): string {
  return printable(text).replace(/\p{Variation_Selector}/gu, "");
}
