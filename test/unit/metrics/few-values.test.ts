import assert from "node:assert/strict";
import { test } from "node:test";
import { FewValues } from "../../../src/metrics/few-values.ts";

function listOf(...values: readonly number[]): FewValues {
  const list = new FewValues();
  for (const value of values) list.add(value);
  return list;
}

test("gives back its values in the order in which they came, and sorted without changing that", () => {
  const list = listOf(3, -1, 2.5, 10, 0.1);
  assert.deepEqual(list.sorted(), [-1, 0.1, 2.5, 3, 10]);
  assert.deepEqual(
    Array.from({ length: list.length }, (_, k) => list.at(k)),
    [3, -1, 2.5, 10, 0.1],
  );
});

test("is empty after being cleared or released, and takes values again", () => {
  for (const empty of ["clear", "release"] as const) {
    const list = listOf(1, 2, 3, 4, 5, 6);
    list[empty]();
    assert.deepEqual([list.length, list.sorted()], [0, []]);
    list.add(7);
    assert.deepEqual(list.sorted(), [7]);
  }
});

test("lists that are made one after the other share nothing", () => {
  const [one, other] = [new FewValues(), new FewValues()];
  one.add(1);
  other.add(2);
  one.release();
  one.add(3);
  assert.deepEqual([one.sorted(), other.sorted()], [[3], [2]]);
});
