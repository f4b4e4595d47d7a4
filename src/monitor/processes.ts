/**
 * Processes that outlive the command that starts them. A pid alone names nothing: it is given to another process some
 * day. A pid with the moment of its start names one process for ever.
 */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { LakhError, reasonOf } from "../base/errors.ts";
import { readText } from "../base/proc-files.ts";
import type { MonitorErrorCode } from "./errors.ts";
import type { Environment } from "./paths.ts";

export interface ProcessRef {
  readonly pid: number;
  /** Boot and start of the process, as text to compare. */
  readonly identity: string;
}

export interface StartedProcess {
  readonly ref: ProcessRef;
  /** True as soon as it has ended. */
  readonly hasEnded: () => boolean;
}

export interface ProgramStart {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** Gets what the program says; what was there before is kept beside it as `<name>.1`. */
  readonly logPath: string;
}

/**
 * Starts a program in a session of its own, so that neither Ctrl-C nor the end of the terminal reaches it.
 * @throws LakhError MONITOR_START
 */
export async function startDetached(start: ProgramStart): Promise<StartedProcess> {
  if (existsSync(start.logPath)) await rename(start.logPath, `${start.logPath}.1`);
  const log = await open(start.logPath, "w", 0o600);
  try {
    const [program, args] = politely(start);
    const child = spawn(program, args, {
      cwd: start.cwd,
      env: { ...start.env },
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    let ended = false;
    child.once("exit", () => {
      ended = true;
    });
    await new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    const pid = child.pid!;
    return { ref: { pid, identity: (await identityOf(pid)) ?? "" }, hasEnded: () => ended };
  } catch (cause) {
    throw new LakhError(
      "MONITOR_START" satisfies MonitorErrorCode,
      `${start.program} cannot be started: ${reasonOf(cause)}`,
      { hint: "is it the right program for this machine, and may you run it?", cause },
    );
  } finally {
    await log.close();
  }
}

/** nice(1) puts the program in its own place: the generator, which measures, goes first where cores are few. */
function politely({ program, args }: ProgramStart): [program: string, args: readonly string[]] {
  const nice = "/usr/bin/nice";
  return existsSync(nice) ? [nice, ["-n", "5", program, ...args]] : [program, args];
}

/** True when this very process still runs. */
export async function isAlive({ pid, identity }: ProcessRef): Promise<boolean> {
  return identity !== "" && (await identityOf(pid)) === identity;
}

/** Which process has this pid now; undefined: none, or one that has ended and only waits to be buried. */
export async function identityOf(pid: number): Promise<string | undefined> {
  const stat = await readText(`/proc/${pid}/stat`);
  if (stat !== undefined) {
    const startTicks = parseStartTicks(stat);
    const boot = await readText("/proc/sys/kernel/random/boot_id");
    return startTicks === undefined ? undefined : `${boot?.trim() ?? ""}/${startTicks}`;
  }
  return existsSync("/proc/self/stat") ? undefined : startTimeFromPs(pid);
}

/** proc(5): field 3 is the state, 22 the start. The second is the command in parentheses and may hold anything. */
export function parseStartTicks(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const hasEnded = state === "Z" || state === "X";
  const startTicks = Number(fields[19]);
  return hasEnded || !Number.isSafeInteger(startTicks) ? undefined : startTicks;
}

/** Where there is no /proc, as on macOS: to the second, which is much less than it takes for a pid to come round. */
export async function startTimeFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "stat=,lstart=", "-p", String(pid)]);
    const [, state, start] = /^(\S+)\s+(.+)$/mu.exec(stdout.trim()) ?? [];
    return state === undefined || state.startsWith("Z") ? undefined : start;
  } catch {
    return undefined; // ps ends with 1 when there is no such process
  }
}

/** What became of a process that was to be stopped. */
export type StopOutcome = "stopped" | "killed" | "gone";

/**
 * Asks a process to end, waits, and kills it and its children when it does not. "gone": it had ended before, and what
 * has its pid now, if anything, is left alone.
 * @throws LakhError MONITOR_STOP
 */
export async function stopProcess(
  ref: ProcessRef,
  { patienceMs = 20_000 }: { readonly patienceMs?: number } = {},
): Promise<StopOutcome> {
  if (!(await isAlive(ref))) return "gone";
  signal(ref.pid, "SIGTERM");
  if (await endsWithin(ref, patienceMs)) return "stopped";
  // The group's number is the leader's, which still runs: it cannot have come to belong to others.
  signal(-ref.pid, "SIGKILL");
  if (await endsWithin(ref, 5_000)) return "killed";
  throw notStopped(ref.pid, "it does not end, not even by SIGKILL");
}

async function endsWithin(ref: ProcessRef, limitMs: number): Promise<boolean> {
  const pauseMs = 50;
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += pauseMs) {
    if (!(await isAlive(ref))) return true;
    await wait(pauseMs);
  }
  return !(await isAlive(ref));
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    globalThis.process.kill(pid, name);
  } catch (error) {
    // ESRCH: it has ended meanwhile, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH")
      throw notStopped(Math.abs(pid), reasonOf(error));
  }
}

function notStopped(pid: number, reason: string): LakhError {
  return new LakhError(
    "MONITOR_STOP" satisfies MonitorErrorCode,
    `process ${pid} cannot be stopped: ${reason}`,
    { hint: `was it started by another user? End it by hand: kill -9 ${pid}` },
  );
}
