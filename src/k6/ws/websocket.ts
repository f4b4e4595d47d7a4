/**
 * `WebSocket` of `k6/websockets`: does not block; events come on the VU's event loop, which the socket keeps going.
 * connecting (0) → open (1) → closing (2) → closed (3). A handler that throws ends its socket and the iteration.
 */
import { toArrayBuffer } from "../bytes.ts";
import { callAll } from "../callbacks.ts";
import type { Attachment, Companion, VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import type { TagSet } from "../../metrics/index.ts";
import { textOf } from "../text.ts";
import { createBlob } from "./blob.ts";
import {
  closeErrorText,
  type ConnectionEnd,
  type ConnectionListener,
  SocketConnection,
} from "./connection.ts";
import { Dial, type DialOutcome, type HandshakeResponse } from "./dial.ts";
import { type EventType, Listeners } from "./events.ts";
import type { Handshake } from "./handshake.ts";
import { Pings, SocketSeries, socketTags } from "./series.ts";

const connecting = 0;
const open = 1;
const closing = 2;
const closed = 3;

const normal = 1000;
const goingAway = 1001;
const maxReasonBytes = 123;
/** Reading stops while this many events wait for the script. */
const maxWaiting = 256;

export type BinaryType = "blob" | "arraybuffer";

/** The state behind the object that a script holds. */
export class WebSocketState implements Companion, ConnectionListener {
  readonly listeners: Listeners;
  readyState: number = connecting;
  bufferedAmount = 0;
  protocol = "";
  extensions: string[] = [];
  binaryType: BinaryType = "blob";
  /** The script's object. */
  target: object | undefined;
  readonly #vu: VuContext;
  readonly #handshake: Handshake;
  readonly #attachment: Attachment;
  readonly #dial: Dial;
  readonly #startMs: number;
  readonly #pings = new Pings();
  #connection: SocketConnection | undefined;
  #series: SocketSeries | undefined;
  /** Asked for before the connection was open. */
  #earlyClose: { readonly code: number; readonly reason: string } | undefined;
  #waitingCount = 0;
  #isReleased = false;

  constructor(vu: VuContext, handshake: Handshake) {
    this.#vu = vu;
    this.#handshake = handshake;
    this.listeners = new Listeners(vu);
    this.#startMs = vu.clock.nowMs();
    this.#attachment = vu.attach(this);
    this.#dial = new Dial(vu, handshake, (outcome) => this.#onDialed(outcome));
  }

  get url(): string {
    return this.#handshake.url.text;
  }

  // --- what the script does ----------------------------------------------------------------------

  send(data: string | Uint8Array): void {
    const connection = this.#openConnection();
    const byteLength = typeof data === "string" ? Buffer.byteLength(data) : data.byteLength;
    this.bufferedAmount += byteLength;
    connection.send(data, typeof data !== "string", () => {
      this.bufferedAmount -= byteLength;
    });
    this.#series!.onSent();
  }

  ping(): void {
    const connection = this.#openConnection();
    connection.ping(this.#pings.begin(this.#vu.clock.nowMs()));
    this.#series!.onSent();
  }

  close(givenCode: unknown, givenReason: unknown): void {
    if (this.readyState >= closing) return;
    const code =
      (Math.trunc(Number(givenCode ?? 0)) || 0) === 0 ? normal : Math.trunc(Number(givenCode));
    const reason = givenReason === undefined || givenReason === null ? "" : textOf(givenReason);
    checkClose(code, reason);
    if (this.readyState === connecting) this.#earlyClose = { code, reason };
    else this.#close(code, reason);
    this.readyState = closing;
  }

  #openConnection(): SocketConnection {
    if (this.readyState !== open) throw new GoError("InvalidStateError");
    return this.#connection!;
  }

  #close(code: number, reason: string): void {
    if (this.#connection!.isClosing) return;
    this.#connection!.close(code, reason);
    this.#series!.onSent();
  }

  // --- what the connection says ------------------------------------------------------------------

  /** As browsers have it: what comes after close() was called is not heard. */
  onMessage(data: Buffer, isBinary: boolean): void {
    this.#deliver(() => {
      if (this.readyState !== open) return undefined;
      this.#series!.onReceived();
      return this.#emit("message", {
        data: isBinary ? this.#toBinary(data) : data.toString("utf8"),
        origin: this.url,
      });
    });
  }

  onPing(): void {
    this.#deliver(() => this.#emit("ping", noFields));
  }

  onPong(payload: string): void {
    const roundTripMs = this.#pings.end(payload, this.#vu.clock.nowMs());
    if (roundTripMs === undefined)
      this.#vu.logger.log("warning", `received pong for unknown ping ID ${payload}`);
    else this.#series!.onPong(roundTripMs);
    this.#deliver(() => this.#emit("pong", noFields));
  }

  onEnd(end: ConnectionEnd): void {
    const { code, reason } = end;
    const isExpected = code === undefined || code === normal || code === goingAway;
    this.#attachment.deliver(() =>
      this.#finish(isExpected ? undefined : closeErrorText(end), { code, reason }),
    );
  }

  // --- what the VU says --------------------------------------------------------------------------

  cancel(): void {
    if (this.readyState === closed) {
      this.#release();
      return;
    }
    if (this.#connection === undefined) {
      this.#dial.cancel();
      return;
    }
    this.#connection.close(normal, "");
    this.#connection.shut();
    this.#attachment.deliver(() => this.#finish(undefined, { code: normal, reason: "" }, false));
  }

  destroy(): void {
    this.#connection?.close(normal, "");
    this.#release();
  }

  // --- life --------------------------------------------------------------------------------------

  #onDialed(outcome: DialOutcome): void {
    if (this.#isReleased) return;
    const response = outcome.kind === "failed" ? undefined : outcome.response;
    this.#series = new SocketSeries(this.#vu, this.#tags(response));
    this.#series.onDialed(this.#vu.clock.nowMs() - this.#startMs);
    if (outcome.kind !== "open") {
      const error = outcome.kind === "failed" ? outcome.error : "websocket: bad handshake";
      this.#attachment.deliver(() => this.#finish(error, { code: undefined, reason: "" }, false));
      return;
    }
    const { socket, usesDeflate, firstBytes, admits } = outcome;
    this.protocol = outcome.response.headers["Sec-Websocket-Protocol"] ?? "";
    const extensions = outcome.response.headers["Sec-Websocket-Extensions"];
    if (extensions !== undefined) this.extensions = [extensions];
    const connection = new SocketConnection({ socket, usesDeflate, admits, listener: this });
    this.#connection = connection;
    this.#attachment.deliver(() => this.#onOpen());
    connection.start(firstBytes);
  }

  #onOpen(): void {
    const early = this.#earlyClose;
    if (early !== undefined) return this.#close(early.code, early.reason);
    if (this.readyState !== connecting) return undefined;
    this.readyState = open;
    return this.#emit("open", {});
  }

  #deliver(tell: () => void): void {
    if (++this.#waitingCount === maxWaiting) this.#connection!.pause();
    this.#attachment.deliver(() => {
      if (this.#waitingCount-- === maxWaiting / 2) this.#connection!.resume();
      return this.readyState === closed ? undefined : tell();
    });
  }

  /** Calls the listeners. When one throws, the socket is over and so is the iteration. */
  #emit(type: EventType, fields: object): void {
    const listeners = this.listeners.of(type);
    if (listeners.length === 0) return undefined;
    const event = {
      type,
      target: this.target,
      timestamp: this.#vu.clock.wallMs(),
      ...fields,
    };
    return this.#vu.call(() => callAll(this.#vu, listeners, [event]), {
      onValue: () => undefined,
      onError: (error) => this.#onListenerThrew(type, error),
    });
  }

  /** The VU hears of the exception before it hears that the socket is over: see {@link cancel}. */
  #onListenerThrew(type: EventType, error: unknown): void {
    this.#connection?.destroy();
    const rethrow = (): never => {
      this.readyState = closed;
      throw error;
    };
    if (this.readyState === closed || type === "error" || type === "close") return rethrow();
    return this.#vu.call(() => this.#sayGoodbye(textOf(error), { code: undefined, reason: "" }), {
      onValue: rethrow,
      onError: rethrow,
    });
  }

  /** The end of the socket; `hadSession` is false when it was never open, or was cut. */
  #finish(error: string | undefined, end: ConnectionEnd, hadSession = true): void {
    if (this.readyState === closed) return undefined;
    const sessionMs = this.#vu.clock.nowMs() - this.#startMs;
    return this.#vu.call(() => this.#sayGoodbye(error, end), {
      onValue: () => {
        if (hadSession) this.#series!.onEnd(sessionMs);
        this.#release();
      },
      onError: (thrown) => {
        throw thrown;
      },
    });
  }

  /** The last events: `error` when there is one, and `close`. */
  #sayGoodbye(error: string | undefined, end: ConnectionEnd): void {
    this.readyState = closed;
    const fields = end.code === undefined ? { reason: end.reason } : { ...end };
    if (error === undefined) return this.#emit("close", fields);
    return this.#vu.call(() => this.#emit("error", { error }), {
      onValue: () => this.#emit("close", fields),
      onError: (thrown) => {
        throw thrown;
      },
    });
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.readyState = closed;
    const { sent, received } = (this.#connection ?? this.#dial).bytes;
    this.#vu.countData(sent, received);
    if (this.#connection === undefined) this.#dial.destroy();
    else this.#connection.shut();
    this.#attachment.release();
  }

  #toBinary(data: Buffer): object {
    return this.binaryType === "blob" ? createBlob(data) : toArrayBuffer(data);
  }

  /** A `name` of the script stands for the URL as well; without one the URL is the name. */
  #tags(response: HandshakeResponse | undefined): TagSet {
    const { tags } = this.#handshake.params;
    const name = tags.get("name") ?? this.url;
    const enabled = this.#vu.options.systemTags;
    return socketTags(this.#vu, enabled.has("name") ? tags.with("name", name) : tags, {
      url: name,
      response,
    });
  }
}

const noFields = {};

function checkClose(code: number, reason: string): void {
  if (code !== normal && (code < 3000 || code > 4999)) {
    throw new GoError(
      "InvalidAccessError: Failed to execute 'close' on 'WebSocket': " +
        `The close code must be either 1000, or between 3000 and 4999. ${code} is neither`,
    );
  }
  if (Buffer.byteLength(reason) > maxReasonBytes) {
    throw new GoError(
      "SyntaxError: Failed to execute 'close' on 'WebSocket': The message must not be greater than 123 bytes",
    );
  }
}
