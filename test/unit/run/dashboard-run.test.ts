import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DashboardRun, RunHead, RunView } from "../../../src/dashboard/index.ts";
import { MetricRegistry, compileThresholds } from "../../../src/metrics/index.ts";
import type { RunCollector } from "../../../src/run/collector.ts";
import {
  loggedOnDashboard,
  openDashboardRun,
  runViewOf,
  thresholdStates,
} from "../../../src/run/dashboard-run.ts";
import { parseScenario, wholeShareSpec } from "../../../src/schedule/index.ts";
import { healthyInterval, healthyReading } from "../../support/record.ts";

type OpenParts = Parameters<typeof openDashboardRun>;

const rate = { executor: "constant-arrival-rate", rate: 20, duration: "60s", preAllocatedVUs: 30 };

function headOf(scenario: object): RunHead {
  let head: RunHead | undefined;
  const dashboard = {
    openRun: (given: RunHead) => {
      head = given;
      return {} as DashboardRun;
    },
  };
  const plan = { scenarios: [parseScenario("s", scenario)], share: wholeShareSpec };
  const context = {
    id: "1",
    request: { scriptName: "a.js?token=hunter2", label: "run", runner: "embedded" },
    deps: { dashboard, redactor: { conceal: (text: string) => text.replace("hunter2", "***") } },
  };
  openDashboardRun(plan as unknown as OpenParts[0], context as unknown as OpenParts[1]);
  return head!;
}

/** A run so far: seconds of load that are all well, but for what `spoil` says. */
async function viewAt(
  seconds: number,
  spoil: (second: number) => Parameters<typeof healthyReading>[0],
): Promise<RunView> {
  const all = Array.from({ length: seconds }, (_, second) => second);
  const collector = {
    elapsedMs: seconds * 1_000 - 1.4,
    intervals: all.map((second) => healthyInterval({ atMs: second * 1_000, durationMs: 998.6 })),
    health: all.map((second) => healthyReading({ atMs: second * 1_000, ...spoil(second) })),
    counts: { iterationsDropped: 7 },
  };
  return runViewOf({
    control: {} as RunView["control"],
    scalable: () => [],
    thresholds: () => [],
    collector: collector as unknown as RunCollector,
    window: { fromMs: 10_000, toMs: 60_000, rule: "" },
    plan: { scenarios: [parseScenario("s", rate)] } as unknown as OpenParts[0],
    runner: "embedded",
    objectives: undefined,
  });
}

describe("a run on the dashboard", () => {
  it("says how long it will be and what will be judged, without secrets", () => {
    const { plannedMs, steady, script, scenarios, objectives } = headOf(rate);
    assert.deepEqual([plannedMs, steady.fromMs, steady.toMs], [60_000, 6_000, 60_000]);
    assert.equal(script, "a.js?token=***");
    assert.match(scenarios[0]!, /^s: 20\.00 iterations\/s for 1m0s/u);
    assert.equal(objectives, null);
  });

  it("has no planned end when it ends with its iterations", () => {
    const { plannedMs, steady } = headOf({ executor: "shared-iterations", vus: 1, iterations: 9 });
    assert.deepEqual([plannedMs, steady.toMs], [null, null]);
  });

  it("judges the generator as the verdict does, over the steady state once that is there", async () => {
    const busy = { loopUtilization: 0.99, loopDelayP99Ms: 90 };
    const early = await viewAt(4, () => busy);
    assert.equal(early.generator(), null, "too little has been seen");
    const ramp = await viewAt(9, () => busy);
    assert.deepEqual(
      [ramp.generator()?.status, ramp.generator()?.over],
      ["saturated", "the last 10 s"],
    );
    const good = await viewAt(30, (second) => (second < 10 ? busy : {}));
    assert.deepEqual(
      [good.generator()?.status, good.generator()?.over],
      ["healthy", "the steady state so far"],
    );
    const bad = await viewAt(30, (second) => (second >= 20 ? busy : {}));
    assert.equal(bad.generator()?.status, "saturated");
    assert.match(bad.generator()!.sentence, /event-loop delay p99 \(ms\) 90, limit 10/u);
    assert.ok(bad.generator()!.figures.some(({ exceeded }) => exceeded));
  });

  it("tells the latest second as the record has it, at a whole second", async () => {
    const second = (await viewAt(30, () => ({}))).second()!;
    assert.deepEqual([second.endMs, second.requests, second.p95Ms], [30_000, 444, 40]);
    assert.equal(second.iterationsDroppedInAll, 7);
  });

  it("knows every threshold, also those without samples", () => {
    const options = { http_req_duration: ["p(95)<300", "p(99)<500"] };
    const thresholds = compileThresholds(options, new MetricRegistry());
    const judged = { metric: "http_req_duration", source: "p(99)<500", abort: false };
    assert.deepEqual(thresholdStates(thresholds, [{ ...judged, ok: false, actual: 512 }]), [
      { metric: "http_req_duration", source: "p(95)<300", ok: null, actual: null },
      { metric: "http_req_duration", source: "p(99)<500", ok: false, actual: 512 },
    ]);
  });

  it("gets warnings and errors of the log, and nothing of the script's own", () => {
    const noted: string[] = [];
    const logged: string[] = [];
    const dashboard = { note: (level: string, text: string) => noted.push(`${level} ${text}`) };
    const logger = loggedOnDashboard(
      { log: (level, message) => logged.push(`${level} ${message}`) },
      dashboard as unknown as Parameters<typeof loggedOnDashboard>[1],
    );
    logger.log("info", "a");
    logger.log("warning", "b");
    logger.log("error", "c", { source: "console" });
    logger.log("error", "d");
    assert.deepEqual(noted, ["warning b", "error d"]);
    assert.equal(logged.length, 4);
  });
});
