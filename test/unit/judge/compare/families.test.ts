import assert from "node:assert/strict";
import { test } from "node:test";
import { type FamilyRow, holm, stepDownMaxT } from "../../../../src/judge/compare/families.ts";
import { normalOf, seededRandom } from "../../../support/figures.ts";

test("Holm's steps are those by hand", () => {
  // 0.01 x 4, 0.02 x 3, 0.03 x 2, then never less than before.
  const adjusted = holm([0.03, 0.01, 0.04, 0.02]);
  for (const [index, expected] of [0.06, 0.04, 0.06, 0.06].entries())
    assert.ok(Math.abs(adjusted[index]! - expected) < 1e-12);
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
  assert.deepEqual(holm([]), []);
});

test("one row of three against three has p = 1/20 when all values are apart", () => {
  const row = { first: [1, 2, 3], second: [4, 5, 6], leastSpread: 0 };
  assert.deepEqual(stepDownMaxT([row]), [1 / 20]);
  assert.deepEqual(stepDownMaxT([{ ...row, first: row.second, second: row.first }]), [1]);
});

test("a clear row is found among many of noise, where Holm could find none", () => {
  const random = seededRandom(3);
  const noise = (): FamilyRow => ({
    first: [0, 0, 0].map(() => normalOf(random) * 0.02),
    second: [0, 0, 0].map(() => normalOf(random) * 0.02),
    leastSpread: 0.02,
  });
  const clear = { first: [0, 0.01, 0.02], second: [0.3, 0.31, 0.29], leastSpread: 0.02 };
  const adjusted = stepDownMaxT([clear, ...Array.from({ length: 20 }, noise)]);
  assert.equal(adjusted[0], 1 / 20);
  assert.ok(adjusted.slice(1).every((p) => p > 0.05));
});

/** The definition, without any of the shortcuts: two rows, all 20 ways, the steps one by one. */
function plainMaxT(rows: readonly FamilyRow[]): number[] {
  const statistic = (
    { first, second, leastSpread }: FamilyRow,
    chosen: readonly number[],
  ): number => {
    const values = [...first, ...second];
    const ones = values.filter((_, index) => !chosen.includes(index));
    const others = values.filter((_, index) => chosen.includes(index));
    const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    const squares = [ones, others]
      .map((list) => list.reduce((sum, value) => sum + (value - mean(list)) ** 2, 0))
      .reduce((a, b) => a + b, 0);
    return (mean(others) - mean(ones)) / (Math.sqrt(squares / 4) + leastSpread);
  };
  const ways: number[][] = [];
  for (let a = 0; a < 6; a++)
    for (let b = a + 1; b < 6; b++) for (let c = b + 1; c < 6; c++) ways.push([a, b, c]);
  const observed = rows.map((row) => statistic(row, [3, 4, 5]));
  const share = (row: number, among: readonly number[]): number =>
    ways.filter(
      (way) =>
        Math.max(...among.map((each) => statistic(rows[each]!, way))) >= observed[row]! - 1e-12,
    ).length / ways.length;
  const [top, low] = observed[0]! >= observed[1]! ? [0, 1] : [1, 0];
  const result = [0, 0];
  result[top] = share(top, [top, low]);
  result[low] = Math.max(result[top]!, share(low, [low]));
  return result;
}

test("two rows have the p-values of the definition", () => {
  const random = seededRandom(11);
  for (let repeat = 0; repeat < 50; repeat++) {
    const rows = [0, 1].map(() => ({
      first: [0, 0, 0].map(() => normalOf(random)),
      second: [0, 0, 0].map(() => normalOf(random) + 1),
      leastSpread: 0.1,
    }));
    assert.deepEqual(stepDownMaxT(rows), plainMaxT(rows));
  }
});

test("many runs are dealt at random, always in the same way", () => {
  const random = seededRandom(5);
  const side = (shift: number): number[] =>
    Array.from({ length: 12 }, () => normalOf(random) + shift);
  const rows = [
    { first: side(0), second: side(2), leastSpread: 0 },
    { first: side(0), second: side(0), leastSpread: 0 },
  ];
  const [clear, noise] = stepDownMaxT(rows);
  assert.ok(clear! < 0.01 && noise! > 0.05, `${clear} ${noise}`);
  assert.deepEqual(stepDownMaxT(rows), [clear, noise]);
});
