/** One request and its response on a session: what has come of the response, and what is left of the request. */
import { BodyBuffer } from "../body-buffer.ts";
import { failures } from "../errors.ts";
import type { HttpFailure } from "../exchange.ts";
import { fillTimings } from "../pending-exchange.ts";
import type { PendingExchange } from "../pending-exchange.ts";
import { excessBody, streamFailure } from "./failures.ts";
import { errorCode } from "./frames.ts";
import type { ResponseFields } from "./response-fields.ts";

export class Stream {
  readonly id: number;
  readonly pending: PendingExchange;
  /** How much the peer still takes of this request's body. May be negative. */
  sendWindowBytes: number;
  /** What is left of the body; undefined when the request is written. */
  upload: Buffer | undefined;
  /** The final head. */
  head: ResponseFields | undefined;
  /** Interim heads so far. */
  interimHeads = 0;
  /** Received and not given back to the peer's window yet. */
  unreturnedBytes = 0;
  readonly #maxBodyBytes: number;
  readonly #body = new BodyBuffer();
  #hasBody = false;
  /** -1: not announced. */
  #announcedBytes = -1;
  #bodyBytes = 0;

  constructor(
    id: number,
    pending: PendingExchange,
    limits: { readonly sendWindowBytes: number; readonly maxBodyBytes: number },
  ) {
    this.id = id;
    this.pending = pending;
    this.sendWindowBytes = limits.sendWindowBytes;
    this.#maxBodyBytes = limits.maxBodyBytes;
  }

  /** Takes the final head; a failure means that the body is not wanted. */
  begin(head: ResponseFields, nowMs: number): HttpFailure | undefined {
    this.head = head;
    this.pending.firstByteMs = nowMs;
    const { method, discardBody } = this.pending.request;
    this.#hasBody = head.status !== 204 && head.status !== 304;
    // What HEAD announces does not come.
    if (this.#hasBody && method !== "HEAD") this.#announcedBytes = head.contentLength;
    if (this.#announcedBytes <= 0 || discardBody === true) return undefined;
    if (this.#announcedBytes > this.#maxBodyBytes) return failures.bodyTooLarge;
    this.#body.reset(this.#announcedBytes);
    return undefined;
  }

  /** Takes data; a failure means that no more is wanted. */
  take(piece: Buffer, start: number, end: number): HttpFailure | undefined {
    const { head } = this;
    const { request } = this.pending;
    if (head === undefined || request.method === "HEAD") {
      return streamFailure(errorCode.protocolError, this.id);
    }
    if (!this.#hasBody) return undefined;
    const announced = this.#announcedBytes < 0 ? Infinity : this.#announcedBytes;
    const wanted = announced - this.#bodyBytes;
    const stop = Math.min(end, start + wanted);
    this.#bodyBytes += stop - start;
    if (request.discardBody !== true) {
      if (this.#bodyBytes > this.#maxBodyBytes) {
        this.#body.drop();
        this.#hasBody = false;
        return failures.bodyTooLarge;
      }
      this.#body.append(piece, start, stop);
    }
    return stop < end ? excessBody : undefined;
  }

  /** What is wrong at the end of the response, if anything. */
  findEndProblem(): HttpFailure | undefined {
    if (this.head === undefined) return streamFailure(errorCode.protocolError, this.id);
    return this.#bodyBytes < this.#announcedBytes ? failures.unexpectedEof : undefined;
  }

  /** Fills the exchange: with the response, or with why there is none and what came of it. */
  settle(failure: HttpFailure | undefined, nowMs: number): void {
    const { exchange, request } = this.pending;
    const { head } = this;
    exchange.failure = failure;
    if (failure !== undefined) {
      exchange.failedInBody = head !== undefined;
      exchange.tlsVersion = "";
      exchange.tlsCipherSuite = "";
    } else if (head !== undefined) {
      exchange.status = head.status;
      exchange.statusText = head.statusText;
      exchange.proto = "HTTP/2.0";
      exchange.headers = head.headers;
    }
    const isKept = this.#hasBody && request.discardBody !== true;
    exchange.body = isKept ? this.#body.take() : undefined;
    fillTimings(this.pending, nowMs);
  }
}

/** Streams by id: most sessions have one at a time, which needs no map. */
export class StreamTable {
  #only: Stream | undefined;
  #many: Map<number, Stream> | undefined;
  size = 0;

  get(id: number): Stream | undefined {
    const only = this.#only;
    if (only !== undefined && only.id === id) return only;
    return this.#many?.get(id);
  }

  add(stream: Stream): void {
    this.size++;
    if (this.#only === undefined) this.#only = stream;
    else (this.#many ??= new Map()).set(stream.id, stream);
  }

  /** True when it was there. */
  delete(stream: Stream): boolean {
    if (this.#only === stream) this.#only = undefined;
    else if (this.#many?.delete(stream.id) !== true) return false;
    this.size--;
    return true;
  }

  /** Calls `visit` with every stream that is here now; it may delete. */
  forEach(visit: (stream: Stream) => void): void {
    const many = this.#many;
    if (this.#only !== undefined) visit(this.#only);
    if (many !== undefined && many.size > 0) many.forEach(visit);
  }
}
