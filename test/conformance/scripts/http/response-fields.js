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
  const r = http.get(`${base}/headers?x-request-id=r1&x-many=a&x-many=b&content-type=text/plain`, { headers: { "X-Lower-case": "1" } });
  const names = [];
  for (const name in r) names.push(name);
  console.log(names.sort().join(" "));
  tell("plain", () => [r.status, r.status_text, r.proto, r.body, r.error, r.error_code, r.tls_version, r.tls_cipher_suite, r.remote_ip, typeof r.remote_port, r.url === `${base}/headers?x-request-id=r1&x-many=a&x-many=b&content-type=text/plain`]);
  tell("headers", () => [r.headers["X-Request-Id"], r.headers["x-request-id"], r.headers["X-Many"], r.headers["Content-Type"]]);
  tell("ocsp", () => r.ocsp);
  tell("timings", () => Object.keys(r.timings).map((name) => name + ":" + typeof r.timings[name]));
  tell("looking_up", () => r.timings.looking_up);
  tell("duration", () => Math.abs(r.timings.sending + r.timings.waiting + r.timings.receiving - r.timings.duration) < 0.01);
  tell("request", () => [Object.keys(r.request), r.request.method, r.request.body, r.request.cookies, r.request.headers["X-Lower-Case"]]);
  tell("cookies", () => r.cookies);
  tell("unknown", () => [r.nope, "nope" in r, "json" in r]);
  tell("new member", () => { r.foo = 1; });
  tell("body written", () => { r.body = '{"a":1}'; return [r.body, r.json("a")]; });
  tell("status written", () => { r.status = 5; return r.status; });
  tell("header written", () => { r.headers["X"] = "1"; return r.headers["X"]; });
  tell("string", () => [String(r), r.constructor === Object, r instanceof Object]);
  tell("stringify", () => Object.keys(JSON.parse(JSON.stringify(r))).sort());
  for (const status of [204, 304, 404, 500, 299, 399, 418, 599]) tell("status " + status, () => { const x = http.get(`${base}/status/${status}`); return [x.status, x.status_text, x.body, x.error, x.error_code]; });
  tell("head", () => { const x = http.head(`${base}/text`); return [x.status, x.body, x.headers["Content-Length"]]; });
}
