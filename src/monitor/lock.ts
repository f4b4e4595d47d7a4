/** One `up` or `down` at a time. A lock whose owner has ended, however it ended, does not count. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LakhError, reasonOf } from "../base/errors.ts";
import type { MonitorErrorCode } from "./errors.ts";
import { identityOf, isAlive, type ProcessRef } from "./processes.ts";

/**
 * Runs `work` while nobody else holds the lock file.
 * @throws LakhError MONITOR_BUSY, MONITOR_STATE, and what `work` throws
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const { pid } = globalThis.process;
  const own = JSON.stringify({ pid, identity: (await identityOf(pid)) ?? "" });
  await takeLock(path, own);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string, own: string): Promise<void> {
  if (await createLock(path, own)) return;
  const owner = await readOwner(path);
  if (owner !== undefined && (await isAlive(owner))) throw busy(path, owner.pid);
  await rm(path, { force: true });
  if (!(await createLock(path, own))) throw busy(path, (await readOwner(path))?.pid);
}

/** False when the file is there. */
async function createLock(path: string, own: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw notWritten(path, cause);
  }
  try {
    await writeFile(path, own, { flag: "wx", mode: 0o600 });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw notWritten(path, cause);
  }
}

function notWritten(path: string, cause: unknown): LakhError {
  return new LakhError(
    "MONITOR_STATE" satisfies MonitorErrorCode,
    `${path} cannot be written: ${reasonOf(cause)}`,
    { hint: "make its folder writable, or set XDG_STATE_HOME to another one", cause },
  );
}

/** Undefined: no lock any more, or one that was not written to its end. */
async function readOwner(path: string): Promise<ProcessRef | undefined> {
  try {
    const { pid, identity } = JSON.parse(await readFile(path, "utf8")) as Partial<ProcessRef>;
    return typeof pid === "number" && typeof identity === "string" ? { pid, identity } : undefined;
  } catch {
    return undefined;
  }
}

function busy(path: string, pid: number | undefined): LakhError {
  const who = pid === undefined ? "another process" : `process ${pid}`;
  return new LakhError(
    "MONITOR_BUSY" satisfies MonitorErrorCode,
    `${who} is starting or stopping the monitor (${path})`,
    { hint: "wait for it, then ask lakh monitor status" },
  );
}
