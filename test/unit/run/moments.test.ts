import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noOutputs, type RunMoment } from "../../../src/outputs/index.ts";
import { type MomentParts, MomentTeller } from "../../../src/run/moments.ts";
import { parseScenario, wholeShareSpec } from "../../../src/schedule/index.ts";

type Tick = Parameters<MomentTeller["tellTick"]>[0];

const counts = { iterationsDue: 90, iterationsStarted: 88, iterationsFailed: 1, activeVus: 12 };

const health = {
  loopUtilization: 0.5,
  loopDelayP99Ms: 20,
  gcShare: 0.01,
  cpuCores: 1.5,
  rssBytes: 1_000,
  startLagP99Ms: null,
  throttledShare: 0.25,
};

/** A run that is to start 20 iterations a second for ten seconds, of five requests each. */
function teller(given: Partial<MomentParts> = {}): { teller: MomentTeller; told: RunMoment[] } {
  const told: RunMoment[] = [];
  const rate = { rate: 20, duration: "10s", preAllocatedVUs: 30 };
  const plan = {
    scenarios: [parseScenario("s", { executor: "constant-arrival-rate", ...rate })],
    share: wholeShareSpec,
  } as unknown as MomentParts["plan"];
  const parts: MomentParts = {
    outputs: { ...noOutputs, wantMoments: true, addMoment: (moment) => void told.push(moment) },
    clock: { nowMs: () => 0, wallMs: () => 1_000 },
    plan,
    window: { fromMs: 2_000, toMs: 9_000, rule: "" },
    collector: {
      counts,
      elapsedMs: 1_000,
      health: [health],
    } as unknown as MomentParts["collector"],
    requestsPerIteration: 5,
    targetCores: 4,
    initializedVus: () => 30,
    latestReadings: () => [],
    ...given,
  };
  return { teller: new MomentTeller(parts), told };
}

const tick = (atMs: number, faults: Record<string, number> = {}): Tick =>
  ({ atMs, health: [{ socketFaultKinds: faults }] }) as unknown as Tick;

describe("MomentTeller", () => {
  it("tells phase, plan, counts and generator", () => {
    const { teller: made, told } = teller();
    made.tellIdle("setup");
    made.tellTick(tick(1_000, { EMFILE: 2 }));
    made.tellTick(tick(3_000, { EMFILE: 1, EADDRNOTAVAIL: 4 }));
    made.tellTick(tick(9_600));
    made.tellIdle("teardown");
    assert.deepEqual(
      told.map(({ phase }) => phase),
      ["setup", "ramp", "steady", "ramp", "teardown"],
    );
    const [setup, ramp, steady] = told;
    assert.deepEqual(setup!.planned, {});
    assert.equal(setup!.generator, undefined);
    assert.equal(setup!.vus.active, 0);
    assert.deepEqual(ramp!.planned, { vus: 30, iterationsPerSecond: 20, requestsPerSecond: 100 });
    assert.deepEqual(ramp!.iterations, { due: 90, started: 88, failed: 1 });
    assert.deepEqual(ramp!.vus, { active: 12, initialized: 30 });
    assert.equal(ramp!.generator!.residentBytes, 1_000);
    assert.equal(ramp!.generator!.stealShare, null);
    assert.deepEqual(
      [...steady!.generator!.socketFaults],
      [
        ["EMFILE", 3],
        ["EADDRNOTAVAIL", 4],
      ],
    );
  });

  it("tells no rate of requests that nobody planned", () => {
    const { teller: made, told } = teller({ requestsPerIteration: undefined });
    made.tellTick(tick(1_000));
    assert.equal(told[0]!.planned.requestsPerSecond, undefined);
  });

  it("tells readings of the target that are fresh, and the share of its cores in use", () => {
    const { teller: made, told } = teller({
      collector: {
        counts,
        elapsedMs: 60_000,
        health: [health],
      } as unknown as MomentParts["collector"],
      latestReadings: () => [
        { name: "cpu_cores", source: "a", atMs: 59_000, value: 1 },
        { name: "cpu_cores", source: "b", atMs: 59_000, value: 2 },
        { name: "memory_bytes", source: "a", atMs: 10_000, value: 9 },
      ],
    });
    made.tellTick(tick(60_000));
    assert.deepEqual(
      told[0]!.target.map(({ name, source, value }) => [name, source, value]),
      [
        ["cpu_cores", "a", 1],
        ["cpu_cores", "b", 2],
        ["cpu_used_share", "a, b", 0.75],
      ],
    );
  });

  it("asks nothing when nobody wants to know", () => {
    const { teller: made } = teller({
      outputs: noOutputs,
      latestReadings: () => assert.fail("it was asked"),
    });
    made.tellTick(tick(1_000));
    made.tellIdle("teardown");
  });
});
