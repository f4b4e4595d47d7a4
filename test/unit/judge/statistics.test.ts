import assert from "node:assert/strict";
import { test } from "node:test";
import {
  designEffect,
  lagOneCorrelation,
  lowerBound,
  regularizedBeta,
  requestsToFail,
  requestsToPass,
  smallestPassingCount,
  upperBound,
} from "../../../src/judge/statistics.ts";

function isNear(actual: number, expected: number, relative: number): void {
  assert.ok(Math.abs(actual / expected - 1) <= relative, `${actual} is not near ${expected}`);
}

test("the upper bound of no violations is the closed form 1 - a^(1/n)", () => {
  for (const n of [1, 10, 299, 2_995, 30_000, 10_000_000])
    isNear(upperBound(0, n), -Math.expm1(Math.log(0.05) / n), 1e-6);
});

test("the lower bound of nothing but violations is a^(1/n)", () => {
  for (const n of [1, 10, 1_000, 10_000_000]) isNear(lowerBound(n, n), 0.05 ** (1 / n), 1e-6);
});

test("no violations give no lower bound, all violations no upper one, no requests no bound", () => {
  assert.equal(lowerBound(0, 1_000), 0);
  assert.equal(upperBound(1_000, 1_000), 1);
  assert.deepEqual([lowerBound(0, 0), upperBound(0, 0)], [0, 1]);
  assert.deepEqual([lowerBound(Number.NaN, 100), upperBound(0, Number.NaN)], [0, 1]);
});

const passingCounts: readonly (readonly [
  allowedShare: number,
  counts: Readonly<Record<number, number>>,
])[] = [
  [
    0.01,
    { 0: 299, 1: 473, 2: 628, 3: 773, 5: 1_049, 10: 1_693, 20: 2_902, 50: 6_323, 100: 11_799 },
  ],
  [
    0.001,
    {
      0: 2_995,
      1: 4_742,
      2: 6_294,
      3: 7_752,
      5: 10_511,
      10: 16_959,
      20: 29_058,
      50: 63_281,
      100: 118_071,
    },
  ],
  [
    0.0001,
    {
      0: 29_956,
      1: 47_437,
      2: 62_956,
      3: 77_535,
      5: 105_128,
      10: 169_619,
      20: 290_616,
      50: 632_865,
    },
  ],
  [0.05, { 0: 59 }],
];

for (const [allowedShare, counts] of passingCounts) {
  test(`the smallest passing counts for ${allowedShare} are the published ones`, () => {
    for (const [violations, count] of Object.entries(counts)) {
      assert.equal(
        smallestPassingCount(Number(violations), allowedShare),
        count,
        `${violations} violations`,
      );
    }
  });
}

test("the decision numbers for 0.1 % are the published ones", () => {
  for (const [n, passUpTo, failFrom] of [
    [3_000, 0, 7],
    [10_000, 4, 16],
    [30_000, 20, 40],
    [100_000, 83, 118],
  ] as const) {
    assert.ok(
      upperBound(passUpTo, n) < 0.001 && upperBound(passUpTo + 1, n) >= 0.001,
      `PASS at ${n}`,
    );
    assert.ok(
      lowerBound(failFrom, n) > 0.001 && lowerBound(failFrom - 1, n) <= 0.001,
      `FAIL at ${n}`,
    );
  }
  assert.ok(upperBound(0, 1_000) >= 0.001);
});

test("bounds of ten million requests agree with the normal approximation", () => {
  const n = 10_000_000;
  const error = 1.6449 * Math.sqrt((0.05 * 0.95) / n);
  isNear(upperBound(500_000, n), 0.05 + error, 1e-5);
  isNear(lowerBound(500_000, n), 0.05 - error, 1e-5);
});

test("the incomplete beta function has its symmetry and its closed forms", () => {
  isNear(regularizedBeta(0.3, 1, 1), 0.3, 1e-12);
  isNear(regularizedBeta(0.3, 2, 1), 0.09, 1e-12);
  isNear(regularizedBeta(0.3, 5.5, 70.2), 1 - regularizedBeta(0.7, 70.2, 5.5), 1e-9);
  assert.deepEqual([regularizedBeta(0, 2, 3), regularizedBeta(1, 2, 3)], [0, 1]);
});

test("requests to pass start at the rule of three and grow without limit towards the limit", () => {
  assert.equal(requestsToPass(0, 0.001), 2_995);
  const half = requestsToPass(0.0005, 0.001);
  assert.ok(half > 10_000 && half < 20_000, String(half));
  assert.equal(requestsToPass(0.001, 0.001), Number.POSITIVE_INFINITY);
  assert.equal(requestsToPass(0.0009999999, 0.001), Number.POSITIVE_INFINITY);
  assert.ok(requestsToFail(0.002, 0.001) < 10_000);
  assert.equal(requestsToFail(0.001, 0.001), Number.POSITIVE_INFINITY);
});

test("evenly spread violations have a design effect of one", () => {
  const windows = Array.from({ length: 60 }, () => ({ requests: 500, violations: 5 }));
  assert.deepEqual(designEffect(windows), { deff: 1, windows: 60 });
});

test("violations in one burst have a large design effect", () => {
  const windows = Array.from({ length: 60 }, (_, index) => ({
    requests: 500,
    violations: index === 30 ? 300 : 0,
  }));
  // V/(p(1-p)/n) by hand: p = 0.01, sum (e - pm)^2 = 295^2 + 59 * 25 = 88,500, J/(J-1) = 60/59, n = 30,000.
  isNear(designEffect(windows).deff, ((60 / 59) * 88_500) / 30_000 / (0.01 * 0.99), 1e-9);
});

test("likeness over longer than a window is found by longer windows", () => {
  const windows = (stretch: number) =>
    Array.from({ length: 80 }, (_, index) => ({
      requests: 500,
      violations: Math.floor(index / stretch) % 2 === 0 ? 0 : 50,
    }));
  assert.ok(designEffect(windows(4)).deff > 3 * designEffect(windows(1)).deff);
  assert.equal(designEffect(windows(40)).windows, 80);
});

test("likeness that doubling cannot remove makes the design effect larger", () => {
  const shape = (violationsOf: (index: number) => number): number =>
    designEffect(
      Array.from({ length: 30 }, (_, index) => ({
        requests: 500,
        violations: violationsOf(index),
      })),
    ).deff;
  assert.ok(
    shape((index) => (index < 15 ? 0 : 50)) > 5 * shape((index) => (index % 2 === 0 ? 0 : 50)),
  );
});

test("empty windows and no windows have a design effect of one", () => {
  assert.deepEqual(designEffect([]), { deff: 1, windows: 0 });
  assert.deepEqual(designEffect([{ requests: 0, violations: 0 }]), { deff: 1, windows: 0 });
  assert.equal(lagOneCorrelation([1, 1, 1, 1, 1]), 0);
});

test("what is no number is bounded by nothing that passes", () => {
  for (const [violations, requests] of [
    [Number.NaN, 10_000],
    [0, Number.NaN],
    [Number.NaN, Number.NaN],
  ] as const) {
    assert.equal(upperBound(violations, requests), 1);
    assert.equal(lowerBound(violations, requests), 0);
  }
});
