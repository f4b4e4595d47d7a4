/**
 * Cuts what a socket delivers, in pieces cut anywhere, into frames (RFC 9113 section 4.1). The payload of DATA is passed
 * on as it comes, without its padding; any other frame is passed on whole, straight from the piece when it lies in one.
 * Bounds: nothing is kept but the one frame that a piece has cut, at most 16 KiB.
 */
import { connectionFault, frameTooLarge, type ConnectionFault } from "./failures.ts";
import { defaultMaxFrameBytes, errorCode, frameFlag, frameHeadBytes, frameType } from "./frames.ts";

/** The nine octets before a payload. One object for all frames of a reader: not to be kept. */
export interface FrameHead {
  length: number;
  type: number;
  flags: number;
  streamId: number;
}

/** Who takes the frames. A fault ends the reading. */
export interface FrameReceiver {
  /** A whole frame other than DATA; its payload is `piece[start…start + head.length)`. */
  onFrame(head: FrameHead, piece: Buffer, start: number): ConnectionFault | undefined;
  /** The head of a DATA frame. */
  onDataHead(head: FrameHead): ConnectionFault | undefined;
  /** A part of its data. */
  onData(piece: Buffer, start: number, end: number): void;
  /** It is complete. */
  onDataEnd(head: FrameHead): ConnectionFault | undefined;
}

const protocolFault = connectionFault(errorCode.protocolError);

export class FrameReader {
  readonly #receiver: FrameReceiver;
  readonly #head: FrameHead = { length: 0, type: 0, flags: 0, streamId: 0 };
  /** A frame cut by the end of a piece, from its first octet; its head is read once nine octets are there. */
  #held: Buffer | undefined;
  #heldBytes = 0;
  #isInData = false;
  #isPadLengthDue = false;
  #dataBytes = 0;
  #padBytes = 0;

  constructor(receiver: FrameReceiver) {
    this.#receiver = receiver;
  }

  /** True when no frame is under way. */
  get isBetweenFrames(): boolean {
    return this.#heldBytes === 0 && !this.#isInData;
  }

  /** Takes `piece[0…end)`. */
  feed(piece: Buffer, end: number): ConnectionFault | undefined {
    let at = 0;
    while (at < end) {
      let fault: ConnectionFault | undefined;
      if (this.#isInData) {
        const stop = this.#readData(piece, at, end);
        at = stop;
        fault = stop < 0 ? protocolFault : this.#endData();
      } else if (this.#heldBytes > 0 || end - at < frameHeadBytes) {
        const needed = this.#neededBytes() - this.#heldBytes;
        const stop = Math.min(end, at + needed);
        this.#hold(piece, at, stop);
        at = stop;
        fault = this.#takeHeld();
      } else {
        const stop = this.#frameEnd(piece, at);
        if (stop < 0) return frameTooLarge;
        if (stop > end) {
          this.#hold(piece, at, end);
          return undefined;
        }
        fault = this.#takeFrame(piece, at);
        at = stop;
      }
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Where the frame at `at` ends (of DATA: its head); -1 when it is too large. */
  #frameEnd(piece: Buffer, at: number): number {
    this.#readHead(piece, at);
    if (this.#head.length > defaultMaxFrameBytes) return -1;
    const payloadBytes = this.#head.type === frameType.data ? 0 : this.#head.length;
    return at + frameHeadBytes + payloadBytes;
  }

  /** Acts on the frame at `at`, whose head has been read. */
  #takeFrame(piece: Buffer, at: number): ConnectionFault | undefined {
    if (this.#head.type === frameType.data) return this.#startData();
    return this.#receiver.onFrame(this.#head, piece, at + frameHeadBytes);
  }

  /** Octets of the held frame that are needed next: its head, then all of it. */
  #neededBytes(): number {
    return this.#heldBytes < frameHeadBytes ? frameHeadBytes : frameHeadBytes + this.#head.length;
  }

  #hold(piece: Buffer, start: number, end: number): void {
    const needed = this.#heldBytes + end - start;
    const room = this.#held?.length ?? 0;
    if (needed > room) {
      const larger = Buffer.allocUnsafe(Math.max(64, this.#neededBytes(), needed));
      this.#held?.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    piece.copy(this.#held!, this.#heldBytes, start, end);
    this.#heldBytes = needed;
  }

  /** Reads the held frame as far as it has come. */
  #takeHeld(): ConnectionFault | undefined {
    if (this.#heldBytes < frameHeadBytes) return undefined;
    const held = this.#held!;
    const stop = this.#frameEnd(held, 0);
    if (stop < 0) return frameTooLarge;
    if (this.#heldBytes < stop) return undefined;
    this.#drop();
    return this.#takeFrame(held, 0);
  }

  #drop(): void {
    this.#held = undefined;
    this.#heldBytes = 0;
  }

  #readHead(piece: Buffer, at: number): void {
    const head = this.#head;
    head.length = (piece[at]! << 16) | (piece[at + 1]! << 8) | piece[at + 2]!;
    head.type = piece[at + 3]!;
    head.flags = piece[at + 4]!;
    head.streamId =
      ((piece[at + 5]! & 0x7f) << 24) |
      (piece[at + 6]! << 16) |
      (piece[at + 7]! << 8) |
      piece[at + 8]!;
  }

  #startData(): ConnectionFault | undefined {
    const head = this.#head;
    const fault = this.#receiver.onDataHead(head);
    if (fault !== undefined) return fault;
    this.#isInData = true;
    this.#dataBytes = head.length;
    this.#padBytes = 0;
    this.#isPadLengthDue = (head.flags & frameFlag.padded) !== 0;
    if (this.#isPadLengthDue && head.length === 0) return protocolFault;
    return this.#endData();
  }

  /** Reads on in a DATA payload; returns where it stopped, or -1 when there is more padding than payload. */
  #readData(piece: Buffer, start: number, end: number): number {
    let at = start;
    if (this.#isPadLengthDue) {
      this.#padBytes = piece[at++]!;
      this.#dataBytes -= 1 + this.#padBytes;
      this.#isPadLengthDue = false;
      if (this.#dataBytes < 0) return -1;
    }
    const dataStop = Math.min(end, at + this.#dataBytes);
    if (dataStop > at) {
      this.#receiver.onData(piece, at, dataStop);
      this.#dataBytes -= dataStop - at;
    }
    const padStop = Math.min(end, dataStop + this.#padBytes);
    if (this.#dataBytes === 0) this.#padBytes -= padStop - dataStop;
    return this.#dataBytes === 0 ? padStop : dataStop;
  }

  #endData(): ConnectionFault | undefined {
    if (this.#isPadLengthDue || this.#dataBytes > 0 || this.#padBytes > 0) return undefined;
    this.#isInData = false;
    return this.#receiver.onDataEnd(this.#head);
  }
}
