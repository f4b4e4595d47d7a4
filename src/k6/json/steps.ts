/** Cuts a selector into steps: where one ends, what is escaped in it, and whether it is a pattern. */

/** The first step of a path. */
export interface Step {
  /** As written. */
  readonly raw: string;
  /** As written, for queries and patterns. */
  readonly text: string;
  /** Without the escapes. */
  readonly key: string;
  readonly isPattern: boolean;
  /** What stands between this step and the next; empty at the end. */
  readonly separator: "." | "|" | "";
  readonly rest: string;
}

/** Takes the first step off a path. Separators inside parentheses and quotes of a query do not count. */
export function takeStep(path: string): Step {
  const end = path.startsWith("#(") || path.startsWith("#[") ? endOfQuery(path) : endOfKey(path, 0);
  const raw = path.slice(0, end);
  return {
    raw,
    text: raw,
    key: raw.replace(/\\(.)/gsu, "$1"),
    isPattern: /[*?]/u.test(raw.replace(/\\./gsu, "")),
    separator: (path[end] ?? "") as Step["separator"],
    rest: path.slice(end + 1),
  };
}

/** True when `text` matches a pattern of * (any text) and ? (one character); "\" escapes. */
export function matchesPattern(text: string, pattern: string): boolean {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const mark = pattern[i]!;
    if (mark === "*") source += ".*";
    else if (mark === "?") source += ".";
    else source += escapeForRegExp(mark === "\\" ? (pattern[++i] ?? "\\") : mark);
  }
  return new RegExp(`^${source}$`, "su").test(text);
}

function endOfKey(path: string, start: number): number {
  for (let i = start; i < path.length; i++) {
    const mark = path[i];
    if (mark === "\\") i++;
    else if (mark === "." || mark === "|") return i;
  }
  return path.length;
}

function endOfQuery(path: string): number {
  const close = closingBracket(path, 1);
  return close < 0 ? path.length : endOfKey(path, close + 1);
}

/** The index of the bracket that closes the one at `open`; -1 when there is none. Quoted text is skipped. */
export function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const mark = text[i]!;
    if (mark === "\\") i++;
    else if (mark === '"') i = closingQuote(text, i);
    else if ("([{".includes(mark)) depth++;
    else if (")]}".includes(mark) && --depth === 0) return i;
  }
  return -1;
}

/** The index of the quote that closes the one at `open`, or the end of the text. */
export function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

function escapeForRegExp(text: string): string {
  return text.replace(/[$()*+./?[\\\]^{|}-]/gu, "\\$&");
}
