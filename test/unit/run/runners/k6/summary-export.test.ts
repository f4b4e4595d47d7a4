import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
} from "../../../../../src/metrics/index.ts";
import {
  exportedMetrics,
  exportedThresholds,
} from "../../../../../src/run/runners/k6/summary-export.ts";

const summary = {
  metrics: {
    http_reqs: { count: 40, rate: 4, thresholds: { "count>50": true } },
    http_req_failed: { passes: 1, fails: 39, value: 0.025, thresholds: { " rate<0.5": false } },
    "http_req_duration{status:200}": { avg: 3, "p(95)": 7.5, thresholds: { "p(95)<10": false } },
    not_declared: { count: 1, rate: 1 },
  },
};

/** A run with a sample of each of these metrics, of requests with status 200. */
function samplesOf(names: readonly string[]): MetricAggregate {
  const registry = new MetricRegistry();
  const store = new SampleStore(registry);
  const tags = createTagInterner().with("status", "200");
  for (const name of names) store.series(registry.get(name)!, tags).add(1);
  const whole = new MetricAggregate(registry);
  whole.merge(store.drain(), 0);
  return whole;
}

describe("k6's summary export", () => {
  it("gives the metrics as the record holds them", () => {
    assert.deepEqual(exportedMetrics(summary, new MetricRegistry()), [
      { name: "http_reqs", type: "counter", contains: "default", values: { count: 40, rate: 4 } },
      {
        name: "http_req_failed",
        type: "rate",
        contains: "default",
        values: { passes: 1, fails: 39, rate: 0.025 },
      },
      {
        name: "http_req_duration{status:200}",
        type: "trend",
        contains: "time",
        values: { avg: 3, "p(95)": 7.5 },
      },
    ]);
  });

  it("gives the thresholds as k6 judged them: true in the file is crossed", () => {
    const seen = ["http_reqs", "http_req_failed", "http_req_duration"];
    assert.deepEqual(exportedThresholds(summary, new MetricRegistry(), samplesOf(seen)), [
      { metric: "http_reqs", source: "count>50", ok: false, actual: 40 },
      { metric: "http_req_failed", source: " rate<0.5", ok: true, actual: 0.025 },
      { metric: "http_req_duration{status:200}", source: "p(95)<10", ok: true, actual: 7.5 },
    ]);
  });

  it("measures what the file does not have: only the statistics of the summary are in it", () => {
    const partly = {
      metrics: { http_req_duration: { avg: 1, thresholds: { "p(99)<10": false } } },
    };
    const whole = samplesOf(["http_req_duration"]);
    assert.deepEqual(exportedThresholds(partly, new MetricRegistry(), whole), [
      { metric: "http_req_duration", source: "p(99)<10", ok: true, actual: 1 },
    ]);
  });

  it("takes k6's zero of a threshold that no sample came for as none", () => {
    const unseen = {
      metrics: { "http_req_duration{name:x}": { "p(95)": 0, thresholds: { "p(95)<10": false } } },
    };
    const whole = samplesOf(["http_req_duration"]);
    assert.deepEqual(exportedThresholds(unseen, new MetricRegistry(), whole), [
      { metric: "http_req_duration{name:x}", source: "p(95)<10", ok: true, actual: undefined },
    ]);
  });
});
