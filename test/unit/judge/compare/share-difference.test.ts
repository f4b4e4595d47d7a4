import assert from "node:assert/strict";
import { test } from "node:test";
import { shareProbability, shareShift } from "../../../../src/judge/compare/share-difference.ts";

const count = (failed: number, requests: number, deff = 1) => ({ failed, requests, deff });

// Newcombe 1998, table II, method 10: p1 - p2 with its two-sided 95 % limits.
const published = [
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
] as const;

test("intervals are Newcombe's published ones", () => {
  for (const [a, m, b, n, low, high] of published) {
    const shift = shareShift(count(b, n), count(a, m), 0.025);
    assert.ok(Math.abs(shift.low - low) < 6e-5, `${a}/${m} - ${b}/${n}: ${shift.low}, not ${low}`);
    assert.ok(Math.abs(shift.high - high) < 6e-5, `${shift.high}, not ${high}`);
  }
});

test("the p-value is where the lower limit begins to be above zero", () => {
  const [first, second] = [count(20, 20_000), count(45, 20_000)];
  const p = shareProbability(first, second);
  assert.ok(p > 0.0001 && p < 0.01, String(p));
  assert.ok(shareShift(first, second, p * 1.01).low > 0);
  assert.ok(shareShift(first, second, p * 0.99).low < 0);
  assert.equal(shareProbability(second, first), 1);
  assert.equal(shareProbability(count(0, 100), count(0, 100)), 1);
});

test("failures that come together prove less", () => {
  const alone = shareShift(count(10, 10_000), count(60, 10_000), 0.05);
  const together = shareShift(count(10, 10_000, 20), count(60, 10_000, 20), 0.05);
  assert.ok(alone.low > 0.003 && together.low < 0.001);
  assert.equal(alone.estimate, together.estimate);
});

test("no failure of few requests bounds little", () => {
  const { high } = shareShift(count(0, 300), count(0, 300), 0.05);
  // z²/(n + z²) with z = 1.645
  assert.ok(Math.abs(high - 2.7055 / 302.7055) < 1e-5, String(high));
});
