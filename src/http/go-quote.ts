/** Go's `%q`: how its error texts, which scripts see, quote what was given. */

const named: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

// oxlint-disable-next-line no-control-regex -- control characters are what is escaped
const escaped = /[\u0000-\u001f"\\\u007f]/gu;

/** `text` between double quotes, with Go's escapes. */
export function quoteGo(text: string): string {
  return `"${text.replaceAll(escaped, (char) => named[char] ?? hexEscape(char))}"`;
}

function hexEscape(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
