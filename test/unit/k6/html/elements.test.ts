import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHtml } from "../../../../src/k6/html/selection.ts";
import { TestVu } from "../../../support/k6-vu.ts";

type AnyElement = Record<string, (...args: unknown[]) => unknown> & object;

function element(html: string, selector: string, url = ""): AnyElement {
  return parseHtml(new TestVu(), html, url).find(selector).get(0) as unknown as AnyElement;
}

/** [html, selector, method, value] */
const cases: readonly (readonly [string, string, string, unknown])[] = [
  ['<a href="rel/path">', "a", "href", "rel/path"],
  ['<a href="rel/path">', "a", "pathname", "/rel/path"],
  ['<a href="http://h:80/">', "a", "host", "h"],
  ['<a href="http://h:80/">', "a", "port", "80"],
  ['<a href="%zz">', "a", "protocol", ":"],
  ["<form method=POST>", "form", "method", "get"],
  ["<form method=post>", "form", "method", "post"],
  ["<form><input></form>", "input", "formMethod", "get"],
  ["<form action=/x><input formaction=/y>", "input", "formAction", "/y"],
  ["<select><option>a<option selected value=2>b</select>", "select", "value", "2"],
  ["<select multiple>", "select", "type", "select-multiple"],
  ["<select><optgroup disabled><option>", "option", "disabled", true],
  ["<progress value=3 max=2>", "progress", "position", 1.5],
  ["<progress>", "progress", "position", -1],
  ["<table><tr><td><td colspan=3>", "td + td", "colSpan", 3],
  ["<table><tr><td><td>", "td + td", "cellIndex", 1],
  ["<img crossorigin=x>", "img", "crossOrigin", undefined],
  ["<textarea>text</textarea>", "textarea", "value", ""],
  ["<button>B</button>", "button", "value", "B"],
  ["<!-- c --><p>", "p", "className", undefined],
];

for (const [html, selector, method, value] of cases) {
  test(`${method}() of ${html} is ${JSON.stringify(value)}`, () => {
    assert.deepEqual(element(html, selector)[method]!(), value);
  });
}

test("URLs are resolved as Go does when the document has one itself", () => {
  const html = '<base><a href="../up?x#f"></a><img src="//h/i"><a id=bad href="%zz"></a>';
  const at = (selector: string): AnyElement => element(html, selector, "http://s:1/a/b/c?q");
  assert.equal(at("a")["href"]!(), "http://s:1/a/up?x#f");
  assert.equal(at("img")["src"]!(), "http://h/i");
  assert.equal(at("base")["href"]!(), "http://s:1/a/b/c?q");
  assert.equal(at("#bad")["href"]!(), "");
});

test("fields find their form, their labels and their list", () => {
  const html =
    "<form id=f><label id=l1>x<input id=i></label></form><label id=l2 for=i></label><input id=o form=f list=d><datalist id=d></datalist>";
  const idOf = (value: unknown): unknown => (value as AnyElement)["id"]!();
  assert.equal(idOf(element(html, "#i")["form"]!()), "f");
  assert.equal(idOf(element(html, "#o")["form"]!()), "f");
  assert.equal(idOf(element(html, "#o")["list"]!()), "d");
  assert.deepEqual((element(html, "#i")["labels"]!() as unknown[]).map(idOf), ["l1", "l2"]);
  assert.equal(idOf(element(html, "#l2")["control"]!()), "i");
});

test("for…in lists a tag's methods among those of every element, and the names of its parts", () => {
  const names: string[] = [];
  for (const name in element("<table><tr><td>", "td")) names.push(name);
  for (const name of ["colSpan", "innerHTML", "element", "table_cell_element"])
    assert.ok(names.includes(name), name);
  assert.ok(!names.includes("href"));
  assert.ok(!names.includes("constructor"));
});
