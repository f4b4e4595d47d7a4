import assert from "node:assert/strict";
import { test } from "node:test";
import { fewLimit, FewValues } from "../../../src/metrics/few-values.ts";

function listOf(...values: readonly number[]): FewValues {
  const list = new FewValues();
  for (const value of values) list.add(value);
  return list;
}

function entriesOf(list: FewValues): readonly (readonly [value: number, times: number])[] {
  return Array.from({ length: list.length }, (_, k) => [list.at(k), list.timesAt(k)] as const);
}

test("keeps values in the order in which they came until they are folded", () => {
  const list = listOf(3, -1, 3, 0.1);
  assert.equal(list.isInOrder, true);
  assert.deepEqual(entriesOf(list), [
    [3, 1],
    [-1, 1],
    [3, 1],
    [0.1, 1],
  ]);
  assert.equal(list.fold(), true);
  assert.equal(list.isInOrder, false);
  assert.deepEqual(entriesOf(list), [
    [-1, 1],
    [0.1, 1],
    [3, 2],
  ]);
});

test("folds what came after folding into what was there", () => {
  const list = listOf(5, 1, 5);
  list.fold();
  for (const value of [1, 0, 5, 9]) list.add(value);
  list.fold();
  assert.deepEqual(entriesOf(list), [
    [0, 1],
    [1, 2],
    [5, 3],
    [9, 1],
  ]);
  assert.deepEqual(
    [0, 1, 2, 3, 5, 6].map((rank) => list.valueOfRank(rank)),
    [0, 1, 1, 5, 5, 9],
  );
});

test("has room again after folding, as long as few values are different", () => {
  const list = new FewValues();
  for (let k = 0; k < 100 * fewLimit; k++) {
    if (list.isFull) assert.equal(list.fold(), true);
    list.add(k % fewLimit);
  }
  list.fold();
  assert.equal(list.length, fewLimit);
  for (const [value, times] of entriesOf(list)) assert.equal(times, 100, String(value));
});

test("says when too many values are different, and loses none", () => {
  const list = listOf(...Array.from({ length: fewLimit + 1 }, (_, k) => -k), 0, 0);
  assert.equal(list.fold(), false);
  const sum = entriesOf(list).reduce((total, [value, times]) => total + value * times, 0);
  const count = entriesOf(list).reduce((total, [, times]) => total + times, 0);
  assert.deepEqual([count, sum], [fewLimit + 3, -(fewLimit * (fewLimit + 1)) / 2]);
});

test("includes values that came many times, up to the limit", () => {
  const list = listOf(2, 1);
  assert.equal(list.include(1, 1_000), true);
  assert.equal(list.include(1.5, 7), true);
  assert.deepEqual(entriesOf(list), [
    [1, 1_001],
    [1.5, 7],
    [2, 1],
  ]);
  for (let k = 3; k < fewLimit; k++) assert.equal(list.include(k, 1), true);
  assert.equal(list.include(1.75, 3), false);
  assert.equal(list.length, fewLimit);
  assert.equal(list.include(2, 3), true);
});

test("is empty after being cleared or released, and takes values again", () => {
  for (const empty of ["clear", "release"] as const) {
    const list = listOf(1, 2, 3, 4, 5, 6);
    list.fold();
    list[empty]();
    assert.deepEqual(entriesOf(list), []);
    list.add(7);
    assert.deepEqual(entriesOf(list), [[7, 1]]);
  }
});

test("lists that are made one after the other share nothing", () => {
  const [one, other] = [new FewValues(), new FewValues()];
  one.add(1);
  other.add(2);
  one.release();
  one.add(3);
  assert.deepEqual([entriesOf(one), entriesOf(other)], [[[3, 1]], [[2, 1]]]);
});
