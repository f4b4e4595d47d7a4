/** Processor time: cores, what a container may use of them, what others use, and what a hypervisor takes away. */
import { availableParallelism, loadavg } from "node:os";
import {
  type CpuTimes,
  parseCpuTimes,
  parseQuotaPeriods,
  readText,
} from "../../base/proc-files.ts";

export interface ProcessorFacts {
  readonly cores: number;
  /** Cores that the cgroup may use; undefined: all. */
  readonly quotaCores: number | undefined;
  /** Share of the scheduler's periods in which the cgroup was held back; undefined without a quota. */
  readonly throttledShare: number | undefined;
  /** Runnable tasks, mean of a minute; undefined where the system does not tell. */
  readonly loadAverage: number | undefined;
  /** Over the time that the check took; undefined when it cannot be read here. */
  readonly stealShare: number | undefined;
  readonly busyShare: number | undefined;
}

/** @param before reading of {@link readCpuTimes} some time ago */
export async function readProcessor(before: CpuTimes | undefined): Promise<ProcessorFacts> {
  const [after, quota, stat] = await Promise.all([readCpuTimes(), readQuota(), readCpuStat()]);
  const total = before === undefined || after === undefined ? 0 : after.total - before.total;
  const shareOf = (part: (times: CpuTimes) => number): number | undefined =>
    total <= 0 ? undefined : (part(after!) - part(before!)) / total;
  const idleShare = shareOf(({ idle }) => idle);
  const [minute = 0] = loadavg();
  return {
    cores: availableParallelism(),
    quotaCores: quota,
    throttledShare: quota === undefined ? undefined : parseThrottled(stat),
    loadAverage: minute === 0 ? undefined : minute,
    stealShare: shareOf(({ steal }) => steal),
    busyShare: idleShare === undefined ? undefined : 1 - idleShare,
  };
}

export async function readCpuTimes(): Promise<CpuTimes | undefined> {
  return parseCpuTimes(await readText("/proc/stat"));
}

async function readQuota(): Promise<number | undefined> {
  const unified = await readText("/sys/fs/cgroup/cpu.max");
  if (unified !== undefined) return parseCpuMax(unified);
  const [quota, period] = await Promise.all([
    readText("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
    readText("/sys/fs/cgroup/cpu/cpu.cfs_period_us"),
  ]);
  return parseCpuMax(`${quota ?? "max"} ${period ?? ""}`);
}

/** "200000 100000" is two cores; "max 100000" and "-1 100000" are no limit. */
export function parseCpuMax(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/u).map(Number);
  const isLimit = quota !== undefined && period !== undefined && quota > 0 && period > 0;
  return isLimit ? quota / period : undefined;
}

async function readCpuStat(): Promise<string | undefined> {
  return (
    (await readText("/sys/fs/cgroup/cpu.stat")) ?? (await readText("/sys/fs/cgroup/cpu/cpu.stat"))
  );
}

/** nr_throttled of nr_periods. */
export function parseThrottled(text: string | undefined): number | undefined {
  const periods = parseQuotaPeriods(text);
  return periods === undefined || periods.all === 0 ? undefined : periods.throttled / periods.all;
}
