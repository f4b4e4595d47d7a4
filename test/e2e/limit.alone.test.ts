/** `lakh limit` by the real command line, against a target whose capacity follows from its parameters. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseDurationMs } from "../../src/base/units.ts";
import { findLimitFault, type LimitRecord, type RunRecord } from "../../src/record/index.ts";
import { finished, runLakh, scratchFolder, startLakh } from "../support/cli.ts";
import { startQueueProcess } from "../support/queue-process.ts";

const script =
  "import http from 'k6/http';\nexport default function () { http.get(__ENV.BASE_URL + '/'); }\n";

const exitCodeOf: Readonly<Record<string, number>> = {
  PASS: 0,
  FAIL: 99,
  INCONCLUSIVE: 3,
  INVALID: 4,
};

const flags = [
  "--objective",
  "p(95)<150",
  "--objective",
  "errors<1%",
  "--trial",
  "6s",
  "--warm-up",
  "1s",
  "--start-rate",
  "25",
];

/** 4 servers, 40 ms each: exactly 100 requests/s, far below what any machine can do. */
const target = ["--servers", "4", "--service-ms", "40", "--distribution", "deterministic"];
const truth = 100;

describe("lakh limit", () => {
  it("finds the capacity of a target, and leaves a record of the search and of each trial", async (t) => {
    const url = await startQueueProcess(t, target);
    const cwd = scratchFolder(t, { "script.js": script });
    const args = ["limit", ...flags, "--max-trials", "12", "--json", "-e", `BASE_URL=${url}`];
    const result = await runLakh([...args, "script.js"], { cwd });
    const limit = JSON.parse(result.stdout) as LimitRecord;
    t.diagnostic(limit.sentence);
    assert.equal(await findLimitFault(limit), undefined);
    // On a busy machine trials may be INVALID, and then the search; what may not happen is a wrong claim.
    assert.equal(result.code, exitCodeOf[limit.verdict], result.stderr);
    assert.ok((limit.sustainable?.requestsPerSecond ?? 0) <= 1.05 * truth, limit.sentence);
    assert.ok(limit.verdict !== "FAIL", limit.sentence);
    if (limit.verdict === "PASS") {
      assert.ok(limit.sustainable!.requestsPerSecond >= 0.95 * truth, limit.sentence);
      assert.match(limit.sentence, /sustains .* requests\/s \(95 % interval .*daily users/u);
    }
    const runs = join(cwd, "lakh-runs");
    assert.deepEqual(JSON.parse(readFileSync(join(runs, limit.id, "limit.json"), "utf8")), limit);
    const again = await runLakh(["report", limit.id, "--json"], { cwd });
    assert.deepEqual(JSON.parse(again.stdout), limit);
    assert.equal(again.code, result.code);
    const text = await runLakh(["report", limit.id], { cwd });
    assert.ok(text.stdout.includes(limit.verdict), text.stdout);
    for (const { run, ratePerSecond } of limit.trials) {
      const text = readFileSync(join(runs, run, "record.json"), "utf8");
      const { scenarios } = JSON.parse(text) as RunRecord;
      const { rate, timeUnit } = scenarios[0]!.config as { rate: number; timeUnit: string };
      assert.ok(Math.abs(rate / (parseDurationMs(timeUnit)! / 1_000) / ratePerSecond - 1) < 0.001);
    }
  });

  it("Ctrl-C keeps what was found so far", async (t) => {
    const url = await startQueueProcess(t, target);
    const cwd = scratchFolder(t, { "script.js": script });
    const child = startLakh(["limit", ...flags, "-e", `BASE_URL=${url}`, "script.js"], { cwd });
    const isThird = new Promise<void>((resolve) => {
      let seen = "";
      child.stderr!.on("data", (chunk: Buffer | string) => {
        seen += String(chunk);
        if (seen.includes("trial 3:")) resolve();
      });
    });
    const result = finished(child);
    await isThird;
    child.kill("SIGINT");
    const { code, stdout, stderr } = await result;
    assert.equal(code, 105, stderr);
    // On a busy machine the trials before may have been INVALID: then nothing was found.
    const said =
      /interrupted: this is what was found so far|interrupted before any trial had held/u;
    assert.match(stdout.replace(/\s+/gu, " "), said);
    const runs = join(cwd, "lakh-runs");
    const id = readdirSync(runs).find((name) => existsSync(join(runs, name, "limit.json")))!;
    const limit = JSON.parse(readFileSync(join(runs, id, "limit.json"), "utf8")) as LimitRecord;
    assert.deepEqual([limit.partial, limit.trials.length], [true, 2]);
  });

  it("refuses an objective that it cannot read, before anything is sent", async (t) => {
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["limit", "--objective", "p95>3", "script.js"], { cwd });
    assert.equal(result.code, 104);
    assert.match(result.stderr, /invalid --objective[^]*FLAG_OBJECTIVE/u);
    assert.ok(!existsSync(join(cwd, "lakh-runs")));
  });

  it("takes the load away from a target that breaks down", async (t) => {
    // Everything beyond a line of 8 is refused: at 25/s nothing, at twice the capacity half of all.
    const url = await startQueueProcess(t, [...target, "--line", "8"]);
    const cwd = scratchFolder(t, { "script.js": script });
    const args = ["limit", ...flags, "--start-rate", "400", "--max-trials", "2", "--json"];
    const result = await runLakh([...args, "-e", `BASE_URL=${url}`, "script.js"], { cwd });
    const limit = JSON.parse(result.stdout) as LimitRecord;
    const [first, check] = limit.trials;
    if (first!.verdict === "INVALID") return t.skip("the machine was too busy to send the load");
    assert.deepEqual([first!.side, first!.hasCollapsed], ["fails", true], first!.sentence);
    assert.match(first!.sentence, /collapsed: \d+ % of the requests failed/u);
    assert.equal(check!.purpose, "recovery");
    const record = readFileSync(join(cwd, "lakh-runs", first!.run, "record.json"), "utf8");
    assert.equal((JSON.parse(record) as RunRecord).outcome.reason, "overload");
  });
});
