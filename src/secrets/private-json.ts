/**
 * Masks what lies under a private field's name in JSON, without parsing it: a text that was cut, or is JSON inside a string
 * of JSON (`"{\"password\":\"…\"}"`), is masked as well as a whole one. What stands under such a name goes as one piece,
 * be it a text, a number, a list or an object.
 */
import { isPrivateField } from "./private-fields.ts";

const mask = "***";

/** A key at any depth of escaping: both its quotes stand behind the same number of backslashes. */
const key = /(\\*)"((?:[^"\\\n]|\\+u[\da-fA-F]{4}){1,200})\1"\s*:\s*/gu;

/** `text` with the values of private fields masked. */
export function maskJson(text: string): string {
  let masked = "";
  let from = 0;
  key.lastIndex = 0;
  for (let found = key.exec(text); found !== null; found = key.exec(text)) {
    const [all, slashes, name] = found;
    if (!isPrivateField(unescapeName(name!))) continue;
    const start = found.index + all.length;
    const value = valueAt(text, start, slashes!);
    if (value === undefined) continue;
    masked += text.slice(from, start) + value.masked;
    from = value.end;
    key.lastIndex = value.end;
  }
  return masked + text.slice(from);
}

function unescapeName(name: string): string {
  return name.replaceAll(/\\+u([\da-fA-F]{4})/gu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

interface Value {
  readonly end: number;
  readonly masked: string;
}

/** Undefined for what hides nothing: true, false, null, an empty text, nothing at all. */
function valueAt(text: string, start: number, slashes: string): Value | undefined {
  const quote = `${slashes}"`;
  if (text.startsWith(quote, start)) {
    const inside = start + quote.length;
    const { end } = closingQuote(text, inside, slashes.length);
    return end === inside ? undefined : { end, masked: quote + mask };
  }
  if (text[start] === "{" || text[start] === "[")
    return { end: closingBracket(text, start, slashes.length), masked: `${quote}${mask}${quote}` };
  const number = /^-?\d[\d.eE+-]*/u.exec(text.slice(start, start + 40))?.[0];
  return number === undefined ? undefined : { end: start + number.length, masked: mask };
}

/** Where the text that begins at `from` ends, and where the quote that closes it is; the end, when it was cut before that. */
function closingQuote(
  text: string,
  from: number,
  depth: number,
): { readonly end: number; readonly quote: number } {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text[at - slashes - 1] === "\\") slashes++;
    if (closes(slashes, depth)) return { end: at - Math.min(slashes, depth), quote: at };
  }
  return { end: text.length, quote: text.length };
}

/**
 * Whether a quote behind so many backslashes closes a text whose own quotes stand behind `depth`: each level of escaping
 * turns n of them into 2n + 1. An even number ends the text around it, and so this one as well.
 */
function closes(slashes: number, depth: number): boolean {
  if (slashes % 2 === 0) return true;
  return depth > 0 && closes((slashes - 1) / 2, (depth - 1) / 2);
}

/** Behind the bracket that closes the one at `start`; the end, when it was cut before that. */
function closingBracket(text: string, start: number, depth: number): number {
  let open = 0;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') at = closingQuote(text, at + 1, depth).quote;
    else if (sign === "{" || sign === "[") open++;
    else if ((sign === "}" || sign === "]") && --open === 0) return at + 1;
  }
  return text.length;
}
