/**
 * One HTTP/1.1 connection: is dialled for a first request, then serves one request at a time. When the handshake agrees
 * on HTTP/2 instead, a session takes the socket over.
 * dialling → open → closed; closed is final and reached once.
 * Everything the socket reads lies in one buffer shared by all connections of the thread and is consumed inside the
 * read callback. Any byte or end that comes while no request is outstanding closes the connection.
 * With thousands of VUs a connection is out of the processor's caches whenever it is used, so it keeps little, and
 * what is needed only while a request runs lies in the request.
 */
import type { ReadyQueue } from "../base/ready-queue.ts";
import type { Address } from "./addresses.ts";
import type { DeadlineSweep, Sweepable } from "./deadline-sweep.ts";
import { Dial } from "./dial.ts";
import type { Dialled, DialOwner, DialParts, Route } from "./dial.ts";
import { failureFromError, failures } from "./errors.ts";
import type { GeneratorFaults } from "./generator-faults.ts";
import type { HttpFailure } from "./exchange.ts";
import type { Carrier, Http2Session } from "./h2/session.ts";
import type { Origin } from "./origin.ts";
import type { ParserPool } from "./parser-pool.ts";
import { fillResponse, fillTimings, settleFailed } from "./pending-exchange.ts";
import type { PendingExchange } from "./pending-exchange.ts";
import { requestHead } from "./request-head.ts";
import type { ResponseParser } from "./response-parser.ts";
import type { TlsSession } from "./tls.ts";
import type { Wire, WireListener } from "./wire.ts";

/** What the connections of a worker share. */
export interface ConnectionParts extends DialParts {
  readonly sweep: DeadlineSweep;
  readonly parsers: ParserPool;
  readonly ready: ReadyQueue;
  readonly sockets: { open: number };
  readonly faults: GeneratorFaults;
}

/** Whom a connection serves. */
export interface ConnectionOwner {
  /** The exchange is over and the connection can serve another. Comes before the exchange resolves. */
  onReusable(connection: Connection): void;
  /** The connection serves no more. Comes once, before the failed exchange resolves. */
  onClosed(connection: Connection): void;
  /** A reused connection broke before the first byte of a response to a repeatable request. */
  repeat(pending: PendingExchange): void;
  /** A handshake is over and agreed on HTTP/1.1. */
  onHttp1(connection: Connection): void;
  /**
   * A handshake is over and agreed on HTTP/2: the session takes the exchange, and the socket. This object only passes
   * on what the socket tells, and `onClosed` does not come.
   */
  onHttp2(connection: Connection, carrier: Carrier, pending: PendingExchange): Http2Session;
}

const noBytes = new Uint8Array(0);
/** As in Go: how long a complete response waits for its upload to be written out before the connection is given up. */
const flushLimitMs = 50;
/** Idle connections are dropped this long before the server says it will. */
const keepAliveMarginMs = 1_000;

export class Connection implements DialOwner, Sweepable, WireListener {
  readonly origin: Origin;
  isSwept = false;
  /** Waits for a request: set by the owner, who alone looks at it. */
  isIdle = false;
  readonly #parts: ConnectionParts;
  readonly #owner: ConnectionOwner;
  #dial: Dial | undefined;
  #wire: Wire | undefined;
  /** Whoever speaks HTTP/2 on the socket. */
  #session: Http2Session | undefined;
  #pending: PendingExchange | undefined;
  /** Of the response that is being read. */
  #parser: ResponseParser | undefined;
  #address: Address | undefined;
  #tls: TlsSession | undefined;
  #isClosed = false;
  #isReused = false;
  #isGuarded = false;
  #isFlushed = true;
  /** Not to be handed out after this time, because the server will have closed it; undefined: it has not said. */
  #staleAfterMs: number | undefined;
  /** A reusable connection whose upload is not written out yet is given up at this time. */
  #flushDeadlineMs: number | undefined;

  constructor(parts: ConnectionParts, owner: ConnectionOwner, origin: Origin) {
    this.#parts = parts;
    this.#owner = owner;
    this.origin = origin;
  }

  /** Opens the connection for its first exchange. */
  open(pending: PendingExchange, localAddress: string | undefined): void {
    const route: Route = { origin: this.origin, localAddress };
    this.#pending = pending;
    this.#parts.sweep.add(this);
    this.#dial = new Dial(this.#parts, this, { route, timings: pending.exchange.timings });
    this.#dial.start();
  }

  /** True when an idle connection may be handed out again. */
  isUsable(nowMs: number): boolean {
    const isFresh = this.#staleAfterMs === undefined || nowMs < this.#staleAfterMs;
    return !this.#isClosed && isFresh && this.#wire!.isOpen;
  }

  /** Serves a further exchange on an open, idle connection. */
  serve(pending: PendingExchange): void {
    this.#pending = pending;
    this.#isReused = true;
    this.#parts.sweep.add(this);
    if (this.#isGuarded && !this.#parts.guard!.admits(pending.origin.hostname))
      queueMicrotask(() => this.#fail(failures.unconfirmedHost)); // not before the start is over
    else this.#send(pending, pending.startMs);
  }

  /** Closes; a running exchange fails with `failure`. */
  close(failure: HttpFailure): void {
    this.#fail(failure);
  }

  checkDeadline(nowMs: number): boolean {
    const pending = this.#pending;
    if (this.#flushDeadlineMs !== undefined && nowMs >= this.#flushDeadlineMs)
      this.#fail(failures.eof);
    else if (pending !== undefined && nowMs >= pending.deadlineMs) this.#fail(failures.timeout);
    else this.#dial?.checkDeadline(nowMs);
    return this.#pending !== undefined || this.#flushDeadlineMs !== undefined;
  }

  onDialled({ wire, address, tls, http2Socket, isGuarded, nowMs }: Dialled): void {
    const pending = this.#pending!;
    wire.listener = this;
    this.#dial = undefined;
    this.#wire = wire;
    this.#address = address;
    this.#tls = tls;
    this.#isGuarded = isGuarded;
    if (http2Socket !== undefined) {
      this.#pending = undefined;
      this.#isClosed = true;
      const carrier: Carrier = { socket: http2Socket, address, tls: tls!, isGuarded };
      this.#session = this.#owner.onHttp2(this, carrier, pending);
      return;
    }
    if (tls !== undefined) this.#owner.onHttp1(this);
    pending.exchange.timings.blocked = nowMs - pending.startMs;
    this.#send(pending, nowMs);
  }

  onDialFailed(failure: HttpFailure): void {
    this.#fail(failure);
  }

  #send(pending: PendingExchange, nowMs: number): void {
    const { request, exchange, bodyBytes } = pending;
    const { body } = request;
    const head = requestHead(pending);
    const address = this.#address!;
    exchange.remoteIp = address.ip;
    exchange.remotePort = address.port;
    if (this.#tls !== undefined) {
      exchange.tlsVersion = this.#tls.version;
      exchange.tlsCipherSuite = this.#tls.cipherSuite;
    }
    exchange.bytesSent += head.length + bodyBytes;
    pending.gotConnectionMs = nowMs;
    const wire = this.#wire!;
    if (body === undefined || bodyBytes === 0) this.#isFlushed = wire.send(head, undefined);
    else if (bodyBytes === body.length && typeof body === "string")
      this.#isFlushed = wire.send(head + body, undefined); // ASCII: one string, one write
    else this.#isFlushed = wire.send(head, body);
    pending.writtenMs = this.#isFlushed ? this.#parts.clock.nowMs() : NaN;
  }

  onFlushed(): void {
    if (this.#isClosed || this.#isFlushed) return;
    this.#isFlushed = true;
    if (this.#pending !== undefined) {
      this.#pending.writtenMs = this.#parts.clock.nowMs();
    } else if (this.#flushDeadlineMs !== undefined) {
      this.#flushDeadlineMs = undefined;
      this.#owner.onReusable(this);
    }
  }

  onRead(bytes: number, buffer: Buffer): void {
    if (this.#session !== undefined) {
      this.#session.onRead(bytes, buffer);
      return;
    }
    const pending = this.#pending;
    if (pending === undefined) {
      this.#fail(failures.eof); // bytes that nobody asked for
      return;
    }
    const nowMs = this.#parts.clock.nowMs();
    const parser = (this.#parser ??= this.#parts.parsers.take(pending.request));
    pending.exchange.bytesReceived += bytes;
    // The first byte is that of the final head: an interim response (1xx) sets the stamp back.
    if (parser.isBeforeHead) pending.firstByteMs = nowMs;
    const used = parser.feed(buffer, bytes);
    if (parser.state === "complete") this.#complete(parser, nowMs, used === bytes);
    else if (parser.state === "failed") this.#fail(parser.failure!);
  }

  #complete(parser: ResponseParser, nowMs: number, isClean: boolean): void {
    const pending = this.#pending!;
    const head = parser.head!;
    this.#pending = undefined;
    fillResponse(pending.exchange, parser);
    fillTimings(pending, nowMs);
    this.#dropParser();
    if (!isClean || !head.isPersistent || pending.template.closes) {
      this.#shut();
    } else {
      this.#staleAfterMs =
        head.keepAliveMs === Infinity
          ? undefined
          : nowMs + Math.max(head.keepAliveMs - keepAliveMarginMs, head.keepAliveMs / 2);
      if (this.#isFlushed) this.#owner.onReusable(this);
      else this.#flushDeadlineMs = nowMs + flushLimitMs;
    }
    pending.readySinceMs = nowMs;
    this.#parts.ready.add(pending);
  }

  #dropParser(): void {
    if (this.#parser === undefined) return;
    this.#parts.parsers.give(this.#parser);
    this.#parser = undefined;
  }

  /** Node gives no error for it. */
  onEnd(): void {
    this.#session?.onEnd();
    if (this.#isClosed) return;
    const parser = this.#parser;
    if (parser === undefined) {
      this.#fail(failures.eof, true); // before a first byte
      return;
    }
    parser.finish();
    if (parser.state === "complete") this.#complete(parser, this.#parts.clock.nowMs(), false);
    else this.#fail(parser.failure!, true);
  }

  onError(error: NodeJS.ErrnoException): void {
    this.#session?.onError(error);
    this.#fail(failureFromError(error, "exchange"), true);
  }

  onClosed(): void {
    this.#parts.sockets.open--;
    this.#session?.onEnd();
    this.#fail(failures.eof, true);
  }

  /** Closes the connection and ends its exchange: by a repetition if `isBroken` by the peer, else by `failure`. */
  #fail(failure: HttpFailure, isBroken = false): void {
    if (this.#isClosed) return;
    const pending = this.#pending;
    const isStale = isBroken && this.#isReused && this.#parser === undefined;
    const isRepeated = isStale && pending?.isRepeatable === true;
    this.#pending = undefined;
    if (pending !== undefined && this.#wire !== undefined && !isRepeated) this.#keepPart(pending);
    this.#shut();
    if (pending === undefined) return;
    if (failure.generatorFault !== undefined) this.#parts.faults.add(failure.generatorFault);
    if (isRepeated) this.#owner.repeat(pending);
    else settleFailed(pending, failure);
  }

  /** k6 shows what came before the failure: a text, if an empty one, once the head was there. */
  #keepPart(pending: PendingExchange): void {
    const { exchange } = pending;
    const parser = this.#parser;
    exchange.failedInBody = parser?.head !== undefined;
    exchange.body = parser?.takeBody();
    if (exchange.failedInBody) exchange.body ??= noBytes;
    fillTimings(pending, this.#parts.clock.nowMs());
  }

  #shut(): void {
    this.#isClosed = true;
    this.#flushDeadlineMs = undefined;
    this.#dropParser();
    this.#dial?.cancel();
    this.#dial = undefined;
    this.#wire?.destroy();
    this.#owner.onClosed(this);
  }
}
