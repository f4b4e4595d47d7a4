/** Memory of the machine and of the container. */
import { freemem, totalmem } from "node:os";
import { readText } from "../../base/proc-files.ts";

export interface MemoryFacts {
  readonly totalBytes: number;
  /** What a new process can have without swapping. */
  readonly availableBytes: number;
  /** The cgroup's limit and its use; undefined: none. */
  readonly cgroup: { readonly limitBytes: number; readonly usedBytes: number } | undefined;
}

export async function readMemory(): Promise<MemoryFacts> {
  const [meminfo, limit, used] = await Promise.all([
    readText("/proc/meminfo"),
    firstText("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"),
    firstText("/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
  ]);
  const totalBytes = totalmem();
  return {
    totalBytes,
    availableBytes: parseAvailable(meminfo) ?? freemem(),
    cgroup: parseCgroup(limit, used, totalBytes),
  };
}

/** "MemAvailable:   12345 kB" */
export function parseAvailable(meminfo: string | undefined): number | undefined {
  const kibibytes = /^MemAvailable:\s+(\d+) kB/mu.exec(meminfo ?? "")?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
}

/** A limit above the machine's memory, "max" among them, is none. */
export function parseCgroup(
  limit: string | undefined,
  used: string | undefined,
  totalBytes: number,
): MemoryFacts["cgroup"] {
  const limitBytes = Number(limit?.trim());
  const isLimit = limitBytes > 0 && limitBytes < totalBytes;
  return isLimit ? { limitBytes, usedBytes: Number(used?.trim() ?? 0) } : undefined;
}

async function firstText(...paths: readonly string[]): Promise<string | undefined> {
  const texts = await Promise.all(paths.map(readText));
  return texts.find((text) => text !== undefined);
}
