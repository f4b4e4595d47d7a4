// conformance: {"ignore":["metrics"]}
import http from "k6/http";

// What a value looks like to a script, on one line.
function show(value, depth = 0) {
  if (depth > 3) return "…";
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "function";
  if (Array.isArray(value)) return "[" + value.map((item) => show(item, depth + 1)).join(",") + "]";
  if (value instanceof ArrayBuffer) return "buffer(" + new Uint8Array(value).join(" ") + ")";
  if (typeof value.nodeName === "function") return "<" + value.nodeName() + "#" + value.id() + ">";
  if (typeof value.size === "function" && typeof value.get === "function") {
    const items = [];
    for (let i = 0; i < value.size(); i++) items.push(show(value.get(i), depth + 1));
    return "selection(" + items.join(",") + ")";
  }
  const keys = [];
  for (const key in value) keys.push(key);
  return "{" + keys.sort().map((key) => key + ":" + show(value[key], depth + 1)).join(",") + "}";
}
function tell(name, produce) {
  let text;
  try {
    text = show(produce());
  } catch (error) {
    text = "threw " + error.name + ": " + error.message;
  }
  console.log(name + " => " + text);
}

const base = __ENV.BASE_URL;

export default function () {
  const one = (r) => r === null ? "null" : [r.status, r.error.replaceAll(base, "BASE"), r.error_code, r.status && r.json("method"), r.status && r.json("body")];
  const all = (responses) => Array.isArray(responses) ? responses.map(one) : Object.fromEntries(Object.keys(responses).map((key) => [key, one(responses[key])]));
  const url = `${base}/echo`;
  tell("wrong body", () => all(http.batch([url, ["POST", url, 5], url])));
  tell("wrong body, throw", () => all(http.batch([url, ["POST", url, 5, { throw: true }], url])));
  tell("wrong url first", () => all(http.batch(["%", url])));
  tell("refused", () => all(http.batch([url, "http://127.0.0.1:1/", url])));
  tell("refused, throw", () => all(http.batch([url, ["GET", "http://127.0.0.1:1/", null, { throw: true }]])));
  tell("statuses", () => http.batch([`${base}/status/404`, `${base}/status/200`]).map((r) => r.status));
}
