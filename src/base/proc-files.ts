/** Files of /proc and /sys, which are there on Linux only, and what stands in them. The parsers are pure. */
import { readFile } from "node:fs/promises";

/** The text of a file; undefined when it is not there or may not be read. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined; // another system, or a container that hides it
  }
}

/** What the system lets one process have of something. */
export interface Limit {
  /** Infinity: none. */
  readonly soft: number;
  readonly hard: number;
}

/** A line of /proc/<pid>/limits: "Max open files". */
export function parseLimit(text: string, name: string): Limit | undefined {
  const line = text.split("\n").find((each) => each.startsWith(name));
  const [soft, hard] = line?.slice(name.length).trim().split(/\s+/u) ?? [];
  if (soft === undefined || hard === undefined) return undefined;
  const toNumber = (value: string): number => (value === "unlimited" ? Infinity : Number(value));
  return { soft: toNumber(soft), hard: toNumber(hard) };
}

/** How many ports net.ipv4.ip_local_port_range has, both ends included: "32768\t60999". */
export function parsePortRange(text: string | undefined): number | undefined {
  const [first, last] = (text ?? "").trim().split(/\s+/u).map(Number);
  return first === undefined || last === undefined || !(last >= first)
    ? undefined
    : last - first + 1;
}

/** Periods of a CPU quota so far, and those in which it was used up before the end. */
export interface QuotaPeriods {
  readonly all: number;
  readonly throttled: number;
}

/** Of a cgroup's `cpu.stat`, which has these two names in version 1 and 2; undefined where there is no quota controller. */
export function parseQuotaPeriods(cpuStat: string | undefined): QuotaPeriods | undefined {
  const field = (name: string): number | undefined => {
    const value = new RegExp(`^${name} (\\d+)$`, "mu").exec(cpuStat ?? "")?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const [all, throttled] = [field("nr_periods"), field("nr_throttled")];
  return all === undefined || throttled === undefined ? undefined : { all, throttled };
}

/** CPU time of all processors since the machine started, in ticks (proc(5)). */
export interface CpuTimes {
  readonly total: number;
  readonly idle: number;
  /** Given to others by the hypervisor. */
  readonly steal: number;
}

/** The line of all processors together in /proc/stat. `guest` and `guest_nice`, the last two, are part of `user` and `nice`. */
export function parseCpuTimes(stat: string | undefined): CpuTimes | undefined {
  const line = /^cpu +(.+)$/mu.exec(stat ?? "")?.[1] ?? "";
  const fields = line.trim().split(/ +/u).slice(0, 8).map(Number);
  if (fields.length < 8 || !fields.every(Number.isFinite)) return undefined;
  const total = fields.reduce((sum, ticks) => sum + ticks, 0);
  return { total, idle: fields[3]! + fields[4]!, steal: fields[7]! };
}
