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
  const post = (body) => { const r = http.post(`${base}/form`, body); return r.status === 0 ? [r.error, r.error_code, r.body, r.request, r.url] : [r.json("text"), r.json("type"), r.request.body]; };
  for (const body of ["text", "ü€", null, undefined, 5, 5.5, true, [1], new Date(0), new Map([["a", 1]]), 10n]) tell("body " + (typeof body === "bigint" ? "10n" : show(body)), () => post(body));
  tell("class", () => post(new (class { constructor() { this.z = 1; } })()));
  tell("buffer", () => post(new Uint8Array([65, 66]).buffer));
  tell("bytes", () => post(new Uint8Array([65, 66, 67, 68]).subarray(1, 3)));
  tell("clamped", () => post(new Uint8ClampedArray([65])));
  tell("16 bits", () => post(new Uint16Array([65, 66])));
  tell("floats", () => post(new Float64Array([1])));
  tell("form", () => post({ b: 1, a: "x y", list: [1, "2", null, undefined, { a: 1 }, [3, 4]], n: null, u: undefined, t: true, f: 1.5, o: { x: 1 }, d: new Date(0), text: "ü €😀", "k&=": "&=+ ~-_.!*'()", big: 1e21, small: 0.000001, e: "", z: 0, neg: -0, nan: NaN, inf: Infinity }));
  tell("empty list", () => post({ a: [], b: 1 }));
  tell("own type", () => http.post(`${base}/form`, { a: 1 }, { headers: { "content-type": "x/y" } }).json("type"));
}
