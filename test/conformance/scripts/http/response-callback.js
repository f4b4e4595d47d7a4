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
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }));

export default function () {
  for (const args of [[], [200], [200, 201], [{ min: 200, max: 300 }], [{ min: 1 }], [{}], ["200"], [200.5], [null], [undefined], [200, "x"], [{ min: "200", max: 300 }], [[200]], [-1], [{ min: 300, max: 200 }], [true]]) tell("expectedStatuses " + show(args), () => typeof http.expectedStatuses(...args));
  for (const callback of [undefined, 5, "x", {}, () => 1]) tell("setResponseCallback " + show(callback), () => http.setResponseCallback(callback));
  tell("set", () => http.setResponseCallback(http.expectedStatuses(404)));
  http.get(`${base}/status/404`);
  http.get(`${base}/status/200`);
  tell("null", () => http.setResponseCallback(null));
  http.get(`${base}/status/500`);
  http.get(`${base}/status/500`, { responseCallback: http.expectedStatuses(200) });
}
