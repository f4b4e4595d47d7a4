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
  const seen = (jar, urls) => urls.map((url) => Object.keys(jar.cookiesForURL(url)).sort().join());
  tell("domains", () => { const jar = new http.CookieJar(); jar.set("http://a.example.com/", "x", "1", { domain: "example.com" }); jar.set("http://a.example.com/", "y", "1", { domain: ".example.com" }); jar.set("http://a.example.com/", "z", "1"); jar.set("http://a.example.com/", "w", "1", { domain: "other.com" }); return seen(jar, ["http://a.example.com/", "http://example.com", "http://b.example.com", "http://other.com", "http://B.a.example.COM/"]); });
  tell("paths", () => { const jar = new http.CookieJar(); jar.set("http://h/a/b", "d", "1"); jar.set("http://h/a/b", "p", "1", { path: "/a" }); jar.set("http://h/a/b", "r", "1", { path: "rel" }); jar.set("http://h/a/b", "q", "1", { path: "/" }); return seen(jar, ["http://h/", "http://h/a", "http://h/a/", "http://h/a/b", "http://h/ab"]); });
  tell("secure", () => { const jar = new http.CookieJar(); jar.set("http://h/", "s", "1", { secure: true }); jar.set("https://h/", "t", "1", { secure: true }); jar.set("http://localhost/", "l", "1", { secure: true }); return seen(jar, ["http://h/", "https://h/", "http://localhost/"]); });
  tell("same name", () => { const jar = new http.CookieJar(); jar.set("http://h/", "a", "1", { path: "/" }); jar.set("http://h/x/y", "a", "2", { path: "/x" }); jar.set("http://h/", "b", "0", { path: "/" }); jar.set("http://h/", "a", "3", { path: "/" }); return jar.cookiesForURL("http://h/x/y"); });
  tell("delete by path", () => { const jar = new http.CookieJar(); jar.set(base, "p", "1", { path: "/x" }); jar.delete(base, "p"); const before = seen(jar, [base + "/x/"]); jar.delete(base + "/x/", "p"); return [before, seen(jar, [base + "/x/"])]; });
  tell("delete by domain", () => { const jar = new http.CookieJar(); jar.set("http://a.b.test/", "d", "1", { domain: "b.test" }); jar.delete("http://a.b.test/", "d"); jar.clear("http://a.b.test/"); return seen(jar, ["http://a.b.test/"]); });
  tell("odd urls", () => { const jar = new http.CookieJar(); return ["x", "", "/x", "ftp://x", "http://"].map((url) => [jar.cookiesForURL(url), jar.set(url, "a", "b"), jar.clear(url)]); });
  tell("no arguments", () => { const jar = new http.CookieJar(); return [jar.set(base, "n"), jar.cookiesForURL(base)]; });
}
