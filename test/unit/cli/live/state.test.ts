import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveState } from "../../../../src/cli/live/state.ts";
import type { RunDetail, RunTick } from "../../../../src/run/index.ts";
import { healthyInterval, healthyReading } from "../../../support/record.ts";

type Scenario = RunDetail["scenarios"][number];

const clockBound: Scenario = {
  name: "browse",
  state: "running",
  reached: 0.1,
  startsAtMs: 0,
  endsAtMs: 60_000,
  activeVus: 2,
  vus: 10,
  iterationsEnded: 0,
  iterationsTotal: undefined,
  iterationsDropped: 0,
  plannedIterationsPerSecond: 10,
};

interface Second {
  readonly requests?: number;
  readonly scenarios?: readonly Scenario[];
  readonly detail?: Partial<RunDetail>;
  readonly loopUtilization?: number;
  readonly durationMs?: number;
}

/** What is shown after these seconds of a run. */
function shownAfter(seconds: readonly Second[]): ReturnType<LiveState["add"]> {
  const state = new LiveState();
  let shown: ReturnType<LiveState["add"]> | undefined;
  const intervals: RunDetail["generator"]["intervals"][number][] = [];
  const generatorHealth: RunDetail["generator"]["generatorHealth"][number][] = [];
  let atMs = 0;
  for (const second of seconds) {
    const { durationMs = 1_000, requests = 10, loopUtilization = 0.2 } = second;
    const interval = healthyInterval({ atMs, durationMs, requests, p95Ms: 12, p99Ms: 30 });
    intervals.push(interval);
    generatorHealth.push(healthyReading({ atMs, loopUtilization }));
    atMs += durationMs;
    const detail: RunDetail = {
      phase: "steady",
      planned: { vus: 10, iterationsPerSecond: 10, requestsPerSecond: 20 },
      scenarios: second.scenarios ?? [clockBound],
      latencyLimit: undefined,
      errorLimit: undefined,
      errorKinds: [],
      steadyFromMs: 0,
      generator: {
        runner: "embedded",
        objectives: null,
        scenarios: [{ executor: "constant-vus" }],
        environment: { cpuCount: 4 },
        intervals: [...intervals],
        generatorHealth: [...generatorHealth],
      },
      ...second.detail,
    };
    const tick: RunTick = {
      elapsedMs: atMs,
      plannedMs: 60_000,
      interval,
      counts: {
        iterationsDue: 10 * intervals.length,
        iterationsStarted: 9 * intervals.length,
        iterationsCompleted: 9 * intervals.length,
        iterationsInterrupted: 0,
        iterationsDropped: intervals.length,
        iterationsFailed: 0,
        activeVus: 2,
        initializedVus: 10,
        usedVus: 10,
      },
      failedShare: 0,
      detail: () => detail,
    };
    shown = state.add(tick);
  }
  return shown!;
}

const times = (count: number, of: (second: number) => Second = () => ({})): Second[] =>
  Array.from({ length: count }, (_, second) => of(second));

test("rates are means over the last five seconds", () => {
  const shown = shownAfter(times(20, (second) => ({ requests: second < 15 ? 1_000 : 50 })));
  assert.equal(shown.requestsPerSecond, 50);
  assert.equal(shown.iterations.perSecond, 9);
  assert.equal(shownAfter(times(1)).requestsPerSecond, 10, "of the first second alone");
});

test("the curves have a value a second, and none of the short tick at the end", () => {
  const shown = shownAfter([...times(3), { durationMs: 20, requests: 5 }]);
  assert.deepEqual(
    shown.seconds.map(({ requestsPerSecond }) => requestsPerSecond),
    [10, 10, 10],
  );
});

test("however long a run, no more seconds are kept than a terminal can show", () => {
  assert.equal(shownAfter(times(700)).seconds.length, 600);
});

test("what is left is the clock's where the clock ends the run", () => {
  const { plannedMs, leftMs } = shownAfter(times(20));
  assert.deepEqual([plannedMs, leftMs], [60_000, 40_000]);
});

test("what is left is guessed by the pace where iterations end a scenario", () => {
  const counted = (second: number): Scenario => ({
    ...clockBound,
    iterationsEnded: 4 * (second + 1),
    iterationsTotal: 200,
    endsAtMs: 600_000,
  });
  const shown = shownAfter(times(10, (second) => ({ scenarios: [counted(second)] })));
  // 160 of 200 are to come, four a second.
  assert.deepEqual([shown.plannedMs, shown.leftMs], [undefined, 40_000]);
  const still = { ...counted(0), iterationsEnded: 0 };
  assert.equal(shownAfter(times(10, () => ({ scenarios: [still] }))).leftMs, undefined);
});

test("what is due is shown only when everything that starts is due by the clock", () => {
  assert.equal(shownAfter(times(3)).iterations.due, 30);
  const looping = { ...clockBound, plannedIterationsPerSecond: undefined };
  const { due, plannedPerSecond } = shownAfter(
    times(3, () => ({ scenarios: [clockBound, looping] })),
  ).iterations;
  assert.deepEqual([due, plannedPerSecond], [undefined, undefined]);
});

test("shows the 99th percentile when that is what there is an objective for", () => {
  const detail = { latencyLimit: { share: 0.99, limitMs: 500 } };
  const shown = shownAfter(times(2, () => ({ detail })));
  assert.deepEqual(
    [shown.latencyName, shown.latencyLimitMs, shown.seconds.at(-1)?.latencyMs],
    ["p99", 500, 30],
  );
});

test("the generator is not judged before one bad second can be told from a bad run", () => {
  const busy = (): Second => ({ loopUtilization: 0.99 });
  assert.equal(shownAfter(times(3, busy)).generator.status, "starting");
  const { status, text } = shownAfter(times(6, busy)).generator;
  assert.equal(status, "saturated");
  assert.match(text, /event-loop utilisation/u);
});

test("a generator that is well shows its figures", () => {
  const { status, text } = shownAfter(times(12)).generator;
  assert.equal(status, "healthy");
  assert.match(text, /^loop 20 %, CPU [\d.]+ of 4 cores/u);
});

test("saturation in the steady state stays in sight when the generator has recovered", () => {
  const recovered = (second: number): Second => ({ loopUtilization: second < 10 ? 0.99 : 0.2 });
  assert.equal(shownAfter(times(30, recovered)).generator.status, "saturated");
  const inRamp = times(30, (second) => ({
    ...recovered(second),
    detail: { steadyFromMs: 12_000 },
  }));
  assert.equal(shownAfter(inRamp).generator.status, "healthy");
});
