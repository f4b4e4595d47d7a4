/** What a worker keeps: apart in the steady state and outside of it, through setup() and teardown(), told once. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WorkerExchanges } from "../../../src/engine/worker/exchange-keeper.ts";
import { createExchange } from "../../../src/http/index.ts";
import type { FailureKind } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

const vu = new TestVu();

function offer(
  keeper: WorkerExchanges,
  durationMs: number,
  parts: { name?: string; failure?: FailureKind; endedAgoMs?: number } = {},
): { floorMs: number } {
  const { name = "x", failure, endedAgoMs = 0 } = parts;
  const exchange = createExchange("GET", "http://h/");
  Object.assign(exchange, { status: 200 });
  exchange.timings.duration = durationMs;
  if (failure !== undefined) failure.count++;
  return keeper.offer(vu, {
    exchange,
    name,
    errorCode: 0,
    tags: vu.tags,
    requestBody: undefined,
    responseBody: undefined,
    isBodyDiscarded: false,
    hop: 1,
    endedAgoMs,
    failure,
  });
}

const failed = (keeper: WorkerExchanges, status: number): FailureKind =>
  keeper.failureKind({ method: "GET", name: "x", status, errorCode: 1_000 + status });

describe("WorkerExchanges", () => {
  it("keeps three of an endpoint in the steady state and one outside, whatever came before", () => {
    const keeper = new WorkerExchanges({ steady: { fromMs: 0, toMs: Infinity } }, () => 5_000);
    vu.phase = "setup";
    for (const durationMs of [900, 800]) offer(keeper, durationMs);
    vu.phase = "iteration";
    keeper.begin(0);
    for (const durationMs of [5, 1, 4, 2, 3]) offer(keeper, durationMs);
    keeper.end();
    vu.phase = "teardown";
    offer(keeper, 1_000);
    const kept = keeper.takeAll().slowest!;
    assert.deepEqual(
      kept.map(({ phase, isSteady, timings }) => [phase, isSteady, timings.durationMs]),
      [
        ["iteration", true, 5],
        ["iteration", true, 4],
        ["iteration", true, 3],
        ["teardown", false, 1_000],
      ],
    );
  });

  it("answers an offer with what is to be compared from then on, in each part of the run", () => {
    const keeper = new WorkerExchanges({ steady: { fromMs: 0, toMs: Infinity } }, () => 0);
    vu.phase = "iteration";
    const before = offer(keeper, 10);
    assert.equal(before.floorMs, 10);
    keeper.begin(0);
    assert.ok(before.floorMs < 0, "everything is offered until the new comparison is known");
    for (const durationMs of [3, 2]) assert.equal(offer(keeper, durationMs).floorMs, 0);
    assert.equal(offer(keeper, 1).floorMs, 1);
    keeper.end();
    assert.equal(before.floorMs, 10);
  });

  it("says when an exchange began, also of one that is told of after later ones", () => {
    const keeper = new WorkerExchanges({ steady: { fromMs: 0, toMs: Infinity } }, () => 1_000);
    keeper.begin(0);
    vu.phase = "iteration";
    vu.nowMs = 500;
    vu.dueAtMs = 400;
    offer(keeper, 50, { endedAgoMs: 30 });
    vu.dueAtMs = undefined;
    offer(keeper, 40, { name: "y" });
    vu.phase = "setup";
    offer(keeper, 30, { name: "z" });
    keeper.end();
    assert.deepEqual(
      keeper.takeAll().slowest!.map(({ atMs, dueAtMs }) => [atMs, dueAtMs]),
      [
        [920, 900],
        [960, null],
        [null, null],
      ],
    );
  });

  it("tells failures with the ticks, exchanges a few at a time, and all of them at the end", () => {
    const keeper = new WorkerExchanges({ steady: { fromMs: 0, toMs: Infinity } }, () => 0);
    vu.phase = "iteration";
    keeper.begin(0);
    for (const status of [500, 502, 503])
      for (let n = 0; n < 5; n++) offer(keeper, 1, { failure: failed(keeper, status) });
    const first = keeper.takeFailures()!;
    assert.equal(first.slowest, undefined);
    assert.deepEqual(
      first.failures.map(({ status, count, samples }) => [status, count, samples.length]),
      [
        [500, 5, 2],
        [502, 5, 0],
        [503, 5, 0],
      ],
    );
    offer(keeper, 1, { failure: failed(keeper, 503) });
    keeper.end();
    assert.deepEqual(
      keeper
        .takeAll()
        .failures.map(({ status, count, samples }) => [status, count, samples.length]),
      [
        [502, 0, 2],
        [503, 1, 2],
      ],
    );
    assert.equal(keeper.takeFailures(), undefined);
  });
});
