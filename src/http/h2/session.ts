/**
 * One HTTP/2 connection of a VU (RFC 9113): many requests at once, each a stream. It takes over a socket whose handshake
 * agreed on "h2" and is open until its socket ends, the peer breaks the protocol, or it is drained: by GOAWAY, by a
 * request that closes, or because the ids are used up; a drained session ends with its last stream.
 * Exchanges are told of their end only after a read is parsed to its end: receivers send again, or destroy the client.
 */
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../base/clock.ts";
import type { ReadyQueue } from "../../base/ready-queue.ts";
import type { Address } from "../addresses.ts";
import type { DeadlineSweep, Sweepable } from "../deadline-sweep.ts";
import { failureFromError, failures } from "../errors.ts";
import type { HttpFailure } from "../exchange.ts";
import { settleFailed } from "../pending-exchange.ts";
import type { PendingExchange } from "../pending-exchange.ts";
import type { TlsSession } from "../tls.ts";
import {
  goAwayFailure,
  unprocessedFailure,
  type ConnectionFault,
  type GoAway,
} from "./failures.ts";
import { FrameReader } from "./frame-reader.ts";
import {
  errorCode,
  frameFlag,
  frameHead,
  frameType,
  goAwayFrame,
  headersFrames,
  maxStreamId,
  openingFrames,
  rstStreamFrame,
  type OwnSettings,
} from "./frames.ts";
import { maxBlockBytes } from "./header-assembler.ts";
import { HpackDecoder, type BlockMemo } from "./hpack-decoder.ts";
import { Inbound, type StreamFates } from "./inbound.ts";
import { Outbox } from "./outbox.ts";
import { PeerSettings } from "./peer-settings.ts";
import { requestBlock } from "./request-block.ts";
import { Stream, StreamTable } from "./stream.ts";
import { Uploads } from "./uploads.ts";

/** What the sessions of a worker share. */
export interface SessionParts {
  readonly clock: Clock;
  readonly sweep: DeadlineSweep;
  readonly ready: ReadyQueue;
  readonly blocks: BlockMemo;
  readonly maxBodyBytes: number;
}

/** Whom a session serves. */
export interface SessionOwner {
  /** A stream has ended. Comes before its exchange resolves. */
  onRoom(session: Http2Session): void;
  /** The session serves no more. Comes once, before the failed exchanges resolve. */
  onClosed(session: Http2Session): void;
  /** A request that the peer did not look at; false when it has been repeated often enough. */
  repeat(pending: PendingExchange): boolean;
}

/** A socket whose handshake agreed on HTTP/2. Its reads and its end are handed to the session by whoever dialled. */
export interface Carrier {
  readonly socket: TLSSocket;
  readonly address: Address;
  readonly tls: TlsSession;
  /** The load guard must be asked before each further request. */
  readonly isGuarded: boolean;
}

/** As in Go: with these no window is ever returned for bodies under 2 MiB. */
const ownSettings: OwnSettings = {
  streamWindowBytes: 4_194_304,
  connectionWindowBytes: 1_073_741_824 + 65_535,
  maxHeaderListBytes: maxBlockBytes,
};
const opening = openingFrames(ownSettings);
const lingerMs = 1_000;
/** Bodies up to here go out with their head. */
const smallBodyBytes = 16_384;

export class Http2Session implements StreamFates, Sweepable {
  isSwept = false;
  readonly #parts: SessionParts;
  readonly #owner: SessionOwner;
  readonly #carrier: Carrier;
  readonly #inbound: Inbound;
  readonly #reader: FrameReader;
  readonly #peer = new PeerSettings();
  readonly #outbox: Outbox;
  readonly #uploads: Uploads;
  readonly #streams = new StreamTable();
  /** Settled exchanges that are not handed over yet. */
  readonly #ended: PendingExchange[] = [];
  #nextStreamId = 1;
  #isDraining = false;
  #isClosed = false;
  #goAway: GoAway | undefined;
  #nowMs = 0;
  /** A closed session whose peer is being told why gives that up at this time. */
  #lingerUntilMs = Infinity;

  constructor(parts: SessionParts, owner: SessionOwner, carrier: Carrier) {
    this.#parts = parts;
    this.#owner = owner;
    this.#carrier = carrier;
    const { clock } = parts;
    const { socket } = carrier;
    const peer = this.#peer;
    const outbox = new Outbox(socket, clock);
    const uploads = new Uploads({ socket, outbox, peer, clock });
    const decoder = new HpackDecoder(parts.blocks, ownSettings.maxHeaderListBytes);
    const streams = this.#streams;
    this.#outbox = outbox;
    this.#uploads = uploads;
    this.#inbound = new Inbound(
      { own: ownSettings, peer, streams, outbox, uploads, decoder },
      this,
    );
    this.#reader = new FrameReader(this.#inbound);
    outbox.addOwn(opening);
  }

  /** True when it takes a further request. The first is taken always, whatever the peer says later. */
  get hasRoom(): boolean {
    return (
      !this.#isDraining &&
      !this.#isClosed &&
      this.#nextStreamId <= maxStreamId &&
      (this.#streams.size < this.#peer.maxStreams || this.#nextStreamId === 1) &&
      this.#carrier.socket.readyState === "open"
    );
  }

  get isGuarded(): boolean {
    return this.#carrier.isGuarded;
  }

  get isIdle(): boolean {
    return this.#streams.size === 0;
  }

  /** Sends a request. @param nowMs when the session was there for it */
  serve(pending: PendingExchange, nowMs: number): void {
    const block = requestBlock(pending);
    if (typeof block !== "string") {
      queueMicrotask(() => settleFailed(pending, block)); // not before the start is over
      return;
    }
    const stream = new Stream(this.#nextStreamId, pending, {
      sendWindowBytes: this.#peer.streamWindowBytes,
      maxBodyBytes: this.#parts.maxBodyBytes,
    });
    this.#nextStreamId += 2;
    this.#streams.add(stream);
    pending.gotConnectionMs = nowMs;
    pending.writtenMs = NaN;
    pending.firstByteMs = NaN;
    this.#parts.sweep.add(this);
    this.#describe(pending, nowMs);
    if (pending.template.closes) this.#isDraining = true;
    this.#send(stream, block);
    this.#outbox.send();
  }

  /** Closes; running exchanges fail with `failure`. */
  close(failure: HttpFailure): void {
    if (this.#isClosed) return;
    this.#carrier.socket.destroy();
    this.#endAll(failure);
  }

  /** Closes after telling the peer why, if it still listens. */
  #break({ code, failure }: ConnectionFault): void {
    this.#outbox.add(goAwayFrame(code));
    this.#outbox.flush();
    this.#lingerUntilMs = this.#nowMs + lingerMs;
    this.#parts.sweep.add(this);
    this.#carrier.socket.destroySoon();
    this.#endAll(failure);
  }

  #endAll(failure: HttpFailure): void {
    this.#isClosed = true;
    this.#owner.onClosed(this);
    this.#nowMs = this.#parts.clock.nowMs();
    this.#streams.forEach((stream) => this.fail(stream, failure));
    this.#deliver();
  }

  checkDeadline(nowMs: number): boolean {
    if (nowMs >= this.#lingerUntilMs) {
      this.#lingerUntilMs = Infinity;
      this.#carrier.socket.destroy();
    }
    if (this.#streams.size > 0) {
      this.#enter(nowMs);
      this.#streams.forEach((stream) => {
        if (nowMs >= stream.pending.deadlineMs) {
          this.reset(stream, errorCode.cancel, failures.timeout);
        }
      });
      this.#leave(undefined);
    }
    return this.#streams.size > 0 || this.#lingerUntilMs !== Infinity;
  }

  /** Takes what the socket has read; `buffer` is reused afterwards. */
  onRead(bytes: number, buffer: Buffer): void {
    if (this.#isClosed) return;
    this.#enter(this.#parts.clock.nowMs());
    this.#leave(this.#reader.feed(buffer, bytes));
  }

  /** The peer has finished sending. */
  onEnd(): void {
    this.close(this.#brokenBy(failures.unexpectedEof));
  }

  onError(error: NodeJS.ErrnoException): void {
    this.close(this.#brokenBy(failureFromError(error, "exchange")));
  }

  isUnused(streamId: number): boolean {
    return streamId % 2 === 0 || streamId >= this.#nextStreamId;
  }

  finish(stream: Stream): void {
    const problem = stream.findEndProblem();
    if (stream.upload !== undefined) this.#tellReset(stream, errorCode.noError);
    this.fail(stream, problem);
  }

  fail(stream: Stream, failure: HttpFailure | undefined): void {
    if (!this.#remove(stream)) return;
    const { exchange } = stream.pending;
    stream.settle(failure, this.#nowMs);
    exchange.bytesSent += this.#outbox.takeOwnBytes();
    exchange.bytesReceived += this.#inbound.takeOwnBytes();
    this.#ended.push(stream.pending);
    if (!this.#isClosed) this.#owner.onRoom(this);
  }

  reset(stream: Stream, code: number, failure: HttpFailure): void {
    this.#tellReset(stream, code);
    this.fail(stream, failure);
  }

  repeat(stream: Stream, failure: HttpFailure): void {
    if (!this.#remove(stream)) return;
    if (this.#owner.repeat(stream.pending)) return;
    stream.settle(failure, this.#nowMs);
    this.#ended.push(stream.pending);
  }

  drain(): void {
    this.#isDraining = true;
  }

  onGoAway(goAway: GoAway): void {
    this.#isDraining = true;
    this.#goAway = goAway;
    this.#streams.forEach((stream) => {
      if (stream.id <= goAway.lastStreamId) return;
      if (goAway.code === errorCode.noError) this.repeat(stream, goAwayFailure(goAway));
      else this.fail(stream, unprocessedFailure(goAway.code));
    });
  }

  #enter(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#inbound.nowMs = nowMs;
    this.#outbox.isHeld = true;
  }

  /** The end of a read or sweep: hands over what has ended, then writes what all of that has caused, in one go. */
  #leave(fault: ConnectionFault | undefined): void {
    if (fault !== undefined) {
      this.#break(fault);
      return;
    }
    this.#deliver();
    if (this.#isClosed) return;
    this.#outbox.isHeld = false;
    this.#outbox.flush();
    this.#uploads.pump();
    if (this.#isDraining && this.#streams.size === 0) this.close(failures.canceled);
  }

  #deliver(): void {
    for (const ended of this.#ended.splice(0)) {
      ended.readySinceMs = this.#nowMs;
      this.#parts.ready.add(ended);
    }
  }

  #describe({ exchange, startMs }: PendingExchange, nowMs: number): void {
    const { address, tls } = this.#carrier;
    exchange.timings.blocked = nowMs - startMs;
    exchange.remoteIp = address.ip;
    exchange.remotePort = address.port;
    exchange.tlsVersion = tls.version;
    exchange.tlsCipherSuite = tls.cipherSuite;
  }

  #send(stream: Stream, block: string): void {
    const { exchange, request, bodyBytes } = stream.pending;
    const { maxFrameBytes } = this.#peer;
    let frames = headersFrames(block, stream.id, { endsStream: bodyBytes === 0, maxFrameBytes });
    const roomBytes = Math.min(stream.sendWindowBytes, this.#uploads.windowBytes, smallBodyBytes);
    const isSmall = bodyBytes === 0 || bodyBytes <= roomBytes;
    if (bodyBytes > 0 && isSmall) {
      frames += frameHead(frameType.data, frameFlag.endStream, stream.id, bodyBytes);
      frames += toLatin1(request.body!, bodyBytes);
      stream.sendWindowBytes -= bodyBytes;
      this.#uploads.windowBytes -= bodyBytes;
    }
    exchange.bytesSent += frames.length;
    if (!isSmall) this.#uploads.add(stream, toBuffer(request.body!));
    this.#outbox.addRequest(frames, stream);
    if (!isSmall && !this.#outbox.isHeld) this.#uploads.pump();
  }

  #tellReset(stream: Stream, code: number): void {
    const frame = rstStreamFrame(stream.id, code);
    stream.pending.exchange.bytesSent += frame.length;
    this.#outbox.add(frame);
  }

  #remove(stream: Stream): boolean {
    this.#uploads.remove(stream);
    return this.#streams.delete(stream);
  }

  /** What ended the connection: the peer's GOAWAY, when it came first. */
  #brokenBy(failure: HttpFailure): HttpFailure {
    return this.#goAway === undefined ? failure : goAwayFailure(this.#goAway);
  }
}

function toBuffer(body: string | Uint8Array): Buffer {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

/** A body as one character a byte. */
function toLatin1(body: string | Uint8Array, bytes: number): string {
  if (typeof body === "string" && body.length === bytes) return body; // ASCII
  return toBuffer(body).toString("latin1");
}
