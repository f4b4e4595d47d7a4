/**
 * Why a connection could not be made, in the words that Go's net and crypto/tls have for it: k6 shows them to scripts
 * (`res.error`, `event.error`, the text of an exception). Unlike those of `http`, these texts hold addresses; they are
 * never tags.
 */
import { getServers } from "node:dns";
import type { PeerCertificate } from "node:tls";
import type { HttpFailure } from "../http/index.ts";

const blacklistedCode = 1110;
const blockedCode = 1111;
const noSuchHostCode = 1101;

const connectReasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connect: connection refused"],
  ["EHOSTUNREACH", "connect: no route to host"],
  ["ENETUNREACH", "connect: network is unreachable"],
  ["EADDRNOTAVAIL", "connect: cannot assign requested address"],
  ["EMFILE", "socket: too many open files"],
  ["ECONNRESET", "connect: connection reset by peer"],
  ["ETIMEDOUT", "i/o timeout"],
]);

const unverified = "tls: failed to verify certificate: x509: ";

const certificateReasons: ReadonlyMap<string, string> = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate signed by unknown authority"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "certificate signed by unknown authority"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate signed by unknown authority"],
  ["UNABLE_TO_GET_ISSUER_CERT", "certificate signed by unknown authority"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate signed by unknown authority"],
  ["CERT_UNTRUSTED", "certificate signed by unknown authority"],
  ["CERT_HAS_EXPIRED", "certificate has expired or is not yet valid"],
  ["CERT_NOT_YET_VALID", "certificate has expired or is not yet valid"],
]);

/** "127.0.0.1:80", "[::1]:80". */
export function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A host that could not be resolved, or may not be connected to. */
export function resolveErrorText(
  failure: HttpFailure,
  hostname: string,
  options: Readonly<Record<string, unknown>>,
): string {
  if (failure.code === noSuchHostCode) return lookupErrorText(hostname);
  if (failure.code === blockedCode) {
    const patterns = listOf(options["blockHostnames"]);
    const pattern = patterns.find((each) => isMatch(each.toLowerCase(), hostname.toLowerCase()));
    return `hostname (${hostname}) is in a blocked pattern (${pattern ?? hostname})`;
  }
  if (failure.code === blacklistedCode) {
    const [only, ...others] = listOf(options["blacklistIPs"]);
    const hosts = (options["hosts"] ?? {}) as Readonly<Record<string, unknown>>;
    const ip = Object.hasOwn(hosts, hostname) ? String(hosts[hostname]) : hostname;
    // Which range it was is only known here when there is one.
    const range = others.length === 0 && only !== undefined ? ` (${only})` : "";
    return `IP (${ip}) is in a blacklisted range${range}`;
  }
  return failure.message;
}

function lookupErrorText(hostname: string): string {
  const [server] = getServers();
  if (hostname === "" || server === undefined) return `lookup ${hostname}: no such host`;
  const isBare = !/:\d+$/u.test(server) || server.includes("::");
  return `lookup ${hostname} on ${isBare ? `${server}:53` : server}: no such host`;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isMatch(pattern: string, hostname: string): boolean {
  return pattern.startsWith("*") ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}

/** TCP could not be opened. */
export function connectErrorText(error: NodeJS.ErrnoException, address: string): string {
  const reason = connectReasons.get(error.code ?? "");
  return `dial tcp ${address}: ${reason ?? `connect: ${error.message}`}`;
}

/** The TLS handshake failed. */
export function handshakeErrorText(error: NodeJS.ErrnoException, hostname: string): string {
  const code = error.code ?? "";
  const reason = certificateReasons.get(code);
  if (reason !== undefined) return unverified + reason;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return unverified + mismatch(error, hostname);
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || error.message.includes("wrong version number"))
    return "tls: first record does not look like a TLS handshake";
  if (code === "ECONNRESET" && error.syscall === undefined) return "EOF";
  const alert = /alert ([a-z ]+)/u.exec(error.message)?.[1];
  return alert === undefined ? `tls: ${error.message}` : `remote error: tls: ${alert.trim()}`;
}

function mismatch(error: Error, hostname: string): string {
  const { cert } = error as Error & { cert?: PeerCertificate };
  const names = (cert?.subjectaltname ?? "")
    .split(", ")
    .map((name) => name.replace(/^[^:]*:/u, ""));
  return `certificate is valid for ${names.join(", ")}, not ${hostname}`;
}
