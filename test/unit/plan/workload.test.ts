import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseScenario } from "../../../src/schedule/index.ts";
import type { Workload } from "../../../src/plan/index.ts";
import {
  closedLoopRate,
  closedLoopVus,
  computeDemand,
  computeWorkload,
  toScenario,
} from "../../../src/plan/index.ts";

function near(actual: number, expected: number): void {
  assert.equal(Number(actual.toPrecision(3)), Number(expected.toPrecision(3)));
}

/** The guide's journey: 4 requests, 1.8 s of sleep, responses of `responseS`. */
function journey(responseS: number): { requestsPerIteration: number; iterationDurationMs: number } {
  return { requestsPerIteration: 4, iterationDurationMs: 1_800 + 4_000 * responseS };
}

describe("the closed loop of the guide's script", () => {
  const vus = [50, 500, 1_000, 2_000, 5_000];
  const rows: readonly [number, number[], number, number][] = [
    [0, [111, 1_111, 2_222, 4_444, 11_111], 225, 125],
    [0.1, [91, 909, 1_818, 3_636, 9_091], 275, 153],
    [0.3, [67, 667, 1_333, 2_667, 6_667], 375, 208],
  ];
  for (const [responseS, rates, vusFor500, vusFor278] of rows) {
    test(`responses of ${responseS} s`, () => {
      for (const [index, rate] of rates.entries()) {
        assert.equal(Math.round(closedLoopRate(vus[index]!, journey(responseS))), rate);
      }
      assert.equal(Math.round(closedLoopVus(500, journey(responseS))), vusFor500);
      assert.equal(Math.round(closedLoopVus(100_000 / 360, journey(responseS))), vusFor278);
    });
  }
});

describe("the guide's plan", () => {
  const demand = computeDemand({ dau: 100_000 });
  const workload: Workload = computeWorkload(demand, { ...journey(0), isMeasured: true });

  test("is 1,111 iterations per 10 s on 5,000 VUs, each every 45 s", () => {
    assert.deepEqual(workload.open, {
      executor: "constant-arrival-rate",
      rate: 1_111,
      timeUnitMs: 10_000,
      preAllocatedVus: 5_000,
      maxVus: 5_000,
    });
    near(workload.pacingMs, 45_000);
    near(workload.iterationsPerSecond, 111.1);
  });

  test("needs 240 VUs at least: Little's 200 and a fifth", () => {
    assert.equal(workload.openMinimal.preAllocatedVus, 240);
    assert.equal(workload.openMinimal.maxVus, 480);
    assert.equal(workload.openMinimal.rate, workload.open.rate);
  });

  test("is a closed loop of 5,000 VUs with an iteration every 45 s", () => {
    assert.deepEqual(workload.closed, {
      executor: "constant-vus",
      vus: 5_000,
      minIterationDurationMs: 45_000,
    });
  });

  test("finds that 5,000 VUs in the script's own loop offer 25 times the peak and 40 times the mean", () => {
    const [finding, ...others] = workload.findings;
    assert.deepEqual(others, []);
    assert.equal(finding?.code, "closed-loop-rate");
    assert.equal(finding?.severity, "problem");
    assert.equal(
      finding?.message,
      "5,000 VUs in the script's own closed loop (4 requests per 1.8 s) offer 11,111 requests/s: 25 times the peak of 444 " +
        "and 40 times the mean of 278; that is the load of 2,500,000 daily users, not of 100,000",
    );
    assert.match(
      finding.alternatives[0]!,
      /keep 5,000 users and start each one's iteration every 45 s/u,
    );
    assert.match(finding.alternatives[1]!, /use 200 VUs/u);
  });

  test("shows its arithmetic", () => {
    const value = (quantity: string): number =>
      workload.steps.find((step) => step.quantity === quantity)!.value;
    near(value("iterations at the peak"), 111.1);
    near(value("pacing"), 45);
    near(value("VUs busy at once"), 200);
    near(value("rate of the script's own closed loop"), 11_111);
  });

  test("gives a scenario that k6 accepts", () => {
    const raw = toScenario(workload.open, { durationMs: 30_000 });
    assert.deepEqual(raw, {
      executor: "constant-arrival-rate",
      exec: "default",
      rate: 1_111,
      timeUnit: "10s",
      duration: "30s",
      preAllocatedVUs: 5_000,
      maxVUs: 5_000,
    });
    assert.equal(parseScenario("peak", raw).executor, "constant-arrival-rate");
  });
});

test("uses a second as time unit when that is exact", () => {
  const demand = computeDemand({ dau: 100_000, peakToAverage: 1.8 });
  const { open } = computeWorkload(demand, { ...journey(0), isMeasured: true });
  assert.deepEqual([open.rate, open.timeUnitMs], [125, 1_000]);
});

test("finds an iteration that is longer than the pacing", () => {
  const demand = computeDemand({ dau: 100_000 });
  const profile = { requestsPerIteration: 4, iterationDurationMs: 90_000, isMeasured: true };
  const findings = computeWorkload(demand, profile).findings;
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [
      ["closed-loop-rate", "warning"],
      ["pacing-too-short", "problem"],
    ],
  );
});

test("is silent about a loop that gives the rate, and says when the duration is an assumption", () => {
  const demand = computeDemand({ dau: 100_000 });
  const profile = { requestsPerIteration: 4, iterationDurationMs: 44_000, isMeasured: false };
  assert.deepEqual(
    computeWorkload(demand, profile).findings.map(({ code }) => code),
    ["duration-assumed"],
  );
});

test("refuses profiles and rates that are not above 0", () => {
  const demand = computeDemand({ dau: 100_000 });
  const profile = { requestsPerIteration: 4, iterationDurationMs: 1_800, isMeasured: true };
  const refused = { code: "PLAN_WORKLOAD_INVALID", exitCode: 104 };
  assert.throws(() => computeWorkload(demand, { ...profile, requestsPerIteration: 0 }), refused);
  assert.throws(
    () => computeWorkload(demand, { ...profile, iterationDurationMs: Number.NaN }),
    refused,
  );
  assert.throws(() => computeWorkload({ ...demand, ratePerSecond: 0 }, profile), refused);
});

test("finds a run in which not every user gets a turn", () => {
  const demand = computeDemand({ dau: 100_000 });
  const profile = { requestsPerIteration: 4, iterationDurationMs: 45_000, isMeasured: true };
  const [finding] = computeWorkload(demand, profile, 30_000).findings;
  assert.equal(finding?.code, "run-too-short");
  assert.match(finding.message, /^in 30 s only 3,333 of 5,000 users start an iteration/u);
  assert.deepEqual(computeWorkload(demand, profile, 45_000).findings, []);
});
