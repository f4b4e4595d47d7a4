/** Ports for programs that take their own from a setting. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

interface Ports {
  1: [number];
  2: [number, number];
  3: [number, number, number];
}

/** A port of 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0];
}

/** As {@link freePort}, for a program that listens on several: asked for one by one, two can be the same. */
export async function freePorts<Count extends keyof Ports>(count: Count): Promise<Ports[Count]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  await Promise.all(servers.map((server) => once(server, "close")));
  return ports as Ports[Count];
}
