/**
 * TLS of a worker: one SecureContext for each client certificate in use (a context costs up to 64 KB and 0.2 ms), full
 * handshakes as in k6 (no session resumption), versions and cipher suites as Go offers them unless options say
 * otherwise. Certificates are verified in Go's order: dates, names, authority.
 */
import { appendFileSync, openSync } from "node:fs";
import { checkServerIdentity, createSecureContext } from "node:tls";
import type {
  ConnectionOptions,
  PeerCertificate,
  SecureContext,
  SecureVersion,
  TLSSocket,
} from "node:tls";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Destination } from "./addresses.ts";
import { defaultCiphers, toOpenSslCiphers } from "./cipher-suites.ts";
import { failureFromError, failures, mismatch } from "./errors.ts";
import type { HttpFailure, HttpOptions, TlsCertificate, TlsVersion } from "./exchange.ts";
import { readTrustedCertificates } from "./trust.ts";

/** What was agreed in a handshake, in the words of k6's response. */
export interface TlsSession {
  readonly version: string;
  readonly cipherSuite: string;
}

type Host = Pick<Destination, "hostname" | "isAddress">;

const nodeVersions: Readonly<Record<TlsVersion, SecureVersion>> = {
  "tls1.0": "TLSv1",
  "tls1.1": "TLSv1.1",
  "tls1.2": "TLSv1.2",
  "tls1.3": "TLSv1.3",
};

export class TlsSettings {
  readonly #options: HttpOptions;
  readonly #contexts = new Map<TlsCertificate | undefined, SecureContext>();
  readonly #keyLog: number | undefined;
  #authorities: readonly string[] | undefined;

  /** @throws LakhError HTTP_BAD_CA, HTTP_BAD_KEY_LOG */
  constructor(options: HttpOptions) {
    this.#options = options;
    const { extraCaPem, tls } = options;
    if (extraCaPem !== undefined) checkCa(extraCaPem);
    if (tls.keyLogFile !== undefined) this.#keyLog = openKeyLog(tls.keyLogFile);
  }

  /** The TLS part of the options of tls.connect, without ALPN. */
  connectOptions(host: Host): ConnectionOptions {
    return {
      secureContext: this.#contextFor(host.hostname),
      rejectUnauthorized: !this.#options.insecureSkipTlsVerify,
      // RFC 6066 forbids addresses as server names; the certificate is then checked against the address.
      servername: host.isAddress ? "" : host.hostname,
      checkServerIdentity: (_, certificate) => checkNames(host.hostname, certificate),
    };
  }

  /** Why the peer of a finished handshake is not to be trusted. */
  verify(socket: TLSSocket, { hostname }: Host, wallMs: number): HttpFailure | undefined {
    if (this.#options.insecureSkipTlsVerify || socket.authorized) return undefined;
    const certificate = socket.getPeerCertificate();
    if (Date.parse(certificate.valid_to) < wallMs) return failures.certificateExpired;
    if (Date.parse(certificate.valid_from) > wallMs) return failures.certificateNotYetValid;
    if (checkNames(hostname, certificate) !== undefined) {
      return mismatch(namesOf(certificate), hostname);
    }
    // Node's types say Error; it is the code.
    const code = String(socket.authorizationError);
    return failureFromError(Object.assign(new Error(code), { code }), "handshake");
  }

  /** Writes the keys of a connection where SSLKEYLOGFILE says. */
  watchKeys(socket: TLSSocket): void {
    const file = this.#keyLog;
    if (file !== undefined) socket.on("keylog", (line) => appendFileSync(file, line));
  }

  #contextFor(hostname: string): SecureContext {
    const { certificates } = this.#options.tls;
    const certificate =
      certificates.find(({ domains }) => domains.some((domain) => matches(domain, hostname))) ??
      certificates[0];
    let context = this.#contexts.get(certificate);
    if (context === undefined) {
      context = this.#createContext(certificate);
      this.#contexts.set(certificate, context);
    }
    return context;
  }

  #createContext(certificate: TlsCertificate | undefined): SecureContext {
    const { extraCaPem, tls } = this.#options;
    this.#authorities ??= readTrustedCertificates(tls.trust);
    const min = tls.minVersion ?? "tls1.2";
    // OpenSSL holds the old versions for too weak at its default level.
    const level = min === "tls1.0" || min === "tls1.1" ? ":@SECLEVEL=0" : "";
    const ciphers =
      tls.cipherSuites.length === 0 ? defaultCiphers : toOpenSslCiphers(tls.cipherSuites);
    return createSecureContext({
      ca: [...this.#authorities, ...(extraCaPem === undefined ? [] : [extraCaPem])],
      minVersion: nodeVersions[min],
      maxVersion: nodeVersions[tls.maxVersion ?? "tls1.3"],
      ciphers: ciphers + level,
      ...(certificate === undefined
        ? {}
        : { cert: certificate.cert, key: certificate.key, passphrase: certificate.password }),
    });
  }
}

/** Reads what a finished handshake agreed on. */
export function readTlsSession(socket: TLSSocket): TlsSession {
  const protocol = socket.getProtocol() ?? "";
  return {
    version: protocol.replace(/^TLSv1$/u, "tls1.0").replace("TLSv", "tls"),
    // k6 still uses the names that these had in the draft.
    cipherSuite: socket
      .getCipher()
      .standardName.replace(/^(TLS_ECDHE_.*CHACHA20_POLY1305)_SHA256$/u, "$1"),
  };
}

/** Unlike Node, Go does not look at the common name. */
function checkNames(hostname: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname !== undefined) return checkServerIdentity(hostname, certificate);
  return Object.assign(new Error("the certificate names no host"), {
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
}

function namesOf({ subjectaltname = "" }: PeerCertificate): string {
  return subjectaltname
    .split(", ")
    .filter((name) => name.startsWith("DNS:"))
    .map((name) => name.slice("DNS:".length))
    .join(", ");
}

function matches(domain: string, hostname: string): boolean {
  const pattern = domain.toLowerCase();
  return pattern.startsWith("*.") ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}

function openKeyLog(file: string): number {
  try {
    return openSync(file, "a", 0o600);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LakhError("HTTP_BAD_KEY_LOG", `SSLKEYLOGFILE cannot be written: ${reason}`, {
      hint: "give a file in a folder that is there, or unset the variable",
      exitCode: exitCodes.generic,
      cause,
    });
  }
}

function checkCa(pem: string): void {
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw badCa();
  try {
    createSecureContext({ ca: pem });
  } catch (error) {
    throw badCa(error);
  }
}

function badCa(cause?: unknown): LakhError {
  return new LakhError("HTTP_BAD_CA", "the extra trusted certificates cannot be read", {
    hint: "give one or more PEM blocks that begin with -----BEGIN CERTIFICATE-----",
    exitCode: exitCodes.invalidConfig,
    cause,
  });
}
