/** A request on its way: what to send, until when to wait, how far it has come, and where the outcome goes. */
// Imported, here and elsewhere on the way of each request: the global of this name is a getter.
import { Buffer } from "node:buffer";
import type { Ready } from "../base/ready-queue.ts";
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

/** What a request becomes before it is sent. */
export interface PreparedRequest {
  readonly origin: Origin;
  /** What is asked for at the origin. */
  readonly target: string;
  /** The rest of the head. */
  readonly template: HeadTemplate;
}

/** Methods that Go repeats on a broken keep-alive connection. PUT and DELETE are idempotent too, but not repeated. */
const repeatableMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

export class PendingExchange implements Ready {
  readonly request: HttpRequest;
  readonly origin: Origin;
  /** As sent. */
  readonly method: string;
  readonly target: string;
  readonly template: HeadTemplate;
  /** Bytes of the body as sent. */
  readonly bodyBytes: number;
  readonly startMs: number;
  readonly deadlineMs: number;
  readonly exchange: Exchange;
  /** Whose request it is. */
  readonly client: object;
  readonly #receiver: ExchangeReceiver;
  /** The moments of the exchange on its connection, on the clock of `startMs`; NaN when not reached. */
  gotConnectionMs: number = NaN;
  writtenMs: number = NaN;
  firstByteMs: number = NaN;
  readySinceMs: number = NaN;

  constructor(
    request: HttpRequest,
    { origin, target, template }: PreparedRequest,
    { client, receiver, startMs }: { client: object; receiver: ExchangeReceiver; startMs: number },
  ) {
    const { body, method } = request;
    this.request = request;
    this.origin = origin;
    this.method = method === "" ? "GET" : method;
    this.target = target;
    this.template = template;
    this.bodyBytes = body === undefined ? 0 : Buffer.byteLength(body);
    this.startMs = startMs;
    this.deadlineMs = startMs + request.timeoutMs;
    this.exchange = createExchange(method, request.url, request);
    this.client = client;
    this.#receiver = receiver;
  }

  /** May be sent again when a reused connection breaks before the first byte of the response (Go's rule). */
  get isRepeatable(): boolean {
    return this.template.hasIdempotencyKey || repeatableMethods.has(this.method);
  }

  /** The exchange is over. */
  onReady(): void {
    this.#receiver.onExchange(this.exchange);
  }
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
  pending.onReady();
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
