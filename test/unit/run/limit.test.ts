/** The search carried out, against simulated targets: what is asked of the runs, what is kept, what is told. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { QueueModel } from "../../../bench/queue.ts";
import type { Clock } from "../../../src/base/clock.ts";
import type { Host } from "../../../src/base/host.ts";
import { judge } from "../../../src/judge/index.ts";
import {
  findLimitFault,
  limitJsonSchema,
  type LimitRecord,
  type RunRecord,
} from "../../../src/record/index.ts";
import {
  type LimitDeps,
  type LimitRequest,
  runLimit,
  type RunRequest,
  type RunResult,
  type TrialHooks,
} from "../../../src/run/index.ts";
import type { TrialPlan } from "../../../src/search/index.ts";
import { scratchFolder } from "../../support/cli.ts";
import { testHost } from "../../support/host.ts";
import { assertPublished } from "../../support/published-schema.ts";
import { queueRecord } from "../../support/queue-trial.ts";

/** 100 requests/s to the last request; two requests of 20 ms each make 50 users busy at a rate of 1/s a user. */
const model: QueueModel = {
  servers: 2,
  meanServiceMs: 20,
  service: "deterministic",
  arrivals: "even",
};

interface World {
  readonly folder: string;
  readonly requests: RunRequest[];
  readonly ended: LimitRecord[];
  readonly exits: number[];
  /** Sends a signal to everybody who listens. */
  readonly signal: () => void;
  readonly deps: LimitDeps;
}

type Target = (plan: TrialPlan, request: RunRequest, index: number) => Partial<RunRecord>;

const queue: Target = (plan, request, index) =>
  queueRecord(model, plan, {
    objectives: {
      ...request.demand!.objectives,
      targetCores: null,
    } as RunRecord["objectives"] & {},
    seed: index,
  });

function worldOf(
  t: TestContext,
  target: Target,
  during: (index: number, hooks: TrialHooks, world: World) => void = () => undefined,
  iterationDurationMs = 20,
): World {
  const listeners = new Set<(signal: "interrupt") => void>();
  let nowMs = 0;
  const clock: Clock = { nowMs: () => nowMs, wallMs: () => 1_800_000_000_000 + nowMs };
  const exits: number[] = [];
  const host: Host = testHost([], {
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exitNow: (code) => void exits.push(code),
  });
  const world: World = {
    folder: scratchFolder(t),
    requests: [],
    ended: [],
    exits,
    signal: () => listeners.forEach((listener) => listener("interrupt")),
    deps: {
      host,
      clock,
      pause: (ms) => {
        nowMs += ms;
        return Promise.resolve();
      },
      execute: (request, hooks) => {
        const index = world.requests.push(request) - 1;
        const { users, warmUpMs, steadyMs } = request.demand!;
        hooks.onDemand({
          probe: {
            requestsPerIteration: 1,
            iterationDurationMs,
            iterations: 3,
            unconfirmed: { hosts: [], requestsPerIteration: 0 },
          },
        } as unknown as Parameters<TrialHooks["onDemand"]>[0]);
        // Under the default assumptions 225 users a day make one request a second at the peak.
        const ratePerSecond = users.dau / 225;
        nowMs += warmUpMs + steadyMs;
        during(index, hooks, world);
        const plan: TrialPlan = { purpose: "ramp", ratePerSecond, warmUpMs, steadyMs };
        const found = target(plan, request, index);
        const record = { ...(found as RunRecord), id: `run-${index}` };
        return Promise.resolve({ record, verdict: judge(record) } as RunResult);
      },
      onEnd: (limit) => void world.ended.push(limit),
    },
  };
  return world;
}

function requestOf(world: World, changes: Partial<LimitRequest> = {}): LimitRequest {
  return {
    run: { runsDir: world.folder, scriptName: "script.js" } as LimitRequest["run"],
    users: {},
    journeys: [],
    neededDau: undefined,
    objectives: { latency: [{ share: 0.95, limitMs: 100 }], errorShare: 0.01, cpuShare: null },
    settings: {
      startRatePerSecond: 25,
      maxRatePerSecond: undefined,
      maxTrials: 16,
      maxDurationMs: undefined,
      warmUpMs: 2_000,
      trialMs: 10_000,
      longestTrialMs: 80_000,
      width: 0.05,
      confidence: 0.95,
      allowedShares: [0.05, 0.01],
      latencyLimitMs: 100,
    },
    ...changes,
  };
}

const onDisk = (world: World, id: string): unknown =>
  JSON.parse(readFileSync(join(world.folder, id, "limit.json"), "utf8"));

describe("runLimit", () => {
  it("finds the limit, turns it into daily users, and keeps a valid record that names the runs", async (t) => {
    const world = worldOf(t, queue);
    const limit = await runLimit(requestOf(world), world.deps);
    assert.equal(limit.verdict, "PASS", limit.sentence);
    const { requestsPerSecond, low, high, dau } = limit.sustainable!;
    assert.ok(Math.abs(requestsPerSecond / 100 - 1) <= 0.05, limit.sentence);
    assert.ok(low <= 100 && high! >= 100, limit.sentence);
    // 225 daily users a request/s (40 requests a day in 4 h, times 1.6), three digits, rounded down.
    assert.ok(dau <= requestsPerSecond * 225 && dau > requestsPerSecond * 225 * 0.99);
    assert.match(
      limit.sentence,
      /^PASS: sustains [\d.]+ requests\/s \(95 % interval [\d.]+-[\d.]+\) = [\d,]+ daily users; p95 latency is what gives first$/u,
    );
    assert.deepEqual(
      limit.trials.map(({ run }) => run),
      world.requests.map((_, index) => `run-${index}`),
    );
    assert.equal(await findLimitFault(limit), undefined);
    assert.deepEqual(onDisk(world, limit.id), limit);
    assert.deepEqual(world.ended, [limit]);
  });

  it("asks each run for its rate, its objectives, enough VUs, and probes once", async (t) => {
    const world = worldOf(t, queue);
    await runLimit(requestOf(world), world.deps);
    const [first, second] = world.requests.map(({ demand }) => demand!);
    assert.equal(first!.users.dau, 25 * 225);
    assert.equal(second!.users.dau, 50 * 225);
    assert.deepEqual([first!.probe, second!.probe?.iterationDurationMs], [undefined, 20]);
    assert.deepEqual(first!.vus, { longestAnswerMs: 100 });
    assert.deepEqual(first!.objectives?.latency, [{ share: 0.95, limitMs: 100 }]);
    assert.equal(first!.objectives?.peakUsers, null);
    assert.ok(world.requests.every(({ noThresholds }) => noThresholds));
    const { id } = world.ended[0]!;
    for (const [index, { partOf, demand }] of world.requests.entries()) {
      assert.deepEqual([partOf!.kind, partOf!.id], ["search", id]);
      assert.equal(partOf!.trial!.number, index + 1);
      assert.ok(Math.abs(partOf!.trial!.requestsPerSecond - demand!.users.dau / 225) < 0.01);
    }
  });

  it("says PASS or FAIL for the daily users that are asked about", async (t) => {
    for (const [neededDau, verdict] of [
      [18_000, "PASS"],
      [27_000, "FAIL"],
    ] as const) {
      const world = worldOf(t, queue);
      const limit = await runLimit(requestOf(world, { neededDau }), world.deps);
      assert.equal(limit.verdict, verdict, limit.sentence);
      assert.deepEqual(limit.needed, { dau: neededDau, requestsPerSecond: neededDau / 225 });
    }
  });

  it("says when the target came back after the last load that was too much", async (t) => {
    const world = worldOf(t, queue);
    const { recovery, trials } = await runLimit(requestOf(world), world.deps);
    const last = trials.findLastIndex(({ side }) => side === "fails" || side === "looks-bad");
    assert.ok(last < trials.length - 1, "something came after it");
    assert.equal(recovery?.recovered, true);
    assert.ok(recovery.afterMs! >= 1_000 && recovery.afterMs! < 10_000, `${recovery.afterMs} ms`);
  });

  it("brakes a target that breaks down, and sends it nothing but looks until it is well", async (t) => {
    let brokenUntil = -1;
    const target: Target = (plan, request, index) => {
      const record = queue(plan, request, index) as RunRecord;
      const breaks = plan.ratePerSecond > 110;
      if (breaks) brokenUntil = index + 2;
      if (index > brokenUntil && !breaks) return record;
      const failing = record.intervals.map((each) => ({ ...each, failedRequests: each.requests }));
      const message = "the target collapsed";
      return {
        ...record,
        intervals: failing,
        ...(breaks ? { outcome: { exitCode: 99, reason: "overload", message } } : {}),
      };
    };
    const world = worldOf(t, target, (index, { brake }) => {
      // What the brake would have seen: five seconds of nothing but failures.
      const rate = world.requests[index]!.demand!.users.dau / 225;
      if (rate <= 110) return;
      const second = { requests: 200, failedRequests: 200, slowRequests: [0], p50Ms: 1 };
      const interval = { iterationsStarted: 200, iterationsDropped: 0, ...second };
      const looks = Array.from({ length: 5 }, () =>
        brake({ interval } as unknown as Parameters<typeof brake>[0]),
      );
      assert.match(looks.at(-1)!, /collapsed/u);
    });
    const limit = await runLimit(requestOf(world), world.deps);
    const first = limit.trials.findIndex(({ hasCollapsed }) => hasCollapsed);
    assert.deepEqual(
      limit.trials
        .slice(first + 1, first + 4)
        .map(({ purpose, ratePerSecond }) => [purpose, ratePerSecond]),
      [
        ["recovery", 25],
        ["recovery", 25],
        ["recovery", 25],
      ],
    );
    assert.equal(limit.trials[first + 3]!.side, "looks-good");
  });

  it("gives up on a target that does not come back", async (t) => {
    let isDead = false;
    const world = worldOf(
      t,
      (plan, request, index) => {
        isDead ||= plan.ratePerSecond > 110;
        const record = queue(plan, request, index) as RunRecord;
        if (!isDead) return record;
        const intervals = record.intervals.map((each) => ({
          ...each,
          failedRequests: each.requests,
        }));
        return { ...record, intervals };
      },
      (index, { brake }) => {
        if (world.requests[index]!.demand!.users.dau / 225 <= 110) return;
        const second = { requests: 200, failedRequests: 200, slowRequests: [0], p50Ms: 1 };
        const interval = { iterationsStarted: 200, iterationsDropped: 0, ...second };
        for (let k = 0; k < 5; k++) brake({ interval } as unknown as Parameters<typeof brake>[0]);
      },
    );
    const limit = await runLimit(requestOf(world), world.deps);
    assert.equal(limit.end, "not-recovered");
    assert.deepEqual(limit.recovery, { recovered: false, afterMs: null });
    assert.equal(limit.verdict, "FAIL");
    assert.match(limit.sentence, /did not come back within a minute/u);
  });

  it("keeps what was found when it is interrupted during a trial", async (t) => {
    const world = worldOf(
      t,
      (plan, request, index) => ({
        ...queue(plan, request, index),
        ...(index === 3
          ? { outcome: { exitCode: 105, reason: "interrupted", message: "stopped" } }
          : {}),
      }),
      (index) => (index === 3 ? world.signal() : undefined),
    );
    const limit = await runLimit(requestOf(world), world.deps);
    assert.deepEqual([limit.partial, limit.end, limit.trials.length], [true, "interrupted", 3]);
    assert.match(limit.sentence, /interrupted: this is what was found so far/u);
    assert.equal(world.requests.length, 4, "nothing is sent after it");
    assert.deepEqual(onDisk(world, limit.id), limit);
  });

  it("keeps what was found when a signal comes before a trial sends its load, and ends at once", async (t) => {
    const world = worldOf(t, queue, (index, { host }) =>
      index === 2 ? host.exitNow(105) : undefined,
    );
    await runLimit(requestOf(world), world.deps);
    assert.deepEqual(world.exits, [105]);
    assert.deepEqual([world.ended[0]!.partial, world.ended[0]!.trials.length], [true, 2]);
  });

  it("keeps what was found when a trial cannot begin, and tells why", async (t) => {
    const world = worldOf(t, queue, (index) => {
      if (index === 2) throw new Error("no such script any more");
    });
    await assert.rejects(() => runLimit(requestOf(world), world.deps), /no such script/u);
    assert.deepEqual([world.ended.length, world.ended[0]!.trials.length], [1, 2]);
  });

  it("does not count a first trial that began to be judged before the load was whole", async (t) => {
    const world = worldOf(t, queue, undefined, 5_000);
    const limit = await runLimit(requestOf(world), world.deps);
    assert.equal(world.requests[0]!.demand!.warmUpMs, 2_000);
    assert.equal(world.requests[1]!.demand!.warmUpMs, 6_000);
    assert.equal(world.requests[1]!.demand!.users.dau, 25 * 225);
    assert.equal(limit.trials.length, world.requests.length - 1);
  });

  it("its record's shape is published", async () => {
    assertPublished("limit.schema.json", await limitJsonSchema());
  });
});
