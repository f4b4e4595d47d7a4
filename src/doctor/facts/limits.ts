/** What the system lets one process have: open files, processes, memory maps. */
import { readText } from "./text-file.ts";

export interface Limit {
  /** Infinity: none. */
  readonly soft: number;
  readonly hard: number;
}

export interface LimitFacts {
  /** Undefined when it cannot be read here. Node raises the soft limit to the hard one at its start. */
  readonly openFiles: Limit | undefined;
  readonly processes: Limit | undefined;
}

export async function readLimits(): Promise<LimitFacts> {
  const text = (await readText("/proc/self/limits")) ?? "";
  return {
    openFiles: parseLimit(text, "Max open files"),
    processes: parseLimit(text, "Max processes"),
  };
}

/** A line of /proc/<pid>/limits. */
export function parseLimit(text: string, name: string): Limit | undefined {
  const line = text.split("\n").find((each) => each.startsWith(name));
  const [soft, hard] = line?.slice(name.length).trim().split(/\s+/u) ?? [];
  if (soft === undefined || hard === undefined) return undefined;
  const toNumber = (value: string): number => (value === "unlimited" ? Infinity : Number(value));
  return { soft: toNumber(soft), hard: toNumber(hard) };
}
