/**
 * One HTTP request and what came of it, as plain data.
 * A failed request is data too (`failure`), never an exception.
 */

/** Header fields in wire order; names as given, repeated names repeated. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** A request as the client sends it: nothing is added but Host, Content-Length and Connection where they are due. */
export interface HttpRequest {
  /** Sent as given, not upper-cased. */
  readonly method: string;
  /** Absolute http: or https: URL. Credentials in it are not sent; the caller makes an Authorization header. */
  readonly url: string;
  readonly headers: HeaderFields;
  /** A string is sent as UTF-8. */
  readonly body?: string | Uint8Array | undefined;
  /** Limit for the whole exchange, from the call to the last byte of the body. */
  readonly timeoutMs: number;
  /** Read and count the body, but do not keep it. */
  readonly discardBody?: boolean | undefined;
}

/** k6's timings in milliseconds (reference: k6 `res.timings`); all 0 when no connection was made. */
export interface Timings {
  /** sending + waiting + receiving. */
  duration: number;
  /** From asking for a connection to having one: DNS, TCP and TLS of a new connection, and waiting for a slot. */
  blocked: number;
  looking_up: number;
  connecting: number;
  tls_handshaking: number;
  sending: number;
  waiting: number;
  receiving: number;
}

/** Why an exchange failed, in k6's classification. */
export interface HttpFailure {
  /** k6's `error_code` (1000-1701). */
  readonly code: number;
  /** k6's fixed text for it where it has one; never contains addresses, ports or OpenSSL thread ids. */
  readonly message: string;
  /** True for faults of the generator itself: descriptors or local ports used up. */
  readonly generatorFault: boolean;
}

/** One request on the wire and its response. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  /** 0 when there was no response. */
  status: number;
  /** Reason phrase as received, without the code; with HTTP/2, which has none, Go's. */
  statusText: string;
  /** "HTTP/1.1", "HTTP/1.0" or "HTTP/2.0"; empty when there was no response. */
  proto: string;
  headers: HeaderFields;
  /** Bytes of the body as received (still content-encoded); undefined when there is none or it was discarded. */
  body: Uint8Array | undefined;
  readonly timings: Timings;
  remoteIp: string;
  remotePort: number;
  /** "tls1.2", "tls1.3" …; empty on plain TCP. */
  tlsVersion: string;
  /** IANA name, "TLS_AES_128_GCM_SHA256"; empty on plain TCP. */
  tlsCipherSuite: string;
  /** Bytes written and read for this exchange, heads included. */
  bytesSent: number;
  bytesReceived: number;
  /** Transparent retries on a new connection after a stale keep-alive one (Go's rule). */
  retries: number;
  failure: HttpFailure | undefined;
}

/** Options of the HTTP side of a worker; all of them are k6 options. */
export interface HttpOptions {
  readonly insecureSkipTlsVerify: boolean;
  readonly noConnectionReuse: boolean;
  /** Offer HTTP/2 to TLS servers, as k6 does; true when left out. */
  readonly http2?: boolean | undefined;
  /** Idle connections a VU keeps per host (k6: batchPerHost). */
  readonly maxConnectionsPerHost: number;
  /** Largest body kept, in bytes; a larger one fails the exchange and closes the connection. */
  readonly maxBodyBytes: number;
  /** k6's `hosts`: "name", "name:port" or "*.wild" to "ip" or "ip:port". */
  readonly hosts: Readonly<Record<string, string>>;
  readonly blockHostnames: readonly string[];
  /** CIDRs. */
  readonly blacklistIps: readonly string[];
  /** Extra trusted certificates (PEM), beside the platform's. */
  readonly extraCaPem?: string | undefined;
}

/** Who is told that an exchange is over: once, and not before {@link HttpClient.start} has returned. */
export interface ExchangeReceiver {
  onExchange(exchange: Exchange): void;
}

/** A VU's own connections. */
export interface HttpClient {
  /** Performs one exchange (no redirects) and tells `receiver`, failed or not. */
  start(request: HttpRequest, receiver: ExchangeReceiver): void;
  /** As {@link HttpClient.start}, with a promise, which never rejects. */
  send(request: HttpRequest): Promise<Exchange>;
  /** Closes idle connections (k6: noVUConnectionReuse, after each iteration). */
  closeIdle(): void;
  /** Ends running exchanges (they fail) and closes every connection. */
  destroy(): void;
}

/** What the VUs of a worker share: address cache, TLS contexts, read buffer, deadline sweep. */
export interface HttpStack {
  createClient(): HttpClient;
  /** Exchanges so far that failed by a fault of the generator itself: descriptors or local ports used up. */
  readonly generatorFaults: number;
  /** Open sockets now, over all clients. */
  readonly openSockets: number;
  close(): void;
}
