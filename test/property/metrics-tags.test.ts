import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createTagInterner, type TagSet } from "../../src/metrics/index.ts";

const key = fc.constantFrom("a", "b", "c", "url", "name", "__proto__");
const value = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom("1", "2", '"', "\u0000"));
const step = fc.record({ key, value: fc.option(value, { nil: undefined }) });

function apply(
  tags: TagSet,
  { key: name, value: text }: { key: string; value: string | undefined },
): TagSet {
  return text === undefined ? tags.without(name) : tags.with(name, text);
}

test("a set holds what a map would hold, and equal maps give one object", () => {
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 6 }), (walks) => {
      const root = createTagInterner();
      const byContent = new Map<string, TagSet>();
      for (const walk of walks) {
        const model = new Map<string, string>();
        let tags: TagSet = root;
        for (const each of walk) {
          tags = apply(tags, each);
          if (each.value === undefined) model.delete(each.key);
          else model.set(each.key, each.value);
          const expected = [...model].toSorted(([a], [b]) => (a < b ? -1 : 1));
          assert.deepEqual(tags.entries(), expected);
          const content = JSON.stringify(expected);
          assert.equal(byContent.get(content) ?? tags, tags);
          byContent.set(content, tags);
          assert.equal(apply(tags, each), tags);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("beyond the limit the number of sets stays bounded and low-cardinality tags stay exact", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 60 }),
      fc.integer({ min: 100, max: 400 }),
      (limit, urls) => {
        const root = createTagInterner(limit);
        for (let k = 0; k < urls; k++) {
          const tags = root
            .with("method", k % 2 === 0 ? "GET" : "PUT")
            .with("name", `/${k}`)
            .with("url", `/${k}`);
          assert.equal(tags.get("method"), k % 2 === 0 ? "GET" : "PUT");
          assert.ok(["(other)", `/${k}`].includes(tags.get("url")!));
        }
        assert.ok(root.distinctSets <= 2 * limit);
        assert.equal(root.overflowCount > 0, 2 * urls + 3 > limit);
      },
    ),
    { numRuns: 50 },
  );
});
