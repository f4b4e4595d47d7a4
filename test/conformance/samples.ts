/**
 * Reads the lines of `--out json` into: tag set -> metric -> what its samples amount to. Durations are counted, not compared;
 * sums of counters, hits of rates and the values of metrics that are no times are.
 */
import { normalizeText, type RunNames } from "./text.ts";

interface MetricLine {
  readonly type: "Metric";
  readonly metric: string;
  readonly data: { readonly type: string; readonly contains: string };
}

interface PointLine {
  readonly type: "Point";
  readonly metric: string;
  readonly data: {
    readonly value: number;
    readonly tags: Readonly<Record<string, string>> | null;
    readonly metadata?: Readonly<Record<string, string>>;
  };
}

type Sets = Record<string, Record<string, string>>;

const readOnceASecond = new Set(["vus", "vus_max"]);
const httpTimings = [
  "http_req_blocked",
  "http_req_connecting",
  "http_req_duration",
  "http_req_receiving",
  "http_req_sending",
  "http_req_tls_handshaking",
  "http_req_waiting",
];

/** Metrics by tag set; values in the order of the file, or sorted. */
export function metricsOf(jsonLines: string, names: RunNames, sorted: boolean): Sets {
  const kinds = new Map<string, { type: string; contains: string }>();
  const values = new Map<string, Map<string, number[]>>();
  for (const line of jsonLines.split("\n").filter(Boolean)) {
    const entry = JSON.parse(line) as MetricLine | PointLine;
    if (readOnceASecond.has(entry.metric)) continue;
    if (entry.type === "Metric") kinds.set(entry.metric, entry.data);
    else add(values, normalizeText(tagText(entry), names), entry);
  }
  const sets: Sets = {};
  for (const tags of [...values.keys()].sort()) {
    const ofSet: Record<string, string> = {};
    const metrics = values.get(tags)!;
    for (const name of [...metrics.keys()].sort()) {
      ofSet[name] = amount(kinds.get(name) ?? unknownKind, metrics.get(name)!, sorted);
    }
    sets[tags] = foldHttpTimings(ofSet);
  }
  return sets;
}

const unknownKind = { type: "undeclared", contains: "default" };

/** `name=value` of all tags, sorted; metadata after a bar. */
function tagText({ data }: PointLine): string {
  const join = (pairs: Readonly<Record<string, string>>): string =>
    Object.keys(pairs)
      .sort()
      .map((key) => `${key}=${pairs[key]}`)
      .join(", ");
  const metadata = data.metadata === undefined ? "" : ` | ${join(data.metadata)}`;
  return join(data.tags ?? {}) + metadata;
}

function add(values: Map<string, Map<string, number[]>>, tags: string, point: PointLine): void {
  let metrics = values.get(tags);
  if (metrics === undefined) values.set(tags, (metrics = new Map<string, number[]>()));
  const ofMetric = metrics.get(point.metric);
  if (ofMetric === undefined) metrics.set(point.metric, [point.data.value]);
  else ofMetric.push(point.data.value);
}

function amount(
  { type, contains }: { type: string; contains: string },
  values: readonly number[],
  sorted: boolean,
): string {
  const kind = contains === "default" ? type : `${type}(${contains})`;
  const count = values.length === 1 ? "1 sample" : `${values.length} samples`;
  if (contains !== "default") return `${kind}: ${count}`;
  if (type === "rate")
    return `${kind}: ${values.filter((value) => value !== 0).length} of ${count}`;
  if (type === "counter") return `${kind}: ${count}, sum ${sum(values)}`;
  const listed = sorted ? [...values].sort((a, b) => a - b) : values;
  const shown = listed.slice(0, 30).join(" ");
  return `${kind}: ${count}, ${shown}${listed.length > 30 ? " …" : ""}`;
}

/** Rounded, as the order of addition differs among VUs. */
function sum(values: readonly number[]): number {
  return Number(values.reduce((total, value) => total + value, 0).toPrecision(12));
}

/** The seven timings of a request always come together: one line when they do. */
function foldHttpTimings(metrics: Record<string, string>): Record<string, string> {
  const first = metrics["http_req_duration"];
  if (first === undefined || httpTimings.some((name) => metrics[name] !== first)) return metrics;
  const rest = Object.entries(metrics).filter(([name]) => !httpTimings.includes(name));
  return Object.fromEntries([...rest, ["http_req_* (7 timings)", first]]);
}
