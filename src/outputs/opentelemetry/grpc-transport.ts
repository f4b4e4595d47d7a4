/**
 * OTLP over gRPC: the unary call MetricsService/Export on one HTTP/2 session, which is opened when a request needs it and
 * none is usable. A gRPC message is a flag (compressed?), its length in four bytes, and the protobuf; the outcome stands
 * in the trailers (grpc-status), or in the headers when there is no message.
 */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import type { Reception } from "../delivery.ts";
import { withReason } from "../http-post.ts";
import { type GrpcAnswer, toReception } from "./grpc-answer.ts";
import type { ExportRequest } from "./requests.ts";
import { type Transport, type TransportOptions, withAdvice } from "./transport.ts";

const gzip = promisify(gzipCallback);

const path = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
const prefixBytes = 5;
/** Of an answer: it is a few bytes, and a reason when something is wrong. */
const maxAnswerBytes = 65_536;

export class GrpcTransport implements Transport {
  readonly #options: TransportOptions;
  #session: ClientHttp2Session | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async send({ body }: ExportRequest, signal: AbortSignal): Promise<Reception> {
    const { isCompressed, url } = this.#options;
    const message = isCompressed ? await gzip(body) : body;
    const frame = Buffer.allocUnsafe(prefixBytes + message.byteLength);
    frame.writeUInt8(isCompressed ? 1 : 0, 0);
    frame.writeUInt32BE(message.byteLength, 1);
    frame.set(message, prefixBytes);
    try {
      return toReception(await this.#call(frame, signal));
    } catch (error) {
      // Whatever it was: the next request begins afresh.
      this.close();
      throw withAdvice(error as Error, url);
    }
  }

  close(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }

  async #call(frame: Uint8Array, signal: AbortSignal): Promise<GrpcAnswer> {
    const { timeoutMs } = this.#options;
    const late = AbortSignal.timeout(timeoutMs);
    const stream = this.#openSession().request(this.#headers(), {
      signal: AbortSignal.any([signal, late]),
    });
    stream.end(frame);
    try {
      return await readAnswer(stream);
    } catch (error) {
      if (late.aborted)
        throw new Error(`no answer within ${timeoutMs / 1_000} s`, { cause: error });
      throw reasonOfEnd(error as Error);
    }
  }

  #openSession(): ClientHttp2Session {
    const known = this.#session;
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const { url, tls } = this.#options;
    const session = connect(url.origin, { ...tls, settings: { enablePush: false } });
    // Its streams tell of them; while there is none, the next request opens another session.
    session.on("error", () => undefined);
    this.#session = session;
    return session;
  }

  #headers(): OutgoingHttpHeaders {
    const { headers, isCompressed, timeoutMs, version } = this.#options;
    return {
      ...headers,
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      "user-agent": `lakh/${version}`,
      "grpc-timeout": `${Math.min(Math.ceil(timeoutMs), 99_999_999)}m`,
      ...(isCompressed ? { "grpc-encoding": "gzip" } : {}),
    };
  }
}

function readAnswer(stream: ClientHttp2Stream): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let headers: IncomingHttpHeaders & { ":status"?: number | undefined } = {};
    let trailers: IncomingHttpHeaders | undefined;
    const settle = (): void => {
      const { ":status": httpStatus } = headers;
      if (httpStatus === undefined) {
        reject(new Error(`the connection ended without an answer${resetText(stream.rstCode)}`));
        return;
      }
      const data = Buffer.concat(chunks);
      const message = data.byteLength < prefixBytes ? undefined : data.subarray(prefixBytes);
      resolve({ httpStatus, headers, trailers: trailers ?? headers, message });
    };
    stream.on("response", (received) => (headers = received));
    stream.on("trailers", (received) => (trailers = received));
    stream.on("data", (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length <= maxAnswerBytes) chunks.push(chunk);
    });
    stream.once("end", () => {
      settle();
      // It may have answered before it has read the request, and would read no more of it.
      if (!stream.closed) stream.close();
    });
    stream.on("error", reject);
    stream.once("close", settle);
  });
}

function resetText(code: number | undefined): string {
  return code === undefined || code === constants.NGHTTP2_NO_ERROR ? "" : ` (HTTP/2 error ${code})`;
}

/** A stream that waited for a session which then failed names that as its cause. */
function reasonOfEnd(error: Error): Error {
  const { cause } = error;
  const reason = withReason(cause instanceof Error ? cause : error);
  if ((reason as NodeJS.ErrnoException).code !== "ERR_HTTP2_ERROR") return reason;
  return new Error(`it does not speak HTTP/2: is this its gRPC port? (${reason.message})`, {
    cause: error,
  });
}
