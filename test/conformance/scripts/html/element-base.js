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
  const el = doc.find("#d1").get(0);
  const p1 = doc.find("#p1").get(0);
  for (const name of ["id", "ID", "nope", "class", null, 5]) tell("attribute " + name, () => [el.getAttribute(name), el.hasAttribute(name), el.getAttributeNode(name) && el.getAttributeNode(name).value]);
  tell("attribute node", () => { const a = el.getAttributeNode("class"); return [a.name, a.value, a.owner_element, a.localName(), a.namespaceURI(), a.prefix()]; });
  tell("attributes", () => [Object.keys(el.attributes()).sort(), el.attributes().id.value, el.hasAttributes(), p1.querySelector("b").hasAttributes()]);
  tell("by class", () => [el.getElementsByClassName("y"), el.getElementsByClassName("y x"), el.getElementsByClassName()]);
  tell("by tag", () => [el.getElementsByTagName("p"), el.getElementsByTagName("*"), el.getElementsByTagName("P"), el.getElementsByTagName()]);
  tell("query", () => [el.querySelector("p.y"), el.querySelectorAll("p, span"), el.querySelector("zz"), el.querySelector("p["), el.querySelectorAll("p[:"), el.querySelector()]);
  tell("matches", () => [el.matches("div.x"), el.matches("p"), el.matches("!!"), el.matches()]);
  tell("equal", () => [p1.isEqualNode(p1), p1.isEqualNode(el), p1.isEqualNode(doc.find("p")), p1.isEqualNode("x"), parseHTML("<b>x</b><i>x</i>").find("b").get(0).isEqualNode(parseHTML("<i>x</i>").find("i").get(0))]);
  tell("same", () => [p1.isSameNode(doc.find("#p1").get(0)), p1.isSameNode(el), p1.isSameNode("x"), p1 === doc.find("#p1").get(0)]);
  tell("contains", () => [el.contains(p1), el.contains(el), p1.contains(el), el.contains(doc.find("#p1")), el.contains(5)]);
  tell("selection", () => [el.selection(), el.selection().find("p").size()]);
  tell("strings", () => [el.toString(), `${p1}`, p1.childNodes()[0].toString(), String(doc.get(0)), String(parseHTML("<a href=hh>x</a>").find("a").get(0)), String(doc)]);
  tell("html", () => [p1.innerHTML(), p1.textContent(), el.nodeName(), el.nodeType(), el.nodeValue(), el.className(), el.classList(), p1.className(), p1.classList(), el.lang(), doc.find("#p4").get(0).lang()]);
  tell("relatives", () => [p1.parentNode(), p1.parentElement(), p1.nextElementSibling(), p1.previousElementSibling(), p1.nextSibling(), p1.firstChild(), p1.lastChild(), p1.firstElementChild(), p1.lastElementChild(), p1.ownerDocument(), p1.hasChildNodes(), p1.childElementCount(), p1.childNodes(), p1.children()]);
  const root = doc.find("html").get(0);
  tell("root", () => [root.parentNode(), root.parentElement(), root.nextElementSibling(), root.previousElementSibling()]);
  const comment = doc.find("body").get(0).childNodes()[0];
  tell("comment", () => [comment.nodeName(), comment.nodeType(), comment.nodeValue(), comment.textContent(), comment.innerHTML(), comment.toString(), comment.id(), comment.className(), comment.attributes()]);
  const text = p1.childNodes()[0];
  tell("text", () => [text.nodeName(), text.nodeType(), text.nodeValue(), text.textContent(), text.innerHTML(), text.parentNode(), text.childNodes(), text.nextElementSibling()]);
  const whole = doc.get(0);
  tell("document", () => [whole.nodeName(), whole.nodeType(), whole.nodeValue(), whole.parentNode(), whole.ownerDocument(), whole.childNodes(), whole.children(), whole.firstElementChild(), whole.firstChild().nodeType(), whole.firstChild().toString(), whole.id(), whole.attributes()]);
  const svg = parseHTML("<svg viewBox=1><circle/></svg><math></math>").find("svg").get(0);
  tell("namespaces", () => [svg.namespaceURI(), svg.isDefaultNamespace(), el.namespaceURI(), el.isDefaultNamespace(), svg.getAttributeNode("viewBox").namespaceURI(), text.namespaceURI()]);
  for (const write of [() => { el.foo = 1; }, () => { doc.foo = 1; }]) tell("writing", write);
}
