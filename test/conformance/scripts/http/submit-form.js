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
  const main = `<form id=f method=post action=/form><input name=a value=1><input name=b type=checkbox checked><input name=c type=checkbox checked=checked value=x><select name=s multiple><option selected value=1>1<option selected value=2>2</select><select name=one><option value=q>Q<option selected value=w>W</select><textarea name=t>a&b</textarea><input type=submit name=go value=Go><input type=hidden name=h value="ü &"><input type=submit name=go2 value=Go2></form>`;
  told("default", () => page(main).submitForm());
  told("fields", () => page(main).submitForm({ fields: { a: "9", z: "new", n: 5, yes: true, nothing: null, list: [1, 2], object: { x: 1 } } }));
  told("submit selector", () => page(main).submitForm({ submitSelector: "[name=go2]" }));
  told("no such button", () => page(main).submitForm({ submitSelector: "#nope" }));
  told("no such form", () => page(main).submitForm({ formSelector: "#zz" }));
  told("bad selector", () => page(main).submitForm({ formSelector: "[[" }));
  told("selector number", () => page(main).submitForm({ formSelector: 5 }));
  told("params", () => page(main).submitForm({ params: { headers: { "X-A": "1" }, tags: { name: "submitted" } } }));
  told("odd arguments", () => page(main).submitForm("x"));
  told("fields text", () => page(main).submitForm({ fields: "x" }));
  told("null selectors", () => page(main).submitForm({ formSelector: null }));
  told("undefined selector", () => page(main).submitForm({ formSelector: undefined }));
  told("get", () => page('<form action="/echo?x=1"><input name=a value="1 2"><input name=b value=3></form>').submitForm());
  told("get fields", () => page('<form action="/echo?x=1&a=0#f"><input name=a value="1"></form>').submitForm({ fields: { b: "ü &" } }));
  told("no action", () => page("<form><input name=a value=1></form>").submitForm());
  told("post, no action", () => page("<form method=POST><input name=a value=1></form>").submitForm());
  told("put", () => page("<form method=put action=/echo><input name=a value=1></form>").submitForm());
  told("Get", () => page("<form method=Get action=/echo><input name=a value=1></form>").submitForm());
  told("two forms", () => page("<form action=/echo><input name=a value=1></form><form method=post action=/form><input name=b value=2><input type=submit name=s2 value=v2></form>").submitForm());
  told("enctype", () => page('<form method=post enctype="multipart/form-data" action=/form><input name=a value=1><input type=file name=f></form>').submitForm());
  told("relative", () => page("<form method=post action=echo><input name=a value=1></form>").submitForm());
  told("bad action", () => page('<form method=post action="%zz"><input name=a value=1></form>').submitForm());
  told("button", () => page('<form method=post action="/form"><button type=submit name=bt value=bv>x</button></form>').submitForm());
  told("button without type", () => page('<form method=post action="/form"><button name=bt value=bv>x</button></form>').submitForm());
  told("button outside", () => page('<form method=post action="/form"></form><input type=submit name=out value=o>').submitForm());
  told("nameless button", () => page('<form method=post action="/form"><input type=submit value=o></form>').submitForm());
  told("formaction", () => page('<form method=post action="/form"><input type=submit name=q value=o formaction=/other formmethod=get></form>').submitForm());
  told("same names", () => page('<form method=post action="/form"><input name=a value=1><input name=a value=2><input type=radio name=r value=x><input type=radio name=r value=y checked=checked></form>').submitForm());
  told("no form", () => page("<p>").submitForm());
  told("no body", () => http.get(base + "/page?h=x", { responseType: "none" }).submitForm());
}
