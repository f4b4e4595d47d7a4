import assert from "node:assert/strict";
import { test } from "node:test";
import { growthShape } from "../../../src/judge/saturation.ts";
import type { TrendPoint } from "../../../src/judge/trend.ts";

/** Three hours of windows of five minutes, with a disturbance that does not repeat at once. */
function points(valueAt: (hours: number) => number): TrendPoint[] {
  return Array.from({ length: 36 }, (_, window) => {
    const at = 1 + window / 12;
    return { at, value: valueAt(at - 1) + ((window * 7) % 11) / 20 };
  });
}

test("a line, level ground and growth that gets faster are lines", () => {
  for (const valueAt of [
    (hours: number) => 300 + 10 * hours,
    () => 300,
    (hours: number) => 300 + 10 * hours ** 2,
  ])
    assert.equal(growthShape(points(valueAt)).shape, "line");
});

test("growth that comes to an end is something that fills up", () => {
  assert.equal(growthShape(points((hours) => 300 - 100 * Math.exp(-hours))).shape, "filling");
});

test("a leak behind a warm-up is seen as both, and what fills up can be taken out", () => {
  const growth = growthShape(points((hours) => 300 + 5 * hours - 100 * Math.exp(-2 * hours)));
  assert.ok(growth.shape === "filling and line");
  const [first, last] = [growth.withoutFilling[0]!, growth.withoutFilling.at(-1)!];
  const slope = (last.value - first.value) / (last.at - first.at);
  assert.ok(Math.abs(slope - 5) < 0.5, String(slope));
});

test("points without extent in time have no shape", () => {
  assert.equal(growthShape([]).shape, "line");
  assert.equal(growthShape(points(() => 1).map((point) => ({ ...point, at: 1 }))).shape, "line");
});
