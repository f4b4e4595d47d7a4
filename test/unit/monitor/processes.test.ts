/** Real processes: started so that they outlive the starter, recognised, stopped. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { LakhError } from "../../../src/base/errors.ts";
import {
  identityOf,
  isAlive,
  parseStartTicks,
  startDetached,
  type StartedProcess,
  startTimeFromPs,
  stopProcess,
} from "../../../src/monitor/processes.ts";
import { scratchFolder } from "../../support/cli.ts";

const psIsMissing = existsSync("/bin/ps") ? false : "ps is not installed (apt-get install procps)";

interface Running extends StartedProcess {
  readonly log: () => string;
}

/** Runs JavaScript in a process of its own, until it has said something. */
async function run(t: TestContext, code: string): Promise<Running> {
  const cwd = scratchFolder(t);
  const logPath = join(cwd, "log");
  const args = ["-e", code];
  const started = await startDetached({
    program: process.execPath,
    args,
    env: process.env,
    cwd,
    logPath,
  });
  const log = (): string => readFileSync(logPath, "utf8");
  t.after(async () => {
    if (await isAlive(started.ref)) process.kill(started.ref.pid, "SIGKILL");
  });
  while (!started.hasEnded() && log() === "") await wait(5);
  return { ...started, log };
}

const idle = "console.log('here'); setInterval(() => {}, 1000);";

describe("a process that outlives its starter", () => {
  it("leads a session of its own, and says what it says into the log", async (t) => {
    const { ref, log } = await run(t, idle);
    assert.equal(log(), "here\n");
    const [, , , session] = readFileSync(`/proc/${ref.pid}/stat`, "utf8")
      .split(") ")[1]!
      .split(" ");
    assert.equal(Number(session), ref.pid);
  });

  it("gives way to the generator", async (t) => {
    const { ref } = await run(t, idle);
    const fields = readFileSync(`/proc/${ref.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    // Niceness is inherited, and ends at 19.
    assert.equal(Number(fields[16]), Math.min(19, getPriority() + 5));
  });

  it("is alive until it is stopped", async (t) => {
    const { ref, hasEnded } = await run(t, idle);
    assert.equal(await isAlive(ref), true);
    assert.equal(await stopProcess(ref), "stopped");
    assert.equal(await isAlive(ref), false);
    while (!hasEnded()) await wait(5);
    assert.equal(await stopProcess(ref), "gone");
  });

  it("is killed with its children when it does not end", async (t) => {
    const stubborn = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('child ' + process.pid)"], { stdio: "inherit" });
      process.on("SIGTERM", () => {});
      setInterval(() => {}, 1000);`;
    const { ref, log } = await run(t, stubborn);
    const child = Number(/child (\d+)/u.exec(log())![1]);
    assert.equal(await stopProcess(ref, { patienceMs: 100 }), "killed");
    while ((await identityOf(child)) !== undefined) await wait(5);
  });

  it("is not mistaken for another that has got its number", async (t) => {
    const { ref } = await run(t, idle);
    const earlier = { pid: ref.pid, identity: `${ref.identity}0` };
    assert.equal(await isAlive(earlier), false);
    assert.equal(await stopProcess(earlier), "gone");
    assert.equal(await isAlive(ref), true);
    assert.equal(await isAlive({ pid: ref.pid, identity: "" }), false);
  });

  it("keeps the log of the start before", async (t) => {
    const cwd = scratchFolder(t, { log: "earlier\n" });
    const logPath = join(cwd, "log");
    const { ref } = await startDetached({
      program: process.execPath,
      args: ["-e", idle],
      env: process.env,
      cwd,
      logPath,
    });
    assert.equal(readFileSync(`${logPath}.1`, "utf8"), "earlier\n");
    assert.equal(await stopProcess(ref), "stopped");
  });

  it("is an error when there is no such folder to start it in", async (t) => {
    const folder = scratchFolder(t);
    await assert.rejects(
      startDetached({
        program: process.execPath,
        args: [],
        env: process.env,
        cwd: join(folder, "missing"),
        logPath: join(folder, "log"),
      }),
      (error: LakhError) => error.code === "MONITOR_START",
    );
  });
});

describe("ps, where there is no /proc", { skip: psIsMissing }, () => {
  it("tells the same start of a process each time, and none of one that has ended", async (t) => {
    const { ref } = await run(t, idle);
    const start = await startTimeFromPs(ref.pid);
    assert.ok(Number.isFinite(Date.parse(start!)), start);
    assert.equal(await startTimeFromPs(ref.pid), start);
    await stopProcess(ref);
    assert.equal(await startTimeFromPs(ref.pid), undefined);
  });
});

describe("/proc/<pid>/stat", () => {
  const line = (state: string): string =>
    `4711 (a) S 1 (b)) ${state} 1 4711 4711 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 11 0 77 123 456\n`;
  it("tells the start, whatever the command is called", () =>
    assert.equal(parseStartTicks(line("S")), 77));
  it("of a process that has ended tells none", () =>
    assert.equal(parseStartTicks(line("Z")), undefined));
  it("that is something else tells none", () => assert.equal(parseStartTicks("?"), undefined));
});
