import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
} from "../../../../../src/metrics/index.ts";
import { PointReader } from "../../../../../src/run/runners/k6/points.ts";

const metricLine = (name: string, type: string, contains = "default"): string =>
  `${JSON.stringify({ type: "Metric", data: { name, type, contains, thresholds: [], submetrics: null }, metric: name })}\n`;

/** A line as k6 writes it: this order of keys, no spaces. */
function pointLine(
  metric: string,
  value: number,
  at: { second: number; tags?: Record<string, string>; metadata?: Record<string, string> },
): string {
  const time = `2026-11-26T10:00:${String(at.second).padStart(2, "0")}.123456789Z`;
  const data = { time, value, tags: at.tags ?? { scenario: "s", group: "" } };
  const withMetadata = at.metadata === undefined ? data : { ...data, metadata: at.metadata };
  return `${JSON.stringify({ metric, type: "Point", data: withMetadata })}\n`;
}

const secondMs = (second: number): number => Date.UTC(2026, 10, 26, 10, 0, second, 123);

function createReader(openScenarios: readonly string[] = []): {
  points: PointReader;
  read: () => MetricAggregate;
} {
  const registry = new MetricRegistry();
  const store = new SampleStore(registry);
  const aggregate = new MetricAggregate(registry);
  return {
    points: new PointReader(registry, store, { openScenarios, rootTags: createTagInterner() }),
    read: () => {
      aggregate.merge(store.drain(), 0);
      return aggregate;
    },
  };
}

describe("samples of k6", () => {
  it("are recorded with their tags when the time that is asked for has come", () => {
    const { points, read } = createReader();
    points.feed(metricLine("http_reqs", "counter"));
    points.feed(
      pointLine("http_reqs", 1, { second: 1 }) + pointLine("http_reqs", 1, { second: 2 }),
    );
    points.recordScenarios(secondMs(2));
    assert.equal(read().counter("http_reqs"), 1);
    points.recordScenarios(Infinity);
    assert.equal(read().counter("http_reqs"), 2);
    const [series] = read().seriesOf("http_reqs");
    assert.deepEqual({ ...series!.tags }, { group: "", scenario: "s" });
  });

  it("may be cut anywhere", () => {
    const whole =
      metricLine("my_trend", "trend", "time") + pointLine("my_trend", 12.5, { second: 1 });
    for (let at = 1; at < whole.length; at++) {
      const { points, read } = createReader();
      points.feed(whole.slice(0, at));
      points.feed(whole.slice(at));
      points.recordScenarios(Infinity);
      const trend = read().trend("my_trend").histogram;
      assert.deepEqual([trend.count, trend.sum], [1, 12.5]);
    }
  });

  it("are read whatever stands in their tags", () => {
    const { points, read } = createReader();
    const tags = { scenario: "s", name: 'a"b\\,"tags":{"x":1}},"metadata":{', ünï: "çødé 😀" };
    points.feed(metricLine("c1", "counter"));
    points.feed(pointLine("c1", 2, { second: 1, tags, metadata: { vu: "3", note: "}}" } }));
    points.recordScenarios(Infinity);
    const [series] = read().seriesOf("c1");
    assert.deepEqual({ ...series!.tags }, tags);
    assert.equal(read().counter("c1"), 2);
  });

  it("of setup and teardown are kept apart from those of scenarios", () => {
    const { points, read } = createReader();
    points.feed(metricLine("http_reqs", "counter") + metricLine("data_sent", "counter", "data"));
    points.feed(pointLine("http_reqs", 1, { second: 1, tags: { group: "::setup" } }));
    points.feed(pointLine("data_sent", 10, { second: 1, tags: { group: "::setup" } }));
    points.feed(
      pointLine("http_reqs", 1, { second: 2, tags: { group: "::setup", scenario: "s" } }),
    );
    points.feed(pointLine("http_reqs", 1, { second: 9, tags: { group: "::teardown" } }));
    assert.equal(points.counts.ended, 0);
    assert.equal(points.lastMs, secondMs(2));
    points.recordScenarios(Infinity);
    assert.equal(read().counter("http_reqs"), 1);
    points.recordLifecycle("setup");
    assert.equal(read().counter("http_reqs"), 2);
    points.recordLifecycle("teardown");
    assert.equal(read().counter("http_reqs"), 3);
  });

  it("tell of iterations: completed, cut, dropped, and when those of open scenarios started", () => {
    const { points } = createReader(["s"]);
    points.feed(metricLine("iterations", "counter") + metricLine("dropped_iterations", "counter"));
    points.feed(metricLine("data_sent", "counter", "data"));
    points.feed(metricLine("iteration_duration", "trend", "time"));
    points.feed(pointLine("data_sent", 0, { second: 3 }));
    points.feed(pointLine("iteration_duration", 1_500, { second: 3 }));
    points.feed(pointLine("iterations", 1, { second: 3 }));
    points.feed(pointLine("data_sent", 0, { second: 4 })); // an iteration that was cut ends with this alone
    points.feed(pointLine("dropped_iterations", 2, { second: 5 }));
    const { completed, ended, dropped } = points.counts;
    assert.deepEqual({ completed, ended, dropped }, { completed: 1, ended: 2, dropped: 2 });
    const moments = points.moments.get("s")!;
    assert.deepEqual(moments.startsMs, [secondMs(3) - 1_500]);
    assert.deepEqual(moments.dropsMs, [secondMs(5), secondMs(5)]);
  });

  it("tell of VUs: how many run, how many there are, which were used", () => {
    const { points } = createReader();
    points.feed(
      metricLine("vus", "gauge") +
        metricLine("vus_max", "gauge") +
        metricLine("iterations", "counter"),
    );
    points.feed(
      pointLine("vus", 3, { second: 1, tags: {} }) +
        pointLine("vus_max", 8, { second: 1, tags: {} }),
    );
    for (const vu of ["1", "2", "1", "0"])
      points.feed(pointLine("iterations", 1, { second: 2, metadata: { vu, iter: "0" } }));
    assert.deepEqual([points.counts.activeVus, points.counts.maxVus, points.usedVus], [3, 8, 2]);
  });

  it("begin where the first measured span began", () => {
    const { points } = createReader();
    points.feed(
      metricLine("http_reqs", "counter") + metricLine("http_req_duration", "trend", "time"),
    );
    assert.equal(points.firstStartMs(), undefined);
    points.feed(pointLine("http_reqs", 1, { second: 2 }));
    points.feed(pointLine("http_req_duration", 40, { second: 2 }));
    assert.equal(points.firstStartMs(), secondMs(2) - 40);
  });
});
