import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedCache, TagCache } from "../../../src/k6/bounded-cache.ts";
import { createRootTags } from "../../support/k6-tags.ts";

test("a cache holds at most two generations, whatever is put in", () => {
  const cache = new BoundedCache<string, number>(10);
  for (let i = 0; i < 1_000; i++) cache.set(`k${i}`, i);
  assert.ok(cache.size <= 20);
  assert.equal(cache.get("k999"), 999);
  assert.equal(cache.get("k0"), undefined);
});

test("what is in use outlives what is not", () => {
  const cache = new BoundedCache<string, number>(10);
  cache.set("hot", 1);
  for (let i = 0; i < 1_000; i++) {
    cache.set(`k${i}`, i);
    assert.equal(cache.get("hot"), 1);
  }
});

test("values by tag set and name do not mix", () => {
  const cache = new TagCache<number>();
  const a = createRootTags().with("k", "a");
  const b = a.with("k", "b");
  cache.set(a, "x", 1);
  cache.set(b, "x", 2);
  assert.equal(cache.get(a, "x"), 1);
  assert.equal(cache.get(b, "x"), 2);
  assert.equal(cache.get(a, "y"), undefined);
});

test("many names and many tag sets keep a tag cache bounded, and what is in use in it", () => {
  const root = createRootTags();
  const cache = new TagCache<number>(10);
  const hot = root.with("k", "hot");
  cache.set(hot, "x", 1);
  for (let i = 0; i < 500; i++) {
    cache.set(root.with("k", String(i % 7)), `name${i}`, i);
    assert.equal(cache.get(hot, "x"), 1);
  }
  assert.ok(cache.size <= 20);
});
