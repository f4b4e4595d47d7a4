import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScenarioProgress } from "../../../src/engine/index.ts";
import { scenarioRow } from "../../../src/run/scenario-progress.ts";
import { parseScenarios, type ScenarioPlan, wholeShare } from "../../../src/schedule/index.ts";

const planOf = (scenario: Record<string, unknown>): ScenarioPlan =>
  parseScenarios({ own: scenario })[0]!;

const progressOf = (given: Partial<ScenarioProgress> = {}): ScenarioProgress => ({
  name: "own",
  activeVus: 1,
  iterationsCompleted: 0,
  iterationsInterrupted: 0,
  endedAtMs: null,
  ...given,
});

const rowOf = (
  scenario: Record<string, unknown>,
  elapsedMs: number,
  given: Partial<ScenarioProgress> = {},
): string => {
  const moment = { elapsedMs, progress: progressOf(given) };
  const { status, share, columns } = scenarioRow(planOf(scenario), wholeShare, moment);
  return [status, Math.floor(share * 100), ...columns].join("|");
};

const constantVus = { executor: "constant-vus", vus: 2, duration: "3s" };
const shared = { executor: "shared-iterations", vus: 2, iterations: 30, maxDuration: "4s" };
const perVu = { executor: "per-vu-iterations", vus: 2, iterations: 12, startTime: "1s" };
const rampingVus = {
  executor: "ramping-vus",
  startVUs: 1,
  stages: [
    { duration: "2s", target: 14 },
    { duration: "1s", target: 0 },
  ],
};
const rampingRate = {
  executor: "ramping-arrival-rate",
  startRate: 1,
  stages: [
    { duration: "2s", target: 10 },
    { duration: "1s", target: 3 },
  ],
  preAllocatedVUs: 3,
};

/** k6's own columns. */
test("each executor has its columns", () => {
  assert.equal(rowOf(constantVus, 600), " |20|2 VUs|0.6s/3s");
  assert.equal(
    rowOf(shared, 600, { iterationsCompleted: 4 }),
    " |13|2 VUs|0.6s/4s|04/30 shared iters",
  );
  assert.equal(
    rowOf(perVu, 1_600, { iterationsCompleted: 4 }),
    " |16|2 VUs|00m00.6s/10m0s|04/24 iters, 12 per VU",
  );
  assert.equal(rowOf(rampingVus, 600), " |20|01/14 VUs|0.6s/3.0s");
  assert.equal(rowOf(rampingRate, 1_000), " |33|1/3 VUs|1.0s/3s|05.50 iters/s");
  const rate = { executor: "constant-arrival-rate", rate: 30, timeUnit: "1m", duration: "3s" };
  assert.equal(
    rowOf({ ...rate, preAllocatedVUs: 2 }, 600, { activeVus: 0 }),
    " |20|0/2 VUs|0.6s/3s|0.50 iters/s",
  );
});

test("a scenario waits, runs, stops gracefully, is done or was cut short", () => {
  assert.equal(rowOf(perVu, 600, { activeVus: 0 }), "•|0|waiting|0.4s");
  assert.equal(rowOf(constantVus, 3_500), "↓|100|2 VUs|3s");
  assert.equal(rowOf(constantVus, 9_000, { endedAtMs: 3_020 }), "✓|100|2 VUs|3s");
  assert.equal(rowOf(constantVus, 9_000, { endedAtMs: 1_500 }), "✗|50|2 VUs|1.5s/3s");
  assert.equal(
    rowOf(shared, 9_000, { iterationsCompleted: 30, endedAtMs: 3_800 }),
    "✓|100|2 VUs|3.8s/4s|30/30 shared iters",
  );
  assert.deepEqual(scenarioRow(planOf(shared), wholeShare, { elapsedMs: 0, progress: undefined }), {
    name: "own",
    status: " ",
    share: 0,
    columns: [],
  });
});
