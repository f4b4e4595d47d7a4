/**
 * JSON as Go's encoder writes it, which is what k6 prints: `<`, `>` and `&` inside texts as escapes, so that output of
 * both can be compared byte for byte. Keys stay in the order in which they were made.
 */

const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** The JSON text of `value`, on one line or indented by `indent` spaces. */
export function toGoJson(value: unknown, indent?: number): string {
  // The five characters stand in texts only: no other token of JSON has them.
  return JSON.stringify(value, null, indent).replace(
    /[<>&\u2028\u2029]/gu,
    (character) => escapes[character]!,
  );
}
