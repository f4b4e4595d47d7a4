import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GeneratorHealthRecord } from "../../../../../src/record/index.ts";
import { startLags, withStartLags } from "../../../../../src/run/runners/k6/start-lag.ts";

/** Ten a second. */
const arrivals = {
  total: 5,
  dueAtMs: (n: number): number | undefined => (n < 5 ? n * 100 : undefined),
};

describe("start lags of k6", () => {
  it("are the starts in the order of time against the due times, whatever order iterations ended in", () => {
    const lags = startLags({ startsMs: [10_200, 10_000, 10_130], dropsMs: [] }, arrivals, 2_000);
    assert.deepEqual(lags, [
      { dueAtMs: 2_000, lagMs: 0 },
      { dueAtMs: 2_100, lagMs: 30 },
      { dueAtMs: 2_200, lagMs: 0 },
    ]);
  });

  it("count a dropped iteration as one that had its turn", () => {
    const lags = startLags({ startsMs: [10_000, 10_200], dropsMs: [10_100] }, arrivals, 0);
    assert.deepEqual(
      lags.map(({ lagMs }) => lagMs),
      [0, 0, 0],
    );
  });

  it("do not invent due times for iterations beyond the schedule", () => {
    const startsMs = [0, 100, 200, 300, 400, 500];
    assert.equal(startLags({ startsMs, dropsMs: [] }, arrivals, 0).length, 5);
  });

  it("are put into the readings in whose time they were due", () => {
    const reading = { startLagP99Ms: null, startLagMaxMs: null } as GeneratorHealthRecord;
    const health = [
      { ...reading, atMs: 0 },
      { ...reading, atMs: 1_000 },
      { ...reading, atMs: 2_000 },
    ];
    const lags = [
      { dueAtMs: 100, lagMs: 3 },
      { dueAtMs: 900, lagMs: 7 },
      { dueAtMs: 2_500, lagMs: 1 },
    ];
    assert.deepEqual(
      withStartLags(health, lags).map(({ startLagP99Ms, startLagMaxMs }) => [
        startLagP99Ms,
        startLagMaxMs,
      ]),
      [
        [7, 7],
        [null, null],
        [1, 1],
      ],
    );
  });
});
