/** What a connection speaks over: bytes to a peer and back, on a TCP or a TLS socket. */

/** A connected socket. */
export interface Wire {
  /** Who is told; changes when one who has dialled hands the socket on. */
  listener: WireListener;
  /** True while both directions are open. */
  readonly isOpen: boolean;
  /**
   * Writes a head (latin1) and a body, a string as UTF-8; nothing else may be waiting to be written.
   * @returns true when all of it is in the kernel; false: `onFlushed` comes when it is
   */
  send(head: string, body: string | Uint8Array | undefined): boolean;
  /** Closes at once, from inside a callback too. Afterwards nothing comes but `onClosed`. */
  destroy(): void;
}

/** Whom a wire tells, never inside `send` or `destroy`. */
export interface WireListener {
  /** Bytes 0 to `bytes` of `buffer` have come; they are overwritten by the next read of any wire. */
  onRead(bytes: number, buffer: Buffer): void;
  /** What `send` left over is written. */
  onFlushed(): void;
  /** The peer has finished sending. */
  onEnd(): void;
  /** The wire is of no use any more; errno of the system, or OpenSSL's code. */
  onError(error: NodeJS.ErrnoException): void;
  /** The descriptor is given back. Comes once, last. */
  onClosed(): void;
}

/** Where to connect to, and from where. */
export interface WireAddress {
  readonly host: string;
  readonly port: number;
  /** undefined: the system chooses */
  readonly localAddress: string | undefined;
}

/** What a wire is given of its own side. */
export interface WireEnds {
  /** Where everything is read to. */
  readonly buffer: Buffer;
  /** Told of a failure to connect too. */
  readonly listener: WireListener;
  /** The wire is open; never called before the call that connects has returned. */
  readonly onConnect: () => void;
}

/** Begins to connect. */
export type ConnectWire = (where: WireAddress, ends: WireEnds) => Wire;
