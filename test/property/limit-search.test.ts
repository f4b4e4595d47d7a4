/**
 * The search against queues whose capacity is known otherwise: by Erlang's formula, or by a long simulation. The trials
 * are simulated, the judging and the search are the real ones. Arrivals and service times are drawn anew for each seed.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type QueueModel, trueCapacity } from "../../bench/queue.ts";
import {
  sideOf,
  answerOf,
  type SearchAnswer,
  type SearchSettings,
} from "../../src/search/index.ts";
import { erlangCapacity } from "../support/erlang.ts";
import { search, type SimulatedSearch } from "../support/queue-search.ts";
import { queueRecord } from "../support/queue-trial.ts";

interface Case {
  readonly title: string;
  readonly model: QueueModel;
  readonly limitMs: number;
  readonly settings?: Partial<SearchSettings>;
}

const seeds = Array.from({ length: 10 }, (_, index) => index + 1);
const p95 = 0.05;

const short = { trialMs: 8_000, warmUpMs: 2_000, longestTrialMs: 64_000, startRatePerSecond: 25 };

const cases: readonly Case[] = [
  {
    title: "M/M/4 at 89 % utilisation",
    model: { servers: 4, meanServiceMs: 20, service: "exponential", arrivals: "poisson" },
    limitMs: 150,
  },
  {
    title: "M/M/4 at 74 % utilisation, where the answers get slow gradually",
    model: { servers: 4, meanServiceMs: 20, service: "exponential", arrivals: "poisson" },
    limitMs: 80,
  },
  {
    title: "M/M/2 with short services",
    model: { servers: 2, meanServiceMs: 5, service: "exponential", arrivals: "poisson" },
    limitMs: 100,
  },
  {
    title: "evenly spaced arrivals, exponential services",
    model: { servers: 4, meanServiceMs: 20, service: "exponential", arrivals: "even" },
    limitMs: 150,
  },
  {
    title: "evenly spaced arrivals, lognormal services",
    model: { servers: 2, meanServiceMs: 20, service: "lognormal", arrivals: "even" },
    limitMs: 100,
  },
  {
    title: "nothing left to chance: good up to the last request, and bad from there",
    model: { servers: 2, meanServiceMs: 20, service: "deterministic", arrivals: "even" },
    limitMs: 100,
  },
  {
    title: "trials of 8 s",
    model: { servers: 4, meanServiceMs: 20, service: "lognormal", arrivals: "even" },
    limitMs: 150,
    settings: short,
  },
];

function truthOf({ model, limitMs }: Case): number {
  const objective = { limitMs, allowedShare: p95 };
  return model.service === "exponential" && model.arrivals === "poisson"
    ? erlangCapacity(model, objective)
    : trueCapacity(model, objective);
}

function searchQueue(
  { model, limitMs, settings = {} }: Case,
  seed: number,
): SimulatedSearch & { readonly answer: SearchAnswer } {
  const objectives = {
    latency: [{ share: 0.95, limitMs }],
    errorShare: 0.01,
    cpuShare: null,
  };
  const found = search(settings, objectives, (plan, stated, index) =>
    queueRecord(model, plan, { objectives: stated, seed: seed * 1_000 + index }),
  );
  return { ...found, answer: answerOf(found.state, found.end) };
}

describe("limit against queues of known capacity", () => {
  const intervals: { readonly truth: number; readonly low: number; readonly high: number }[] = [];
  for (const each of cases) {
    it(`${each.title}: within 5 % in 9 of 10 searches, never more than 5 % above, at most 16 trials`, (t) => {
      const truth = truthOf(each);
      const found = seeds.map((seed) => searchQueue(each, seed));
      const ratios = found.map(
        ({ answer }) => (answer.sustainable?.requestsPerSecond ?? 0) / truth,
      );
      for (const { answer } of found) {
        const { low = 0, high = null } = answer.sustainable ?? {};
        if (answer.verdict === "PASS") intervals.push({ truth, low, high: high ?? Infinity });
      }
      const hits = ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.05).length;
      const text = `truth ${truth.toFixed(1)}/s, found ${ratios.map((ratio) => ratio.toFixed(3)).join(" ")}`;
      t.diagnostic(`${hits} of ${seeds.length}; ${text}`);
      assert.ok(hits >= 9, text);
      assert.ok(Math.max(...ratios) <= 1.05, text);
      assert.ok(found.every(({ state }) => state.trials.length <= 16));
      // What is given first is the latency, and a rate more than 5 % above is never one that "holds" by proof.
      assert.ok(found.every(({ answer }) => answer.limitedBy?.id === "latency_p95"));
      assert.ok(found.every(({ answer }) => (answer.sustainable?.low ?? 0) <= 1.05 * truth));
    });
  }

  it("the interval that is called one of 95 % holds the truth in nearly as many", (t) => {
    const held = intervals.filter(({ truth, low, high }) => low <= truth && truth <= high);
    const share = held.length / intervals.length;
    t.diagnostic(`${held.length} of ${intervals.length}`);
    // Of 70 searches with 95 % each fewer than 90 % hold it once in forty.
    assert.ok(intervals.length >= 60);
    assert.ok(share >= 0.9, `${held.length} of ${intervals.length}`);
  });

  it("an error objective: a target that refuses what is over its limit is found at that limit", () => {
    const truth = 300;
    const model: QueueModel = {
      servers: 64,
      meanServiceMs: 20,
      service: "lognormal",
      arrivals: "even",
    };
    const objectives = {
      latency: [{ share: 0.95, limitMs: 200 }],
      errorShare: 0.01,
      cpuShare: null,
    };
    for (const seed of seeds) {
      const { state, end } = search({}, objectives, (plan, stated, index) => {
        // A limiter: of each second the first 300 requests are let in.
        const perSecond = plan.ratePerSecond;
        const failsAt = (ms: number): boolean => (ms % 1_000) * (perSecond / 1_000) >= truth;
        return queueRecord(model, plan, {
          objectives: stated,
          seed: seed * 1_000 + index,
          failsAt,
        });
      });
      const answer = answerOf(state, end);
      // 1 % of errors is allowed: 303 requests/s.
      const ratio = (answer.sustainable?.requestsPerSecond ?? 0) / (truth / 0.99);
      assert.ok(Math.abs(ratio - 1) <= 0.05, `${ratio}`);
      assert.equal(answer.limitedBy?.id, "error_rate");
    }
  });

  it("a noisy target, a tenth of whose trials are slowed down for ten seconds: within 10 %, never 5 % above", () => {
    const each = cases[3]!;
    const truth = truthOf(each);
    for (const seed of seeds) {
      const objectives = {
        latency: [{ share: 0.95, limitMs: each.limitMs }],
        errorShare: 0.01,
        cpuShare: null,
      };
      const { state, end } = search({}, objectives, (plan, stated, index) => {
        const isSlowed = (seed * 31 + index * 17) % 10 === 0;
        const slowdownAt = (ms: number): number =>
          isSlowed && ms > 10_000 && ms < 20_000 ? 1.67 : 1;
        return queueRecord(each.model, plan, {
          objectives: stated,
          seed: seed * 1_000 + index,
          slowdownAt,
        });
      });
      const { sustainable } = answerOf(state, end);
      const ratio = (sustainable?.requestsPerSecond ?? 0) / truth;
      assert.ok(ratio <= 1.05, `claims ${ratio} of the truth`);
      assert.ok(ratio >= 0.85, `${ratio} of the truth: ${state.trials.map(sideOf).join(" ")}`);
    }
  });
});
