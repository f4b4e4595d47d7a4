import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  cliffsDelta,
  labellings,
  limitRank,
  mannWhitneyTail,
  rankShift,
} from "../../../../src/judge/compare/ranks.ts";

function isNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);
}

test("the smallest one-sided p is that of the published table", () => {
  for (const [runs, p] of [
    [2, 1 / 6],
    [3, 0.05],
    [4, 1 / 70],
    [5, 1 / 252],
  ] as const) {
    isNear(mannWhitneyTail(0, runs, runs), p, 1e-12);
    assert.equal(1 / labellings(runs, runs), p);
  }
  assert.equal(labellings(1, 19), 20);
});

test("the distribution of U is that of all orders of the values", () => {
  for (const [m, n] of [
    [2, 3],
    [4, 3],
    [5, 5],
  ] as const) {
    const counts = new Map<number, number>();
    // Every choice of the places of the second sample, by brute force.
    for (let chosen = 0; chosen < 2 ** (m + n); chosen++) {
      const places = Array.from({ length: m + n }, (_, place) => (chosen >> place) & 1);
      if (places.filter((arm) => arm === 1).length !== n) continue;
      const xsBefore = (place: number): number =>
        places.slice(0, place).filter((arm) => arm === 0).length;
      const u = places.reduce((sum, arm, place) => sum + (arm === 1 ? xsBefore(place) : 0), 0);
      counts.set(u, (counts.get(u) ?? 0) + 1);
    }
    const all = labellings(m, n);
    let sum = 0;
    for (let u = 0; u <= m * n; u++) {
      sum += counts.get(u) ?? 0;
      isNear(mannWhitneyTail(u, m, n), sum / all, 1e-12);
    }
  }
});

test("critical values of U are the published ones (one-sided 5 %)", () => {
  // U is significant up to: 3 v 3: 0, 4 v 4: 1, 5 v 5: 4, 6 v 6: 7, 8 v 8: 15, 10 v 10: 27; the rank is one more.
  for (const [runs, critical] of [
    [3, 0],
    [4, 1],
    [5, 4],
    [6, 7],
    [8, 15],
    [10, 27],
  ] as const)
    assert.equal(limitRank(runs, runs, 0.05), critical + 1, `${runs} runs`);
  assert.equal(limitRank(2, 2, 0.05), 0);
});

test("three runs a side have the least and the largest difference as limits", () => {
  const { estimate, low, high } = rankShift([1, 2, 3], [11, 12.5, 14], 0.05);
  assert.deepEqual([low, high], [8, 13]);
  assert.equal(estimate, 10.5);
});

test("the shift is the median of all differences, whatever the samples", () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), {
    minLength: 1,
    maxLength: 7,
  });
  fc.assert(
    fc.property(values, values, (first, second) => {
      const all: number[] = [];
      for (const y of second) for (const x of first) all.push(y - x);
      // The oracle counts: no more than half of the differences lie on either side.
      const { estimate } = rankShift(first, second, 0.05);
      assert.ok(all.filter((each) => each < estimate - 1e-9).length * 2 <= all.length);
      assert.ok(all.filter((each) => each > estimate + 1e-9).length * 2 <= all.length);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("too few runs have no limits", () => {
  assert.deepEqual(rankShift([1, 2], [3, 4], 0.05), {
    estimate: 2,
    low: -Infinity,
    high: Infinity,
  });
});

test("Cliff's delta counts the pairs", () => {
  assert.equal(cliffsDelta([1, 2, 3], [4, 5, 6]), 1);
  assert.equal(cliffsDelta([4, 5, 6], [1, 2, 3]), -1);
  assert.equal(cliffsDelta([1, 2], [1, 2]), 0);
  assert.equal(cliffsDelta([1, 3], [2, 4]), 0.5);
});
