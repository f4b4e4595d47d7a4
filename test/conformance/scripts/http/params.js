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
  const got = (params) => { const r = http.get(`${base}/echo`, params); return [r.status, r.error, r.error_code]; };
  for (const params of [null, undefined, 5, "x", true, [], {}, () => 1, { unknown: 1 }]) tell(show(params), () => got(params));
  for (const timeout of [null, undefined, 0, -1, 5000, "5s", "5000", "x", "", {}, true, "1m", "0", Infinity, NaN, "-5s"]) tell("timeout " + show(timeout), () => got({ timeout }));
  for (const type of [null, undefined, "text", "binary", "none", "x", "Text", 5]) tell("responseType " + show(type), () => { const r = http.get(`${base}/bytes/3`, { responseType: type }); return [r.status, r.error, r.body]; });
  for (const callback of [null, undefined, 5, "x", {}, () => 1]) tell("responseCallback " + show(callback), () => got({ responseCallback: callback }));
  for (const jar of [null, undefined, 5, {}, "x"]) tell("jar " + show(jar), () => got({ jar }));
  for (const thrown of [null, undefined, 0, 1, "x", false]) tell("throw " + show(thrown), () => http.get("http://127.0.0.1:1/", { throw: thrown }).error);
  tell("throw, bad body", () => http.post(base, 5, { throw: true }).error);
  tell("throw, bad url", () => http.get("%", { throw: true }).error);
  tell("late", () => http.get(`${base}/delay/500`, { timeout: "50ms" }).error);
}
