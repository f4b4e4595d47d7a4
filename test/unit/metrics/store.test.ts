import assert from "node:assert/strict";
import { test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
} from "../../../src/metrics/index.ts";

function setUp() {
  const registry = new MetricRegistry();
  const store = new SampleStore(registry);
  return { registry, store, root: createTagInterner(), aggregate: new MetricAggregate(registry) };
}

test("gives one handle for the same metric and tags", () => {
  const { registry, store, root } = setUp();
  const reqs = registry.get("http_reqs")!;
  const series = store.series(reqs, root.with("a", "1"));
  assert.equal(store.series(reqs, root.with("a", "1")), series);
  assert.notEqual(store.series(reqs, root), series);
  assert.notEqual(store.series(registry.get("iterations")!, root.with("a", "1")), series);
  assert.deepEqual([series.metric, series.tags], [reqs, root.with("a", "1")]);
});

test("drains only series with samples, and defines each once", () => {
  const { registry, store, root } = setUp();
  const reqs = store.series(registry.get("http_reqs")!, root);
  store.series(registry.get("iterations")!, root);
  assert.equal(store.drain().numbers.length, 0);
  reqs.add(1);
  const first = store.drain();
  assert.deepEqual(
    first.metrics.map(({ name }) => name),
    ["http_reqs"],
  );
  assert.deepEqual([first.tagSets, first.series], [[{}], [[0, 0]]]);
  reqs.add(1);
  const second = store.drain();
  assert.deepEqual([second.metrics, second.tagSets, second.series], [[], [], []]);
  assert.deepEqual([...second.numbers], [0, 1, 1]);
  assert.equal(store.drain().numbers.length, 0);
});

test("drains a form that survives a thread boundary with its buffer transferred", () => {
  const { registry, store, root, aggregate } = setUp();
  store.series(registry.get("http_req_duration")!, root.with("status", "200")).add(12.5);
  const delta = store.drain();
  const received = structuredClone(delta, { transfer: [delta.numbers.buffer] });
  aggregate.merge(received, 0);
  assert.equal(aggregate.trend("http_req_duration", { status: "200" }).histogram.max, 12.5);
  assert.equal(delta.numbers.length, 0);
  store.series(registry.get("http_req_duration")!, root).add(1);
  aggregate.merge(store.drain(), 0);
  assert.equal(aggregate.trend("http_req_duration").histogram.count, 2);
});

test("records no NaN and no infinity", () => {
  const { registry, store, root } = setUp();
  for (const name of ["http_reqs", "vus", "checks", "http_req_duration"]) {
    const series = store.series(registry.get(name)!, root);
    for (const value of [Number.NaN, Infinity, -Infinity]) series.add(value);
  }
  assert.equal(store.drain().numbers.length, 0);
});

test("counts exactly what lies above a limit, on the limit is not above", () => {
  const { registry, store, root, aggregate } = setUp();
  store.trackAbove("http_req_duration", [500, 250]);
  const fast = store.series(registry.get("http_req_duration")!, root.with("name", "a"));
  const slow = store.series(registry.get("http_req_duration")!, root.with("name", "b"));
  for (const value of [250, 250.000001, 500, 0]) fast.add(value);
  slow.add(500.1);
  aggregate.merge(store.drain(), 0);
  const trend = aggregate.trend("http_req_duration");
  assert.deepEqual(
    [trend.countAbove(250), trend.countAbove(500), trend.countAbove(100)],
    [3, 1, undefined],
  );
  assert.equal(aggregate.trend("http_req_duration", { name: "a" }).countAbove(250), 2);
});

test("refuses to track limits that could not be exact", () => {
  const { registry, store, root } = setUp();
  const isConflict = (error: unknown) =>
    error instanceof LakhError && error.code === "METRIC_LIMITS_CONFLICT";
  assert.throws(() => store.trackAbove("http_reqs", [1]), isConflict);
  assert.throws(() => store.trackAbove("nope", [1]), isConflict);
  store.series(registry.get("http_req_waiting")!, root).add(1);
  assert.throws(() => store.trackAbove("http_req_waiting", [1]), isConflict);
});

test("reports every sample to the listener while one is set", () => {
  const { registry, store, root } = setUp();
  const series = store.series(registry.get("http_reqs")!, root);
  const seen: unknown[] = [];
  series.add(1);
  store.onSample = (from, value) => seen.push([from.metric.name, value]);
  series.add(2);
  series.add(Number.NaN);
  store.onSample = undefined;
  series.add(3);
  assert.deepEqual(seen, [["http_reqs", 2]]);
  assert.equal(store.onSample, undefined);
});

test("drains any number of series and buckets", () => {
  const { registry, store, root, aggregate } = setUp();
  for (let k = 0; k < 500; k++) {
    store.series(registry.get("http_req_duration")!, root.with("name", `n${k}`)).add(1.01 ** k);
  }
  aggregate.merge(store.drain(), 0);
  assert.equal(aggregate.seriesOf("http_req_duration").length, 500);
  const { histogram, avg } = aggregate.trend("http_req_duration");
  assert.deepEqual([histogram.count, histogram.min, histogram.max], [500, 1, 1.01 ** 499]);
  assert.equal(avg, histogram.sum / 500);
});
