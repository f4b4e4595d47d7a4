import assert from "node:assert/strict";
import { test } from "node:test";
import { renderSummary } from "../../../src/report/index.ts";
import { readGolden } from "./golden.ts";
import { fromExport, type SummaryExport } from "./k6-export.ts";

const usual = ["avg", "min", "med", "max", "p(90)", "p(95)"];

/** Runs of k6 2.2.0: its export, and the text that it printed of the same run. */
const recorded = [
  { name: "empty" },
  { name: "everything" },
  { name: "submetrics" },
  { name: "notation", trendStats: ["avg", "p(90)"] },
  { name: "few", trendStats: ["avg", "count"] },
  { name: "time-unit", trendStats: ["avg", "p(99.99)", "count"], timeUnit: "ms" },
  { name: "colours", colours: true },
];

for (const { name, trendStats = usual, timeUnit = "", colours = false } of recorded) {
  test(`prints what k6 printed: ${name}`, () => {
    const exported = JSON.parse(readGolden(`k6/${name}.json`)) as SummaryExport;
    const { data, thresholds } = fromExport(exported, { trendStats, timeUnit });
    const text = renderSummary(data, { thresholds, colours });
    assert.equal(text, readGolden(`k6/${name}.txt`));
  });
}
