import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judge } from "../../src/judge/index.ts";
import type { RunRecord } from "../../src/record/index.ts";
import {
  healthyInterval,
  healthyIntervals,
  healthyReading,
  healthyRecord,
} from "../support/record.ts";

/** Seconds of any quality, their counts being consistent. */
const seconds = fc.array(
  fc.record({
    requests: fc.integer({ min: 0, max: 600 }),
    failedShare: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    slowShare: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.2, noNaN: true })),
    dropped: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 })),
    loopUtilization: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 0, maxLength: 70 },
);

const records = fc
  .record({
    seconds,
    fromMs: fc.integer({ min: 0, max: 30_000 }),
    actual: fc.constantFrom(undefined, 0.5),
    ok: fc.boolean(),
  })
  .map(({ seconds: all, fromMs, actual, ok }): RunRecord => {
    const intervals = all.map(({ requests, failedShare, slowShare, dropped }, index) =>
      healthyInterval({
        atMs: index * 1_000,
        requests,
        failedRequests: Math.floor(requests * failedShare),
        slowRequests: [Math.floor(requests * slowShare), Math.floor((requests * slowShare) / 5)],
        iterationsDropped: dropped,
      }),
    );
    const generatorHealth = all.map(({ loopUtilization }, index) =>
      healthyReading({ atMs: index * 1_000, loopUtilization }),
    );
    const steadyState = { fromMs, toMs: all.length * 1_000, rule: "any" };
    const thresholds = [{ metric: "checks", source: "rate>0.9", ok, actual }];
    return healthyRecord({ intervals, generatorHealth, steadyState, thresholds });
  });

test("a record judged from its file gives the same verdict", () => {
  fc.assert(
    fc.property(records, (record) => {
      assert.deepEqual(judge(JSON.parse(JSON.stringify(record)) as RunRecord), judge(record));
    }),
    { numRuns: 60 },
  );
});

const failures = fc.array(fc.integer({ min: 0, max: 444 }), { minLength: 60, maxLength: 60 });
const sparse = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, 2), {
  minLength: 60,
  maxLength: 60,
});

function withFailures(failed: readonly number[]): RunRecord {
  return healthyRecord({
    intervals: healthyIntervals((second) => ({ failedRequests: failed[second]! })),
  });
}

test("more errors never turn FAIL into PASS", () => {
  fc.assert(
    fc.property(fc.oneof(sparse, failures), sparse, (failed, added) => {
      const before = judge(withFailures(failed)).verdict;
      const after = judge(
        withFailures(failed.map((count, second) => Math.min(444, count + added[second]!))),
      ).verdict;
      assert.ok(before !== "FAIL" || after !== "PASS", `${before} became ${after}`);
    }),
    { numRuns: 100 },
  );
});

test("a PASS never has a share of failures or slow requests at or above what is allowed, nor an open row", () => {
  fc.assert(
    fc.property(sparse, fc.integer({ min: 0, max: 40 }), (failed, slow) => {
      const intervals = healthyIntervals((second) => ({
        failedRequests: failed[second]!,
        slowRequests: [slow, 0],
      }));
      const { verdict, scorecard } = judge(healthyRecord({ intervals }));
      const errors = failed.reduce<number>((sum, count) => sum + count, 0) / (60 * 444);
      if (verdict !== "PASS") return;
      assert.ok(errors < 0.001 && slow / 444 < 0.05);
      assert.ok(scorecard.every(({ status }) => status === "PASS" || status === "NOT_JUDGED"));
    }),
    { numRuns: 100 },
  );
});

test("a record without any one of its parts does not pass", () => {
  const healthy = healthyRecord();
  const missing: Partial<RunRecord>[] = [
    { intervals: [] },
    { generatorHealth: [] },
    { observations: [] },
    { objectives: null },
    { steadyLatency: { ...healthy.steadyLatency, counts: [], count: 0 } },
    { population: { initializedVus: 0, usedVus: 0, peakActiveVus: 0 } },
    { steadyState: { fromMs: 0, toMs: 0, rule: "" } },
  ];
  for (const part of missing)
    assert.notEqual(judge(healthyRecord(part)).verdict, "PASS", Object.keys(part).join());
});
