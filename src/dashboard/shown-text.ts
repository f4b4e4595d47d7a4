/** Texts of scripts and targets, of whatever length and with whatever in them, as they go to the page. */

const longest = 300;

/** At most so long; the page shows it as text, so nothing in it needs to be escaped. */
export function shownText(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
