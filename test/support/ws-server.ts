/** A WebSocket server on loopback whose path says what it does; it tells which sockets are open and how they closed. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TestContext } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import type { TestCertificate } from "./http-certificates.ts";

export interface WsServer {
  /** "ws://127.0.0.1:port" or "wss://localhost:port". */
  readonly url: string;
  /** The same for requests. */
  readonly httpUrl: string;
  /** Sockets open now. */
  readonly openCount: number;
  /** Close codes in the order of closing. */
  readonly closeCodes: readonly number[];
  /** Resolves once `count` sockets have closed in all. */
  closed(count: number): Promise<void>;
}

type Behaviour = (socket: WebSocket, raw: Duplex, request: IncomingMessage) => void;

const echo: Behaviour = (socket) =>
  socket.on("message", (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }));

const behaviours: Readonly<Record<string, Behaviour>> = {
  "/echo": echo,
  "/deflate": echo,
  "/proto": echo,
  "/headers": (socket, _raw, request) => socket.send(JSON.stringify(request.rawHeaders)),
  "/close": (socket, _raw, request) => {
    const { searchParams } = new URL(request.url!, "http://x");
    socket.close(Number(searchParams.get("code")), searchParams.get("reason") ?? "");
  },
  "/nocode": (socket) => socket.close(),
  "/terminate": (socket) => socket.terminate(),
  "/ping": (socket) => socket.ping("hi"),
  "/pong": (socket) => socket.pong("unasked"),
  "/badframe": (_socket, raw) => void raw.write(Buffer.from([0xc1, 0x01, 0x41])),
  "/binary": (socket) => socket.send(Buffer.from([1, 2, 3])),
  "/push": (socket) => {
    for (let i = 0; i < 5; i++) socket.send(`m${i}`);
    socket.close(1000, "done");
  },
};

/** What is answered in place of an upgrade. */
const refusals: Readonly<Record<string, string>> = {
  "/401": "HTTP/1.1 401 Unauthorized\r\nX-Thing: a\r\nContent-Length: 4\r\n\r\nnope",
  "/redirect": "HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n",
  "/badaccept":
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
  "/garbage": "garbage\r\n\r\n",
};

export async function startWsServer(
  t: TestContext,
  certificate?: TestCertificate,
): Promise<WsServer> {
  const server =
    certificate === undefined
      ? createServer((_request, response) => response.end("plain"))
      : createTlsServer(certificate, (_request, response) => response.end("plain"));
  const upgrader = createUpgrader();
  server.on("upgrade", upgrader.upgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
    upgrader.terminate();
  });
  const { port } = server.address() as AddressInfo;
  const host = certificate === undefined ? `127.0.0.1:${port}` : `localhost:${port}`;
  const scheme = certificate === undefined ? "" : "s";
  return Object.assign(upgrader.state, {
    url: `ws${scheme}://${host}`,
    httpUrl: `http${scheme}://${host}`,
  });
}

/** What a test may look at. */
class SocketState {
  readonly sockets: Set<WebSocket> = new Set();
  readonly closeCodes: number[] = [];
  #waiters: (() => void)[] = [];

  get openCount(): number {
    return this.sockets.size;
  }

  onClosed(socket: WebSocket, code: number): void {
    this.sockets.delete(socket);
    this.closeCodes.push(code);
    for (const check of this.#waiters) check();
  }

  closed(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.closeCodes.length >= count) resolve();
      };
      this.#waiters.push(check);
      check();
    });
  }
}

function createUpgrader(): {
  state: SocketState;
  upgrade: (request: IncomingMessage, raw: Duplex, head: Buffer) => void;
  terminate: () => void;
} {
  const options = { noServer: true, handleProtocols: (all: Set<string>) => [...all][0]! };
  const plain = new WebSocketServer(options);
  const deflating = new WebSocketServer({ ...options, perMessageDeflate: { threshold: 0 } });
  for (const each of [plain, deflating]) {
    each.on("headers", (headers) => headers.push("X-From: server", "Set-Cookie: from=ws; Path=/"));
  }
  const state = new SocketState();
  const upgrade = (request: IncomingMessage, raw: Duplex, head: Buffer): void => {
    const { pathname } = new URL(request.url!, "http://x");
    if (Object.hasOwn(refusals, pathname)) {
      raw.end(refusals[pathname]);
    } else if (!Object.hasOwn(behaviours, pathname)) {
      raw.destroy();
    } else {
      const accepter = pathname === "/deflate" ? deflating : plain;
      accepter.handleUpgrade(request, raw, head, (socket) => {
        state.sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", (code) => state.onClosed(socket, code));
        behaviours[pathname]!(socket, raw, request);
      });
    }
  };
  const terminate = (): void => {
    for (const socket of state.sockets) socket.terminate();
  };
  return { state, upgrade, terminate };
}
