import assert from "node:assert/strict";
import { test } from "node:test";
import { type GeneratorNow, GeneratorWatch, judge } from "../../../src/judge/index.ts";
import type { GeneratorHealthRecord } from "../../../src/record/index.ts";
import { healthyReadings, healthyRecord } from "../../support/record.ts";

type Change = (second: number) => Partial<GeneratorHealthRecord>;

const record = (change: Change) => healthyRecord({ generatorHealth: healthyReadings(change) });

/** What a watch says so many seconds into the steady state. */
function conditionAfter(seconds: number, change: Change): GeneratorNow | undefined {
  const run = record(change);
  const steadyFromMs = run.steadyState.fromMs;
  const elapsedMs = steadyFromMs + seconds * 1_000;
  const isPast = ({ atMs }: { readonly atMs: number }): boolean => atMs < elapsedMs;
  const seen = {
    ...run,
    intervals: run.intervals.filter(isPast),
    generatorHealth: run.generatorHealth.filter(isPast),
  };
  return new GeneratorWatch().look(seen, { elapsedMs, steadyFromMs });
}

const busyIf = (isBusy: boolean): Partial<GeneratorHealthRecord> => ({
  loopUtilization: isBusy ? 0.99 : 0.2,
});

test("of the steady state it says what the verdict says", () => {
  for (const change of [
    () => ({}),
    () => ({ startLagP99Ms: 7 }),
    () => ({ loopUtilization: 0.95 }),
    (second: number) => ({ gcShare: second > 20 ? 0.3 : 0 }),
  ]) {
    const run = record(change);
    const { fromMs, toMs } = run.steadyState;
    const now = new GeneratorWatch().look(run, { elapsedMs: toMs, steadyFromMs: fromMs })!;
    const { status, figures, sentence } = judge(run).generator;
    assert.deepEqual([now.status, now.figures, now.sentence], [status, figures, sentence]);
    assert.equal(now.over, "the steady state so far");
    assert.ok(sentence.endsWith(now.reason));
  }
});

test("one bad second cannot be told from a bad run before five have been seen", () => {
  const run = record(() => ({}));
  const generatorHealth = run.generatorHealth.map((reading) => ({ ...reading, ...busyIf(true) }));
  const at = (elapsedMs: number): GeneratorNow | undefined =>
    new GeneratorWatch().look({ ...run, generatorHealth }, { elapsedMs, steadyFromMs: 0 });
  assert.equal(at(4_000), undefined);
  assert.equal(at(5_000)?.status, "saturated");
});

test("trouble of the last seconds shows at once, however long all was well", () => {
  const late = conditionAfter(50, (second) => ({ loopDelayP99Ms: second < 48 ? 1 : 90 }));
  assert.deepEqual([late?.status, late?.over], ["saturated", "the last 10 s"]);
});

test("trouble in the steady state stays in sight when it is over", () => {
  const early = conditionAfter(50, (second) => busyIf(second < 20));
  assert.deepEqual([early?.status, early?.over], ["saturated", "the steady state so far"]);
});

test("trouble in the ramp does not", () => {
  const run = record((second) => busyIf(second < 20));
  const steadyFromMs = run.steadyState.fromMs + 25_000;
  const now = new GeneratorWatch().look(run, { elapsedMs: steadyFromMs + 30_000, steadyFromMs });
  assert.equal(now?.status, "healthy");
});

test("of a long run it is judged every ten seconds", () => {
  const watch = new GeneratorWatch();
  const late = 2_000_000;
  const at = (elapsedMs: number, run = record(() => ({}))): string | undefined =>
    watch.look(run, { elapsedMs, steadyFromMs: 0 })?.status;
  assert.equal(at(late), "healthy");
  const busy = record(() => busyIf(true));
  assert.equal(at(late + 9_000, busy), "healthy", "not looked at");
  assert.equal(at(late + 10_000, busy), "saturated");
});
