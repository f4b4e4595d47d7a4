/** A series as a source of readings, for people: `shop/api-7d9f/app (http://prometheus:9090)`. */

/** Labels whose values speak for themselves, from the whole to the part. */
const spoken = ["cluster", "namespace", "pod", "container", "job", "instance"];

/** One name for one set of labels; the place alone for a series without any. */
export function sourceName(labels: Readonly<Record<string, string>>, place: string): string {
  const others = Object.keys(labels)
    .filter((label) => !spoken.includes(label))
    .sort();
  const parts = [
    ...spoken.flatMap((label) => (labels[label] ? [labels[label]] : [])),
    ...others.map((label) => `${label}=${labels[label]}`),
  ];
  return parts.length === 0 ? place : `${parts.join("/")} (${place})`;
}
