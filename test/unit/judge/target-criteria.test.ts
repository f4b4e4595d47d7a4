import assert from "node:assert/strict";
import { test } from "node:test";
import { type CriterionResult, judge } from "../../../src/judge/index.ts";
import type { RunRecord } from "../../../src/record/index.ts";
import {
  healthyIntervals,
  healthyReadings,
  healthyRecord,
  observation,
} from "../../support/record.ts";

function rowOf(record: RunRecord, id: string): CriterionResult {
  return judge(record).scorecard.find((row) => row.id === id)!;
}

function cpuRow(...sources: readonly ((second: number) => number)[]): CriterionResult {
  const observations = sources.map((valueAt, index) => ({
    ...observation("cpu_cores", valueAt),
    source: `pid ${index}`,
  }));
  return rowOf(healthyRecord({ observations }), "target_cpu");
}

const soakSeconds = 4 * 3_600;

/** Four hours in which the target's memory goes this way, read every 15 s. */
function memoryRow(
  bytesAt: (hours: number, second: number) => number,
  seconds: number = soakSeconds,
): CriterionResult {
  const { points, ...rest } = observation(
    "memory_bytes",
    (second) => bytesAt(second / 3_600, second),
    seconds,
  );
  const observations = [{ ...rest, points: points.filter((_, index) => index % 15 === 0) }];
  const steadyState = { fromMs: 0, toMs: seconds * 1_000, rule: "soak" };
  const record = healthyRecord({
    observations,
    steadyState,
    intervals: healthyIntervals(undefined, 60),
    generatorHealth: healthyReadings(undefined, 60),
  });
  return rowOf(record, "target_memory");
}

/** Saw-tooth of a collector every 40 s and a bounded disturbance that repeats. */
function noise(second: number): number {
  return (second % 40) * 1e6 + ((Math.floor(second / 300) * 7) % 5) * 2e5;
}

test("CPU passes by mean and p95 below the allowed share of the cores", () => {
  const row = cpuRow(() => 1.2);
  assert.deepEqual([row.status, row.measured], ["PASS", "mean 30 %, p95 30 %"]);
});

test("CPU at the limit is not below it", () => {
  assert.equal(cpuRow(() => 2.8).status, "FAIL");
});

test("a low mean with a high p95 fails", () => {
  assert.equal(cpuRow((second) => (second % 10 === 0 ? 3.9 : 0.5)).status, "FAIL");
});

test("readings outside of the steady state do not count", () => {
  assert.equal(cpuRow((second) => (second < 5 ? 4 : 1)).status, "PASS");
  const ramp = observation("cpu_cores", () => 1, 4);
  assert.equal(
    rowOf(healthyRecord({ observations: [ramp] }), "target_cpu").measured,
    "not observed",
  );
});

test("sources whose sum is above the limit are open: they may overlap", () => {
  assert.equal(
    cpuRow(
      () => 1.5,
      () => 1.5,
    ).status,
    "INCONCLUSIVE",
  );
  assert.equal(
    cpuRow(
      () => 1,
      () => 1,
    ).status,
    "PASS",
  );
  assert.equal(
    cpuRow(
      () => 1,
      () => 3,
    ).status,
    "FAIL",
  );
});

test("few readings, part of the time, no cores and an idle process are no PASS", () => {
  const points = observation("cpu_cores", () => 1).points;
  const rows = [points.filter((_, index) => index % 20 === 0), points.slice(0, 20)].map((some) =>
    rowOf(
      healthyRecord({ observations: [{ ...observation("cpu_cores", () => 1), points: some }] }),
      "target_cpu",
    ),
  );
  for (const row of rows) assert.equal(row.status, "INCONCLUSIVE", row.explanation);
  assert.equal(cpuRow(() => 0).status, "INCONCLUSIVE");
  for (const targetCores of [null, 0, Number.NaN]) {
    const objectives = { ...healthyRecord().objectives!, targetCores };
    assert.equal(rowOf(healthyRecord({ objectives }), "target_cpu").status, "INCONCLUSIVE");
  }
});

test("memory of a short run is not judged, but its growth is shown", () => {
  const row = rowOf(healthyRecord(), "target_memory");
  assert.equal(row.status, "NOT_JUDGED");
  assert.match(row.measured, /^300 MB to 301 MB \(\+/u);
  assert.equal(
    rowOf(healthyRecord({ observations: [] }), "target_memory").measured,
    "not observed",
  );
});

test("a saw-tooth on level ground is stable", () => {
  const row = memoryRow((_, second) => 380e6 + noise(second));
  assert.equal(row.status, "PASS", row.explanation);
});

test("heap that fills in the first hour and stays is stable", () => {
  const row = memoryRow(
    (hours, second) => 380e6 - 200e6 * Math.max(0, 1 - 1.2 * hours) + noise(second),
  );
  assert.equal(row.status, "PASS", row.explanation);
});

test("20 MB an hour on 380 MB is a leak", () => {
  const row = memoryRow((hours, second) => 380e6 + 20e6 * hours + noise(second));
  assert.equal(row.status, "FAIL", row.explanation);
});

test("growth about the limit, a restart, a short soak and no readings are open", () => {
  assert.equal(
    memoryRow((hours, second) => 380e6 + 3.85e6 * hours + noise(second)).status,
    "INCONCLUSIVE",
  );
  assert.equal(memoryRow((hours) => 380e6 + 400e6 * (hours % 0.5)).status, "INCONCLUSIVE");
  assert.equal(memoryRow((hours) => 380e6 + 4_000e6 * (hours % 0.5)).status, "INCONCLUSIVE");
  assert.equal(memoryRow((_, second) => 380e6 + noise(second), 1_800).status, "INCONCLUSIVE");
  assert.equal(memoryRow(() => Number.NaN).measured, "not observed");
});
