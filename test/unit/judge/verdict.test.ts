import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodeFor, judge } from "../../../src/judge/index.ts";
import { healthyRecord } from "../../support/record.ts";

test("a healthy run passes, with what it cannot judge named", () => {
  const verdict = judge(healthyRecord());
  assert.equal(
    verdict.sentence,
    "PASS: the target holds 100,000 daily users (5,000 at once, 444 requests/s); memory stability is not judged by a run this short",
  );
  assert.equal(exitCodeFor(verdict), 0);
  assert.deepEqual(
    verdict.scorecard.map(({ id, status }) => [id, status]),
    [
      ["peak_users", "PASS"],
      ["requests_per_second", "PASS"],
      ["latency_p95", "PASS"],
      ["latency_p99", "PASS"],
      ["error_rate", "PASS"],
      ["target_cpu", "PASS"],
      ["target_memory", "NOT_JUDGED"],
    ],
  );
});
