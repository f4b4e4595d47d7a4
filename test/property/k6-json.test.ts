import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findJsonFault } from "../../src/k6/json/parse.ts";
import { selectJson } from "../../src/k6/json/select.ts";

const runs = { numRuns: 300 };

test("the scanner finds a fault exactly where JSON.parse fails", () => {
  const nearJson = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", "{", "]", ",", '"', "\\", "x", "0", ".", "e", " "),
    )
    .map(([text, at, mark]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + mark + text.slice(cut + 1);
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), nearJson), (text) => {
      assert.equal(findJsonFault(text) === undefined, isJson(text));
    }),
    runs,
  );
});

test("the escaped path to any value of a document selects that value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const document = JSON.parse(JSON.stringify({ root: value })) as unknown;
      const text = JSON.stringify(document);
      for (const [path, wanted] of pathsOf(document, "")) {
        assert.deepEqual(selectJson(text, path), wanted, path);
      }
    }),
    runs,
  );
});

test("a selector never throws, whatever it says", () => {
  const mark = fc.constantFrom(...'#()[]{}.|@\\*?=!<>%"0a~:'.split(""));
  const path = fc.array(mark, { maxLength: 12 }).map((marks) => marks.join(""));
  fc.assert(
    fc.property(path, (selector) => {
      selectJson('{"a":[{"a":0},"a",[null,true]],"0":{"a":"a"}}', selector);
    }),
    { numRuns: 2_000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Every path to a value below `value`. Keys that the syntax cannot tell from its own signs are left out. */
function* pathsOf(value: unknown, prefix: string): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === "" || key === "__proto__" || /^[@#]/u.test(key)) continue;
    const path = prefix + key.replace(/[.|*?\\]/gu, "\\$&");
    yield [path, item];
    yield* pathsOf(item, `${path}.`);
  }
}
