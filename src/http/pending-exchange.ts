/** A request on its way: what to send, until when to wait, and where the outcome goes. */
import type {
  Exchange,
  ExchangeReceiver,
  HeaderFields,
  HttpFailure,
  HttpRequest,
} from "./exchange.ts";
import type { Origin } from "./origin.ts";
import type { HeadTemplate } from "./request-head.ts";

export interface PendingExchange {
  readonly request: HttpRequest;
  readonly origin: Origin;
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
}

/** The moments of an exchange on a connection, in milliseconds of one clock; NaN when not reached. */
export interface Stamps {
  gotConnectionMs: number;
  writtenMs: number;
  firstByteMs: number;
}

const noHeaders: HeaderFields = [];

/** An exchange of which nothing is known yet. */
export function createExchange(method: string, url: string): Exchange {
  return {
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
  };
}

/** Ends an exchange that has no response. */
export function settleFailed(pending: PendingExchange, failure: HttpFailure): void {
  pending.exchange.failure = failure;
  pending.receiver.onExchange(pending.exchange);
}

/**
 * Fills sending, waiting, receiving and duration. A phase that was not reached is 0; one that was cut off by a
 * failure lasts until the end. A response that came before the request was written out has no waiting time.
 */
export function fillTimings(exchange: Exchange, stamps: Stamps, endMs: number): void {
  const { timings } = exchange;
  const firstByteMs = Number.isNaN(stamps.firstByteMs) ? endMs : stamps.firstByteMs;
  const writtenMs = Number.isNaN(stamps.writtenMs) ? firstByteMs : stamps.writtenMs;
  timings.sending = Math.max(0, writtenMs - stamps.gotConnectionMs);
  timings.waiting = Math.max(0, firstByteMs - writtenMs);
  timings.receiving = Math.max(0, endMs - firstByteMs);
  timings.duration = timings.sending + timings.waiting + timings.receiving;
}
