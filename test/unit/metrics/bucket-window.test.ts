import assert from "node:assert/strict";
import { test } from "node:test";
import { BucketWindow } from "../../../src/metrics/bucket-window.ts";

function countsOf(window: BucketWindow): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  window.forEach((index, count) => found.push([index, count]));
  return found;
}

/** Indices in an order that inserts at the front, at the back and between. */
const indices = [5, -3, 900, 5, 7, -3, -400, 6, 4, 8, 5, 1_000, -401, 5, 2_000, 3];

test("holds the same counts as a map, from the first value on and beyond the short list", () => {
  const window = new BucketWindow();
  const model = new Map<number, number>();
  for (const index of indices) {
    window.add(index, 2);
    model.set(index, (model.get(index) ?? 0) + 2);
    const sorted = [...model].toSorted(([a], [b]) => a - b);
    assert.deepEqual(countsOf(window), sorted);
    assert.equal(window.occupied, model.size);
    assert.equal(
      window.total,
      [...model.values()].reduce((sum, count) => sum + count, 0),
    );
    const ranked = sorted.flatMap(([at, count]) => Array.from({ length: count }, () => at));
    assert.deepEqual(
      ranked.map((_, rank) => window.indexOfRank(rank)),
      ranked,
    );
  }
});

test("starts again after clear, in the short list as in the array", () => {
  for (const length of [3, indices.length]) {
    const window = new BucketWindow();
    for (const index of indices.slice(0, length)) window.add(index, 1);
    window.clear();
    assert.deepEqual([countsOf(window), window.total], [[], 0]);
    window.add(5, 1);
    window.add(-9, 3);
    assert.deepEqual(countsOf(window), [
      [-9, 3],
      [5, 1],
    ]);
  }
});

test("trims empty ends and keeps gaps", () => {
  const window = new BucketWindow();
  assert.deepEqual(window.trimmed(), { offset: 0, counts: [] });
  for (const index of [2, -1, 2]) window.add(index, 1);
  assert.deepEqual(window.trimmed(), { offset: -1, counts: [1, 0, 0, 2] });
});

test("tells the counts of joined neighbours as a coarser window has them", () => {
  for (const length of [1, 4, indices.length]) {
    for (const steps of [0, 1, 3, 12]) {
      const window = new BucketWindow();
      for (const index of indices.slice(0, length)) window.add(index, 1);
      const { ends } = window;
      const sorted = indices.slice(0, length).toSorted((a, b) => a - b);
      assert.deepEqual(ends, [sorted[0], sorted.at(-1)]);
      const told = window.trimmed(steps);
      window.coarsen(steps);
      assert.deepEqual(told, window.trimmed());
      window.clear();
      assert.equal(window.ends, undefined);
    }
  }
});

test("joins neighbours, rounding negative indices down", () => {
  for (const length of [4, indices.length]) {
    const window = new BucketWindow();
    const used = indices.slice(0, length);
    for (const index of used) window.add(index, 1);
    window.coarsen(2);
    const model = new Map<number, number>();
    for (const index of used)
      model.set(Math.floor(index / 4), (model.get(Math.floor(index / 4)) ?? 0) + 1);
    assert.deepEqual(
      countsOf(window),
      [...model].toSorted(([a], [b]) => a - b),
    );
  }
});
