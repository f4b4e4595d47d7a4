// conformance: {"ignore":["log"]}
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
  const got = (r) => [r.status, r.status_text, r.error, r.error_code, r.body, r.proto, r.headers, r.timings.duration >= 0, r.request && r.request.method];
  tell("refused", () => got(http.get("http://127.0.0.1:1/")));
  tell("dropped", () => http.post(`${base}/drop`, "x").status);
  tell("timeout", () => got(http.get(`${base}/delay/800`, { timeout: 60 })));
  tell("scheme", () => got(http.get("gopher://127.0.0.1/")));
  tell("bad body", () => got(http.post(base, 5)));
  tell("bad url", () => got(http.get("%")));
  tell("credentials", () => http.get("http://u:secret@127.0.0.1:1/").error);
  tell("html of it", () => http.get("http://127.0.0.1:1/").html());
  tell("json of it", () => http.get("http://127.0.0.1:1/").json());
}
