import assert from "node:assert/strict";
import { test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
  type TagSet,
} from "../../../src/metrics/index.ts";

/** A worker of the test: a store of its own, with a short way to record. */
class TestWorker {
  readonly registry = new MetricRegistry();
  readonly store: SampleStore = new SampleStore(this.registry);
  readonly root: TagSet = createTagInterner();

  add(name: string, value: number, tags: Record<string, string> = {}): void {
    const set = Object.entries(tags).reduce((all, [key, text]) => all.with(key, text), this.root);
    this.store.series(this.registry.get(name)!, set).add(value);
  }
}

const createAggregate = () => new MetricAggregate(new MetricRegistry());

test("adds up the workers' counters, rates and trends", () => {
  const aggregate = createAggregate();
  for (const worker of [0, 1, 2]) {
    const from = new TestWorker();
    from.add("http_reqs", 2);
    from.add("checks", worker);
    from.add("http_req_duration", 10 ** worker);
    aggregate.merge(from.store.drain(), worker);
  }
  assert.equal(aggregate.counter("http_reqs"), 6);
  assert.deepEqual(aggregate.rate("checks").values(), { rate: 2 / 3, passes: 2, fails: 1 });
  const { histogram } = aggregate.trend("http_req_duration");
  assert.deepEqual(
    [histogram.count, histogram.min, histogram.max, histogram.sum],
    [3, 1, 100, 111],
  );
});

test("answers a sub-metric by its tags, all of which must be equal", () => {
  const aggregate = createAggregate();
  const worker = new TestWorker();
  worker.add("http_reqs", 1, { status: "200", method: "GET" });
  worker.add("http_reqs", 1, { status: "200", method: "POST" });
  worker.add("http_reqs", 1, { status: "500", method: "GET" });
  aggregate.merge(worker.store.drain(), 0);
  assert.equal(aggregate.counter("http_reqs", { status: "200" }), 2);
  assert.equal(aggregate.counter("http_reqs", { status: "200", method: "GET" }), 1);
  assert.equal(aggregate.counter("http_reqs", { status: "404" }), 0);
  assert.equal(aggregate.counter("http_reqs", { constructor: "x" }), 0);
});

test("gives empty sinks for metrics without samples and undefined for unknown ones", () => {
  const aggregate = createAggregate();
  assert.equal(aggregate.sink("http_reqs")?.isEmpty, true);
  assert.equal(aggregate.sink("http_req_duration")?.type, "trend");
  assert.equal(aggregate.sink("nope"), undefined);
  assert.equal(aggregate.trend("http_reqs").isEmpty, true);
  assert.equal(aggregate.counter("checks"), 0);
  assert.equal(aggregate.rate("vus").isEmpty, true);
  assert.deepEqual(aggregate.gauge("vus").values(), { value: 0, min: 0, max: 0 });
  assert.deepEqual([aggregate.metricsSeen(), aggregate.seriesOf("http_reqs")], [[], []]);
});

test("hands out sinks of its own, which later merges do not change", () => {
  const aggregate = createAggregate();
  const worker = new TestWorker();
  worker.add("http_reqs", 1);
  aggregate.merge(worker.store.drain(), 0);
  const before = aggregate.sink("http_reqs");
  worker.add("http_reqs", 1);
  aggregate.merge(worker.store.drain(), 0);
  assert.deepEqual(before?.type === "counter" && before.sum, 1);
});

test("keeps a gauge's newest value over series, drains and workers, and its extremes over all", () => {
  const aggregate = createAggregate();
  const [first, second] = [new TestWorker(), new TestWorker()];
  first.add("vus", 5, { s: "a" });
  first.add("vus", 9, { s: "b" });
  first.add("vus", 7, { s: "a" });
  aggregate.merge(first.store.drain(), 0);
  assert.deepEqual(aggregate.gauge("vus").values(), { value: 7, min: 5, max: 9 });
  second.add("vus", 2, { s: "a" });
  aggregate.merge(second.store.drain(), 1);
  assert.deepEqual(aggregate.gauge("vus").values(), { value: 2, min: 2, max: 9 });
  assert.equal(aggregate.gauge("vus", { s: "b" }).last, 9);
});

test("takes intervals that hold what was merged since the last one", () => {
  const aggregate = createAggregate();
  const worker = new TestWorker();
  worker.store.trackAbove("http_req_duration", [50]);
  worker.add("http_reqs", 1, { status: "200" });
  worker.add("http_reqs", 1, { status: "500" });
  worker.add("http_req_duration", 40);
  worker.add("http_req_duration", 60);
  worker.add("checks", 0);
  aggregate.merge(worker.store.drain(), 0);
  const first = aggregate.takeInterval();
  assert.equal(first.counter("http_reqs"), 2);
  assert.equal(first.trend("http_req_duration")?.count, 2);
  assert.equal(first.above("http_req_duration", 50), 1);
  assert.deepEqual([first.rate("checks").total, first.rate("checks").trues], [1, 0]);
  worker.add("http_reqs", 1);
  aggregate.merge(worker.store.drain(), 0);
  const second = aggregate.takeInterval();
  assert.equal(second.counter("http_reqs"), 1);
  assert.equal(second.trend("http_req_duration"), undefined);
  assert.equal(second.above("http_req_duration", 50), 0);
  assert.equal(second.sink("checks"), undefined);
  assert.equal(first.counter("http_reqs"), 2);
  assert.equal(aggregate.counter("http_reqs"), 3);
});

test("lets a second aggregate count a part of the run after learning the rest", () => {
  const [whole, steady] = [createAggregate(), createAggregate()];
  const worker = new TestWorker();
  const tick = (isSteady: boolean): void => {
    worker.add("http_reqs", 1);
    const delta = worker.store.drain();
    whole.merge(delta, 3);
    if (isSteady) steady.merge(delta, 3);
    else steady.learn(delta, 3);
  };
  tick(false);
  assert.deepEqual(steady.metricsSeen(), []);
  tick(true);
  tick(true);
  tick(false);
  assert.deepEqual([whole.counter("http_reqs"), steady.counter("http_reqs")], [4, 2]);
});

test("lists metrics and series in the order of their first samples", () => {
  const aggregate = createAggregate();
  const worker = new TestWorker();
  for (const check of ["first", "second", "third"]) worker.add("checks", 1, { check });
  worker.add("http_reqs", 1);
  worker.add("checks", 1, { check: "first" });
  aggregate.merge(worker.store.drain(), 0);
  assert.deepEqual(
    aggregate.seriesOf("checks").map(({ tags }) => tags["check"]),
    ["first", "second", "third"],
  );
  assert.deepEqual(
    aggregate.metricsSeen().map(({ name }) => name),
    ["checks", "http_reqs"],
  );
});

test("knows metrics that only the workers declared", () => {
  const aggregate = createAggregate();
  const worker = new TestWorker();
  worker.registry.define("logins", "counter");
  worker.add("logins", 3);
  aggregate.merge(worker.store.drain(), 0);
  assert.equal(aggregate.counter("logins"), 3);
});

test("refuses numbers of series that were never defined", () => {
  const aggregate = createAggregate();
  const worker = new TestWorker();
  worker.add("http_reqs", 1);
  worker.store.drain();
  worker.add("http_reqs", 1);
  const delta = worker.store.drain();
  assert.throws(
    () => aggregate.merge(delta, 0),
    (error: unknown) => error instanceof LakhError && error.code === "METRIC_UNKNOWN_SERIES",
  );
});

test("refuses workers that count above different limits", () => {
  const aggregate = createAggregate();
  for (const [index, limit] of [100, 200].entries()) {
    const worker = new TestWorker();
    worker.store.trackAbove("http_req_duration", [limit]);
    worker.add("http_req_duration", 1);
    const delta = worker.store.drain();
    if (index === 0) aggregate.merge(delta, index);
    else {
      assert.throws(
        () => aggregate.merge(delta, index),
        (error: unknown) => error instanceof LakhError && error.code === "METRIC_LIMITS_CONFLICT",
      );
    }
  }
});
