/** The contract of a transport: how export requests come to a receiver, and the hints that all of them give. */
import type { Reception } from "../delivery.ts";
import { oneLine } from "../answers.ts";
import type { OpenTelemetryOptions } from "./options.ts";
import type { ExportRequest } from "./requests.ts";

export interface Transport {
  /**
   * Sends one request, and says what became of it.
   * @throws Error with a reason for people when there is no answer
   */
  send(request: ExportRequest, signal: AbortSignal): Promise<Reception>;
  /** Lets go of the connection. */
  close(): void;
}

/** What a transport needs to know. */
export type TransportOptions = Pick<
  OpenTelemetryOptions,
  "url" | "headers" | "isCompressed" | "timeoutMs" | "tls"
> & {
  /** Of lakh. */
  readonly version: string;
};

/** For a receiver that wants to know who sends. */
export const credentialsHint =
  "Give it what it asks for: K6_OTEL_HEADERS (as in Authorization=Bearer%20TOKEN), or user and password in the address";

/** Adds what to do to the errors that wrong settings give. */
export function withAdvice(error: Error, { protocol }: URL): Error {
  if (protocol !== "https:") return error;
  const { code = "" } = error as NodeJS.ErrnoException;
  const found = advice.find(({ signs }) => signs.test(`${code} ${error.message}`));
  if (found === undefined) return error;
  // Of OpenSSL's message: what it is about, without numbers and places in its source.
  const [, about = oneLine(error.message)] =
    /SSL routines:[^:]*:([^:]+)/u.exec(error.message) ?? [];
  return new Error(`${about}: ${found.text}`, { cause: error });
}

/** By what OpenSSL and Node call it. */
const advice: readonly { readonly signs: RegExp; readonly text: string }[] = [
  {
    signs: /wrong.version.number|packet.length.too.long/iu,
    text:
      "it seems not to speak TLS: set K6_OTEL_GRPC_EXPORTER_INSECURE or K6_OTEL_HTTP_EXPORTER_INSECURE to true, " +
      "or write grpc:// or http:// in the address",
  },
  { signs: /alert.protocol.version/iu, text: "it does not take TLS 1.3, and less is not offered" },
  {
    signs: /^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/u,
    text: "name its authority's certificate in K6_OTEL_TLS_CERTIFICATE",
  },
  {
    signs: /alert.certificate.required|alert.bad.certificate|handshake.failure/iu,
    text: "it may want to know you: K6_OTEL_TLS_CLIENT_CERTIFICATE and K6_OTEL_TLS_CLIENT_KEY",
  },
];
