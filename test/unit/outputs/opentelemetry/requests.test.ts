import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MetricAggregate, MetricRegistry } from "../../../../src/metrics/index.ts";
import type { RunTotals } from "../../../../src/outputs/output.ts";
import {
  RequestEncoder,
  type RequestParts,
} from "../../../../src/outputs/opentelemetry/requests.ts";
import { IntervalBench } from "../../../support/intervals.ts";
import { decodeExport, type ReceivedMetric } from "../../../support/otlp-receiver.ts";

const startWallMs = Date.parse("2026-08-01T10:00:00Z") + 0.125;

function encoder(given: Partial<RequestParts> = {}): RequestEncoder {
  return new RequestEncoder({
    resource: { "service.name": "k6" },
    metricPrefix: "",
    histograms: "exponential",
    startWallMs,
    ...given,
  });
}

/** The sums of what `record` adds. */
function totalsOf(record: (bench: IntervalBench) => void): RunTotals {
  const bench = new IntervalBench();
  record(bench);
  return bench.interval(0).totals;
}

function metricsOf(
  totals: RunTotals,
  given: Partial<RequestParts> = {},
): Map<string, ReceivedMetric> {
  const [request, ...others] = encoder(given).encode(totals, startWallMs + 5_000);
  assert.equal(others.length, 0);
  return new Map(decodeExport(request!.body).metrics.map((metric) => [metric.name, metric]));
}

describe("export requests", () => {
  it("have a counter as a monotonic sum since the start, with its unit", () => {
    const metrics = metricsOf(
      totalsOf((bench) => {
        bench.add("http_reqs", 2, { group: "", method: "GET" });
        bench.add("http_reqs", 1, { group: "", method: "GET" }, 1);
        bench.add("data_sent", 100.5);
      }),
    );
    const { kind, unit, temporality, isMonotonic, points } = metrics.get("http_reqs")!;
    assert.deepEqual([kind, unit, temporality, isMonotonic], ["sum", "", 2, true]);
    const [{ attributes, value, startNano, timeNano }] = points as [(typeof points)[0]];
    assert.deepEqual(attributes, { method: "GET" });
    assert.deepEqual(value, ["asDouble", 3]);
    assert.equal(startNano, BigInt(Date.parse("2026-08-01T10:00:00Z")) * 1_000_000n + 125_000n);
    assert.equal(timeNano - startNano, 5_000_000_000n);
    assert.deepEqual(metrics.get("data_sent")!.points[0]!.value, ["asDouble", 100.5]);
    assert.equal(metrics.get("data_sent")!.unit, "By");
  });

  it("have a gauge as its latest value", () => {
    const metrics = metricsOf(totalsOf((bench) => [7, 3].forEach((n) => bench.add("vus", n))));
    const { kind, points } = metrics.get("vus")!;
    assert.equal(kind, "gauge");
    assert.deepEqual(points[0]!.value, ["asDouble", 3]);
    assert.equal(points[0]!.startNano, 0n);
  });

  it("have a rate as two counts that an attribute tells apart, also when one of them is zero", () => {
    const metrics = metricsOf(
      totalsOf((bench) => {
        for (const value of [0, 1, 0]) bench.add("checks", value, { check: "a" });
        bench.add("http_req_failed", 0);
      }),
    );
    const { kind, isMonotonic, points } = metrics.get("checks.total")!;
    assert.deepEqual([kind, isMonotonic], ["sum", true]);
    assert.deepEqual(
      points.map(({ attributes, value }) => [attributes, value]),
      [
        [{ check: "a", condition: "zero" }, ["asInt", 2]],
        [{ check: "a", condition: "nonzero" }, ["asInt", 1]],
      ],
    );
    const failed = metrics.get("http_req_failed.total")!.points;
    assert.deepEqual(
      failed.map(({ value }) => value![1]),
      [1, 0],
    );
  });

  it("keep a tag that has the name of that attribute under another", () => {
    const metrics = metricsOf(
      totalsOf((bench) => {
        bench.add("checks", 1, { condition: "mine", check: "a" });
        bench.add("http_reqs", 1, { condition: "mine" });
      }),
    );
    const [zero] = metrics.get("checks.total")!.points;
    assert.deepEqual(zero!.attributes, { check: "a", condition: "zero", condition_: "mine" });
    assert.deepEqual(metrics.get("http_reqs")!.points[0]!.attributes, { condition: "mine" });
  });

  it("have a trend as an exponential histogram with exact count, sum, min and max", () => {
    const metrics = metricsOf(
      totalsOf((bench) => {
        for (let n = 0; n < 1_000; n++)
          bench.add("http_req_duration", n % 250, { name: "/" }, n % 3);
      }),
    );
    const { kind, unit, temporality, points } = metrics.get("http_req_duration")!;
    assert.deepEqual([kind, unit, temporality], ["exponentialHistogram", "ms", 2]);
    const { raw, attributes } = points[0]!;
    assert.deepEqual(attributes, { name: "/" });
    const { count, sum, min, max, zeroCount, zeroThreshold, scale, positive, negative } = raw;
    assert.deepEqual([count, sum, min, max, zeroCount], ["1000", 124_500, 0, 249, "4"]);
    assert.equal(zeroThreshold, 2 ** -64);
    assert.equal(negative, undefined);
    const { offset, bucketCounts } = positive as { offset: number; bucketCounts: string[] };
    assert.equal(
      bucketCounts.reduce((all, each) => all + Number(each), 0),
      996,
    );
    // The first bucket is that of 1, which is a power of every base: the one below index 0.
    assert.deepEqual([offset, bucketCounts[0]], [-1, "4"]);
    assert.equal(scale, 4);
  });

  it("leave the sum out when there are negative values, which have buckets of their own", () => {
    const registry = (bench: IntervalBench): void => {
      bench.registry.define("drift", "trend");
      for (const value of [-2, -2, 0, 3]) bench.add("drift", value);
    };
    const { raw } = metricsOf(totalsOf(registry)).get("drift")!.points[0]!;
    assert.equal(raw["sum"], undefined);
    assert.deepEqual([raw["count"], raw["min"], raw["max"]], ["4", -2, 3]);
    assert.deepEqual(raw["negative"], { offset: 127, bucketCounts: ["2"] });
  });

  it("have explicit bounds when asked for them", () => {
    const totals = totalsOf((bench) =>
      [0, 3, 5, 300, 20_000].forEach((value) => bench.add("http_req_duration", value)),
    );
    const metric = metricsOf(totals, { histograms: "explicit" }).get("http_req_duration")!;
    assert.equal(metric.kind, "histogram");
    const { count, sum, min, max, bucketCounts, explicitBounds } = metric.points[0]!.raw;
    assert.deepEqual([count, sum, min, max], ["5", 20_308, 0, 20_000]);
    assert.equal((explicitBounds as number[]).length, 15);
    assert.deepEqual(
      (bucketCounts as string[]).map(Number),
      [1, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1],
    );
  });

  it("count beyond 32 bits", () => {
    const totals = totalsOf((bench) => bench.add("http_req_failed", 0));
    const [{ sink }] = totals.allSeries() as [ReturnType<RunTotals["allSeries"]>[0]];
    assert.ok(sink.type === "rate");
    sink.total = 2 ** 40 + 1;
    const metrics = metricsOf(totals);
    assert.equal(metrics.get("http_req_failed.total")!.points[0]!.value![1], 2 ** 40 + 1);
  });

  it("name who sends, and put the prefix before names", () => {
    const totals = totalsOf((bench) => bench.add("iterations", 1, { é: "日本" }));
    const [request] = encoder({ metricPrefix: "k6_" }).encode(totals, startWallMs);
    const { resource, scope, metrics } = decodeExport(request!.body);
    assert.deepEqual(resource, { "service.name": "k6" });
    assert.deepEqual(scope, { name: "k6", version: "" });
    assert.equal(metrics[0]!.name, "k6_iterations");
    assert.deepEqual(metrics[0]!.points[0]!.attributes, { é: "日本" });
  });

  it("are as many as it takes to keep each below the limit, every point in one of them", () => {
    const totals = totalsOf((bench) => {
      for (let n = 0; n < 500; n++) {
        bench.add("http_reqs", n, { url: `http://host/${n}` });
        bench.add("http_req_duration", n, { url: `http://host/${n}` });
      }
    });
    const requests = encoder({ limit: 10_000 }).encode(totals, startWallMs);
    assert.ok(requests.length > 5);
    let counted = 0;
    const seen = new Set<string>();
    for (const { body, byteLength, sampleCount } of requests) {
      assert.equal(body.byteLength, byteLength);
      assert.ok(byteLength < 12_000, `${byteLength}`);
      const { metrics, resource } = decodeExport(body);
      assert.deepEqual(resource, { "service.name": "k6" });
      for (const { name, points } of metrics)
        for (const { attributes } of points) seen.add(`${name} ${attributes["url"]}`);
      counted += sampleCount;
    }
    assert.equal(counted, 1_000);
    assert.equal(seen.size, 1_000);
  });

  it("are none when nothing was measured", () => {
    const empty = new MetricAggregate(new MetricRegistry());
    assert.deepEqual(encoder().encode(empty, startWallMs), []);
  });
});
