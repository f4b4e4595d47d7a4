/**
 * What can go wrong in the HTTP folder, in two vocabularies.
 * `httpErrorCodes`: the LakhErrors it throws, all at start-up, for options that cannot be used.
 * `failures`: why a request failed, as data, in k6's numbers and words, observed of k6 2.2. Texts never hold local
 * ports, times or OpenSSL's thread ids, because they become metric tags; `detail` is Go's longer text, which k6 logs
 * and throws.
 */
import { getServers } from "node:dns";
import type { Exchange, HttpFailure } from "./exchange.ts";
import { quoteGo } from "../base/go-quote.ts";

/** Codes of the errors this folder throws. */
export const httpErrorCodes = {
  HTTP_BAD_HOSTS: "an entry of the option hosts does not point to an IP address",
  HTTP_BAD_BLACKLIST: "an entry of the option blacklistIPs is not an IP address or CIDR",
  HTTP_BAD_BLOCK_PATTERN: "an entry of the option blockHostnames is not a host name or *.suffix",
  HTTP_BAD_LOCAL_IPS: "the option localIPs is not a list of IP addresses, ranges and CIDRs",
  HTTP_PROXY_UNSUPPORTED:
    "HTTP_PROXY or HTTPS_PROXY names a proxy of a kind that lakh cannot speak to",
  HTTP_BAD_KEY_LOG: "the file that SSLKEYLOGFILE names cannot be written",
  HTTP_BAD_CONFIRM_HOST: "an entry of --confirm-host or LAKH_CONFIRM_HOST is not a host",
  HTTP_BAD_CA: "the extra trusted certificates are not PEM certificates",
} as const;

/**
 * What k6 logs of a failed exchange, and throws: Go's text with the method and the URL, but for what failed after the
 * head had come.
 */
export function failureText(exchange: Exchange, failure: HttpFailure): string {
  const text = hostAsWritten(failure.detail ?? failure.message, exchange.url);
  if (exchange.failedInBody || failure.code === 1020) return text;
  const method =
    exchange.method === "" ? "Get" : exchange.method[0]! + exchange.method.slice(1).toLowerCase();
  const url = exchange.url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#:@]*):[^/?#@]*@/iu, "$1:***@");
  return `${method} ${quoteGo(url)}: ${text}`;
}

/** A blocked host is named as the URL has it; names are looked up in lower case. */
function hostAsWritten(text: string, url: string): string {
  const [start, name] = /^hostname \(([^)]*)\) is in a blocked/u.exec(text) ?? [];
  if (start === undefined || name === undefined) return text;
  const at = url.toLowerCase().indexOf(name, url.indexOf("//"));
  return at === -1 ? text : text.replace(name, url.slice(at, at + name.length));
}

/** How far a connection had come when it failed; the same errno means different things. */
export type FailureStage = "lookup" | "dial" | "handshake" | "exchange";

type FailureName =
  | "eof"
  | "unexpectedEof"
  | "canceled"
  | "bodyTooLarge"
  | "headTooLarge"
  | "noHost"
  | "timeout"
  | "lookup"
  | "noSuchHost"
  | "blacklistedIp"
  | "blockedHostname"
  | "unconfirmedHost"
  | "brokenPipe"
  | "dialTimeout"
  | "dialRefused"
  | "dialReset"
  | "resetByPeer"
  | "noTlsVersion"
  | "tlsHeader"
  | "unknownAuthority"
  | "hostnameMismatch"
  | "certificateExpired"
  | "certificateNotYetValid";

/** The failures with a text of their own. Shared and frozen: a failure is compared by code, never changed. */
export const failures: Readonly<Record<FailureName, HttpFailure>> = {
  eof: failure(1000, "EOF"),
  unexpectedEof: failure(1000, "unexpected EOF"),
  canceled: failure(1000, "request canceled"),
  bodyTooLarge: failure(1000, "response body exceeds the size limit"),
  headTooLarge: failure(1000, "net/http: server response headers exceeded 10485760 bytes; aborted"),
  noHost: failure(1000, "http: no Host in request URL"),
  timeout: failure(1050, "request timeout"),
  lookup: failure(1100, "lookup: server misbehaving"),
  noSuchHost: failure(1101, "lookup: no such host"),
  blacklistedIp: failure(1110, "ip is blacklisted"),
  blockedHostname: failure(1111, "hostname is blocked"),
  // No number of k6's means it; it ends the run, so that no figure rests on it.
  unconfirmedHost: failure(1000, "host is not confirmed for load"),
  brokenPipe: failure(1201, "write: broken pipe"),
  dialTimeout: failure(1211, "dial: i/o timeout"),
  dialRefused: failure(1212, "dial: connection refused"),
  dialReset: failure(1220, "dial: connection reset by peer"),
  resetByPeer: failure(1220, "read: connection reset by peer"),
  noTlsVersion: failure(1000, "tls: no supported versions satisfy MinVersion and MaxVersion"),
  tlsHeader: failure(1301, "tls: first record does not look like a TLS handshake"),
  unknownAuthority: failure(1310, "x509: unknown authority", {
    detail: "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  }),
  hostnameMismatch: failure(1311, "x509: certificate doesn't match hostname"),
  // k6's text goes on with the time of the request: without it here, or each second would be a series.
  certificateExpired: expiry("x509: certificate has expired or is not yet valid"),
  certificateNotYetValid: expiry("x509: certificate has expired or is not yet valid"),
};

function expiry(message: string): HttpFailure {
  return failure(1000, message, { detail: `tls: failed to verify certificate: ${message}` });
}

/**
 * Faults of this machine, by errno: name, number and text of Linux, as Go shows them. A resolver that gives up is none
 * of the target's either: nothing was sent to it.
 */
const generatorFaults: ReadonlyMap<string, HttpFailure> = new Map([
  ["EMFILE", unknownErrno(24, "too many open files", "EMFILE")],
  ["ENFILE", unknownErrno(23, "too many open files in system", "ENFILE")],
  ["EADDRNOTAVAIL", unknownErrno(99, "cannot assign requested address", "EADDRNOTAVAIL")],
  ["EADDRINUSE", unknownErrno(98, "address already in use", "EADDRINUSE")],
  ["ENOBUFS", unknownErrno(105, "no buffer space available", "ENOBUFS")],
  ["ENOMEM", unknownErrno(12, "cannot allocate memory", "ENOMEM")],
  ["EAI_AGAIN", failure(1100, failures.lookup.message, { generatorFault: "EAI_AGAIN" })],
]);

/** The errno of an error that is the generator's own fault; undefined of any other. */
export function generatorFaultOf(error: NodeJS.ErrnoException): string | undefined {
  return generatorFaults.get(error.code ?? "")?.generatorFault;
}

const certificateFailures: ReadonlyMap<string, HttpFailure> = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", failures.unknownAuthority],
  ["SELF_SIGNED_CERT_IN_CHAIN", failures.unknownAuthority],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", failures.unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT", failures.unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", failures.unknownAuthority],
  ["CERT_UNTRUSTED", failures.unknownAuthority],
  ["ERR_TLS_CERT_ALTNAME_INVALID", failures.hostnameMismatch],
  ["HOSTNAME_MISMATCH", failures.hostnameMismatch],
  ["CERT_HAS_EXPIRED", failures.certificateExpired],
  ["CERT_NOT_YET_VALID", failures.certificateNotYetValid],
  ["CERT_REVOKED", failure(1300, "x509: certificate is revoked")],
]);

const dialFailures: ReadonlyMap<string, HttpFailure> = new Map([
  ["ECONNREFUSED", failures.dialRefused],
  ["ECONNRESET", failures.dialReset],
  ["ETIMEDOUT", failures.dialTimeout],
  ["EHOSTUNREACH", unknownErrno(113, "no route to host")],
  ["ENETUNREACH", unknownErrno(101, "network is unreachable")],
  ["EINVAL", unknownErrno(22, "invalid argument")],
  ["EACCES", unknownErrno(13, "permission denied")],
]);

const exchangeFailures: ReadonlyMap<string, HttpFailure> = new Map([
  ["ECONNRESET", failures.resetByPeer],
  ["EPIPE", failures.brokenPipe],
  ["ETIMEDOUT", failure(1200, "read: connection timed out")],
]);

/** RFC 8446 section 6: OpenSSL's name of an alert, and Go's text for it. */
const alerts: ReadonlyMap<string, string> = new Map([
  ["UNEXPECTED_MESSAGE", "unexpected message"],
  ["BAD_RECORD_MAC", "bad record MAC"],
  ["DECRYPTION_FAILED", "decryption failed"],
  ["RECORD_OVERFLOW", "record overflow"],
  ["HANDSHAKE_FAILURE", "handshake failure"],
  ["BAD_CERTIFICATE", "bad certificate"],
  ["UNSUPPORTED_CERTIFICATE", "unsupported certificate"],
  ["CERTIFICATE_REVOKED", "revoked certificate"],
  ["CERTIFICATE_EXPIRED", "expired certificate"],
  ["CERTIFICATE_UNKNOWN", "unknown certificate"],
  ["ILLEGAL_PARAMETER", "illegal parameter"],
  ["UNKNOWN_CA", "unknown certificate authority"],
  ["ACCESS_DENIED", "access denied"],
  ["DECODE_ERROR", "error decoding message"],
  ["DECRYPT_ERROR", "error decrypting message"],
  ["PROTOCOL_VERSION", "protocol version not supported"],
  ["INSUFFICIENT_SECURITY", "insufficient security level"],
  ["INTERNAL_ERROR", "internal error"],
  ["INAPPROPRIATE_FALLBACK", "inappropriate fallback"],
  ["USER_CANCELLED", "user canceled"],
  ["NO_RENEGOTIATION", "no renegotiation"],
  ["MISSING_EXTENSION", "missing extension"],
  ["UNSUPPORTED_EXTENSION", "unsupported extension"],
  ["UNRECOGNIZED_NAME", "unrecognized name"],
  ["CERTIFICATE_REQUIRED", "certificate required"],
  ["NO_APPLICATION_PROTOCOL", "no application protocol"],
]);

/** The failure for an error of Node's net, tls or dns, by its code and the stage it came in. */
export function failureFromError(error: NodeJS.ErrnoException, stage: FailureStage): HttpFailure {
  const code = error.code ?? "";
  const known = generatorFaults.get(code) ?? certificateFailures.get(code);
  if (known !== undefined) return known;
  if (stage === "lookup") return code === "ENOTFOUND" ? failures.noSuchHost : failures.lookup;
  if (stage === "dial") return dialFailures.get(code) ?? failure(1210, `dial: ${plainCode(code)}`);
  if (stage === "handshake" && code === "ECONNRESET" && error.syscall === undefined)
    return failures.eof; // a FIN during the handshake
  return (
    exchangeFailures.get(code) ??
    tlsFailure(code, error.message) ??
    (stage === "handshake"
      ? failure(1300, `tls: ${plainCode(code)}`)
      : failure(1202, `tcp: ${plainCode(code)}`))
  );
}

/** OpenSSL's faults, by code, or, when raised inside a write (EPROTO), by the reason in the message. */
function tlsFailure(code: string, message: string): HttpFailure | undefined {
  const reason =
    code === "EPROTO"
      ? (/:([^:]+):[^:]*:\d+:/u.exec(message)?.[1]?.toUpperCase().replaceAll(" ", "_") ?? "")
      : code.replace(/^ERR_(?:SSL|TLS)_/u, "");
  if (code !== "EPROTO" && reason === code) return undefined;
  if (reason.includes("WRONG_VERSION_NUMBER")) return failures.tlsHeader;
  if (reason === "NO_PROTOCOLS_AVAILABLE") return failures.noTlsVersion;
  // Go lists its versions, so that the server refuses; OpenSSL, of old ones, refuses the server's.
  if (reason === "UNSUPPORTED_PROTOCOL") return alertFailure("protocol version not supported");
  const alert =
    /^(?:TLSV1|SSLV3|TLSV13)_ALERT_(.+)$/u.exec(reason)?.[1] ?? reason.replace(/^TLSV1_/u, "");
  const text = alerts.get(alert);
  return text === undefined ? failure(1300, `tls: ${plainCode(code)}`) : alertFailure(text);
}

function alertFailure(text: string): HttpFailure {
  return failure(1010, `remote error: tls: ${text}`);
}

/** A head that Go does not read. */
export function malformedHead(problem: string): HttpFailure {
  return failure(1000, problem, {
    detail: `net/http: HTTP/1.x transport connection broken: ${problem}`,
  });
}

/** A body that Go does not read. */
export function malformedBody(problem: string): HttpFailure {
  return failure(1000, problem);
}

/** A text that is no URL. @param problem Go's words for it */
export function invalidUrl(problem: string): HttpFailure {
  return failure(1020, `invalid URL: ${problem}`);
}

/** A port above 65535. */
export function invalidPort(port: string): HttpFailure {
  return failure(1210, `dial tcp: address ${port}: invalid port`);
}

/** A request that cannot be written. */
export function invalidMethod(method: string): HttpFailure {
  return failure(1000, `net/http: invalid method ${quoteGo(method)}`);
}

/** A request that cannot be written. */
export function invalidHeader(name: string, part: "name" | "value"): HttpFailure {
  const text = part === "name" ? "invalid header field name" : "invalid header field value for";
  return failure(1000, `net/http: ${text} ${quoteGo(name)}`);
}

/** A body that its Content-Encoding cannot be undone of. */
export function undecodable(reason: string): HttpFailure {
  return failure(1701, decompressionText(reason));
}

/** As {@link undecodable}, for what comes out of a decoder: k6 wraps that once more for the script than for its log. */
export function undecodableInside(reason: string): HttpFailure {
  const detail = decompressionText(reason);
  return failure(1701, decompressionText(detail), { detail });
}

function decompressionText(reason: string): string {
  return `error decompressing response body (${reason})`;
}

/** A redirect to a text that is no URL. @param problem Go's words for it */
export function badLocation(location: string, problem: string): HttpFailure {
  return failure(1000, `failed to parse Location header ${quoteGo(location)}: ${problem}`);
}

/** A certificate for other names. @param names of the certificate, as Go lists them */
export function mismatch(names: string, hostname: string): HttpFailure {
  const text =
    names === ""
      ? `certificate is not valid for any names, but wanted to match ${hostname}`
      : `certificate is valid for ${names}, not ${hostname}`;
  const { code, message } = failures.hostnameMismatch;
  return failure(code, message, { detail: `tls: failed to verify certificate: x509: ${text}` });
}

/** An address that the option blacklistIPs forbids. */
export function blacklisted(ip: string, range: string): HttpFailure {
  const { code, message } = failures.blacklistedIp;
  return failure(code, message, { detail: `IP (${ip}) is in a blacklisted range (${range})` });
}

/** A host that the option blockHostnames forbids. */
export function blocked(hostname: string, pattern: string): HttpFailure {
  const { code, message } = failures.blockedHostname;
  const detail = `hostname (${hostname}) is in a blocked pattern (${pattern})`;
  return failure(code, message, { detail });
}

/** A name that the resolver does not know, or was not asked for because it cannot be one. */
export function noSuchHost(hostname: string, wasAsked = true): HttpFailure {
  const { code, message } = failures.noSuchHost;
  const [server] = wasAsked ? getServers() : [];
  const where = server === undefined ? "" : ` on ${server.includes(":") ? server : `${server}:53`}`;
  return failure(code, message, { detail: `lookup ${hostname}${where}: no such host` });
}

/** A failed dial, with the address that was dialled. */
export function dialled(
  known: HttpFailure,
  { ip, port }: { ip: string; port: number },
): HttpFailure {
  if (known.detail !== undefined || !known.message.startsWith("dial: ")) return known;
  const address = ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
  const reason = /`(.*)`$/u.exec(known.message)?.[1] ?? known.message.slice("dial: ".length);
  return Object.freeze({ ...known, detail: `dial tcp ${address}: connect: ${reason}` });
}

/** The proxy could not be connected to. */
export function viaProxy(known: HttpFailure): HttpFailure {
  if (known.code < 1100 || known.generatorFault !== undefined) return known;
  return failure(1200, `proxyconnect tcp: ${known.detail ?? known.message}`);
}

/** The policy of the option dns leaves no address of a name that has some. */
export function noAddressOf(hostname: string): HttpFailure {
  return failure(1000, `lookup ${hostname}: no such host`);
}

/** The local address of a VU is of the other family than the address to connect to. */
export function unsuitableLocalAddress(localAddress: string): HttpFailure {
  const shown = localAddress.includes(":") ? `[${localAddress}]` : localAddress;
  return failure(1210, `dial tcp: address ${shown}:0: no suitable address found`);
}

/** A URL whose scheme is neither http nor https. */
export function unsupportedScheme(scheme: string): HttpFailure {
  return failure(1000, `unsupported protocol scheme ${quoteGo(scheme)}`);
}

/** ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION → "tlsv1 alert protocol version". */
function plainCode(code: string): string {
  if (code === "") return "unknown error";
  return code
    .replace(/^ERR_(?:SSL|TLS)_/u, "")
    .replaceAll("_", " ")
    .toLowerCase();
}

function unknownErrno(errno: number, text: string, generatorFault?: string): HttpFailure {
  const message = `dial: unknown errno ${errno} error with msg \`${text}\``;
  return failure(1213, message, generatorFault === undefined ? {} : { generatorFault });
}

/** A failure; shared ones are made once and compared by code. */
export function failure(
  code: number,
  message: string,
  more: { detail?: string; generatorFault?: string } = {},
): HttpFailure {
  const { detail, generatorFault } = more;
  return Object.freeze({ code, message, detail, generatorFault });
}
