/**
 * An exchange as it is kept while the run goes on, and as it is handed over. Kept means copied: bodies lie in buffers that
 * may be megabytes, and texts cut from longer ones would hold those in memory. Masking waits until it is handed over, because
 * while load grows nearly every exchange is the slowest so far.
 */
import { Buffer } from "node:buffer";
import type { HeaderFields, Timings } from "../../http/index.ts";
import type { ExchangeSender, OfferedExchange } from "../../k6/index.ts";
import { maskHeader, maskPrivateUrl, maskText } from "../../secrets/index.ts";
import {
  cutMark,
  cutText,
  exchangeLimits,
  type KeptBody,
  type KeptExchange,
  type KeptMessage,
} from "../kept-exchange.ts";

/** The beginning of a body: as the script gave it, or a character a byte, which unlike a buffer is nothing outside of V8's heap. */
interface RawBody {
  readonly start: string;
  readonly encoding: "utf8" | "latin1";
  readonly bytes: number;
}

interface RawMessage {
  readonly headers: HeaderFields;
  readonly furtherHeaders: number;
  readonly body: RawBody | "discarded" | null;
}

/** Not masked yet. */
export interface RawExchange extends Omit<KeptExchange, "request" | "response"> {
  readonly request: RawMessage;
  readonly response: RawMessage | null;
}

/** When it was, as its worker knows it; see KeptExchange. */
export type ExchangeMoment = Pick<RawExchange, "atMs" | "dueAtMs" | "phase" | "isSteady">;

/** Field by field: a literal with a spread in it costs V8 25 µs, more than all the rest. */
export function copyExchange(
  sender: ExchangeSender,
  offered: OfferedExchange,
  moment: ExchangeMoment,
): RawExchange {
  const { exchange } = offered;
  const { execution } = sender;
  const { nameCharacters, urlCharacters, errorCharacters } = exchangeLimits;
  return {
    atMs: moment.atMs,
    dueAtMs: moment.dueAtMs,
    phase: moment.phase,
    isSteady: moment.isSteady,
    scenario: execution.scenarioName,
    vu: execution.vuIdInTest,
    iteration: execution.vuIterationInInstance,
    group: copyStart(offered.tags.get("group") ?? "", nameCharacters),
    name: copyStart(offered.name, nameCharacters),
    method: copyStart(exchange.method === "" ? "GET" : exchange.method, nameCharacters),
    url: copyStart(exchange.url, urlCharacters),
    hop: offered.hop,
    proto: exchange.proto,
    status: exchange.status,
    errorCode: offered.errorCode,
    error: copyStart(exchange.failure?.message ?? "", errorCharacters),
    timings: copyTimings(exchange.timings),
    remote: exchange.remoteIp === "" ? "" : `${exchange.remoteIp}:${exchange.remotePort}`,
    tlsVersion: exchange.tlsVersion,
    retries: exchange.retries,
    bytesSent: exchange.bytesSent,
    bytesReceived: exchange.bytesReceived,
    request: copyMessage(exchange.request?.headers ?? noHeaders, copyBody(offered.requestBody)),
    response: exchange.status === 0 ? null : copyResponse(offered),
  };
}

const noHeaders: HeaderFields = [];

function copyResponse({ exchange, isBodyDiscarded, responseBody }: OfferedExchange): RawMessage {
  return copyMessage(exchange.headers, isBodyDiscarded ? "discarded" : copyBody(responseBody));
}

/** The script has them, too, and may write to them. */
function copyTimings(timings: Timings): KeptExchange["timings"] {
  return {
    durationMs: timings.duration,
    blockedMs: timings.blocked,
    connectingMs: timings.connecting,
    tlsHandshakingMs: timings.tls_handshaking,
    sendingMs: timings.sending,
    waitingMs: timings.waiting,
    receivingMs: timings.receiving,
  };
}

/** A text of its own of at most one character more than is kept, so that it shows that it was cut. */
function copyStart(text: string, characters: number): string {
  return text.length <= characters ? text : copied(text.slice(0, characters + 1));
}

/** A slice holds on to the text that it is one of. */
function copied(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** Fields as long as these are kept by reference: servers that repeat themselves share them. */
const smallHeadCharacters = 4_096;

function copyMessage(headers: HeaderFields, body: RawMessage["body"]): RawMessage {
  let characters = 0;
  for (const [name, value] of headers) characters += name.length + value.length;
  const { headerFields, headerCharacters } = exchangeLimits;
  if (characters <= smallHeadCharacters && headers.length <= headerFields)
    return { headers, furtherHeaders: 0, body };
  const kept = headers
    .slice(0, headerFields)
    .map(
      ([name, value]) =>
        [
          copied(name.slice(0, headerCharacters + 1)),
          copied(value.slice(0, headerCharacters * 2 + 1)),
        ] as const,
    );
  return { headers: kept, furtherHeaders: headers.length - kept.length, body };
}

function copyBody(body: string | Uint8Array | undefined): RawBody | null {
  if (body === undefined || body.length === 0) return null;
  const { bodyBytes } = exchangeLimits;
  if (typeof body === "string") {
    // No character takes less than a byte.
    const start = copyStart(body, bodyBytes);
    return { start, encoding: "utf8", bytes: Buffer.byteLength(body) };
  }
  const kept = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, bodyBytes));
  return { start: kept.toString("latin1"), encoding: "latin1", bytes: body.length };
}

/** What is handed over: masked, and cut to what is kept. */
export function toKept(raw: RawExchange): KeptExchange {
  const { timings, request, response } = raw;
  return {
    ...raw,
    group: cutText(raw.group, exchangeLimits.nameCharacters),
    name: cutText(raw.name, exchangeLimits.nameCharacters),
    method: cutText(raw.method, exchangeLimits.nameCharacters),
    url: maskStart(raw.url, exchangeLimits.urlCharacters, maskPrivateUrl),
    error: maskStart(raw.error, exchangeLimits.errorCharacters, maskText),
    atMs: raw.atMs === null ? null : toMicros(raw.atMs),
    dueAtMs: raw.dueAtMs === null ? null : toMicros(raw.dueAtMs),
    timings: {
      durationMs: toMicros(timings.durationMs),
      blockedMs: toMicros(timings.blockedMs),
      connectingMs: toMicros(timings.connectingMs),
      tlsHandshakingMs: toMicros(timings.tlsHandshakingMs),
      sendingMs: toMicros(timings.sendingMs),
      waitingMs: toMicros(timings.waitingMs),
      receivingMs: toMicros(timings.receivingMs),
    },
    request: toMessage(request),
    response: response === null ? null : toMessage(response),
  };
}

/** Milliseconds to the microsecond: more digits are noise, and a third of a record. */
function toMicros(timeMs: number): number {
  return Math.round(timeMs * 1_000) / 1_000;
}

/** Of what {@link copyStart} left: what it cut shows, however short the masks are. */
function maskStart(text: string, characters: number, mask: (text: string) => string): string {
  const start = cutText(text, characters);
  if (start === text) return cutText(mask(text), characters);
  return mask(text.slice(0, characters)).slice(0, characters) + cutMark;
}

function toMessage({ headers, furtherHeaders, body }: RawMessage): KeptMessage {
  const { headerCharacters } = exchangeLimits;
  return {
    headers: headers.map(([name, value]) => [
      cutText(name, headerCharacters),
      cutText(maskHeader(name, value), headerCharacters),
    ]),
    furtherHeaders,
    body: toBody(body),
  };
}

function toBody(body: RawMessage["body"]): KeptBody | null {
  if (body === null) return null;
  if (body === "discarded") return { kind: "not-kept", reason: body };
  const { bytes } = body;
  const start = Buffer.from(body.start, body.encoding).subarray(0, exchangeLimits.bodyBytes);
  const text = readText(start, start.length < bytes);
  if (text === undefined) return { kind: "binary", bytes };
  return { kind: "text", text: maskText(text), shownBytes: start.length, bytes };
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u0008\u000e-\u001f]/u;

/** Undefined for what is no text. A character that was cut is left out. */
function readText(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isCut });
    return control.test(text) ? undefined : text;
  } catch {
    return undefined; // no UTF-8
  }
}
