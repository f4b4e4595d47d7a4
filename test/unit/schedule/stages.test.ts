import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RampingVusPlan, VuStep } from "../../../src/schedule/index.ts";
import { createShare, parseScenario, vuSteps, wholeShare } from "../../../src/schedule/index.ts";
import { reservedVuSteps } from "../../../src/schedule/stages.ts";

function ramping(
  startVUs: number,
  stages: readonly [string, number][],
  fields: Record<string, unknown> = {},
): RampingVusPlan {
  const raw = {
    executor: "ramping-vus",
    startVUs,
    stages: stages.map(([duration, target]) => ({ duration, target })),
    ...fields,
  };
  return parseScenario("s", raw) as RampingVusPlan;
}

function pairs(steps: readonly VuStep[]): [number, number][] {
  return steps.map(({ atMs, vus }) => [atMs, vus]);
}

describe("steps", () => {
  test("up and down, as k6 computes them: 0 to 4 in 2 s, and back", () => {
    const plan = ramping(0, [
      ["2s", 4],
      ["2s", 0],
    ]);
    assert.deepEqual(pairs(vuSteps(plan, wholeShare)), [
      [0, 0],
      [500, 1],
      [1_000, 2],
      [1_500, 3],
      [2_000, 4],
      [2_500, 3],
      [3_000, 2],
      [3_500, 1],
      [4_000, 0],
    ]);
  });

  test("holds through a stage without change and jumps through one without length", () => {
    const plan = ramping(2, [
      ["1s", 2],
      ["0s", 5],
      ["1s", 5],
      ["0s", 1],
      ["1s", 1],
    ]);
    assert.deepEqual(pairs(vuSteps(plan, wholeShare)), [
      [0, 2],
      [1_000, 5],
      [2_000, 1],
      [3_000, 0],
    ]);
  });

  test("starts at the target of a first stage without length", () => {
    assert.deepEqual(
      pairs(
        vuSteps(
          ramping(1, [
            ["0s", 3],
            ["1s", 3],
          ]),
          wholeShare,
        ),
      ),
      [
        [0, 3],
        [1_000, 0],
      ],
    );
  });

  test("makes only the steps of its own VUs", () => {
    const plan = ramping(0, [
      ["2s", 4],
      ["2s", 0],
    ]);
    const second = createShare({ segment: "1/2:1", sequence: "0,1/2,1", part: null });
    assert.deepEqual(pairs(vuSteps(plan, second)), [
      [0, 0],
      [1_000, 1],
      [2_000, 2],
      [2_500, 1],
      [3_500, 0],
    ]);
  });

  test("is a single step for constant-vus", () => {
    const plan = parseScenario("s", { executor: "constant-vus", vus: 7, duration: "5s" });
    assert.ok(plan.executor === "constant-vus");
    assert.deepEqual(pairs(vuSteps(plan, wholeShare)), [[0, 7]]);
  });
});

describe("reservation", () => {
  test("holds the higher number for gracefulRampDown after each step down", () => {
    const plan = ramping(
      4,
      [
        ["0s", 2],
        ["10s", 2],
      ],
      { gracefulRampDown: "3s", gracefulStop: "5s" },
    );
    assert.deepEqual(pairs(reservedVuSteps(plan, wholeShare)), [
      [0, 2],
      [13_000, 0],
    ]);
    const falling = ramping(
      4,
      [
        ["5s", 4],
        ["0s", 2],
        ["10s", 2],
      ],
      { gracefulRampDown: "3s", gracefulStop: "5s" },
    );
    assert.deepEqual(pairs(reservedVuSteps(falling, wholeShare)), [
      [0, 4],
      [8_000, 2],
      [18_000, 0],
    ]);
  });

  test("does not fall when the number rises again within the window", () => {
    const plan = ramping(
      4,
      [
        ["5s", 4],
        ["0s", 2],
        ["2s", 2],
        ["0s", 4],
        ["5s", 4],
      ],
      { gracefulRampDown: "3s", gracefulStop: "1s" },
    );
    assert.deepEqual(pairs(reservedVuSteps(plan, wholeShare)), [
      [0, 4],
      [13_000, 0],
    ]);
  });

  test("ends with gracefulStop after the last stage", () => {
    const plan = ramping(4, [["5s", 4]], { gracefulRampDown: "60s", gracefulStop: "10s" });
    assert.deepEqual(pairs(reservedVuSteps(plan, wholeShare)), [
      [0, 4],
      [15_000, 0],
    ]);
  });

  test("reserves a VU that is wanted only at the very end", () => {
    const plan = ramping(0, [["2s", 2]], { gracefulRampDown: "0s", gracefulStop: "0s" });
    assert.deepEqual(pairs(vuSteps(plan, wholeShare)), [
      [0, 0],
      [1_000, 1],
      [2_000, 2],
      [2_000, 0],
    ]);
    assert.deepEqual(pairs(reservedVuSteps(plan, wholeShare)), [
      [0, 0],
      [1_000, 1],
      [2_000, 2],
      [2_001, 0],
    ]);
  });
});
