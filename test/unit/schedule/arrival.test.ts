import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type {
  Arrivals,
  ConstantArrivalRatePlan,
  RampingArrivalRatePlan,
} from "../../../src/schedule/index.ts";
import {
  createArrivals,
  createShare,
  parseScenario,
  wholeShare,
} from "../../../src/schedule/index.ts";

function constant(fields: Record<string, unknown>): ConstantArrivalRatePlan {
  const raw = { executor: "constant-arrival-rate", preAllocatedVUs: 1, ...fields };
  return parseScenario("s", raw) as ConstantArrivalRatePlan;
}

function ramping(fields: Record<string, unknown>): RampingArrivalRatePlan {
  const raw = { executor: "ramping-arrival-rate", preAllocatedVUs: 1, ...fields };
  return parseScenario("s", raw) as RampingArrivalRatePlan;
}

function dues(arrivals: Arrivals): number[] {
  return Array.from({ length: arrivals.total }, (_, n) => arrivals.dueAtMs(n)!);
}

describe("constant rate", () => {
  test("starts at 0 and never at the end: 10 a second for a second are 10", () => {
    const arrivals = createArrivals(constant({ rate: 10, duration: "1s" }), wholeShare);
    assert.deepEqual(dues(arrivals), [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    assert.equal(arrivals.dueAtMs(10), undefined);
    assert.equal(arrivals.durationMs, 1_000);
  });

  test("does not drift: a rate without a finite period is exact after ten hours", () => {
    const arrivals = createArrivals(constant({ rate: 3, duration: "10h" }), wholeShare);
    assert.equal(arrivals.total, 108_000);
    assert.equal(arrivals.dueAtMs(107_997), 35_999_000);
  });

  test("counts a last iteration that is due just before the end", () => {
    const arrivals = createArrivals(constant({ rate: 3, duration: "1100ms" }), wholeShare);
    assert.deepEqual(dues(arrivals), [0, 1000 / 3, 2000 / 3, 1000]);
  });

  test("counts by time, inclusive", () => {
    const arrivals = createArrivals(
      constant({ rate: 1_111, timeUnit: "10s", duration: "30s" }),
      wholeShare,
    );
    assert.equal(arrivals.countBy(-1), 0);
    assert.equal(arrivals.countBy(0), 1);
    assert.equal(arrivals.countBy(10_000), 1_112);
    assert.equal(arrivals.countBy(1e9), 3_333);
  });
});

describe("ramping rate", () => {
  test("is due when the integral reaches 1, 2, 3 …: 0 to 10 a second over 2 s, as observed with k6", () => {
    const arrivals = createArrivals(
      ramping({ stages: [{ duration: "2s", target: 10 }] }),
      wholeShare,
    );
    const observed = [633, 895, 1_096, 1_265, 1_415, 1_550, 1_674, 1_790, 1_899, 2_001];
    const computed = dues(arrivals);
    assert.equal(computed.length, observed.length);
    for (const [n, dueMs] of computed.entries()) {
      // k6 was observed to start within 2 ms after the due time.
      assert.ok(observed[n]! - dueMs >= 0 && observed[n]! - dueMs < 2, `${n}: ${dueMs}`);
    }
    assert.equal(computed.at(-1), 2_000);
  });

  test("carries fractions over from stage to stage, through jumps and pauses", () => {
    const stages = [
      { duration: "1500ms", target: 1 },
      { duration: 0, target: 0 },
      { duration: "1s", target: 0 },
      { duration: 0, target: 2 },
      { duration: "1s", target: 2 },
    ];
    const arrivals = createArrivals(ramping({ startRate: 1, stages }), wholeShare);
    assert.deepEqual(dues(arrivals), [1_000, 2_750, 3_250]);
  });

  test("falls to 0 without a radicand below 0", () => {
    const arrivals = createArrivals(
      ramping({ startRate: 10, stages: [{ duration: "2s", target: 0 }] }),
      wholeShare,
    );
    const computed = dues(arrivals);
    assert.equal(computed.length, 10);
    assert.equal(computed.at(-1), 2_000);
    assert.ok(computed.every((dueMs) => Number.isFinite(dueMs)));
  });

  test("owes nothing when the rate is always 0", () => {
    const arrivals = createArrivals(
      ramping({ stages: [{ duration: "2s", target: 0 }] }),
      wholeShare,
    );
    assert.equal(arrivals.total, 0);
    assert.equal(arrivals.dueAtMs(0), undefined);
    assert.equal(arrivals.countBy(5_000), 0);
  });
});

describe("shares", () => {
  const sequence = "0,1/2,1";
  const second = createShare({ segment: "1/2:1", sequence, part: null });

  test("keeps the due time of the element, not of the local number", () => {
    const arrivals = createArrivals(
      constant({ rate: 10, duration: "1s", preAllocatedVUs: 2 }),
      second,
    );
    assert.deepEqual(dues(arrivals), [100, 300, 500, 700, 900]);
    assert.deepEqual(
      [0, 1].map((n) => arrivals.globalIndex(n)),
      [1, 3],
    );
    assert.equal(arrivals.countBy(300), 2);
  });

  test("deals in proportion to maxVUs", () => {
    const plan = constant({ rate: 9, duration: "1s", preAllocatedVUs: 1, maxVUs: 3 });
    assert.equal(createArrivals(plan, second).total, 3);
  });

  test("has nothing to start without a VU", () => {
    const arrivals = createArrivals(
      constant({ rate: 9, duration: "1s", preAllocatedVUs: 1 }),
      second,
    );
    assert.equal(arrivals.total, 0);
    assert.equal(arrivals.dueAtMs(0), undefined);
    assert.equal(arrivals.countBy(1_000), 0);
  });
});
