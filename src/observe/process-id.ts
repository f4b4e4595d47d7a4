/** Reads CPU and memory of a local process from the kernel (Linux: proc(5)); the process alone, not its children. */
import { readFile } from "node:fs/promises";
import type { ObservationSource } from "./source.ts";

/** USER_HZ, which Linux fixes at 100 on every common architecture (proc(5), sysconf(3)). */
const ticksPerSecond = 100;

/** What proc(5) says of a process. */
export interface ProcessStat {
  /** User and system time since it started. */
  readonly cpuSeconds: number;
  /** Start, in ticks since boot: with the pid, it names one process for ever. */
  readonly startTicks: number;
}

/**
 * A source that reads process `pid`. Its reads reject when the process is gone, when its pid has come to belong to
 * another one, and where there is no proc file system.
 */
export function createProcessSource(pid: number): ObservationSource {
  return createProcSource(pid, "/proc");
}

/** As {@link createProcessSource}, with proc(5) mounted at `procRoot`. */
export function createProcSource(pid: number, procRoot: string): ObservationSource {
  let startTicks: number | undefined;
  return {
    describe: `pid ${pid}`,
    async read() {
      const [stat, status] = await readProcess(pid, procRoot);
      const { cpuSeconds, startTicks: startedAt } = parseStat(stat);
      startTicks ??= startedAt;
      if (startedAt !== startTicks)
        throw new Error(`process ${pid} has ended; its number belongs to another process now`);
      return [
        { name: "cpu_cores", unit: "cores", value: cpuSeconds, isTotal: true },
        { name: "memory_bytes", unit: "bytes", value: parseResidentBytes(status), isTotal: false },
      ];
    },
  };
}

/** Fields 14, 15 (utime, stime) and 22 (starttime). The second is the command in parentheses and may hold anything. */
export function parseStat(stat: string): ProcessStat {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    startTicks: Number(fields[19]),
  };
}

/** VmRSS in bytes; NaN for a process without memory (a zombie, a kernel thread). */
export function parseResidentBytes(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1] ?? Number.NaN) * 1_024;
}

async function readProcess(pid: number, procRoot: string): Promise<[stat: string, status: string]> {
  try {
    return await Promise.all([
      readFile(`${procRoot}/${pid}/stat`, "utf8"),
      readFile(`${procRoot}/${pid}/status`, "utf8"),
    ]);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ESRCH") throw cause;
    throw new Error(`there is no process ${pid} in ${procRoot}`);
  }
}
