/**
 * A saturated generator never passes or fails the target. lakh is pinned to a processor on which three other processes
 * never rest: it gets a quarter of it, and the load takes about half. Its clock goes on while it waits for its turn, so
 * what it measures is its own waiting.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { it, type TestContext } from "node:test";
import { finished, lakhBinary, scratchFolder } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";

const busyProcesses = 3;
/** They end by themselves, should the test be killed. */
const busyMs = 120_000;

/** Iterations take no time of the target's and half a millisecond of the generator's, at about 1,000 a second. */
const script = `
  import http from "k6/http";
  export default function () {
    http.get(__ENV.BASE_URL);
    for (const now = Date.now(); Date.now() === now; );
  }
`;

const canPin = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

async function fastTarget(t: TestContext): Promise<string> {
  return serve(t, (_request, response) => response.end("ok"));
}

function onFirstProcessor(args: readonly string[], cwd: string): ChildProcess {
  return spawn("taskset", ["-c", "0", process.execPath, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function keepBusy(t: TestContext, cwd: string): void {
  const loop = `for (const end = Date.now() + ${busyMs}; Date.now() < end; );`;
  for (let k = 0; k < busyProcesses; k++) {
    const child = onFirstProcessor(["-e", loop], cwd);
    t.after(() => child.kill("SIGKILL"));
  }
}

it("a generator on a processor that others keep busy makes the run INVALID or INCONCLUSIVE, never a PASS or a FAIL", {
  skip: !canPin && "needs taskset",
}, async (t) => {
  const url = await fastTarget(t);
  const cwd = scratchFolder(t, { "script.js": script });
  keepBusy(t, cwd);
  const load = [
    "--dau",
    "20000",
    "--requests-per-user",
    "450",
    "--warm-up",
    "1s",
    "--steady",
    "5s",
  ];
  const args = [lakhBinary, "run", "--quiet", ...load, "-e", `BASE_URL=${url}`, "script.js"];
  const { code, stdout, stderr } = await finished(onFirstProcessor(args, cwd));
  assert.ok(code === 3 || code === 4, `exit code ${code}\n${stdout}${stderr}`);
  assert.match(stdout, /^(INVALID|INCONCLUSIVE) {2}/mu);
  assert.match(stdout, /Generator saturated/u, "the other reason would be chance");
});
