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
  const page = (markup) => http.get(base + "/page?h=" + encodeURIComponent(markup));
  const clean = (text) => text.replaceAll(base, "BASE").replace(/\/page\?h=[^'&"]*/g, "/page");
  const told = (name, act) => { let text; try { const r = act(); text = [r.status, r.request.method, clean(r.request.url), r.request.body, (r.request.headers["Content-Type"] || []).join()].join(" | "); } catch (error) { text = "threw " + error.name + ": " + clean(error.message); } console.log(name + " => " + text); };
  const links = `<a name=x>no</a><a id=l1 href="/echo?l=1">1</a><a id=l2 href="echo?l=2#fr">2</a><link href="/text"><a id=bad href="%zz">b</a><a id=nohref>q</a><a id=abs href="/json">j</a>`;
  told("default", () => page(links).clickLink());
  told("selector", () => page(links).clickLink({ selector: "#l2" }));
  told("none", () => page(links).clickLink({ selector: "#q" }));
  told("without href", () => page(links).clickLink({ selector: "#nohref" }));
  told("bad href", () => page(links).clickLink({ selector: "#bad" }));
  told("first without href", () => page(links).clickLink({ selector: "a" }));
  told("params", () => page(links).clickLink({ params: { headers: { "X-B": "2" }, tags: { name: "clicked" } } }));
  told("link element", () => page(links).clickLink({ selector: "link" }));
  told("absolute", () => page(links).clickLink({ selector: "#abs" }));
  told("odd argument", () => page(links).clickLink("x"));
  told("selector number", () => page(links).clickLink({ selector: 5 }));
  told("selector undefined", () => page(links).clickLink({ selector: undefined }));
  told("bad selector", () => page(links).clickLink({ selector: "[[" }));
  told("empty page", () => page("").clickLink());
}
