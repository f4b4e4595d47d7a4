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
  const post = (body) => { const r = http.post(`${base}/multipart`, body); return r.status === 200 ? [r.json("boundaryLength"), r.json("parts").sort((a, b) => (a.headers["Content-Disposition"] < b.headers["Content-Disposition"] ? -1 : 1))] : [r.status, r.body, r.error]; };
  tell("file", () => post({ f: http.file("content", "n.txt", "text/plain") }));
  tell("mixed", () => post({ z: http.file("content", "n.txt"), a: "field", n: 5, t: true, nothing: null, o: { x: 1 } }));
  tell("binary", () => post({ f: http.file(new Uint8Array([0, 255, 13, 10]).buffer, "b.bin") }));
  tell("quotes", () => post({ 'na"me': http.file("x", 'fi"le\\.txt'), "line\nbreak": "v" }));
  tell("unicode", () => post({ "ü": http.file("ä", "é.txt"), v: "€" }));
  tell("list", () => post({ f: http.file("x", "n"), l: [1, 2] }));
  tell("files", () => post({ f: [http.file("x", "n"), http.file("y", "m")] }));
  tell("empty", () => post({ f: http.file("", "n") }));
  tell("content type", () => http.post(`${base}/echo`, { f: http.file("x", "n") }).json("headers.content-type").replace(/boundary=.*/, "boundary"));
  tell("request body", () => http.post(`${base}/echo`, { f: http.file("x", "n", "t/t") }).request.body.replace(/-{2}[0-9a-f]{60}/g, "--B"));
  tell("own header", () => http.post(`${base}/echo`, { f: http.file("x", "n") }, { headers: { "Content-Type": "x/y" } }).json("headers.content-type"));
}
