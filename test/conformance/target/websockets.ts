/** WebSockets on both ports, on the `ws` package; the path chooses what the other end does. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

type Behaviour = (socket: WebSocket, request: IncomingMessage) => void;

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
};

/** Handles the `upgrade` event of a server. */
export function websocketUpgrade(): (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => void {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => offered.values().next().value ?? false,
  });
  return (request, socket, head) => {
    socket.on("error", () => undefined); // clients under test hang up
    const name = (request.url ?? "").split(/[/?]/u)[1] ?? "";
    const behaviour = behaviours[name];
    if (behaviour === undefined) {
      socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      return;
    }
    server.handleUpgrade(request, socket, head, (accepted) => behaviour(accepted, request));
  };
}
