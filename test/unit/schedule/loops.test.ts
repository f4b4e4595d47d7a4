import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ScenarioPlan } from "../../../src/schedule/index.ts";
import {
  createShare,
  describeScenario,
  maxVusOver,
  parseScenario,
  parseScenarios,
  plannedVusOver,
  toLoop,
  totalDurationMs,
  wholeShare,
} from "../../../src/schedule/index.ts";

const half = createShare({ segment: "1/2:1", sequence: "0,1/2,1", part: null });

function plan(fields: Record<string, unknown>): ScenarioPlan {
  return parseScenario("s", fields);
}

describe("the engine's input", () => {
  test("open for the arrival executors", () => {
    const loop = toLoop(
      plan({
        executor: "constant-arrival-rate",
        rate: 4,
        duration: "2s",
        preAllocatedVUs: 2,
        maxVUs: 4,
      }),
      half,
    );
    assert.ok(loop?.kind === "open");
    assert.deepEqual(
      [loop.preAllocatedVus, loop.maxVus, loop.durationMs, loop.arrivals.total],
      [1, 2, 2_000, 4],
    );
  });

  test("looping for the VU executors", () => {
    const constant = toLoop(
      plan({ executor: "constant-vus", vus: 3, duration: "2s", gracefulStop: "7s" }),
      wholeShare,
    );
    assert.deepEqual(constant, {
      kind: "looping",
      steps: [{ atMs: 0, vus: 3 }],
      durationMs: 2_000,
      gracefulRampDownMs: 7_000,
      maxVus: 3,
    });
    const ramping = toLoop(
      plan({ executor: "ramping-vus", startVUs: 0, stages: [{ duration: "2s", target: 2 }] }),
      wholeShare,
    );
    assert.ok(ramping?.kind === "looping");
    assert.deepEqual([ramping.maxVus, ramping.gracefulRampDownMs], [2, 30_000]);
  });

  test("per VU and shared for the iteration executors", () => {
    assert.deepEqual(toLoop(plan({ executor: "per-vu-iterations", vus: 4, iterations: 3 }), half), {
      kind: "per-vu",
      vus: 2,
      iterations: 3,
      maxDurationMs: 600_000,
    });
    const shared = toLoop(plan({ executor: "shared-iterations", vus: 3, iterations: 30 }), half);
    assert.ok(shared?.kind === "shared");
    assert.deepEqual([shared.vus, shared.iterations], [1, 10]);
    assert.equal(shared.globalIndex(0), 1);
  });

  test("nothing for a share without work", () => {
    assert.equal(toLoop(plan({ executor: "per-vu-iterations" }), half), undefined);
    assert.equal(toLoop(plan({ executor: "shared-iterations" }), half), undefined);
    assert.equal(toLoop(plan({ executor: "constant-vus", duration: "1s" }), half), undefined);
    assert.equal(
      toLoop(
        plan({ executor: "constant-arrival-rate", rate: 1, duration: "1s", preAllocatedVUs: 1 }),
        half,
      ),
      undefined,
    );
  });
});

describe("planning VUs", () => {
  const scenarios = parseScenarios({
    early: { executor: "constant-vus", vus: 10, duration: "5s", gracefulStop: "5s" },
    late: { executor: "constant-vus", vus: 7, duration: "5s", startTime: "10s" },
  });

  test("shares VUs between scenarios that do not overlap", () => {
    assert.equal(maxVusOver(scenarios, wholeShare), 10);
    assert.equal(maxVusOver(scenarios, half), 5);
  });

  test("adds those that overlap, gracefulStop included", () => {
    const overlapping = [
      ...scenarios,
      parseScenario("x", { executor: "per-vu-iterations", vus: 2, startTime: "9s" }),
    ];
    assert.equal(maxVusOver(overlapping, wholeShare), 12);
  });

  test("follows the reservations of ramping-vus over time", () => {
    const ramp = (startTime: string): ScenarioPlan =>
      parseScenario("r", {
        executor: "ramping-vus",
        startVUs: 4,
        stages: [{ duration: "10s", target: 4 }],
        gracefulRampDown: "5s",
        gracefulStop: "2s",
        startTime,
      });
    assert.equal(maxVusOver([ramp("0s"), ramp("12s")], wholeShare), 4);
    assert.equal(maxVusOver([ramp("0s"), ramp("11s")], wholeShare), 8);
    assert.equal(totalDurationMs([ramp("11s")]), 23_000);
  });

  test("counts unplanned VUs as possible, not as planned", () => {
    const arrival = [
      plan({
        executor: "constant-arrival-rate",
        rate: 1,
        duration: "1s",
        preAllocatedVUs: 2,
        maxVUs: 8,
      }),
    ];
    assert.equal(maxVusOver(arrival, wholeShare), 8);
    assert.equal(plannedVusOver(arrival, wholeShare), 2);
  });

  test("includes startTime and gracefulStop in the total duration", () => {
    assert.equal(totalDurationMs(scenarios), 45_000);
    assert.equal(totalDurationMs([]), 0);
  });
});

describe("descriptions", () => {
  const cases: readonly [Record<string, unknown>, string][] = [
    [
      { executor: "per-vu-iterations", vus: 2, iterations: 3, exec: "a" },
      "3 iterations for each of 2 VUs (maxDuration: 10m0s, exec: a, gracefulStop: 30s)",
    ],
    [
      { executor: "shared-iterations", vus: 2, iterations: 3 },
      "3 iterations shared among 2 VUs (maxDuration: 10m0s, gracefulStop: 30s)",
    ],
    [{ executor: "constant-vus", vus: 2, duration: "5s", gracefulStop: 0 }, "2 looping VUs for 5s"],
    [
      {
        executor: "constant-arrival-rate",
        rate: 5,
        duration: "2s",
        preAllocatedVUs: 2,
        exec: "b",
        startTime: "1s",
      },
      "5.00 iterations/s for 2s (maxVUs: 2, exec: b, startTime: 1s, gracefulStop: 30s)",
    ],
    [
      {
        executor: "ramping-arrival-rate",
        timeUnit: "1m",
        stages: [
          { duration: "90s", target: 90 },
          { duration: 0, target: 5 },
        ],
        preAllocatedVUs: 2,
        maxVUs: 4,
      },
      "Up to 1.50 iterations/s for 1m30s over 2 stages (maxVUs: 2-4, gracefulStop: 30s)",
    ],
    [
      { executor: "ramping-vus", stages: [{ duration: "1m", target: 20 }] },
      "Up to 20 looping VUs for 1m0s over 1 stages (gracefulRampDown: 30s, gracefulStop: 30s)",
    ],
  ];
  for (const [raw, expected] of cases) {
    test(String(raw["executor"]), () => assert.equal(describeScenario(plan(raw)), expected));
  }

  test("shows the numbers of a share", () => {
    assert.equal(
      describeScenario(
        plan({
          executor: "constant-arrival-rate",
          rate: 5,
          duration: "2s",
          preAllocatedVUs: 2,
          gracefulStop: 0,
        }),
        half,
      ),
      "2.50 iterations/s for 2s (maxVUs: 1)",
    );
  });
});
