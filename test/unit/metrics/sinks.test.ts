import assert from "node:assert/strict";
import { test } from "node:test";
import { createSink, mergeSinks } from "../../../src/metrics/sinks.ts";
import { parseTrendStat } from "../../../src/metrics/trend-stats.ts";

const options = { durationMs: 2_000, trendStats: ["avg", "p(90)"].map(parseTrendStat) };

test("a counter's values are its sum and the sum a second", () => {
  const sink = createSink("counter");
  for (const value of [1, 2, -0.5]) sink.add(value);
  assert.deepEqual(sink.values(options), { count: 2.5, rate: 1.25 });
  assert.deepEqual(sink.values({ ...options, durationMs: 0 }), { count: 2.5, rate: 0 });
});

test("a counter that was fed zeros is not empty", () => {
  const sink = createSink("counter");
  assert.equal(sink.isEmpty, true);
  sink.add(0);
  assert.equal(sink.isEmpty, false);
});

test("a gauge's values are the last, the smallest and the largest", () => {
  const sink = createSink("gauge");
  for (const value of [4, -2, 3]) sink.add(value);
  assert.deepEqual(sink.values(options), { value: 3, min: -2, max: 4 });
});

test("a rate counts every value but zero as a pass", () => {
  const sink = createSink("rate");
  for (const value of [1, 0, -3, 0.1]) sink.add(value);
  assert.deepEqual(sink.values(options), { rate: 0.75, passes: 3, fails: 1 });
});

test("a trend's values are the statistics that were asked for, in their order", () => {
  const sink = createSink("trend");
  for (const value of [10, 20]) sink.add(value);
  const values = sink.values(options);
  assert.deepEqual(Object.keys(values), ["avg", "p(90)"]);
  assert.equal(values["avg"], 15);
});

test("a reset sink is empty and starts anew", () => {
  for (const type of ["counter", "gauge", "rate", "trend"] as const) {
    const [used, fresh] = [createSink(type, { limits: [1] }), createSink(type, { limits: [1] })];
    used.add(5);
    used.reset();
    assert.equal(used.isEmpty, true);
    used.add(2);
    fresh.add(2);
    assert.deepEqual(used.values(options), fresh.values(options));
  }
});

test("sinks of different types do not merge", () => {
  assert.throws(() => mergeSinks(createSink("rate"), createSink("trend")), TypeError);
});
