import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { RunRecord } from "../../../src/record/index.ts";
import { renderReport } from "../../../src/report/index.ts";
import { cellWidth } from "../../../src/report/layout.ts";
import { assertGolden } from "./golden.ts";
import { failing, record } from "./samples.ts";

const plain = { colours: false, columns: 120 };

for (const columns of [60, 120]) {
  test(`a run with its verdict at ${columns} columns`, () => {
    assertGolden(
      `report-${columns}.txt`,
      renderReport(record, failing, { colours: false, columns }),
    );
  });
}

test("the endpoints' table fits a narrow terminal and keeps p95, p99 and failures", () => {
  const text = renderReport(record, undefined, { colours: false, columns: 60 });
  const table = text.split("\n\n").find((block) => block.startsWith("Endpoints"))!;
  for (const line of table.split("\n")) assert.ok(cellWidth(line) <= 60, line);
  assert.match(table, /p95\s+p99\s+failed/u);
});

test("of thousands of endpoints those are shown that fail or get most requests", () => {
  const [like] = record.endpoints;
  const endpoints = Array.from({ length: 5_000 }, (_, index) => ({
    ...like!,
    name: `/items/${index}`,
    requests: index,
    failed: index === 3 ? 2 : 0,
  }));
  const text = renderReport({ ...record, endpoints }, undefined, { ...plain, columns: 120 });
  const shown = [...text.matchAll(/\/items\/(\d+)/gu)].map((match) => Number(match[1]));
  assert.deepEqual([shown.length, shown[0], shown[1], shown.at(-1)], [50, 3, 4_951, 4_999]);
  assert.match(text, /and 4,950 more, .*: lakh report \S+ --format json/u);
});

test("without a verdict there is no scorecard", () => {
  const text = renderReport(record, undefined, plain);
  assert.ok(!text.includes("Required") && !text.includes("Generator"));
});

test("colours add escape codes and nothing else", () => {
  const coloured = renderReport(record, failing, { ...plain, colours: true });
  assert.equal(stripVTControlCharacters(coloured), renderReport(record, failing, plain));
});

test("a run in which nothing happened is shown without a number that is none", () => {
  const nothing: RunRecord = {
    ...record,
    durationMs: 0,
    metrics: [],
    thresholds: [],
    endpoints: [],
    exceptions: [],
    scenarios: [],
    plan: null,
    options: {},
  };
  const text = renderReport(nothing, undefined, plain);
  assert.match(text, /duration +0s/u);
  assert.doesNotMatch(text, /NaN|Infinity|undefined|\n\n\n/u);
});

test("figures that are not finite show as a dash", () => {
  const broken: RunRecord = {
    ...record,
    durationMs: Number.NaN,
    steadyState: { fromMs: 0, toMs: 0, rule: "none" },
    metrics: record.metrics.map((metric) => ({
      ...metric,
      values: Object.fromEntries(Object.keys(metric.values).map((key) => [key, Number.NaN])),
    })),
    thresholds: [{ ...record.thresholds[0]!, actual: Number.POSITIVE_INFINITY }],
    endpoints: [
      { ...record.endpoints[0]!, requests: 0, avgMs: Number.NaN, maxMs: Number.POSITIVE_INFINITY },
    ],
  };
  assert.doesNotMatch(renderReport(broken, failing, plain), /NaN|Infinity/u);
});
