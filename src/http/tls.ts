/**
 * TLS of a worker: one SecureContext for all its connections (a context costs up to 64 KB and 0.2 ms), full
 * handshakes as in k6 (no session resumption), certificates verified unless insecureSkipTLSVerify says otherwise.
 */
import { createSecureContext, rootCertificates } from "node:tls";
import type { ConnectionOptions, SecureContext, TLSSocket } from "node:tls";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { HttpOptions } from "./exchange.ts";
import type { Origin } from "./origin.ts";

/** What was agreed in a handshake, in the words of k6's response. */
export interface TlsSession {
  readonly version: string;
  readonly cipherSuite: string;
}

export class TlsSettings {
  readonly #rejectUnauthorized: boolean;
  readonly #extraCaPem: string | undefined;
  /** In the order of preference. */
  readonly #protocols: string[];
  #context: SecureContext | undefined;

  /** @throws LakhError HTTP_BAD_CA */
  constructor(options: HttpOptions) {
    this.#rejectUnauthorized = !options.insecureSkipTlsVerify;
    this.#extraCaPem = options.extraCaPem;
    this.#protocols = options.http2 === false ? ["http/1.1"] : ["h2", "http/1.1"];
    if (options.extraCaPem !== undefined) this.#context = createContext(options.extraCaPem);
  }

  /** The TLS part of the options of tls.connect. */
  connectOptions(origin: Origin): ConnectionOptions {
    this.#context ??= createContext(this.#extraCaPem);
    return {
      secureContext: this.#context,
      rejectUnauthorized: this.#rejectUnauthorized,
      // RFC 6066 forbids addresses as server names; the certificate is then checked against the address.
      servername: origin.isAddress ? "" : origin.hostname,
      ALPNProtocols: this.#protocols,
    };
  }
}

/** Reads what a finished handshake agreed on. */
export function readTlsSession(socket: TLSSocket): TlsSession {
  const protocol = socket.getProtocol() ?? "";
  return {
    version: protocol.replace(/^TLSv1$/u, "tls1.0").replace("TLSv", "tls"),
    cipherSuite: socket.getCipher().standardName,
  };
}

/** Node replaces its root certificates by `ca`; k6's users expect theirs to be added. */
function createContext(extraCaPem: string | undefined): SecureContext {
  if (extraCaPem === undefined) return createSecureContext();
  if (!extraCaPem.includes("-----BEGIN CERTIFICATE-----")) throw badCa();
  try {
    return createSecureContext({ ca: [...rootCertificates, extraCaPem] });
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
