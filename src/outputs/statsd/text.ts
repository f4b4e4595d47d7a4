/** Names, tags and numbers as StatsD takes them: nothing in them may look like a part of its lines. */

/** The line's own signs, and whatever would end it. */
const unsafeInName = /[:|@#,;\s\p{Cc}\p{Surrogate}]+/gu;
/** A tag's value may have colons, as URLs have: its key ends at the first. */
const unsafeInValue = /[|#,;\s\p{Cc}\p{Surrogate}]+/gu;

/** What servers keep of a name or of a tag's value. */
const longestChars = 200;

/** A metric's name, a check's, or a tag's key. */
export function safeName(text: string): string {
  return text.slice(0, longestChars).replace(unsafeInName, "_");
}

/** Key and value, separated; empty values are left out. So that a line fits into a datagram, long values get shorter. */
export function tagSection(tags: readonly (readonly [string, string])[], maxBytes: number): string {
  const shown = tags.filter(([, value]) => value !== "");
  if (shown.length === 0) return "";
  for (let limit = longestChars; limit >= 10; limit = Math.floor(limit / 2)) {
    const section = sectionOf(shown, limit);
    if (Buffer.byteLength(section) <= maxBytes) return section;
  }
  // So many tags that not even their beginnings fit: as many as do.
  return tagSection(shown.slice(0, Math.floor(shown.length / 2)), maxBytes);
}

function sectionOf(tags: readonly (readonly [string, string])[], limit: number): string {
  const pairs = tags.map(([key, value]) => {
    const shownValue = value.slice(0, limit).replace(unsafeInValue, "_");
    return `${safeName(key.slice(0, limit))}:${shownValue}`;
  });
  return `|#${pairs.join(",")}`;
}

/** Never an exponent for what is small; six decimals, of milliseconds a nanosecond. */
export function numberText(value: number): string {
  return String(Math.round(value * 1e6) / 1e6 + 0);
}
