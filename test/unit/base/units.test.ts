import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDurationMs } from "../../../src/base/units.ts";

test("reads durations to whole nanoseconds, so that texts come back as the number they were", () => {
  assert.equal(parseDurationMs("1.001s"), 1_001);
  assert.equal(parseDurationMs("-1.1s"), -1_100);
  assert.equal(parseDurationMs("1d2h"), 93_600_000);
  assert.equal(parseDurationMs("100ns"), 0.0001);
});

test("refuses durations beyond every number", () => {
  assert.equal(parseDurationMs(`${"9".repeat(400)}s`), undefined);
  assert.equal(parseDurationMs("9".repeat(400)), undefined);
  assert.equal(parseDurationMs(Number.POSITIVE_INFINITY), undefined);
});
