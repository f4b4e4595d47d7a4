/**
 * A wrong PASS is the worst that lakh can do. Each case takes a record that passes and spoils it in one way in which
 * something could be overlooked; none may pass. The judge is a black box here: only the verdict's name is looked at.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { judge } from "../../src/judge/index.ts";
import type {
  GeneratorHealthRecord,
  IntervalRecord,
  ObjectivesRecord,
  RunRecord,
} from "../../src/record/index.ts";
import {
  healthyInterval,
  healthyIntervals,
  healthyReadings,
  healthyRecord,
  latencyOf,
  observation,
} from "../support/record.ts";

const rampSeconds = 5;
const steadySeconds = 60;
const seconds = rampSeconds + steadySeconds + 2;
const steadyRequests = steadySeconds * 444;

/** A distribution of these latencies in milliseconds, each with its count. */
function distribution(counts: Readonly<Record<number, number>>): RunRecord["steadyLatency"] {
  return latencyOf(
    Object.entries(counts).flatMap(([valueMs, count]) =>
      Array.from({ length: count }, () => Number(valueMs)),
    ),
  );
}

/** An open load with an ordinary share of slow requests and a ramp-down: PASS, with little to spare for the judge to overlook. */
const base: RunRecord = healthyRecord({
  durationMs: seconds * 1_000,
  scenarios: [
    {
      name: "daily_users",
      executor: "constant-arrival-rate",
      startTimeMs: 0,
      durationMs: 65_000,
      maxVus: 5_000,
      config: {},
    },
  ],
  intervals: healthyIntervals(undefined, seconds).map((interval, second) => {
    // Slow requests come and go without a pattern from second to second, as from independent users.
    const slow = (second * 7) % 5;
    return { ...interval, activeVus: 210, slowRequests: [slow, slow > 3 ? 1 : 0] };
  }),
  steadyLatency: distribution({ 10: 16_000, 20: 8_000, 40: 2_000, 90: 520, 320: 108, 620: 12 }),
  generatorHealth: healthyReadings(undefined, seconds),
  objectives: { ...healthyRecord().objectives!, targetCores: 1 },
  observations: [
    observation("cpu_cores", (second) => 0.4 + (second % 3) * 0.02, seconds),
    observation("memory_bytes", () => 210e6, seconds),
  ],
  iterations: {
    due: 7_437,
    started: 7_437,
    completed: 7_437,
    interrupted: 0,
    dropped: 0,
    failed: 0,
  },
});

function spoilt(changes: Partial<RunRecord>): RunRecord {
  return { ...base, ...changes };
}

function verdictOf(changes: Partial<RunRecord>): string {
  return judge(spoilt(changes)).verdict;
}

/** The intervals with those of some part of the run changed. */
function intervals(
  part: "ramp" | "steady" | "tail" | "all",
  change: (interval: IntervalRecord) => Partial<IntervalRecord>,
): IntervalRecord[] {
  const [from, to] = {
    ramp: [0, rampSeconds],
    steady: [rampSeconds, rampSeconds + steadySeconds],
    tail: [rampSeconds + steadySeconds, 1e9],
    all: [0, 1e9],
  }[part] as [number, number];
  return base.intervals.map((interval) => {
    const second = interval.atMs / 1_000;
    return second >= from && second < to ? { ...interval, ...change(interval) } : interval;
  });
}

function health(
  change: (reading: GeneratorHealthRecord, second: number) => Partial<GeneratorHealthRecord>,
): GeneratorHealthRecord[] {
  return base.generatorHealth.map((reading, second) => ({
    ...reading,
    ...change(reading, second),
  }));
}

function objectives(changes: Partial<ObjectivesRecord>): ObjectivesRecord {
  return { ...base.objectives!, ...changes };
}

function observed(
  name: string,
  change: (value: number, atMs: number) => number | undefined,
): RunRecord["observations"] {
  return base.observations.map((observation) => {
    if (observation.name !== name) return observation;
    const points = observation.points.flatMap(([atMs, value]) => {
      const changed = change(value, atMs);
      return changed === undefined ? [] : [[atMs, changed] as const];
    });
    return { ...observation, points };
  });
}

const refused = (interval: IntervalRecord): Partial<IntervalRecord> => ({
  failedRequests: interval.requests,
});
const silent = {
  requests: 0,
  failedRequests: 0,
  slowRequests: [0, 0],
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  checksPassed: 0,
  checksFailed: 0,
};
const noLatency: RunRecord["steadyLatency"] = {
  schema: 7,
  zeroCount: 0,
  offset: 0,
  counts: [],
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
};
const nan = Number.NaN;

const cases: Readonly<Record<string, Partial<RunRecord>>> = {
  "nothing was recorded": {
    intervals: [],
    generatorHealth: [],
    observations: [],
    steadyLatency: noLatency,
  },
  "no intervals": { intervals: [] },
  "no intervals in the steady state": {
    intervals: base.intervals.filter(({ atMs }) => atMs < rampSeconds * 1_000),
  },
  "half of the intervals are missing": {
    intervals: base.intervals.filter((_, second) => second < 36),
  },
  "every second interval is missing": {
    intervals: base.intervals.filter((_, second) => second % 2 === 0),
  },
  "the steady state has no length": { steadyState: { fromMs: 10_000, toMs: 10_000, rule: "none" } },
  "the steady state ends before it begins": {
    steadyState: { fromMs: 50_000, toMs: 10_000, rule: "none" },
  },
  "the steady state lies after the run": {
    steadyState: { fromMs: 900_000, toMs: 940_000, rule: "none" },
  },
  "the steady state reaches far beyond the run": {
    steadyState: { fromMs: 10_000, toMs: 900_000, rule: "none" },
  },
  "the steady state is not a number": { steadyState: { fromMs: nan, toMs: nan, rule: "none" } },
  "the steady state lasts a second": {
    steadyState: { fromMs: 20_000, toMs: 21_000, rule: "none" },
  },
  "no request was ever sent": {
    intervals: intervals("all", () => ({ ...silent, iterationsStarted: 0 })),
    steadyLatency: noLatency,
    iterations: { due: 0, started: 0, completed: 0, interrupted: 0, dropped: 0, failed: 0 },
    population: { initializedVus: 5_000, usedVus: 0, peakActiveVus: 0 },
  },
  "iterations without requests": {
    intervals: intervals("all", () => silent),
    steadyLatency: noLatency,
  },
  "every connection was refused, fast": { intervals: intervals("all", refused) },
  "every connection was refused and no error objective was stated": {
    intervals: intervals("all", refused),
    objectives: objectives({ errorShare: null }),
  },
  "every connection was refused and only users and rate were asked for": {
    intervals: intervals("all", refused),
    objectives: objectives({ errorShare: null, latency: [], cpuShare: null, memoryStable: false }),
  },
  "every second request was refused and no error objective was stated": {
    intervals: intervals("all", ({ requests }) => ({ failedRequests: requests / 2 })),
    objectives: objectives({ errorShare: null }),
  },
  "one request in 500 failed": {
    intervals: intervals("steady", ({ atMs }) => ({ failedRequests: atMs % 9_000 === 0 ? 9 : 0 })),
  },
  "a tenth of a second of errors, all in one burst": {
    intervals: intervals("steady", ({ atMs }) => ({ failedRequests: atMs === 20_000 ? 44 : 0 })),
  },
  "6 % are slower than p95 allows": {
    intervals: intervals("steady", ({ slowRequests }) => ({
      slowRequests: [27, slowRequests[1]!],
    })),
  },
  "2 % are slower than p99 allows": {
    intervals: intervals("steady", ({ slowRequests }) => ({ slowRequests: [slowRequests[0]!, 9] })),
  },
  "the slow seconds come in a row, 5 % in all": {
    intervals: intervals("steady", ({ atMs }) => ({
      slowRequests: [atMs >= 30_000 && atMs < 33_000 ? 440 : 0, 0],
    })),
  },
  "the last five seconds stood still": {
    intervals: intervals("steady", ({ atMs }) => (atMs >= 60_000 ? silent : {})),
  },
  "slow requests were not counted": { intervals: intervals("all", () => ({ slowRequests: [] })) },
  "slow requests were counted for one limit of two": {
    intervals: intervals("all", () => ({ slowRequests: [0] })),
  },
  "slow requests are not numbers": {
    intervals: intervals("all", () => ({ slowRequests: [nan, nan] })),
  },
  "the distribution is empty": { steadyLatency: noLatency },
  "the distribution is of one request": { steadyLatency: distribution({ 10: 1 }) },
  "the distribution is of ten times as many requests": {
    steadyLatency: distribution({ 10: steadyRequests * 10 }),
  },
  "the distribution says what the counts deny": {
    steadyLatency: distribution({ 900: steadyRequests }),
  },
  "the distribution does not add up": {
    steadyLatency: { ...base.steadyLatency, count: base.steadyLatency.count * 2 },
  },
  "the distribution has no count": { steadyLatency: { ...base.steadyLatency, count: nan } },
  "more failed than there were": {
    intervals: intervals("steady", () => ({ requests: 444, failedRequests: -444 })),
  },
  "requests are not numbers": { intervals: intervals("steady", () => ({ requests: nan })) },
  "failures are not numbers": { intervals: intervals("steady", () => ({ failedRequests: nan })) },
  "durations are not numbers": { intervals: intervals("steady", () => ({ durationMs: nan })) },
  "durations are zero": { intervals: intervals("steady", () => ({ durationMs: 0 })) },
  "every interval is there twice": {
    intervals: base.intervals.flatMap((interval) => [interval, interval]),
  },
  "half of the rate": {
    intervals: base.intervals.map(({ atMs }) =>
      healthyInterval({ atMs, requests: 222, checksPassed: 222, activeVus: 210 }),
    ),
    steadyLatency: distribution({ 20: steadyRequests / 2 }),
  },
  "a fiftieth of the requests: too few for an error rate": {
    intervals: base.intervals.map(({ atMs }) =>
      healthyInterval({ atMs, requests: 9, checksPassed: 9, activeVus: 210 }),
    ),
    steadyLatency: distribution({ 20: steadySeconds * 9 }),
    objectives: objectives({ requestsPerSecond: { min: 5, max: 10 } }),
  },
  "50 users of 5,000": { population: { initializedVus: 50, usedVus: 50, peakActiveVus: 50 } },
  "5,000 users were made, 50 used": {
    population: { initializedVus: 5_000, usedVus: 50, peakActiveVus: 50 },
  },
  "users are not a number": {
    population: { initializedVus: nan, usedVus: nan, peakActiveVus: nan },
  },
  "closed users: 5,000 came in the ramp-down, 50 were there in the steady state": {
    scenarios: [{ ...base.scenarios[0]!, executor: "ramping-vus" }],
    intervals: intervals("steady", () => ({ activeVus: 50 })),
    iterations: { ...base.iterations, due: null },
  },
  "a tenth of the load was dropped": {
    iterations: {
      ...base.iterations,
      started: Math.round(base.iterations.due! * 0.9),
      dropped: Math.round(base.iterations.due! * 0.1),
    },
  },
  "a tenth of the load was neither started nor dropped": {
    iterations: { ...base.iterations, started: Math.round(base.iterations.due! * 0.9) },
  },
  "the load dropped is not a number": { iterations: { ...base.iterations, started: nan } },
  "one iteration in 50 hung until the run cut it off, unanswered": {
    iterations: {
      ...base.iterations,
      completed: Math.round(base.iterations.started * 0.98),
      interrupted: Math.round(base.iterations.started * 0.02),
    },
  },
  "the load dropped is more than all that was due": {
    iterations: { ...base.iterations, dropped: base.iterations.due! },
  },
  "iterations started and never completed": { iterations: { ...base.iterations, completed: 0 } },
  "iterations threw, by the totals of the run alone": {
    iterations: { ...base.iterations, failed: base.iterations.started },
  },
  "nobody knows how many users it was about": { plan: { dau: nan, steps: [] } },
  "the generator's machine is unknown": {
    environment: { ...base.environment, cpuCount: 0 },
  },
  "one iteration in 20 threw": {
    intervals: intervals("steady", () => ({ iterationsFailed: 6 })),
    iterations: { ...base.iterations, failed: Math.round(base.iterations.started * 0.05) },
  },
  "one check in four failed: wrong answers with status 200": {
    intervals: intervals("steady", ({ requests }) => ({
      checksPassed: requests * 0.75,
      checksFailed: requests * 0.25,
    })),
  },
  "a threshold was crossed": { thresholds: [{ ...base.thresholds[0]!, ok: false }] },
  "a threshold was crossed, by the exit code alone": {
    outcome: { exitCode: 99, reason: "thresholds", message: null },
  },
  "the script marked the run as failed": {
    outcome: { exitCode: 110, reason: "finished", message: "marked" },
  },
  "the run was interrupted": { outcome: { exitCode: 105, reason: "interrupted", message: null } },
  "the run was aborted by the script": {
    outcome: { exitCode: 108, reason: "aborted", message: null },
  },
  "the run crashed": { outcome: { exitCode: 107, reason: "error", message: "boom" } },
  "the run crashed and says that it finished": {
    outcome: { exitCode: 107, reason: "finished", message: null },
  },
  "the target's CPU was not read": {
    observations: base.observations.filter(({ name }) => name !== "cpu_cores"),
  },
  "the target's CPU is above the limit": { observations: observed("cpu_cores", () => 0.75) },
  "the target's CPU is above the limit a tenth of the time": {
    observations: observed("cpu_cores", (_, atMs) => (atMs % 10_000 < 1_000 ? 0.9 : 0.2)),
  },
  "the target's CPU is not a number": { observations: observed("cpu_cores", () => nan) },
  "the target's CPU was read once": {
    observations: observed("cpu_cores", (value, atMs) => (atMs === 30_000 ? value : undefined)),
  },
  "the target's CPU was read in the ramp only": {
    observations: observed("cpu_cores", (value, atMs) =>
      atMs < rampSeconds * 1_000 ? value : undefined,
    ),
  },
  "the target's cores are unknown": { objectives: objectives({ targetCores: null }) },
  "the target has no cores": { objectives: objectives({ targetCores: 0 }) },
  "one of two replicas is above the limit": {
    observations: [
      ...base.observations,
      ...observed("cpu_cores", () => 0.95).map((observation) => ({ ...observation, source: "b" })),
    ],
  },
  "the generator was not watched": { generatorHealth: [] },
  "the generator was watched in the ramp only": {
    generatorHealth: base.generatorHealth.slice(0, rampSeconds),
  },
  "the generator's figures are not numbers": {
    generatorHealth: health(() => ({
      loopUtilization: nan,
      loopDelayP99Ms: nan,
      gcShare: nan,
      gcLongestMs: nan,
      cpuCores: nan,
    })),
  },
  "the generator's loop was busy": { generatorHealth: health(() => ({ loopUtilization: 0.93 })) },
  "the generator's loop was busy for five seconds": {
    generatorHealth: health((_, second) =>
      second >= 20 && second < 25 ? { loopUtilization: 0.95 } : {},
    ),
  },
  "the generator's loop was late": { generatorHealth: health(() => ({ loopDelayP99Ms: 40 })) },
  "iterations started late": {
    generatorHealth: health(() => ({ startLagP99Ms: 60, startLagMaxMs: 90 })),
  },
  "iterations started before they were due: a broken clock": {
    generatorHealth: health(() => ({ startLagP99Ms: -800, startLagMaxMs: -20 })),
  },
  "the start lag of an open load was not recorded": {
    generatorHealth: health(() => ({ startLagP99Ms: null, startLagMaxMs: null })),
  },
  "the start lag is not a number": {
    generatorHealth: health(() => ({ startLagP99Ms: nan, startLagMaxMs: nan })),
  },
  "the generator collected garbage": { generatorHealth: health(() => ({ gcShare: 0.2 })) },
  "the generator's collector paused": { generatorHealth: health(() => ({ gcLongestMs: 90 })) },
  "the generator used all of its machine": { generatorHealth: health(() => ({ cpuCores: 3.9 })) },
  "the generator ran out of ports once": {
    generatorHealth: health((_, second) => (second === 20 ? { socketFaults: 3 } : {})),
  },
  "the limits are not numbers": {
    objectives: objectives({ latency: [{ share: 0.95, limitMs: nan }] }),
  },
  "a share of 1 and above": { objectives: objectives({ latency: [{ share: 1, limitMs: 300 }] }) },
  "a share in percent": { objectives: objectives({ latency: [{ share: 95, limitMs: 300 }] }) },
  "the error limit is not a number": { objectives: objectives({ errorShare: nan }) },
  "no errors at all are allowed": { objectives: objectives({ errorShare: 0 }) },
  "the rate's band is not a number": {
    objectives: objectives({ requestsPerSecond: { min: nan, max: nan } }),
  },
  "nothing was asked for": {
    objectives: {
      peakUsers: null,
      requestsPerSecond: null,
      latency: [],
      errorShare: null,
      cpuShare: null,
      targetCores: null,
      memoryStable: false,
    },
  },
  "neither latency nor errors were asked for": {
    objectives: objectives({ latency: [], errorShare: null }),
  },
  "all requests of the ramp failed": { intervals: intervals("ramp", refused) },
  "all requests in flight at the end failed late": { intervals: intervals("tail", refused) },
};

describe("no wrong PASS", () => {
  it("the record that the cases spoil passes", () => {
    const { verdict, sentence, reasons } = judge(base);
    assert.equal(verdict, "PASS", [sentence, ...reasons].join("\n"));
  });

  for (const [name, changes] of Object.entries(cases)) {
    it(`does not pass when ${name}`, () => assert.notEqual(verdictOf(changes), "PASS"));
  }

  it("does not claim daily users for a run whose rate nobody stated", () => {
    const { verdict, sentence } = judge(
      spoilt({ objectives: objectives({ peakUsers: null, requestsPerSecond: null }) }),
    );
    assert.ok(verdict !== "PASS" || !sentence.includes("100,000"), sentence);
  });

  it("passes none of them after a way through a file either", () => {
    for (const [name, changes] of Object.entries(cases)) {
      // NaN is null in JSON, and a limit that is null was not stated.
      if (name === "the error limit is not a number") continue;
      const record = spoilt(changes);
      const read = JSON.parse(JSON.stringify(record)) as RunRecord;
      assert.notEqual(judge(read).verdict, "PASS", name);
    }
  });

  it("does not pass when any one number of the steady state is not a number", () => {
    for (const key of Object.keys(healthyInterval()) as (keyof IntervalRecord)[]) {
      if (["p50Ms", "p95Ms", "p99Ms", "bytesSent", "bytesReceived"].includes(key)) continue;
      const changed = intervals("steady", ({ atMs }) =>
        atMs === 20_000 ? { [key]: key === "slowRequests" ? [nan, nan] : nan } : {},
      );
      assert.notEqual(verdictOf({ intervals: changed }), "PASS", key);
    }
  });
});

describe("the verdict is monotone", () => {
  const ranks = { PASS: 0, INCONCLUSIVE: 1, FAIL: 2, INVALID: 3 } as const;
  const second = fc.integer({ min: rampSeconds, max: rampSeconds + steadySeconds - 1 });
  const more = fc.array(fc.record({ second, count: fc.integer({ min: 1, max: 200 }) }), {
    minLength: 1,
    maxLength: 6,
  });

  /** Adds violations to some seconds, at most as many as there were requests. */
  function worse(
    record: RunRecord,
    additions: readonly { second: number; count: number }[],
    kind: "failed" | "slow",
  ): RunRecord {
    const added = new Map<number, number>();
    for (const addition of additions)
      added.set(addition.second, (added.get(addition.second) ?? 0) + addition.count);
    const changed = record.intervals.map((interval) => {
      const count = added.get(interval.atMs / 1_000) ?? 0;
      const cap = (value: number): number => Math.min(interval.requests, value + count);
      if (kind === "failed") return { ...interval, failedRequests: cap(interval.failedRequests) };
      return { ...interval, slowRequests: interval.slowRequests.map(cap) };
    });
    return { ...record, intervals: changed };
  }

  for (const kind of ["failed", "slow"] as const) {
    it(`more ${kind} requests never turn anything into a PASS`, () => {
      fc.assert(
        fc.property(more, more, (first, second) => {
          const before = worse(base, first, kind);
          const after = worse(before, second, kind);
          if (judge(after).verdict === "PASS") assert.equal(judge(before).verdict, "PASS");
        }),
        { numRuns: 60 },
      );
    });
  }

  it("fewer requests never turn anything into a PASS", () => {
    fc.assert(
      fc.property(fc.array(second, { minLength: 1, maxLength: 45 }), (missing) => {
        const gone = new Set(missing);
        const kept = base.intervals.filter(({ atMs }) => !gone.has(atMs / 1_000));
        const before = ranks[judge(base).verdict];
        assert.ok(ranks[judge({ ...base, intervals: kept }).verdict] >= before);
      }),
      { numRuns: 60 },
    );
  });

  it("a generator in a worse condition never turns anything into a PASS", () => {
    const figure = fc.constantFrom(
      "loopUtilization",
      "loopDelayP99Ms",
      "gcShare",
      "gcLongestMs",
      "startLagP99Ms",
      "socketFaults",
    );
    fc.assert(
      fc.property(
        figure,
        fc.array(fc.record({ second, factor: fc.integer({ min: 2, max: 100 }) }), {
          maxLength: 45,
        }),
        (name, changes) => {
          const readings = base.generatorHealth.map(
            (reading) => ({ ...reading }) as unknown as Record<string, number>,
          );
          for (const { second: at, factor } of changes)
            readings[at]![name] = readings[at]![name]! * factor + (name === "socketFaults" ? 1 : 0);
          const first = readings
            .slice(0, 30)
            .concat(
              base.generatorHealth
                .slice(30)
                .map((reading) => ({ ...reading }) as unknown as Record<string, number>),
            );
          const part = judge({
            ...base,
            generatorHealth: first as unknown as GeneratorHealthRecord[],
          }).verdict;
          const whole = judge({
            ...base,
            generatorHealth: readings as unknown as GeneratorHealthRecord[],
          }).verdict;
          if (whole === "PASS") assert.equal(part, "PASS");
        },
      ),
      { numRuns: 60 },
    );
  });
});
