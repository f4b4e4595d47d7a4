import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { steadyWindow } from "../../../src/run/steady.ts";
import { parseScenarios } from "../../../src/schedule/index.ts";

const windowOf = (
  scenarios: Record<string, unknown>,
  warmUpMs?: number,
): { fromMs: number; toMs: number } => {
  const { fromMs, toMs } = steadyWindow(parseScenarios(scenarios), warmUpMs);
  return { fromMs, toMs };
};

describe("steadyWindow", () => {
  it("leaves out the first tenth of a constant load", () => {
    const scenario = { executor: "constant-vus", vus: 5, duration: "100s" };
    assert.deepEqual(windowOf({ a: scenario }), { fromMs: 10_000, toMs: 100_000 });
  });

  it("leaves out a minute at most", () => {
    const scenario = { executor: "constant-vus", vus: 5, duration: "4h" };
    assert.deepEqual(windowOf({ a: scenario }), { fromMs: 60_000, toMs: 14_400_000 });
  });

  it("judges the guide's profile on its five minutes at 5,000 VUs, not on the ramps", () => {
    const minutes: [number, number][] = [
      [2, 100],
      [5, 500],
      [10, 1_000],
      [10, 2_000],
      [5, 5_000],
      [5, 5_000],
      [5, 0],
    ];
    const stages = minutes.map(([duration, target]) => ({ duration: `${duration}m`, target }));
    const { fromMs, toMs } = windowOf({ a: { executor: "ramping-vus", startVUs: 1, stages } });
    assert.deepEqual({ fromMs, toMs }, { fromMs: 32 * 60_000 + 30_000, toMs: 37 * 60_000 });
  });

  it("takes the part in which all scenarios are at full load", () => {
    const scenarios = {
      a: { executor: "constant-vus", vus: 1, duration: "60s" },
      b: { executor: "constant-vus", vus: 1, duration: "60s", startTime: "20s" },
    };
    assert.deepEqual(windowOf(scenarios, 0), { fromMs: 20_000, toMs: 60_000 });
  });

  it("takes the given warm-up where one is given", () => {
    const scenario = {
      executor: "constant-arrival-rate",
      rate: 1,
      duration: "45s",
      preAllocatedVUs: 1,
    };
    assert.deepEqual(windowOf({ a: scenario }, 15_000), { fromMs: 15_000, toMs: 45_000 });
  });

  it("judges all of a run that ends with its iterations, and all of one that never holds its load", () => {
    const shared = { executor: "shared-iterations", vus: 1, iterations: 5 };
    assert.deepEqual(windowOf({ a: shared }), { fromMs: 0, toMs: Number.POSITIVE_INFINITY });
    const ramp = {
      executor: "ramping-vus",
      startVUs: 0,
      stages: [{ duration: "30s", target: 10 }],
    };
    assert.deepEqual(windowOf({ a: ramp }), { fromMs: 0, toMs: 30_000 });
  });
});
