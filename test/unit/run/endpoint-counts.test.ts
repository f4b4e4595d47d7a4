import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
  withTags,
} from "../../../src/metrics/index.ts";
import { EndpointCounts, latencyLimitsOf } from "../../../src/run/endpoint-counts.ts";
import { healthyRecord } from "../../support/record.ts";

const endpoints = [
  {
    name: "/home",
    method: "GET",
    latency: [
      { share: 0.95, limitMs: 100 },
      { share: 0.99, limitMs: 200 },
    ],
    errorShare: null,
  },
  { name: "/home", latency: [], errorShare: 0.01 },
];

test("counts are exact, by name and method, over all tag sets, since the last call", () => {
  const registry = new MetricRegistry();
  const store = new SampleStore(registry);
  store.trackAbove("http_req_duration", [100, 200]);
  const interner = createTagInterner();
  const record = (tags: Record<string, string>, durationMs: number, failed: boolean): void => {
    const set = withTags(interner, tags);
    store.series(registry.get("http_req_duration")!, set).add(durationMs);
    store.series(registry.get("http_req_failed")!, set).add(failed ? 1 : 0);
  };
  const whole = new MetricAggregate(registry);
  const counts = new EndpointCounts(endpoints, whole);
  record({ name: "/home", method: "GET", status: "200" }, 100, false); // on the limit: not above
  record({ name: "/home", method: "GET", status: "200" }, 100.001, false);
  record({ name: "/home", method: "GET", status: "500" }, 250, true);
  record({ name: "/home", method: "POST", status: "200" }, 999, false);
  record({ name: "/login", method: "GET", status: "200" }, 999, true);
  whole.merge(store.drain(), 0);
  assert.deepEqual(counts.take(), [
    { requests: 3, failedRequests: 1, slowRequests: [2, 1] },
    { requests: 4, failedRequests: 1, slowRequests: [] },
  ]);
  record({ name: "/home", method: "GET", status: "200" }, 150, false);
  whole.merge(store.drain(), 0);
  assert.deepEqual(counts.take(), [
    { requests: 1, failedRequests: 0, slowRequests: [1, 0] },
    { requests: 1, failedRequests: 0, slowRequests: [] },
  ]);
});

test("without endpoints there is nothing to count", () => {
  const counts = new EndpointCounts([], new MetricAggregate(new MetricRegistry()));
  assert.equal(counts.take(), undefined);
});

test("every limit is tracked once", () => {
  const objectives = { ...healthyRecord().objectives!, endpoints };
  assert.deepEqual(latencyLimitsOf(objectives), [300, 500, 100, 200]);
  assert.deepEqual(latencyLimitsOf(undefined), []);
});
