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
  const back = (headers) => { const r = http.get(`${base}/echo`, { headers }); if (r.status === 0) return [r.error, r.error_code]; const h = r.json("headers"); delete h["user-agent"]; delete h.host; return h; };
  for (const headers of [null, undefined, 5, "x", [], ["a"], { a: null, b: undefined, c: 5, d: true, e: [1, 2], f: {}, g: "" }, { "x-lower": "1", X_Under: "2", "content-type": "q" }, { "Content-Length": "5" }, { "content-length": 5 }, { "bad name": "x" }, { x: "a\nb" }, { "": "x" }, { Cookie: "a=b" }, { "Accept-Encoding": "gzip" }, { "X-A": " sp " }, { "x-a": "1", "X-A": "2" }]) tell(show(headers), () => back(headers));
  tell("host", () => http.get(`${base}/echo`, { headers: { Host: "other.test" } }).json("headers.host"));
  tell("agent", () => http.get(`${base}/echo`, { headers: { "user-agent": "mine" } }).json("headers.user-agent"));
  tell("request", () => http.get(`${base}/echo`, { headers: { "x-b": "1", "a-b": "2" } }).request.headers["X-B"]);
  tell("length of a body", () => http.post(`${base}/echo`, "four", { headers: { "Content-Length": "4" } }).json("headers.content-length"));
}
