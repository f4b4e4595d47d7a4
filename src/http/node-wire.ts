/** A socket of Node's: TLS, and TCP where a tunnel is dug or where Node has no handle for `tcp-wire.ts`. */
import { connect as connectTcp } from "node:net";
import type { OnReadOpts, Socket } from "node:net";
import type { ConnectWire, Wire, WireListener } from "./wire.ts";

/** Up to here one write is taken at once by any socket, and write() returning means "in the kernel". */
const smallRequestBytes = 16_384;

/** Told of its socket when that is made, because the socket is made with `reading`. */
export class NodeWire implements Wire {
  listener: WireListener;
  #socket: Socket | undefined;

  constructor(listener: WireListener) {
    this.listener = listener;
  }

  /** The option `onread` for a socket that {@link watch} is told of next. */
  reading(buffer: Buffer): OnReadOpts {
    return {
      buffer,
      callback: (bytes: number, bytesRead: Uint8Array): boolean => {
        this.listener.onRead(bytes, bytesRead as Buffer);
        return true;
      },
    };
  }

  /** Takes a socket, connected or not. */
  watch(socket: Socket): void {
    this.#socket = socket;
    // tls.connect ignores the option of this name; without it a head and body in two writes wait 40 ms.
    socket.setNoDelay(true);
    socket.on("end", () => this.listener.onEnd());
    socket.on("error", (error: NodeJS.ErrnoException) => this.listener.onError(error));
    socket.on("close", () => this.listener.onClosed());
  }

  get isOpen(): boolean {
    return this.#socket!.readyState === "open";
  }

  send(head: string, body: string | Uint8Array | undefined): boolean {
    const socket = this.#socket!;
    const bodyBytes = body === undefined ? 0 : Buffer.byteLength(body);
    const isSmall = head.length + bodyBytes <= smallRequestBytes;
    const onFlushed = isSmall
      ? undefined
      : (): void => {
          if (!socket.destroyed) this.listener.onFlushed(); // what that drops is called back too
        };
    if (body === undefined) {
      socket.write(head, "latin1", onFlushed);
    } else {
      socket.cork();
      socket.write(head, "latin1");
      if (typeof body === "string") socket.write(body, "utf8", onFlushed);
      else socket.write(body, onFlushed);
      socket.uncork();
    }
    return isSmall;
  }

  destroy(): void {
    this.#socket!.destroy();
  }
}

/** Begins to connect over `node:net`, as a TcpWire does. */
export const connectNodeWire: ConnectWire = (where, { buffer, listener, onConnect }) => {
  const wire = new NodeWire(listener);
  const socket = connectTcp({ ...where, autoSelectFamily: false, onread: wire.reading(buffer) });
  wire.watch(socket);
  socket.on("connect", onConnect);
  return wire;
};
