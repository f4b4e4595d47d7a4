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
  tell("add", () => [lis.add("p"), lis.add(doc.find("p")), l2.add(doc.find("p").get(0)), doc.find("#l3").add("#l1").add("#l3")]);
  tell("eq", () => [lis.eq(0), lis.eq(-1), lis.eq(9), lis.eq(-9), lis.eq("1"), lis.eq(1.7), lis.eq("x"), lis.eq(null), lis.eq()]);
  tell("get", () => [lis.get(0), lis.get(-1), lis.get("2"), lis.get(1.5), lis.get(9), lis.get(-9), lis.get("x"), lis.get()]);
  tell("ends", () => [lis.first(), lis.last(), doc.find("zz").first(), doc.find("zz").last()]);
  tell("slice", () => [lis.slice(1), lis.slice(1, 3), lis.slice(-2), lis.slice(0, -1), lis.slice("1"), lis.slice()]);
  tell("end", () => [doc.find("ul").find("li").end(), doc.find("ul").children().first().end(), doc.end(), doc.find("ul").end().size()]);
  tell("sizes", () => [lis.size(), lis.toArray().length, lis.length, typeof lis.toArray()[0].size, lis.toArray()[1].text()]);
  tell("has", () => [doc.find("div").has("b"), doc.find("div").has(doc.find("#i1")), doc.find("div").has(doc.find("#i1").get(0))]);
  tell("index", () => [l2.index(), lis.index("#l3"), lis.index(doc.find("#l4")), doc.find("#l4").index("li"), lis.index(doc.find("#l3").get(0)), doc.find("zz").index(), l2.index(lis), doc.find("#sp").index(), doc.find("p,i").index(doc.find("#p2").get(0))]);
  tell("is", () => [l2.is(".k"), lis.is(".k"), l2.is("p"), l2.is(lis), l2.is((i) => i === 0)]);
  tell("not", () => [lis.not(".k"), lis.not(l2), lis.not((i) => i < 2), doc.find("p").not(doc.find("p").get(0))]);
  tell("filter", () => [lis.filter(".k"), lis.filter(l2), lis.filter((i) => i % 2 === 1), lis.filter(() => 1), lis.filter(() => "")]);
  tell("single", () => [doc.single("li"), doc.single("zz")]);
  tell("order", () => [doc.find("li,#l1"), doc.find("div").find("p,#p1"), doc.find("#l4,#l1")]);
  tell("text", () => [lis.text(), doc.find("#p1").text(), doc.find("#p1").html(), doc.find("ul").html(), doc.find("zz").html(), doc.find("zz").text()]);
  tell("url", () => [doc.url, lis.url]);
}
