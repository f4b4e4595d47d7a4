import assert from "node:assert/strict";
import { test } from "node:test";
import { mannKendallPValue, theilSenSlope, trendOf } from "../../../src/judge/trend.ts";

const line = (slope: number, count = 24, noise: (index: number) => number = () => 0) =>
  Array.from({ length: count }, (_, index) => ({
    at: index,
    value: 100 + slope * index + noise(index),
  }));

test("the slope of a line is its slope", () => {
  assert.equal(theilSenSlope(line(2)), 2);
});

test("a quarter of outliers does not move the slope far", () => {
  const spoilt = line(2).map((point, index) =>
    index % 5 === 0 ? { ...point, value: 10_000 } : point,
  );
  assert.ok(Math.abs(theilSenSlope(spoilt)! - 2) < 1);
});

test("points at one time have no slope", () => {
  assert.equal(
    theilSenSlope([
      { at: 1, value: 1 },
      { at: 1, value: 2 },
    ]),
    undefined,
  );
  assert.equal(trendOf(Array.from({ length: 8 }, (_, value) => ({ at: 0, value }))), undefined);
  assert.equal(trendOf(line(1, 3)), undefined);
});

test("ten rising values are significant by the exact variance", () => {
  // S = 45, Var = 10*9*25/18 = 125, z = 44/sqrt(125) = 3.935: p = 8.3e-5.
  assert.ok(Math.abs(mannKendallPValue([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) - 8.3e-5) < 1e-6);
});

test("constant, short and balanced series are not significant", () => {
  assert.equal(mannKendallPValue([5, 5, 5, 5, 5, 5]), 1);
  assert.equal(mannKendallPValue([1, 2, 3]), 1);
  assert.ok(mannKendallPValue([1, 2, 3, 4, 3, 2, 1, 2]) > 0.05);
});

test("the limits hold the slope between them and a clear rise is above zero", () => {
  const trend = trendOf(line(2, 24, (index) => ((index * 7) % 5) - 2))!;
  assert.ok(
    trend.slopeLower > 1 &&
      trend.slopeLower <= trend.slope &&
      trend.slope <= trend.slopeUpper &&
      trend.slopeUpper < 3,
  );
  assert.ok(trend.pValue < 0.001);
});
