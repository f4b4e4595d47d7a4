import { parseHTML } from "k6/html";
import http from "k6/http";
import { check, group } from "k6";

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
  const page = http.get(`${base}/page?h=${encodeURIComponent('<a href="/status/200">a</a><a href="/status/404">b</a><a href="/echo?q=1">c</a>')}`).html();
  page.find("a").each((i, link) => { const answer = http.get(link.href()); check(answer, { ok: (r) => r.status === 200 }); console.log(i, link.href().replace(base, ""), answer.status); });
  tell("map", () => page.find("a").map((i, link) => http.get(base + link.attr("href")).status));
  console.log("filtered", page.find("a").filter((i, link) => http.get(base + link.attr("href")[0]).status === 200).size());
  const seen = [];
  page.find("a").each((i, link) => { group("g" + i, () => seen.push(http.get(link.href()).status)); });
  console.log(JSON.stringify(seen));
  page.find("a").toArray().forEach((link) => console.log(http.get(base + link.attr("href")).status));
  try { page.find("a").each((i, link) => { http.get(link.href()); throw new Error("after a request"); }); } catch (error) { console.log(error.name, error.message.replace(/ at .*$/, "")); }
}
