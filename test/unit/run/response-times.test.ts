import assert from "node:assert/strict";
import { test } from "node:test";
import { packTrend, TrendSink } from "../../../src/metrics/index.ts";
import { ResponseTimes } from "../../../src/run/response-times.ts";
import { healthyRecord } from "../../support/record.ts";

const limitsMs = [300, 500];
const objectives = healthyRecord().objectives!;

function parcelOf(valuesMs: readonly number[]): Float64Array {
  const trend = new TrendSink(limitsMs);
  for (const valueMs of valuesMs) trend.add(valueMs);
  return packTrend(trend);
}

test("counts the late requests of all workers, and keeps the steady state's distribution", () => {
  const times = new ResponseTimes(objectives);
  assert.deepEqual(times.add([parcelOf([900])], false), [1, 1]);
  assert.deepEqual(times.add([parcelOf([10, 301]), parcelOf([300, 501])], true), [2, 1]);
  assert.deepEqual(times.add([parcelOf([]), parcelOf([20])], true), [0, 0]);
  assert.equal(times.steady!.count, 5);
  assert.equal(times.steady!.max, 501, "what came before the steady state is not in it");
});

test("many values travel as well as few", () => {
  const valuesMs = Array.from({ length: 1_000 }, (_, k) => k + 1);
  const times = new ResponseTimes(objectives);
  assert.deepEqual(times.add([parcelOf(valuesMs)], true), [700, 500]);
  assert.equal(times.steady!.count, 1_000);
  assert.ok(Math.abs(times.steady!.quantile(0.95) - 950.05) < 950 * 0.0028);
});

test("a parcel leaves its trend empty", () => {
  const trend = new TrendSink(limitsMs);
  trend.add(400);
  packTrend(trend);
  const times = new ResponseTimes(objectives);
  assert.deepEqual(times.add([packTrend(trend)], true), [0, 0]);
});

test("a load without due times has no response times", () => {
  const times = new ResponseTimes(objectives);
  assert.equal(times.add([], true), undefined);
  assert.equal(times.steady, undefined);
});
