import assert from "node:assert/strict";
import { test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { ExponentialHistogram, parseTrendStat } from "../../../src/metrics/index.ts";

test("computes every statistic by its k6 name", () => {
  const histogram = new ExponentialHistogram();
  for (const value of [1, 2, 4, 8]) histogram.add(value);
  const valueOf = (name: string) => parseTrendStat(name).of(histogram);
  assert.deepEqual(["avg", "min", "max", "count"].map(valueOf), [3.75, 1, 8, 4]);
  assert.ok(Math.abs(valueOf("med") - 3) < 0.01);
  assert.equal(valueOf("p(100)"), 8);
  assert.equal(valueOf("p(0)"), 1);
  assert.equal(valueOf("p(99.9)"), histogram.quantile(99.9 / 100));
  assert.equal(parseTrendStat("p(99.9)").name, "p(99.9)");
});

test("gives 0 for every statistic of no samples", () => {
  const histogram = new ExponentialHistogram();
  for (const name of ["avg", "min", "med", "max", "count", "p(95)"]) {
    assert.equal(parseTrendStat(name).of(histogram), 0);
  }
});

test("refuses other names with k6's texts and exit code 255", () => {
  const messages = new Map([
    ["foo", "invalid trend stat 'foo', unknown format"],
    ["P(90)", "invalid trend stat 'P(90)', unknown format"],
    ["", "invalid trend stat '', unknown format"],
    ["p(101)", "invalid percentile trend stat value 'p(101)', provide a number between 0 and 100"],
    ["p(-1)", "invalid percentile trend stat value 'p(-1)', provide a number between 0 and 100"],
    ["p(abc)", "invalid percentile trend stat value 'p(abc)', provide a number between 0 and 100"],
    [
      "p( 90 )",
      "invalid percentile trend stat value 'p( 90 )', provide a number between 0 and 100",
    ],
    ["p(NaN)", "invalid percentile trend stat value 'p(NaN)', provide a number between 0 and 100"],
  ]);
  for (const [name, message] of messages) {
    assert.throws(
      () => parseTrendStat(name),
      (error: unknown) =>
        error instanceof LakhError &&
        error.message === message &&
        error.exitCode === 255 &&
        error.code === "TREND_STAT_UNKNOWN",
    );
  }
});
