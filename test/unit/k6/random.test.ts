import assert from "node:assert/strict";
import { test } from "node:test";
import { goRandomTable } from "../../../src/k6/go-random-table.ts";
import { createModules } from "../../../src/k6/index.ts";
import { globalsOf, TestVu } from "../../support/k6-vu.ts";

function drawn(seed: unknown, count: number): number[] {
  const vu = new TestVu();
  const core = createModules(vu)("k6") as { randomSeed(seed: unknown): void };
  core.randomSeed(seed);
  const { Math: own } = globalsOf(vu) as { Math: Math };
  return Array.from({ length: count }, () => own.random());
}

/** What k6 v2.2 draws first. */
const fromK6: readonly (readonly [unknown, number])[] = [
  [42, 0.3730283610466326],
  [0, 0.9451961492941164],
  [undefined, 0.9451961492941164],
  [Number.NaN, 0.9451961492941164],
  [Infinity, 0.9451961492941164],
  [2147483647, 0.9451961492941164],
  [1, 0.6046602879796196],
  [1.9, 0.6046602879796196],
  [true, 0.6046602879796196],
  [2147483648, 0.6046602879796196],
  [-1, 0.3951876009960174],
  [123456789, 0.764978064279259],
  ["7", 0.9188921592527635],
  [9007199254740991, 0.25912757246568385],
  [-9007199254740992, 0.21758059486461864],
  [1e20, 0.8328240056498365],
];

for (const [seed, first] of fromK6) {
  test(`randomSeed(${String(seed)}) draws what k6 draws`, () => {
    assert.equal(drawn(seed, 1)[0], first);
  });
}

test("the sequence goes on as k6's when it comes round to its own words", () => {
  const numbers = drawn(42, 1_000);
  assert.deepEqual(
    numbers.slice(0, 3),
    [0.3730283610466326, 0.06600049679351791, 0.604093851558642],
  );
  assert.deepEqual(
    numbers.slice(605, 608),
    [0.25107649543058, 0.34054391845110393, 0.19551724091179506],
  );
  assert.equal(numbers[999], 0.11144990017066472);
  assert.equal(
    numbers.reduce((sum, number) => sum + number),
    498.33504642178497,
  );
});

test("the seed of a VU does not touch the Math of another, nor the platform's", () => {
  const platform = Math.random;
  drawn(1, 1);
  assert.equal(Math.random, platform);
  const other = globalsOf(new TestVu()) as { Math: Math };
  assert.equal(other.Math.random, platform);
});

const order = 607;
const word = (value: bigint): bigint => BigInt.asUintN(64, value);

/** Product of two polynomials modulo x^607 = x^334 + 1, coefficients modulo 2^64. */
function multiply(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const product = Array<bigint>(2 * order).fill(0n);
  for (const [i, x] of a.entries()) {
    if (x === 0n) continue;
    for (const [j, y] of b.entries()) product[i + j] = product[i + j]! + x * y;
  }
  for (let i = 2 * order - 1; i >= order; i--) {
    const carried = word(product[i]!);
    product[i - order] = product[i - order]! + carried;
    product[i - order + 334] = product[i - order + 334]! + carried;
  }
  return product.slice(0, order).map(word);
}

function powerOfX(exponent: bigint): bigint[] {
  let power = [1n, ...Array<bigint>(order - 1).fill(0n)];
  for (const bit of exponent.toString(2)) {
    power = multiply(power, power);
    if (bit === "0") continue;
    const top = power.at(-1)!;
    power = [top, ...power.slice(0, -1)];
    power[334] = word(power[334]! + top);
  }
  return power;
}

/** The state of the generator of the table after seed 1: three draws of 31 bits a word. */
function firstState(): bigint[] {
  let state = 1n;
  const next = (): bigint => (state = (state * 48_271n) % (2n ** 31n - 1n));
  for (let i = 0; i < 20; i++) next();
  return Array.from({ length: order }, () => word((next() << 20n) ^ (next() << 10n) ^ next()));
}

test("the table is the generator's own state after 7.8e12 steps", () => {
  const steps = 7_800_000_000_000n;
  const state = firstState();
  // Step k writes word (333 - k) modulo 607: the history in the order of time.
  const place = (step: number): number => (((333 - step) % order) + order) % order;
  const history = Array.from({ length: order }, (_, k) => state[place(k)]!);
  while (history.length < 2 * order) history.push(word(history.at(-order)! + history.at(-273)!));
  const power = powerOfX(steps);
  const shift = Number(steps % BigInt(order));
  const table = Buffer.from(goRandomTable, "base64");
  for (let j = 0; j < order; j += 101) {
    const value = power.reduce((sum, factor, i) => sum + factor * history[i + j]!, 0n);
    assert.equal(table.readBigUInt64LE(8 * place(j + shift)), word(value), `word ${j}`);
  }
});
