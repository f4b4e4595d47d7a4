/** What the doctor says of a machine: every check with facts that are good and facts that are not, at its limits. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLimit, parsePortRange } from "../../../src/base/proc-files.ts";
import { parseAvailable, parseCgroup } from "../../../src/doctor/facts/memory.ts";
import { parseTimeWait } from "../../../src/doctor/facts/ports.ts";
import {
  parseCpuMax,
  parseThrottled,
  type ProcessorFacts,
} from "../../../src/doctor/facts/processor.ts";
import type { Finding, PlannedLoad } from "../../../src/doctor/index.ts";
import { judgeClock } from "../../../src/doctor/judge/clock.ts";
import { judgeLimits } from "../../../src/doctor/judge/limits.ts";
import { judgeMemory } from "../../../src/doctor/judge/memory.ts";
import { judgePorts } from "../../../src/doctor/judge/ports.ts";
import { judgeProcessor } from "../../../src/doctor/judge/processor.ts";
import { judgeProgram } from "../../../src/doctor/judge/program.ts";
import { judgeTools } from "../../../src/doctor/judge/tools.ts";

const load = (vus: number, requestsPerSecond = vus): PlannedLoad => ({
  vus,
  requestsPerSecond,
  source: "a test",
});

/** The status of one line; what is not ok must say what to do, but for what nobody can change. */
function statusOf(findings: readonly Finding[], id: string): string {
  const finding = findings.find((each) => each.id === id);
  assert.ok(finding !== undefined, `no line ${id}`);
  if (finding.status === "warning" || finding.status === "fix")
    assert.notEqual(finding.advice, null, `${id} gives no advice`);
  return finding.status;
}

describe("open files", () => {
  const judge = (soft: number, vus: number): string =>
    statusOf(
      judgeLimits({ openFiles: { soft, hard: soft }, processes: undefined }, load(vus)),
      "open-files",
    );
  it("is ok when batches of every VU fit", () => assert.equal(judge(750, 100), "ok"));
  it("warns when only one connection a VU fits", () => assert.equal(judge(749, 100), "warning"));
  it("is to be fixed when not even those fit", () => assert.equal(judge(249, 100), "fix"));
  it("is ok without a limit", () => assert.equal(judge(Infinity, 1e6), "ok"));
  it("is a note where it cannot be read", () => {
    const findings = judgeLimits({ openFiles: undefined, processes: undefined }, load(1));
    assert.equal(statusOf(findings, "open-files"), "note");
    assert.equal(statusOf(findings, "processes"), "note");
  });
  it("names the limit to set", () => {
    const facts = { openFiles: { soft: 1_024, hard: 4_096 }, processes: undefined };
    assert.match(judgeLimits(facts, load(5_000))[0]!.advice!, /ulimit -n 30150/u);
  });
  it("warns of few processes", () => {
    const facts = (soft: number) => ({ openFiles: undefined, processes: { soft, hard: soft } });
    assert.equal(statusOf(judgeLimits(facts(199), load(1)), "processes"), "warning");
    assert.equal(statusOf(judgeLimits(facts(200), load(1)), "processes"), "ok");
  });
  it("is read from /proc/self/limits", () => {
    const text =
      "Limit                     Soft Limit           Hard Limit           Units\nMax processes             unlimited            96551                processes\nMax open files            1024                 1048576              files\n";
    assert.deepEqual(parseLimit(text, "Max open files"), { soft: 1_024, hard: 1_048_576 });
    assert.deepEqual(parseLimit(text, "Max processes"), { soft: Infinity, hard: 96_551 });
    assert.equal(parseLimit("", "Max open files"), undefined);
  });
});

describe("local ports", () => {
  const judge = (
    facts: { available: number | undefined; timeWait?: number },
    wanted: PlannedLoad,
  ): string => statusOf(judgePorts({ timeWait: undefined, ...facts }, wanted), "local-ports");
  it("is ok when VUs and rate fit", () =>
    assert.equal(judge({ available: 28_232 }, load(5_000, 470)), "ok"));
  it("warns of a rate that needs reused connections", () =>
    assert.equal(judge({ available: 28_232 }, load(5_000, 471)), "warning"));
  it("is to be fixed when VUs have no port each", () =>
    assert.equal(judge({ available: 1_000, timeWait: 100 }, load(901, 1)), "fix"));
  it("is to be fixed when most are in TIME_WAIT", () =>
    assert.equal(judge({ available: 1_000, timeWait: 801 }, load(1)), "fix"));
  it("is a note where it cannot be read", () =>
    assert.equal(judge({ available: undefined }, load(1)), "note"));
  it("is read from /proc", () => {
    assert.equal(parsePortRange("32768\t60999\n"), 28_232);
    assert.equal(parsePortRange(undefined), undefined);
    assert.equal(parseTimeWait("sockets: used 9\nTCP: inuse 5 orphan 0 tw 12 alloc 9 mem 1\n"), 12);
    assert.equal(parseTimeWait(undefined), undefined);
  });
});

describe("processor", () => {
  const good: ProcessorFacts = {
    cores: 4,
    quotaCores: undefined,
    throttledShare: undefined,
    loadAverage: 0.2,
    stealShare: 0,
    busyShare: 0.05,
  };
  const judge = (facts: Partial<ProcessorFacts>, id: string, wanted = load(100)): string =>
    statusOf(judgeProcessor({ ...good, ...facts }, wanted), id);
  it("is ok when it is free", () => {
    for (const id of ["cores", "cpu-throttling", "cpu-others", "cpu-steal"])
      assert.equal(judge({}, id), "ok");
  });
  it("has cores for 7,000 requests/s each, warns above, and gives up at twice that", () => {
    assert.equal(judge({}, "cores", load(1, 28_000)), "ok");
    assert.equal(judge({}, "cores", load(1, 28_001)), "warning");
    assert.equal(judge({}, "cores", load(1, 56_001)), "fix");
  });
  it("counts the cores that the cgroup allows", () => {
    assert.equal(judge({ quotaCores: 1.5 }, "cores", load(1, 10_501)), "warning");
    assert.equal(judge({ quotaCores: 0.5 }, "cores", load(1, 10)), "warning");
  });
  it("warns of a quota that was used up", () => {
    assert.equal(judge({ quotaCores: 2, throttledShare: 0.01 }, "cpu-throttling"), "ok");
    assert.equal(judge({ quotaCores: 2, throttledShare: 0.011 }, "cpu-throttling"), "warning");
    assert.equal(judge({ quotaCores: 2 }, "cpu-throttling"), "note");
  });
  it("warns of other work", () => {
    assert.equal(judge({ busyShare: 0.51 }, "cpu-others"), "warning");
    assert.equal(judge({ loadAverage: 4.1 }, "cpu-others"), "warning");
    assert.equal(judge({ busyShare: undefined }, "cpu-others"), "note");
  });
  it("warns of steal above 2 %, and wants it fixed above 5 %", () => {
    assert.equal(judge({ stealShare: 0.02 }, "cpu-steal"), "ok");
    assert.equal(judge({ stealShare: 0.021 }, "cpu-steal"), "warning");
    assert.equal(judge({ stealShare: 0.051 }, "cpu-steal"), "fix");
    assert.equal(judge({ stealShare: undefined }, "cpu-steal"), "note");
  });
  it("is read from /proc/stat and the cgroup's files", () => {
    assert.equal(parseCpuMax("200000 100000\n"), 2);
    assert.equal(parseCpuMax("max 100000\n"), undefined);
    assert.equal(parseCpuMax("-1 100000"), undefined);
    assert.equal(parseThrottled("nr_periods 200\nnr_throttled 4\n"), 0.02);
    assert.equal(parseThrottled("usage_usec 1\n"), undefined);
  });
});

describe("memory", () => {
  const judge = (availableBytes: number, limitBytes?: number): string =>
    statusOf(
      judgeMemory(
        {
          totalBytes: 16e9,
          availableBytes,
          cgroup: limitBytes === undefined ? undefined : { limitBytes, usedBytes: 100e6 },
        },
        load(1_000),
      ),
      "memory",
    );
  it("is ok when a large library a VU fits", () => assert.equal(judge(400e6), "ok"));
  it("warns when only plain VUs fit", () => assert.equal(judge(399e6), "warning"));
  it("is to be fixed when they do not", () => assert.equal(judge(174e6), "fix"));
  it("goes by what the container has left", () => {
    assert.equal(judge(8e9, 600e6), "ok");
    assert.equal(judge(8e9, 270e6), "fix");
  });
  it("is read from /proc/meminfo and the cgroup's files", () => {
    assert.equal(parseAvailable("MemTotal: 5 kB\nMemAvailable:    2048 kB\n"), 2_097_152);
    assert.equal(parseAvailable(undefined), undefined);
    assert.deepEqual(parseCgroup("1000\n", "10\n", 5_000), { limitBytes: 1_000, usedBytes: 10 });
    assert.equal(parseCgroup("max\n", "10\n", 5_000), undefined);
    assert.equal(parseCgroup("9223372036854771712", "10", 5_000), undefined);
  });
});

describe("clock", () => {
  const judge = (driftMs: number, isSynchronized?: boolean): string =>
    statusOf(judgeClock({ driftMs, overMs: 1_000, isSynchronized }), "clock");
  it("is ok when both run alike", () => assert.equal(judge(0.5, true), "ok"));
  it("warns of a step, in either direction", () => {
    assert.equal(judge(4.1), "warning");
    assert.equal(judge(-4.1), "warning");
  });
  it("warns when nobody keeps it", () => assert.equal(judge(0, false), "warning"));
  it("is ok when nothing tells who keeps it", () => assert.equal(judge(0), "ok"));
});

describe("the program", () => {
  const judge = (
    facts: Partial<Parameters<typeof judgeProgram>[0]>,
    id: "node" | "esbuild" | "disk",
  ): string =>
    statusOf(
      judgeProgram({
        nodeVersion: "22.1.0",
        bundlerProblem: undefined,
        disk: { folder: "/", freeBytes: 1e10 },
        ...facts,
      }),
      id,
    );
  it("wants Node 20.19", () => {
    assert.equal(judge({ nodeVersion: "20.19.0" }, "node"), "ok");
    assert.equal(judge({ nodeVersion: "20.18.9" }, "node"), "fix");
    assert.equal(judge({ nodeVersion: "18.20.0" }, "node"), "fix");
  });
  it("wants an esbuild that works", () => {
    assert.equal(judge({}, "esbuild"), "ok");
    assert.equal(judge({ bundlerProblem: "wrong platform" }, "esbuild"), "fix");
  });
  it("wants room for records", () => {
    assert.equal(judge({}, "disk"), "ok");
    assert.equal(judge({ disk: { folder: "/", freeBytes: 999e6 } }, "disk"), "warning");
    assert.equal(judge({ disk: { folder: "/", freeBytes: 49e6 } }, "disk"), "fix");
    assert.equal(judge({ disk: undefined }, "disk"), "note");
  });
});

describe("other programs", () => {
  const kubectl = { clientVersion: "v1.33.1", serverVersion: "v1.33.0", problem: undefined };
  const k6 = { path: "/bin/k6", version: "2.2.0" };
  it("are ok when they are there", () => {
    const findings = judgeTools({ k6, k6Problem: undefined, kubectl });
    assert.equal(statusOf(findings, "k6"), "ok");
    assert.equal(statusOf(findings, "kubectl"), "ok");
  });
  it("are a note when they are not: few runs need them", () => {
    const findings = judgeTools({ k6: undefined, k6Problem: "no k6", kubectl: undefined });
    assert.equal(statusOf(findings, "k6"), "note");
    assert.equal(statusOf(findings, "kubectl"), "note");
  });
  it("warn of an older k6, and say that a cluster does not answer", () => {
    const findings = judgeTools({
      k6: { ...k6, version: "2.1.9" },
      k6Problem: undefined,
      kubectl: { ...kubectl, serverVersion: undefined, problem: "refused" },
    });
    assert.equal(statusOf(findings, "k6"), "warning");
    assert.equal(statusOf(findings, "kubectl"), "note");
    assert.match(findings[1]!.found, /refused/u);
  });
});
