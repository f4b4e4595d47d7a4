import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  compareRuns,
  defaultCompareSettings,
  exitCodeFor,
  figuresOf,
  incomparable,
} from "../../../../src/judge/index.ts";
import type { Comparison, ComparisonRow, CompareSettings } from "../../../../src/judge/index.ts";
import type { RunFigures, RunRecord } from "../../../../src/record/index.ts";
import { seededRandom, simulatedRun, type Truth } from "../../../support/figures.ts";
import { healthyRecord } from "../../../support/record.ts";

const random = seededRandom(42);
const calm: Truth = { runNoise: 0.01, ownNoise: 0.005, windowNoise: 0.02, endpoints: 2 };

function side(prefix: string, count: number, truth: Truth = calm): RunFigures[] {
  return Array.from({ length: count }, (_, run) => simulatedRun(`${prefix}-${run}`, truth, random));
}

function compared(
  base: readonly RunFigures[],
  fresh: readonly RunFigures[],
  settings: Partial<CompareSettings> = {},
): Comparison {
  return compareRuns(base, fresh, { ...defaultCompareSettings, ...settings });
}

function onlyFirst(run: RunFigures): RunFigures {
  return { ...run, endpoints: run.endpoints.slice(0, 1) };
}

function rowOf({ rows }: Comparison, measure: ComparisonRow["measure"], name?: string) {
  return rows.find((row) => row.measure === measure && row.endpoint?.name === name)!;
}

describe("a comparison", () => {
  it("of three runs a side is an exact test, of fewer one that assumes more and says so", () => {
    const methodOf = (base: number, fresh: number, confidence = 0.95) =>
      compared(side("a", base), side("b", fresh), { confidence });
    assert.equal(methodOf(3, 3).method, "runs-exact");
    assert.equal(methodOf(3, 3, 0.99).method, "runs-student");
    assert.equal(methodOf(5, 5, 0.99).method, "runs-exact");
    assert.equal(methodOf(2, 2).method, "runs-student");
    assert.match(methodOf(2, 2).methodSentence, /cannot go below p = 0\.17/u);
    assert.equal(methodOf(1, 4).method, "runs-student");
    assert.equal(methodOf(1, 2).method, "within-run");
    assert.match(methodOf(1, 1).methodSentence, /within-run only, cannot see run-to-run noise/u);
  });

  it("says what each row changed by, in the measure's own direction", () => {
    const found = compared(side("a", 3), side("b", 3, { ...calm, p95Ms: 150, perSecond: 300 }));
    const p95 = rowOf(found, "p95");
    assert.ok(Math.abs(p95.change!.estimate - 0.5) < 0.05 && p95.change!.low! > 0.4);
    assert.deepEqual([p95.status, p95.effect, p95.probability], ["worse", 1, 0.05]);
    const rate = rowOf(found, "rate");
    assert.ok(Math.abs(rate.change!.estimate + 0.25) < 0.01 && rate.change!.high! < -0.2);
    assert.deepEqual([rate.status, rate.worse], ["worse", "less"]);
    assert.equal(found.verdict, "FAIL");
    assert.equal(exitCodeFor(found), 99);
  });

  it("says better, and passes", () => {
    const found = compared(side("a", 3), side("b", 3, { ...calm, p95Ms: 70 }));
    assert.deepEqual([found.verdict, rowOf(found, "p95").status], ["PASS", "better"]);
    assert.match(found.sentence, /^PASS: no regression: .*; better: p95 /u);
  });

  it("does not fail for what is real but smaller than the floor, and says why", () => {
    const quick = { ...calm, p95Ms: 4 };
    const found = compared(side("a", 3, quick), side("b", 3, { ...quick, p95Ms: 6 }));
    const p95 = rowOf(found, "p95");
    assert.deepEqual([found.verdict, p95.status], ["PASS", "same"]);
    assert.match(p95.explanation, /less than 5 ms does not count/u);
    const exact = compared(side("a", 3, quick), side("b", 3, { ...quick, p95Ms: 6 }), {
      latencyFloorMs: 1,
    });
    assert.equal(exact.verdict, "FAIL");
  });

  it("does not pass for want of evidence: it says how many runs it takes", () => {
    const loud = { ...calm, runNoise: 0.15 };
    const found = compared(side("a", 3, loud), side("b", 3, loud));
    const p95 = rowOf(found, "p95");
    assert.deepEqual([found.verdict, p95.status], ["INCONCLUSIVE", "unclear"]);
    assert.ok(p95.runsNeeded! > 3);
    assert.match(p95.explanation, /needs (about \d+|more than 100) runs a side/u);
    assert.equal(exitCodeFor(found), 3);
  });

  it("needs requests to say that nothing fails", () => {
    const few = { ...calm, perSecond: 4, endpoints: 0 };
    const found = compared(side("a", 3, few), side("b", 3, few));
    const errors = rowOf(found, "errors");
    assert.deepEqual([found.verdict, errors.status, errors.base], ["INCONCLUSIVE", "unclear", 0]);
    assert.match(
      errors.explanation,
      /\(up to 0\.\d+ % more\): needs about \d+ times the requests/u,
    );
    assert.equal(
      compared(side("a", 3, few), side("b", 3, few), { errorFloorShare: 0.01 }).verdict,
      "PASS",
    );
  });

  it("of one run each needs windows of time", () => {
    const [one, other] = [side("a", 1), side("b", 1)] as const;
    assert.equal(rowOf(compared(one, other), "p95").status, "same");
    const without = one.map((run) => ({ ...run, whole: { ...run.whole, blocks: null } }));
    const untold = compared(without, other);
    assert.equal(untold.verdict, "INCONCLUSIVE");
    assert.match(rowOf(untold, "p95").explanation, /windows of time were not recorded/u);
    const short = side("c", 1, { ...calm, windows: 5 });
    assert.match(rowOf(compared(short, other), "p95").explanation, /25 s long; 30 s are needed/u);
  });

  it("of one run each does not pass when the windows hide what the whole shows", () => {
    const [one, other] = [side("a", 1), side("b", 1)] as const;
    // A burst in one window: the p95 of all requests is far above that of the windows.
    const burst = other.map((run) => ({ ...run, whole: { ...run.whole, p95Ms: 400 } }));
    const found = compared(one, burst);
    assert.deepEqual([found.verdict, rowOf(found, "p95").status], ["INCONCLUSIVE", "unclear"]);
  });

  it("names endpoints that only one side has", () => {
    const base = side("a", 3);
    const fresh = side("b", 3).map((run) => ({
      ...run,
      endpoints: run.endpoints.map((each) =>
        each.name === "/e1" ? { ...each, name: "/moved" } : each,
      ),
    }));
    const found = compared(base, fresh);
    assert.equal(rowOf(found, "p95", "/e1").status, "only-base");
    assert.equal(rowOf(found, "p95", "/moved").status, "only-new");
    assert.equal(found.verdict, "INCONCLUSIVE");
    assert.match(found.sentence, /GET \/e1 of the base was not asked by the new runs/u);
    const added = compared(
      fresh.map(onlyFirst),
      base.map((run) => ({ ...run, id: `x-${run.id}` })),
    );
    assert.equal(added.verdict, "PASS");
    assert.ok(added.reasons.includes("only in the new runs: GET /e1"), added.reasons.join("; "));
  });

  it("does not pass when the answers are quick and wrong", () => {
    const fresh = side("b", 3, { ...calm, p95Ms: 20 }).map((run) => ({
      ...run,
      checks: { passed: 900, failed: 100 },
    }));
    const found = compared(side("a", 3), fresh);
    assert.equal(rowOf(found, "p95").status, "better");
    assert.equal(found.verdict, "INCONCLUSIVE");
    assert.match(
      found.sentence,
      /failed checks 0 % → 10 %: the answers are not what the script expects/u,
    );
  });

  it("fails when the load of every new run had to be taken away, and cannot tell when of some", () => {
    const overloaded = (runs: RunFigures[], count: number): RunFigures[] =>
      runs.map((run, index) => (index < count ? { ...run, overload: "nothing answered" } : run));
    const all = compared(side("a", 3), overloaded(side("b", 3), 3));
    assert.match(all.sentence, /^FAIL: a regression: the load was taken away from every new run/u);
    assert.equal(compared(side("a", 3), overloaded(side("b", 3), 1)).verdict, "INCONCLUSIVE");
  });
});

describe("runs that cannot be compared", () => {
  const base = side("a", 1);
  const other = (changes: Partial<RunFigures>): RunFigures[] =>
    side("b", 1).map((run) => ({ ...run, ...changes }));
  const scenario = base[0]!.scenarios[0]!;
  const withConfig = (config: Record<string, unknown>) =>
    other({ scenarios: [{ ...scenario, config: { ...scenario.config, ...config } }] });

  it("are those of different scripts, loads and runners", () => {
    for (const [fresh, reason, allow] of [
      [other({ script: { path: "/x.js", sha256: "ff" } }), /the scripts differ/u, "script"],
      [
        withConfig({ rate: 120 }),
        /the rate \(iterations\/s\) of scenario default is 100 against 120/u,
        "load",
      ],
      [other({ runner: "k6" }), /different runners/u, "runner"],
    ] as const) {
      const found = compared(base, fresh);
      assert.match(found.sentence, reason);
      assert.deepEqual([found.verdict, found.rows.length], ["INVALID", 0]);
      assert.equal(exitCodeFor(found), 4);
      const tolerated = compared(base, fresh, { tolerated: [allow] });
      assert.notEqual(tolerated.verdict, "INVALID");
      assert.ok(tolerated.reasons.some((each) => reason.test(each)));
    }
  });

  it("are not those whose load is written differently, or has more VUs ready", () => {
    assert.notEqual(compared(base, withConfig({ rate: 6_000, timeUnit: "1m" })).verdict, "INVALID");
    assert.notEqual(compared(base, withConfig({ preAllocatedVUs: 500 })).verdict, "INVALID");
  });

  it("are those that say nothing of their target", () => {
    const found = compared(base, other({ invalid: "the generator was the bottleneck" }));
    assert.equal(
      found.sentence,
      "INVALID: the runs cannot be compared: b-0: the generator was the bottleneck",
    );
    assert.deepEqual(incomparable([...base, ...other({ invalid: "x" })]), ["b-0: x"]);
  });

  it("are compared with a warning when the generator was another", () => {
    const environment = { ...base[0]!.environment, cpuCount: 16 };
    const found = compared(base, other({ environment, lakhVersion: "0.2.0" }));
    assert.notEqual(found.verdict, "INVALID");
    const [warning] = found.reasons.filter((each) => each.includes("different generators"));
    assert.match(
      warning!,
      /version of lakh \(0\.1\.0 and 0\.2\.0\) and number of processors \(4 and 16\)/u,
    );
  });
});

describe("the figures of a run", () => {
  it("are those of the steady state of its record", () => {
    const figures = figuresOf(healthyRecord());
    assert.deepEqual(
      [figures.whole.requests, figures.whole.failed, figures.whole.perSecond, figures.steadyMs],
      [26_640, 0, 444, 60_000],
    );
    assert.ok(Math.abs(figures.whole.p95Ms! - 57.5) < 0.2);
    assert.deepEqual(figures.checks, { passed: 26_640, failed: 0 });
    assert.deepEqual([figures.invalid, figures.overload, figures.strain], [null, null, null]);
    assert.ok(Math.abs(figures.cpuMsPerRequest! - 300 / 444) < 1e-9);
  });

  it("say why a run cannot be used", () => {
    const outcome: RunRecord["outcome"] = {
      exitCode: 105,
      reason: "interrupted",
      message: "stopped",
    };
    assert.match(figuresOf(healthyRecord({ outcome })).invalid!, /did not finish: stopped/u);
  });

  it("of an endpoint count failures that may be of one moment as one", () => {
    const endpoint = {
      name: "/a",
      method: "GET",
      requests: 1_000,
      failed: 40,
      avgMs: 1,
      p50Ms: 1,
      p90Ms: 1,
      p95Ms: 1,
      p99Ms: 1,
      maxMs: 1,
    };
    const [figures] = figuresOf(healthyRecord({ endpoints: [endpoint] })).endpoints;
    assert.equal(figures!.deff, 40);
  });
});
