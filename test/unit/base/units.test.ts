import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDurationMs } from "../../../src/base/units.ts";

test("reads durations to whole nanoseconds, so that texts come back as the number they were", () => {
  assert.equal(parseDurationMs("1.001s"), 1_001);
  assert.equal(parseDurationMs("-1.1s"), -1_100);
  assert.equal(parseDurationMs("1d2h"), 93_600_000);
  assert.equal(parseDurationMs("100ns"), 0.0001);
});

test("takes whole days, once and in front, as k6 does", () => {
  assert.equal(parseDurationMs("-1d"), -86_400_000);
  assert.equal(parseDurationMs("1d25h"), 176_400_000);
  for (const text of ["1d2d", "1.5d", "2h1d", "1d-2h", "1d 2h", "d", "1d1", "", "-"])
    assert.equal(parseDurationMs(text), undefined, text);
});

test("refuses durations that Go cannot count in nanoseconds", () => {
  assert.equal(parseDurationMs("99999999999999999999s"), undefined);
  assert.equal(parseDurationMs("2562047h"), 9_223_369_200_000);
});

test("refuses durations beyond every number", () => {
  assert.equal(parseDurationMs(`${"9".repeat(400)}s`), undefined);
  assert.equal(parseDurationMs("9".repeat(400)), undefined);
  assert.equal(parseDurationMs(Number.POSITIVE_INFINITY), undefined);
});
