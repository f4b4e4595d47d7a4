/**
 * What the machine withholds from the generator: CPU time that the hypervisor gave to others (steal, proc(5)) and
 * periods in which the cgroup's CPU quota was used up (throttling, cgroups(7)). Neither shows in the generator's own
 * figures: its clock goes on while it does not.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CpuTimes,
  parseCpuTimes,
  parseQuotaPeriods,
  type QuotaPeriods,
} from "../base/proc-files.ts";

/** Shares of the time since the reading before, 0 to 1; null where the machine does not say. */
export interface MachineReading {
  readonly stealShare: number | null;
  readonly throttledShare: number | null;
}

export interface MachineWatch {
  read(): MachineReading;
}

/** Where proc(5) and the cgroup file system are mounted. */
export interface MachineRoots {
  readonly procRoot: string;
  readonly cgroupRoot: string;
}

/**
 * Watches the machine from now on. A quota may stand at any level above the process: each level counts, the worst is
 * told.
 */
export function createMachineWatch(
  { procRoot, cgroupRoot }: MachineRoots = { procRoot: "/proc", cgroupRoot: "/sys/fs/cgroup" },
): MachineWatch {
  const membership = readText(join(procRoot, "self", "cgroup")) ?? "";
  const readTimes = (): CpuTimes | undefined => parseCpuTimes(readText(join(procRoot, "stat")));
  const readQuota = (path: string): QuotaPeriods | undefined => parseQuotaPeriods(readText(path));
  const quotaFiles = cpuStatFiles(membership)
    .map((path) => join(cgroupRoot, path))
    .filter((path) => readQuota(path) !== undefined);
  let times = readTimes();
  let quotas = quotaFiles.map(readQuota);
  return {
    read() {
      const [timesBefore, quotasBefore] = [times, quotas];
      times = readTimes();
      quotas = quotaFiles.map(readQuota);
      const shares = quotas.map((quota, level) => throttledShare(quotasBefore[level], quota));
      const known = shares.filter((share) => share !== null);
      return {
        stealShare: stealShare(timesBefore, times),
        throttledShare: known.length === 0 ? null : Math.max(...known),
      };
    },
  };
}

/**
 * Where the `cpu.stat` of the process's cgroup and of all above it may stand, below the mount: version 2 and, as
 * hybrid systems have both, version 1. In a container the path may be the host's and not exist: the root of the mount is
 * the container's own then.
 * @param membership the text of `/proc/self/cgroup`
 */
export function cpuStatFiles(membership: string): string[] {
  const unified = /^0::(\/.*)$/mu.exec(membership)?.[1];
  const [, controllers, path] =
    /^\d+:((?:[^:\n]*,)?cpu(?:,[^:\n]*)?):(\/.*)$/mu.exec(membership) ?? [];
  return [
    ...(unified === undefined ? [] : levelsOf(unified).map((level) => join(level, "cpu.stat"))),
    ...(controllers === undefined
      ? []
      : levelsOf(path!).map((level) => join(controllers, level, "cpu.stat"))),
  ];
}

/** "/a/b" → "a/b", "a", "". */
function levelsOf(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  return Array.from({ length: names.length + 1 }, (_, up) =>
    names.slice(0, names.length - up).join("/"),
  );
}

function stealShare(before: CpuTimes | undefined, now: CpuTimes | undefined): number | null {
  if (before === undefined || now === undefined || now.total <= before.total) return null;
  return clamped((now.steal - before.steal) / (now.total - before.total));
}

/** A quota that no period of has passed has throttled nothing. */
function throttledShare(
  before: QuotaPeriods | undefined,
  now: QuotaPeriods | undefined,
): number | null {
  if (before === undefined || now === undefined) return null;
  const periods = now.all - before.all;
  return periods > 0 ? clamped((now.throttled - before.throttled) / periods) : 0;
}

/** The kernel's counters may go back a little when a processor is taken away. */
function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // another system, or not allowed: then it is not known
  }
}
