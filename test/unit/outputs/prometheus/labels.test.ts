import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  describeLabels,
  flatLabels,
  TagLabels,
} from "../../../../src/outputs/prometheus/labels.ts";

/** Pairs in order. */
const pairs = (tags: Record<string, string>): [string, string][] => {
  const flat = flatLabels({ name: "m", tags: new TagLabels(tags) });
  return Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k]!, flat[2 * k + 1]!]);
};

describe("TagLabels", () => {
  it("sorts by bytes, the metric's name among the others", () => {
    assert.deepEqual(
      pairs({ method: "GET", URL: "/", _a: "1", a: "2" }).flat(),
      "URL / __name__ m _a 1 a 2 method GET".split(" "),
    );
  });

  it("leaves out tags without a value", () => {
    assert.deepEqual(pairs({ group: "", name: "/" }), [
      ["__name__", "m"],
      ["name", "/"],
    ]);
  });

  it("makes names legal, and tells those apart that become the same", () => {
    assert.deepEqual(pairs({ "a.b": "1", a_b: "2", "a-b": "3", "9x": "4", ключ: "5" }), [
      ["_9x", "4"],
      ["____", "5"],
      ["__name__", "m"],
      ["a_b", "2"],
      ["a_b_2", "3"],
      ["a_b_3", "1"],
    ]);
  });

  it("lets no tag take the place of the metric's name", () => {
    assert.deepEqual(pairs({ __name__: "other" }), [
      ["__name__", "m"],
      ["__name___2", "other"],
    ]);
  });

  it("gives well-formed values", () => {
    assert.deepEqual(pairs({ half: "\ud83d!", whole: "\u{1f600}" }), [
      ["__name__", "m"],
      ["half", "\ufffd!"],
      ["whole", "\u{1f600}"],
    ]);
  });

  it("always gives legal names, each once, sorted, whatever the tags and their order", () => {
    const tags = fc.dictionary(fc.string({ maxLength: 6 }), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(tags, (given) => {
        const names = pairs(given).map(([name]) => name);
        assert.deepEqual(names, [...new Set(names)].sort());
        for (const name of names) assert.match(name, /^[a-zA-Z_][a-zA-Z0-9_]*$/u);
        assert.equal(names.length, 1 + Object.values(given).filter((value) => value !== "").length);
        const reversed = Object.fromEntries(Object.entries(given).reverse());
        assert.deepEqual(pairs(reversed), pairs(given));
      }),
    );
  });
});

describe("describeLabels", () => {
  it("writes them as PromQL does", () => {
    assert.equal(
      describeLabels({ name: "k6_x", tags: new TagLabels({ name: 'a"b', b: "1" }) }),
      'k6_x{b="1",name="a\\"b"}',
    );
  });
});
