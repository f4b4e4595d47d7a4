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

/** The beginning of a body. */
interface RawBody {
  readonly start: Uint8Array;
  readonly bytes: number;
}

interface RawMessage {
  readonly headers: HeaderFields;
  readonly furtherHeaders: number;
  readonly body: RawBody | "discarded" | null;
}

/** Not masked yet. */
export interface RawExchange extends Omit<KeptExchange, "timings" | "request" | "response"> {
  readonly timings: Timings;
  readonly request: RawMessage;
  readonly response: RawMessage | null;
}

/** When it was, as its worker knows it; see KeptExchange. */
export type ExchangeMoment = Pick<RawExchange, "atMs" | "dueAtMs" | "phase" | "isSteady">;

export function copyExchange(
  sender: ExchangeSender,
  offered: OfferedExchange,
  moment: ExchangeMoment,
): RawExchange {
  const { exchange, name, errorCode, tags, hop, requestBody, responseBody } = offered;
  const { method, url, proto, status, remoteIp, remotePort, tlsVersion, retries } = exchange;
  const { scenarioName, vuIdInTest, vuIterationInInstance } = sender.execution;
  const { bytesSent, bytesReceived, request } = exchange;
  return {
    ...moment,
    scenario: scenarioName,
    vu: vuIdInTest,
    iteration: vuIterationInInstance,
    group: copyStart(tags.get("group") ?? "", exchangeLimits.nameCharacters),
    name: copyStart(name, exchangeLimits.nameCharacters),
    method: method === "" ? "GET" : copyStart(method, exchangeLimits.nameCharacters),
    url: copyStart(url, exchangeLimits.urlCharacters),
    hop,
    proto,
    status,
    errorCode,
    error: copyStart(exchange.failure?.message ?? "", exchangeLimits.errorCharacters),
    timings: { ...exchange.timings },
    remote: remoteIp === "" ? "" : `${remoteIp}:${remotePort}`,
    tlsVersion,
    retries,
    bytesSent,
    bytesReceived,
    request: { ...copyHeaders(request?.headers ?? []), body: copyBody(requestBody) },
    response:
      status === 0
        ? null
        : {
            ...copyHeaders(exchange.headers),
            body: offered.isBodyDiscarded ? "discarded" : copyBody(responseBody),
          },
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

function copyHeaders(headers: HeaderFields): Omit<RawMessage, "body"> {
  let characters = 0;
  for (const [name, value] of headers) characters += name.length + value.length;
  const { headerFields, headerCharacters } = exchangeLimits;
  if (characters <= smallHeadCharacters && headers.length <= headerFields)
    return { headers, furtherHeaders: 0 };
  const kept = headers
    .slice(0, headerFields)
    .map(
      ([name, value]) =>
        [
          copied(name.slice(0, headerCharacters + 1)),
          copied(value.slice(0, headerCharacters * 2 + 1)),
        ] as const,
    );
  return { headers: kept, furtherHeaders: headers.length - kept.length };
}

function copyBody(body: string | Uint8Array | undefined): RawBody | null {
  if (body === undefined || body.length === 0) return null;
  const { bodyBytes } = exchangeLimits;
  if (typeof body !== "string")
    return { start: Uint8Array.from(body.subarray(0, bodyBytes)), bytes: body.length };
  // No character takes less than a byte.
  const start = Buffer.from(body.slice(0, bodyBytes), "utf8").subarray(0, bodyBytes);
  return { start: Uint8Array.from(start), bytes: Buffer.byteLength(body) };
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
      durationMs: toMicros(timings.duration),
      blockedMs: toMicros(timings.blocked),
      connectingMs: toMicros(timings.connecting),
      tlsHandshakingMs: toMicros(timings.tls_handshaking),
      sendingMs: toMicros(timings.sending),
      waitingMs: toMicros(timings.waiting),
      receivingMs: toMicros(timings.receiving),
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
  const { start, bytes } = body;
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
