import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { generatorCost } from "../../../src/judge/index.ts";
import { healthyIntervals, healthyReading, healthyRecord } from "../../support/record.ts";

describe("what requests cost their generator", () => {
  const record = healthyRecord();

  it("is its CPU and its busiest loop over the requests of the steady state", () => {
    // 0.3 cores and two loops that are busy for 0.2 of the time, at 444 requests/s.
    const cost = generatorCost(record)!;
    assert.equal(cost.requestsPerSecond, 444);
    assert.equal(cost.cpuMsPerRequest.toPrecision(6), (300 / 444).toPrecision(6));
    assert.equal(cost.loopMsPerRequest?.toPrecision(6), (400 / 444).toPrecision(6));
    assert.equal(cost.wasSaturated, false);
  });

  it("takes every thread to be as busy as the busiest", () => {
    const environment = { ...record.environment, workers: 3 };
    const cost = generatorCost({ ...record, environment })!;
    assert.equal(cost.loopMsPerRequest?.toPrecision(6), (600 / 444).toPrecision(6));
  });

  it("leaves the warm-up out", () => {
    const generatorHealth = record.generatorHealth.map((reading) =>
      reading.atMs < record.steadyState.fromMs ? { ...reading, cpuCores: 9 } : reading,
    );
    const cost = generatorCost({ ...record, generatorHealth })!;
    assert.equal(cost.cpuMsPerRequest.toPrecision(6), (300 / 444).toPrecision(6));
  });

  it("has no loop for a runner that has none", () => {
    const generatorHealth = record.generatorHealth.map((reading) => ({
      ...reading,
      loopUtilization: null,
    }));
    assert.equal(generatorCost({ ...record, generatorHealth })?.loopMsPerRequest, null);
  });

  it("is unknown without requests, and without readings of the CPU", () => {
    const intervals = healthyIntervals(() => ({ requests: 0 }));
    assert.equal(generatorCost({ ...record, intervals }), undefined);
    const generatorHealth = [healthyReading({ cpuCores: null })];
    assert.equal(generatorCost({ ...record, generatorHealth }), undefined);
  });

  it("says when the generator was the bottleneck", () => {
    const generatorHealth = record.generatorHealth.map((reading) => ({
      ...reading,
      loopUtilization: 0.95,
    }));
    assert.equal(generatorCost({ ...record, generatorHealth })?.wasSaturated, true);
  });
});
