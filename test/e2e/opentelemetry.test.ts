/** `lakh run --out opentelemetry` against a receiver: the figures of the summary, and what the real k6 sends. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { finished, runLakh, scratchFolder } from "../support/cli.ts";
import { requireK6 } from "../support/k6-binary.ts";
import { serve } from "../support/local-server.ts";
import { startCollector } from "../support/otel-collector.ts";
import {
  type OtlpReceiver,
  type ReceivedMetric,
  startGrpcReceiver,
  startHttpReceiver,
} from "../support/otlp-receiver.ts";

const script = `
  import http from "k6/http";
  import { check, group, sleep } from "k6";
  import exec from "k6/execution";
  import { Counter, Gauge, Rate, Trend } from "k6/metrics";
  const counter = new Counter("own_counter");
  const bytes = new Counter("own_bytes", true);
  const gauge = new Gauge("own_gauge");
  const rate = new Rate("own_rate");
  const time = new Trend("own_time", true);
  const plain = new Trend("own_plain");
  export const options = {
    scenarios: { s: { executor: "per-vu-iterations", vus: 3, iterations: 40 } },
    tags: { team: "a" },
    summaryTrendStats: ["count", "min", "max", "avg", "p(95)"],
  };
  export function setup() { http.get(__ENV.BASE_URL + "/setup"); }
  export default function () {
    group("first", () => {
      check(http.get(__ENV.BASE_URL + "/a"), { "is there": (r) => r.status === 200 });
    });
    const missing = http.get(__ENV.BASE_URL + "/missing", { tags: { name: "missing" } });
    check(missing, { "is there": (r) => r.status === 200 });
    const n = exec.vu.iterationInScenario;
    counter.add(n, { kind: "b" });
    bytes.add(10);
    gauge.add(7);
    rate.add(n % 4 === 0);
    time.add(n + 0.5);
    plain.add(n * 100);
    // A run of more than a second has samples of vus.
    if (n < 13) sleep(0.1);
  }
  export function handleSummary(data) {
    return { "summary.json": JSON.stringify(data.metrics) };
  }`;

type Summary = Record<string, { type: string; values: Record<string, number> }>;

async function target(t: TestContext): Promise<string> {
  return serve(t, (request, response) => {
    response.statusCode = request.url === "/missing" ? 404 : 200;
    response.end("hello");
  });
}

const total = (metric: ReceivedMetric | undefined, wanted: Record<string, string> = {}): number =>
  (metric?.points ?? [])
    .filter(({ attributes }) =>
      Object.entries(wanted).every(([key, value]) => attributes[key] === value),
    )
    .reduce((sum, { value, raw }) => sum + (value?.[1] ?? Number(raw["count"])), 0);

/** The metrics of the last export, by name. */
function metricsOf({ exports }: OtlpReceiver): Map<string, ReceivedMetric> {
  return new Map(exports.at(-1)!.metrics.map((metric) => [metric.name, metric]));
}

/** That the receiver has, in the end, what the summary says. */
function assertFigures(receiver: OtlpReceiver, summary: Summary): void {
  const metrics = metricsOf(receiver);
  for (const [name, { type, values }] of Object.entries(summary)) {
    if (name.includes("{")) continue;
    if (type === "counter") {
      assert.equal(total(metrics.get(name)), values["count"], name);
    } else if (type === "rate") {
      const counts = metrics.get(`${name}.total`);
      assert.equal(total(counts, { condition: "nonzero" }), values["passes"], name);
      assert.equal(total(counts, { condition: "zero" }), values["fails"], name);
    } else if (type === "gauge") {
      assert.equal(metrics.get(name)!.points.at(-1)!.value![1], values["value"], name);
    } else {
      const raws = metrics.get(name)!.points.map(({ raw }) => raw);
      const all = (key: string): number[] => raws.map((raw) => Number(raw[key]));
      assert.equal(total(metrics.get(name)), values["count"], name);
      assert.equal(Math.min(...all("min")), values["min"], name);
      assert.equal(Math.max(...all("max")), values["max"], name);
      const quantile = exponentialQuantile(raws, 0.95);
      // Its bucket and the summary's are each this far from the value that both tell.
      const bound = quantile.errorShare + 0.0028;
      const error = Math.abs(quantile.value - values["p(95)"]!);
      assert.ok(error <= bound * values["p(95)"]! + 1e-9, `${name}: ${error}`);
    }
  }
}

/** A quantile over exponential histograms of several series, each with a scale of its own. */
function exponentialQuantile(
  raws: readonly Readonly<Record<string, unknown>>[],
  share: number,
): { value: number; errorShare: number } {
  const points = raws.map(
    (raw) =>
      ({ scale: 0, positive: { bucketCounts: [] }, ...raw }) as unknown as {
        count: string;
        zeroCount?: string;
        scale: number;
        positive: { offset?: number; bucketCounts: readonly string[] };
      },
  );
  const withValues = points.filter(({ positive }) => positive.bucketCounts.length > 0);
  const scale = Math.min(...withValues.map((point) => point.scale), 7);
  const counts = new Map<number, number>();
  for (const { scale: finer, positive } of withValues) {
    for (const [k, count] of positive.bucketCounts.entries()) {
      const index = ((positive.offset ?? 0) + k) >> (finer - scale);
      counts.set(index, (counts.get(index) ?? 0) + Number(count));
    }
  }
  const all = points.reduce((sum, { count }) => sum + Number(count), 0);
  const zeros = points.reduce((sum, { zeroCount = "0" }) => sum + Number(zeroCount), 0);
  const growth = 2 ** (2 ** -scale);
  const valueOfRank = (rank: number): number => {
    let seen = zeros;
    if (rank < seen) return 0;
    for (const [index, count] of [...counts].sort(([a], [b]) => a - b)) {
      seen += count;
      if (rank < seen) return (2 * growth ** (index + 1)) / (1 + growth);
    }
    throw new Error("the counts of the buckets do not add up to the count");
  };
  // k6's percentile is a mixture of two neighbours.
  const position = share * (all - 1);
  const [low, high] = [valueOfRank(Math.floor(position)), valueOfRank(Math.ceil(position))];
  const value = low + (high - low) * (position - Math.floor(position));
  return { value, errorShare: (growth - 1) / (growth + 1) };
}

/**
 * What tells a backend's series apart, without values: what a dashboard asks for. The counts of a rate that are zero are
 * left out, since k6 does not have them.
 */
function shapesOf(receiver: OtlpReceiver): Record<string, unknown> {
  const found = [...metricsOf(receiver).values()].map((metric) => {
    const { name, kind, unit, description, temporality, isMonotonic } = metric;
    const points = metric.points.filter(
      ({ attributes, value }) => attributes["condition"] === undefined || value![1] !== 0,
    );
    const attributes = points.map((point) => JSON.stringify(sorted(point.attributes)));
    const values = new Set(points.map(({ value }) => value?.[0]));
    const bounds = points[0]!.raw["explicitBounds"];
    const shape = { kind, unit, description, temporality, isMonotonic, bounds };
    return [name, { ...shape, values: [...values], attributes: attributes.sort() }] as const;
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const sorted = (pairs: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1));

async function runK6(k6: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { NO_COLOR = "1", ...others } = process.env;
  const child = spawn(k6, ["run", "--no-usage-report", "--quiet", ...args], {
    env: { ...others, NO_COLOR, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    cwd: env["PWD"],
  });
  const { code, stderr } = await finished(child);
  assert.equal(code, 0, stderr);
  return stderr;
}

describe("lakh run --out opentelemetry", () => {
  for (const [scheme, start] of [
    ["http", startHttpReceiver],
    ["grpc", startGrpcReceiver],
  ] as const) {
    it(`tells a receiver, over ${scheme}, exactly what the summary says`, async (t) => {
      const receiver = await start(t);
      const cwd = scratchFolder(t, { "script.js": script });
      const env = { BASE_URL: await target(t) };
      const out = `opentelemetry=${scheme}://${receiver.address}`;
      const result = await runLakh(["run", "-q", "--workers", "2", "-o", out, "script.js"], {
        cwd,
        env,
      });
      assert.equal(result.code, 0, result.stderr);
      assert.doesNotMatch(result.stderr, /output opentelemetry/u);
      const summary = JSON.parse(readFileSync(join(cwd, "summary.json"), "utf8")) as Summary;
      assert.equal(summary["http_reqs"]!.values["count"], 241);
      assertFigures(receiver, summary);
    });
  }

  for (const scheme of ["http", "grpc"] as const) {
    it(`is understood by a real collector, over ${scheme}`, async (t) => {
      const receiver = await startHttpReceiver(t);
      const collector = await startCollector(t, receiver.address);
      if (collector === undefined) return;
      const cwd = scratchFolder(t, { "script.js": script });
      const env = { BASE_URL: await target(t) };
      const address = scheme === "http" ? collector.httpAddress : collector.grpcAddress;
      const out = `opentelemetry=${scheme}://${address}`;
      const result = await runLakh(["run", "-q", "-o", out, "script.js"], { cwd, env });
      assert.equal(result.code, 0, result.stderr);
      assert.doesNotMatch(result.stderr, /output opentelemetry/u);
      const summary = JSON.parse(readFileSync(join(cwd, "summary.json"), "utf8")) as Summary;
      const wanted = summary["http_reqs"]!.values["count"];
      while (
        total(receiver.exports.at(-1)?.metrics.find(({ name }) => name === "http_reqs")) !== wanted
      )
        await new Promise((resolve) => setTimeout(resolve, 20));
      assertFigures(receiver, summary);
    });
  }

  it("sends what k6 sends: the same names, units and attributes, in the same form", async (t) => {
    const k6 = requireK6(t);
    if (k6 === undefined) return;
    const cwd = scratchFolder(t, { "script.js": script });
    const url = await target(t);
    const [ours, theirs] = [await startHttpReceiver(t), await startGrpcReceiver(t)];
    const result = await runLakh(
      ["run", "-q", "-o", `opentelemetry=http://${ours.address}`, "script.js"],
      {
        cwd,
        env: {
          BASE_URL: url,
          OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: "explicit_bucket_histogram",
        },
      },
    );
    assert.equal(result.code, 0, result.stderr);
    await runK6(k6, ["-o", "opentelemetry", "-e", `BASE_URL=${url}`, "script.js"], {
      PWD: cwd,
      K6_OTEL_GRPC_EXPORTER_INSECURE: "true",
      K6_OTEL_GRPC_EXPORTER_ENDPOINT: theirs.address,
    });
    assert.deepEqual(shapesOf(ours), shapesOf(theirs));
    const { resource } = ours.exports[0]!;
    assert.equal(resource["service.name"], theirs.exports[0]!.resource["service.name"]);
    assert.deepEqual(ours.exports[0]!.scope, theirs.exports[0]!.scope);
  });
});
