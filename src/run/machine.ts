/** What this machine allows a generator: limits of the system, read where Linux shows them, undefined elsewhere. */
import { readFile } from "node:fs/promises";
import type { MachineFacts } from "../lint/index.ts";

export async function readMachineFacts(): Promise<MachineFacts> {
  const [limits, ports] = await Promise.all([
    readText("/proc/self/limits"),
    readText("/proc/sys/net/ipv4/ip_local_port_range"),
  ]);
  return { openFiles: openFilesOf(limits), ephemeralPorts: portsOf(ports) };
}

/** The soft limit in the table of /proc/self/limits; undefined when there is none. */
export function openFilesOf(limits: string): number | undefined {
  const limit = /^Max open files\s+(\d+)/mu.exec(limits)?.[1];
  return limit === undefined ? undefined : Number(limit);
}

/** How many ports a range such as "32768	60999" has. */
export function portsOf(range: string): number | undefined {
  const [, low, high] = /^\s*(\d+)\s+(\d+)/u.exec(range) ?? [];
  return low === undefined ? undefined : Number(high) - Number(low) + 1;
}

/** Empty when there is no such file: another system, or a container that hides it. */
async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
