/** Words that several parts of the page have in common. */

/** A number stays on the line of its unit. */
export function tight(text: string): string {
  return text.replaceAll(/(?<=\d) (?=%|m?s\b)/gu, "\u00a0");
}
