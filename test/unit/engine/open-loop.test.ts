/** The open loop against a scenario that is made up: what it does when it is behind its schedule. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { VuIteration } from "../../../src/engine/worker/iteration.ts";
import { runOpenLoop } from "../../../src/engine/worker/open-loop.ts";
import type { ScenarioRun } from "../../../src/engine/worker/scenario.ts";
import type { OpenLoopPlan } from "../../../src/schedule/index.ts";

const vus = 32;
const due = 1_000;

/** All iterations were due when the loop began; each ends when the event loop has turned once. */
function lateScenario() {
  const state = { iterationsDue: 0, activeVus: 0 };
  const counts = { started: 0, dropped: 0, mostInTurn: 0 };
  let inTurn = 0;
  const scenario = {
    startAtMs: 0,
    endAtMs: 1_000,
    stopped: false,
    parts: { state, clock: { nowMs: () => 1_000, wallMs: () => 0 } },
    takeVu: () => Promise.resolve({} as VuIteration),
    waitUntil: () => Promise.resolve(),
    give: () => undefined,
    finish: (drained: Promise<void>) => drained,
    drop: (count: number) => {
      counts.dropped += count;
    },
    iterate: (
      vu: VuIteration,
      _dueAtMs: number,
      listener: { onIterationEnd: (vu: VuIteration, completed: boolean) => void },
    ) => {
      counts.started++;
      counts.mostInTurn = Math.max(counts.mostInTurn, ++inTurn);
      setImmediate(() => {
        inTurn = 0;
        listener.onIterationEnd(vu, true);
      });
    },
  };
  return { scenario: scenario as unknown as ScenarioRun, counts, state };
}

const plan = {
  preAllocatedVus: vus,
  maxVus: vus,
  arrivals: { dueAtMs: (index: number) => (index < due ? index : undefined) },
} as unknown as OpenLoopPlan;

test("an open loop that catches up lets iterations end between its starts, and drops none", async () => {
  const { scenario, counts, state } = lateScenario();
  await runOpenLoop(scenario, plan);
  assert.equal(state.iterationsDue, due);
  assert.deepEqual(
    { started: counts.started, dropped: counts.dropped },
    { started: due, dropped: 0 },
    "VUs whose answers were only waiting to be read are no reason to drop",
  );
  assert.ok(counts.mostInTurn <= vus);
});
