import { parseHTML } from "k6/html";

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

const html = `<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><!--com--><div id="d1" class="x y" title="tt" data-a="1" data-b-c="true" data-json='{"q":[1,2]}' data-n="null" data-u="undefined" data-e="" data-f="1.50" data-s="str" data-arr="[1,'x']" data-false="false" data-big="12345678901234567890" data-neg="-5" data-camelCase="cc"><p id="p1">one <b id="b1">bold</b> &amp; "q" 'a' &lt;</p><p id="p2" class="y">two</p><span id="sp">three</span><p id="p3">four</p></div><div id="d2" class="y"><p id="p4" lang="fr">five</p>text<i id="i1">it</i></div><ul id="u"><li id="l1">1</li><li id="l2" class="k">2</li><li id="l3">3</li><li id="l4">4</li></ul>
<form id="f"><input name="a" value="1"><input name="b" type="checkbox" value="2" checked="checked"><input name="c" type="checkbox" checked><input name="d" type="radio" checked="checked"><input name="e" disabled="disabled" value="x"><input name="e2" disabled value="x"><input type="submit" name="s" value="sv"><input name="" value="n"><input value="nn"><select name="sel"><option value="o1">O1</option><option value="o2" selected>O2</option></select><select name="m" multiple><option selected>x</option><option selected value="y y">y</option></select><textarea name="t">t&a
x</textarea><button name="btn" value="bv">b</button><input name="fl" type="file"><input name="a" value="ä &+"><input type="image" name="im"><input type="hidden" name="h" value="hv"><input type="Submit" name="SUB" value="v"><select name="none"><option>fst</option></select><select name="mnone" multiple><option>fst</option></select><input name="nov"></form></body></html>`;

export default function () {
  const doc = parseHTML(html);
  const lis = doc.find("li");
  const l2 = doc.find("#l2");
  tell("each", () => { const seen = []; const result = lis.each(function (i, e) { seen.push([i, e.id(), arguments.length]); return i !== 1; }); return [seen, result]; });
  tell("map", () => { const seen = []; const result = lis.map(function (i, e) { seen.push([i, e.attr("id"), arguments.length]); return [null, undefined, [1, 2], { a: 1 }][i]; }); return [seen, result, Array.isArray(result)]; });
  tell("map of what throws", () => lis.map((i) => { if (i === 0) throw new Error("x"); return i; }));
  tell("filter", () => { const seen = []; lis.filter((i, e) => seen.push([i, e.text(), e.is(".k"), e.attr("id"), e.attr("none"), e.attrOr("none", "def"), e.hasClass("k"), e.length()])); return seen; });
  tell("is", () => lis.is((i, e) => e.is(".k")));
  tell("not", () => lis.not((i, e) => e.is(".k")));
  tell("filter of what throws", () => lis.filter(() => { throw new Error("boom"); }));
  tell("is of what throws", () => lis.is(() => { throw new TypeError("boom"); }));
  tell("each of what throws", () => { try { lis.each(() => { throw new Error("boom"); }); } catch (error) { return [error.name, error.message.replace(/ at .*$/, "")]; } });
  for (const method of ["each", "map", "filter", "is"]) tell(method + " without a function", () => lis[method](5));
  doc.find("ul").each((i, e) => e.selection().find("li").each((j, item) => console.log(i, j, item.id())));
}
