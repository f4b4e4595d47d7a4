/** What this machine allows a generator: limits of the system, read where Linux shows them, undefined elsewhere. */
import { parseLimit, parsePortRange, readText } from "../base/proc-files.ts";
import type { MachineFacts } from "../lint/index.ts";

export async function readMachineFacts(): Promise<MachineFacts> {
  const [limits, ports] = await Promise.all([
    readText("/proc/self/limits"),
    readText("/proc/sys/net/ipv4/ip_local_port_range"),
  ]);
  return { openFiles: openFilesOf(limits ?? ""), ephemeralPorts: parsePortRange(ports) };
}

/** The soft limit in the table of /proc/self/limits; undefined when there is none. */
export function openFilesOf(limits: string): number | undefined {
  const { soft = Infinity } = parseLimit(limits, "Max open files") ?? {};
  return Number.isFinite(soft) ? soft : undefined;
}
