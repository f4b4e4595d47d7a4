/** JSON as Go's encoder writes it without HTML escaping: line separators are escaped, and a negative zero keeps its sign. */

/** Every number that has no fraction and no exponent is the same in both languages; so are the limits of exponents. */
export function goNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/gu, (separator) =>
    separator === "\u2028" ? "\\u2028" : "\\u2029",
  );
}
