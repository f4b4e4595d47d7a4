/** Files that outputs write (`.csv`, `.ndjson`, also `.gz`), without what was measured in this run: times, and values of time and data. */
import { gunzipSync } from "node:zlib";

const measured =
  /^(?:http_req_(?!failed|s$)\w+|iteration_duration|group_duration|data_(?:sent|received))$/u;

/** Undefined for a file that is none of an output. */
export function normalizeOutputFile(path: string, content: Buffer): string[] | undefined {
  const text = (path.endsWith(".gz") ? gunzipSync(content) : content).toString("utf8");
  const lines = text
    .split("\n")
    .filter((line) => !/^(?:\{"metric":")?vus(?:_max)?[",]|"metric":"vus/u.test(line));
  if (/\.csv(?:\.gz)?$/u.test(path)) return lines.map(normalizeRow);
  if (/\.ndjson(?:\.gz)?$/u.test(path)) return lines.map(normalizeObject);
  return undefined;
}

/** Metric, time, value, columns …, extra tags, metadata; rows are read as far as the scripts need: no commas in the last two. */
function normalizeRow(row: string): string {
  const [metric = "", time = "", value = "", ...rest] = row.split(",");
  if (rest.length === 0 || metric === "metric_name") return row;
  const shown = measured.test(metric) ? "{MEASURED}" : value;
  const shape = time
    .replace(/\d/gu, "0")
    .replace(/\.0+/u, ".0")
    .replace(/^0{10,}$/u, (digits) => `{${digits.length} digits}`);
  const pairs = (text: string): string => text.split("&").sort().join("&");
  const tail = rest.map((field, index) => (index >= rest.length - 2 ? pairs(field) : field));
  return [metric, shape, shown, ...tail].join(",");
}

function normalizeObject(line: string): string {
  const metric = /^\{"metric":"(\w+)"/u.exec(line)?.[1] ?? "";
  return measured.test(metric) ? line.replace(/"value":[^,]+,/u, '"value":{MEASURED},') : line;
}
