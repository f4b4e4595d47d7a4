/** Servers on loopback for tests of the HTTP client, and options for the client itself. */
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { TlsOptions } from "node:tls";
import type { TestContext } from "node:test";
import { systemClock } from "../../src/base/clock.ts";
import { createHttpStack } from "../../src/http/index.ts";
import type { HttpClient, HttpOptions, HttpRequest } from "../../src/http/index.ts";

/** k6's defaults. */
export const defaultHttpOptions: HttpOptions = {
  insecureSkipTlsVerify: false,
  noConnectionReuse: false,
  maxConnectionsPerHost: 6,
  maxBodyBytes: 16 * 1024 * 1024,
  hosts: {},
  blockHostnames: [],
  blacklistIps: [],
  dns: { ttlMs: 300_000, select: "random", policy: "preferIPv4" },
  localIps: undefined,
  tls: {
    minVersion: undefined,
    maxVersion: undefined,
    cipherSuites: [],
    certificates: [],
    trust: { file: undefined, dir: undefined },
    keyLogFile: undefined,
  },
  proxies: { http: "", https: "", none: "" },
};

/** A client of a stack of its own; both end with the test. */
export function startClient(t: TestContext, options: Partial<HttpOptions> = {}): HttpClient {
  const stack = createHttpStack({ ...defaultHttpOptions, ...options }, systemClock);
  t.after(() => stack.close());
  return stack.createClient();
}

/** A GET without headers, with a limit that no passing test reaches. */
export function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url, headers: [], timeoutMs: 20_000, ...more };
}

/** What a raw server tells of itself. */
export interface RawServer {
  readonly port: number;
  /** "http://127.0.0.1:port" or "https://…". */
  readonly url: string;
  /** Connections accepted so far. */
  readonly sockets: readonly Socket[];
}

/** A TCP server whose sockets the test drives by hand; ends with the test. */
export async function startRawServer(
  t: TestContext,
  onSocket: (socket: Socket, index: number) => void,
): Promise<RawServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => accept(socket, sockets, onSocket));
  return await listen(t, server, { sockets, scheme: "http" });
}

/** The same over TLS. */
export async function startRawTlsServer(
  t: TestContext,
  options: TlsOptions,
  onSocket: (socket: Socket, index: number) => void,
): Promise<RawServer> {
  const sockets: Socket[] = [];
  const server = createTlsServer(options, (socket) => accept(socket, sockets, onSocket));
  return await listen(t, server, { sockets, scheme: "https" });
}

/** Calls `onRequest` for each request head (and the bytes after it) that arrives on a socket. */
export function onRequests(
  socket: Socket,
  onRequest: (head: string, index: number) => unknown,
): void {
  let received = "";
  let index = 0;
  socket.on("data", (data) => {
    received += data.toString("latin1");
    for (let end = received.indexOf("\r\n\r\n"); end !== -1; end = received.indexOf("\r\n\r\n")) {
      const head = received.slice(0, end + 4);
      received = received.slice(end + 4);
      onRequest(head, index++);
    }
  });
}

/** A server that answers every request head with the same bytes. */
export async function startAnswering(t: TestContext, response: string): Promise<RawServer> {
  return await startRawServer(t, (socket) => {
    onRequests(socket, () => socket.write(response, "latin1"));
  });
}

/** The body as text; throws when there is none. */
export function textOf(exchange: { body: Uint8Array | undefined }): string {
  if (exchange.body === undefined) throw new Error("the exchange has no body");
  return Buffer.from(exchange.body).toString("latin1");
}

function accept(
  socket: Socket,
  sockets: Socket[],
  onSocket: (socket: Socket, index: number) => void,
): void {
  socket.on("error", () => undefined); // the client under test may reset it
  sockets.push(socket);
  onSocket(socket, sockets.length - 1);
}

async function listen(
  t: TestContext,
  server: Server,
  { sockets, scheme }: { sockets: Socket[]; scheme: string },
): Promise<RawServer> {
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `${scheme}://127.0.0.1:${port}`, sockets };
}
