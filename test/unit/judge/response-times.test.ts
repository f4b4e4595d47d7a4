/** Latency from when requests were due: what a PASS needs beside k6's latencies, and what can never fail the target. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Verdict } from "../../../src/judge/index.ts";
import type { RunRecord } from "../../../src/record/index.ts";
import { healthyIntervals, healthyRecord, latencyOf } from "../../support/record.ts";

function open(late: readonly [number, number], rest: Partial<RunRecord> = {}): RunRecord {
  return healthyRecord({
    intervals: healthyIntervals(() => ({ lateRequests: late })),
    ...rest,
  });
}

function row(verdict: Verdict, id: string): Verdict["scorecard"][number] {
  return verdict.scorecard.find((each) => each.id === id)!;
}

test("passes when the counts from the due time hold as well", () => {
  assert.equal(judge(open([10, 1])).verdict, "PASS");
});

test("is INCONCLUSIVE, and no FAIL, when only the counts from the due time break a limit", () => {
  // 40 of 444 requests a second: 9 % where 5 % are allowed.
  const verdict = judge(open([40, 1]));
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  assert.equal(row(verdict, "latency_p95").status, "INCONCLUSIVE");
  assert.match(
    row(verdict, "latency_p95").explanation,
    /2,400 of 26,640 requests were slower than 300 ms from when they were due .*the generator started iterations late/u,
  );
  assert.equal(row(verdict, "latency_p99").status, "PASS");
});

test("is INCONCLUSIVE when the counts from the due time hold, but not with 95 % confidence", () => {
  const verdict = judge(open([22, 1]));
  assert.equal(row(verdict, "latency_p95").status, "INCONCLUSIVE");
});

test("a target that is too slow fails, whatever the due times say", () => {
  const intervals = healthyIntervals(() => ({ slowRequests: [60, 0], lateRequests: [60, 0] }));
  const verdict = judge(healthyRecord({ intervals }));
  assert.equal(row(verdict, "latency_p95").status, "FAIL");
});

test("requests of dropped iterations count as late", () => {
  // One of 112 iterations a second is dropped, 4 requests each: with one late request a second 1.1 %, where 1 % may be slow.
  const drops = { lateRequests: [1, 1], iterationsDropped: 1 };
  const verdict = judge(healthyRecord({ intervals: healthyIntervals(() => drops) }));
  assert.equal(row(verdict, "latency_p95").status, "PASS");
  assert.equal(row(verdict, "latency_p99").status, "INCONCLUSIVE");
  assert.match(
    row(verdict, "latency_p99").explanation,
    /240 of the requests are those of 60 dropped/u,
  );
});

test("is INCONCLUSIVE when they were counted through a part of the steady state only", () => {
  const intervals = healthyIntervals((second) => (second < 30 ? { lateRequests: [0, 0] } : {}));
  assert.match(
    row(judge(healthyRecord({ intervals })), "latency_p95").explanation,
    /were not counted through all of the steady state/u,
  );
});

test("a record without them is judged by k6's latencies", () => {
  assert.equal(judge(healthyRecord()).verdict, "PASS");
});

test("both latencies are shown where they differ", () => {
  const values = (factor: number): number[] => Array.from({ length: 26_640 }, () => 40 * factor);
  const shown = (factor: number): string =>
    row(
      judge(
        open([0, 0], {
          steadyLatency: latencyOf(values(1)),
          steadyResponse: latencyOf(values(factor)),
        }),
      ),
      "latency_p95",
    ).measured;
  assert.equal(shown(1.02), "40 ms");
  assert.equal(shown(1.1), "40 ms, 44 ms from when it was due");
});

test("a record in which requests were faster from when they were due is not judged", () => {
  const intervals = healthyIntervals(() => ({ slowRequests: [3, 0], lateRequests: [2, 0] }));
  assert.match(
    judge(healthyRecord({ intervals })).sentence,
    /^INVALID: the record does not add up/u,
  );
  const more = healthyIntervals(() => ({ lateRequests: [445, 0] }));
  assert.match(judge(healthyRecord({ intervals: more })).sentence, /^INVALID/u);
});

test("a distribution from the due time that does not add up is not judged", () => {
  const steadyResponse = { ...latencyOf([1, 2, 3]), count: 4 };
  assert.match(
    judge(open([0, 0], { steadyResponse })).sentence,
    /the buckets of steadyResponse do not add up/u,
  );
});
