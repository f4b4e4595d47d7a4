/** Red flags: none of a healthy run, and each one of a run that is spoilt in one way. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judge, redFlags } from "../../../src/judge/index.ts";
import type { RunRecord } from "../../../src/record/index.ts";
import {
  healthyIntervals,
  healthyReadings,
  healthyRecord,
  latencyOf,
  observation,
} from "../../support/record.ts";

const flagsOf = (record: RunRecord): ReturnType<typeof redFlags> => redFlags(record, judge(record));
const idsOf = (record: RunRecord): string[] => flagsOf(record).map(({ id }) => id);
const unlimited = { ...healthyRecord().objectives!, latency: [], errorShare: null, cpuShare: null };

const endpoint = {
  name: "/search",
  method: "GET",
  requests: 1_000,
  failed: 40,
  avgMs: 300,
  p50Ms: 300,
  p90Ms: 500,
  p95Ms: 612.5,
  p99Ms: 700,
  maxMs: 900,
};

describe("redFlags", () => {
  it("finds nothing in a healthy run", () => {
    assert.deepEqual(flagsOf(healthyRecord()), []);
  });

  it("tells of failed requests, how many, and where most of them are", () => {
    const intervals = healthyIntervals(() => ({ failedRequests: 20 }));
    const [flag, ...others] = flagsOf(healthyRecord({ intervals, endpoints: [endpoint] }));
    assert.deepEqual(others, []);
    assert.equal(flag?.id, "errors");
    assert.match(
      flag.evidence,
      /^1,200 of 26,640 requests failed in the steady state \(4\.5 %, allowed 0\.1 %\)/u,
    );
    assert.match(flag.evidence, /most of them at GET \/search: 40 of its 1,000$/u);
  });

  it("takes 1 % of errors as too much where no objective says so", () => {
    const ids = (failedRequests: number): string[] =>
      idsOf(
        healthyRecord({
          objectives: unlimited,
          intervals: healthyIntervals(() => ({ failedRequests })),
        }),
      );
    assert.deepEqual(ids(4), []);
    assert.deepEqual(ids(5), ["errors"]);
  });

  it("tells of slow answers with the slowest endpoint", () => {
    const steadyLatency = latencyOf(Array.from({ length: 26_640 }, () => 400));
    const intervals = healthyIntervals(() => ({
      slowRequests: [444, 0],
      p50Ms: 400,
      p95Ms: 400,
      p99Ms: 400,
    }));
    const [flag] = flagsOf(healthyRecord({ intervals, steadyLatency, endpoints: [endpoint] }));
    assert.equal(flag?.id, "latency");
    assert.equal(flag.severity, "problem");
    assert.match(flag.evidence, /slowest endpoint: GET \/search, p95 612\.5 ms$/u);
  });

  it("warns of a p95 above 500 ms where no objective says what is too slow", () => {
    const ofLatency = (ms: number): string[] =>
      idsOf(
        healthyRecord({
          objectives: unlimited,
          steadyLatency: latencyOf(Array.from({ length: 100 }, () => ms)),
        }),
      );
    assert.deepEqual(ofLatency(499), []);
    assert.deepEqual(ofLatency(501), ["latency"]);
  });

  it("tells that users waited longer than requests took", () => {
    const steadyResponse = latencyOf(Array.from({ length: 26_640 }, () => 250));
    assert.deepEqual(idsOf(healthyRecord({ steadyResponse })), ["late"]);
  });

  it("sees a latency that rises under the same load, and not one that is only restless", () => {
    const rising = healthyIntervals((second) => ({ p95Ms: 40 + second + (second % 3) }));
    const restless = healthyIntervals((second) => ({
      p95Ms: 40 + 30 * Math.abs(Math.sin(second * 7)),
    }));
    assert.deepEqual(idsOf(healthyRecord({ intervals: rising })), ["drift"]);
    assert.deepEqual(idsOf(healthyRecord({ intervals: restless })), []);
  });

  it("tells of dropped iterations", () => {
    const iterations = { ...healthyRecord().iterations, dropped: 100, due: 7_315 };
    const [flag] = flagsOf(healthyRecord({ iterations }));
    assert.equal(flag?.id, "dropped");
    assert.match(flag.evidence, /^100 of 7,315 iterations/u);
  });

  it("tells of the target's CPU by the objective, and by 80 % without one", () => {
    const hot = [observation("cpu_cores", () => 3.4)];
    assert.ok(idsOf(healthyRecord({ observations: hot })).includes("cpu"));
    const warm = [observation("cpu_cores", () => 3.1)];
    assert.deepEqual(idsOf(healthyRecord({ objectives: unlimited, observations: hot })), ["cpu"]);
    assert.deepEqual(idsOf(healthyRecord({ objectives: unlimited, observations: warm })), []);
  });

  it("tells of a target that restarted, and of one whose event loop is blocked", () => {
    const observations = [
      ...healthyRecord().observations,
      { ...observation("restarts", (second) => (second > 30 ? 1 : 0)), unit: "count" as const },
      { ...observation("event_loop_lag_ms", () => 180), unit: "ms" as const },
    ];
    assert.deepEqual(idsOf(healthyRecord({ observations })), ["restarts", "loop"]);
  });

  it("tells of a generator that was the bottleneck before everything else", () => {
    const generatorHealth = healthyReadings(() => ({ loopUtilization: 0.95 }));
    const exceptions = [{ message: "TypeError: x", count: 3 }];
    assert.deepEqual(idsOf(healthyRecord({ generatorHealth, exceptions })), [
      "generator",
      "script",
    ]);
  });

  it("names the check that fails most", () => {
    const checks = [
      { group: "", name: "fine", passes: 1_000, fails: 1 },
      { group: "", name: "worst", passes: 100, fails: 900 },
      { group: "", name: "bad", passes: 900, fails: 100 },
    ];
    const [flag] = flagsOf(healthyRecord({ checks }));
    assert.equal(flag?.evidence, "worst: 900 of 1,000, and 1 more");
  });

  it("names thresholds that saw no sample", () => {
    const threshold = {
      metric: "http_reqs{name:x}",
      source: "count<9",
      ok: true,
      actual: undefined,
    };
    const [flag] = flagsOf(healthyRecord({ thresholds: [threshold] }));
    assert.deepEqual([flag?.id, flag?.evidence], ["thresholds", "http_reqs{name:x}"]);
  });

  it("says that endpoints are not told apart", () => {
    const [flag] = flagsOf(healthyRecord({ tagOverflows: 12_345 }));
    assert.deepEqual([flag?.id, flag?.severity], ["tags", "warning"]);
    assert.match(flag!.evidence, /\(other\) stands for the rest, 12,345 times/u);
  });
});
