/**
 * InfluxDB's line protocol: what its texts must not hold, and what it cannot hold at all.
 *
 * It escapes with backslashes but knows no escape for a backslash, so that one before a comma, a space, an equals sign or
 * the end would be read as theirs: such a one is written as a slash. Line breaks, which tags cannot hold, are written as
 * the two characters `\n`; other control characters become U+FFFD. Keys are bounded: 65,535 bytes for measurement and tags.
 */

/** A tag's key or value, a field's key, or a measurement. */
export function escapeKey(text: string): string {
  const plain = withoutControls(text);
  if (!/[ ,=\\]/u.test(plain)) return plain;
  return plain
    .replace(/\\+(?=[ ,=]|$)/gu, (run) => "/".repeat(run.length))
    .replace(/[ ,=]/gu, "\\$&");
}

/** A field's text with its quotes. */
export function quoteField(text: string): string {
  const plain = withoutControls(text.slice(0, longestFieldChars));
  return `"${plain.replace(/["\\]/gu, "\\$&")}"`;
}

/** A third of the 64 KB that a field may have: UTF-8 takes at most three bytes a character of JavaScript's. */
const longestFieldChars = 21_000;

/** Tag keys that InfluxDB keeps for itself. */
const reserved: ReadonlySet<string> = new Set(["time", "_field", "_measurement"]);

/** A key that may be used: an underscore follows one that is reserved. */
export function freeKey(key: string): string {
  return reserved.has(key) ? `${key}_` : key;
}

/** Leaves room for the field's key, which counts too. */
const longestHeadBytes = 64_000;

/** `measurement,key=value,…`: measurement and tags, which are a series of InfluxDB's. Empty tags are left out. */
export function seriesHead(
  measurement: string,
  tags: readonly (readonly [string, string])[],
): string {
  const shown = tags.filter(([key, value]) => key !== "" && value !== "");
  for (let limit = Number.POSITIVE_INFINITY; ; limit = nextLimit(limit)) {
    const pairs = shown.map(
      ([key, value]) => `,${escapeKey(cut(freeKey(key), limit))}=${escapeKey(cut(value, limit))}`,
    );
    const head = escapeKey(measurement) + pairs.join("");
    if (Buffer.byteLength(head) <= longestHeadBytes || limit < 2) return head;
  }
}

/** All of a tag if that fits, else its beginning. */
function nextLimit(limit: number): number {
  return limit === Number.POSITIVE_INFINITY ? 16_384 : limit / 2;
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit);
}

const controls = /[\p{Cc}\u2028\u2029\p{Surrogate}]/gu;

const shownControls: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Half a surrogate pair has no bytes of its own: two such texts would be one in the database. */
function withoutControls(text: string): string {
  return text.replace(controls, (control) => shownControls[control] ?? "\ufffd");
}
