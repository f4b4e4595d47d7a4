import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { computeGenerators, type RequestCost } from "../../../src/plan/index.ts";

const cost = (cpuMsPerRequest: number, loopMsPerRequest = cpuMsPerRequest): RequestCost => ({
  cpuMsPerRequest,
  loopMsPerRequest,
  origin: "test",
});

describe("the generators that a rate takes", () => {
  it("keep every thread at or below 60 % of an event loop", () => {
    // 12,000 * 0.05 ms = 0.6 of a thread: just one. One request more: two.
    assert.equal(computeGenerators(12_000, cost(0.05), 4).workers, 1);
    assert.equal(computeGenerators(12_001, cost(0.05), 4).workers, 2);
    assert.equal(computeGenerators(36_000, cost(0.05), 4).workers, 3);
  });

  it("are as many as their cores can carry", () => {
    const need = computeGenerators(100_000, cost(0.05), 4);
    assert.equal(need.cpuCores, 5);
    assert.equal(need.workers, 9);
    assert.equal(need.generators, 3);
    assert.equal(computeGenerators(100_000, cost(0.05), 16).generators, 1);
  });

  it("count the CPU beside the threads when it is more", () => {
    // Threads: 5,000 * 0.1 ms / 0.6 = 1. CPU: 5,000 * 0.2 ms = 1 core, / 0.6 = 2 cores.
    const need = computeGenerators(5_000, cost(0.2, 0.1), 1);
    assert.equal(need.workers, 1);
    assert.equal(need.generators, 2);
  });

  it("are at least one", () => {
    const { workers, generators } = computeGenerators(0.01, cost(0.05), 64);
    assert.deepEqual({ workers, generators }, { workers: 1, generators: 1 });
  });

  it("are refused for a cost that is none", () => {
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(() => computeGenerators(100, cost(bad), 1), { code: "PLAN_WORKLOAD_INVALID" });
  });
});
