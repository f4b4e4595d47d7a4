import assert from "node:assert/strict";
import { test } from "node:test";
import { findJsonFault, parseJson } from "../../../src/k6/json/parse.ts";
import { selectJson } from "../../../src/k6/json/select.ts";

const document = JSON.stringify({
  name: { first: "Tom", last: "Anderson" },
  age: 37,
  children: ["Sara", "Alex", "Jack"],
  "fav.movie": "Deer Hunter",
  nothing: null,
  friends: [
    { first: "Dale", last: "Murphy", age: 44, nets: ["ig", "fb", "tw"], ok: true },
    { first: "Roger", last: "Craig", age: 68, nets: ["fb", "tw"], ok: false },
    { first: "Jane", last: "Murphy", age: 47, nets: ["ig", "tw"], ok: true },
  ],
});

const found: readonly (readonly [string, unknown])[] = [
  ["name.last", "Anderson"],
  ["age", 37],
  ["nothing", null],
  ["children.1", "Alex"],
  ["children.#", 3],
  ["child*.2", "Jack"],
  ["c?ildren.0", "Sara"],
  ["fav\\.movie", "Deer Hunter"],
  ["friends.#.first", ["Dale", "Roger", "Jane"]],
  ["friends.#.nets.#", [3, 2, 2]],
  ["friends.#.nets.0", ["ig", "fb", "ig"]],
  ["friends.#.missing", []],
  ["friends.#.first|0", "Dale"],
  ["friends|1|last", "Craig"],
  ['friends.#(last=="Murphy").first', "Dale"],
  ['friends.#(last=="Murphy")#.first', ["Dale", "Jane"]],
  ['friends.#(last=="Murphy")#|1.first', "Jane"],
  ["friends.#(age>45)#.last", ["Craig", "Murphy"]],
  ["friends.#(age<=44).age", 44],
  ['friends.#(first%"D*").last', "Murphy"],
  ['friends.#(first!%"D*")#.first', ["Roger", "Jane"]],
  ["friends.#(ok==true)#.first", ["Dale", "Jane"]],
  ['friends.#(nets.#(=="fb"))#.first', ["Dale", "Roger"]],
  ['children.#(!="Sara")', "Alex"],
  ['children.#(>"K")', "Sara"],
  ["friends.#(nope)#", []],
  ["children|@reverse", ["Jack", "Alex", "Sara"]],
  ["children.@reverse.0", "Jack"],
  ["name.@this.first", "Tom"],
  ["name|@keys", ["first", "last"]],
  ["friends.#.nets|@flatten|#", 7],
];

for (const [path, value] of found) {
  test(`selects ${path}`, () => assert.deepEqual(selectJson(document, path), value));
}

for (const path of [
  "nope",
  "name.nope",
  "children.-1",
  "children.9",
  "children.x",
  "age.x",
  "friends.#(age>99)",
  "name.#",
  "friends.#(open",
]) {
  test(`finds nothing at ${path}`, () => assert.equal(selectJson(document, path), undefined));
}

test("two dots read the text as lines", () => {
  const lines = '{"a":1}\n{"a":2}\n\n{"a":3}';
  assert.equal(selectJson(lines, "..#"), 3);
  assert.equal(selectJson(lines, "..1.a"), 2);
  assert.deepEqual(selectJson(lines, "..#.a"), [1, 2, 3]);
});

test("a selector on what is no JSON finds nothing", () => {
  assert.equal(selectJson("<html>", "a"), undefined);
});

test("invalid JSON is an error with line, character and Go's words", () => {
  assert.throws(() => parseJson('{\n"a": x}'), {
    name: "GoError",
    message:
      "cannot parse json due to an error at line 2, character 6 , error: invalid character 'x' looking for beginning of value",
  });
});

const faults: readonly (readonly [string, string])[] = [
  ["", "unexpected end of JSON input"],
  ["[1,2", "unexpected end of JSON input"],
  ["[1 2]", "invalid character '2' after array element"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
  ["nul1", "invalid character '1' in literal null (expecting 'l')"],
  ["-x", "invalid character 'x' in numeric literal"],
  ["1.e", "invalid character 'e' after decimal point in numeric literal"],
  ["{} x", "invalid character 'x' after top-level value"],
  ['"a\\q"', "invalid character 'q' in string escape code"],
  ["<html>", "invalid character '<' looking for beginning of value"],
];

for (const [text, message] of faults) {
  test(`names the fault of ${JSON.stringify(text)}`, () =>
    assert.equal(findJsonFault(text)?.message, message));
}

test("valid JSON has no fault", () => {
  for (const text of [
    document,
    ' [1, -0.5e+3, null, true, "\\u00e9\\n"] ',
    '{"a":{"b":[]}}',
    "0",
  ]) {
    assert.equal(findJsonFault(text), undefined);
  }
});
