/** WebSockets on both ports, on the `ws` package; the path chooses what the other end does. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

type Behaviour = (socket: WebSocket, request: IncomingMessage, raw: Duplex) => void;

const behaviours: Readonly<Record<string, Behaviour>> = {
  "ws-echo": (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  },
  /** Says hello, and closes with `/ws-close/<code>/<reason>` after the first message. */
  "ws-close": (socket, request) => {
    const [, , code, reason] = (request.url ?? "").split("/");
    socket.send("hello");
    socket.once("message", () => socket.close(Number(code ?? 1000), reason ?? ""));
  },
  /** Tells the handshake's headers. */
  "ws-headers": (socket, request) => {
    socket.send(JSON.stringify(request.headers));
    socket.on("message", () => socket.close());
  },
  /** Hangs up without a close frame after the first message. */
  "ws-drop": (socket) => {
    socket.once("message", () => socket.terminate());
  },
  "ws-ping": (socket) => {
    socket.on("pong", (data) => socket.send(`pong ${data.toString()}`));
    socket.on("message", () => socket.ping("from the target"));
  },
  "ws-pong": (socket) => socket.pong("unasked"),
  /** A close frame without a code. */
  "ws-no-code": (socket) => socket.close(),
  /** A frame with an opcode that does not exist. */
  "ws-bad-frame": (_socket, _request, raw) => void raw.write(Buffer.from([0xc1, 0x01, 0x41])),
  "ws-binary": (socket) => socket.send(Buffer.from([1, 2, 3])),
  /** Five messages and the end. */
  "ws-push": (socket) => {
    for (let i = 0; i < 5; i++) socket.send(`m${i}`);
    socket.close(1000, "done");
  },
  "ws-deflate": (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  },
};

/** What is answered in place of an upgrade. */
const refusals: Readonly<Record<string, string>> = {
  "ws-401": "HTTP/1.1 401 Unauthorized\r\nX-Thing: a\r\nContent-Length: 4\r\n\r\nnope",
  "ws-redirect": "HTTP/1.1 302 Found\r\nLocation: /ws-echo\r\nContent-Length: 0\r\n\r\n",
  "ws-bad-accept":
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
  "ws-garbage": "garbage\r\n\r\n",
};

/** Handles the `upgrade` event of a server. */
export function websocketUpgrade(): (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => void {
  const options = {
    noServer: true,
    handleProtocols: (offered: Set<string>): string | false =>
      offered.values().next().value ?? false,
  };
  const plain = new WebSocketServer(options);
  const deflating = new WebSocketServer({ ...options, perMessageDeflate: { threshold: 0 } });
  return (request, socket, head) => {
    socket.on("error", () => undefined); // clients under test hang up
    const name = (request.url ?? "").split(/[/?]/u)[1] ?? "";
    const behaviour = behaviours[name];
    if (Object.hasOwn(refusals, name)) {
      socket.end(refusals[name]);
      return;
    }
    if (behaviour === undefined) {
      socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      return;
    }
    const server = name === "ws-deflate" ? deflating : plain;
    server.handleUpgrade(request, socket, head, (accepted) => {
      accepted.on("error", () => undefined); // clients under test break the protocol
      behaviour(accepted, request, socket);
    });
  };
}
