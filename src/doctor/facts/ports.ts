/** Local ports: what connections leave from. */
import { parsePortRange, readText } from "../../base/proc-files.ts";

export interface PortFacts {
  /** Ports in net.ipv4.ip_local_port_range; undefined when it cannot be read here. */
  readonly available: number | undefined;
  /** Sockets in TIME_WAIT now. */
  readonly timeWait: number | undefined;
}

export async function readPorts(): Promise<PortFacts> {
  const [range, sockstat] = await Promise.all([
    readText("/proc/sys/net/ipv4/ip_local_port_range"),
    readText("/proc/net/sockstat"),
  ]);
  return { available: parsePortRange(range), timeWait: parseTimeWait(sockstat) };
}

/** "TCP: inuse 5 orphan 0 tw 12 alloc 9 mem 1" */
export function parseTimeWait(text: string | undefined): number | undefined {
  const count = /^TCP:.*\btw (\d+)/mu.exec(text ?? "")?.[1];
  return count === undefined ? undefined : Number(count);
}
