/** Reads CPU and memory of a local process from the kernel (Linux: proc(5)); the process alone, not its children. */
import { readFile } from "node:fs/promises";
import type { ObservationSource } from "./source.ts";

/** USER_HZ, which Linux fixes at 100 on every common architecture (proc(5), sysconf(3)). */
const ticksPerSecond = 100;

export function createProcessSource(pid: number): ObservationSource {
  return {
    describe: `pid ${pid}`,
    async read() {
      const [stat, status] = await Promise.all([
        readFile(`/proc/${pid}/stat`, "utf8"),
        readFile(`/proc/${pid}/status`, "utf8"),
      ]);
      // The second field is the command in parentheses, and may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
      const rssKib = Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1] ?? Number.NaN);
      return [
        { name: "cpu_cores", unit: "cores", value: cpuSeconds, isTotal: true },
        { name: "memory_bytes", unit: "bytes", value: rssKib * 1_024, isTotal: false },
      ];
    },
  };
}
