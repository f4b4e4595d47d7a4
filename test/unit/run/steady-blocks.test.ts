import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
  withTags,
} from "../../../src/metrics/index.ts";
import { blockMetrics, SteadyBlocks } from "../../../src/run/steady-blocks.ts";
import { seededRandom } from "../../support/figures.ts";

/** A store, an aggregate that keeps windows of it, and the windows. */
function setUp(toMs: number) {
  const registry = new MetricRegistry();
  const store = new SampleStore(registry);
  const interner = createTagInterner();
  const steady = new MetricAggregate(registry, blockMetrics);
  const blocks = new SteadyBlocks(steady, { fromMs: 0, toMs, rule: "" });
  let atMs = 0;
  return {
    blocks,
    request: (name: string, durationMs: number, failed = false, status = "200"): void => {
      const tags = withTags(interner, { name, method: "GET", status });
      store.series(registry.get("http_req_duration")!, tags).add(durationMs);
      store.series(registry.get("http_req_failed")!, tags).add(failed ? 1 : 0);
    },
    tick: (lengthMs = 1_000): void => {
      steady.merge(store.drain(), 0);
      blocks.addTick(atMs, atMs + lengthMs);
      atMs += lengthMs;
    },
  };
}

/** k6's percentile of the values themselves. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  const high = sorted[Math.ceil(position)]!;
  return low + (high - low) * (position - Math.floor(position));
}

test("a window's percentiles are those of its own requests, over all tag sets of an endpoint", () => {
  const { blocks, request, tick } = setUp(60_000);
  const random = seededRandom(1);
  const truth: number[][] = [];
  for (let window = 0; window < 4; window++) {
    const values: number[] = [];
    for (let second = 0; second < 5; second++) {
      for (let each = 0; each < 400; each++) {
        const durationMs = 10 * (window + 1) * Math.exp(random());
        values.push(durationMs);
        request("/a", durationMs, each === 0, each % 2 === 0 ? "200" : "500");
      }
      request("/b", 1);
      tick();
    }
    truth.push(values);
  }
  request("/a", 1e6);
  tick(); // a window that is going on when the run ends
  const { startsMs, durationsMs, all, endpoints } = blocks.toRecord()!;
  assert.deepEqual(startsMs, [0, 5_000, 10_000, 15_000]);
  assert.deepEqual(durationsMs, [5_000, 5_000, 5_000, 5_000]);
  const [a, b] = endpoints;
  assert.deepEqual([a!.name, b!.name], ["/a", "/b"]);
  assert.deepEqual(a!.requests, [2_000, 2_000, 2_000, 2_000]);
  assert.deepEqual(a!.failed, [5, 5, 5, 5]);
  assert.deepEqual(all.requests, [2_005, 2_005, 2_005, 2_005]);
  assert.deepEqual(b!.p95Ms, [1, 1, 1, 1]);
  for (const [window, values] of truth.entries()) {
    for (const [field, share] of [
      ["p50Ms", 0.5],
      ["p95Ms", 0.95],
      ["p99Ms", 0.99],
    ] as const) {
      const [told, exact] = [a![field][window]!, percentile(values, share)];
      // The histogram's 0.28 % and the rounding to four digits.
      assert.ok(Math.abs(told / exact - 1) < 0.0034, `${field} of window ${window}: ${told}`);
    }
  }
});

test("an endpoint that comes late has empty windows before, and one that is gone has them after", () => {
  const { blocks, request, tick } = setUp(60_000);
  for (let second = 0; second < 15; second++) {
    if (second < 5) request("/early", 1);
    if (second >= 10) request("/late", 2);
    tick();
  }
  const { all, endpoints } = blocks.toRecord()!;
  assert.deepEqual(endpoints.find(({ name }) => name === "/early")!.requests, [5, 0, 0]);
  assert.deepEqual(endpoints.find(({ name }) => name === "/late")!.p95Ms, [null, null, 2]);
  assert.deepEqual(all.p50Ms, [1, null, 2]);
});

test("less than a window is none", () => {
  const { blocks, request, tick } = setUp(4_000);
  request("/a", 1);
  tick(4_000);
  assert.equal(blocks.toRecord(), undefined);
});

test("half an hour with 20 endpoints is told in sixty windows and less than 150 KB", () => {
  const { blocks, request, tick } = setUp(1_800_000);
  const random = seededRandom(2);
  for (let second = 0; second < 1_800; second++) {
    for (let endpoint = 0; endpoint < 20; endpoint++)
      request(`https://shop.example.com/api/v1/path-${endpoint}`, 100 * random());
    tick();
  }
  const record = blocks.toRecord()!;
  assert.deepEqual([record.startsMs.length, record.endpoints.length], [60, 20]);
  assert.ok(record.durationsMs.every((each) => each === 30_000));
  const bytes = JSON.stringify(record).length;
  assert.ok(bytes < 150_000, `${bytes} bytes`);
});

test("a run of unknown length keeps windows of one length, and never too many", () => {
  const { blocks, request, tick } = setUp(Number.POSITIVE_INFINITY);
  for (let second = 0; second < 3_000; second++) {
    request("/a", second);
    tick();
  }
  const { startsMs, durationsMs, endpoints } = blocks.toRecord()!;
  assert.ok(startsMs.length > 25 && startsMs.length <= 61, String(startsMs.length));
  assert.ok(durationsMs.every((each) => each === 5_000));
  const steps = new Set(startsMs.slice(1).map((start, index) => start - startsMs[index]!));
  assert.deepEqual([...steps], [80_000]);
  // Seconds k to k + 4: their median is the third.
  assert.deepEqual(
    endpoints[0]!.p50Ms,
    startsMs.map((start) => Number((start / 1_000 + 2).toPrecision(4))),
  );
});

test("of many endpoints those with the most requests are kept", () => {
  const { blocks, request, tick } = setUp(60_000);
  for (let endpoint = 0; endpoint < 600; endpoint++) request(`/id-${endpoint}`, 1);
  for (let each = 0; each < 9; each++) request("/id-77", 1);
  tick(5_000);
  const { all, endpoints } = blocks.toRecord()!;
  assert.deepEqual([endpoints.length, endpoints[0]!.name], [50, "/id-77"]);
  assert.deepEqual(all.requests, [609]);
});
