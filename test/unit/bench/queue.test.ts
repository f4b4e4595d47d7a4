import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type QueueModel, saturationRate, slowShare, trueCapacity } from "../../../bench/queue.ts";
import { erlangCapacity, erlangSlowShare } from "../../support/erlang.ts";

const exponential = (servers: number): QueueModel => ({
  servers,
  meanServiceMs: 20,
  service: "exponential",
  arrivals: "poisson",
});

describe("queue of known capacity", () => {
  it("has the slow answers of M/M/c that Erlang's formula says, for one server and for several", () => {
    for (const servers of [1, 2, 4]) {
      const model = exponential(servers);
      for (const utilisation of [0.3, 0.6, 0.8]) {
        const rate = utilisation * saturationRate(model);
        const expected = erlangSlowShare(model, rate, 100);
        const simulated = slowShare(model, rate, { limitMs: 100, requests: 400_000 });
        // The standard error of the simulated share is below 3 % of it.
        assert.ok(
          Math.abs(simulated / expected - 1) < 0.1,
          `c=${servers} at ${utilisation}: ${simulated}, Erlang ${expected}`,
        );
      }
    }
  });

  it("has the capacity for a latency objective that follows from Erlang's formula", () => {
    const model = exponential(4);
    const objective = { limitMs: 150, allowedShare: 0.05 };
    const found = trueCapacity(model, { ...objective, requests: 400_000 });
    assert.ok(Math.abs(found / erlangCapacity(model, objective) - 1) < 0.01, `${found}`);
  });

  it("carries just what its servers can do when nothing is left to chance", () => {
    const model: QueueModel = {
      servers: 2,
      meanServiceMs: 20,
      service: "deterministic",
      arrivals: "even",
    };
    const found = trueCapacity(model, { limitMs: 100, allowedShare: 0.05, requests: 50_000 });
    assert.ok(Math.abs(found - 100) < 0.5, `${found} requests/s`);
  });
});
