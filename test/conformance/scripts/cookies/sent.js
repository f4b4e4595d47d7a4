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
  const sent = (params) => { const text = http.get(`${base}/echo`, params).json("headers.cookie"); return text && text.split("; ").sort(); };
  for (const cookies of [null, undefined, 5, {}, { a: "1" }, { a: 1, b: null, c: undefined, d: true }, { a: { value: "v" } }, { a: {} }, { a: { replace: true } }, { "a b": "1" }, { a: ["x"] }, { b: "2", a: "1" }, { a: "b c" }, { a: "b,c" }]) tell(show(cookies), () => sent({ cookies }));
  const jar = http.cookieJar();
  jar.set(base, "j", "1");
  jar.set(base, "a", "jar");
  tell("from the jar", () => sent({}));
  tell("both", () => sent({ cookies: { a: "own" } }));
  tell("replace", () => sent({ cookies: { a: { value: "own", replace: true } } }));
  tell("replace false", () => sent({ cookies: { a: { value: "own", replace: false } } }));
  const other = new http.CookieJar();
  other.set(base, "o", "1");
  tell("other jar", () => sent({ jar: other }));
  tell("other jar gets", () => { http.get(`${base}/set-cookie?c=got%3D1%3B+Path%3D/`, { jar: other }); return [Object.keys(other.cookiesForURL(base)).sort(), Object.keys(jar.cookiesForURL(base)).sort()]; });
  tell("header", () => sent({ headers: { Cookie: "h=1" }, cookies: { c: "2" } }));
  tell("request", () => http.get(`${base}/echo`, { cookies: { c: "2", d: { value: "3", replace: true } } }).request.cookies);
  tell("disabled by clear", () => { jar.clear(base); return sent({}); });
}
