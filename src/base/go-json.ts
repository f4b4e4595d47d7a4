/**
 * JSON as Go's encoder writes it, so that output of k6 and of lakh can be compared byte for byte. Keys stay in the order
 * in which they were made.
 */

/** The JSON text of `value` on one line, or indented by `indent` spaces: `<`, `>` and `&` inside texts as escapes. */
export function toGoJson(value: unknown, indent?: number): string {
  // These characters stand in texts only: no other token of JSON has them.
  return JSON.stringify(value, null, indent).replace(/[<>&\u2028\u2029]/gu, escape);
}

/** As {@link toGoJson} with HTML escaping switched off, which leaves the line separators. */
export function toPlainGoJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/gu, escape);
}

/**
 * A number, a negative zero with its sign. Every number that has no fraction and no exponent is the same in both
 * languages; so are the limits of exponents.
 */
export function toGoNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
