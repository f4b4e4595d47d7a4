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
  const r = http.get(`${base}/json`);
  tell("all", () => r.json());
  tell("fresh", () => r.json() === r.json());
  for (const path of ["name", "items.#", "items.0.id", "items.#.id", "items.1.tags", "items.0.tags.1", "nothing", "yes", "number", "nope", "items.9", "items.-1", "na*", "items.#(id==2).id", "items.#(id>0)#.id", "items|@reverse|0|id", "@this.name", "items.0.tags.#", "", "."]) tell("json " + path, () => r.json(path));
  tell("invalid", () => http.get(`${base}/text`).json("a"));
  tell("no body", () => http.get(`${base}/json`, { responseType: "none" }).json());
  tell("binary", () => http.get(`${base}/json`, { responseType: "binary" }).json("name"));
  for (const path of [undefined, null, 5, true]) tell("path " + show(path), () => typeof r.json(path));
}
