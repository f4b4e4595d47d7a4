/** The file that says what runs. It is replaced whole: a reader finds the old text or the new one, never a part. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LakhError, reasonOf } from "../base/errors.ts";
import type { MonitorErrorCode } from "./errors.ts";
import type { ProcessRef } from "./processes.ts";

export interface PartState {
  /** "http://127.0.0.1:9090", without a path. */
  readonly url: string;
  readonly version: string | null;
  /** Null in a container: Docker knows it. */
  readonly process: ProcessRef | null;
}

export interface Retention {
  /** As Prometheus writes it: "30d". */
  readonly time: string;
  /** "5GB" */
  readonly size: string;
}

export interface MonitorState {
  readonly schemaVersion: 1;
  readonly kind: "docker" | "programs";
  /** "starting" until everything has answered; an `up` that was killed leaves it so. */
  readonly phase: "starting" | "up";
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly retention: Retention;
  readonly prometheus: PartState;
  /** Null: not installed, or not wanted. */
  readonly grafana: PartState | null;
}

/** Undefined when there is no such file. @throws LakhError MONITOR_STATE */
export async function readState(path: string): Promise<MonitorState | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw stateError(`${path} cannot be read: ${reasonOf(error)}`, "make it readable", error);
  }
  const state = parseState(text);
  if (state !== undefined) return state;
  throw stateError(
    `${path} is not a file of this version of lakh`,
    "remove it; if Prometheus or Grafana still run, end them by hand: pgrep -af lakh/monitor",
  );
}

/** @throws LakhError MONITOR_STATE */
export async function writeState(path: string, state: MonitorState): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch (error) {
    throw stateError(
      `${path} cannot be written: ${reasonOf(error)}`,
      "make its folder writable, or set XDG_STATE_HOME to another one",
      error,
    );
  }
}

export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Undefined for a text that is no state. */
export function parseState(text: string): MonitorState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["schemaVersion"] !== 1) return undefined;
  const { kind, phase, startedAt, retention, prometheus, grafana } = value;
  const isState =
    (kind === "docker" || kind === "programs") &&
    (phase === "starting" || phase === "up") &&
    typeof startedAt === "string" &&
    Number.isFinite(Date.parse(startedAt)) &&
    isRetention(retention) &&
    isPart(prometheus) &&
    (grafana === null || isPart(grafana));
  return isState ? (value as unknown as MonitorState) : undefined;
}

function isRetention(value: unknown): boolean {
  return isObject(value) && typeof value["time"] === "string" && typeof value["size"] === "string";
}

function isPart(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { url, version, process } = value;
  return (
    typeof url === "string" &&
    URL.canParse(url) &&
    (version === null || typeof version === "string") &&
    (process === null || isProcessRef(process))
  );
}

function isProcessRef(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { pid, identity } = value;
  // 0 and negative numbers name groups of processes: never to be signalled.
  return Number.isSafeInteger(pid) && (pid as number) > 1 && typeof identity === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stateError(message: string, hint: string, cause?: unknown): LakhError {
  return new LakhError("MONITOR_STATE" satisfies MonitorErrorCode, message, { hint, cause });
}
