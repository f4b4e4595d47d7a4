import assert from "node:assert/strict";
import { test } from "node:test";
import { type GeneratorFinding, judge } from "../../../src/judge/index.ts";
import type { GeneratorHealthRecord, RunRecord } from "../../../src/record/index.ts";
import { healthyIntervals, healthyReadings, healthyRecord } from "../../support/record.ts";

/** The finding when the generator is in this condition, second by second of the steady state. */
function findingOf(change: (second: number) => Partial<GeneratorHealthRecord>): GeneratorFinding {
  return judge(healthyRecord({ generatorHealth: healthyReadings(change) })).generator;
}

test("utilisation may be high for three seconds on end, not for four", () => {
  const highFor = (seconds: number) =>
    findingOf((second) => ({ loopUtilization: second < seconds ? 0.95 : 0.2 }));
  assert.equal(highFor(3).status, "warning");
  assert.equal(highFor(4).status, "saturated");
});

test("three late ticks are still three seconds", () => {
  const generatorHealth = healthyReadings((second) => ({
    loopUtilization: second < 3 ? 0.95 : 0.2,
  })).map((reading, index) => ({
    ...reading,
    atMs: index * 1_004,
  }));
  assert.notEqual(judge(healthyRecord({ generatorHealth })).generator.status, "saturated");
});

test("high utilisation with short rests is saturation all the same", () => {
  assert.equal(
    findingOf((second) => ({ loopUtilization: second % 3 === 0 ? 0.5 : 0.99 })).status,
    "saturated",
  );
});

test("seconds without a reading count for the reading before them", () => {
  const generatorHealth = healthyReadings((second) => ({
    loopUtilization: second === 10 ? 0.99 : 0.2,
  })).filter(({ atMs }) => atMs <= 15_000 || atMs >= 20_000);
  assert.equal(judge(healthyRecord({ generatorHealth })).generator.status, "saturated");
});

for (const [name, bad, good] of [
  ["loopDelayP99Ms", 15.1, 14.9],
  ["startLagP99Ms", 15.1, 14.9],
  ["gcShare", 0.11, 0.09],
  ["gcLongestMs", 60.1, 59.9],
  ["stealShare", 0.051, 0.049],
  ["throttledShare", 0.011, 0.009],
] as const) {
  test(`${name} past its limit saturates, below it warns, and one bad second does neither`, () => {
    assert.equal(findingOf(() => ({ [name]: bad })).status, "saturated");
    assert.equal(findingOf(() => ({ [name]: good })).status, "warning");
    assert.equal(findingOf((second) => (second === 20 ? { [name]: bad } : {})).status, "healthy");
    assert.equal(
      findingOf((second) => (second % 10 === 0 ? { [name]: bad } : {})).status,
      "saturated",
    );
  });
}

test("a machine that says nothing of steal and quotas is not held against the generator", () => {
  assert.equal(findingOf(() => ({ stealShare: null, throttledShare: null })).status, "healthy");
});

test("one pause of many seconds is more than one bad second", () => {
  const generatorHealth = healthyReadings((second) =>
    second === 10 ? { loopDelayP99Ms: 5_000 } : {},
  ).filter(({ atMs }) => atMs <= 15_000 || atMs >= 20_000);
  assert.equal(judge(healthyRecord({ generatorHealth })).generator.status, "saturated");
});

test("null, negative and unreadable lags are no lag", () => {
  for (const startLagP99Ms of [null, -50, Number.NaN])
    assert.equal(findingOf(() => ({ startLagP99Ms })).status, "healthy");
});

test("one local socket fault saturates, in the ramp as well", () => {
  assert.equal(findingOf((second) => ({ socketFaults: second === 3 ? 1 : 0 })).status, "saturated");
  const generatorHealth = healthyReadings().map((reading, index) =>
    index === 0 ? { ...reading, socketFaults: 1 } : reading,
  );
  assert.equal(judge(healthyRecord({ generatorHealth })).verdict, "INVALID");
});

test("iterations dropped while VUs were free are the generator's fault, with all busy the target's if it was slow", () => {
  const dropping = (activeVus: number, iterationsDropped: number, slow = 0) =>
    judge(
      healthyRecord({
        intervals: healthyIntervals(() => ({
          activeVus,
          iterationsDropped,
          slowRequests: [slow, slow],
        })),
      }),
    );
  assert.equal(dropping(1_000, 3).verdict, "INVALID");
  assert.equal(dropping(5_000, 3).verdict, "INCONCLUSIVE");
  assert.equal(dropping(5_000, 3, 5).verdict, "FAIL");
});

test("without latency objectives delays are measured against 10 ms", () => {
  const objectives = { ...healthyRecord().objectives!, latency: [] };
  const at = (loopDelayP99Ms: number) =>
    judge(
      healthyRecord({ objectives, generatorHealth: healthyReadings(() => ({ loopDelayP99Ms })) }),
    ).generator.status;
  assert.deepEqual([at(9.9), at(10.1)], ["warning", "saturated"]);
});

test("every figure names its limit, and only those past it are exceeded", () => {
  const { figures, sentence } = findingOf(() => ({ gcShare: 0.3 }));
  assert.deepEqual(
    figures.filter(({ exceeded }) => exceeded).map(({ value, limit }) => [value, limit]),
    [[0.3, 0.1]],
  );
  assert.equal(
    sentence,
    "the generator was the bottleneck: share of time in garbage collection 0.3, limit 0.1",
  );
});

test("k6 is watched from outside: its CPU, and when open iterations started, are enough and are needed", () => {
  const unseen = { loopUtilization: null, loopDelayP99Ms: null, gcShare: null, gcLongestMs: null };
  const onK6 = (reading: Partial<GeneratorHealthRecord>, overrides: Partial<RunRecord> = {}) =>
    judge(
      healthyRecord({
        runner: "k6",
        generatorHealth: healthyReadings(() => ({ ...unseen, ...reading })),
        ...overrides,
      }),
    ).generator.status;
  assert.equal(onK6({}), "healthy");
  assert.equal(onK6({ cpuCores: 3.8 }), "saturated");
  assert.equal(onK6({ startLagP99Ms: 40 }), "saturated");
  assert.equal(onK6({ cpuCores: null }), "warning");
  const scenario = {
    name: "s",
    executor: "constant-arrival-rate",
    startTimeMs: 0,
    durationMs: 65_000,
  };
  const open = { scenarios: [{ ...scenario, maxVus: 5_000, config: {} }] };
  assert.equal(onK6({ startLagP99Ms: null, startLagMaxMs: null }, open), "warning");
  assert.equal(onK6({}, open), "healthy");
  // The same readings of lakh's own engine would be readings that went missing.
  assert.equal(onK6({}, { runner: "embedded" }), "warning");
});
