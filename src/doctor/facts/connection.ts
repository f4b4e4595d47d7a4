/** One connection to the target: how long it takes, what TLS agrees on, and the certificate. */
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { ProbeParts } from "./probe.ts";

export interface TlsFacts {
  /** "TLSv1.3" */
  readonly version: string;
  /** "h2", "http/1.1"; undefined when the server takes no part in the choice. */
  readonly alpn: string | undefined;
  readonly handshakeMs: number;
  /** Why the certificate is not trusted ("CERT_HAS_EXPIRED"); undefined when it is. */
  readonly distrust: string | undefined;
  /** Days until the certificate ends; negative when it has; undefined when it does not say. */
  readonly daysLeft: number | undefined;
}

export interface ConnectionFacts {
  readonly address: string;
  readonly port: number;
  readonly connectMs: number | undefined;
  readonly tls: TlsFacts | undefined;
  /** Why there is none. */
  readonly problem: string | undefined;
}

export interface Where {
  readonly hostname: string;
  readonly address: string;
  readonly port: number;
  readonly isTls: boolean;
}

const openLimitMs = 10_000;
const dayMs = 86_400_000;

export async function openConnection(
  { hostname, address, port, isTls }: Where,
  { clock, ca }: ProbeParts,
): Promise<ConnectionFacts> {
  const startMs = clock.nowMs();
  const where = { host: address, port };
  const secured = isTls
    ? connectTls({
        ...where,
        ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
        ALPNProtocols: ["h2", "http/1.1"],
        rejectUnauthorized: false, // what is wrong with it is told
        ...(ca === undefined ? {} : { ca }),
      })
    : undefined;
  const socket = secured ?? connectTcp(where);
  let connectMs: number | undefined;
  try {
    await opening(socket, "connect");
    connectMs = clock.nowMs() - startMs;
    if (secured === undefined)
      return { address, port, connectMs, tls: undefined, problem: undefined };
    await opening(secured, "secureConnect");
    const handshakeMs = clock.nowMs() - startMs - connectMs;
    const tls = describeTls(secured, handshakeMs, clock.wallMs());
    return { address, port, connectMs, tls, problem: undefined };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { address, port, connectMs, tls: undefined, problem: code ?? message };
  } finally {
    socket.destroy();
  }
}

function opening(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(openLimitMs, () => reject(new Error(`no answer within ${openLimitMs} ms`)));
    socket.once(event, () => resolve());
    socket.once("close", () => reject(new Error("it closed the connection")));
    // Stays: an error after the first would end the process.
    socket.on("error", reject);
  });
}

function describeTls(socket: TLSSocket, handshakeMs: number, wallMs: number): TlsFacts {
  const { valid_to: validTo } = socket.getPeerCertificate();
  const endsMs = Date.parse(validTo ?? "");
  // Node's types say Error; it is a code.
  const distrust = socket.authorized ? undefined : String(socket.authorizationError ?? "unknown");
  return {
    version: socket.getProtocol() ?? "unknown",
    alpn: socket.alpnProtocol || undefined,
    handshakeMs,
    distrust,
    daysLeft: Number.isNaN(endsMs) ? undefined : (endsMs - wallMs) / dayMs,
  };
}
