/** A request on its way: what to send, until when to wait, how far it has come, and where the outcome goes. */
import type {
  Exchange,
  ExchangeReceiver,
  HeaderFields,
  HttpFailure,
  HttpRequest,
} from "./exchange.ts";
import type { Origin } from "./origin.ts";
import type { HeadTemplate } from "./request-head.ts";
import type { ResponseParser } from "./response-parser.ts";

export interface PendingExchange {
  readonly request: HttpRequest;
  readonly origin: Origin;
  /** As sent. */
  readonly method: string;
  /** What is asked for at the origin. */
  readonly target: string;
  /** The rest of the head. */
  readonly template: HeadTemplate;
  /** Bytes of the body as sent. */
  readonly bodyBytes: number;
  /** May be sent again when a reused connection breaks before the first byte of the response (Go's rule). */
  readonly isRepeatable: boolean;
  readonly startMs: number;
  readonly deadlineMs: number;
  readonly exchange: Exchange;
  readonly receiver: ExchangeReceiver;
  /** The moments of the exchange on its connection, on the clock of `startMs`; NaN when not reached. */
  gotConnectionMs: number;
  writtenMs: number;
  firstByteMs: number;
}

const noHeaders: HeaderFields = [];

/** An exchange of which nothing is known yet. */
export function createExchange(method: string, url: string, request?: HttpRequest): Exchange {
  return {
    request,
    method,
    url,
    status: 0,
    statusText: "",
    proto: "",
    headers: noHeaders,
    body: undefined,
    timings: {
      duration: 0,
      blocked: 0,
      looking_up: 0,
      connecting: 0,
      tls_handshaking: 0,
      sending: 0,
      waiting: 0,
      receiving: 0,
    },
    remoteIp: "",
    remotePort: 0,
    tlsVersion: "",
    tlsCipherSuite: "",
    bytesSent: 0,
    bytesReceived: 0,
    retries: 0,
    failure: undefined,
    failedInBody: false,
  };
}

/** Takes back a response that turned out to be of no use: as k6 shows it, nothing of it is left. */
export function failResponse(exchange: Exchange, failure: HttpFailure): void {
  exchange.failure = failure;
  exchange.status = 0;
  exchange.statusText = "";
  exchange.proto = "";
  exchange.headers = noHeaders;
  exchange.tlsVersion = "";
  exchange.tlsCipherSuite = "";
  exchange.body = undefined;
}

/** Takes over what the parser has read. */
export function fillResponse(exchange: Exchange, parser: ResponseParser): void {
  const head = parser.head!;
  exchange.status = head.status;
  exchange.statusText = head.statusText;
  exchange.proto = head.proto;
  exchange.headers = head.headers;
  exchange.body = parser.takeBody();
}

/** Ends an exchange that has no response. */
export function settleFailed(pending: PendingExchange, failure: HttpFailure): void {
  const { exchange } = pending;
  exchange.failure = failure;
  exchange.tlsVersion = "";
  exchange.tlsCipherSuite = "";
  pending.receiver.onExchange(pending.exchange);
}

/**
 * Fills sending, waiting, receiving and duration. A phase that was not reached is 0; one that was cut off by a
 * failure lasts until the end. A response that came before the request was written out has no waiting time.
 */
export function fillTimings(pending: PendingExchange, endMs: number): void {
  const { timings } = pending.exchange;
  const firstByteMs = Number.isNaN(pending.firstByteMs) ? endMs : pending.firstByteMs;
  const writtenMs = Number.isNaN(pending.writtenMs) ? firstByteMs : pending.writtenMs;
  timings.sending = Math.max(0, writtenMs - pending.gotConnectionMs);
  timings.waiting = Math.max(0, firstByteMs - writtenMs);
  timings.receiving = Math.max(0, endMs - firstByteMs);
  timings.duration = timings.sending + timings.waiting + timings.receiving;
}
