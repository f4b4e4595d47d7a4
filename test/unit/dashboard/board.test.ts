import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runPhases } from "../../../src/api/index.ts";
import { type BoardParts, RunBoard, type RunChange } from "../../../src/dashboard/board.ts";
import { EventLog } from "../../../src/dashboard/event-log.ts";
import { ExponentialHistogram } from "../../../src/metrics/index.ts";
import { historyColumns, type HistoryColumn, type Row } from "../../../src/page/index.ts";
import { liveHead, LiveRunStub } from "../../support/live-run.ts";

function openBoard(parts: Partial<BoardParts> = {}): {
  board: RunBoard;
  stub: LiveRunStub;
  changes: RunChange[];
  texts: () => string[];
} {
  const stub = new LiveRunStub();
  const events = new EventLog();
  const changes: RunChange[] = [];
  const board = new RunBoard({
    head: liveHead,
    conceal: (text) => text,
    events,
    wallMs: () => stub.clock.wallMs(),
    onChange: (change) => changes.push(change),
    ...parts,
  });
  board.attach(stub.view);
  stub.phase = runPhases.running;
  return { board, stub, changes, texts: () => events.all().map(({ text }) => text) };
}

const valueOf = (row: Row, column: HistoryColumn): number | null =>
  row[historyColumns.indexOf(column)]!;

describe("RunBoard", () => {
  it("makes one row of each second of load, and none before it", () => {
    const { board, stub, changes } = openBoard();
    stub.moment = { phase: "setup" };
    stub.tell(board);
    assert.equal(board.snapshot().history.length, 0);
    stub.moment = {};
    stub.second = { durationMs: 500, requests: 40, failedRequests: 2, p95Ms: null };
    stub.tell(board);
    board.refresh();
    const { history } = board.snapshot();
    assert.equal(history.length, 1);
    assert.equal(valueOf(history[0]!, "requestsPerSecond"), 80);
    assert.equal(valueOf(history[0]!, "failedPerSecond"), 4);
    assert.equal(valueOf(history[0]!, "p95Ms"), null);
    assert.equal(valueOf(history[0]!, "plannedRequestsPerSecond"), 100);
    assert.equal(changes.filter(({ rows }) => rows !== undefined).length, 1);
  });

  it("makes no point of the last instant, over which a rate is chance", () => {
    const { board, stub } = openBoard();
    stub.tell(board);
    stub.second = { durationMs: 11, requests: 1 };
    stub.tell(board);
    assert.equal(board.snapshot().history.length, 1);
    const short = openBoard();
    short.stub.second = { durationMs: 300, requests: 30 };
    short.stub.tell(short.board);
    assert.equal(short.board.snapshot().history.length, 1, "but of a run that has no other");
  });

  it("counts requests, failures and latency over everything, as the record does", () => {
    const { board, stub, changes } = openBoard();
    const durations = Array.from({ length: 500 }, (_, index) => 1 + (index % 97) * 1.7);
    const expected = new ExponentialHistogram();
    for (const [index, duration] of durations.entries()) {
      expected.add(duration);
      stub.request(
        index % 2 === 0 ? "a" : "b",
        duration,
        index % 10 === 0 ? { status: "503" } : {},
      );
      if (index === 250) stub.tell(board);
    }
    stub.tell(board);
    const { totals } = changes.at(-1)!.status;
    assert.equal(totals.requests, 500);
    assert.equal(totals.failed, 50);
    assert.deepEqual(totals.latency, {
      p50Ms: expected.quantile(0.5),
      p95Ms: expected.quantile(0.95),
      p99Ms: expected.quantile(0.99),
      maxMs: expected.max,
    });
  });

  it("adds the series of an endpoint up, whatever their other tags", () => {
    const { board, stub } = openBoard();
    for (const status of ["200", "503"])
      for (const ms of [10, 20]) stub.request("a", ms, { status });
    stub.request("a", 7, { method: "POST" });
    stub.tell(board);
    stub.request("a", 30);
    stub.tell(board);
    const { names, rows } = board.snapshot().endpoints;
    assert.deepEqual(names, [
      { name: "a", method: "GET" },
      { name: "a", method: "POST" },
    ]);
    assert.deepEqual(rows[0], [0, 5, 2, 1, 20, 26, 28, 29.6, 30]);
    assert.deepEqual(rows[1], [1, 1, 0, 0, 7, 7, 7, 7, 7]);
  });

  it("counts many endpoints each second, and has all their percentiles at the end", () => {
    const { board, stub } = openBoard();
    for (let second = 1; second <= 4; second++) {
      for (let index = 0; index < 500; index++) stub.request(`/${index}`, second * 10);
      stub.tell(board);
      const { rows } = board.snapshot().endpoints;
      assert.ok(rows.every(([, requests]) => requests === second));
      assert.ok(rows.every(([, , , , , , , , maxMs]) => maxMs > 0 && maxMs <= second * 10));
    }
    board.complete();
    const { rows } = board.snapshot().endpoints;
    assert.ok(rows.every(([, , , , p50Ms, , , , maxMs]) => p50Ms === 25 && maxMs === 40));
    assert.equal(board.snapshot().status.totals.latency?.maxMs, 40);
  });

  it("sends of a table only what has changed", () => {
    const { board, stub, changes } = openBoard();
    stub.request("a", 1);
    stub.request("b", 1);
    stub.add("checks", 1, { check: "is ok", group: "" });
    stub.tell(board);
    for (let second = 0; second < 12; second++) stub.tell(board);
    stub.request("b", 2);
    stub.tell(board);
    const last = changes.at(-1)!;
    assert.deepEqual(last.endpoints?.names, []);
    assert.deepEqual(
      last.endpoints?.rows.map(([id]) => id),
      [1],
    );
    assert.equal(last.checks, undefined);
    assert.equal(changes.at(-2)!.endpoints, undefined);
  });

  it("tells errors by kind, a second each", () => {
    const { board, stub } = openBoard();
    stub.request("a", 1, { status: "503", error_code: "1503" });
    stub.tell(board);
    for (let count = 0; count < 3; count++)
      stub.request("a", 0, {
        status: "0",
        error_code: "1212",
        error: "dial: connection refused",
      });
    stub.tell(board);
    const { errorKinds, history } = board.snapshot();
    assert.deepEqual(errorKinds, ["HTTP 503", "dial: connection refused (1212)"]);
    const at = historyColumns.length;
    assert.deepEqual(
      history.map((row) => [row[at], row[at + 1]]),
      [
        [1, 0],
        [0, 3],
      ],
    );
  });

  it("puts kinds of errors that are one too many together", () => {
    const { board, stub } = openBoard();
    for (let kind = 400; kind < 412; kind++) stub.request("a", 1, { status: String(kind) });
    stub.tell(board);
    const { errorKinds, history } = board.snapshot();
    assert.equal(errorKinds.length, 8);
    assert.equal(history[0]!.at(-1), 4);
  });

  it("says how many endpoints it does not show", () => {
    const { board, stub } = openBoard();
    for (let index = 0; index < 1_200; index++) stub.request(`/video/${index}`, 1);
    stub.tell(board);
    const { names, rows, more } = board.snapshot().endpoints;
    assert.deepEqual([names.length, rows.length, more], [1_000, 1_000, 200]);
    assert.equal(board.snapshot().status.totals.requests, 1_200);
  });

  it("notes what changes, once", () => {
    const { board, stub, texts } = openBoard();
    const threshold = { metric: "http_req_duration", source: "p(95)<300" };
    stub.thresholds = [{ ...threshold, ok: true, actual: 200 }];
    stub.tell(board);
    stub.thresholds = [{ ...threshold, ok: false, actual: 412.3 }];
    stub.generator = {
      status: "saturated",
      sentence: "the generator was the bottleneck: steal",
      over: "the last 10 s",
      reason: "",
      figures: [],
    };
    stub.second = { iterationsDroppedInAll: 4 };
    stub.tell(board);
    stub.tell(board);
    stub.thresholds = [{ ...threshold, ok: true, actual: 299 }];
    stub.tell(board);
    const told = texts();
    for (const text of [
      "load is being built up",
      "threshold crossed: http_req_duration: p(95)<300, now 412.3",
      "the generator was the bottleneck: steal",
      "iterations are dropped: no VU is free to start them",
      "the steady state begins",
      "threshold holds again: http_req_duration: p(95)<300",
    ])
      assert.equal(told.filter((each) => each === text).length, 1, `${text} in ${told.join("; ")}`);
  });

  it("notes socket faults, and readings that stop and come back", () => {
    const { board, stub, texts } = openBoard();
    const generator = {
      loopUtilization: 0.1,
      loopDelayP99Ms: 1,
      gcShare: 0,
      cpuCores: 1,
      residentBytes: 1,
      startLagP99Ms: null,
      stealShare: null,
      throttledShare: null,
      socketFaults: new Map([["EMFILE", 12]]),
    };
    const target = [{ name: "cpu_cores", source: "pid 1", value: 2 }];
    stub.moment = { generator, target };
    stub.tell(board);
    stub.moment = { generator, target: [] };
    stub.tell(board);
    stub.moment = { generator, target };
    stub.tell(board);
    const told = texts().join("\n");
    assert.match(told, /socket faults on the generator's own machine so far: 12 x EMFILE/u);
    assert.match(
      told,
      /no readings of the target any more\n(?:.*\n)?the target is being read again/u,
    );
    assert.equal(valueOf(board.snapshot().history[0]!, "targetCpuCores"), 2);
    assert.equal(valueOf(board.snapshot().history[1]!, "targetCpuCores"), null);
  });

  it("shows no secret that a name has in it", () => {
    const conceal = (text: string): string => text.replaceAll("hunter2", "***");
    const { board, stub } = openBoard({ conceal });
    stub.request("/login?password=hunter2", 1, { status: "0", error: "bad hunter2" });
    stub.add("checks", 0, { check: "hunter2 is right", group: "::hunter2" });
    stub.moment = { target: [{ name: "cpu_cores", source: "http://hunter2/", value: 1 }] };
    stub.tell(board);
    assert.doesNotMatch(JSON.stringify(board.snapshot()), /hunter2/u);
    assert.match(JSON.stringify(board.snapshot()), /\*\*\* is right/u);
  });

  it("cannot be paused once load has been sent, and says so", () => {
    const { board, stub, changes } = openBoard();
    stub.phase = runPhases.pausedBeforeRun;
    stub.paused = true;
    board.refresh();
    const before = changes.at(-1)!.status;
    assert.deepEqual([before.stage, before.control.paused], ["paused", true]);
    assert.equal(before.control.whyNotPausable, null);
    stub.phase = runPhases.running;
    stub.tell(board);
    assert.match(changes.at(-1)!.status.control.whyNotPausable!, /only its start/u);
  });

  it("has ended when it is told so, with the verdict", () => {
    const { board, stub, changes, texts } = openBoard();
    stub.tell(board);
    board.ended({
      reason: "finished",
      message: null,
      exitCode: 0,
      verdict: "PASS",
      sentence: "it holds",
      folder: "/runs/1",
    });
    const { stage, end, control } = changes.at(-1)!.status;
    assert.deepEqual([stage, end?.verdict, control.scalable], ["ended", "PASS", []]);
    assert.equal(texts().at(-1), "the run has ended: PASS");
  });
});
