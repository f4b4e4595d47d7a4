import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EngineTick, FanIn } from "../../../src/engine/host/fan-in.ts";
import type { WorkerTick } from "../../../src/engine/protocol.ts";

const counts = {
  iterationsDue: 0,
  iterationsStarted: 1,
  iterationsCompleted: 1,
  iterationsInterrupted: 0,
  iterationsDropped: 0,
  iterationsFailed: 0,
  activeVus: 1,
  initializedVus: 2,
  usedVus: 2,
};
const health = {
  loopUtilization: 0,
  loopDelayP99Ms: 0,
  gcShare: 0,
  gcLongestMs: 0,
  startLagP99Ms: null,
  startLagMaxMs: null,
  socketFaults: 0,
  socketFaultKinds: {},
};
const tick = (index: number, atMs: number = (index + 1) * 1_000): WorkerTick => ({
  index,
  atMs,
  delta: {} as WorkerTick["delta"],
  health,
  responses: undefined,
  counts,
  tagOverflows: 3,
  scenarios: [],
});

function collecting(workers: number): { fanIn: FanIn; ticks: EngineTick[] } {
  const ticks: EngineTick[] = [];
  return { fanIn: new FanIn(workers, (complete) => ticks.push(complete)), ticks };
}

describe("FanIn", () => {
  it("gives a tick when every worker has sent its own", () => {
    const { fanIn, ticks } = collecting(2);
    fanIn.add(0, tick(0));
    assert.equal(ticks.length, 0);
    fanIn.add(1, tick(0, 1_004));
    assert.equal(ticks.length, 1);
    assert.equal(ticks[0]!.atMs, 1_004);
    assert.deepEqual(
      ticks[0]!.deltas.map(({ workerIndex }) => workerIndex),
      [0, 1],
    );
    assert.equal(ticks[0]!.counts.initializedVus, 4);
    assert.equal(ticks[0]!.tagOverflows, 6);
  });

  it("keeps the order when a worker runs ahead", () => {
    const { fanIn, ticks } = collecting(2);
    for (const index of [0, 1, 2]) fanIn.add(0, tick(index));
    fanIn.add(1, tick(0));
    fanIn.add(1, tick(1));
    assert.deepEqual(
      ticks.map(({ index }) => index),
      [0, 1],
    );
  });

  it("does not wait for a worker that has finished, and still counts what it did", () => {
    const { fanIn, ticks } = collecting(2);
    fanIn.finish(0, tick(0, 300));
    fanIn.add(1, tick(0));
    fanIn.add(1, tick(1));
    fanIn.finish(1, tick(2, 2_500));
    assert.deepEqual(
      ticks.map(({ index }) => index),
      [0, 1, 2],
    );
    assert.equal(ticks[2]!.counts.iterationsCompleted, 2);
    assert.deepEqual(
      ticks[2]!.deltas.map(({ workerIndex }) => workerIndex),
      [1],
    );
  });

  it("does not wait for a worker that was lost, and counts what it had sent", () => {
    const { fanIn, ticks } = collecting(2);
    fanIn.add(0, tick(0));
    fanIn.add(1, tick(0));
    fanIn.add(0, tick(1));
    assert.equal(ticks.length, 1);
    fanIn.lose(1);
    assert.equal(ticks.length, 2);
    assert.equal(ticks[1]!.counts.iterationsCompleted, 2);
  });

  it("does not wait for a worker that was lost before its first tick", () => {
    const { fanIn, ticks } = collecting(2);
    fanIn.lose(1);
    fanIn.finish(0, tick(0));
    assert.deepEqual(
      ticks.map(({ counts: { iterationsCompleted } }) => iterationsCompleted),
      [1],
    );
  });
});
