import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MetricOptions } from "../../../src/outputs/index.ts";
import { openOutputs } from "../../../src/outputs/index.ts";
import { outputBench } from "../../support/outputs.ts";

// Times are written in the local zone.
process.env["TZ"] = "UTC";

const lines = (text: string): unknown[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

/** Recorded from k6 2.2: `k6 run --out json=-` of a script that does the same. */
describe("--out json", () => {
  it("defines a metric before its first point, and writes a point as k6 does", async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["json"], bench.context);
    bench.log(outputs, ({ add }) => {
      add("iterations", 1, { scenario: "default", group: "" });
      add("iterations", 2, { scenario: "default", group: "" });
    });
    await outputs.stop();
    assert.equal(
      bench.stdout(),
      '{"type":"Metric","data":{"name":"iterations","type":"counter","contains":"default","thresholds":[],"submetrics":null},"metric":"iterations"}\n' +
        '{"metric":"iterations","type":"Point","data":{"time":"2026-08-01T10:00:00.1235Z","value":1,"tags":{"group":"","scenario":"default"}}}\n' +
        '{"metric":"iterations","type":"Point","data":{"time":"2026-08-01T10:00:00.1235Z","value":2,"tags":{"group":"","scenario":"default"}}}\n',
    );
  });

  it("tells the thresholds and the sub-metrics of a metric", async () => {
    const options: MetricOptions = {
      thresholds: ["count>0", { threshold: "rate>0", abortOnFail: true, delayAbortEval: "3s" }],
      submetrics: [
        { name: "http_reqs{status:200}", suffix: "status:200", tags: { status: "200" } },
      ],
    };
    const bench = outputBench({ metricOptions: () => options });
    const outputs = await openOutputs(["json=-"], bench.context);
    bench.log(outputs, ({ add }) => add("http_reqs", 1));
    await outputs.stop();
    const [definition] = lines(bench.stdout()) as { data: unknown }[];
    assert.deepEqual(definition?.data, {
      name: "http_reqs",
      type: "counter",
      contains: "default",
      ...options,
    });
  });

  it("carries metadata beside the tags, sorted by key, and leaves it out where there is none", async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["json"], bench.context);
    bench.log(outputs, ({ add, setMetadata }) => {
      setMetadata({ vu: "1", iter: "0" });
      add("iterations", 1);
      setMetadata({});
      add("iterations", 1);
    });
    await outputs.stop();
    const points = bench.stdout().split("\n").slice(1, 3);
    assert.match(points[0]!, /,"tags":\{\},"metadata":\{"iter":"0","vu":"1"\}\}\}$/u);
    assert.match(points[1]!, /,"tags":\{\}\}\}$/u);
  });

  it("writes texts and numbers as Go does: no HTML escapes, separators escaped, -0, exponents", async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["json"], bench.context);
    bench.log(outputs, ({ add }) => {
      for (const value of [-0, 1e21, 1e-7, 123456789.123456, 0.1])
        add("my_trend", value, { a: "<&>\u2028\u0001" });
    });
    await outputs.stop();
    const text = bench.stdout();
    assert.ok(text.includes('"tags":{"a":"<&>\\u2028\\u0001"}'));
    const values = [...text.matchAll(/"value":([^,]+),/gu)].map(([, value]) => value);
    assert.deepEqual(values, ["-0", "1e+21", "1e-7", "123456789.123456", "0.1"]);
  });

  it("writes measured times in whole nanoseconds", async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["json"], bench.context);
    bench.log(outputs, ({ add }) => add("iteration_duration", 1.290128999999979));
    await outputs.stop();
    assert.match(bench.stdout(), /"value":1.290129,/u);
  });

  it("merges the series of several workers, whose numbers differ", async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["json"], bench.context);
    bench.log(outputs, ({ add }) => add("checks", 1, { check: "a" }), 0);
    bench.log(
      outputs,
      ({ add }) => {
        add("iterations", 1);
        add("checks", 0, { check: "a" });
      },
      1,
    );
    await outputs.stop();
    const metrics = lines(bench.stdout()).map((line) => (line as { metric: string }).metric);
    assert.deepEqual(metrics, ["checks", "checks", "iterations", "iterations", "checks"]);
  });
});
