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
  const received = (...cookies) => { const r = http.get(`${base}/set-cookie?` + cookies.map((cookie) => "c=" + encodeURIComponent(cookie)).join("&")); return r.cookies; };
  for (const cookie of ["a=1", "a=1; Path=/; Domain=127.0.0.1; HttpOnly; Secure; Max-Age=5", "a=1; Max-Age=0", "a=1; Max-Age=-5", "a=1; Max-Age=x", "a=1; Expires=Wed, 01 Jan 2042 00:00:00 GMT", "a=1; Expires=Wed, 01-Jan-2042 00:00:00 GMT", "a=1; Expires=Wednesday, 01-Jan-42 00:00:00 GMT", "a=1; Expires=zz", 'a="q"', "a=b c", "a=b,c", "a=b;SameSite=Lax;Partitioned", "a", "=b", "a=", "a=1; path=/x; PATH=/y", "a=1; domain=.Example.com", "a=1; secure=x; httponly=y", "b c=1", "a=b=c"]) tell(cookie, () => received(cookie));
  tell("several", () => received("a=1", "a=2", "b=3"));
  tell("object", () => { const r = received("a=1"); const names = []; for (const name in r.a[0]) names.push(name); return [names, Array.isArray(r.a)]; });
  tell("jar", () => http.cookieJar().cookiesForURL(base + "/set-cookie"));
}
