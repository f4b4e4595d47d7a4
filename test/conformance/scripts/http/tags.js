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
  http.get(base.replace("//", "//u:p@") + "/status/200?a=b#f");
  http.get(http.url`${base}/status/${200}`);
  http.get(`${base}/status/200`, { tags: { name: "named", url: "ignored", x: "y", z: 1, b: true } });
  http.get(`${base}/status/404`);
  http.get(`${base}/status/404`, { responseCallback: http.expectedStatuses(404) });
  http.get(`${base}/status/200`, { responseCallback: null });
  http.get("%");
  http.get("/rel");
  http.post(base, 5);
  for (const tags of [null, undefined, 5, "x", [1], { a: null }, { a: undefined }, { a: {} }, { a: [1] }]) tell(show(tags), () => { const r = http.get(`${base}/status/200`, { tags }); return [r.status, r.error]; });
  http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 404));
  http.get(`${base}/status/404`);
  http.get(`${base}/status/302`);
  http.setResponseCallback(null);
  http.get(`${base}/status/404`);
}
