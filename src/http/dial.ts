/**
 * The making of one connection: resolving → queued (TLS only) → connecting → tunnelling (TLS through a proxy) → securing
 * → over. Over is final, and whoever dialled is told of it once, never before `start` has returned.
 */
import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import type { Clock } from "../base/clock.ts";
import { isAddress } from "./addresses.ts";
import type { Address, AddressBook } from "./addresses.ts";
import { dialled, failureFromError, failures, unsuitableLocalAddress, viaProxy } from "./errors.ts";
import type { HttpFailure, Timings } from "./exchange.ts";
import type { HandshakeGate } from "./handshake-gate.ts";
import type { LoadGuard } from "./load-guard.ts";
import { isSameFamily } from "./local-addresses.ts";
import { NodeWire } from "./node-wire.ts";
import type { Origin } from "./origin.ts";
import type { Proxy } from "./proxies.ts";
import { readTlsSession } from "./tls.ts";
import type { TlsSession, TlsSettings } from "./tls.ts";
import { requestTunnel } from "./tunnel.ts";
import type { ConnectWire, Wire, WireListener } from "./wire.ts";

/** What the dials of a worker share. */
export interface DialParts {
  readonly clock: Clock;
  readonly addresses: AddressBook;
  readonly tls: TlsSettings;
  readonly gate: HandshakeGate;
  readonly readBuffer: Buffer;
  readonly connectWire: ConnectWire;
  /** What TLS handshakes offer, in the order of preference. */
  readonly protocols: string[];
  /** Undefined: every host may be loaded. */
  readonly guard: LoadGuard | undefined;
  /** Sockets that hold a descriptor now. */
  readonly sockets: { open: number };
}

/** From where to where. */
export interface Route {
  readonly origin: Origin;
  /** undefined: the system chooses */
  readonly localAddress: string | undefined;
}

/** A connected socket. */
export interface Dialled {
  readonly wire: Wire;
  readonly address: Address;
  /** undefined on plain TCP */
  readonly tls: TlsSession | undefined;
  /** When the handshake agreed on HTTP/2: the socket. */
  readonly http2Socket: TLSSocket | undefined;
  /** The load guard must be asked before each further request. */
  readonly isGuarded: boolean;
  readonly nowMs: number;
}

/** Whom a dial tells. */
export interface DialOwner {
  /** The wire is the owner's, who listens to it from now on. */
  onDialled(dialled: Dialled): void;
  /** There will be no connection. */
  onDialFailed(failure: HttpFailure): void;
}

type Phase = "resolving" | "queued" | "connecting" | "tunnelling" | "securing" | "over";

/** k6 dials with 30 s; the kernel alone would try for two minutes. */
const dialLimitMs = 30_000;
/** An unanswered dial gives its handshake slot up after this, or one dead host would hold all slots. */
const slotLimitMs = 1_000;

export class Dial implements WireListener {
  readonly #parts: DialParts;
  readonly #owner: DialOwner;
  readonly #route: Route;
  /** Where `connecting` and `tls_handshaking` go, as soon as they are known. */
  readonly #timings: Timings;
  #phase: Phase = "resolving";
  #wire: Wire | undefined;
  #address: Address | undefined;
  #holdsSlot = false;
  #isGuarded = false;
  #startMs = 0;
  #connectedMs = 0;

  constructor(parts: DialParts, owner: DialOwner, { route, timings }: DialJob) {
    this.#parts = parts;
    this.#owner = owner;
    this.#route = route;
    this.#timings = timings;
  }

  start(): void {
    const { addresses } = this.#parts;
    const { origin } = this.#route;
    const destination = origin.proxy ?? origin;
    const known = addresses.find(destination);
    if (known === undefined) addresses.resolve(destination, (outcome) => this.#onAddress(outcome));
    else if (isAddress(known)) this.#onAddress(known);
    else queueMicrotask(() => this.#onAddress(known));
  }

  /** Gives up; the owner is not told. */
  cancel(): void {
    if (this.#phase === "over") return;
    this.#leaveSlot();
    this.#phase = "over";
    this.#wire?.destroy();
  }

  /** Gives up what takes too long. */
  checkDeadline(nowMs: number): void {
    if (this.#phase !== "connecting") return;
    if (nowMs - this.#startMs >= dialLimitMs) this.#fail(failures.dialTimeout);
    else if (nowMs - this.#startMs >= slotLimitMs) this.#leaveSlot();
  }

  onRead(): void {
    this.#fail(failures.eof); // bytes before anybody asked for some
  }

  onFlushed(): void {
    // nothing of a dial is written through its wire
  }

  onEnd(): void {
    this.#fail(this.#phase === "tunnelling" ? failures.unexpectedEof : failures.eof);
  }

  onError(error: NodeJS.ErrnoException): void {
    const stages = { connecting: "dial", securing: "handshake" } as const;
    const stage =
      this.#phase === "connecting" || this.#phase === "securing" ? stages[this.#phase] : "exchange";
    this.#fail(failureFromError(error, stage));
  }

  onClosed(): void {
    this.#parts.sockets.open--;
    this.#fail(failures.eof);
  }

  #onAddress(outcome: Address | HttpFailure): void {
    if (this.#phase !== "resolving") return;
    const { localAddress, origin } = this.#route;
    if (!isAddress(outcome)) {
      this.#fail(outcome);
      return;
    }
    if (!isSameFamily(localAddress, outcome.ip)) {
      this.#fail(unsuitableLocalAddress(localAddress!));
      return;
    }
    this.#address = outcome;
    if (!this.#isAdmitted(outcome)) {
      queueMicrotask(() => this.#fail(failures.unconfirmedHost));
      return;
    }
    if (!origin.isTls) {
      this.#connect(outcome);
      return;
    }
    this.#phase = "queued";
    this.#parts.gate.enter(this.#onSlot);
  }

  #isAdmitted({ ip }: Address): boolean {
    const { guard } = this.#parts;
    const { origin } = this.#route;
    this.#isGuarded = guard?.watches(origin, ip) === true;
    return !this.#isGuarded || guard!.admits(origin.hostname);
  }

  readonly #onSlot = (): void => {
    this.#holdsSlot = true;
    this.#connect(this.#address!);
  };

  #leaveSlot(): void {
    if (this.#phase === "queued") this.#parts.gate.cancel(this.#onSlot);
    if (!this.#holdsSlot) return;
    this.#holdsSlot = false;
    this.#parts.gate.leave();
  }

  #connect({ ip, port }: Address): void {
    const { clock, connectWire, readBuffer, sockets } = this.#parts;
    const { localAddress, origin } = this.#route;
    const where = { host: ip, port, localAddress, autoSelectFamily: false };
    this.#phase = "connecting";
    this.#startMs = clock.nowMs();
    sockets.open++;
    if (!origin.isTls) {
      this.#wire = connectWire(where, {
        buffer: readBuffer,
        listener: this,
        onConnect: () => this.#onConnect(),
      });
      return;
    }
    const wire = new NodeWire(this);
    this.#wire = wire;
    // What a tunnel's socket reads is at first its answer: it has no buffer of ours.
    const socket = origin.proxy === undefined ? this.#secure(wire, where) : connectTcp(where);
    wire.watch(socket);
    socket.on("connect", () => this.#onConnect(socket));
  }

  /** TLS over a connection of its own, or over the tunnel that `where` names. */
  #secure(wire: NodeWire, where: ConnectionOptions): TLSSocket {
    const { protocols, readBuffer, tls } = this.#parts;
    const socket = connectTls({
      ...where,
      ...tls.connectOptions(this.#route.origin),
      rejectUnauthorized: false, // verified when the handshake is done, in Go's order
      ALPNProtocols: protocols,
      onread: wire.reading(readBuffer),
    } as ConnectionOptions);
    tls.watchKeys(socket);
    socket.on("secureConnect", () => this.#onSecure(socket));
    return socket;
  }

  #onConnect(socket?: Socket): void {
    if (this.#phase !== "connecting") return;
    this.#connectedMs = this.#parts.clock.nowMs();
    this.#timings.connecting = this.#connectedMs - this.#startMs;
    const { isTls, proxy } = this.#route.origin;
    if (!isTls) this.#succeed(this.#connectedMs);
    else if (proxy === undefined) this.#phase = "securing";
    else this.#tunnel(socket!, proxy);
  }

  #tunnel(socket: Socket, proxy: Proxy): void {
    this.#phase = "tunnelling";
    requestTunnel(
      socket,
      { origin: this.#route.origin, proxy },
      {
        onRefused: (failure) => this.#fail(failure),
        onTunnel: () => {
          if (this.#phase !== "tunnelling") return;
          this.#phase = "securing";
          const wire = new NodeWire(this);
          const secured = this.#secure(wire, { socket });
          wire.watch(secured);
          this.#wire!.listener = throughTunnel(wire);
          this.#wire = wire;
          // `onread` is not heeded over a socket that is there already.
          secured.on("data", (piece: Buffer) => wire.listener.onRead(piece.length, piece));
        },
      },
    );
  }

  #onSecure(socket: TLSSocket): void {
    if (this.#phase !== "securing") return;
    this.#leaveSlot();
    const { clock, tls } = this.#parts;
    const distrust = tls.verify(socket, this.#route.origin, clock.wallMs());
    if (distrust !== undefined) {
      this.#fail(distrust);
      return;
    }
    const nowMs = clock.nowMs();
    this.#timings.tls_handshaking = nowMs - this.#connectedMs;
    this.#succeed(nowMs, socket);
  }

  #succeed(nowMs: number, socket?: TLSSocket): void {
    this.#phase = "over";
    this.#owner.onDialled({
      wire: this.#wire!,
      address: this.#address!,
      tls: socket === undefined ? undefined : readTlsSession(socket),
      http2Socket: socket?.alpnProtocol === "h2" ? socket : undefined,
      isGuarded: this.#isGuarded,
      nowMs,
    });
  }

  #fail(failure: HttpFailure): void {
    if (this.#phase === "over") return;
    const explained = this.#explain(failure);
    this.cancel();
    this.#owner.onDialFailed(explained);
  }

  /** With what is known of the address. */
  #explain(failure: HttpFailure): HttpFailure {
    const explained = this.#address === undefined ? failure : dialled(failure, this.#address);
    const isConnected = this.#phase === "tunnelling" || this.#phase === "securing";
    return this.#route.origin.proxy !== undefined && !isConnected ? viaProxy(explained) : explained;
  }
}

/** What befalls a tunnel's socket befalls the one inside, whose end alone is counted. */
function throughTunnel(inside: Wire): WireListener {
  return {
    onRead: () => {},
    onFlushed: () => {},
    onEnd: () => inside.listener.onEnd(),
    onError: (error) => inside.listener.onError(error),
    onClosed: () => {},
  };
}

interface DialJob {
  readonly route: Route;
  readonly timings: Timings;
}
