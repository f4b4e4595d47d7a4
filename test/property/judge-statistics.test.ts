import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lowerBound, smallestPassingCount, upperBound } from "../../src/judge/statistics.ts";

/** Up to 60 trials no term underflows. P(X <= k) for X ~ Bin(n, p), term by term. */
function binomialCdf(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = term;
  for (let index = 1; index <= k; index++) {
    term *= ((n - index + 1) / index) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

const trials = fc
  .integer({ min: 1, max: 60 })
  .chain((n) => fc.record({ n: fc.constant(n), k: fc.integer({ min: 0, max: n }) }));

test("at the upper bound, so few violations have a probability of 5 %", () => {
  fc.assert(
    fc.property(trials, ({ n, k }) => {
      fc.pre(k < n);
      assert.ok(Math.abs(binomialCdf(k, n, upperBound(k, n)) - 0.05) < 1e-9);
    }),
    { numRuns: 300 },
  );
});

test("at the lower bound, so many violations have a probability of 5 %", () => {
  fc.assert(
    fc.property(trials, ({ n, k }) => {
      fc.pre(k > 0);
      assert.ok(Math.abs(1 - binomialCdf(k - 1, n, lowerBound(k, n)) - 0.05) < 1e-9);
    }),
    { numRuns: 300 },
  );
});

test("bounds enclose the share and rise with the violations, for large and fractional counts", () => {
  const counts = fc.record({
    n: fc.double({ min: 1, max: 1e7, noNaN: true }),
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
  });
  fc.assert(
    fc.property(counts, ({ n, share }) => {
      const k = share * n;
      const more = Math.min(n, k + Math.max(0.5, 0.01 * n));
      assert.ok(lowerBound(k, n) <= share + 1e-12 && upperBound(k, n) >= share - 1e-12);
      assert.ok(upperBound(more, n) >= upperBound(k, n) && lowerBound(more, n) >= lowerBound(k, n));
    }),
    { numRuns: 60 },
  );
});

test("the smallest passing count passes and one less does not", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40 }),
      fc.double({ min: 0.002, max: 0.3, noNaN: true }),
      (k, allowedShare) => {
        const n = smallestPassingCount(k, allowedShare);
        assert.ok(upperBound(k, n) < allowedShare && upperBound(k, n - 1) >= allowedShare);
      },
    ),
    { numRuns: 60 },
  );
});
