import assert from "node:assert/strict";
import { test } from "node:test";
import { asciiGlyphs, blockGlyphs } from "../../../../src/report/index.ts";
import { doneCells, sparkline } from "../../../../src/report/live/sparkline.ts";

test("a curve has a cell a value, from the bottom at 0 to the top", () => {
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 7, blockGlyphs), "▁▂▃▄▅▆▇█");
  assert.equal(sparkline([0, 7, 3.4], 7, asciiGlyphs), "_@=");
});

test("a second without a value is a gap, and nothing but zeros is a line at the bottom", () => {
  assert.equal(sparkline([1, null, Number.NaN, 1], 1, blockGlyphs), "█  █");
  assert.equal(sparkline([0, 0], 0, blockGlyphs), "▁▁");
});

test("values outside the scale stay on it", () => {
  assert.equal(sparkline([-5, 50], 10, blockGlyphs), "▁█");
});

test("a bar is full only at the end, and empty only at the start", () => {
  assert.equal(doneCells(0, 10), 0);
  assert.equal(doneCells(0.001, 10), 1);
  assert.equal(doneCells(0.5, 10), 5);
  assert.equal(doneCells(0.999, 10), 9);
  assert.equal(doneCells(1, 10), 10);
  assert.equal(doneCells(Number.NaN, 10), 0);
  assert.equal(doneCells(0.5, 0), 0);
  assert.equal(doneCells(0.5, 1), 0);
});
