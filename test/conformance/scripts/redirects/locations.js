// conformance: {"ignore":["metrics","log"]}
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
  const got = (r) => { let b = {}; try { b = r.json(); } catch (error) { b = {}; } return [r.status, r.url.replaceAll(base, "BASE"), r.error.replaceAll(base, "BASE"), r.error_code, b.method, b.body, b.headers && b.headers.referer && b.headers.referer.replaceAll(base, "BASE"), b.headers && b.headers["content-type"], b.headers && b.headers["x-a"], r.request && r.request.method]; };
  const to = (location) => `${base}/redirect-to?url=${encodeURIComponent(location)}`;
  for (const location of ["", "/echo", "echo?x=1", "?url=/text", "/echo#fr", "//" + base.slice(7) + "/echo", "%zz", "http://[bad", "ftp://x/", "http://127.0.0.1:1/", "../echo", "./echo"]) tell(location.replaceAll(base.slice(7), "HOST"), () => { const r = http.get(to(location)); return [r.status, r.url.replace(/.*\/redirect-to.*/, "FIRST").replaceAll(base, "BASE"), r.error, r.error_code, r.body === null]; });
  tell("none", () => http.get(`${base}/redirect-to`).status);
  tell("fragment", () => http.get(to("/echo") + "#orig").url.replaceAll(base, "BASE"));
  tell("credentials", () => http.get(to("/echo").replace("//", "//u:p@")).json("headers.authorization"));
  tell("credentials in Location", () => http.get(to(base.replace("//", "//a:b@") + "/echo")).json("headers.authorization"));
  tell("own referer", () => http.get(`${base}/redirect/1`, { headers: { Referer: "http://mine/" } }).json("headers.referer"));
  tell("other host", () => { const r = http.get(to(base.replace("127.0.0.1", "localhost") + "/echo"), { headers: { Authorization: "a", Cookie: "x=y", "X-A": "1" }, cookies: { q: "1" } }); return [r.status, r.json("headers.authorization"), r.json("headers.cookie"), r.json("headers.x-a")]; });
}
