/**
 * Labels of a series: its name and its tags as Prometheus takes them. Names have letters, digits and `_` only, each is
 * there once, values are never empty, and all are sorted by name (remote write 1.0).
 */

type Tags = Readonly<Record<string, string>>;

export const nameLabel = "__name__";

/** The labels that a set of tags gives, made once for all series that have these tags. */
export class TagLabels {
  /** Name, value, name, value …: those that stand before the metric's name, and those after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Equal for equal labels only, whatever they contain. */
  readonly identity: string;
  /** About what they take in a request. */
  readonly bytes: number;
  /** Kept by the wire format: labels never change. */
  encoded: { readonly before: Uint8Array; readonly after: Uint8Array } | undefined;

  constructor(tags: Tags) {
    const pairs = cleanPairs(tags).sort(([a], [b]) => (a < b ? -1 : 1));
    this.before = pairs.filter(([name]) => name < nameLabel).flat();
    this.after = pairs.filter(([name]) => name > nameLabel).flat();
    this.identity = JSON.stringify(pairs);
    this.bytes = pairs.reduce((sum, [name, value]) => sum + name.length + value.length + 6, 0);
  }
}

/** A series is its metric's name and its labels. */
export interface Labelled {
  readonly name: string;
  readonly tags: TagLabels;
}

/** All labels of a series: name, value, name, value …, sorted by name. */
export function flatLabels({ name, tags }: Labelled): string[] {
  return [...tags.before, nameLabel, name, ...tags.after];
}

/** For people: `k6_http_reqs_total{name="/a"}`. */
export function describeLabels({ name, tags }: Labelled): string {
  const flat = [...tags.before, ...tags.after];
  const shown: string[] = [];
  for (let at = 0; at < flat.length; at += 2)
    shown.push(`${flat[at]}=${JSON.stringify(flat[at + 1])}`);
  return `${name}{${shown.join(",")}}`;
}

/**
 * Tags whose names are legal keep them. Of those that become so by replacing, in the order of their own names, each gets
 * the first that is free: `a.b` is `a_b`, and `a_b_2` where there is an `a_b` already. So the same tags always give the
 * same labels.
 */
function cleanPairs(tags: Tags): (readonly [name: string, value: string])[] {
  const entries = Object.entries(tags).filter(([, value]) => value !== "");
  const taken = new Set([nameLabel]);
  const pairs: [string, string][] = [];
  const add = (name: string, value: string): void => {
    taken.add(name);
    pairs.push([name, wellFormed(value)]);
  };
  const isLegal = (name: string): boolean => /^[a-zA-Z_][a-zA-Z0-9_]*$/u.test(name);
  for (const [name, value] of entries) if (isLegal(name) && !taken.has(name)) add(name, value);
  const others = entries.filter(([name]) => !isLegal(name) || name === nameLabel);
  for (const [name, value] of others.sort(([a], [b]) => (a < b ? -1 : 1)))
    add(firstFree(legalName(name), taken), value);
  return pairs;
}

function legalName(name: string): string {
  const replaced = name.replaceAll(/[^a-zA-Z0-9_]/gu, "_");
  return /^[a-zA-Z_]/u.test(replaced) ? replaced : `_${replaced}`;
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
  return free;
}

/** Half a surrogate pair has no UTF-8: Go, and so Prometheus, refuses it. */
function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? Buffer.from(text, "utf8").toString("utf8") : text;
}
