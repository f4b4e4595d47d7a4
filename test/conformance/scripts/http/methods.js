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
  const sent = (r) => r.status === 0 ? [r.error, r.error_code] : [r.status, r.json("method"), r.json("body"), r.request.body];
  for (const method of ["post", "put", "patch", "del", "options"]) {
  tell(method, () => sent(http[method](`${base}/echo`, { a: 1 })));
  tell(method + " without body", () => sent(http[method](`${base}/echo`)));
  tell(method + " null", () => [sent(http[method](`${base}/echo`, null)), http[method](`${base}/echo`).json("headers.content-length")]);
  tell(method + " params", () => http[method](`${base}/echo`, "b", { headers: { "X-P": "1" } }).json("headers.x-p"));
  }
  tell("get", () => sent(http.get(`${base}/echo`)));
  tell("get with three", () => sent(http.get(`${base}/echo`, {}, {})));
  tell("head with three", () => http.head(`${base}/echo`, null, 1).status);
  tell("request", () => sent(http.request("PUT", `${base}/echo`, "x")));
  tell("get with body", () => sent(http.request("GET", `${base}/echo`, "body")));
  tell("bad method", () => sent(http.request("F OO", `${base}/echo`)));
  tell("request without url", () => sent(http.request("GET")));
  tell("request without anything", () => sent(http.request()));
  tell("null method", () => http.request(null, `${base}/echo`).status);
}
