/** The metrics and labels that a PromQL expression names. Knows as much of the language as our expressions use. */

export interface PromqlNames {
  readonly metrics: ReadonlySet<string>;
  /** Labels of matchers and of groupings. */
  readonly labels: ReadonlySet<string>;
}

const groupings = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/gu;
const keywords = new Set([
  "and",
  "or",
  "unless",
  "bool",
  "offset",
  "by",
  "on",
  "group_left",
  "group_right",
]);

export function namesIn(expr: string): PromqlNames {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  const withoutMatchers = expr.replaceAll(/\{([^}]*)\}/gu, (_, matchers: string) => {
    for (const [, label, value] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/gu)) {
      if (label === "__name__") for (const name of value!.split("|")) metrics.add(name);
      else labels.add(label!);
    }
    return "";
  });
  const bare = withoutMatchers
    .replaceAll(groupings, (_, list: string) => {
      for (const label of list.split(",")) if (label.trim() !== "") labels.add(label.trim());
      return " ";
    })
    .replaceAll(/\[[^\]]*\]/gu, "")
    .replaceAll(/\boffset\s+\w+/gu, "");
  for (const { 0: name, index } of bare.matchAll(/(?<![\w:.])[a-zA-Z_:][\w:]*/gu)) {
    const isCall = /^\s*\(/u.test(bare.slice(index + name.length));
    if (!isCall && !keywords.has(name)) metrics.add(name);
  }
  return { metrics, labels };
}
