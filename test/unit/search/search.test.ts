import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  addTrial,
  answerOf,
  nextTrial,
  type SearchSettings,
  type SearchState,
  startSearch,
  type TrialOutcome,
  type TrialPlan,
} from "../../../src/search/index.ts";
import { searchDefaults } from "../../support/queue-search.ts";

const settings = { ...searchDefaults, allowedShares: [0.05], latencyLimitMs: 100 };

type Reply = Partial<TrialOutcome> & { readonly slowShare?: number };

/** A trial in which this share of the requests was slow; what the judge would say of it follows. */
function outcome(plan: TrialPlan, startedAtMs: number, reply: Reply): TrialOutcome {
  const { slowShare = 0.001, ...rest } = reply;
  const requests = (plan.ratePerSecond * plan.steadyMs) / 1_000;
  const status = slowShare > 0.08 ? "FAIL" : slowShare < 0.03 ? "PASS" : "INCONCLUSIVE";
  return {
    plan,
    verdict: status,
    sentence: status,
    isGeneratorLimit: false,
    hasCollapsed: false,
    rows: [
      {
        id: "latency_p95",
        label: "p95 latency",
        status,
        count: { allowedShare: 0.05, requests, violations: slowShare * requests, deff: 1 },
      },
    ],
    achievedPerSecond: plan.ratePerSecond,
    goodPerSecond: plan.ratePerSecond,
    meanMs: 20,
    p50Ms: 18,
    p95Ms: 40,
    p99Ms: 60,
    startedAtMs,
    endedAtMs: startedAtMs + plan.warmUpMs + plan.steadyMs,
    ...rest,
  };
}

function run(
  reply: (plan: TrialPlan, index: number) => Reply,
  changes: Partial<SearchSettings> = {},
): { state: SearchState; end: string; plans: TrialPlan[] } {
  let state = startSearch({ ...settings, ...changes });
  const plans: TrialPlan[] = [];
  for (;;) {
    const next = nextTrial(state);
    if (next.kind === "done") return { state, end: next.end, plans };
    assert.ok(plans.length < 100, "the search does not end");
    const startedAtMs = state.trials.at(-1)?.endedAtMs ?? 0;
    state = addTrial(state, outcome(next.plan, startedAtMs, reply(next.plan, plans.length)));
    plans.push(next.plan);
  }
}

/** A target that gives way at 500 requests/s. */
const breaksAt =
  (limit: number) =>
  (plan: TrialPlan): Reply => ({
    slowShare: Math.min(1, 0.05 * (plan.ratePerSecond / limit) ** 40),
  });

const rates = (plans: readonly TrialPlan[]): number[] =>
  plans.map(({ ratePerSecond }) => ratePerSecond);

const invalid: Reply = {
  verdict: "INVALID",
  isGeneratorLimit: true,
  sentence: "INVALID: the generator was the bottleneck",
};

const dead: Reply = { verdict: "FAIL", hasCollapsed: true, slowShare: 1 };

describe("search", () => {
  it("doubles until a rate does not hold, narrows down, and proves a rate on either side", () => {
    const { state, end, plans } = run(breaksAt(500));
    assert.equal(end, "found");
    assert.deepEqual(rates(plans).slice(0, 7), [10, 20, 40, 80, 160, 320, 640]);
    const { sustainable, verdict, limitedBy } = answerOf(state, "found");
    assert.equal(verdict, "PASS");
    assert.equal(limitedBy?.id, "latency_p95");
    assert.ok(sustainable!.isProven);
    assert.ok(sustainable!.low <= 500 && sustainable!.high! >= 500, JSON.stringify(sustainable));
    assert.ok(Math.abs(sustainable!.requestsPerSecond / 500 - 1) < 0.05);
  });

  it("answers for daily users by the interval, not by the figure in its middle", () => {
    const { state } = run(breaksAt(500));
    const { low, high } = answerOf(state, "found").sustainable!;
    assert.equal(answerOf(state, "found", low).verdict, "PASS");
    assert.equal(answerOf(state, "found", (low + high!) / 2).verdict, "INCONCLUSIVE");
    assert.equal(answerOf(state, "found", high!).verdict, "FAIL");
  });

  it("never sends more than the largest rate, and proves that one", () => {
    const { state, end, plans } = run(breaksAt(500), { maxRatePerSecond: 100 });
    assert.equal(end, "max-rate-holds");
    assert.equal(Math.max(...rates(plans)), 100);
    const { sustainable, verdict } = answerOf(state, "max-rate-holds");
    assert.deepEqual([sustainable!.low, sustainable!.high, verdict], [100, null, "PASS"]);
  });

  it("goes down when not even the first rate holds, and gives up after two steps", () => {
    const { state, end, plans } = run(() => ({ slowShare: 1 }));
    assert.equal(end, "start-rate-too-high");
    assert.deepEqual(rates(plans), [10, 2.5, 0.625]);
    const answer = answerOf(state, "start-rate-too-high");
    assert.equal(answer.sustainable, null);
    assert.equal(answer.verdict, "FAIL");
    assert.equal(answer.limitedBy?.id, "latency_p95");
  });

  it("finds a limit below the first rate", () => {
    const { state, end } = run(breaksAt(6));
    assert.equal(end, "found");
    assert.ok(Math.abs(answerOf(state, "found").sustainable!.requestsPerSecond / 6 - 1) < 0.05);
  });

  it("makes an INVALID trial again, and lets it move nothing", () => {
    const clean = run(breaksAt(500));
    const disturbed = run(
      (plan, index) => (index === 3 || index === 8 ? invalid : breaksAt(500)(plan)),
      { maxTrials: settings.maxTrials + 2 },
    );
    assert.equal(disturbed.end, "found");
    const valid = disturbed.state.trials.filter(({ verdict }) => verdict !== "INVALID");
    assert.deepEqual(
      valid.map(({ plan }) => plan),
      clean.plans,
    );
  });

  it("ends with what was proven when the generator is at its limit: neither PASS nor FAIL", () => {
    // 4 % slow looks good, and is no proof in half a minute at 80/s; in the confirming trial it is 1 %.
    const { state, end, plans } = run((plan) => {
      if (plan.ratePerSecond > 100) return invalid;
      return { slowShare: plan.purpose === "ramp" ? 0.04 : 0.01 };
    });
    assert.equal(end, "generator-limit");
    assert.deepEqual(rates(plans), [10, 20, 40, 80, 160, 160, 160, 80]);
    assert.equal(plans.at(-1)!.purpose, "confirm-below");
    const answer = answerOf(state, "generator-limit");
    assert.equal(answer.verdict, "INVALID");
    assert.deepEqual([answer.sustainable!.low, answer.sustainable!.high], [80, null]);
    // What was held is held, whatever the generator could do beyond it; what was not tried is open.
    assert.equal(answerOf(state, "generator-limit", 80).verdict, "PASS");
    assert.equal(answerOf(state, "generator-limit", 90).verdict, "INVALID");
  });

  it("looks after a collapse whether the target came back, before anything else is sent", () => {
    const { end, plans } = run((plan) => (plan.ratePerSecond > 100 ? dead : {}));
    const after = plans.findIndex(({ ratePerSecond }) => ratePerSecond > 100) + 1;
    assert.equal(plans[after]!.purpose, "recovery");
    assert.equal(plans[after]!.ratePerSecond, 10);
    assert.equal(end, "found");
  });

  it("sends nothing more to a target that does not come back within a minute", () => {
    let isDead = false;
    const { state, end, plans } = run((plan) => {
      isDead ||= plan.ratePerSecond > 100;
      return isDead ? dead : {};
    });
    assert.equal(end, "not-recovered");
    const checks = plans.filter(({ purpose }) => purpose === "recovery");
    assert.ok(checks.length > 3 && Math.max(...rates(checks)) === 10);
    assert.equal(answerOf(state, "not-recovered").verdict, "FAIL");
  });

  it("keeps to the number of trials, recovery checks aside, and to the time", () => {
    const few = run(breaksAt(500), { maxTrials: 5 });
    assert.equal(few.end, "trials-used-up");
    assert.equal(few.plans.length, 5);
    const { verdict, sustainable } = answerOf(few.state, "trials-used-up");
    assert.equal(verdict, "INCONCLUSIVE");
    assert.equal(sustainable!.high, null);
    const brief = run(breaksAt(500), { maxDurationMs: 120_000 });
    assert.equal(brief.end, "time-used-up");
    assert.ok(brief.state.trials.at(-1)!.endedAtMs <= 120_000);
  });

  it("warms up for ten limits and judges for 34, so that an overload of 3 % can be seen", () => {
    const { plans } = run(breaksAt(500), { latencyLimitMs: 2_000 });
    assert.ok(plans.every(({ warmUpMs }) => warmUpMs === 20_000));
    assert.ok(plans.every(({ steadyMs }) => steadyMs >= 68_000));
  });

  it("gives a proof the requests that it needs", () => {
    const { plans } = run(breaksAt(20), { allowedShares: [0.05, 0.001] });
    const proofs = plans.filter(({ purpose }) => purpose === "confirm-below");
    // 1.5 times the 2,995 without which no share of errors is below 0.1 %.
    for (const { ratePerSecond, steadyMs } of proofs)
      assert.ok((ratePerSecond * steadyMs) / 1_000 >= 1.5 * 2_995 || steadyMs === 240_000);
    assert.ok(proofs.length > 0);
  });

  it("takes a pass among failures for luck", () => {
    let state = startSearch(settings);
    const add = (ratePerSecond: number, slowShare: number): void => {
      const plan = { purpose: "narrow", ratePerSecond, warmUpMs: 5_000, steadyMs: 30_000 } as const;
      state = addTrial(state, outcome(plan, state.trials.at(-1)?.endedAtMs ?? 0, { slowShare }));
    };
    for (const [rate, slow] of [
      [400, 0.01],
      [500, 0.2],
      [520, 0.02],
      [510, 0.3],
      [505, 0.25],
    ] as const)
      add(rate, slow);
    const { sustainable } = answerOf(state, "trials-used-up");
    assert.ok(sustainable!.low < 500, `${sustainable!.low}`);
    assert.ok(sustainable!.requestsPerSecond < 500);
  });

  it("asks a stricter proof of a stricter confidence", () => {
    const borderline = (confidence: number): boolean => {
      const plan = { purpose: "ramp", ratePerSecond: 20, warmUpMs: 0, steadyMs: 30_000 } as const;
      // 18 of 600 slow: below 5 % with 95 % confidence, and not with 99.9 %.
      const trial = outcome(plan, 0, { slowShare: 0.0299 });
      const state = addTrial(startSearch({ ...settings, confidence }), trial);
      return answerOf(state, "interrupted").sustainable!.isProven;
    };
    assert.equal(borderline(0.95), true);
    assert.equal(borderline(0.999), false);
  });
});
