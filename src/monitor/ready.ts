/** Waiting for a program that was started: until it answers, ends, takes too long, or the user has had enough. */
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../base/clock.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { MonitorErrorCode } from "./errors.ts";

export interface Awaited {
  /** "Prometheus" */
  readonly name: string;
  /** Undefined: `logHint` says how to read what it said. */
  readonly logPath: string | undefined;
  readonly logHint: string;
  readonly hasEnded: () => boolean;
  readonly isReady: () => Promise<boolean>;
  /** What to do about a text in its log. */
  readonly advice: readonly (readonly [RegExp, string])[];
}

export interface Waiting {
  readonly clock: Pick<Clock, "nowMs">;
  readonly signal?: AbortSignal | undefined;
}

/** Longest wait: Prometheus reads what it had stored, Grafana makes its tables. */
const limitMs = 120_000;
const pauseMs = 100;

/** @throws LakhError MONITOR_START, MONITOR_INTERRUPTED */
export async function untilReady(awaited: Awaited, { clock, signal }: Waiting): Promise<void> {
  const startedMs = clock.nowMs();
  for (;;) {
    throwIfInterrupted(signal);
    if (awaited.hasEnded()) throw await notStarted(awaited, "ended at once");
    if (await awaited.isReady()) return;
    if (clock.nowMs() - startedMs > limitMs)
      throw await notStarted(awaited, `does not answer after ${limitMs / 1_000} s`);
    await wait(pauseMs);
  }
}

/** @throws LakhError MONITOR_INTERRUPTED */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new LakhError(
    "MONITOR_INTERRUPTED" satisfies MonitorErrorCode,
    "interrupted; what had been started is stopped again",
    { hint: "lakh monitor up starts it anew", exitCode: exitCodes.externalAbort },
  );
}

async function notStarted(awaited: Awaited, what: string): Promise<LakhError> {
  const { name, logPath, logHint, advice } = awaited;
  const log = logPath === undefined ? "" : await readFile(logPath, "utf8").catch(() => "");
  const said = lastWords(log);
  const known = advice.find(([sign]) => sign.test(said))?.[1];
  return new LakhError(
    "MONITOR_START" satisfies MonitorErrorCode,
    `${name} ${what}${said === "" ? "" : `: ${said}`}`,
    { hint: known ?? logHint },
  );
}

/** The last complaint of a log, else its last line; of a line in key=value form its error and message. */
export function lastWords(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const line = lines.findLast((each) => /\berr(?:or)?=/u.test(each)) ?? lines.at(-1) ?? "";
  const error = /\berr(?:or)?=("(?:[^"\\]|\\.)*"|\S+)/u.exec(line)?.[1];
  const words = error === undefined ? line : error.replace(/^"|"$/gu, "").replaceAll('\\"', '"');
  return words.trim().slice(0, 400);
}
