import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  createTagInterner,
  MetricAggregate,
  type MetricDelta,
  MetricRegistry,
  SampleStore,
  type TagSet,
} from "../../src/metrics/index.ts";
import { createSink, type Sink } from "../../src/metrics/sinks.ts";
import { parseTrendStat } from "../../src/metrics/trend-stats.ts";

const names = ["http_reqs", "vus", "checks", "http_req_duration", "http_req_waiting"] as const;
const limits = [100, 250.5, 1_000];
const workerCount = 3;

type Event =
  | {
      readonly kind: "sample";
      readonly worker: number;
      readonly name: (typeof names)[number];
      readonly status: string;
      readonly value: number;
      /** How many values are recorded, and how far apart: enough, at times, for a trend to count instead of keeping them. */
      readonly times: number;
      readonly step: number;
    }
  | { readonly kind: "drain"; readonly worker: number };

const worker = fc.integer({ min: 0, max: workerCount - 1 });
// Whole and half numbers: sums are exact, so everything can be compared with equality.
const value = fc.integer({ min: -20, max: 4_000 }).map((halves) => halves / 2);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("sample" as const),
      worker,
      name: fc.constantFrom(...names),
      status: fc.constantFrom("200", "404", "500"),
      value,
      step: fc.constantFrom(0, 0.5),
      times: fc.oneof(
        { weight: 9, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.nat(90) },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drain" as const), worker }) },
);

function valuesOf({ value, times, step }: Extract<Event, { kind: "sample" }>): readonly number[] {
  return Array.from({ length: times }, (_, k) => value + k * step);
}

/** Records directly what the stores record through drains and merges. */
class Model {
  readonly all = new Map<string, Sink>();

  add(key: string, type: "counter" | "gauge" | "rate" | "trend", sample: number): void {
    const sink =
      this.all.get(key) ??
      createSink(type, { limits: key.startsWith("http_req_duration") ? limits : [] });
    this.all.set(key, sink);
    sink.add(sample);
  }

  get(key: string): unknown {
    const sink = this.all.get(key);
    return sink === undefined ? undefined : factsOf(sink);
  }
}

/** Everything of a sink that does not depend on the order of merging over workers. */
function factsOf(sink: Sink): unknown {
  const stats = ["avg", "med", "p(95)"].map(parseTrendStat);
  switch (sink.type) {
    case "gauge":
      return { min: sink.min, max: sink.max };
    case "trend":
      return [sink.histogram.toPlain(), sink.above, sink.values({ trendStats: stats })];
    case "counter":
      return [sink.samples, sink.sum];
    case "rate":
      return sink.values();
  }
}

/** Plays the events on stores; `deliver` gets each delta as the main thread would. */
function play(
  events: readonly Event[],
  deliver: (delta: MetricDelta, worker: number) => void,
): Model {
  const model = new Model();
  const workers = Array.from({ length: workerCount }, () => {
    const registry = new MetricRegistry();
    const store = new SampleStore(registry);
    store.trackAbove("http_req_duration", limits);
    return { registry, store, root: createTagInterner() as TagSet };
  });
  const drain = (index: number): void =>
    deliver(structuredClone(workers[index]!.store.drain()), index);
  for (const each of events) {
    const { registry, store, root } = workers[each.worker]!;
    if (each.kind === "drain") {
      drain(each.worker);
      continue;
    }
    const metric = registry.get(each.name)!;
    const series = store.series(metric, root.with("status", each.status));
    for (const recorded of valuesOf(each)) {
      series.add(recorded);
      model.add(each.name, metric.type, recorded);
      model.add(`${each.name}{${each.status}}`, metric.type, recorded);
    }
  }
  for (let index = 0; index < workerCount; index++) drain(index);
  return model;
}

const events = fc.array(event, { maxLength: 120 });

test("any pattern of drains and merges over several workers equals recording directly", () => {
  fc.assert(
    fc.property(events, (all) => {
      const aggregate = new MetricAggregate(new MetricRegistry());
      const model = play(all, (delta, index) => aggregate.merge(delta, index));
      for (const name of names) {
        const expected = model.get(name);
        const sink = aggregate.sink(name)!;
        assert.deepEqual(sink.isEmpty ? undefined : factsOf(sink), expected);
        for (const status of ["200", "404", "500"]) {
          const part = aggregate.sink(name, { status })!;
          assert.deepEqual(
            part.isEmpty ? undefined : factsOf(part),
            model.get(`${name}{${status}}`),
          );
        }
      }
    }),
    { numRuns: 200 },
  );
});

test("the order in which the workers' deltas come in changes nothing", () => {
  fc.assert(
    fc.property(events, (all) => {
      const [inOrder, byWorker] = [0, 1].map(() => new MetricAggregate(new MetricRegistry()));
      const kept: (readonly [delta: MetricDelta, worker: number])[] = [];
      play(all, (delta, index) => {
        inOrder!.merge(delta, index);
        kept.push([delta, index]);
      });
      // The deltas of one worker must come in order; those of the last worker come first.
      for (const [delta, index] of kept.sort(([, a], [, b]) => b - a))
        byWorker!.merge(delta, index);
      for (const name of names) {
        const [one, other] = [inOrder!.sink(name)!, byWorker!.sink(name)!];
        assert.deepEqual(factsOf(one), factsOf(other));
      }
      const [one, other] = [inOrder!, byWorker!].map((each) =>
        each.takeInterval().trend("http_req_duration")?.toPlain(),
      );
      assert.deepEqual(one, other);
    }),
    { numRuns: 150 },
  );
});

test("counts above limits are exact over all series and workers", () => {
  fc.assert(
    fc.property(events, (all) => {
      const aggregate = new MetricAggregate(new MetricRegistry());
      play(all, (delta, index) => aggregate.merge(delta, index));
      const values = all.flatMap((each) =>
        each.kind === "sample" && each.name === "http_req_duration" ? valuesOf(each) : [],
      );
      const trend = aggregate.trend("http_req_duration");
      for (const limit of limits) {
        const expected = values.filter((each) => each > limit).length;
        assert.equal(trend.countAbove(limit) ?? 0, expected);
      }
    }),
    { numRuns: 150 },
  );
});

test("the intervals add up to the whole", () => {
  fc.assert(
    fc.property(events, (all) => {
      const aggregate = new MetricAggregate(new MetricRegistry());
      const sums = { requests: 0, checks: 0, durations: 0, above: 0 };
      play(all, (delta, index) => {
        aggregate.merge(delta, index);
        const taken = aggregate.takeInterval();
        sums.requests += taken.counter("http_reqs");
        sums.checks += taken.rate("checks").total;
        sums.durations += taken.trend("http_req_duration")?.count ?? 0;
        sums.above += taken.above("http_req_duration", limits[0]!);
      });
      const trend = aggregate.trend("http_req_duration");
      assert.deepEqual(sums, {
        requests: aggregate.counter("http_reqs"),
        checks: aggregate.rate("checks").total,
        durations: trend.histogram.count,
        above: trend.countAbove(limits[0]!) ?? 0,
      });
    }),
    { numRuns: 100 },
  );
});

test("an aggregate that learned the first part counts exactly the second", () => {
  fc.assert(
    fc.property(events, fc.nat(20), (all, skipped) => {
      const [whole, rest, first] = [0, 1, 2].map(() => new MetricAggregate(new MetricRegistry()));
      let delivered = 0;
      play(all, (delta, index) => {
        whole!.merge(delta, index);
        const isFirst = delivered++ < skipped;
        if (isFirst) first!.merge(delta, index);
        else first!.learn(delta, index);
        if (isFirst) rest!.learn(delta, index);
        else rest!.merge(delta, index);
      });
      const counts = [first!, rest!, whole!].map(
        (each) => each.trend("http_req_duration").histogram.count,
      );
      assert.equal(counts[0]! + counts[1]!, counts[2]);
      assert.equal(
        first!.counter("http_reqs") + rest!.counter("http_reqs"),
        whole!.counter("http_reqs"),
      );
    }),
    { numRuns: 100 },
  );
});
