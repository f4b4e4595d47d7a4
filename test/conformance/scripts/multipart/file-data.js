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

export default function () {
  const seen = (f) => [f.data, /^\d{15,}$/.test(f.filename) ? "TIME" : f.filename, f.content_type];
  for (const args of [["d", "n", "t"], ["d", " "], ["d", ""], ["d"], ["d", undefined, undefined], ["d", null, null], ["d", "n", ""], ["d", 5, 6], ["", "n"]]) tell(show(args), () => seen(http.file(...args)));
  for (const data of [undefined, null, 5, {}, [], true]) tell("data " + show(data), () => seen(http.file(data, "n", "t")));
  tell("buffer", () => seen(http.file(new Uint8Array([65, 66]).buffer, "n")));
  tell("bytes", () => seen(http.file(new Uint8Array([65, 66]), "n")));
  tell("none", () => http.file());
  tell("keys", () => Object.keys(http.file("d", "n")));
  tell("new member", () => { http.file("d", "n").zz = 1; });
}
