/**
 * The samples of a real k6 run (fixtures/k6-run.js), played through store, drains and aggregate, must give the summary
 * that k6 gave: same metrics, same verdict of every threshold, same tree of checks, values within the stated error.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  compileThresholds,
  createTagInterner,
  evaluateThresholds,
  type Metric,
  MetricAggregate,
  MetricRegistry,
  quantileErrorShare,
  SampleStore,
  type SummaryData,
  toSummaryData,
  withTags,
} from "../../../src/metrics/index.ts";

interface RecordedRun {
  readonly thresholds: Record<string, string[]>;
  readonly metrics: readonly Metric[];
  readonly points: readonly (readonly [
    metric: string,
    value: number,
    tags: Record<string, string>,
  ])[];
  readonly summary: SummaryData;
}

const fixture = new URL("../../../../test/unit/metrics/fixtures/k6-run.json", import.meta.url);
const recorded = JSON.parse(readFileSync(fixture, "utf8")) as RecordedRun;

/** Plays the run through one store that is drained after every `drainEvery` samples. */
function replay(drainEvery: number): SummaryData {
  const registry = new MetricRegistry();
  for (const { name, type, contains } of recorded.metrics) registry.define(name, type, contains);
  const [store, root, aggregate] = [
    new SampleStore(registry),
    createTagInterner(),
    new MetricAggregate(registry),
  ];
  for (const [index, [name, value, tags]] of recorded.points.entries()) {
    store.series(registry.get(name)!, withTags(root, tags)).add(value);
    if (index % drainEvery === 0) aggregate.merge(store.drain(), 0);
  }
  aggregate.merge(store.drain(), 0);
  const { options, state, setup_data: setupData } = recorded.summary;
  const thresholds = compileThresholds(recorded.thresholds, registry);
  const moment = { elapsedMs: state.testRunDurationMs, final: true };
  return toSummaryData({
    aggregate,
    thresholds,
    results: evaluateThresholds(thresholds, aggregate, moment),
    options,
    state,
    setupData,
    hash: (path) => createHash("md5").update(path).digest("hex"),
  });
}

for (const drainEvery of [1, 17, 1_000]) {
  test(`summarizes a recorded run as k6 did, drained every ${drainEvery} samples`, () => {
    const { metrics, ...rest } = replay(drainEvery);
    const { metrics: expectedMetrics, ...expectedRest } = recorded.summary;
    assert.deepEqual(rest, expectedRest);
    assert.deepEqual(
      Object.keys(metrics).toSorted(byText),
      Object.keys(expectedMetrics).toSorted(byText),
    );
    for (const [name, { values, ...metric }] of Object.entries(metrics)) {
      const { values: expectedValues, ...expected } = expectedMetrics[name]!;
      assert.deepEqual(metric, expected, name);
      assertValuesClose(values, expectedValues, name);
    }
  });
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function assertValuesClose(
  values: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
  name: string,
): void {
  assert.deepEqual(Object.keys(values).toSorted(byText), Object.keys(expected).toSorted(byText));
  for (const [key, value] of Object.entries(values)) {
    const allowed = quantileErrorShare * Math.abs(expected[key]!);
    assert.ok(
      Math.abs(value - expected[key]!) <= allowed,
      `${name} ${key}: ${value} for ${expected[key]}`,
    );
  }
}
