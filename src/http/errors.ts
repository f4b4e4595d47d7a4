/**
 * What can go wrong in the HTTP folder, in two vocabularies.
 * `httpErrorCodes`: the LakhErrors it throws, all at start-up, for options that cannot be used.
 * `failures`: why a request failed, as data, in k6's numbers and with fixed texts. Texts never hold addresses,
 * ports or OpenSSL's thread ids, because they become metric tags.
 */
import type { HttpFailure } from "./exchange.ts";

/** Codes of the errors this folder throws. */
export const httpErrorCodes = {
  HTTP_BAD_HOSTS: "an entry of the option hosts does not point to an IP address",
  HTTP_BAD_BLACKLIST: "an entry of the option blacklistIPs is not an IP address or CIDR",
  HTTP_BAD_BLOCK_PATTERN: "an entry of the option blockHostnames is not a host name or *.suffix",
  HTTP_BAD_CA: "the extra trusted certificates are not PEM certificates",
} as const;

/** How far a connection had come when it failed; the same errno means different things. */
export type FailureStage = "lookup" | "dial" | "handshake" | "exchange";

type FailureName =
  | "eof"
  | "unexpectedEof"
  | "canceled"
  | "bodyTooLarge"
  | "noHost"
  | "invalidUrl"
  | "timeout"
  | "lookup"
  | "noSuchHost"
  | "blacklistedIp"
  | "blockedHostname"
  | "brokenPipe"
  | "dialTimeout"
  | "dialRefused"
  | "resetByPeer"
  | "tlsHeader"
  | "unknownAuthority"
  | "hostnameMismatch";

/** The failures with a text of their own. Shared and frozen: a failure is compared by code, never changed. */
export const failures: Readonly<Record<FailureName, HttpFailure>> = {
  eof: failure(1000, "EOF"),
  unexpectedEof: failure(1000, "unexpected EOF"),
  canceled: failure(1000, "request canceled"),
  bodyTooLarge: failure(1000, "response body exceeds the size limit"),
  noHost: failure(1000, "http: no Host in request URL"),
  invalidUrl: failure(1020, "invalid URL"),
  timeout: failure(1050, "request timeout"),
  lookup: failure(1100, "lookup: server misbehaving"),
  noSuchHost: failure(1101, "lookup: no such host"),
  blacklistedIp: failure(1110, "ip is blacklisted"),
  blockedHostname: failure(1111, "hostname is blocked"),
  brokenPipe: failure(1201, "write: broken pipe"),
  dialTimeout: failure(1211, "dial: i/o timeout"),
  dialRefused: failure(1212, "dial: connection refused"),
  resetByPeer: failure(1220, "read: connection reset by peer"),
  tlsHeader: failure(1301, "tls: first record does not look like a TLS handshake"),
  unknownAuthority: failure(1310, "x509: unknown authority"),
  hostnameMismatch: failure(1311, "x509: certificate doesn't match hostname"),
};

const generatorFaults: ReadonlyMap<string, HttpFailure> = new Map([
  ["EMFILE", failure(1213, "dial: too many open files", true)],
  ["ENFILE", failure(1213, "dial: too many open files in system", true)],
  ["EADDRNOTAVAIL", failure(1213, "dial: cannot assign requested address", true)],
  ["EADDRINUSE", failure(1213, "dial: address already in use", true)],
  ["ENOBUFS", failure(1213, "dial: no buffer space available", true)],
]);

const certificateFailures: ReadonlyMap<string, HttpFailure> = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", failures.unknownAuthority],
  ["SELF_SIGNED_CERT_IN_CHAIN", failures.unknownAuthority],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", failures.unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT", failures.unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", failures.unknownAuthority],
  ["CERT_UNTRUSTED", failures.unknownAuthority],
  ["ERR_TLS_CERT_ALTNAME_INVALID", failures.hostnameMismatch],
  ["HOSTNAME_MISMATCH", failures.hostnameMismatch],
  ["ERR_SSL_WRONG_VERSION_NUMBER", failures.tlsHeader],
  ["CERT_HAS_EXPIRED", failure(1300, "x509: certificate has expired")],
  ["CERT_NOT_YET_VALID", failure(1300, "x509: certificate is not yet valid")],
  ["CERT_REVOKED", failure(1300, "x509: certificate is revoked")],
]);

const dialFailures: ReadonlyMap<string, HttpFailure> = new Map([
  ["ECONNREFUSED", failures.dialRefused],
  ["ETIMEDOUT", failures.dialTimeout],
  ["EHOSTUNREACH", failure(1213, "dial: no route to host")],
  ["ENETUNREACH", failure(1213, "dial: network is unreachable")],
]);

const exchangeFailures: ReadonlyMap<string, HttpFailure> = new Map([
  ["ECONNRESET", failures.resetByPeer],
  ["EPIPE", failures.brokenPipe],
  ["ETIMEDOUT", failure(1200, "read: connection timed out")],
]);

/** The failure for an error of Node's net, tls or dns, by its code and the stage it came in. */
export function failureFromError(error: NodeJS.ErrnoException, stage: FailureStage): HttpFailure {
  const code = error.code ?? "";
  const known = generatorFaults.get(code) ?? certificateFailures.get(code);
  if (known !== undefined) return known;
  if (stage === "lookup") return code === "ENOTFOUND" ? failures.noSuchHost : failures.lookup;
  if (stage === "dial") return dialFailures.get(code) ?? failure(1210, `dial: ${plainCode(code)}`);
  if (stage === "handshake") return handshakeFailure(error, code);
  return (
    exchangeFailures.get(code) ??
    (isTlsCode(code) ? tlsFailure(code) : failure(1202, `tcp: ${plainCode(code)}`))
  );
}

function handshakeFailure(error: NodeJS.ErrnoException, code: string): HttpFailure {
  // OpenSSL's errors raised inside a write arrive as EPROTO with the reason only in the message.
  if (code === "EPROTO" && error.message.includes("wrong version number"))
    return failures.tlsHeader;
  // A FIN during the handshake is reported by Node as ECONNRESET without a system call.
  if (code === "ECONNRESET" && error.syscall === undefined) return failures.eof;
  return exchangeFailures.get(code) ?? tlsFailure(code);
}

/** After the handshake TLS still fails by alerts (TLS 1.3: a client certificate is required) and damaged records. */
function isTlsCode(code: string): boolean {
  return code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_");
}

function tlsFailure(code: string): HttpFailure {
  return failure(1300, `tls: ${plainCode(code)}`);
}

/** A response that is not HTTP/1.x as RFC 9112 defines it. */
export function malformedResponse(problem: string): HttpFailure {
  return failure(1000, `malformed HTTP response: ${problem}`);
}

/** A request that cannot be written; `what` is quoted, as in Go. */
export function unsendable(
  problem: "invalid method" | "invalid header field name" | "invalid header field value for",
  what: string,
): HttpFailure {
  return failure(1000, `net/http: ${problem} ${JSON.stringify(what)}`);
}

/** A body that its content encoding does not fit. */
export function undecodable(reason: string): HttpFailure {
  return failure(1701, `error decompressing response body (${reason})`);
}

/** A redirect to what is no URL; `reason` says why, in Go's words. */
export function unusableLocation(location: string, reason: string): HttpFailure {
  return failure(1000, `failed to parse Location header ${JSON.stringify(location)}: ${reason}`);
}

/** A URL whose scheme is neither http nor https. */
export function unsupportedScheme(scheme: string): HttpFailure {
  return failure(1000, `unsupported protocol scheme "${scheme}"`);
}

/** ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION → "tlsv1 alert protocol version". */
function plainCode(code: string): string {
  if (code === "") return "unknown error";
  return code
    .replace(/^ERR_(?:SSL|TLS)_/u, "")
    .replaceAll("_", " ")
    .toLowerCase();
}

function failure(code: number, message: string, generatorFault = false): HttpFailure {
  return Object.freeze({ code, message, generatorFault });
}
