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
  const markup = '<a id=a1 href="rel/x?q#f">r</a><a id=a2 href="//h.x/z">z</a><a id=a3 href="">e</a><a id=a4>n</a><a id=a5 href="http://abs/">n</a><a id=a6 href="%zz">n</a><a id=a7 href="?z">n</a><a id=a8 href="../up">n</a><area id=ar href="x"><base id=b><link id=l href="/s.css"><img id=i src="i.png"><script id=s src="s.js"></script><form id=f action="act"><input type=image src="x.png" id=in formaction="fa"><button id=bt></button></form><form id=f2></form><iframe id=if src="q"></iframe><audio id=au src="p"></audio><embed id=em src="e"><object id=ob data="d"></object>';
  const response = http.get(base + "/page?h=" + encodeURIComponent(markup));
  const page = response.html();
  console.log(page.url === response.url, page.find("a").url === response.url);
  page.find("[id]").each((i, e) => console.log(e.id() + " " + ["href", "src", "currentSrc", "action", "formAction", "data", "hash", "host", "hostname", "origin", "pathname", "port", "protocol", "search"].filter((name) => e[name]).map((name) => name + "=" + show(e[name]()).replaceAll(base, "BASE").replaceAll(base.slice(7), "HOST").replaceAll(base.split(":")[2], "PORT").replace(/h=[^"]*/, "h")).join(" ")));
  for (const selector of ["a", "zz", 5, undefined, null, "a["]) tell("html(" + show(selector) + ")", () => response.html(selector));
  tell("none", () => http.get(base + "/page?h=x", { responseType: "none" }).html());
  tell("binary", () => http.get(base + "/page?h=<p>x", { responseType: "binary" }).html("p").text());
  tell("assigned", () => { response.body = "<p id=n>new</p>"; return response.html("p"); });
}
