/**
 * An open WebSocket: messages and control frames over a socket, with the frame codec of the package `ws`.
 * Its listener hears of the end once; after that nothing is heard and nothing leaves.
 */
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import * as codec from "ws";

/** Why a connection ended, as far as it was not asked to. */
export interface ConnectionEnd {
  /** The code of the peer's close frame, 1005 without one in it, 1006 without a frame; undefined: an error of another kind. */
  readonly code: number | undefined;
  readonly reason: string;
}

/** Who is told what comes in. */
export interface ConnectionListener {
  onMessage(data: Buffer, isBinary: boolean): void;
  onPing(): void;
  onPong(payload: string): void;
  onEnd(end: ConnectionEnd): void;
}

interface Sender {
  send(data: string | Uint8Array, options: SendOptions, onWritten: () => void): void;
  ping(data: string, mask: boolean, onWritten: () => void): void;
  pong(data: Buffer, mask: boolean, onWritten: () => void): void;
  close(code: number | undefined, reason: string, mask: boolean, onWritten: () => void): void;
}

interface SendOptions {
  readonly binary: boolean;
  readonly compress: boolean;
  readonly fin: boolean;
  readonly mask: boolean;
}

interface Deflate {
  accept(parameters: readonly object[]): object;
  cleanup(): void;
}

type Extensions = Readonly<Record<string, Deflate>>;

/** The package exports its codec, but its types do not say so. */
const { Receiver, Sender, PerMessageDeflate } = codec as unknown as {
  readonly Receiver: new (options: {
    isServer: boolean;
    extensions: Extensions;
    skipUTF8Validation: boolean;
    allowSynchronousEvents: boolean;
  }) => Writable;
  readonly Sender: new (socket: Socket, extensions: Extensions) => Sender;
  readonly PerMessageDeflate: new (options: { isServer: boolean; threshold: number }) => Deflate;
};

const noExtensions: Extensions = {};
const emptyPayload = Buffer.alloc(0);
const ignore = (): void => undefined;
const closeOpcode = 0x88;
const noStatus = 1005;
const abnormal = 1006;
const protocolError = 1002;

export class SocketConnection {
  readonly #socket: Socket;
  readonly #receiver: Writable;
  readonly #sender: Sender;
  readonly #deflate: Deflate | undefined;
  readonly #listener: ConnectionListener;
  readonly #admits: () => boolean;
  #hasSentClose = false;
  #isOver = false;

  constructor(parts: {
    socket: Socket;
    usesDeflate: boolean;
    /** False: the host may get no further message, and the run is about to end. */
    admits: () => boolean;
    listener: ConnectionListener;
  }) {
    const { socket, usesDeflate } = parts;
    this.#socket = socket;
    this.#listener = parts.listener;
    this.#admits = parts.admits;
    this.#deflate = usesDeflate ? createDeflate() : undefined;
    const extensions =
      this.#deflate === undefined ? noExtensions : { "permessage-deflate": this.#deflate };
    this.#receiver = new Receiver({
      isServer: false,
      extensions,
      skipUTF8Validation: true,
      // One message a turn of the event loop: promises that a handler has left settle before the next, as in k6.
      allowSynchronousEvents: false,
    });
    this.#sender = new Sender(socket, extensions);
  }

  /** Begins to listen; `firstBytes` came with the handshake. */
  start(firstBytes: Buffer): void {
    const receiver = this.#receiver;
    const socket = this.#socket;
    const listener = this.#listener;
    receiver.on("message", (data: Buffer, isBinary: boolean) => {
      if (!this.#isOver) listener.onMessage(data, isBinary);
    });
    receiver.on("ping", (data: Buffer) => this.#onPing(data));
    receiver.on("pong", (data: Buffer) => {
      if (!this.#isOver) listener.onPong(data.toString("utf8"));
    });
    receiver.on("conclude", (code: number, reason: Buffer) => this.#onClose(code, reason));
    receiver.on("error", () => this.#onProtocolError());
    receiver.on("drain", () => socket.resume());
    socket.removeAllListeners("error");
    socket.on("error", () => this.#end({ code: undefined, reason: "" }));
    socket.on("end", () => this.#end({ code: abnormal, reason: "unexpected EOF" }));
    socket.on("close", () => this.#end({ code: abnormal, reason: "unexpected EOF" }));
    if (firstBytes.length > 0) receiver.write(firstBytes);
    socket.on("data", (chunk: Buffer) => {
      if (!receiver.write(chunk)) socket.pause();
    });
    socket.resume();
  }

  /** Bytes on the wire so far, the handshake's included. */
  get bytes(): { sent: number; received: number } {
    return { sent: this.#socket.bytesWritten, received: this.#socket.bytesRead };
  }

  /** True when nothing can be sent any more. */
  get isClosing(): boolean {
    return this.#hasSentClose || this.#isOver;
  }

  send(data: string | Uint8Array, isBinary: boolean, onWritten: () => void): void {
    if (!this.#admits()) return;
    const compress = this.#deflate !== undefined;
    this.#sender.send(data, { binary: isBinary, compress, fin: true, mask: true }, onWritten);
  }

  ping(payload: string): void {
    if (this.#admits()) this.#sender.ping(payload, true, ignore);
  }

  /** Sends a close frame, once; any code can be sent, as in k6. */
  close(code: number, reason: string): void {
    if (this.isClosing) return;
    this.#hasSentClose = true;
    if (isValidCode(code)) this.#sender.close(code, reason, true, ignore);
    else if (code === noStatus) this.#sender.close(undefined, "", true, ignore);
    else this.#socket.write(closeFrame(code, reason));
  }

  /** Ends it as Go closes a connection: what is written leaves, nothing is waited for, nobody is told. */
  shut(): void {
    this.#isOver = true;
    this.#deflate?.cleanup();
    this.#socket.destroySoon();
    // What the peer still sends must not keep the socket open.
    this.#socket.resume();
  }

  /** Ends it at once; nobody is told. */
  destroy(): void {
    this.#isOver = true;
    this.#deflate?.cleanup();
    this.#socket.destroy();
  }

  /** Stops reading: the script is not ready for more. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isOver && !this.#receiver.writableNeedDrain) this.#socket.resume();
  }

  #onPing(data: Buffer): void {
    if (this.#isOver) return;
    if (!this.#hasSentClose) this.#sender.pong(data, true, ignore);
    this.#listener.onPing();
  }

  #onClose(code: number, reason: Buffer): void {
    this.close(code, "");
    this.#end({ code, reason: reason.toString("utf8") });
  }

  #onProtocolError(): void {
    this.close(protocolError, "");
    this.#end({ code: undefined, reason: "" });
  }

  #end(end: ConnectionEnd): void {
    if (this.#isOver) return;
    this.shut();
    this.#listener.onEnd(end);
  }
}

function createDeflate(): Deflate {
  const deflate = new PerMessageDeflate({ isServer: false, threshold: 0 });
  deflate.accept([{ server_no_context_takeover: [true], client_no_context_takeover: [true] }]);
  return deflate;
}

/** Codes that the package sends; k6 sends others as well. */
function isValidCode(code: number): boolean {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}

function closeFrame(code: number, reason: string): Buffer {
  const text = reason === "" ? emptyPayload : Buffer.from(reason, "utf8");
  const frame = Buffer.alloc(8 + text.length);
  // A mask of zeros leaves the payload as it is.
  frame.writeUInt8(closeOpcode, 0);
  frame.writeUInt8(0x80 | (2 + text.length), 1);
  frame.writeUInt16BE(code & 0xffff, 6);
  text.copy(frame, 8);
  return frame;
}

/** Go's text for the end of a connection. */
export function closeErrorText({ code, reason }: ConnectionEnd): string {
  if (code === undefined) return "websocket: close sent";
  const name = closeNames.get(code);
  const label = name === undefined ? "" : ` (${name})`;
  return `websocket: close ${code}${label}${reason === "" ? "" : `: ${reason}`}`;
}

const closeNames: ReadonlyMap<number, string> = new Map([
  [1000, "normal"],
  [1001, "going away"],
  [1002, "protocol error"],
  [1003, "unsupported data"],
  [1005, "no status"],
  [1006, "abnormal closure"],
  [1007, "invalid payload data"],
  [1008, "policy violation"],
  [1009, "message too big"],
  [1010, "mandatory extension missing"],
  [1011, "internal server error"],
  [1015, "TLS handshake error"],
]);
