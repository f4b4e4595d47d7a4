/** CPU time and memory of lakh's own process. */
import type { ProcessReading } from "./collector.ts";

export function readOwnProcess(): ProcessReading {
  const { user, system } = globalThis.process.cpuUsage();
  return { cpuMicros: user + system, rssBytes: residentBytes() };
}

/** Read from a file: when the descriptors are used up, which is when the record matters, it is not known. */
function residentBytes(): number {
  try {
    return globalThis.process.memoryUsage.rss();
  } catch {
    return NaN;
  }
}
