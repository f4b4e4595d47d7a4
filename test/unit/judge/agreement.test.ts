import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareRunners } from "../../../src/judge/index.ts";
import type { RunRecord } from "../../../src/record/index.ts";
import { healthyRecord } from "../../support/record.ts";

const counted: RunRecord = {
  ...healthyRecord(),
  scenarios: [
    {
      name: "s",
      executor: "per-vu-iterations",
      startTimeMs: 0,
      durationMs: 600_000,
      maxVus: 2,
      config: {},
    },
  ],
  iterations: { due: null, started: 20, completed: 20, interrupted: 0, dropped: 0, failed: 0 },
  checks: [{ group: "::a", name: "ok", passes: 20, fails: 0 }],
  endpoints: ["/a", "/b"].map((name) => ({
    name,
    method: "GET",
    requests: 20,
    failed: 0,
    avgMs: 2,
    p50Ms: 2,
    p90Ms: 3,
    p95Ms: 4,
    p99Ms: 5,
    maxMs: 6,
  })),
};
const onK6: RunRecord = { ...counted, runner: "k6" };

const byClock = (record: RunRecord): RunRecord => ({
  ...record,
  scenarios: [{ ...counted.scenarios[0]!, executor: "constant-vus" }],
});

const statusOf = (first: RunRecord, second: RunRecord, label: string): string | undefined =>
  compareRunners(first, second).rows.find((row) => row.label === label)?.status;

describe("two runners of one script", () => {
  it("agree when all that the script decides is equal, whatever the latencies", () => {
    const slower = {
      ...onK6,
      endpoints: onK6.endpoints.map((endpoint) => ({ ...endpoint, p95Ms: endpoint.p95Ms * 3 })),
    };
    const agreement = compareRunners(counted, slower);
    assert.ok(agreement.agrees);
    assert.deepEqual(agreement.names, ["embedded", "k6"]);
  });

  it("differ when a check has another count in a run that ends with its iterations", () => {
    const other = { ...onK6, checks: [{ group: "::a", name: "ok", passes: 19, fails: 1 }] };
    const agreement = compareRunners(counted, other);
    assert.equal(agreement.agrees, false);
    assert.equal(agreement.sentence, "embedded and k6 differ in check a › ok");
  });

  it("differ when one of them never ran a check, also in a run that ends by the clock", () => {
    const other = { ...byClock(onK6), checks: [] };
    assert.equal(statusOf(byClock(counted), other, "check a › ok"), "differs");
  });

  it("may make another number of requests when the run ends by the clock, or was cut", () => {
    const more = (record: RunRecord): RunRecord => ({
      ...record,
      iterations: { ...record.iterations, completed: 21 },
    });
    assert.equal(statusOf(counted, more(onK6), "iterations"), "differs");
    const cut = { ...onK6, iterations: { ...onK6.iterations, completed: 19, interrupted: 1 } };
    assert.equal(statusOf(counted, cut, "iterations"), "shown");
  });

  it("differ in exit code, thresholds and endpoints", () => {
    const threshold = { metric: "http_reqs", source: "count>1", ok: true, actual: 2 };
    const first = { ...counted, thresholds: [threshold] };
    const second: RunRecord = {
      ...onK6,
      thresholds: [{ ...threshold, ok: false }],
      endpoints: onK6.endpoints.slice(1),
      outcome: { exitCode: 99, reason: "thresholds", message: "crossed" },
    };
    const differing = compareRunners(first, second).rows.filter(
      ({ status }) => status === "differs",
    );
    const [gone] = onK6.endpoints;
    assert.deepEqual(
      differing.map(({ label }) => label),
      ["exit code", "ended", "threshold http_reqs: count>1", `${gone!.method} ${gone!.name}`],
    );
  });
});
