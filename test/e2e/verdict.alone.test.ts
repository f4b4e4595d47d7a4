/** From a script and a number of daily users to a signed verdict, by the real command line. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { type CliResult, runLakh, scratchFolder } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";

const exitCodeOf: Readonly<Record<string, number>> = {
  PASS: 0,
  FAIL: 99,
  INCONCLUSIVE: 3,
  INVALID: 4,
};

function verdictOf({ stdout }: CliResult): string {
  return /^(PASS|FAIL|INCONCLUSIVE|INVALID) {2}/mu.exec(stdout)?.[1] ?? "none";
}

/** What other virtual machines take of this one makes any run INVALID, as it should; nothing else may. */
function assertVerdict(result: CliResult, expected: string): void {
  const verdict = verdictOf(result);
  const isStolen =
    verdict === "INVALID" && /taken by other\s+virtual\s+machines/u.test(result.stdout);
  if (!isStolen) assert.equal(verdict, expected, result.stdout + result.stderr);
  assert.equal(result.code, exitCodeOf[verdict]);
}

function readRecord(cwd: string): RunRecord {
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  return JSON.parse(readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8")) as RunRecord;
}

async function quickServer(t: TestContext): Promise<string> {
  return serve(t, (_request, response) => response.end("ok"));
}

describe("verdicts", () => {
  it("demo: the target really receives the plan's peak rate, and the verdict follows from the record", async (t) => {
    const cwd = scratchFolder(t);
    const result = await runLakh(["demo"], { cwd });
    const verdict = verdictOf(result);
    // A loaded machine may make the run INVALID or FAIL; what may not happen is that code, text and record disagree.
    assert.equal(result.code, exitCodeOf[verdict], result.stdout + result.stderr);
    const record = readRecord(cwd);
    assert.equal(record.plan?.dau, 100_000);
    assert.equal(record.iterations.due, 5_000, "111.1 iterations a second for 45 seconds");
    assert.deepEqual(record.objectives?.requestsPerSecond, { min: 400, max: 500 });
    for (const row of [
      "peak users",
      "requests per second",
      "p95 latency",
      "p99 latency",
      "error rate",
      "CPU of the target",
      "memory of the target",
    ]) {
      assert.match(result.stdout, new RegExp(`^${row} +\\|`, "mu"));
    }
    assert.deepEqual(record.observations.map(({ name }) => name).sort(), [
      "cpu_cores",
      "event_loop_lag_ms",
      "memory_bytes",
    ]);
    if (verdict === "PASS") {
      const { fromMs, toMs } = record.steadyState;
      const steady = record.intervals.filter(
        ({ atMs, durationMs }) => atMs + durationMs / 2 >= fromMs && atMs + durationMs / 2 < toMs,
      );
      const requests = steady.reduce((sum, interval) => sum + interval.requests, 0);
      const rate = requests / ((toMs - fromMs) / 1_000);
      assert.ok(rate >= 400 && rate <= 500, `${rate} requests/s in the steady state`);
    }
    const again = await runLakh(["report", "latest"], { cwd });
    assert.equal(again.code, result.code);
    assert.equal(verdictOf(again), verdict);
    const scorecard = (text: string): string =>
      /^Metric +\|[^]*^Generator [^\n]*/mu.exec(text)?.[0] ?? "none";
    assert.equal(
      scorecard(again.stdout).trim(),
      scorecard(result.stdout).trim(),
      "the same from the record alone",
    );
  });

  it("a target that refuses every connection after the trial is a FAIL", async (t) => {
    // Three trial iterations are answered; then it closes every connection without a word.
    let requests = 0;
    const url = await serve(t, (request, response) => {
      if (++requests <= 3) response.end("ok");
      else request.socket.destroy();
    });
    const script =
      "import http from 'k6/http';\nexport default function () { http.get(__ENV.BASE_URL + '/'); }\n";
    const cwd = scratchFolder(t, { "script.js": script });
    const load = ["--dau", "20000", "--warm-up", "1s", "--steady", "4s"];
    const args = ["run", ...load, "-e", `BASE_URL=${url}`, "script.js"];
    const result = await runLakh(args, { cwd });
    assertVerdict(result, "FAIL");
    assert.match(result.stdout, /error rate +\|[^\n]*100 %/u);
    const failures = result.stderr.match(/msg="Request Failed"/gu) ?? [];
    // Ten of a kind by the run's one worker; hundreds failed.
    assert.ok(failures.length <= 10, `${failures.length} lines about failed requests`);
    assert.match(result.stderr, /Request Failed \(\d+ more like it\)/u);
  });

  it("no load is computed from a trial of which every request failed", async (t) => {
    const script =
      "import http from 'k6/http';\nexport default function () { http.get('http://127.0.0.1:1/'); }\n";
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "--dau", "20000", "script.js"], { cwd });
    assert.equal(result.code, 104, result.stderr);
    assert.match(result.stderr, /all 3 requests of 3 trial iterations failed/u);
    assert.deepEqual(readdirSync(join(cwd, "lakh-runs")), []);
  });

  it("a generator that cannot keep up makes the run INVALID, never a PASS or a FAIL", async (t) => {
    const url = await quickServer(t);
    const script = `
      import http from 'k6/http';
      export default function () {
        http.get(__ENV.BASE_URL + '/');
        for (const until = Date.now() + 40; Date.now() < until; );
      }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const args = [
      "run",
      "--dau",
      "20000",
      "--warm-up",
      "0s",
      "--steady",
      "5s",
      "-e",
      `BASE_URL=${url}`,
      "script.js",
    ];
    const result = await runLakh(args, { cwd });
    assert.equal(verdictOf(result), "INVALID", result.stdout + result.stderr);
    assert.equal(result.code, 4);
    assert.match(result.stdout, /generator was the bottleneck/u);
  });

  it("too few samples are INCONCLUSIVE, with the number that would do", async (t) => {
    const url = await quickServer(t);
    const script =
      "import http from 'k6/http';\n" +
      "export function setup() { http.get(__ENV.BASE_URL + '/setup'); }\n" +
      "export default function () { http.get(__ENV.BASE_URL + '/'); }\n";
    const cwd = scratchFolder(t, { "script.js": script });
    const args = [
      "run",
      "--dau",
      "5000",
      "--warm-up",
      "1s",
      "--steady",
      "4s",
      "-e",
      `BASE_URL=${url}`,
      "script.js",
    ];
    const result = await runLakh(args, { cwd });
    assertVerdict(result, "INCONCLUSIVE");
    if (result.code === exitCodeOf["INCONCLUSIVE"]) assert.match(result.stdout, /2,995/u);
  });

  it("a script whose trial fails is refused before any load is sent", async (t) => {
    const cwd = scratchFolder(t, {
      "script.js": "export default function () { throw new Error('broken'); }\n",
    });
    const result = await runLakh(["run", "--dau", "1000", "script.js"], { cwd });
    assert.equal(result.code, 104);
    assert.match(result.stderr, /trial iterations[^]*broken/u);
    assert.deepEqual(readdirSync(join(cwd, "lakh-runs")), []);
  });
});
