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
if (__VU === 1) tell("in init", () => typeof new http.CookieJar().set);

export default function () {
  const jar = new http.CookieJar();
  tell("set", () => [jar.set(base, "a", "1"), jar.set(base, "b", 2), jar.set(base, "c", null), jar.set(base, "d", undefined), jar.set(base, "e", true), jar.set(base, "f", {}), jar.set(base, "g")]);
  tell("get", () => jar.cookiesForURL(base));
  tell("options", () => [jar.set(base, "p", "1", { path: "/sub" }), jar.set(base, "dm", "1", { domain: "example.com" }), jar.set(base, "s", "1", { secure: true }), jar.set(base, "h", "1", { http_only: true }), jar.set(base, "m", "1", { max_age: 0 }), jar.set(base, "m1", "1", { max_age: -1 }), jar.set(base, "m2", "1", { max_age: 100 }), jar.set(base, "ex", "1", { expires: "Wed, 01 Jan 2020 00:00:00 GMT" }), jar.set(base, "ex2", "1", { expires: "Wed, 01 Jan 2042 00:00:00 GMT" })]);
  tell("get", () => jar.cookiesForURL(base));
  tell("get below", () => jar.cookiesForURL(base + "/sub/x"));
  for (const expires of ["x", "2042-01-01", 5, null, undefined, "", "Thu, 01-Jan-2042 00:00:00 GMT", "Wed, 01 Jan 2042 00:00:00 UTC", "Wed, 01 Jan 2042 00:00:00 +0000", "Wed, 01 Foo 2042"]) tell("expires " + show(expires), () => jar.set(base, "exx", "1", { expires }));
  for (const options of [null, undefined, 5, "x", [], { path: 5 }, { domain: null }, { max_age: "5" }, { max_age: null }, { secure: "x" }, { unknown: 1 }, { path: null }, { max_age: 1.5 }, { domain: "127.0.0.1" }]) tell("options " + show(options), () => jar.set(base, "o", "1", options));
  tell("delete", () => [jar.delete(base, "a"), jar.delete(base, "nope")]);
  tell("delete nothing", () => jar.delete(base));
  tell("names", () => Object.keys(jar.cookiesForURL(base)).sort());
  tell("clear", () => jar.clear(base));
  tell("get", () => jar.cookiesForURL(base));
  tell("new member", () => { jar.foo = 1; });
  tell("strings", () => [String(jar), typeof jar.set, jar.constructor === Object]);
}
