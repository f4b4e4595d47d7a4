/**
 * One HTTP request and what came of it, as plain data.
 * A failed request is data too (`failure`), never an exception.
 */
import type { ConnectionOptions } from "node:tls";

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
  /** k6's text for it; never contains local ports, times or OpenSSL thread ids. */
  readonly message: string;
  /** Go's text where it says more, which k6 logs and throws. */
  readonly detail?: string | undefined;
  /** The errno of a fault of the generator itself: descriptors or local ports used up, a resolver that does not answer. */
  readonly generatorFault: string | undefined;
}

/** One request on the wire and its response. */
export interface Exchange {
  /** What was sent; undefined when nothing could be. */
  readonly request: HttpRequest | undefined;
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
  /** The head had come when it failed. */
  failedInBody: boolean;
}

/** k6's `dns`. */
export interface DnsSettings {
  /** How long an answer is used, in milliseconds; 0: not again; Infinity: for ever. */
  readonly ttlMs: number;
  readonly select: "first" | "roundRobin" | "random";
  readonly policy: "preferIPv4" | "preferIPv6" | "onlyIPv4" | "onlyIPv6" | "any";
}

/** k6's names of TLS versions. */
export type TlsVersion = "tls1.0" | "tls1.1" | "tls1.2" | "tls1.3";

/** An entry of k6's `tlsAuth`, all PEM. */
export interface TlsCertificate {
  readonly cert: string;
  readonly key: string;
  readonly password: string | undefined;
  /** Names and "*.suffix"; of several certificates the first whose domains match is sent, else the first of all. */
  readonly domains: readonly string[];
}

/** Where trusted authorities are read from: Go's variables SSL_CERT_FILE and SSL_CERT_DIR; without both, the system's. */
export interface TrustSource {
  readonly file: string | undefined;
  readonly dir: string | undefined;
}

/** Go's variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY; empty: not set. */
export interface ProxyOptions {
  readonly http: string;
  readonly https: string;
  readonly none: string;
}

/** How TLS is spoken. */
export interface TlsOptions {
  readonly minVersion: TlsVersion | undefined;
  readonly maxVersion: TlsVersion | undefined;
  /** Go's names; empty: Go's defaults. */
  readonly cipherSuites: readonly string[];
  readonly certificates: readonly TlsCertificate[];
  readonly trust: TrustSource;
  /** SSLKEYLOGFILE: keys of all connections are added to this file. */
  readonly keyLogFile: string | undefined;
}

/** Options of the HTTP side of a worker; all of them are k6 options. */
export interface HttpOptions {
  readonly insecureSkipTlsVerify: boolean;
  readonly noConnectionReuse: boolean;
  /** Offer HTTP/2 to TLS servers, as k6 does unless GODEBUG says `http2client=0`; true when left out. */
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
  readonly dns: DnsSettings;
  /** k6's `localIPs`: addresses, ranges "a-b" and CIDRs with commas between; undefined: the system chooses. */
  readonly localIps: string | undefined;
  readonly tls: TlsOptions;
  readonly proxies: ProxyOptions;
  /** Extra trusted certificates (PEM), beside the platform's. */
  readonly extraCaPem?: string | undefined;
}

/** Who is told that an exchange is over: once, and not before {@link HttpClient.start} has returned. */
export interface ExchangeReceiver {
  onExchange(exchange: Exchange): void;
}

/** Where a connection of a VU goes, and where it leaves from. */
export interface DialAddress {
  readonly ip: string;
  readonly port: number;
  /** k6's `localIPs`; undefined: the system chooses. */
  readonly localAddress: string | undefined;
  /** To be asked before each further message to a host that is not confirmed for load; false: it must not be sent. */
  readonly admits?: () => boolean;
}

/** A VU's own connections. */
export interface HttpClient {
  /** Performs one exchange (no redirects) and tells `receiver`, failed or not. */
  start(request: HttpRequest, receiver: ExchangeReceiver): void;
  /** As {@link HttpClient.start}, with a promise, which never rejects. */
  send(request: HttpRequest): Promise<Exchange>;
  /**
   * For dials that are not this client's own (WebSocket, gRPC): the address that `hostname` stands for under
   * blockHostnames, hosts, dns and blacklistIPs, or k6's failure. Never rejects.
   * @param hostname a name or an address, without brackets
   */
  resolveAddress(hostname: string, port: number): Promise<DialAddress | HttpFailure>;
  /** For the same dials: the TLS part of the options of tls.connect to a host (insecureSkipTLSVerify, tlsAuth …), without ALPN. */
  tlsOptions(hostname: string): ConnectionOptions;
  /** Of the same dials: one has failed so. Counted when the fault is the generator's own. */
  noteDialError(error: NodeJS.ErrnoException | HttpFailure): void;
  /** Closes idle connections (k6: noVUConnectionReuse, after each iteration). */
  closeIdle(): void;
  /** Ends running exchanges (they fail) and closes every connection. */
  destroy(): void;
}

/** What the VUs of a worker share: address cache, TLS contexts, read buffer, deadline sweep. */
export interface HttpStack {
  /** @param vuNumber the VU's number within the instance, from 1, which picks its local address; 0 for setup and teardown */
  createClient(vuNumber?: number): HttpClient;
  /** Exchanges and dials so far that failed by a fault of the generator itself (`HttpFailure.generatorFault`). */
  readonly generatorFaults: number;
  /** How many of each errno there were since the last call. */
  takeGeneratorFaults(): Readonly<Record<string, number>>;
  /** Open sockets now, over all clients. */
  readonly openSockets: number;
  close(): void;
}
