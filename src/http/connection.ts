/**
 * One HTTP/1.1 connection: opens a socket for a first request, then serves one request at a time. When the handshake
 * agrees on HTTP/2 instead, a session takes the socket over.
 * resolving → queued (TLS only) → connecting → tunnelling (TLS through a proxy) → securing → open → closed; closed is final and reached once.
 * Everything the socket reads lies in one buffer shared by all connections of the thread and is consumed inside the
 * read callback. Any byte or end that comes while no request is outstanding closes the connection.
 */
import { connect as connectTcp } from "node:net";
import type { OnReadOpts, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import type { Clock } from "../base/clock.ts";
import { isAddress } from "./addresses.ts";
import type { Address, AddressBook } from "./addresses.ts";
import type { DeadlineSweep, Sweepable } from "./deadline-sweep.ts";
import { dialled, failureFromError, failures, unsuitableLocalAddress, viaProxy } from "./errors.ts";
import type { FailureStage } from "./errors.ts";
import type { Exchange, HttpFailure } from "./exchange.ts";
import type { Carrier, Http2Session } from "./h2/session.ts";
import type { HandshakeGate } from "./handshake-gate.ts";
import { isSameFamily } from "./local-addresses.ts";
import type { Origin } from "./origin.ts";
import { fillResponse, fillTimings, settleFailed } from "./pending-exchange.ts";
import type { PendingExchange, Stamps } from "./pending-exchange.ts";
import type { Proxy } from "./proxies.ts";
import { requestHead } from "./request-head.ts";
import type { HeadMemo } from "./response-head.ts";
import { ResponseParser } from "./response-parser.ts";
import { readTlsSession } from "./tls.ts";
import type { TlsSettings } from "./tls.ts";
import { requestTunnel } from "./tunnel.ts";

/** What the connections of a worker share. */
export interface ConnectionParts {
  readonly clock: Clock;
  readonly addresses: AddressBook;
  readonly tls: TlsSettings;
  readonly gate: HandshakeGate;
  readonly sweep: DeadlineSweep;
  readonly heads: HeadMemo;
  readonly readBuffer: Buffer;
  /** What TLS handshakes offer, in the order of preference. */
  readonly protocols: string[];
  readonly maxBodyBytes: number;
  /** Sockets that hold a descriptor now. */
  readonly sockets: { open: number; generatorFaults: number };
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

type Phase = "resolving" | "queued" | "connecting" | "tunnelling" | "securing" | "open" | "closed";

const noBytes = new Uint8Array(0);
/** k6 dials with 30 s; the kernel alone would try for two minutes. */
const dialLimitMs = 30_000;
/** An unanswered dial gives its handshake slot up after this, or one dead host would hold all slots. */
const slotLimitMs = 1_000;
/** Up to here one write is taken at once by any socket, and write() returning means "in the kernel". */
const smallRequestBytes = 16_384;
/** As in Go: how long a complete response waits for its upload to be written out before the connection is given up. */
const flushLimitMs = 50;
/** Idle connections are dropped this long before the server says it will. */
const keepAliveMarginMs = 1_000;

export class Connection implements Sweepable {
  readonly origin: Origin;
  readonly #localAddress: string | undefined;
  readonly #parts: ConnectionParts;
  readonly #owner: ConnectionOwner;
  readonly #parser: ResponseParser;
  readonly #stamps: Stamps = { gotConnectionMs: NaN, writtenMs: NaN, firstByteMs: NaN };
  readonly #onFlushed = (): void => this.#flushed();
  readonly #onSlot = (): void => this.#enterSlot();
  #phase: Phase = "resolving";
  #socket: Socket | undefined;
  /** Whoever speaks HTTP/2 on the socket. */
  #session: Http2Session | undefined;
  #address: Address | undefined;
  #pending: PendingExchange | undefined;
  #exchangesStarted = 0;
  #holdsSlot = false;
  #dialStartMs = 0;
  #connectedMs = 0;
  #tlsVersion = "";
  #tlsCipherSuite = "";
  #isFlushed = true;
  #hasReceived = false;
  /** Not to be handed out after this time, because the server will have closed it. */
  #staleAfterMs = Infinity;
  /** A reusable connection whose upload is not written out yet is given up at this time. */
  #flushDeadlineMs = Infinity;

  /** @param from.localAddress where it leaves from; undefined: the system chooses */
  constructor(
    parts: ConnectionParts,
    owner: ConnectionOwner,
    from: { origin: Origin; localAddress: string | undefined },
  ) {
    this.#parts = parts;
    this.#owner = owner;
    this.origin = from.origin;
    this.#localAddress = from.localAddress;
    this.#parser = new ResponseParser(parts.heads, parts.maxBodyBytes);
  }

  /** Opens the connection for its first exchange. */
  open(pending: PendingExchange): void {
    this.#pending = pending;
    this.#parts.sweep.add(this);
    const destination = this.origin.proxy ?? this.origin;
    const known = this.#parts.addresses.find(destination);
    if (known === undefined) {
      this.#parts.addresses.resolve(destination, (outcome) => this.#onAddress(outcome));
    } else if (isAddress(known)) {
      this.#onAddress(known);
    } else {
      queueMicrotask(() => this.#onAddress(known)); // a receiver never hears of the end before the start is over
    }
  }

  /** True when an idle connection may be handed out again. */
  isUsable(nowMs: number): boolean {
    return (
      this.#phase === "open" && nowMs < this.#staleAfterMs && this.#socket!.readyState === "open"
    );
  }

  /** Serves a further exchange on an open, idle connection. */
  serve(pending: PendingExchange): void {
    this.#pending = pending;
    this.#stamps.gotConnectionMs = pending.startMs;
    this.#send(pending);
  }

  /** Closes; a running exchange fails with `failure`. */
  close(failure: HttpFailure): void {
    this.#fail(failure);
  }

  checkDeadline(nowMs: number): void {
    const pending = this.#pending;
    if (nowMs >= this.#flushDeadlineMs) {
      this.#fail(failures.eof);
    } else if (pending !== undefined && nowMs >= pending.deadlineMs) {
      this.#fail(failures.timeout);
    } else if (this.#phase === "connecting") {
      if (nowMs - this.#dialStartMs >= dialLimitMs) this.#fail(failures.dialTimeout);
      else if (nowMs - this.#dialStartMs >= slotLimitMs) this.#leaveSlot();
    }
  }

  #onAddress(outcome: Address | HttpFailure): void {
    if (this.#phase !== "resolving") return;
    if (!isAddress(outcome)) {
      this.#fail(outcome);
      return;
    }
    if (!isSameFamily(this.#localAddress, outcome.ip)) {
      this.#fail(unsuitableLocalAddress(this.#localAddress!));
      return;
    }
    this.#address = outcome;
    if (!this.origin.isTls) {
      this.#dial(outcome);
      return;
    }
    this.#phase = "queued";
    this.#parts.gate.enter(this.#onSlot);
  }

  #enterSlot(): void {
    this.#holdsSlot = true;
    this.#dial(this.#address!);
  }

  #leaveSlot(): void {
    if (this.#phase === "queued") this.#parts.gate.cancel(this.#onSlot);
    if (!this.#holdsSlot) return;
    this.#holdsSlot = false;
    this.#parts.gate.leave();
  }

  #dial(address: Address): void {
    this.#phase = "connecting";
    this.#dialStartMs = this.#parts.clock.nowMs();
    const where = {
      host: address.ip,
      port: address.port,
      autoSelectFamily: false,
      localAddress: this.#localAddress,
    };
    this.#parts.sockets.open++;
    const { isTls, proxy } = this.origin;
    let socket: Socket;
    if (!isTls) socket = connectTcp({ ...where, onread: this.#reading() });
    else if (proxy === undefined) socket = this.#secure(where);
    else socket = connectTcp(where); // read by the tunnel's handshake first
    this.#watch(socket);
    socket.on("close", () => this.#onClose());
  }

  /** TLS over a connection of its own, or over the tunnel that `where` names. */
  #secure(where: ConnectionOptions): TLSSocket {
    const { tls } = this.#parts;
    const socket = connectTls({
      ...where,
      ...tls.connectOptions(this.origin),
      rejectUnauthorized: false, // verified when the handshake is done, in Go's order
      ALPNProtocols: this.#parts.protocols,
      onread: this.#reading(),
    } as ConnectionOptions);
    tls.watchKeys(socket);
    socket.on("secureConnect", () => this.#onSecure(socket));
    return socket;
  }

  #reading(): OnReadOpts {
    return {
      buffer: this.#parts.readBuffer,
      callback: (bytes: number, buffer: Uint8Array): boolean =>
        this.#onRead(bytes, buffer as Buffer),
    };
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    // tls.connect ignores the option of this name; without it a head and body in two writes wait 40 ms.
    socket.setNoDelay(true);
    socket.on("connect", () => this.#onConnect());
    socket.on("end", () => this.#onEnd());
    socket.on("error", (error: NodeJS.ErrnoException) => this.#onError(error));
  }

  #onConnect(): void {
    if (this.#phase !== "connecting") return;
    this.#connectedMs = this.#parts.clock.nowMs();
    this.#pending!.exchange.timings.connecting = this.#connectedMs - this.#dialStartMs;
    const { origin } = this;
    if (!origin.isTls) this.#start(this.#connectedMs);
    else if (origin.proxy === undefined) this.#phase = "securing";
    else this.#tunnel(this.#socket!, origin.proxy);
  }

  #tunnel(socket: Socket, proxy: Proxy): void {
    this.#phase = "tunnelling";
    requestTunnel(
      socket,
      { origin: this.origin, proxy },
      {
        onRefused: (failure) => this.#fail(failure),
        onTunnel: () => {
          if (this.#phase !== "tunnelling") return;
          this.#phase = "securing";
          const secured = this.#secure({ socket });
          this.#watch(secured);
          // `onread` is not heeded over a socket that is there already.
          secured.on("data", (piece: Buffer) => this.#onRead(piece.length, piece));
        },
      },
    );
  }

  #onSecure(socket: TLSSocket): void {
    if (this.#phase !== "securing") return;
    this.#leaveSlot();
    const { clock, tls } = this.#parts;
    const distrust = tls.verify(socket, this.origin, clock.wallMs());
    if (distrust !== undefined) {
      this.#fail(distrust);
      return;
    }
    const nowMs = clock.nowMs();
    this.#pending!.exchange.timings.tls_handshaking = nowMs - this.#connectedMs;
    const session = readTlsSession(socket);
    if (socket.alpnProtocol === "h2") {
      this.#handOver({ socket, address: this.#address!, tls: session });
      return;
    }
    this.#tlsVersion = session.version;
    this.#tlsCipherSuite = session.cipherSuite;
    this.#owner.onHttp1(this);
    this.#start(nowMs);
  }

  #handOver(carrier: Carrier): void {
    const pending = this.#pending!;
    this.#pending = undefined;
    this.#phase = "closed";
    this.#parts.sweep.delete(this);
    this.#session = this.#owner.onHttp2(this, carrier, pending);
  }

  #start(nowMs: number): void {
    const pending = this.#pending!;
    this.#phase = "open";
    this.#stamps.gotConnectionMs = nowMs;
    pending.exchange.timings.blocked = nowMs - pending.startMs;
    this.#send(pending);
  }

  #send(pending: PendingExchange): void {
    const { request, exchange, bodyBytes } = pending;
    const { body } = request;
    const head = requestHead(pending);
    const socket = this.#socket!;
    exchange.remoteIp = this.#address!.ip;
    exchange.remotePort = this.#address!.port;
    exchange.tlsVersion = this.#tlsVersion;
    exchange.tlsCipherSuite = this.#tlsCipherSuite;
    exchange.bytesSent += head.length + bodyBytes;
    this.#exchangesStarted++;
    this.#hasReceived = false;
    this.#stamps.firstByteMs = NaN;
    this.#stamps.writtenMs = NaN;
    this.#parser.begin(request.method, request.discardBody === true);
    this.#isFlushed = head.length + bodyBytes <= smallRequestBytes;
    const onFlushed = this.#isFlushed ? undefined : this.#onFlushed;
    if (body === undefined || bodyBytes === 0) {
      socket.write(head, "latin1", onFlushed);
    } else if (typeof body === "string" && bodyBytes === body.length) {
      socket.write(head + body, "latin1", onFlushed); // ASCII: one string, one write
    } else {
      socket.cork();
      socket.write(head, "latin1");
      if (typeof body === "string") socket.write(body, "utf8", onFlushed);
      else socket.write(body, onFlushed);
      socket.uncork();
    }
    if (this.#isFlushed) this.#stamps.writtenMs = this.#parts.clock.nowMs();
  }

  #flushed(): void {
    if (this.#phase !== "open" || this.#isFlushed) return;
    this.#isFlushed = true;
    if (this.#pending !== undefined) {
      this.#stamps.writtenMs = this.#parts.clock.nowMs();
    } else if (this.#flushDeadlineMs !== Infinity) {
      this.#flushDeadlineMs = Infinity;
      this.#owner.onReusable(this);
    }
  }

  #onRead(bytes: number, buffer: Buffer): boolean {
    if (this.#session !== undefined) {
      this.#session.onRead(bytes, buffer);
      return true;
    }
    const pending = this.#pending;
    if (pending === undefined || this.#phase !== "open") {
      this.#fail(failures.eof); // bytes that nobody asked for
      return true;
    }
    const nowMs = this.#parts.clock.nowMs();
    const parser = this.#parser;
    pending.exchange.bytesReceived += bytes;
    this.#hasReceived = true;
    // The first byte is that of the final head: an interim response (1xx) sets the stamp back.
    if (parser.isBeforeHead) this.#stamps.firstByteMs = nowMs;
    const used = parser.feed(buffer, bytes);
    if (parser.state === "complete") this.#complete(nowMs, used === bytes);
    else if (parser.state === "failed") this.#fail(parser.failure!);
    return true;
  }

  #complete(nowMs: number, isClean: boolean): void {
    const pending = this.#pending!;
    const head = this.#parser.head!;
    this.#pending = undefined;
    fillResponse(pending.exchange, this.#parser);
    fillTimings(pending.exchange, this.#stamps, nowMs);
    if (!isClean || !head.isPersistent || pending.template.closes || this.#phase !== "open") {
      this.#shut();
    } else {
      this.#staleAfterMs =
        nowMs + Math.max(head.keepAliveMs - keepAliveMarginMs, head.keepAliveMs / 2);
      if (this.#isFlushed) this.#owner.onReusable(this);
      else this.#flushDeadlineMs = nowMs + flushLimitMs;
    }
    pending.receiver.onExchange(pending.exchange);
  }

  /** The peer has finished sending. Node gives no error for it. */
  #onEnd(): void {
    this.#session?.onEnd();
    if (this.#phase === "closed") return;
    const pending = this.#pending;
    if (pending === undefined || this.#phase !== "open") {
      this.#fail(this.#phase === "tunnelling" ? failures.unexpectedEof : failures.eof);
      return;
    }
    this.#parser.finish();
    if (this.#parser.state === "complete") this.#complete(this.#parts.clock.nowMs(), false);
    else this.#fail(this.#parser.failure!, true);
  }

  #onError(error: NodeJS.ErrnoException): void {
    this.#session?.onError(error);
    this.#fail(failureFromError(error, this.#stage()), true);
  }

  #onClose(): void {
    this.#parts.sockets.open--;
    this.#session?.onEnd();
    this.#fail(failures.eof, true);
  }

  #stage(): FailureStage {
    if (this.#phase === "connecting") return "dial";
    return this.#phase === "securing" ? "handshake" : "exchange";
  }

  /** Closes the connection and ends its exchange: by a repetition if `isBroken` by the peer, else by `failure`. */
  #fail(failure: HttpFailure, isBroken = false): void {
    if (this.#phase === "closed") return;
    const wasOpen = this.#phase === "open";
    const wasConnected = wasOpen || this.#phase === "tunnelling" || this.#phase === "securing";
    const pending = this.#pending;
    this.#pending = undefined;
    this.#shut();
    if (pending === undefined) return;
    if (failure.generatorFault) this.#parts.sockets.generatorFaults++;
    const isStale = isBroken && this.#exchangesStarted > 1 && !this.#hasReceived;
    if (isStale && pending.isRepeatable) {
      this.#owner.repeat(pending);
      return;
    }
    if (wasOpen) this.#keepPart(pending.exchange);
    const address = this.#address;
    const explained = address === undefined ? failure : dialled(failure, address);
    const isProxys = this.origin.proxy !== undefined && !wasConnected;
    settleFailed(pending, isProxys ? viaProxy(explained) : explained);
  }

  /** k6 shows what came before the failure: a text, if an empty one, once the head was there. */
  #keepPart(exchange: Exchange): void {
    exchange.failedInBody = this.#parser.head !== undefined;
    exchange.body = this.#parser.takeBody();
    if (exchange.failedInBody) exchange.body ??= noBytes;
    fillTimings(exchange, this.#stamps, this.#parts.clock.nowMs());
  }

  #shut(): void {
    this.#leaveSlot();
    this.#phase = "closed";
    this.#flushDeadlineMs = Infinity;
    this.#parts.sweep.delete(this);
    this.#socket?.destroy();
    this.#owner.onClosed(this);
  }
}
