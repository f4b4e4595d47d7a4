/**
 * Full mode: the samples of real k6 runs (`--out json`), played through store and aggregate, must give the sections that
 * k6 printed of the same run. Statistics of trends are masked: they come from histograms, and are compared elsewhere.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compileThresholds,
  createTagInterner,
  evaluateThresholds,
  type Metric,
  MetricAggregate,
  MetricRegistry,
  parseTrendStat,
  SampleStore,
  toSummaryData,
  toSummaryDetails,
  withTags,
} from "../../../src/metrics/index.ts";
import { renderSummary } from "../../../src/report/index.ts";
import { readGolden } from "./golden.ts";

interface RecordedRun {
  readonly durationMs: number;
  readonly thresholds: Record<string, string[]>;
  readonly metrics: readonly Metric[];
  readonly points: readonly (readonly [string, number, Record<string, string>])[];
}

const summaryTrendStats = ["avg", "min", "med", "max", "p(90)", "p(95)"];

function replay(run: RecordedRun): string {
  const registry = new MetricRegistry();
  for (const { name, type, contains } of run.metrics) registry.define(name, type, contains);
  const store = new SampleStore(registry);
  const tagSets = createTagInterner();
  for (const [name, value, tags] of run.points)
    store.series(registry.get(name)!, withTags(tagSets, tags)).add(value);
  const aggregate = new MetricAggregate(registry);
  aggregate.merge(store.drain(), 0);
  const thresholds = compileThresholds(run.thresholds, registry);
  const { durationMs } = run;
  const results = evaluateThresholds(thresholds, aggregate, { elapsedMs: durationMs, final: true });
  const data = toSummaryData({
    aggregate,
    thresholds,
    results,
    options: { summaryTrendStats, summaryTimeUnit: "", noColor: false },
    state: { isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: durationMs },
    setupData: undefined,
    hash: (path) => path,
  });
  const details = toSummaryDetails(aggregate, {
    durationMs,
    trendStats: summaryTrendStats.map(parseTrendStat),
    withSections: true,
  });
  return renderSummary(data, { thresholds: results, colours: false, mode: "full", details });
}

function masked(text: string): string {
  return text.replace(/(avg|min|med|max|p\(\d+\))=[\d.]+(?:ns|µs|ms|s)? *(?= |$)/gmu, "$1=…");
}

for (const name of ["full-scenarios", "full-default", "full-mixed"]) {
  test(`prints the sections that k6 printed: ${name}`, () => {
    const run = JSON.parse(readGolden(`k6/${name}.json`)) as RecordedRun;
    assert.equal(masked(replay(run)), masked(readGolden(`k6/${name}.txt`)));
  });
}
