import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Journey } from "../../../src/plan/index.ts";
import {
  demandOptions,
  demandScenarios,
  planDemand,
  type Probe,
  probeScenarios,
} from "../../../src/run/demand-plan.ts";

const journeys: readonly Journey[] = [
  { name: "browse", exec: "browse", weight: 3 },
  { name: "buy", exec: "checkout", weight: 1 },
];

const probe: Probe = {
  requestsPerIteration: 2,
  iterationDurationMs: 1_000,
  iterations: 6,
  unconfirmed: { hosts: [], requestsPerIteration: 0 },
  journeys: journeys.map((journey) => ({
    ...journey,
    requestsPerIteration: 2,
    iterationDurationMs: 1_000,
  })),
};

const request = {
  users: { dau: 100_000, peakToAverage: 1.8 },
  warmUpMs: 10_000,
  steadyMs: 50_000,
};
const noTrial = { targetCores: undefined, runTrial: () => assert.fail("a trial was made") };

describe("the load of several journeys", () => {
  it("is a scenario each, which calls the journey's function", async () => {
    const plan = await planDemand({ ...request, journeys, probe }, noTrial);
    const arrival = { executor: "constant-arrival-rate", duration: "1m0s" };
    assert.deepEqual(demandOptions(plan), {
      scenarios: {
        browse: {
          ...arrival,
          exec: "browse",
          rate: 1_875,
          timeUnit: "10s",
          preAllocatedVUs: 3_750,
          maxVUs: 3_750,
        },
        buy: {
          ...arrival,
          exec: "checkout",
          rate: 625,
          timeUnit: "10s",
          preAllocatedVUs: 1_250,
          maxVUs: 1_250,
        },
      },
    });
    assert.deepEqual(demandScenarios(plan), ["browse", "buy"]);
  });

  it("is tried out one by one", () => {
    const { buy } = probeScenarios(journeys) as Record<string, Record<string, unknown>>;
    assert.equal(buy?.["exec"], "checkout");
    assert.deepEqual(Object.keys(probeScenarios()), ["probe"]);
  });

  it("does not rest on a trial that knew of no journeys", async () => {
    const { journeys: _, ...without } = probe;
    let trials = 0;
    const runTrial = (): Promise<Probe> => {
      trials++;
      return Promise.resolve(probe);
    };
    const how = { targetCores: undefined, runTrial };
    await planDemand({ ...request, journeys, probe: without }, how);
    assert.equal(trials, 1);
    await planDemand({ ...request, probe: without }, how);
    assert.equal(trials, 1);
  });
});

it("without journeys there is one scenario, for the default function", async () => {
  const { journeys: _, ...without } = probe;
  const plan = await planDemand({ ...request, probe: without }, noTrial);
  assert.deepEqual(demandScenarios(plan), ["daily_users"]);
  const { scenarios } = demandOptions(plan) as { scenarios: Record<string, { exec: string }> };
  assert.equal(scenarios["daily_users"]?.exec, "default");
});
