/**
 * Failures of HTTP/2 as k6 tells them, each text and number asked of k6 2.2: three families of sixteen codes, where the
 * first of each stands for codes that no RFC knows.
 */
import { failure } from "../errors.ts";
import type { HttpFailure } from "../exchange.ts";
import { quoteGo } from "../../base/go-quote.ts";
import { errorCode } from "./frames.ts";

const codeNames = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
] as const;

function nameOf(code: number): string {
  return codeNames[code] ?? `unknown error code 0x${code.toString(16)}`;
}

/** Texts become metric tags: a peer that makes codes up gets so many of its own, then a common one. */
const maxUnknownCodes = 64;

/** Failures by error code, made when first needed. */
class Family {
  readonly #base: number | undefined;
  readonly #text: string;
  readonly #known: HttpFailure[] = [];
  readonly #unknown = new Map<number, HttpFailure>();

  /** @param base k6's number of a code that no RFC knows; without one, every failure is 1000 */
  constructor(base: number | undefined, text: string) {
    this.#base = base;
    this.#text = text;
  }

  of(code: number): HttpFailure {
    const name = codeNames[code];
    if (name !== undefined) {
      const number = this.#base === undefined ? 1_000 : this.#base + 1 + code;
      return (this.#known[code] ??= failure(number, this.#text + name));
    }
    const kept = this.#unknown.size < maxUnknownCodes ? code : -1;
    let found = this.#unknown.get(code) ?? this.#unknown.get(kept);
    if (found === undefined) {
      const which = kept === -1 ? "" : ` 0x${code.toString(16)}`;
      found = failure(this.#base ?? 1_000, `${this.#text}unknown error code${which}`);
      this.#unknown.set(kept, found);
    }
    return found;
  }
}

const streamFamily = new Family(1_630, "http2: stream error with http2 ErrCode ");
const connectionFamily = new Family(1_650, "http2: connection error with http2 ErrCode ");
const goAwayFamily = new Family(1_610, "http2: received GoAway with http2 ErrCode ");
const unprocessedFamily = new Family(
  undefined,
  "http2: Transport received GOAWAY from server ErrCode:",
);

/** The peer reset the stream. */
export function resetFailure(code: number, streamId: number): HttpFailure {
  const detail = `stream error: stream ID ${streamId}; ${nameOf(code)}; received from peer`;
  return { ...streamFamily.of(code), detail };
}

/** The peer broke the protocol on one stream. @param cause Go's words for it, where it has some */
export function streamFailure(code: number, streamId: number, cause = ""): HttpFailure {
  const reason = cause === "" ? "" : `; ${cause}`;
  const detail = `stream error: stream ID ${streamId}; ${nameOf(code)}${reason}`;
  return { ...streamFamily.of(code), detail };
}

/** What a peer has said in its GOAWAY. */
export interface GoAway {
  readonly lastStreamId: number;
  readonly code: number;
  /** Its explanation, one character a byte. */
  readonly debug: string;
}

/** The connection ended after the peer's GOAWAY, which had promised an answer. */
export function goAwayFailure({ lastStreamId, code, debug }: GoAway): HttpFailure {
  const detail =
    "http2: server sent GOAWAY and closed the connection; " +
    `LastStreamID=${lastStreamId}, ErrCode=${nameOf(code)}, debug=${quoteGo(debug)}`;
  return { ...goAwayFamily.of(code), detail };
}

/** The peer's GOAWAY says that it did not look at the request, and that something is wrong. */
export function unprocessedFailure(code: number): HttpFailure {
  return unprocessedFamily.of(code);
}

/** Why we end a connection: what the peer is told, and what its requests fail with. */
export interface ConnectionFault {
  readonly code: number;
  readonly failure: HttpFailure;
}

/** The peer broke the protocol in a way that leaves no connection. */
export function connectionFault(code: number): ConnectionFault {
  const detail = `connection error: ${nameOf(code)}`;
  return { code, failure: { ...connectionFamily.of(code), detail } };
}

/** A frame above the size that we announced: often not HTTP/2 at all. */
export const frameTooLarge: ConnectionFault = {
  code: errorCode.frameSizeError,
  failure: failure(1_000, "http2: frame too large"),
};

export const excessBody: HttpFailure = failure(
  1_000,
  "net/http: server replied with more than declared Content-Length; truncated",
);

export const headTooLarge: HttpFailure = failure(
  1_000,
  "http2: response header list larger than advertised limit",
);

/** A connection-specific field that Go refuses to send. */
export function invalidField(name: string, value: string): HttpFailure {
  const text = `invalid ${name} request header: [${quoteGo(value)}]`;
  return failure(1_000, text, { detail: `http2: ${text}` });
}
