/**
 * Text in columns: how many terminal cells a text takes, padding, shortening, wrapping.
 * Names come from scripts, so control characters, which could move the cursor, and those that turn the direction of
 * writing, never get through `printable`.
 * Width by code point: 0 for marks and joiners, 2 for East Asian wide ones and emoji, else 1 (Unicode annex 11).
 */

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const pictograph = /^\p{Emoji_Presentation}$/u;

/** First and last code points of the blocks that are two cells wide. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x20000, 0x3fffd],
];

/** Cells that a text without escape codes takes. */
export function cellWidth(text: string): number {
  let cells = 0;
  for (const character of text) cells += characterWidth(character);
  return cells;
}

/** Cells of the widest text; 0 without any. However many there are: no spread, which has a limit. */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, cellWidth(text)), 0);
}

function characterWidth(character: string): number {
  const point = character.codePointAt(0)!;
  if (point < 0x300) return 1;
  if (zeroWidth.test(character)) return 0;
  const isWide = wideRanges.some(([first, last]) => point >= first && point <= last);
  return isWide || pictograph.test(character) ? 2 : 1;
}

/** The text with every control character, line break included, as one space, and without marks of direction. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, " ").replace(/\p{Bidi_Control}/gu, "");
}

export function padEnd(text: string, cells: number): string {
  return text + spaces(cells - cellWidth(text));
}

export function padStart(text: string, cells: number): string {
  return spaces(cells - cellWidth(text)) + text;
}

export function spaces(cells: number): string {
  return " ".repeat(Math.max(0, cells));
}

/** At most `cells` wide; what is cut off shows as "...". */
export function shorten(text: string, cells: number): string {
  if (cellWidth(text) <= cells) return text;
  const mark = "...".slice(0, Math.max(0, cells));
  return takeCells(text, cells - mark.length) + mark;
}

/** Lines of at most `cells`, broken at spaces; only a word that is wider itself is cut. Never empty. */
export function wrap(text: string, cells: number): string[] {
  const limit = Math.max(1, cells);
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text).split(" ").filter(Boolean)) {
    const extended = line === "" ? word : `${line} ${word}`;
    if (cellWidth(extended) <= limit) {
      line = extended;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = cutWord(word, limit);
    line = pieces.pop()!;
    lines.push(...pieces);
  }
  return [...lines, line];
}

/** Wrapped text behind a lead: the lead on the first line, as many spaces on the others. */
export function hang(lead: string, text: string, columns: number): string[] {
  const indent = cellWidth(lead);
  return wrap(text, columns - indent).map(
    (line, index) => (index === 0 ? lead : spaces(indent)) + line,
  );
}

function cutWord(word: string, cells: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (cellWidth(rest) > cells) {
    // A wide character is taken even where only one cell is left, else this would not end.
    const piece = takeCells(rest, cells) || String.fromCodePoint(rest.codePointAt(0)!);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return rest === "" && pieces.length > 0 ? pieces : [...pieces, rest];
}

function takeCells(text: string, cells: number): string {
  let taken = "";
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > cells) break;
    taken += character;
  }
  return taken;
}
