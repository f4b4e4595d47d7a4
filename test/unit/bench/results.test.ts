import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  alignedTable,
  compareWithBaseline,
  ratioOf,
  ratiosOf,
  type Result,
  resultTable,
  toResult,
} from "../../../bench/results.ts";

function result(requestsPerCpuSecond: number, peakRssMb: number): Result {
  const none = { p50Ms: undefined, p95Ms: undefined, p99Ms: undefined };
  return toResult(
    {
      requests: requestsPerCpuSecond * 4,
      seconds: 5,
      cpuSeconds: 4,
      targetCpuSeconds: 1,
      otherCpuSeconds: 0.5,
      idleCpuSeconds: 4.5,
      rssMb: peakRssMb,
      rssGrowthMb: 0,
      peakRssMb,
      firstRequestMs: 100,
      probe: { p50Ms: 0.1, p95Ms: 0.2, p99Ms: 0.3 },
      stdout: "",
    },
    { reported: none, truth: undefined, schedule: undefined, sharesTargetCore: false },
  );
}

const results = new Map([
  ["lakh", [result(40_000, 100), result(30_000, 120), result(44_000, 110)]],
  ["k6", [result(10_000, 200), result(10_000, 400), result(11_000, 220)]],
]);

describe("bench results", () => {
  it("takes the median of the ratios of the same rounds, not a ratio of medians", () => {
    assert.equal(ratioOf(results, "requestsPerCpuSecond", "lakh", "k6"), 4); // of 4, 3, 4
    assert.equal(ratioOf(results, "peakRssMb", "lakh", "k6"), 0.5); // of 0.5, 0.3, 0.5
    assert.equal(ratioOf(results, "ratePerSecond", "lakh", "wrk"), undefined);
    assert.deepEqual(ratiosOf(results), { k6: { requestsPerCpuSecond: 4, peakRss: 0.5 } });
  });

  it("takes the probe for the truth where the target does not tell it", () => {
    assert.equal(result(1, 1).truth.p95Ms, 0.2);
  });

  it("calls a ratio a regression when it is more than 10 % worse, in either direction's sense", () => {
    const baseline = { get: { k6: { requestsPerCpuSecond: 4, peakRss: 0.5 } } };
    const flagged = (requestsPerCpuSecond: number, peakRss: number): string[] =>
      compareWithBaseline(baseline, { get: { k6: { requestsPerCpuSecond, peakRss } } })
        .filter((comparison) => comparison.isRegression)
        .map((comparison) => comparison.what);
    assert.deepEqual(flagged(4, 0.5), []);
    assert.deepEqual(flagged(3.61, 0.549), []);
    assert.deepEqual(flagged(3.59, 0.5), ["requestsPerCpuSecond"]);
    assert.deepEqual(flagged(4, 0.56), ["peakRss"]);
    assert.deepEqual(flagged(9, 0.1), []);
  });

  it("compares only what the baseline knows", () => {
    const now = { post: { k6: { requestsPerCpuSecond: 1, peakRss: 1 } } };
    assert.deepEqual(compareWithBaseline({ get: {} }, now), []);
  });

  it("shows a line a tool with its unit in the head, and a dash for what a tool does not tell", () => {
    const [head, lakh, k6] = resultTable(results).split("\n");
    assert.match(head!, /requests\/CPU-s .* peak RSS, MB/u);
    assert.match(lakh!, /^lakh +40000 .* - \/ - \/ - +0\.10 \/ 0\.20 \/ 0\.30$/u);
    assert.match(k6!, /^k6 +10000 +4\.00 x /u);
  });

  it("aligns columns", () => {
    assert.equal(
      alignedTable([
        ["", "a"],
        ["long", "22"],
      ]),
      "       a\nlong  22",
    );
  });
});
