/**
 * Labels of a series: its name and its tags as Prometheus takes them. Names have letters, digits and `_` only, each is
 * there once, values are never empty, and all are sorted by name (remote write 1.0).
 */

type Tags = Readonly<Record<string, string>>;

/** Name, value, name, value …; sorted by name, the metric's name among them. */
export type Labels = readonly string[];

const nameLabel = "__name__";

/** The labels of a series. */
export function toLabels(name: string, tags: Tags): Labels {
  const pairs = [[nameLabel, name] as const, ...cleanPairs(tags)];
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1)).flat();
}

/** Equal for equal labels only, whatever they contain. */
export function identityOf(labels: Labels): string {
  return JSON.stringify(labels);
}

/** For people: `k6_http_reqs_total{name="/a"}`. */
export function describeLabels(labels: Labels): string {
  let name = "";
  const shown: string[] = [];
  for (let at = 0; at < labels.length; at += 2) {
    if (labels[at] === nameLabel) name = labels[at + 1]!;
    else shown.push(`${labels[at]}=${JSON.stringify(labels[at + 1])}`);
  }
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
