/** Dropped iterations: a pool of VUs that is too small, or a target that held them all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Verdict } from "../../../src/judge/index.ts";
import type { IntervalRecord, RunRecord } from "../../../src/record/index.ts";
import { healthyIntervals, healthyRecord } from "../../support/record.ts";

const objectives = { ...healthyRecord().objectives!, peakUsers: null };

/** 50 VUs; of 111 iterations due in a second so many are dropped. */
function withDrops(
  dropped: number,
  change: (second: number) => Partial<IntervalRecord> = () => ({}),
): RunRecord {
  const started = 111 - dropped;
  const intervals = healthyIntervals((second) => ({
    iterationsStarted: started,
    iterationsDropped: dropped,
    requests: 4 * started,
    activeVus: 50,
    initializedVus: 50,
    ...change(second),
  })).map((interval) => ({ ...interval, initializedVus: 50 }));
  return healthyRecord({
    intervals,
    objectives,
    iterations: {
      due: 60 * 111,
      started: 60 * started,
      completed: 60 * started,
      interrupted: 0,
      dropped: 60 * dropped,
      failed: 0,
    },
  });
}

const sentenceOf = (verdict: Verdict): string => [verdict.sentence, ...verdict.reasons].join("\n");

test("a fast target and a pool of VUs that is too small: INCONCLUSIVE, with the number that would do", () => {
  const verdict = judge(withDrops(37));
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  // 74 of 111 a second kept 50 VUs busy: 676 ms each, so 111 a second take 75.
  assert.match(
    sentenceOf(verdict),
    /VU pool too small: 66\.7 % of the iterations due were started .*; 75 VUs or more would do \(Little's law: 111 iterations\/s of 675\.7 ms each\)/u,
  );
});

test("a target that is too slow fails, however small the pool", () => {
  const verdict = judge(withDrops(37, () => ({ slowRequests: [100, 100] })));
  assert.equal(verdict.verdict, "FAIL");
  assert.doesNotMatch(verdict.sentence, /pool too small/u);
});

test("a target that fails requests fails, however small the pool", () => {
  assert.equal(judge(withDrops(37, () => ({ failedRequests: 30 }))).verdict, "FAIL");
});

test("a target that stalls has held the VUs: the pool was large enough for its usual pace", () => {
  // In 6 of 60 seconds nothing is answered and all VUs are busy; otherwise three are.
  const verdict = judge(
    withDrops(0, (second) =>
      second % 10 === 9
        ? { activeVus: 50, iterationsStarted: 5, iterationsDropped: 106, requests: 20 }
        : { activeVus: 3 },
    ),
  );
  assert.equal(verdict.verdict, "FAIL");
  assert.doesNotMatch(sentenceOf(verdict), /pool too small/u);
});
