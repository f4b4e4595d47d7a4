/** What the system lets one process have: open files, processes, memory maps. */
import { type Limit, parseLimit, readText } from "../../base/proc-files.ts";

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
