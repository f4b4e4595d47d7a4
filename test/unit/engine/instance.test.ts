import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { instanceBytes, type WorkerAssignment } from "../../../src/engine/protocol.ts";
import { Instance } from "../../../src/engine/worker/instance.ts";
import { RunState } from "../../../src/engine/worker/state.ts";
import type { ScenarioPlan } from "../../../src/schedule/index.ts";

const perVu = (name: string, vus: number): ScenarioPlan => ({
  name,
  executor: "per-vu-iterations",
  exec: "default",
  env: {},
  tags: {},
  startTimeMs: 0,
  gracefulStopMs: 0,
  vus,
  iterations: 1,
  maxDurationMs: 1_000,
  config: {},
});

/** The views that so many workers have of one instance. */
function instances(scenarios: readonly ScenarioPlan[], count: number): Instance[] {
  const numbers = new SharedArrayBuffer(instanceBytes(scenarios.length, count));
  return Array.from({ length: count }, (_, index) => {
    const share = { segment: null, sequence: null, part: { index, count } };
    return new Instance({ scenarios, share, numbers } as unknown as WorkerAssignment);
  });
}

describe("Instance", () => {
  it("gives the planned VUs of all workers the first numbers, each once", () => {
    // Three workers of one VU each in `a`, and of 2, 1 and 1 in `b`: 3 + 2 + 2.
    const workers = instances([perVu("a", 3), perVu("b", 4)], 3);
    const planned = [
      [0, 1, 2],
      [0, 1],
      [0, 1],
    ];
    const ids = planned.flatMap((own, worker) => own.map((n) => workers[worker]!.vuIndex(n)));
    assert.deepEqual(
      ids.toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6],
    );
    assert.deepEqual(
      workers.map((worker) => worker.vuIndex(0)),
      [0, 1, 2],
    );
  });

  it("numbers further VUs in the order in which any worker makes them", () => {
    const [first, second] = instances([perVu("a", 3)], 2);
    assert.deepEqual(
      [first!.vuIndex(2), second!.vuIndex(1), second!.vuIndex(2), first!.vuIndex(3)],
      [3, 4, 5, 6],
    );
  });

  it("numbers the iterations of each scenario over all workers", () => {
    const [first, second] = instances([perVu("a", 2), perVu("b", 2)], 2);
    assert.deepEqual(
      [first, second, second, first].map((worker) => worker!.scenario(0).begin()),
      [0, 1, 2, 3],
    );
    assert.equal(second!.scenario(1).begin(), 0);
    first!.scenario(0).end();
    assert.equal(second!.scenario(0).completed, 1);
    assert.equal(second!.scenario(1).completed, 0);
  });

  it("gives out as many shared iterations as there are, and the rest once", () => {
    const [first, second] = instances([perVu("a", 2)], 2).map((worker) => worker.scenario(0));
    assert.deepEqual([first!.take(5), second!.take(5), second!.take(5)], [true, true, true]);
    assert.equal(first!.takeRest(5), 2);
    assert.deepEqual([second!.take(5), second!.takeRest(5), first!.takeRest(5)], [false, 0, 0]);
  });

  it("shows each worker the counts of all, those from before it joined included", () => {
    const workers = instances([perVu("a", 2)], 2);
    const states = workers.map((instance, index) => {
      const state = new RunState();
      state.initializedVus = 1 + index;
      state.join(instance);
      return state;
    });
    states[0]!.activeVus++;
    states[1]!.iterationsCompleted += 3;
    for (const state of states) {
      assert.equal(state.inInstance("initializedVus"), 3);
      assert.equal(state.inInstance("activeVus"), 1);
      assert.equal(state.inInstance("iterationsCompleted"), 3);
      assert.equal(state.inInstance("iterationsInterrupted"), 0);
    }
    assert.equal(states[1]!.counts().activeVus, 0);
  });
});
