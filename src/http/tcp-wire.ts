/**
 * A TCP socket directly on Node's handle, as `node:net` uses it, without the stream around it: no buffers, states, ticks
 * and events of a Duplex for a protocol in which either side speaks in turn.
 * Measured with the guide's journey on 5,000 connections: net's streams were 17 % of a worker's time and 3 KB a
 * connection. The handle's binding is no public interface of Node, though it has been the same from 20 to 24:
 * `hasTcpHandles` looks at its shape, and where that differs `node-wire.ts` serves, which does the same in all else.
 */
import nodeProcess, { nextTick } from "node:process";
import { getSystemErrorName } from "node:util";
import type { ConnectWire, Wire, WireAddress, WireEnds, WireListener } from "./wire.ts";

interface TcpHandle {
  onread: (this: TcpHandle) => void;
  wire: TcpWire;
  bind(ip: string, port: number): number;
  bind6(ip: string, port: number, flags: number): number;
  connect(request: ConnectRequest, ip: string, port: number): number;
  connect6(request: ConnectRequest, ip: string, port: number): number;
  setNoDelay(isOn: boolean): number;
  useUserBuffer(buffer: Buffer): void;
  readStart(): number;
  writeLatin1String(request: WriteRequest, text: string): number;
  /** @param pieces buffers and strings, each with its encoding behind it */
  writev(request: WriteRequest, pieces: unknown[], areAllBuffers: boolean): number;
  close(onClosed: () => void): void;
}

interface ConnectRequest {
  oncomplete: (this: ConnectRequest, status: number) => void;
  wire: TcpWire;
}

interface WriteRequest {
  oncomplete: (this: WriteRequest, status: number) => void;
  wire: TcpWire | undefined;
  /** Kept from the collector until they are written. */
  pieces: unknown;
}

interface TcpBinding {
  readonly TCP: new (type: number) => TcpHandle;
  readonly TCPConnectWrap: new () => ConnectRequest;
  readonly constants: { readonly SOCKET: number };
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  /** What the last call or callback of any handle of this thread left behind. */
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
}

const handleMethods = [
  "bind",
  "bind6",
  "connect",
  "connect6",
  "setNoDelay",
  "useUserBuffer",
  "readStart",
  "writeLatin1String",
  "writev",
  "close",
] as const satisfies readonly (keyof TcpHandle)[];
const endOfFile = "EOF";

const bindings = findBindings();
/** Whether this Node has the handles that {@link TcpWire} is made of. */
export const hasTcpHandles: boolean = bindings !== undefined;

function findBindings(): (TcpBinding & StreamBinding) | undefined {
  try {
    const internals = nodeProcess as unknown as { binding(name: string): unknown };
    const found = {
      ...(internals.binding("tcp_wrap") as TcpBinding),
      ...(internals.binding("stream_wrap") as StreamBinding),
    };
    const prototype = found.TCP.prototype as Record<string, unknown>;
    const isAsKnown =
      handleMethods.every((name) => typeof prototype[name] === "function") &&
      found.streamBaseState instanceof Int32Array &&
      [found.TCPConnectWrap, found.WriteWrap].every((wrap) => typeof wrap === "function") &&
      [found.constants.SOCKET, found.kReadBytesOrError, found.kLastWriteWasAsync].every(
        Number.isInteger,
      );
    return isAsKnown ? found : undefined;
  } catch {
    return undefined; // a Node without them
  }
}

/** The request of the next write: only a write that has to wait uses it up. */
let spareWrite: WriteRequest | undefined;

/** Connects a wire of this kind; only where {@link hasTcpHandles}. */
export const connectTcpWire: ConnectWire = (where, ends) => new TcpWire(where, ends);

class TcpWire implements Wire {
  listener: WireListener;
  readonly #handle: TcpHandle;
  readonly #buffer: Buffer;
  #isOpen = false;
  #isDestroyed = false;

  constructor(
    { host, port, localAddress }: WireAddress,
    { buffer, listener, onConnect }: WireEnds,
  ) {
    const { TCP, TCPConnectWrap, constants } = bindings!;
    const handle = new TCP(constants.SOCKET);
    this.listener = listener;
    this.#handle = handle;
    this.#buffer = buffer;
    handle.wire = this;
    // An address by now: that it has colons tells what a long regular expression would.
    const isIpv6 = host.includes(":");
    let problem = 0;
    if (localAddress !== undefined)
      problem = isIpv6 ? handle.bind6(localAddress, 0, 0) : handle.bind(localAddress, 0);
    if (problem !== 0) {
      this.#failSoon(problem, "bind");
      return;
    }
    const request = new TCPConnectWrap();
    request.wire = this;
    request.oncomplete = (status) => this.#onConnected(status, onConnect);
    problem = isIpv6 ? handle.connect6(request, host, port) : handle.connect(request, host, port);
    if (problem !== 0) this.#failSoon(problem, "connect");
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(head: string, body: string | Uint8Array | undefined): boolean {
    const request = spareWrite ?? newWrite();
    const { streamBaseState, kLastWriteWasAsync } = bindings!;
    let pieces: unknown[] | undefined;
    let problem: number;
    if (body === undefined) {
      problem = this.#handle.writeLatin1String(request, head);
    } else {
      const encoding = typeof body === "string" ? "utf8" : "buffer";
      pieces = [head, "latin1", body, encoding];
      problem = this.#handle.writev(request, pieces, false);
    }
    if (problem !== 0) {
      this.#failSoon(problem, "write");
      return false;
    }
    if (streamBaseState[kLastWriteWasAsync] === 0) return true;
    spareWrite = undefined;
    request.wire = this;
    request.pieces = pieces;
    return false;
  }

  destroy(): void {
    this.#isOpen = false;
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#handle.close(() => this.listener.onClosed());
  }

  /** A read has ended, well or not. */
  onRead(): void {
    if (this.#isDestroyed) return;
    const { streamBaseState, kReadBytesOrError } = bindings!;
    const bytesOrError = streamBaseState[kReadBytesOrError]!;
    if (bytesOrError > 0) this.listener.onRead(bytesOrError, this.#buffer);
    else if (bytesOrError < 0) this.#onReadEnd(bytesOrError);
  }

  /** A write that had to wait has ended. */
  onWritten(status: number): void {
    if (this.#isDestroyed) return;
    if (status === 0) this.listener.onFlushed();
    else this.#fail(status, "write");
  }

  #onReadEnd(error: number): void {
    this.#isOpen = false;
    if (getSystemErrorName(error) === endOfFile) this.listener.onEnd();
    else this.#fail(error, "read");
  }

  #onConnected(status: number, onConnect: () => void): void {
    if (this.#isDestroyed) return;
    if (status !== 0) {
      this.#fail(status, "connect");
      return;
    }
    this.#isOpen = true;
    this.#handle.setNoDelay(true);
    this.#handle.useUserBuffer(this.#buffer);
    this.#handle.onread = onRead;
    this.#handle.readStart();
    onConnect();
  }

  #failSoon(error: number, syscall: string): void {
    this.#isOpen = false;
    nextTick(() => {
      if (!this.#isDestroyed) this.#fail(error, syscall);
    });
  }

  #fail(errno: number, syscall: string): void {
    this.#isOpen = false;
    const code = getSystemErrorName(errno);
    const error = Object.assign(new Error(`${syscall} ${code}`), { code, errno, syscall });
    this.listener.onError(error);
  }
}

function newWrite(): WriteRequest {
  const request = new bindings!.WriteWrap();
  request.oncomplete = onWritten;
  request.wire = undefined;
  request.pieces = undefined;
  spareWrite = request;
  return request;
}

function onRead(this: TcpHandle): void {
  this.wire.onRead();
}

function onWritten(this: WriteRequest, status: number): void {
  this.wire!.onWritten(status);
}
