/**
 * One call of `k6/ws` connect: blocks the script until the socket closes, and meanwhile runs the script's handlers one
 * after the other, in the order in which things happened, each to its end (it may block itself).
 * dialling → running → closed; `close` handlers are called once, from within `close()` or at the end.
 */
import { toArrayBuffer } from "../bytes.ts";
import type { Attachment, BlockedCall, Companion, VuContext } from "../context.ts";
import { callAll, type ScriptFunction } from "../callbacks.ts";
import { GoError, goErrorAt } from "../errors.ts";
import { consoleText } from "../inspect.ts";
import {
  closeErrorText,
  type ConnectionEnd,
  type ConnectionListener,
  SocketConnection,
} from "./connection.ts";
import { Dial, type DialOutcome, type HandshakeResponse } from "./dial.ts";
import type { Handshake } from "./handshake.ts";
import { createScriptSocket, type SocketCommands } from "./script-socket.ts";
import { Pings, SocketSeries, socketTags } from "./series.ts";

/** What connect() gives: k6's fields, and no others. */
export interface WsResponse {
  url: string;
  status: number;
  headers: Record<string, string>;
  body: string;
  error: string;
}

/** Reading stops while this many events wait for the script. */
const maxWaiting = 256;
const goingAway = 1001;
const normal = 1000;

/** The error that handlers of `error` are given. */
interface SocketError {
  readonly code?: number;
  readonly text?: string;
  error(): string;
}

export class WsSession implements Companion, ConnectionListener, SocketCommands {
  readonly #vu: VuContext;
  readonly #handshake: Handshake;
  readonly #startMs: number;
  /** Made where the script called, for an exception that comes later; undefined when failures are no exceptions. */
  readonly #site: GoError | undefined;
  readonly #handlers = new Map<string, ScriptFunction[]>();
  readonly #waiting: (() => unknown)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #pings = new Pings();
  readonly #setup: ScriptFunction;
  #attachment: Attachment | undefined;
  #call: BlockedCall<WsResponse> | undefined;
  #dial: Dial | undefined;
  #connection: SocketConnection | undefined;
  #response: HandshakeResponse | undefined;
  #series: SocketSeries | undefined;
  #isRunning = false;
  #isClosed = false;
  #isOver = false;
  /** An `error` handler runs. */
  #isInError = false;
  /** What the first handler that threw has thrown. */
  #failure: { readonly error: unknown } | undefined;

  /** @param setup the script's callback, given the socket */
  constructor(vu: VuContext, handshake: Handshake, setup: ScriptFunction) {
    this.#vu = vu;
    this.#handshake = handshake;
    this.#setup = setup;
    this.#startMs = vu.clock.nowMs();
    this.#site = vu.options.throwOnFailure ? new GoError("") : undefined;
  }

  start(call: BlockedCall<WsResponse>): void {
    this.#call = call;
    this.#attachment = this.#vu.attach(this);
    this.#dial = new Dial(this.#vu, this.#handshake, (outcome) => this.#onDialed(outcome));
  }

  // --- what the script does ----------------------------------------------------------------------

  on(event: string, handler: unknown): void {
    if (typeof handler !== "function") return;
    const handlers = this.#handlers.get(event);
    if (handlers === undefined) this.#handlers.set(event, [handler as ScriptFunction]);
    else handlers.push(handler as ScriptFunction);
  }

  send(data: string | Uint8Array, isBinary: boolean): void {
    const connection = this.#connection!;
    // Counted even when it cannot be sent, as in k6.
    this.#series!.onSent();
    if (connection.isClosing) return this.#emitError({ code: undefined, reason: "" });
    return connection.send(data, isBinary, ignore);
  }

  ping(): void {
    const connection = this.#connection!;
    if (connection.isClosing) return this.#emitError({ code: undefined, reason: "" });
    return connection.ping(this.#pings.begin(this.#vu.clock.nowMs()));
  }

  close(code: number): void {
    if (this.#isClosed) return undefined;
    this.#isClosed = true;
    this.#connection!.close(code, "");
    return this.#emit("close", code);
  }

  /** Calls `callback` once, or again and again: like Go's ticker it loses ticks that come while the script is busy. */
  addTimer(callback: ScriptFunction, delayMs: number, repeats: boolean): void {
    if (this.#isOver) return;
    let isWaiting = false;
    const fire = (): void => {
      if (!repeats) this.#timers.delete(timer);
      if (isWaiting) return;
      isWaiting = true;
      this.#enqueue(() => {
        isWaiting = false;
        return this.#isClosed ? undefined : callAll(this.#vu, [callback], []);
      });
    };
    const timer = repeats ? setInterval(fire, delayMs) : setTimeout(fire, delayMs);
    this.#timers.add(timer);
  }

  // --- what the connection says ------------------------------------------------------------------

  onMessage(data: Buffer, isBinary: boolean): void {
    this.#series!.onReceived();
    const message = isBinary ? toArrayBuffer(data) : data.toString("utf8");
    this.#enqueueEvent(isBinary ? "binaryMessage" : "message", message);
  }

  onPing(): void {
    this.#enqueueEvent("ping");
  }

  onPong(payload: string): void {
    const roundTripMs = this.#pings.end(payload, this.#vu.clock.nowMs());
    if (roundTripMs !== undefined) this.#series!.onPong(roundTripMs);
    this.#enqueueEvent("pong");
  }

  onEnd(end: ConnectionEnd): void {
    if (this.#isClosed) return;
    const isExpected = end.code === normal || end.code === goingAway;
    if (!isExpected) {
      this.#enqueue(() => {
        this.#isInError = !this.#isClosed;
        return this.#isClosed ? undefined : this.#emitError(end);
      });
    }
    this.#enqueue(() => {
      this.#isInError = false;
      return this.close(end.code ?? goingAway);
    });
  }

  // --- what the VU says --------------------------------------------------------------------------

  cancel(): void {
    this.#connection?.close(goingAway, "");
    if (this.#response === undefined) this.#dial?.cancel();
  }

  destroy(): void {
    this.#connection?.close(goingAway, "");
    this.#release();
  }

  // --- the call ----------------------------------------------------------------------------------

  #onDialed(outcome: DialOutcome): void {
    if (this.#isOver) return;
    const response = outcome.kind === "failed" ? undefined : outcome.response;
    this.#response = response;
    const { url, params } = this.#handshake;
    const tags = socketTags(this.#vu, params.tags, { url: url.text, response });
    this.#series = new SocketSeries(this.#vu, tags);
    this.#series.onDialed(this.#vu.clock.nowMs() - this.#startMs);
    if (outcome.kind !== "open") {
      this.#endRefused(outcome);
      return;
    }
    const { socket, usesDeflate, firstBytes, admits } = outcome;
    this.#connection = new SocketConnection({ socket, usesDeflate, admits, listener: this });
    this.#waiting.push(
      () => this.#setup(createScriptSocket(this)),
      () => {
        // What the server has sent comes after `open`, as in k6.
        this.#connection!.start(firstBytes);
        return this.#emit("open");
      },
    );
    this.#pump();
  }

  #endRefused(outcome: Exclude<DialOutcome, { kind: "open" }>): void {
    const call = this.#call!;
    this.#finish();
    const error = outcome.kind === "failed" ? outcome.error : "";
    if (this.#site !== undefined)
      call.fail(goErrorAt(this.#site, error || "websocket: bad handshake"));
    else call.done(this.#describe("", error));
  }

  #enqueueEvent(event: string, ...args: unknown[]): void {
    this.#enqueue(() => (this.#isClosed ? undefined : this.#emit(event, ...args)));
  }

  #enqueue(task: () => unknown): void {
    if (this.#isOver) return;
    this.#waiting.push(task);
    if (this.#waiting.length === maxWaiting) this.#connection!.pause();
    this.#pump();
  }

  /** Runs what waits, until a task blocks or the socket is closed and nothing is left to say. */
  #pump(): void {
    while (!this.#isRunning && !this.#isOver) {
      const task = this.#waiting.shift();
      if (task === undefined) break;
      if (this.#waiting.length === maxWaiting / 2) this.#connection!.resume();
      this.#run(task);
    }
    // `open` is still called when the callback has closed the socket.
    if (this.#isClosed && !this.#isRunning && !this.#isOver) this.#end();
  }

  #run(task: () => unknown): void {
    this.#isRunning = true;
    let waiting: void | Promise<void>;
    try {
      waiting = this.#vu.inside(task);
    } catch (error) {
      this.#isRunning = false;
      this.#fail(error);
      return;
    }
    if (waiting === undefined) {
      this.#isRunning = false;
      return;
    }
    waiting.then(
      () => {
        this.#isRunning = false;
        this.#pump();
      },
      (error: unknown) => {
        this.#isRunning = false;
        this.#fail(error);
      },
    );
  }

  /**
   * A handler threw: close handlers are called, unless that is what threw or an `error` handler did, and connect()
   * throws. What is thrown on the way out is only a consequence.
   */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    const isFirst = this.#failure === undefined;
    this.#failure ??= { error };
    this.#waiting.length = 0;
    if (this.#isClosed || this.#isInError || !isFirst) this.#end();
    else this.#run(() => this.close(goingAway));
    this.#pump();
  }

  #end(): void {
    if (this.#isOver) return;
    const call = this.#call!;
    this.#finish();
    if (this.#failure === undefined) call.done(this.#describe(this.#handshake.url.text, ""));
    else call.fail(this.#failure.error);
  }

  #finish(): void {
    this.#series!.onEnd(this.#vu.clock.nowMs() - this.#startMs);
    this.#release();
  }

  #release(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const { sent, received } = (this.#connection ?? this.#dial)?.bytes ?? { sent: 0, received: 0 };
    this.#vu.countData(sent, received);
    if (this.#connection === undefined) this.#dial?.destroy();
    else this.#connection.shut();
    this.#attachment!.release();
  }

  #describe(url: string, error: string): WsResponse {
    const { status = 0, headers = {}, body = "" } = this.#response ?? {};
    return Object.preventExtensions({ url, status, headers, body, error });
  }

  #emit(event: string, ...args: unknown[]): void {
    return callAll(this.#vu, this.#handlers.get(event) ?? [], args);
  }

  #emitError(end: ConnectionEnd): void {
    const text = closeErrorText(end);
    const error: SocketError = {
      ...(end.code === undefined ? {} : { code: end.code, text: end.reason }),
      error: () => text,
    };
    Object.defineProperty(error, "toString", { value: () => text });
    Object.defineProperty(error, consoleText, { value: text });
    return this.#emit("error", error);
  }
}

function ignore(): void {
  // Nobody waits for a message to be written.
}
