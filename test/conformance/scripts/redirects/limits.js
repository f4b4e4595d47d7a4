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
export const options = { maxRedirects: 3 };

export default function () {
  const got = (r) => { let b = {}; try { b = r.json(); } catch (error) { b = {}; } return [r.status, r.url.replaceAll(base, "BASE"), r.error.replaceAll(base, "BASE"), r.error_code, b.method, b.body, b.headers && b.headers.referer && b.headers.referer.replaceAll(base, "BASE"), b.headers && b.headers["content-type"], b.headers && b.headers["x-a"], r.request && r.request.method]; };
  for (const hops of [1, 2, 3, 4, 5]) tell(hops + " hops", () => got(http.get(`${base}/redirect/${hops}`)));
  for (const redirects of [0, 1, 5, null, undefined, "x", "2", -1, 1.9, {}, true]) tell("redirects " + show(redirects), () => got(http.get(`${base}/redirect/2`, { redirects })));
}
