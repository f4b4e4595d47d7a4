import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodeFor, judge, type Verdict } from "../../../src/judge/index.ts";
import type { ObjectivesRecord, RunRecord } from "../../../src/record/index.ts";
import {
  healthyIntervals,
  healthyReadings,
  healthyRecord,
  latencyOf,
  observation,
} from "../../support/record.ts";

const healthy = healthyRecord();

/** A healthy record with some objectives changed. */
function withObjectives(
  overrides: Partial<ObjectivesRecord>,
  rest: Partial<RunRecord> = {},
): RunRecord {
  return healthyRecord({ objectives: { ...healthy.objectives!, ...overrides }, ...rest });
}

function statusOf(verdict: Verdict, id: string): string | undefined {
  return verdict.scorecard.find((row) => row.id === id)?.status;
}

function explanationOf(verdict: Verdict, id: string): string {
  return verdict.scorecard.find((row) => row.id === id)!.explanation;
}

test("a healthy run passes, with what it cannot judge named", () => {
  const verdict = judge(healthy);
  assert.equal(
    verdict.sentence,
    "PASS: the target holds 100,000 daily users (5,000 at once, 444 requests/s); memory stability is not judged by a run this short",
  );
  assert.equal(exitCodeFor(verdict), 0);
  assert.equal(verdict.generator.status, "healthy");
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

test("exit codes are those of the design", () => {
  const verdict = judge(healthy);
  const codes = (["PASS", "FAIL", "INCONCLUSIVE", "INVALID"] as const).map((name) =>
    exitCodeFor({ ...verdict, verdict: name }),
  );
  assert.deepEqual(codes, [0, 99, 3, 4]);
});

for (const reason of ["interrupted", "aborted", "error"] as const) {
  test(`a run that was ${reason} is INVALID, however good its figures`, () => {
    const verdict = judge(
      healthyRecord({ outcome: { exitCode: 105, reason, message: "stopped by a signal" } }),
    );
    assert.equal(
      verdict.sentence,
      "INVALID: the run did not finish: stopped by a signal (exit code 105)",
    );
  });
}

test("a finished run with an exit code of its own is INVALID", () => {
  assert.equal(
    judge(healthyRecord({ outcome: { exitCode: 107, reason: "finished", message: null } })).verdict,
    "INVALID",
  );
});

test("a run that the script marked as failed is FAIL", () => {
  const verdict = judge(
    healthyRecord({
      outcome: { exitCode: 110, reason: "finished", message: "marked as failed: no" },
    }),
  );
  assert.equal(verdict.verdict, "FAIL");
  assert.match(verdict.sentence, /marked as failed: no/u);
});

test("a crossed threshold is FAIL, also when only the outcome tells", () => {
  const thresholds = [{ metric: "checks", source: "rate>0.99", ok: false, actual: 0.98 }];
  const outcome = {
    exitCode: 99,
    reason: "thresholds",
    message: "thresholds on metrics 'checks' have been crossed",
  } as const;
  assert.match(
    judge(healthyRecord({ thresholds, outcome })).sentence,
    /^FAIL: .*threshold crossed: checks: rate>0\.99 \(0\.98\)/u,
  );
  assert.match(judge(healthyRecord({ outcome })).sentence, /^FAIL: .*have been crossed/u);
  assert.equal(judge(healthyRecord({ thresholds })).verdict, "FAIL");
});

test("a threshold that saw no sample has not held", () => {
  const unseen = { metric: "http_req_failed{name:chekout}", source: "rate<0.01", ok: true };
  const verdict = judge(healthyRecord({ thresholds: [{ ...unseen, actual: undefined }] }));
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  assert.match(
    verdict.sentence,
    /no sample came for the threshold on http_req_failed\{name:chekout\}/u,
  );
  const onFailures = { ...unseen, metric: "http_reqs{status:500}", actual: undefined };
  assert.equal(judge(healthyRecord({ thresholds: [onFailures] })).verdict, "PASS");
});

test("without objectives, or with none that can be judged, there is nothing to judge", () => {
  assert.equal(
    judge(healthyRecord({ objectives: null })).sentence,
    "INCONCLUSIVE: nothing to judge: no objectives",
  );
  const none = {
    peakUsers: null,
    requestsPerSecond: null,
    latency: [],
    errorShare: null,
    cpuShare: null,
    memoryStable: false,
  };
  assert.equal(judge(withObjectives(none)).verdict, "INCONCLUSIVE");
  assert.equal(judge(withObjectives({ ...none, memoryStable: true })).verdict, "INCONCLUSIVE");
});

test("an objective that was not stated has no row", () => {
  const verdict = judge(
    withObjectives({
      cpuShare: null,
      memoryStable: false,
      latency: [{ share: 0.999, limitMs: 900 }],
    }),
  );
  assert.deepEqual(
    verdict.scorecard.map(({ id }) => id),
    ["peak_users", "requests_per_second", "latency_p99.9", "error_rate"],
  );
});

test("too many slow requests fail the percentile, with what gave first", () => {
  const intervals = healthyIntervals((second) => ({ slowRequests: [40 + (second % 3), 0] }));
  const steadyLatency = latencyOf(
    Array.from({ length: 60 * 444 }, (_, index) => (index % 1_000 < 905 ? 50 : 400)),
  );
  const verdict = judge(healthyRecord({ intervals, steadyLatency }));
  assert.match(
    verdict.sentence,
    /^FAIL: the target does not hold 100,000 daily users .*: p95 latency 40\d ms \(required < 300 ms\)$/u,
  );
  assert.equal(statusOf(verdict, "latency_p99"), "PASS");
  assert.equal(exitCodeFor(verdict), 99);
});

test("too few requests for 0.1 % are INCONCLUSIVE and say how many would do", () => {
  const intervals = healthyIntervals(() => ({ requests: 40, checksPassed: 40 }));
  const verdict = judge(withObjectives({ requestsPerSecond: null }, { intervals }));
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  assert.match(
    explanationOf(verdict, "error_rate"),
    /about 2,995 requests would show that it holds if the share stays \(75 s /u,
  );
  assert.equal(exitCodeFor(verdict), 3);
});

test("a share above the limit that could be chance says what would prove it", () => {
  const intervals = healthyIntervals((second) => ({ failedRequests: second % 2 }));
  const verdict = judge(healthyRecord({ intervals }));
  assert.equal(statusOf(verdict, "error_rate"), "INCONCLUSIVE");
  assert.match(explanationOf(verdict, "error_rate"), /would show that it does not hold/u);
});

test("errors in one burst count for less than errors all over", () => {
  const burst = judge(
    healthyRecord({
      intervals: healthyIntervals((second) => ({ failedRequests: second === 9 ? 120 : 0 })),
    }),
  );
  const spread = judge(
    healthyRecord({ intervals: healthyIntervals(() => ({ failedRequests: 2 })) }),
  );
  assert.equal(statusOf(burst, "error_rate"), "INCONCLUSIVE");
  assert.equal(statusOf(spread, "error_rate"), "FAIL");
});

test("a target that refuses every connection fails, and its fast refusals are no good latency", () => {
  const intervals = healthyIntervals(() => ({ failedRequests: 444 }));
  const verdict = judge(healthyRecord({ intervals, steadyLatency: latencyOf([0, 0, 0.1]) }));
  assert.equal(verdict.verdict, "FAIL");
  assert.equal(statusOf(verdict, "requests_per_second"), "FAIL");
  assert.equal(statusOf(verdict, "latency_p95"), "INCONCLUSIVE");
});

test("failures without an error objective keep a run from passing", () => {
  const intervals = healthyIntervals(() => ({ failedRequests: 8 }));
  for (const latency of [healthy.objectives!.latency, []]) {
    const verdict = judge(withObjectives({ errorShare: null, latency }, { intervals }));
    assert.equal(verdict.verdict, "INCONCLUSIVE");
  }
});

test("no request in the steady state is FAIL when load was sent, and never a PASS", () => {
  const intervals = healthyIntervals(() => ({ requests: 0, slowRequests: [0, 0], p50Ms: null }));
  const verdict = judge(healthyRecord({ intervals, steadyLatency: latencyOf([]) }));
  assert.equal(verdict.verdict, "FAIL");
  for (const id of ["latency_p95", "latency_p99", "error_rate", "requests_per_second"])
    assert.equal(statusOf(verdict, id), "FAIL");
  const usersOnly = judge(
    withObjectives(
      { requestsPerSecond: null, latency: [], errorShare: null, cpuShare: null },
      { intervals, steadyLatency: latencyOf([]) },
    ),
  );
  assert.equal(usersOnly.verdict, "INCONCLUSIVE");
});

test("a steady state of no length, no intervals or no load is INCONCLUSIVE", () => {
  const nowhere = { fromMs: 5_000, toMs: 5_000, rule: "none" };
  assert.equal(judge(healthyRecord({ steadyState: nowhere })).verdict, "INCONCLUSIVE");
  assert.notEqual(judge(healthyRecord({ intervals: [] })).verdict, "PASS");
  assert.equal(
    judge(healthyRecord({ steadyState: { ...nowhere, toMs: 0 } })).verdict,
    "INCONCLUSIVE",
  );
});

test("intervals that cover only part of the steady state do not pass", () => {
  const intervals = healthyIntervals().filter(({ atMs }) => atMs < 40_000);
  assert.equal(judge(healthyRecord({ intervals })).verdict, "INCONCLUSIVE");
});

test("a steady state under twenty windows does not pass, but can fail", () => {
  const steadyState = { fromMs: 5_000, toMs: 20_000, rule: "short" };
  const verdict = judge(healthyRecord({ steadyState }));
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  assert.match(explanationOf(verdict, "latency_p95"), /15 windows of time; 20 are needed/u);
  assert.equal(
    judge(
      healthyRecord({ steadyState, intervals: healthyIntervals(() => ({ failedRequests: 100 })) }),
    ).verdict,
    "FAIL",
  );
});

test("counts that contradict the recorded distribution do not pass", () => {
  const verdict = judge(
    healthyRecord({ steadyLatency: latencyOf(Array.from({ length: 100 }, () => 900)) }),
  );
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  assert.match(explanationOf(verdict, "latency_p95"), /contradict/u);
});

test("an empty distribution beside counted requests does not pass", () => {
  const verdict = judge(healthyRecord({ steadyLatency: latencyOf([]) }));
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  assert.equal(verdict.scorecard.find(({ id }) => id === "latency_p95")!.measured, "no data");
});

test("slow requests that were not counted do not pass", () => {
  const intervals = healthyIntervals(() => ({ slowRequests: [0] }));
  const verdict = judge(healthyRecord({ intervals }));
  assert.deepEqual(
    [statusOf(verdict, "latency_p95"), statusOf(verdict, "latency_p99")],
    ["PASS", "INCONCLUSIVE"],
  );
});

test("a rate below the band fails, above it is not the planned load", () => {
  const at = (requests: number) =>
    judge(healthyRecord({ intervals: healthyIntervals(() => ({ requests })) }));
  assert.equal(statusOf(at(399), "requests_per_second"), "FAIL");
  assert.equal(statusOf(at(400), "requests_per_second"), "PASS");
  assert.equal(statusOf(at(500), "requests_per_second"), "PASS");
  assert.equal(statusOf(at(501), "requests_per_second"), "INCONCLUSIVE");
});

test("fewer users than required are no test of that many", () => {
  const population = { initializedVus: 5_000, usedVus: 4_999, peakActiveVus: 4_999 };
  assert.equal(judge(healthyRecord({ population })).verdict, "INCONCLUSIVE");
  const intervals = healthyIntervals(() => ({ initializedVus: 300, activeVus: 300 }));
  assert.equal(statusOf(judge(healthyRecord({ intervals })), "peak_users"), "INCONCLUSIVE");
});

test("load that was not taken up with all VUs busy is the target's failure", () => {
  const iterations = { ...healthy.iterations, due: 7_500, started: 7_215, dropped: 285 };
  const verdict = judge(healthyRecord({ iterations }));
  assert.match(
    verdict.sentence,
    /^FAIL: .*the target could not absorb the load: 96\.2 % of the iterations due were started/u,
  );
});

test("a collapse in the steady state does not hide in a long run", () => {
  const iterations = { ...healthy.iterations, due: 1_000_000, started: 999_000, dropped: 1_000 };
  const verdictOf = (slow: number): string => {
    const intervals = healthyIntervals(() => ({ iterationsDropped: 10, slowRequests: [slow, 0] }));
    return judge(healthyRecord({ iterations, intervals })).verdict;
  };
  // With a target that kept to its limits beyond doubt it was the scenario that had too few VUs.
  assert.deepEqual([verdictOf(23), verdictOf(0)], ["FAIL", "INCONCLUSIVE"]);
});

test("script exceptions and failed checks keep a run from passing", () => {
  const thrown = judge(
    healthyRecord({
      intervals: healthyIntervals(() => ({ iterationsFailed: 5 })),
      exceptions: [{ message: "TypeError", count: 300 }],
    }),
  );
  assert.equal(thrown.verdict, "INCONCLUSIVE");
  assert.ok(thrown.reasons.includes("the script threw 300 times: TypeError"));
  assert.equal(
    judge(healthyRecord({ intervals: healthyIntervals(() => ({ checksFailed: 50 })) })).verdict,
    "INCONCLUSIVE",
  );
});

function rampWith(failedRequests: number): RunRecord {
  const intervals = healthyIntervals().map((interval) =>
    interval.atMs < 5_000 ? { ...interval, failedRequests } : interval,
  );
  return healthyRecord({ intervals });
}

test("single errors outside of the steady state do not count in the error rate but are named", () => {
  const verdict = judge(rampWith(1));
  assert.equal(verdict.verdict, "PASS");
  assert.ok(
    verdict.reasons.includes(
      "5 requests failed outside of the steady state; the error rate is that of the steady state",
    ),
  );
});

test("a target that fails on the way up does not pass", () => {
  const verdict = judge(rampWith(100));
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  assert.match(verdict.sentence, /500 of 2,220 requests outside of the steady state failed/u);
});

for (const [what, overrides] of [
  ["NaN failures", { failedRequests: Number.NaN }],
  ["negative failures", { failedRequests: -5 }],
  ["infinite requests", { requests: Number.POSITIVE_INFINITY }],
  ["more failures than requests", { failedRequests: 445 }],
  ["more slow requests than requests", { slowRequests: [445, 0] }],
  ["no length", { durationMs: Number.NaN }],
] as const) {
  test(`a record with ${what} is INVALID and has no scorecard`, () => {
    const verdict = judge(
      healthyRecord({ intervals: healthyIntervals((second) => (second === 7 ? overrides : {})) }),
    );
    assert.equal(verdict.verdict, "INVALID");
    assert.deepEqual(verdict.scorecard, []);
  });
}

/** A record of two latencies of 900 ms, whose values are said to be others. */
function withLatencyValues(entry: readonly [value: number, times: number]): RunRecord {
  return healthyRecord({ steadyLatency: { ...latencyOf([900, 900]), values: [entry] } });
}

test("objectives and sums that cannot be are INVALID", () => {
  const cases: RunRecord[] = [
    withObjectives({ errorShare: Number.NaN }),
    withObjectives({ peakUsers: Number.NaN }),
    withObjectives({ requestsPerSecond: { min: Number.NaN, max: null } }),
    withObjectives({ latency: [{ share: 0.95, limitMs: Number.NaN }] }),
    withObjectives({ latency: [{ share: 95, limitMs: 300 }] }),
    withObjectives({ cpuShare: 70 }),
    healthyRecord({ steadyState: { fromMs: Number.NaN, toMs: 65_000, rule: "" } }),
    healthyRecord({ iterations: { ...healthy.iterations, due: 100, started: Number.NaN } }),
    healthyRecord({ steadyLatency: { ...healthy.steadyLatency, count: 3 } }),
    healthyRecord({ steadyLatency: { ...healthy.steadyLatency, schema: 3 } }),
    withLatencyValues([5, 2]),
    withLatencyValues([900, 1]),
    withLatencyValues([900, Number.NaN]),
    withLatencyValues([Number.NaN, 2]),
    healthyRecord({ intervals: [...healthy.intervals, healthy.intervals.at(-1)!] }),
  ];
  for (const [index, record] of cases.entries())
    assert.equal(judge(record).verdict, "INVALID", `case ${index}`);
});

test("an unwatched generator keeps a run from passing", () => {
  for (const generatorHealth of [
    [],
    healthyReadings().slice(0, 20),
    healthyReadings(() => ({ loopUtilization: Number.NaN })),
  ]) {
    const verdict = judge(healthyRecord({ generatorHealth }));
    assert.deepEqual([verdict.verdict, verdict.generator.status], ["INCONCLUSIVE", "warning"]);
  }
});

test("a load that was scaled by hand makes the run INVALID: it was not the planned one", () => {
  const verdict = judge(
    healthyRecord({ manualScaling: [{ atMs: 30_000, scenario: "daily_users", vus: 6_000 }] }),
  );
  assert.equal(
    verdict.sentence,
    "INVALID: the load was scaled by hand while it ran (scenario daily_users to 6,000 VUs), so it was not the load that was planned",
  );
  assert.equal(exitCodeFor(verdict), 4);
});

test("a saturated generator makes the run INVALID even when rows fail", () => {
  const generatorHealth = healthyReadings((second) => ({
    loopUtilization: second >= 10 && second < 14 ? 0.97 : 0.3,
  }));
  const intervals = healthyIntervals(() => ({ failedRequests: 44 }));
  const verdict = judge(healthyRecord({ generatorHealth, intervals }));
  assert.match(
    verdict.sentence,
    /^INVALID: the generator was the bottleneck: longest stretch above 0\.8 .* 4, limit 3/u,
  );
  assert.equal(exitCodeFor(verdict), 4);
});

test("CPU that was not observed is INCONCLUSIVE, never a PASS", () => {
  for (const observations of [
    [],
    [observation("cpu_cores", () => Number.NaN)],
    [observation("cpu_cores", () => 1, 4)],
  ]) {
    const verdict = judge(healthyRecord({ observations }));
    assert.equal(statusOf(verdict, "target_cpu"), "INCONCLUSIVE");
    assert.equal(verdict.verdict, "INCONCLUSIVE");
  }
});

test("a stall at the end, whose requests never ended, does not pass", () => {
  const intervals = healthyIntervals((second) =>
    second >= 57 ? { requests: 0, slowRequests: [0, 0], p50Ms: null } : {},
  );
  const verdict = judge(healthyRecord({ intervals }));
  assert.equal(verdict.verdict, "INCONCLUSIVE");
  assert.match(verdict.sentence, /no request ended in 3 s of the steady state/u);
});

test("requests that hang beyond the steady state do not hide in the ramp down", () => {
  const after = healthyIntervals(undefined, 80).slice(65);
  const hanging = after.map((interval) => ({ ...interval, slowRequests: [30, 30] }));
  assert.equal(
    judge(healthyRecord({ intervals: [...healthy.intervals, ...after] })).verdict,
    "PASS",
  );
  const verdict = judge(healthyRecord({ intervals: [...healthy.intervals, ...hanging] }));
  assert.deepEqual(
    [statusOf(verdict, "latency_p95"), statusOf(verdict, "latency_p99")],
    ["PASS", "INCONCLUSIVE"],
  );
});

test("a run that crashed before anything was measured is INVALID and says so", () => {
  const nothing = {
    due: Number.NaN,
    started: 0,
    completed: 0,
    interrupted: 0,
    dropped: 0,
    failed: 0,
  };
  const verdict = judge(
    healthyRecord({
      outcome: { exitCode: 109, reason: "error", message: "worker 1 died" },
      steadyState: { fromMs: Number.NaN, toMs: Number.NaN, rule: "" },
      intervals: [],
      generatorHealth: [],
      observations: [],
      steadyLatency: {
        ...latencyOf([]),
        min: Number.POSITIVE_INFINITY,
        max: Number.NEGATIVE_INFINITY,
      },
      iterations: nothing,
      exceptions: [{ message: "out of memory", count: 1 }],
    }),
  );
  assert.equal(verdict.sentence, "INVALID: the run did not finish: worker 1 died (exit code 109)");
  assert.ok(verdict.reasons.includes("the script threw once: out of memory"));
});

test("an error objective of zero fails on the first clear failure and never passes", () => {
  assert.equal(statusOf(judge(withObjectives({ errorShare: 0 })), "error_rate"), "INCONCLUSIVE");
  const intervals = healthyIntervals((second) => ({ failedRequests: second === 3 ? 1 : 0 }));
  assert.equal(
    statusOf(judge(withObjectives({ errorShare: 0 }, { intervals })), "error_rate"),
    "FAIL",
  );
});
