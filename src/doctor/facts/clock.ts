/** The clocks: do wall time and monotonic time run alike, and does somebody keep the wall clock right? */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Clock } from "../../base/clock.ts";
import { readText } from "../../base/proc-files.ts";

export interface ClockFacts {
  /** Wall time gained on monotonic time, and in how long. */
  readonly driftMs: number;
  readonly overMs: number;
  /** True when the wall clock is kept by NTP; undefined when nothing here tells. */
  readonly isSynchronized: boolean | undefined;
}

export interface ClockReading {
  readonly wallMs: number;
  readonly nowMs: number;
}

export function readClock(clock: Clock): ClockReading {
  return { wallMs: clock.wallMs(), nowMs: clock.nowMs() };
}

export async function readClockFacts(clock: Clock, before: ClockReading): Promise<ClockFacts> {
  const after = readClock(clock);
  const overMs = after.nowMs - before.nowMs;
  return {
    driftMs: after.wallMs - before.wallMs - overMs,
    overMs,
    isSynchronized: await readSynchronized(),
  };
}

/** systemd tells by a file or by timedatectl; other systems, and containers, do not tell. */
async function readSynchronized(): Promise<boolean | undefined> {
  if ((await readText("/run/systemd/timesync/synchronized")) !== undefined) return true;
  try {
    const args = ["show", "-p", "NTPSynchronized", "--value"];
    const { stdout } = await promisify(execFile)("timedatectl", args, { timeout: 3_000 });
    return stdout.trim() === "yes" ? true : stdout.trim() === "no" ? false : undefined;
  } catch {
    return undefined; // no timedatectl, or no systemd behind it
  }
}
