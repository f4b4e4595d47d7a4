import assert from "node:assert/strict";
import { test } from "node:test";
import { createTagInterner, type TagInterner } from "../../../src/metrics/index.ts";

test("gives one object for equal sets, in whatever order they are built", () => {
  const root = createTagInterner();
  const first = root.with("a", "1").with("b", "2");
  assert.equal(root.with("b", "2").with("a", "1"), first);
  assert.equal(root.with("a", "0").with("b", "2").with("a", "1"), first);
  assert.equal(first.with("a", "1"), first);
  assert.notEqual(root.with("a", "12").with("b", ""), root.with("a", "1").with("b", "2"));
});

test("keeps interners apart", () => {
  assert.notEqual(createTagInterner().with("a", "1"), createTagInterner().with("a", "1"));
});

test("lists its pairs sorted by key", () => {
  const tags = createTagInterner().with("status", "200").with("method", "GET").with("Zone", "x");
  assert.deepEqual(tags.entries(), [
    ["Zone", "x"],
    ["method", "GET"],
    ["status", "200"],
  ]);
  assert.deepEqual(tags.toObject(), { Zone: "x", method: "GET", status: "200" });
  assert.equal(tags.get("method"), "GET");
  assert.equal(tags.get("url"), undefined);
});

test("removes a tag, back to the set that never had it", () => {
  const root = createTagInterner();
  const tags = root.with("a", "1").with("b", "2");
  assert.equal(tags.without("b"), root.with("a", "1"));
  assert.equal(tags.without("a").without("b"), root);
  assert.equal(tags.without("c"), tags);
});

test("tells sets apart whatever characters keys and values have", () => {
  const root = createTagInterner();
  const sets = [
    root.with("a", 'b","c'),
    root.with("a", "b").with("c", ""),
    root.with("a\u0000b", "c"),
    root.with("a", "\u0000b"),
    root.with("__proto__", "c"),
    root.with("constructor", "c"),
  ];
  assert.equal(new Set(sets).size, sets.length);
  assert.deepEqual(Object.entries(root.with("__proto__", "c").toObject()), [["__proto__", "c"]]);
});

/** An interner with more URLs than its limit of sets. */
function overflowing(limit: number): TagInterner {
  const root = createTagInterner(limit);
  for (let k = 0; k < 10 * limit; k++) root.with("url", `/${k}`);
  return root;
}

test("replaces values of url and name that are new once the limit is reached, and counts it", () => {
  const root = createTagInterner(10);
  const early = root.with("url", "/early");
  for (let k = 0; k < 100; k++) root.with("url", `/${k}`);
  assert.equal(root.distinctSets, 11);
  assert.equal(root.with("url", "/late"), root.with("url", "(other)"));
  assert.ok(root.overflowCount > 0);
  assert.equal(root.with("url", "/early"), early);
});

test("an endpoint that is known keeps its name when something new happens to it", () => {
  const root = createTagInterner(10);
  root.with("status", "200").with("name", "checkout");
  for (let k = 0; k < 100; k++) root.with("name", `/${k}`);
  const failed = root.with("status", "500").with("name", "checkout");
  assert.deepEqual(failed.toObject(), { name: "checkout", status: "500" });
});

test("tags with few values stay exact beyond the limit", () => {
  const tags = overflowing(8).with("method", "GET").with("url", "/b").with("status", "204");
  assert.deepEqual(tags.toObject(), { method: "GET", status: "204", url: "(other)" });
});

test("beyond twice the limit tags with many values are replaced, others not", () => {
  const root = createTagInterner(200);
  for (let k = 0; k < 5_000; k++) {
    const tags = root.with("user", String(k)).with("url", "/").with("status", "200");
    assert.equal(tags.get("status"), "200");
  }
  assert.ok(root.distinctSets <= 4 * 200, `${root.distinctSets} sets`);
  assert.equal(root.with("user", "new").get("user"), "(other)");
  assert.deepEqual(root.with("user", "7").with("url", "/").with("status", "500").toObject(), {
    status: "500",
    url: "/",
    user: "(other)",
  });
});

test("few values of many tags are bounded, too", () => {
  const root = createTagInterner(10);
  for (let k = 0; k < 1_000; k++)
    root
      .with("a", String(k % 10))
      .with("b", String(k % 11))
      .with("c", String(k % 13));
  assert.ok(root.distinctSets <= 4 * 10 + 4, `${root.distinctSets} sets`);
});

test("what is judged by is never replaced, however many sets there are", () => {
  const root = createTagInterner(10);
  root.keep([
    ["name", "checkout"],
    ["status", "500"],
  ]);
  for (let k = 0; k < 1_000; k++)
    root
      .with("user", String(k % 200))
      .with("name", `/${k}`)
      .with("status", String(k % 7));
  const failed = root.with("user", "x").with("name", "checkout").with("status", "500");
  assert.deepEqual(failed.toObject(), { name: "checkout", status: "500", user: "(other)" });
});

test("counts no overflow below the limit", () => {
  const root = createTagInterner();
  for (let k = 0; k < 1_000; k++) root.with("url", `/${k}`);
  assert.equal(root.overflowCount, 0);
  assert.equal(root.distinctSets, 1_001);
});
