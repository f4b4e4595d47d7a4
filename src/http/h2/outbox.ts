/**
 * All output of a session, in one order. The number of writes is what a request costs, so frames wait in one string:
 * until the end of the read that caused them, or of the tick (which costs nothing measurable).
 */
import { nextTick } from "node:process";
import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Stream } from "./stream.ts";

export class Outbox {
  /** While true nothing is written: a read is under way, and its end will flush. */
  isHeld = false;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #unstamped: Stream[] = [];
  #text = "";
  #ownBytes = 0;
  #isScheduled = false;
  readonly #onTick = (): void => {
    this.#isScheduled = false;
    this.flush();
  };

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
  }

  /** Octets that the peer, or the flush, has not taken yet. */
  get waitingBytes(): number {
    return this.#socket.writableLength + this.#text.length;
  }

  /** Octets of frames that belonged to no stream, since the last time. */
  takeOwnBytes(): number {
    const bytes = this.#ownBytes;
    this.#ownBytes = 0;
    return bytes;
  }

  /** Adds frames of the connection itself. */
  addOwn(frames: string): void {
    this.#text += frames;
    this.#ownBytes += frames.length;
  }

  /** Adds frames that a stream has counted. */
  add(frames: string): void {
    this.#text += frames;
  }

  /** Adds the frames of a request, which is stamped when they are written. */
  addRequest(frames: string, stream: Stream): void {
    this.#text += frames;
    this.#unstamped.push(stream);
  }

  /** Writes what waits at the end of the tick, together with what comes until then. */
  send(): void {
    if (this.isHeld || this.#isScheduled) return;
    this.#isScheduled = true;
    nextTick(this.#onTick);
  }

  flush(): void {
    if (this.#text === "") return;
    const text = this.#text;
    this.#text = "";
    if (!this.#socket.destroyed) this.#socket.write(text, "latin1");
    if (this.#unstamped.length === 0) return;
    const nowMs = this.#clock.nowMs();
    for (const stream of this.#unstamped) {
      if (stream.upload === undefined) stream.pending.writtenMs = nowMs;
    }
    this.#unstamped.length = 0;
  }
}
