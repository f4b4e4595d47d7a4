import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
  withTags,
} from "../../../../src/metrics/index.ts";
import type { RunFacts, RunMoment } from "../../../../src/outputs/index.ts";
import { CardinalityWatch } from "../../../../src/outputs/prometheus/cardinality.ts";
import { parsePrometheusOptions } from "../../../../src/outputs/prometheus/options.ts";
import { Push } from "../../../../src/outputs/prometheus/push.ts";
import type { Row, RowParcel } from "../../../../src/outputs/prometheus/rows.ts";
import { encodeRows } from "../../../../src/outputs/prometheus/wire.ts";
import { outputBench, runFacts } from "../../../support/outputs.ts";
import {
  decodeBody,
  type DecodedSeries,
  isStaleMarker,
  labelsOf,
} from "../../../support/remote-write.ts";

const startMs = Date.parse("2026-08-01T10:00:00Z");

type Tags = Readonly<Record<string, string>>;

interface Given {
  readonly env?: Record<string, string>;
  readonly facts?: Partial<RunFacts>;
  readonly takesHistograms?: boolean | undefined;
}

/** A push whose parcels are decoded, on a clock of the test's. */
class Bench {
  readonly lines: readonly string[];
  readonly push: Push;
  readonly registry = new MetricRegistry();
  parcels: RowParcel[] = [];
  readonly #aggregate = new MetricAggregate(new MetricRegistry());
  readonly #store = new SampleStore(this.registry);
  readonly #tags = createTagInterner();

  constructor({ env = {}, facts = {}, takesHistograms }: Given = {}) {
    const { context, lines } = outputBench();
    this.lines = lines;
    const run = { ...runFacts, ...facts };
    this.push = new Push({
      options: parsePrometheusOptions("", { env }),
      facts: run,
      labels: { testid: "t1" },
      startMs,
      delivery: {
        add: (parcel) => void this.parcels.push(parcel),
        counts: { delivered: 0, lost: 0, requests: 0, failedRequests: 0 },
        isClosed: false,
      },
      receiver: { takesHistograms },
      logger: context.logger,
      watch: new CardinalityWatch(context.logger, "prometheus"),
      description: "prometheus",
    });
  }

  add(name: string, value: number, tags: Tags = {}): void {
    this.#store.series(this.registry.get(name)!, withTags(this.#tags, tags)).add(value);
  }

  /** What came in until so many seconds after the start. */
  interval(second: number): void {
    this.#aggregate.merge(this.#store.drain(), 0);
    this.push.addTotals(this.#aggregate, startMs + second * 1_000);
  }

  /** What was put on its way since the last time. */
  async pushed(): Promise<DecodedSeries[]> {
    await this.push.run();
    return this.taken();
  }

  async finished(second: number): Promise<DecodedSeries[]> {
    await this.push.finish(startMs + second * 1_000);
    return this.taken();
  }

  taken(): DecodedSeries[] {
    const rows: readonly Row[] = this.parcels.flatMap((parcel) => parcel.rows);
    this.parcels = [];
    return decodeBody(encodeRows(rows, 1, { offsetMs: 0, startMs }), 1);
  }
}

/** The series of a name, told apart by labels. */
const named = (
  series: readonly DecodedSeries[],
  name: string,
  labels: Tags = {},
): DecodedSeries[] =>
  series.filter((each) => {
    const own = labelsOf(each);
    return (
      own["__name__"] === name && Object.entries(labels).every(([key, value]) => own[key] === value)
    );
  });

/** Seconds after the start, and values. */
const points = ([series]: readonly DecodedSeries[]): (readonly [second: number, value: number])[] =>
  (series?.samples ?? []).map(({ timestamp, value }) => [(timestamp - startMs) / 1_000, value]);

const request: Tags = { method: "GET", name: "/a", status: "200", group: "" };

describe("the names and values of series", () => {
  it("are k6's, for each type of metric and both forms of trends", async () => {
    const bench = new Bench();
    bench.registry.define("api_bytes", "trend", "data");
    bench.registry.define("api_score", "trend");
    bench.add("http_reqs", 1, request);
    bench.add("http_reqs", 1, request);
    bench.add("vus", 12);
    bench.add("http_req_failed", 0, request);
    bench.add("http_req_failed", 1, request);
    for (const ms of [100, 200, 300, 400]) bench.add("http_req_duration", ms, request);
    bench.add("api_bytes", 2_048);
    bench.add("api_score", 7);
    bench.add("data_sent", 512);
    bench.interval(6);
    const series = (await bench.pushed()).filter((each) =>
      labelsOf(each)["__name__"]!.startsWith("k6_"),
    );
    const table = series.map((each) => [
      labelsOf(each)["__name__"]!,
      each.samples.at(-1)?.value ?? each.histograms.at(-1)!.count_int,
    ]);
    const trend = (name: string, values: readonly number[]): (readonly [string, number])[] =>
      ["min", "max", "avg", "med", "p90", "p95", "p99"].map((stat, k) => [
        `${name}_${stat}`,
        values[k]!,
      ]);
    const seven = Array.from({ length: 7 }, () => 7);
    const expected = [
      ["k6_dropped_iterations_total", 0],
      ["k6_http_reqs_total", 2],
      ["k6_vus", 12],
      ["k6_http_req_failed_rate", 0.5],
      ...trend("k6_http_req_duration", [0.1, 0.4, 0.25, 0.25, 0.37, 0.385, 0.397]),
      ["k6_http_req_duration_seconds", 4],
      ...trend(
        "k6_api_bytes",
        Array.from({ length: 7 }, () => 2_048),
      ),
      ["k6_api_bytes_bytes", 1],
      ...trend("k6_api_score", seven),
      ["k6_api_score", 1],
      ["k6_data_sent_total", 512],
    ] as const;
    assert.deepEqual(new Set(table.map(([name]) => name)), new Set(expected.map(([name]) => name)));
    assert.equal(table.length, expected.length);
    for (const [name, value] of expected) {
      const found = table.find((row) => row[0] === name)![1] as number;
      assert.ok(Math.abs(found - value) < 1e-9, `${name} is ${found}, not ${value}`);
    }
    const [reqs] = named(series, "k6_http_reqs_total");
    assert.deepEqual(labelsOf(reqs!), {
      __name__: "k6_http_reqs_total",
      method: "GET",
      name: "/a",
      status: "200",
      testid: "t1",
    });
    const [duration] = named(series, "k6_http_req_duration_seconds");
    assert.ok(Math.abs(duration!.histograms.at(-1)!.sum - 1) < 1e-12);
    assert.equal(duration!.histograms.at(-1)!.schema, 6);
  });

  it("have the statistics that were asked for, counts without a unit", async () => {
    const bench = new Bench({ env: { K6_PROMETHEUS_RW_TREND_STATS: "p(99.9),count,sum" } });
    bench.add("http_req_duration", 2_000, request);
    bench.add("http_req_duration", 2_000, request);
    bench.interval(5);
    const series = await bench.pushed();
    const value = (name: string): number | undefined => points(named(series, name)).at(-1)?.[1];
    assert.equal(value("k6_http_req_duration_p999"), 2);
    assert.equal(value("k6_http_req_duration_count"), 2);
    assert.equal(value("k6_http_req_duration_sum"), 4);
    assert.equal(value("k6_http_req_duration_p99"), undefined);
  });

  it("have no histograms where none are taken, and only those where they were asked for", async () => {
    const forms = async (given: Given): Promise<[gauges: number, histograms: number]> => {
      const bench = new Bench(given);
      bench.add("http_req_duration", 5, request);
      bench.interval(5);
      const series = await bench.pushed();
      return [
        named(series, "k6_http_req_duration_p95").length,
        named(series, "k6_http_req_duration_seconds").length,
      ];
    };
    const native = { env: { K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: "true" } };
    assert.deepEqual(await forms({ takesHistograms: undefined }), [1, 1]);
    assert.deepEqual(await forms({ takesHistograms: true }), [1, 1]);
    assert.deepEqual(await forms({ takesHistograms: false }), [1, 0]);
    assert.deepEqual(await forms({ ...native, takesHistograms: true }), [0, 1]);
    assert.deepEqual(await forms({ ...native, takesHistograms: false }), [1, 0]);
  });

  it("keep two metrics apart that would be one series, and say so", async () => {
    const bench = new Bench();
    bench.registry.define("http_reqs_total", "gauge");
    bench.add("http_reqs", 3);
    bench.add("http_reqs_total", 9);
    bench.interval(5);
    assert.deepEqual(points(named(await bench.pushed(), "k6_http_reqs_total")).at(-1), [5, 3]);
    assert.equal(bench.lines.length, 1);
    assert.match(
      bench.lines[0]!,
      /^warning .*two metrics would be the series k6_http_reqs_total\{/u,
    );
  });
});

describe("the times of series", () => {
  it("begin what counts up with a 0, one push before, and never before the run", async () => {
    const bench = new Bench();
    bench.add("http_reqs", 1, request);
    bench.add("http_req_duration", 5, request);
    bench.add("vus", 1);
    bench.interval(3);
    const first = await bench.pushed();
    assert.deepEqual(points(named(first, "k6_http_reqs_total")), [
      [0, 0],
      [3, 1],
    ]);
    assert.deepEqual(points(named(first, "k6_vus")), [[3, 1]]);
    const [duration] = named(first, "k6_http_req_duration_seconds");
    assert.deepEqual(
      duration!.histograms.map(({ timestamp, count_int: count }) => [timestamp - startMs, count]),
      [
        [0, 0],
        [3_000, 1],
      ],
    );
    bench.add("http_reqs", 4, { ...request, status: "500" });
    bench.interval(21);
    assert.deepEqual(points(named(await bench.pushed(), "k6_http_reqs_total", { status: "500" })), [
      [16, 0],
      [21, 4],
    ]);
  });

  it("send gauges that have changed, and others again after a minute; counters and histograms always", async () => {
    const bench = new Bench();
    const gauges: (readonly [number, number])[] = [];
    const counters: (readonly [number, number])[] = [];
    const histograms: number[] = [];
    bench.add("http_reqs", 1, request);
    bench.add("http_req_duration", 5, request);
    bench.add("vus", 1);
    for (let second = 5; second <= 130; second += 5) {
      bench.interval(second);
      const pushed = await bench.pushed();
      gauges.push(...points(named(pushed, "k6_vus")));
      counters.push(...points(named(pushed, "k6_http_reqs_total")));
      histograms.push(
        ...named(pushed, "k6_http_req_duration_seconds").flatMap((each) =>
          each.histograms.map(({ count_int: count }) => count),
        ),
      );
    }
    assert.deepEqual(gauges, [
      [5, 1],
      [65, 1],
      [125, 1],
    ]);
    const pushes = Array.from({ length: 26 }, (_, index) => 5 * (index + 1));
    assert.deepEqual(counters, [[0, 0], ...pushes.map((second) => [second, 1])]);
    assert.deepEqual(histograms, [0, ...pushes.map(() => 1)]);
  });

  it("send nothing when nothing has come in: there is no later time to say it at", async () => {
    const bench = new Bench();
    bench.add("http_reqs", 1);
    bench.interval(5);
    assert.ok((await bench.pushed()).length > 0);
    assert.deepEqual(await bench.pushed(), []);
  });

  it("have dropped iterations from the start, and go on with them when some are dropped", async () => {
    const droppable = [{ scenario: "a" }, { scenario: "b" }];
    const bench = new Bench({ facts: { droppable } });
    bench.interval(5);
    const first = await bench.pushed();
    assert.deepEqual(points(named(first, "k6_dropped_iterations_total", { scenario: "a" })), [
      [0, 0],
      [5, 0],
    ]);
    bench.add("dropped_iterations", 2, { scenario: "a" });
    bench.interval(10);
    const second = await bench.pushed();
    const of = (scenario: string): (readonly [number, number])[] =>
      points(named(second, "k6_dropped_iterations_total", { scenario }));
    assert.deepEqual(of("a"), [[10, 2]]);
    assert.deepEqual(of("b"), [[10, 0]]);
    assert.deepEqual(bench.lines, []);
  });

  it("end every series, each after its newest value", async () => {
    const bench = new Bench();
    bench.add("http_reqs", 1, request);
    bench.add("http_req_duration", 5, request);
    bench.interval(5);
    await bench.pushed();
    bench.add("http_reqs", 1, request);
    bench.interval(7);
    const last = await bench.finished(7.5);
    assert.deepEqual(points(named(last.slice(0, 20), "k6_http_reqs_total"))[0], [7.5, 2]);
    assert.deepEqual(points(named(last, "lakh_run_state")), [[7.5, 0]]);
    const ends = last.filter(({ samples }) => samples.some(({ value }) => Number.isNaN(value)));
    assert.ok(ends.every(({ samples }) => samples.every(({ value }) => isStaleMarker(value))));
    assert.ok(ends.every(({ samples }) => samples[0]!.timestamp > startMs + 7_500));
    const namesOf = (all: readonly DecodedSeries[]): string[] =>
      [...new Set(all.map((each) => JSON.stringify(each.labels)))].sort();
    const ended = namesOf(ends);
    assert.ok(namesOf(last).every((labels) => ended.includes(labels)));
    assert.ok(ended.some((labels) => labels.includes("k6_http_req_duration_seconds")));
  });

  it("go on for five minutes where no stale markers are wanted", async () => {
    const bench = new Bench({ env: { K6_PROMETHEUS_RW_STALE_MARKERS: "false" } });
    bench.add("http_reqs", 1);
    bench.interval(5);
    const last = await bench.finished(6);
    assert.ok(last.every(({ samples }) => samples.every(({ value }) => !Number.isNaN(value))));
  });
});

describe("lakh's own series", () => {
  const moment = (over: Partial<RunMoment> = {}): RunMoment => ({
    wallMs: startMs + 5_000,
    phase: "ramp",
    planned: { iterationsPerSecond: 20, requestsPerSecond: 100, vus: 30 },
    iterations: { due: 90, started: 88, failed: 1 },
    vus: { active: 12, initialized: 30 },
    generator: {
      loopUtilization: 0.5,
      loopDelayP99Ms: 20,
      gcShare: 0.01,
      cpuCores: 1.5,
      residentBytes: 1_000,
      startLagP99Ms: null,
      stealShare: null,
      throttledShare: 0.25,
      socketFaults: new Map([["EMFILE", 3]]),
    },
    target: [
      { name: "cpu_cores", source: "pid 1", value: 2.5 },
      { name: "event_loop_lag_ms", source: "pid 1", value: 40 },
    ],
    ...over,
  });

  const own = (series: readonly DecodedSeries[]): Record<string, number> =>
    Object.fromEntries(
      series.flatMap((each) => {
        const { __name__: name = "", testid, ...labels } = labelsOf(each);
        if (!name.startsWith("lakh_")) return [];
        assert.equal(testid, "t1");
        const shown = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
        return [[`${name}{${shown.join(",")}}`, each.samples.at(-1)!.value]];
      }),
    );

  it("tell what no sample tells, in seconds and shares", async () => {
    const objectives = [
      { name: "p95_seconds", value: 0.3, limitMs: 300 },
      { name: "error_ratio", value: 0.001 },
    ];
    const bench = new Bench({ facts: { objectives } });
    bench.push.addMoment(moment());
    assert.deepEqual(own(await bench.pushed()), {
      "lakh_run_info{command=run,script=script.js,version=1.2.3}": 1,
      "lakh_run_state{}": 1,
      "lakh_objective{objective=p95_seconds}": 0.3,
      "lakh_objective{objective=error_ratio}": 0.001,
      "lakh_run_phase{phase=ramp}": 1,
      "lakh_planned_requests_per_second{}": 100,
      "lakh_planned_iterations_per_second{}": 20,
      "lakh_planned_vus{}": 30,
      "lakh_iterations_due_total{}": 90,
      "lakh_iterations_started_total{}": 88,
      "lakh_iterations_failed_total{}": 1,
      "lakh_vus_active{}": 12,
      "lakh_vus_initialized{}": 30,
      "lakh_generator_loop_utilization{}": 0.5,
      "lakh_generator_loop_delay_p99_seconds{}": 0.02,
      "lakh_generator_gc_ratio{}": 0.01,
      "lakh_generator_cpu_cores{}": 1.5,
      "lakh_generator_resident_bytes{}": 1_000,
      "lakh_generator_throttled_ratio{}": 0.25,
      "lakh_generator_socket_faults_total{errno=EMFILE}": 3,
      "lakh_target_cpu_cores{source=pid 1}": 2.5,
      "lakh_target_event_loop_lag_seconds{source=pid 1}": 0.04,
      "lakh_requests_slow_total{objective=p95_seconds}": 0,
      "lakh_output_requests_total{}": 0,
      "lakh_output_failed_requests_total{}": 0,
      "lakh_output_dropped_samples_total{}": 0,
    });
  });

  it("tell which trial of a search it is, and its rate", async () => {
    const trial = { number: 3, requestsPerSecond: 250 };
    const bench = new Bench({ facts: { partOf: { kind: "search", id: "s1", trial } } });
    bench.push.addMoment(moment());
    const told = own(await bench.pushed());
    assert.equal(told["lakh_trial_requests_per_second{trial=3}"], 250);
  });

  it("end a phase when the next begins, and a reading that no longer comes", async () => {
    const bench = new Bench();
    bench.push.addMoment(moment());
    await bench.pushed();
    bench.push.addMoment(moment({ wallMs: startMs + 10_000, phase: "steady", target: [] }));
    const series = await bench.pushed();
    assert.deepEqual(points(named(series, "lakh_run_phase", { phase: "steady" })), [[10, 1]]);
    for (const gone of [
      named(series, "lakh_run_phase", { phase: "ramp" }),
      named(series, "lakh_target_cpu_cores"),
    ])
      assert.ok(isStaleMarker(gone[0]!.samples[0]!.value));
    bench.push.addMoment(moment({ wallMs: startMs + 15_000, phase: "ramp" }));
    const back = named(await bench.pushed(), "lakh_run_phase", { phase: "ramp" });
    assert.deepEqual(points(back), [[15, 1]]);
  });
});

describe("many series", () => {
  it("are split into what a request may hold, and the tag that makes them is named", async () => {
    const bench = new Bench();
    for (let n = 0; n < 10_000; n++)
      bench.add("http_reqs", 1, { method: "GET", name: `/user/${n}` });
    bench.interval(5);
    await bench.push.run();
    const { parcels } = bench;
    assert.ok(parcels.length >= 6);
    for (const { rows } of parcels) {
      assert.ok(rows.length <= 2_000);
      assert.ok(encodeRows(rows, 1, { offsetMs: 0, startMs }).length <= 1024 * 1024);
    }
    assert.equal(bench.lines.length, 1);
    assert.match(
      bench.lines[0]!,
      /^warning .*The test has generated metrics with 10000 unique time series.*most different values is "name" \(10000\)$/u,
    );
    bench.add("http_reqs", 1, { method: "GET", name: "/one-more" });
    bench.interval(10);
    await bench.pushed();
    assert.equal(bench.lines.length, 1);
  });

  it("name the tag whose values lakh no longer keeps apart", async () => {
    const bench = new Bench();
    bench.add("http_reqs", 1, { name: "(other)" });
    bench.interval(5);
    await bench.pushed();
    assert.match(bench.lines[0]!, /^warning .*tag "name" has more values than lakh keeps apart/u);
  });
});
