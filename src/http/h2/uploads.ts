/**
 * Request bodies too large for the write of their head: sent as far as the peer's windows (RFC 9113 section 5.2) and the
 * socket take them, one frame of each stream in turn.
 */
import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { defaultWindowBytes, frameFlag, frameHead, frameHeadBytes, frameType } from "./frames.ts";
import type { Outbox } from "./outbox.ts";
import type { PeerSettings } from "./peer-settings.ts";
import type { Stream } from "./stream.ts";

/** No more than this waits in the socket: what is behind it can still be stopped. */
const highWaterBytes = 262_144;
/** A larger frame saves nothing and holds the other streams up. */
const maxChunkBytes = 65_536;

export class Uploads {
  /** How much the peer still takes of all bodies together. */
  windowBytes: number = defaultWindowBytes;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #peer: PeerSettings;
  readonly #clock: Clock;
  /** The next to send stands first. */
  readonly #streams: Stream[] = [];
  #listensToDrain = false;

  constructor(parts: { socket: Socket; outbox: Outbox; peer: PeerSettings; clock: Clock }) {
    this.#socket = parts.socket;
    this.#outbox = parts.outbox;
    this.#peer = parts.peer;
    this.#clock = parts.clock;
  }

  get isIdle(): boolean {
    return this.#streams.length === 0;
  }

  /** Takes over a stream whose head is in the outbox. */
  add(stream: Stream, body: Buffer): void {
    stream.upload = body;
    this.#streams.push(stream);
    if (this.#listensToDrain) return;
    this.#listensToDrain = true;
    this.#socket.on("drain", () => this.pump());
  }

  /** Gives a stream up. */
  remove(stream: Stream): void {
    if (stream.upload === undefined) return;
    stream.upload = undefined;
    const index = this.#streams.indexOf(stream);
    if (index !== -1) this.#streams.splice(index, 1);
  }

  /** Sends what can be sent. */
  pump(): void {
    if (this.#streams.length === 0 || this.#socket.destroyed) return;
    this.#socket.cork();
    this.#outbox.flush();
    let blockedStreams = 0;
    while (blockedStreams < this.#streams.length && this.windowBytes > 0) {
      if (this.#socket.writableLength >= highWaterBytes) break; // "drain" goes on
      const stream = this.#streams.shift()!;
      if (stream.sendWindowBytes > 0) {
        blockedStreams = 0;
        this.#sendChunk(stream);
      } else {
        blockedStreams++;
      }
      if (stream.upload !== undefined) this.#streams.push(stream);
    }
    this.#socket.uncork();
  }

  #sendChunk(stream: Stream): void {
    const body = stream.upload!;
    const bytes = Math.min(
      body.length,
      stream.sendWindowBytes,
      this.windowBytes,
      this.#peer.maxFrameBytes,
      maxChunkBytes,
    );
    const isLast = bytes === body.length;
    const flags = isLast ? frameFlag.endStream : 0;
    stream.sendWindowBytes -= bytes;
    this.windowBytes -= bytes;
    stream.pending.exchange.bytesSent += frameHeadBytes + bytes;
    this.#socket.write(frameHead(frameType.data, flags, stream.id, bytes), "latin1");
    if (isLast) {
      stream.upload = undefined;
      this.#socket.write(body, () => {
        stream.pending.writtenMs = this.#clock.nowMs();
      });
    } else {
      this.#socket.write(body.subarray(0, bytes));
      stream.upload = body.subarray(bytes);
    }
  }
}
