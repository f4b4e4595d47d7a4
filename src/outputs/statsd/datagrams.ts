/** Lines to one address by UDP: packed into datagrams that no router has to split, a few at a time. */
import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { Reception } from "../delivery.ts";

/** What goes through an Ethernet in one piece with room for the headers of tunnels. */
export const maxDatagramBytes = 1_432;

/** Puts lines together. */
export class DatagramPacker {
  readonly #maxLines: number;
  #full: Buffer[] = [];
  #text = "";
  #bytes = 0;
  #lines = 0;

  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  /** Datagrams that are full. */
  get fullCount(): number {
    return this.#full.length;
  }

  /** A line without its end; one that is too long for a datagram gets one of its own. */
  add(line: string): void {
    const bytes = Buffer.byteLength(line);
    const doesFit = this.#lines < this.#maxLines && this.#bytes + 1 + bytes <= maxDatagramBytes;
    if (this.#lines > 0 && !doesFit) this.#close();
    this.#text += this.#lines === 0 ? line : `\n${line}`;
    this.#bytes += bytes + (this.#lines === 0 ? 0 : 1);
    this.#lines++;
  }

  /** All of them, the last one included. */
  take(): readonly Buffer[] {
    if (this.#lines > 0) this.#close();
    const taken = this.#full;
    this.#full = [];
    return taken;
  }

  #close(): void {
    this.#full.push(Buffer.from(this.#text));
    this.#text = "";
    this.#bytes = 0;
    this.#lines = 0;
  }
}

/** A burst fills the server's buffer, and what does not fit there is lost without a sign: so many, then a millisecond. */
const burst = 4;

/** Sends to one address; the name is looked up once. */
export class UdpSender {
  readonly #host: string;
  readonly #port: number;
  #connecting: Promise<Socket> | undefined;
  #socket: Socket | undefined;
  #isClosed = false;
  /** What came back for datagrams that had been sent: nobody listens there. */
  #complaint: Error | undefined;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  /** Nobody acknowledges a datagram: "taken" is what was handed to the network and not complained about. */
  async send(datagrams: readonly Buffer[], signal: AbortSignal): Promise<Reception> {
    const socket = this.#socket ?? (await untilAborted(this.#connected(), signal));
    for (let at = 0; at < datagrams.length; at += burst) {
      if (signal.aborted) return { kind: "later", reason: noTimeLeft };
      const sent = datagrams.slice(at, at + burst).map((datagram) => send(socket, datagram));
      const failure = (await Promise.all(sent)).find((error) => error !== undefined);
      this.#complaint ??= failure;
      await pause(1);
    }
    // The complaint about the last ones may be on its way.
    await nextTurn();
    const complaint = this.#complaint;
    this.#complaint = undefined;
    return complaint === undefined
      ? { kind: "taken" }
      : { kind: "refused", reason: this.#reasonOf(complaint) };
  }

  /** Waits for nothing: a name may still be being looked up. */
  close(): void {
    this.#isClosed = true;
    this.#socket?.close();
  }

  #connected(): Promise<Socket> {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** A connected socket is told when nobody listens. StatsD is at home on IPv4. */
  async #connect(): Promise<Socket> {
    const { address, family } = await lookup(this.#host, { verbatim: false });
    if (this.#isClosed) throw new Error(noTimeLeft);
    const socket = createSocket(family === 6 ? "udp6" : "udp4");
    socket.unref();
    try {
      socket.connect(this.#port, address);
      await once(socket, "connect");
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.on("error", (error) => {
      this.#complaint ??= error;
    });
    this.#socket = socket;
    return socket;
  }

  #reasonOf({ code, message }: NodeJS.ErrnoException): string {
    return code === "ECONNREFUSED" ? `nobody listens at UDP port ${this.#port} there` : message;
  }
}

/** The error, if there is one. */
function send(socket: Socket, datagram: Buffer): Promise<Error | undefined> {
  return new Promise((resolve) => {
    socket.send(datagram, (error) => resolve(error ?? undefined));
  });
}

const noTimeLeft = "no time was left";

/** A look-up of a name cannot be broken off, but nobody has to wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Error(noTimeLeft));
  });
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
