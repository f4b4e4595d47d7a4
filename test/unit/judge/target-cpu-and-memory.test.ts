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

type Observation = RunRecord["observations"][number];

/** A part of a target that one Prometheus knows, read every 5 s over 20 s each. */
function part(
  source: string,
  valueAt: (second: number) => number | undefined,
  changes: Partial<Observation> = {},
): Observation {
  const points = Array.from({ length: 13 }, (_, index) => 5 + index * 5).flatMap((second) => {
    const value = valueAt(second);
    return value === undefined ? [] : [[second * 1_000, value] as const];
  });
  return { name: "cpu_cores", unit: "cores", source, partOf: "prometheus", points, ...changes };
}

const limit = (source: string, cores: number): Observation =>
  part(source, () => cores, { name: "cpu_limit_cores" });

function cpuOf(
  observations: readonly Observation[],
  targetCores: number | null = null,
): CriterionResult {
  const objectives = { ...healthyRecord().objectives!, targetCores };
  return rowOf(healthyRecord({ objectives, observations }), "target_cpu");
}

test("replicas that one Prometheus knows add up against the stated cores", () => {
  const replicas = ["a", "b", "c"].map((source) => part(source, () => 0.8));
  assert.deepEqual(
    [cpuOf(replicas, 4).status, cpuOf(replicas, 4).measured],
    ["PASS", "mean 60 %, p95 60 %"],
  );
  assert.equal(cpuOf(replicas, 3).status, "FAIL");
});

test("replicas are added moment by moment: peaks at different times are no common peak", () => {
  const odd = part("a", (second) => (second % 10 === 5 ? 2 : 0.5));
  const even = part("b", (second) => (second % 10 === 0 ? 2 : 0.5));
  assert.equal(cpuOf([odd, even], 4).measured, "mean 62.5 %, p95 62.5 %");
});

test("cores that were not stated are those of the limits, each part's own", () => {
  const row = cpuOf([part("a", () => 1), part("b", () => 0.5), limit("a", 2), limit("b", 1)]);
  assert.deepEqual([row.status, row.measured], ["PASS", "mean 50 %, p95 50 %"]);
  assert.match(row.explanation, /of 3 by their limits/u);
  assert.equal(cpuOf([part("a", () => 1), limit("a", 2)], 1).status, "FAIL");
});

test("a mean over replicas does not hide the one that is full", () => {
  const row = cpuOf([part("a", () => 0.9), part("b", () => 0.1), limit("a", 1), limit("b", 1)]);
  assert.deepEqual([row.status, row.measured], ["FAIL", "mean 90 %, p95 90 %"]);
});

test("a part without a limit, and limits of another target, leave the cores unknown", () => {
  const parts = [part("a", () => 0.1), part("b", () => 0.1)];
  for (const limits of [
    [limit("a", 1)],
    [limit("a", 1), { ...limit("b", 1), partOf: "another" }],
    [limit("a", 1), limit("b", 0)],
  ]) {
    const row = cpuOf([...parts, ...limits]);
    assert.equal(row.status, "INCONCLUSIVE", row.explanation);
    assert.match(row.explanation, /how many cores/u);
  }
});

test("a part that goes takes its limit along; with stated cores it leaves the row open", () => {
  const leaving = part("a", (second) => (second < 25 ? 0.2 : undefined));
  const staying = part("b", () => 0.5);
  const byLimits = cpuOf([leaving, staying, limit("a", 1), limit("b", 1)]);
  assert.deepEqual([byLimits.status, byLimits.measured], ["PASS", "mean 50 %, p95 50 %"]);
  assert.equal(cpuOf([leaving, staying], 2).status, "INCONCLUSIVE");
  assert.equal(cpuOf([leaving, part("b", () => 1.9)], 2).status, "FAIL");
});

test("a hole in the readings of a replica is not idleness", () => {
  const holed = part("a", (second) => (second % 15 === 0 ? undefined : 1.6));
  assert.equal(cpuOf([holed, part("b", () => 1.3)], 4).status, "FAIL");
});

test("a reading that reaches back into the ramp does not count, and is asked for where none is left", () => {
  const rising = (second: number): number => (second < 25 ? 0.1 : 1.9);
  const row = cpuOf([part("a", rising, { windowMs: 20_000 })], 2);
  assert.deepEqual([row.status, row.measured], ["FAIL", "mean 95 %, p95 95 %"]);
  const short = cpuOf([part("a", () => 0.1, { windowMs: 240_000 })], 2);
  assert.deepEqual([short.status, short.measured], ["INCONCLUSIVE", "not observed"]);
  assert.match(short.explanation, /mean over 4 min, and none lies within/u);
});

test("readings with a long hole in the middle do not stand for the steady state", () => {
  const points = observation("cpu_cores", () => 1).points.filter(
    ([atMs]) => atMs < 15_000 || atMs > 60_000,
  );
  const row = cpuOf([{ ...observation("cpu_cores", () => 1), points }], 4);
  assert.equal(row.status, "INCONCLUSIVE");
  assert.match(row.explanation, /cover \d+ s of a steady state of 60 s/u);
});

test("throttling is said beside a low mean", () => {
  const throttled = part("a", () => 0.08, { name: "cpu_throttled_share", unit: "share" });
  const row = cpuOf([part("a", () => 0.5), limit("a", 1), throttled]);
  assert.match(row.explanation, /held it back in 8 % of its periods/u);
});

test("a restart while the run goes on keeps it from passing, and hides growth", () => {
  const restarts = part("pid 4711", (second) => (second < 30 ? 0 : 1), {
    name: "restarts",
    unit: "count",
  });
  const record = healthyRecord();
  const spoilt = { ...record, observations: [...record.observations, restarts] };
  assert.equal(judge(record).verdict, "PASS");
  assert.equal(judge(spoilt).verdict, "INCONCLUSIVE");
  assert.match(judge(spoilt).reasons.join(), /restarted once while the run went on \(pid 4711\)/u);
});

test("the memory row shows slope, interval and p-value", () => {
  const row = memoryRow((hours, second) => 380e6 + 20e6 * hours + noise(second));
  assert.match(
    row.explanation,
    /it grows: \+20 MB an hour \(90 % interval \+\d+ MB to \+\d+ MB, p < 0\.001\), limit 4\.0 MB an hour/u,
  );
});

test("growth that slows down, and growth over a short soak, are no leak yet", () => {
  const filling = memoryRow((hours, second) => 380e6 - 190e6 * Math.exp(-hours) + noise(second));
  assert.deepEqual(filling.status, "INCONCLUSIVE");
  assert.match(filling.explanation, /slows down as something does that fills up/u);
  const short = memoryRow((hours, second) => 380e6 + 60e6 * hours + noise(second), 8_100);
  assert.match(short.explanation, /caches that fill look the same/u);
});
