/** The text of a script's value where k6 takes anything and makes a string of it, as JavaScript itself does. */
export function textOf(value: unknown): string {
  // oxlint-disable-next-line typescript/no-base-to-string -- "[object Object]" is what k6 gives for an object here, too
  return String(value);
}
