/** What a page shows of a run is what its record says, and what was judged of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judge } from "../../../../src/judge/index.ts";
import { ExponentialHistogram } from "../../../../src/metrics/index.ts";
import { computeDemand, computeWorkload } from "../../../../src/plan/index.ts";
import type { RunRecord } from "../../../../src/record/index.ts";
import { runPart } from "../../../../src/report/html/run-part.ts";
import {
  healthyInterval,
  healthyIntervals,
  healthyRecord,
  latencyOf,
} from "../../../support/record.ts";
import { endpointOf, longRecord } from "./samples.ts";

const all = 10_000;
const partOf = (record: RunRecord): ReturnType<typeof runPart> => runPart(record, all);
const chartOf = (
  record: RunRecord,
  id: string,
  most: number = all,
): Record<string, readonly (number | null)[]> => {
  const { charts } = runPart(record, most).charts;
  const chart = charts.find((each) => each.id === id)!;
  return Object.fromEntries(chart.lines.map(({ label, values }) => [label, values]));
};

describe("runPart", () => {
  it("has the verdict, the scorecard and the generator's figures of the judge", () => {
    const record = healthyRecord();
    const { verdict, sentence, scorecard, generator, reasons } = judge(record);
    const shown = partOf(record);
    assert.equal(shown.banner.word, verdict);
    assert.equal(`PASS: ${shown.banner.sentence.replace("The", "the")}`, sentence);
    assert.deepEqual(shown.banner.reasons, reasons);
    assert.deepEqual(
      shown.scorecard.map((row, index) => ({ id: scorecard[index]!.id, ...row })),
      scorecard,
    );
    assert.deepEqual(shown.generator.figures, generator.figures);
  });

  it("has the key figures of the steady state", () => {
    const record = healthyRecord();
    const { figures } = partOf(record);
    const valueOf = (label: string): string | undefined =>
      figures.find((each) => each.label === label)?.value;
    const p95 = ExponentialHistogram.fromPlain(record.steadyLatency).quantile(0.95);
    assert.equal(valueOf("requests per second"), "444.0");
    assert.equal(valueOf("p95 latency"), `${p95.toFixed(1)} ms`);
    assert.equal(valueOf("failed requests"), "0.00 %");
    assert.equal(valueOf("users at once"), "5,000");
  });

  it("draws the record's intervals: rates per second, percentiles as they are, the tail joined to its neighbour", () => {
    const intervals = [
      healthyInterval({ durationMs: 2_000, requests: 100, p95Ms: 40 }),
      healthyInterval({
        atMs: 2_000,
        durationMs: 2_000,
        requests: 50,
        failedRequests: 5,
        p95Ms: null,
      }),
      healthyInterval({ atMs: 4_000, durationMs: 100, requests: 20, p95Ms: 70 }),
    ];
    const record = healthyRecord({ intervals });
    assert.deepEqual(chartOf(record, "rate")["answered"], [50, 33.33]);
    assert.deepEqual(chartOf(record, "latency")["p95"], [40, 70]);
    assert.deepEqual(chartOf(record, "errors")["failed requests"], [0, 2.381]);
    assert.deepEqual(partOf(record).charts.axes["run"], [1_000, 3_050]);
  });

  it("joins seconds of a long run without losing a request or a peak", () => {
    const record = longRecord([]);
    const spike = 1_234;
    const intervals = record.intervals.map((each, index) =>
      index === spike ? { ...each, p99Ms: 9_999 } : each,
    );
    const drawn = chartOf({ ...record, intervals }, "rate", 100)["answered"]!;
    assert.equal(drawn.length, 100);
    const requests = record.intervals.reduce((sum, each) => sum + each.requests, 0);
    const seconds = record.intervals.length / drawn.length;
    const total = drawn.reduce<number>((sum, rate) => sum + rate! * seconds, 0);
    assert.ok(Math.abs(total / requests - 1) < 0.001);
    assert.equal(
      Math.max(...chartOf({ ...record, intervals }, "latency", 100)["p99"]!.map(Number)),
      9_999,
    );
    assert.match(runPart(record, 100).charts.note!, /^Each point stands for 18s/u);
  });

  it("draws the planned rate of a plan from daily users: its peak rate", () => {
    const demand = computeDemand({ dau: 100_000 });
    const workload = computeWorkload(demand, {
      requestsPerIteration: 4,
      iterationDurationMs: 2_000,
      isMeasured: true,
    });
    const config = {
      executor: "constant-arrival-rate",
      rate: 1_111,
      timeUnit: "10s",
      duration: "65s",
      preAllocatedVUs: 5_000,
      maxVUs: 5_000,
    };
    const record = healthyRecord({
      plan: { dau: 100_000, steps: [...demand.steps, ...workload.steps] },
      scenarios: [
        {
          name: "daily_users",
          executor: config.executor,
          startTimeMs: 0,
          durationMs: 65_000,
          maxVus: 5_000,
          config,
        },
      ],
    });
    const planned = chartOf(record, "rate")["planned"]!;
    assert.equal(planned.length, 65);
    assert.ok(
      planned.every((rate) => Math.abs(rate! - demand.ratePerSecond) < 0.1),
      String(planned[0]),
    );
    assert.equal(chartOf(record, "iterations")["due"]![0], 111.1);
  });

  it("draws no planned rate where nobody planned one, and bears scenarios that cannot be read", () => {
    const scenarios = [
      {
        name: "x",
        executor: "from-the-future",
        startTimeMs: 0,
        durationMs: 1,
        maxVus: 1,
        config: { executor: "from-the-future" },
      },
    ];
    assert.equal(chartOf(healthyRecord({ scenarios, plan: null }), "rate")["planned"], undefined);
  });

  it("spreads the latencies without losing one, and its percentiles are the histogram's", () => {
    const record = healthyRecord();
    const { service, response } = partOf(record).latency!;
    assert.equal(response, null);
    assert.equal(
      service.bars.reduce((sum, { count }) => sum + count, 0),
      record.steadyLatency.count,
    );
    const histogram = ExponentialHistogram.fromPlain(record.steadyLatency);
    assert.equal(
      service.quantiles.find(({ name }) => name === "p99")?.ms,
      histogram.quantile(0.99),
    );
    assert.ok(service.bars.length <= 80);
    const shares = service.curve.map(({ share }) => share);
    assert.deepEqual(
      shares,
      shares.toSorted((one, other) => one - other),
    );
  });

  it("shows the latency from due times beside the other", () => {
    const steadyResponse = latencyOf([100, 200, 300]);
    assert.equal(partOf(healthyRecord({ steadyResponse })).latency?.response?.count, 3);
  });

  it("marks endpoints above the run's limits, and judges those with objectives of their own", () => {
    const intervals = healthyIntervals(() => ({
      endpoints: [{ requests: 444, failedRequests: 0, slowRequests: [444] }],
    }));
    const objectives = {
      ...healthyRecord().objectives!,
      endpoints: [
        {
          name: "/slow",
          method: "GET",
          latency: [{ share: 0.95, limitMs: 100 }],
          errorShare: null,
        },
      ],
    };
    const endpoints = [
      endpointOf(1, { name: "/fast" }),
      endpointOf(2, { name: "/slow", requests: 26_640, p95Ms: 310, p99Ms: 490 }),
    ];
    const whole = intervals.map((each) =>
      each.endpoints === undefined
        ? { ...each, endpoints: [{ requests: 0, failedRequests: 0, slowRequests: [0] }] }
        : each,
    );
    const [slow, fast] = partOf(healthyRecord({ objectives, intervals: whole, endpoints }))
      .endpoints.rows;
    assert.deepEqual([slow?.name, slow?.status, slow?.above], ["/slow", "FAIL", ["p95"]]);
    assert.deepEqual([fast?.status, fast?.above], [null, []]);
    assert.equal(slow?.ratePerSecond, 444);
  });

  it("says how a run without objectives ended, and finds no verdict for it", () => {
    const bare = { objectives: null, thresholds: [] };
    const word = (overrides: Partial<RunRecord>): string =>
      partOf(healthyRecord({ ...bare, ...overrides })).banner.word;
    assert.equal(word({}), "FINISHED");
    assert.equal(
      word({ outcome: { exitCode: 105, reason: "interrupted", message: "by the user" } }),
      "INTERRUPTED",
    );
    assert.equal(
      word({ outcome: { exitCode: 108, reason: "aborted", message: null } }),
      "DID NOT FINISH",
    );
    const thresholds = [{ metric: "http_reqs", source: "count>9", ok: false, actual: 3 }];
    assert.equal(
      word({ thresholds, outcome: { exitCode: 99, reason: "thresholds", message: null } }),
      "THRESHOLDS CROSSED",
    );
    assert.deepEqual(partOf(healthyRecord(bare)).scorecard, []);
  });

  it("bears a run without requests, intervals, checks and readings", () => {
    const shown = partOf(
      healthyRecord({
        intervals: [],
        generatorHealth: [],
        observations: [],
        steadyLatency: latencyOf([]),
        steadyState: { fromMs: 0, toMs: 0, rule: "none" },
        checks: undefined,
      }),
    );
    assert.equal(shown.latency, null);
    assert.equal(shown.target, null);
    assert.equal(shown.checks, null);
    assert.equal(shown.endpoints.rows.length, 0);
    assert.deepEqual(shown.generator.charts.charts, []);
    assert.deepEqual(shown.charts.bands, []);
  });

  it("draws of the generator only what its runner could see", () => {
    const generatorHealth = healthyRecord().generatorHealth.map((each) => ({
      ...each,
      loopUtilization: null,
      loopDelayP99Ms: null,
      gcShare: null,
      gcLongestMs: null,
      stealShare: undefined,
      throttledShare: undefined,
    }));
    const { charts } = partOf(healthyRecord({ runner: "k6", generatorHealth })).generator.charts;
    const lines = charts.flatMap((chart) => chart.lines.map(({ label }) => label));
    assert.deepEqual(lines, ["CPU of the machine", "start lag p99", "resident"]);
  });

  it("draws at most seven sources of a reading, those with the highest values, and lists all", () => {
    const observations = Array.from({ length: 12 }, (_, index) => ({
      name: "cpu_cores",
      unit: "cores" as const,
      source: `pod ${index}`,
      points: [[1_000.4, index] as const, [2_000.2, index] as const],
    }));
    const target = partOf(healthyRecord({ observations })).target!;
    const [chart] = target.charts.charts;
    assert.equal(chart?.title, "CPU of the target (7 of 12 sources)");
    assert.deepEqual(
      chart?.lines.map(({ label }) => label),
      [11, 10, 9, 8, 7, 6, 5].map((index) => `pod ${index}`),
    );
    assert.deepEqual(target.charts.axes["target-cpu_cores"], [1_000, 2_000]);
    assert.equal(target.rows.length, 12);
  });
});
