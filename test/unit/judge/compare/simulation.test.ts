/**
 * Comparisons of simulated runs, of which the truth is known: how often a regression is reported that is none, how often
 * one that is, and how often intervals hold the truth. Seeded, so each share is a fixed number; its bounds leave room for
 * what repetitions as few as these show of the true one.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareRuns, defaultCompareSettings } from "../../../../src/judge/index.ts";
import type { Comparison, CompareSettings } from "../../../../src/judge/index.ts";
import { seededRandom, simulatedRun, type Truth } from "../../../support/figures.ts";

/** Runs that differ by 3.6 % (all endpoints together 3 %), as on a decent machine. */
const noisy: Truth = { runNoise: 0.03, ownNoise: 0.02, windowNoise: 0.05, endpoints: 5 };
/** No limit and no floor: any difference that is real is one too many. */
const strict: Partial<CompareSettings> = { limitShare: 1e-4, latencyFloorMs: 0 };

interface Trials {
  readonly runs: readonly [base: number, fresh: number];
  readonly base: Truth;
  readonly fresh?: Truth;
  readonly settings?: Partial<CompareSettings>;
  readonly repeats?: number;
}

function trials({ runs, base, fresh = base, settings, repeats = 300 }: Trials): Comparison[] {
  const random = seededRandom(20_261_127);
  return Array.from({ length: repeats }, () =>
    compareRuns(
      Array.from({ length: runs[0] }, (_, run) => simulatedRun(`base-${run}`, base, random)),
      Array.from({ length: runs[1] }, (_, run) => simulatedRun(`new-${run}`, fresh, random)),
      { ...defaultCompareSettings, ...settings },
    ),
  );
}

function shareOf(comparisons: readonly Comparison[], verdict: Comparison["verdict"]): number {
  return comparisons.filter((each) => each.verdict === verdict).length / comparisons.length;
}

/** Of the true change of p95 of the run as a whole. */
function coverage(comparisons: readonly Comparison[], truth: number): number {
  const inside = comparisons.filter(({ rows }) => {
    const { low, high } = rows.find(({ measure }) => measure === "p95")!.change!;
    return low! <= truth && truth <= high!;
  });
  return inside.length / comparisons.length;
}

function isAtMost(actual: number, bound: number, what: string): void {
  assert.ok(actual <= bound, `${what}: ${actual}, expected at most ${bound}`);
}

function isAtLeast(actual: number, bound: number, what: string): void {
  assert.ok(actual >= bound, `${what}: ${actual}, expected at least ${bound}`);
}

// 5 % and 2.3 standard errors of 300 repetitions.
const fivePercent = 0.079;

describe("runs of one build", () => {
  for (const runs of [3, 4, 5] as const) {
    it(`are told apart in at most 5 % of comparisons of ${runs} v ${runs}, all rows together`, () => {
      const alike = trials({ runs: [runs, runs], base: noisy, settings: strict });
      isAtMost(shareOf(alike, "FAIL"), fivePercent, "without a limit");
      isAtMost(shareOf(trials({ runs: [runs, runs], base: noisy }), "FAIL"), 0.02, "with one");
      isAtLeast(coverage(alike, 0), 0.86, "coverage of 90 % limits");
    });
  }

  for (const runs of [
    [2, 2],
    [1, 3],
    [5, 1],
  ] as const) {
    it(`are told apart in at most 5 % of comparisons of ${runs.join(" v ")}`, () => {
      const alike = trials({ runs, base: noisy, settings: strict });
      isAtMost(shareOf(alike, "FAIL"), fivePercent, "without a limit");
      isAtLeast(coverage(alike, 0), 0.86, "coverage of 90 % limits");
    });
  }

  for (const likeness of [0, 0.3, 0.6]) {
    for (const windows of [6, 12, 60]) {
      it(`are told apart in at most 5 % of pairs with ${windows} windows alike by ${likeness}, if they vary within themselves only`, () => {
        const base: Truth = { windowNoise: 0.08, likeness, windows, endpoints: 5 };
        const pairs = trials({ runs: [1, 1], base });
        isAtMost(shareOf(pairs, "FAIL"), fivePercent, "with the usual limit");
        // Six windows that are very much alike cannot show how much they are.
        if (windows > 6 || likeness < 0.6)
          isAtMost(
            shareOf(trials({ runs: [1, 1], base, settings: strict }), "FAIL"),
            fivePercent,
            "without a limit",
          );
        isAtLeast(coverage(pairs, 0), 0.86, "coverage of 90 % limits");
      });
    }
  }

  it("are shown to be the same when there is little noise and nothing fails", () => {
    const calm: Truth = { ...noisy, runNoise: 0.01, ownNoise: 0.01 };
    isAtLeast(shareOf(trials({ runs: [3, 3], base: calm }), "PASS"), 0.99, "PASS");
  });
});

describe("a build that is slower", () => {
  const slower = (percent: number): Truth => ({ ...noisy, p95Ms: 100 + percent });

  it("by 20 % is found in nearly all comparisons of three runs a side", () => {
    const found = trials({ runs: [3, 3], base: noisy, fresh: slower(20) });
    isAtLeast(shareOf(found, "FAIL"), 0.9, "FAIL");
    assert.equal(shareOf(found, "PASS"), 0);
    isAtLeast(coverage(found, 0.2), 0.86, "coverage of 90 % limits");
  });

  it("by 10 % is found where 5 % are allowed, by four runs a side in most comparisons", () => {
    const settings = { limitShare: 0.05, latencyFloorMs: 2 };
    const found = trials({ runs: [4, 4], base: noisy, fresh: slower(10), settings });
    isAtLeast(shareOf(found, "FAIL"), 0.5, "FAIL");
    isAtMost(shareOf(found, "PASS"), 0.02, "PASS");
    const all = trials({ runs: [4, 4], base: noisy, fresh: slower(10), settings: strict });
    isAtLeast(shareOf(all, "FAIL"), 0.8, "FAIL without a limit");
  });

  it("by as much as is allowed is reported as worse in at most 5 %, and never passes for the same", () => {
    const atLimit = trials({ runs: [4, 4], base: noisy, fresh: slower(10) });
    // A row each at 5 %: six rows of p95 are at the limit here, and one report is enough.
    isAtMost(shareOf(atLimit, "PASS"), 0.079, "PASS");
    const ofWhole = atLimit.filter(
      ({ rows }) => rows.find(({ measure }) => measure === "p95")!.status === "worse",
    );
    isAtMost(ofWhole.length / atLimit.length, fivePercent, "the whole run worse");
  });

  it("by 20 % is found in most pairs of runs of a minute, if they vary within themselves only", () => {
    const base: Truth = { windowNoise: 0.08, likeness: 0.3, windows: 12, endpoints: 5 };
    const found = trials({ runs: [1, 1], base, fresh: { ...base, p95Ms: 120 } });
    isAtLeast(shareOf(found, "FAIL"), 0.8, "FAIL");
    isAtMost(shareOf(found, "PASS"), 0.01, "PASS");
  });

  it("in one endpoint of five is found there", () => {
    const found = trials({ runs: [4, 4], base: noisy, fresh: { ...noisy, slower: { 3: 1.3 } } });
    const named = found.filter(({ rows }) => {
      const worse = rows.filter(({ isGated, status }) => isGated && status === "worse");
      return worse.some(({ endpoint }) => endpoint?.name === "/e3");
    });
    isAtLeast(named.length / found.length, 0.9, "the endpoint named");
  });
});

describe("a build that fails more often", () => {
  it("is found, and one that does not is not", () => {
    const base: Truth = { ...noisy, errorShare: 0.001 };
    const found = trials({ runs: [3, 3], base, fresh: { ...base, errorShare: 0.005 } });
    isAtLeast(shareOf(found, "FAIL"), 0.9, "five times the failures");
    isAtMost(shareOf(trials({ runs: [3, 3], base }), "FAIL"), fivePercent, "the same");
  });
});
