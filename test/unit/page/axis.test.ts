/** Marks of axes: round, inside the ends, and few. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  areLabelsBelow,
  clockTicks,
  linearScale,
  linearTicks,
  logScale,
  logTicks,
} from "../../../src/page/components/axis.ts";

describe("ticks", () => {
  it("are round numbers from zero on", () => {
    assert.deepEqual(linearTicks(110, 4), [0, 50, 100]);
    assert.deepEqual(
      linearTicks(0.33, 4).map((value) => Number(value.toFixed(6))),
      [0, 0.1, 0.2, 0.3],
    );
    assert.deepEqual(linearTicks(0, 4), [0]);
  });

  it("of a time axis are whole steps of a clock", () => {
    assert.deepEqual(clockTicks(500, 65_000, 6), [15_000, 30_000, 45_000, 60_000]);
  });

  it("of a logarithmic axis are 1, 2 and 5 times powers of ten, or only those over a wide range", () => {
    assert.deepEqual(logTicks(0.9, 60), [1, 2, 5, 10, 20, 50]);
    assert.deepEqual(logTicks(0.01, 1e4), [0.01, 0.1, 1, 10, 100, 1_000, 10_000]);
  });

  it("are never many, and never outside", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (highest) => {
        const ticks = linearTicks(highest, 4);
        assert.ok(ticks.length >= 2 && ticks.length <= 6, `${ticks.length}`);
        assert.ok(ticks.every((value) => value >= 0 && value <= highest * (1 + 1e-9)));
      }),
    );
  });
});

describe("scales", () => {
  it("put the ends at the ends", () => {
    const linear = linearScale(10, 20, [100, 0]);
    assert.deepEqual([linear(10), linear(15), linear(20)], [100, 50, 0]);
    const log = logScale(1, 100, [0, 10]);
    assert.ok(Math.abs(log(10) - 5) < 1e-12);
  });
});

describe("labels of levels", () => {
  it("stand above their lines, but the lower of two that are close", () => {
    assert.deepEqual(areLabelsBelow([20, 100]), [false, false]);
    assert.deepEqual(areLabelsBelow([20, 28]), [false, true]);
    assert.deepEqual(areLabelsBelow([28, 20]), [true, false]);
    assert.deepEqual(areLabelsBelow([50, 50]), [false, true]);
    assert.deepEqual(areLabelsBelow([]), []);
  });
});
