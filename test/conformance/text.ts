/**
 * Takes out of a text what differs between two runs of the same program: folders, ports, times, and the byte code positions and
 * engine-internal frames of k6's stack traces. What is left must be equal.
 */

/** Addresses and folders of one run. */
export interface RunNames {
  readonly folder: string;
  readonly addresses: ReadonlyMap<string, string>;
}

/** A text without what is of one run only. */
export function normalizeText(text: string, names: RunNames): string {
  let result = text;
  for (const [address, name] of names.addresses) result = result.replaceAll(address, `{${name}}`);
  result = result
    .replaceAll(`file://${names.folder}/`, "")
    .replaceAll(`${names.folder}/`, "{FOLDER}/")
    .replaceAll(names.folder, "{FOLDER}")
    .replace(/127\.0\.0\.1:\d{4,5}->/gu, "127.0.0.1:{PORT}->")
    .replace(/\b(?:Grafana k6|k6|lakh)\/\d+\.\d+\.\d+\b/gu, "{USER_AGENT}")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/gu, "{TIME}");
  // k6 says where exec.test.abort() stood within the line.
  result = result.replace(/ at (?:\S+ \()?[\w./-]+\.[jt]s:\d+:\d+\(\d+\)\)?$/u, "");
  return normalizeStack(result);
}

/** Keeps the script's own frames, as file and line: names of frames and columns belong to the engine. */
function normalizeStack(text: string): string {
  if (!text.includes("\tat ") && !text.includes("\n    at ")) return text;
  const lines = text.trimEnd().split("\n");
  const kept = lines.map((line) => {
    if (!/^\s+at /u.test(line)) return line;
    const place = /([\w./-]+\.[jt]s|-):(\d+):\d+(?:\(\d+\))?\)?$/u.exec(line);
    return place === null || /node_modules|node:|go\.k6\.io|native/u.test(line)
      ? undefined
      : `\tat ${place[1]}:${place[2]}`;
  });
  return kept.filter((line) => line !== undefined).join("\n");
}

/** The summary as text without its measured figures: durations, rates per second, bytes; and without the padding they cause. */
export function normalizeSummary(text: string): string[] {
  const duration = String.raw`\d+(?:\.\d+)?(?:ns|µs|ms|s)|\d+m\d+s|\d+h\d+m\d+s`;
  return text
    .replace(new RegExp(String.raw`=(?:${duration})(?=\s|$)`, "gu"), "={TIME}")
    .replace(/-?\d+(?:\.\d+)?(?:e[-+]\d+)?\/s\b/gu, "{RATE}/s")
    .replace(/-?\d+(?:\.\d+)? (?:[kMG]?B)(?: -?\d+(?:\.\d+)? [kMG]?B\/s)?/gu, "{BYTES}")
    .split("\n")
    .filter((line) => !/^\s+vus(?:_max)?\.*:/u.test(line))
    .map((line) => line.replace(/(\S) {2,}/gu, "$1 ").trimEnd());
}
