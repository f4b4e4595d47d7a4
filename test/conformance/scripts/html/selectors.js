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
  for (const selector of ["div p", "div > p", "p + p", "p ~ p", "[title]", "[class~=y]", "[id^=p]", "[id$='1']", "[id*=l]", "[lang|=fr]", "[id!=l1]", "li:first-child", "li:last-child", "li:nth-child(2)", "li:nth-child(odd)", "li:nth-child(even)", "li:nth-child(2n+1)", "li:nth-child( 2n + 1 )", "li:nth-child(-n+2)", "li:nth-child(n)", "li:nth-last-child(1)", "p:first-of-type", "p:last-of-type", "p:only-of-type", "p:nth-of-type(2)", "p:nth-last-of-type(1)", "b:only-child", "p:not(.y)", "p:not(.y, #p3)", "div:has(b)", "div:haschild(span)", "p:contains('bold')", "p:contains(BOLD)", "p:containsOwn('one')", "p:containsOwn('bold')", "input:checked", "input:disabled", "input:enabled", ":input", "p:empty", "input:empty", ":root", "li:matches(^[12]$)", "li:matchesOwn(3)", "[id#=(^l[12]$)]", "p:lang(fr)", "option:checked", "P", "DIV.X", "[TITLE]", "[title=TT i]", "li:NTH-CHILD(2)", "#p1.y, #p2.y", "ul>li+li", "* > li", "*:root", "li\t,\n td", "#l1/*c*/", "#\\6c 1", "[ id = 'l1' ]", "[data-a='1'][title]", "li:hover, li:visited, #l1", "li:not(ul li)", "ul:has(li, b)"]) {
  tell(selector, () => doc.find(selector).size() > 9 ? doc.find(selector).size() : doc.find(selector));
  }
  for (const selector of ["", " ", "p,", ",p", "> p", "p[", "!!", "#1", "\\#p1", "a|b", "*|p", "p:not()", "[id=1]", "li:first", "li:eq(1)", "p:is(.y)", "p:where(.y)", ":header", ":text", ":selected", "p::before", "li:odd", ":any-link", "li:nth-child(2 of .k)", "li:nth-child", "li:not", ":required", "p:contains(1)", "li:matches('^1$')"]) tell("no selector: " + selector, () => doc.find(selector));
  tell("within", () => [doc.find("#d1").find("#d1 p"), doc.find("#d1").find("> p"), doc.find("p").find("p"), doc.find(doc.find("li")), doc.find("#d1").find(doc.find("p")), doc.find("#d1").find(doc.find("p").get(0))]);
}
