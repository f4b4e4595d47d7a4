/**
 * `grpc.Stream`: messages both ways on one RPC. Does not block; its events come on the VU's event loop, which it keeps
 * going until it is over: `data` for each message, `error` when it fails, `end` at last.
 */
import { callAll, type ScriptFunction } from "../callbacks.ts";
import type { Attachment, Companion, VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import type { TagSet } from "../../metrics/index.ts";
import { textOf } from "../text.ts";
import { workerScope } from "../worker-scope.ts";
import type { Call, CallEnd, CallListener } from "./call.ts";
import type { Channel } from "./channel.ts";
import type { GrpcClient } from "./client.ts";
import type { Method } from "./definitions.ts";
import { decodeMessage } from "./invocation.ts";
import type { CallParams } from "./params.ts";
import { countStream, recordDuration, type RpcNames, rpcTags } from "./series.ts";
import { codes, statusName, statusObject } from "./status.ts";
import { encodeJson, RequestJsonError } from "./to-message.ts";

type StreamEvent = "data" | "error" | "end";

const canceledText = "canceled by client (k6)";

export class GrpcStream implements Companion, CallListener {
  readonly #vu: VuContext;
  readonly #method: Method;
  readonly #params: CallParams;
  readonly #channel: Channel;
  readonly #names: RpcNames;
  /** With the names of the RPC. */
  readonly #tags: TagSet;
  readonly #attachment: Attachment;
  readonly #forget: () => void;
  readonly #startMs: number;
  readonly #listeners = new Map<StreamEvent, ScriptFunction[]>();
  /** Written before there was a call; undefined once there is one. */
  #early: Uint8Array[] | undefined = [];
  #call: Call | undefined;
  #isEnded = false;
  #isOver = false;
  #isReleased = false;

  constructor(vu: VuContext, client: GrpcClient, parts: { method: Method; params: CallParams }) {
    this.#vu = vu;
    this.#method = parts.method;
    this.#params = parts.params;
    this.#channel = client.connectedChannel();
    this.#names = client.namesOf(parts.method);
    this.#tags = rpcTags(vu, parts.params.tags, this.#names);
    this.#startMs = vu.clock.nowMs();
    this.#attachment = vu.attach(this);
    this.#forget = client.addStream(this);
    countStream(vu, workerScope(vu).builtin.grpcStreams, this.#tags);
    this.#open();
  }

  // --- what the script does ----------------------------------------------------------------------

  on(given: unknown, listener: unknown): void {
    const event = given === undefined ? "" : textOf(given);
    if (listener === undefined || listener === null)
      throw new GoError(`handler for ${JSON.stringify(event)} event isn't a callable function`);
    if (typeof listener !== "function") {
      throw new TypeError(
        `could not convert function call parameter 1: could not convert ${textOf(listener)} to func(sobek.Value, sobek.Value) (sobek.Value, error)`,
      );
    }
    if (event !== "data" && event !== "error" && event !== "end") {
      const problem = `unknown GRPC stream's event type: ${event}`;
      this.#vu.logger.log("warning", `can't register ${event} event handler: ${problem}`);
      return;
    }
    const listeners = this.#listeners.get(event);
    if (listeners === undefined) this.#listeners.set(event, [listener as ScriptFunction]);
    else listeners.push(listener as ScriptFunction);
  }

  write(message: unknown): void {
    if (message === undefined || message === null) {
      const fields = { streamMethod: this.#names.path };
      this.#vu.logger.log("warning", "can't send empty message", fields);
      return;
    }
    if (this.#isEnded || this.#isOver) return;
    let bytes: Uint8Array;
    try {
      bytes = encodeJson(this.#method.requestType, message);
    } catch (error) {
      if (!(error instanceof RequestJsonError)) throw error;
      const text = `can't serialise request object to protocol buffer: ${error.message}`;
      queueMicrotask(() => this.#attachment.deliver(() => this.#emitError(codes.unknown, text)));
      return;
    }
    if (this.#early === undefined) this.#call?.write(bytes);
    else this.#early.push(bytes);
    // As in Go: a method that takes one message has had it.
    if (!this.#method.info.is_client_stream) this.end();
    countStream(this.#vu, workerScope(this.#vu).builtin.grpcStreamsMsgsSent, this.#tags);
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#call?.end();
  }

  // --- what the call says ------------------------------------------------------------------------

  onMessage(bytes: Buffer): void {
    this.#countReceived();
    // The buffer that it lies in is the connection's.
    const own = Buffer.from(bytes);
    this.#attachment.deliver(() => this.#onData(own));
  }

  onEnd(end: CallEnd): void {
    this.#settle(end.code, end.message, end.isLate ? undefined : end.code);
  }

  // --- what the VU, or the client, says ----------------------------------------------------------

  cancel(): void {
    if (!this.#isOver) this.#cut(undefined);
    // Its last handler threw: it has nothing more to say.
    else if (this.#isThrown) this.#release();
  }

  /** The connection is closed by the script. */
  close(): void {
    // The samples know better than the script what it was.
    if (!this.#isOver) this.#cut(codes.canceled);
  }

  #cut(status: number | undefined): void {
    this.#call?.destroy();
    this.#settleLater(codes.unknown, canceledText, status);
  }

  /** Not within the script code that brought the end about. */
  #settleLater(code: number, message: string, status: number | undefined): void {
    setImmediate(() => this.#settle(code, message, status));
  }

  destroy(): void {
    this.#isOver = true;
    this.#call?.destroy();
    this.#release();
  }

  // --- life --------------------------------------------------------------------------------------

  #isThrown = false;

  #open(): void {
    const { timeoutMs, metadata } = this.#params;
    const request = {
      path: this.#names.path,
      metadata,
      timeoutMs: timeoutMs === 0 ? Infinity : timeoutMs,
    };
    let started: ReturnType<Channel["start"]>;
    try {
      started = this.#channel.start(request, this);
    } catch (error) {
      // Header fields that HTTP/2 cannot carry.
      this.#settleLater(codes.internal, (error as Error).message, codes.internal);
      return;
    }
    if (!(started instanceof Promise)) {
      this.#begin(started);
      return;
    }
    started.then(
      (call) => this.#begin(call),
      (error: unknown) =>
        this.#settle(codes.unavailable, (error as Error).message, codes.unavailable),
    );
  }

  #begin(call: Call | undefined): void {
    if (call === undefined) return;
    if (this.#isOver) {
      call.destroy();
      return;
    }
    this.#call = call;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const bytes of early) call.write(bytes);
    if (this.#isEnded) call.end();
  }

  /** @param status of the sample; undefined when there is none, as k6 drops what comes after the end of a context */
  #settle(code: number, message: string, status: number | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const durationMs = this.#vu.clock.nowMs() - this.#startMs;
    if (status !== undefined)
      recordDuration(this.#vu, this.#params.tags, { names: this.#names, status, durationMs });
    const text = message === "" ? `rpc error: code = ${statusName(code)} desc = ` : message;
    if (code !== codes.ok) this.#attachment.deliver(() => this.#emitError(code, text));
    this.#attachment.deliver(() =>
      this.#vu.call(() => this.#emit("end", {}), {
        onValue: () => this.#release(),
        onError: (error) => this.#onListenerThrew(error),
      }),
    );
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#forget();
    this.#channel.countData();
    this.#attachment.release();
  }

  /** The one answer of a method without a stream of them comes with the status, and so does its sample (k6). */
  #countReceived(): void {
    const hasStatus =
      !this.#method.info.is_server_stream && this.#vu.options.systemTags.has("status");
    const tags = hasStatus ? this.#tags.with("status", String(codes.ok)) : this.#tags;
    countStream(this.#vu, workerScope(this.#vu).builtin.grpcStreamsMsgsReceived, tags);
  }

  #onData(bytes: Buffer): void {
    const message = this.#params.discardsResponse
      ? {}
      : decodeMessage(this.#method.responseType, bytes);
    return this.#vu.call(() => this.#emit("data", message), {
      onValue: () => undefined,
      onError: (error) => this.#onDataListenerThrew(error),
    });
  }

  /** As in k6 the error handlers hear of it, and then it is the iteration's. */
  #onDataListenerThrew(error: unknown): void {
    const rethrow = (): void => this.#onListenerThrew(error);
    return this.#vu.call(() => this.#emitError(codes.unknown, textOf(error)), {
      onValue: rethrow,
      onError: rethrow,
    });
  }

  #onListenerThrew(error: unknown): never {
    if (this.#isOver) this.#isThrown = true;
    throw error;
  }

  #emitError(code: number, message: string): void {
    if ((this.#listeners.get("error") ?? []).length === 0) {
      this.#vu.logger.log(
        "warning",
        `no handlers for error registered, but an error happened: ${loggedText(code, message)}`,
        { streamMethod: this.#names.path },
      );
      return undefined;
    }
    const text = `code: ${code}, message: ${message}`;
    const error = { code: statusObject(code), details: [], message, error: () => text };
    Object.defineProperty(error, "toString", { value: () => text });
    return this.#emit("error", error);
  }

  #emit(event: StreamEvent, value: unknown): void {
    const listeners = this.#listeners.get(event) ?? [];
    const ts = Math.floor(this.#vu.clock.wallMs() / 1_000);
    return callAll(this.#vu, listeners, [value, { ts }]);
  }
}

/** In the log a status is a Go error. */
function loggedText(code: number, message: string): string {
  const isPlain = code === codes.unknown || message.startsWith("rpc error: ");
  return isPlain ? message : `rpc error: code = ${statusName(code)} desc = ${message}`;
}
