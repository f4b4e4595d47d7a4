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

/**
 * Begins to connect.
 * @param buffer where everything is read to
 * @param listener told of a failure too
 * @param onConnect called when the wire is open, never before this returns
 */
export type ConnectWire = (
  where: WireAddress,
  buffer: Buffer,
  listener: WireListener,
  onConnect: () => void,
) => Wire;
