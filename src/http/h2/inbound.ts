/**
 * What the server's frames mean for the streams of a session (RFC 9113 section 6). A fault ends the connection.
 * Every header block is decoded and every octet of data counted, also of streams that are gone: the tables and windows
 * of the two sides would part otherwise.
 */
import type { HttpFailure } from "../exchange.ts";
import { ControlLimit } from "./control-limit.ts";
import {
  connectionFault,
  headTooLarge,
  resetFailure,
  streamFailure,
  type ConnectionFault,
  type GoAway,
} from "./failures.ts";
import type { FrameHead, FrameReceiver } from "./frame-reader.ts";
import { findShapeFault } from "./frame-shapes.ts";
import {
  errorCode,
  frameFlag,
  frameHeadBytes,
  frameType,
  maxStreamId,
  maxWindowBytes,
  pingAckFrame,
  settingsAckFrame,
  windowUpdateFrame,
  type OwnSettings,
} from "./frames.ts";
import { HeaderAssembler } from "./header-assembler.ts";
import type { HeaderBlock, HpackDecoder } from "./hpack-decoder.ts";
import type { Outbox } from "./outbox.ts";
import type { PeerSettings } from "./peer-settings.ts";
import { isTrailerSection, readResponseFields } from "./response-fields.ts";
import type { Stream, StreamTable } from "./stream.ts";
import type { Uploads } from "./uploads.ts";

/** What may become of a stream. */
export interface StreamFates {
  /** True for an id that no request has had. */
  isUnused(streamId: number): boolean;
  /** The response is complete. */
  finish(stream: Stream): void;
  /** The stream has failed; the peer knows. */
  fail(stream: Stream, failure: HttpFailure): void;
  /** The stream has failed; the peer must be told. */
  reset(stream: Stream, code: number, failure: HttpFailure): void;
  /** The peer did not look at the request: it is sent again, or fails when that has been done often enough. */
  repeat(stream: Stream, failure: HttpFailure): void;
  /** No further request on this connection. */
  drain(): void;
  onGoAway(goAway: GoAway): void;
}

/** What a session and its inbound side share. */
export interface InboundParts {
  readonly own: OwnSettings;
  readonly peer: PeerSettings;
  readonly streams: StreamTable;
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly decoder: HpackDecoder;
}

/** A peer that asks and does not read the answers. */
const maxWaitingBytes = 1_048_576;
const maxInterimHeads = 100;
const interimProblem = "1xx informational response with END_STREAM flag";

export class Inbound implements FrameReceiver {
  /** When the piece that is read has come. */
  nowMs = 0;
  readonly #parts: InboundParts;
  readonly #fates: StreamFates;
  readonly #assembler = new HeaderAssembler();
  readonly #control = new ControlLimit();
  /** The stream of the DATA frame under way, as long as it wants the data. */
  #dataStream: Stream | undefined;
  /** Data received and not given back to the peer's window yet. */
  #unreturnedBytes = 0;
  #ownBytes = 0;

  constructor(parts: InboundParts, fates: StreamFates) {
    this.#parts = parts;
    this.#fates = fates;
  }

  /** Octets of frames that belonged to no stream, since the last time. */
  takeOwnBytes(): number {
    const bytes = this.#ownBytes;
    this.#ownBytes = 0;
    return bytes;
  }

  onFrame(head: FrameHead, piece: Buffer, start: number): ConnectionFault | undefined {
    const fault = this.#findOrderFault(head) ?? findShapeFault(head);
    if (fault !== undefined) return fault;
    this.#countReceived(head, this.#parts.streams.get(head.streamId));
    switch (head.type) {
      case frameType.headers:
        return this.#onHeaders(head, piece, start);
      case frameType.continuation:
        return this.#assembler.continue(head, piece, start) ?? this.#onBlock();
      case frameType.rstStream:
        this.#onReset(head.streamId, piece.readUInt32BE(start));
        break;
      case frameType.settings:
        return this.#onSettings(head, piece, start);
      case frameType.ping:
        if ((head.flags & frameFlag.ack) !== 0) break;
        return this.#answer(pingAckFrame(piece.toString("latin1", start, start + head.length)));
      case frameType.goAway:
        this.#fates.onGoAway(readGoAway(piece, start, head.length));
        break;
      case frameType.windowUpdate:
        return this.#onWindowUpdate(head.streamId, piece.readUInt32BE(start) & maxWindowBytes);
      default: // PRIORITY, and what later RFCs add
    }
    return this.#countControl();
  }

  onDataHead(head: FrameHead): ConnectionFault | undefined {
    const { streamId, length } = head;
    const fault = this.#findOrderFault(head);
    if (fault !== undefined) return fault;
    if (this.#fates.isUnused(streamId)) return connectionFault(errorCode.protocolError);
    const stream = this.#parts.streams.get(streamId);
    this.#countReceived(head, stream);
    this.#unreturnedBytes += length;
    this.#dataStream = stream;
    if (stream === undefined) return length === 0 ? this.#countControl() : undefined;
    // No window can be exceeded: what comes is taken at once, and half a window is given back before it is used.
    stream.unreturnedBytes += length;
    return undefined;
  }

  onData(piece: Buffer, start: number, end: number): void {
    const stream = this.#dataStream;
    if (stream === undefined) return;
    const problem = stream.take(piece, start, end);
    if (problem === undefined) return;
    this.#dataStream = undefined;
    const code = stream.head === undefined ? errorCode.protocolError : errorCode.cancel;
    this.#fates.reset(stream, code, problem);
  }

  onDataEnd(head: FrameHead): ConnectionFault | undefined {
    if (this.#unreturnedBytes * 2 >= this.#parts.own.connectionWindowBytes) {
      this.#parts.outbox.addOwn(windowUpdateFrame(0, this.#unreturnedBytes));
      this.#unreturnedBytes = 0;
    }
    const stream = this.#dataStream;
    this.#dataStream = undefined;
    if (stream === undefined) return undefined;
    if ((head.flags & frameFlag.endStream) !== 0) {
      this.#fates.finish(stream);
      return undefined;
    }
    if (stream.unreturnedBytes * 2 >= this.#parts.own.streamWindowBytes) {
      this.#parts.outbox.addOwn(windowUpdateFrame(stream.id, stream.unreturnedBytes));
      stream.unreturnedBytes = 0;
    }
    return head.length === 0 ? this.#countControl() : undefined;
  }

  /** The rules about what may come when. */
  #findOrderFault({ type, flags }: FrameHead): ConnectionFault | undefined {
    const isFirst = !this.#parts.peer.hasArrived;
    const isOpening = type === frameType.settings && (flags & frameFlag.ack) === 0;
    const isInBlock = this.#assembler.isOpen && type !== frameType.continuation;
    return (isFirst && !isOpening) || isInBlock
      ? connectionFault(errorCode.protocolError)
      : undefined;
  }

  #onHeaders(head: FrameHead, piece: Buffer, start: number): ConnectionFault | undefined {
    if (this.#assembler.begin(head, piece, start)) return this.#onBlock();
    const stream = this.#parts.streams.get(head.streamId);
    if (stream !== undefined)
      this.#fates.fail(stream, streamFailure(errorCode.protocolError, stream.id));
    return connectionFault(errorCode.protocolError);
  }

  /** Decodes the assembled block, when it is complete, and gives it to its stream. */
  #onBlock(): ConnectionFault | undefined {
    const { isOpen, piece, start, end, streamId, endsStream } = this.#assembler;
    if (isOpen) return undefined;
    const block = this.#parts.decoder.decode(piece, start, end);
    this.#assembler.release();
    if (block === undefined) return connectionFault(errorCode.compressionError);
    const stream = this.#parts.streams.get(streamId);
    if (stream === undefined) return this.#countControl(); // of a stream that was reset
    if (stream.head !== undefined) {
      if (!endsStream || !isTrailerSection(block.fields)) {
        return connectionFault(errorCode.protocolError);
      }
      this.#fates.finish(stream);
      return undefined;
    }
    this.#onResponseHead(stream, block, endsStream);
    return undefined;
  }

  #onResponseHead(stream: Stream, block: HeaderBlock, endsStream: boolean): void {
    if (block.isTooLarge) {
      this.#fates.reset(stream, errorCode.cancel, headTooLarge);
      return;
    }
    const head = (block.meaning ??= readResponseFields(block.fields));
    const isInterim = head.kind === "response" && head.status >= 100 && head.status < 200;
    const isExcess = isInterim && ++stream.interimHeads > maxInterimHeads;
    if (head.kind === "malformed" || isExcess || (isInterim && endsStream)) {
      const cause = head.kind === "malformed" ? head.cause : interimProblem;
      const code = errorCode.protocolError;
      this.#fates.reset(stream, code, streamFailure(code, stream.id, cause));
      return;
    }
    if (isInterim) return;
    const problem = stream.begin(head, this.nowMs);
    if (problem !== undefined) this.#fates.reset(stream, errorCode.cancel, problem);
    else if (endsStream) this.#fates.finish(stream);
  }

  #onReset(streamId: number, code: number): void {
    const stream = this.#parts.streams.get(streamId);
    if (stream === undefined) return;
    const failure = resetFailure(code, streamId);
    const isUnprocessed = code === errorCode.refusedStream || code === errorCode.protocolError;
    if (code === errorCode.protocolError) this.#fates.drain(); // as Go: never again on this one
    if (isUnprocessed && stream.head === undefined) this.#fates.repeat(stream, failure);
    else this.#fates.fail(stream, failure);
  }

  #onSettings(head: FrameHead, piece: Buffer, start: number): ConnectionFault | undefined {
    if ((head.flags & frameFlag.ack) !== 0) return this.#countControl();
    const before = this.#parts.peer.streamWindowBytes;
    const fault = this.#parts.peer.apply(piece, start, head.length);
    if (fault !== undefined) return fault;
    const change = this.#parts.peer.streamWindowBytes - before;
    let isOver = false;
    this.#parts.streams.forEach((stream) => {
      stream.sendWindowBytes += change;
      if (stream.sendWindowBytes > maxWindowBytes) isOver = true;
    });
    return isOver ? connectionFault(errorCode.flowControlError) : this.#answer(settingsAckFrame);
  }

  #onWindowUpdate(streamId: number, bytes: number): ConnectionFault | undefined {
    const code = bytes === 0 ? errorCode.protocolError : errorCode.flowControlError;
    if (streamId === 0) {
      this.#parts.uploads.windowBytes += bytes;
      if (bytes === 0 || this.#parts.uploads.windowBytes > maxWindowBytes)
        return connectionFault(code);
    } else {
      const stream = this.#parts.streams.get(streamId);
      if (stream !== undefined) {
        stream.sendWindowBytes += bytes;
        const isBad = bytes === 0 || stream.sendWindowBytes > maxWindowBytes;
        if (isBad) this.#fates.reset(stream, code, streamFailure(code, streamId));
      }
    }
    return this.#parts.uploads.isIdle ? this.#countControl() : undefined;
  }

  #answer(frame: string): ConnectionFault | undefined {
    const { outbox } = this.#parts;
    outbox.addOwn(frame);
    if (outbox.waitingBytes > maxWaitingBytes) return connectionFault(errorCode.enhanceYourCalm);
    return this.#countControl();
  }

  #countControl(): ConnectionFault | undefined {
    return this.#control.isExceeded(this.nowMs)
      ? connectionFault(errorCode.enhanceYourCalm)
      : undefined;
  }

  #countReceived(head: FrameHead, stream: Stream | undefined): void {
    const bytes = frameHeadBytes + head.length;
    if (stream === undefined) this.#ownBytes += bytes;
    else stream.pending.exchange.bytesReceived += bytes;
  }
}

function readGoAway(piece: Buffer, start: number, length: number): GoAway {
  return {
    lastStreamId: piece.readUInt32BE(start) & maxStreamId,
    code: piece.readUInt32BE(start + 4),
    debug: piece.toString("latin1", start + 8, start + length),
  };
}
