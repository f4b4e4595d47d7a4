import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareStatedRate, computeDemand, type DemandInput } from "../../../src/plan/index.ts";

/** The guide's own arithmetic: a mean, without a peak. */
const guide = { dau: 100_000, peakToAverage: 1 } as const;

/** The figures of "…: 1.44 to 1.8 instead of 1". */
function rangesOf(alternatives: readonly string[]): Map<string, [number, number]> {
  const ranges = alternatives.flatMap((text): [string, [number, number]][] => {
    const found = /^(.+): ([\d.,]+)(?: to ([\d.,]+))?(?: h)? instead of/u.exec(text);
    if (found === null) return [];
    const [, name = "", low = "", high = low] = found;
    return [[name, [toNumber(low), toNumber(high)]]];
  });
  return new Map(ranges);
}

function toNumber(text: string): number {
  return Number(text.replaceAll(",", ""));
}

suite("compareStatedRate", () => {
  test("the guide's 400 to 500 requests/s do not follow from its users", () => {
    const finding = compareStatedRate(computeDemand(guide), [400, 500]);
    assert.equal(finding.severity, "problem");
    assert.match(finding.message, /400 to 500 requests\/s are stated; 278 follow/u);
    assert.match(finding.message, /1\.44 to 1\.8 times the peak/u);
    assert.deepEqual(finding.alternatives, [
      "plan for 278 requests/s",
      "peak over average: 1.44 to 1.8 instead of 1",
      "requests per user and day: 57.6 to 72 instead of 40",
      "peak window: 2.22 to 2.78 h instead of 4",
      "daily users: 144,000 to 180,000 instead of 100,000",
    ]);
  });

  test("each alternative alone gives the stated rate", () => {
    const stated = [400, 500] as const;
    const { alternatives } = compareStatedRate(computeDemand(guide), stated);
    const ranges = rangesOf(alternatives);
    const names: [string, keyof DemandInput, boolean][] = [
      ["peak over average", "peakToAverage", false],
      ["requests per user and day", "requestsPerUserPerDay", false],
      ["peak window", "peakWindowHours", true],
      ["daily users", "dau", false],
    ];
    for (const [meaning, name, isInverse] of names) {
      const ends = ranges.get(meaning);
      assert.ok(ends, meaning);
      const rates = ends.map((value) => computeDemand({ ...guide, [name]: value }).ratePerSecond);
      const [low, high] = isInverse ? rates.toReversed() : rates;
      assert.ok(Math.abs(low! / stated[0] - 1) < 0.005, `${meaning}: ${low}`);
      assert.ok(Math.abs(high! / stated[1] - 1) < 0.005, `${meaning}: ${high}`);
    }
  });

  test("agrees with a peak that is given", () => {
    const demand = computeDemand({ dau: 100_000, peakToAverage: 1.6 });
    assert.equal(compareStatedRate(demand, [400, 500]).severity, "info");
    assert.equal(compareStatedRate(demand, [444, 444]).severity, "info");
  });

  test("names the factor that nobody has given", () => {
    const finding = compareStatedRate(computeDemand({ dau: 100_000 }), [400, 500]);
    assert.equal(finding.severity, "warning");
    assert.match(finding.message, /a factor of 1\.44 to 1\.8 that nobody has given/u);
  });

  test("takes 10 % as the same, and not more", () => {
    const demand = computeDemand({ dau: 36_000, peakToAverage: 1 }); // 100 requests/s
    const severity = (rate: number): string => compareStatedRate(demand, [rate, rate]).severity;
    assert.deepEqual([89, 91, 109, 111].map(severity), ["problem", "info", "info", "problem"]);
  });

  test("a lower rate is not explained by a peak below the mean, or a window longer than a day", () => {
    const { alternatives } = compareStatedRate(computeDemand(guide), [20, 20]);
    assert.deepEqual(
      [...rangesOf(alternatives).keys()],
      ["requests per user and day", "daily users"],
    );
  });

  test("refuses what is no range", () => {
    for (const range of [
      [500, 400],
      [0, 10],
      [NaN, NaN],
      [1, Infinity],
    ] as const) {
      assert.throws(() => compareStatedRate(computeDemand(guide), range), {
        code: "PLAN_DEMAND_INVALID",
      });
    }
  });
});
