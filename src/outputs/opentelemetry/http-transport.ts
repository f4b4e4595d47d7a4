/**
 * OTLP over HTTP: one POST a request, protobuf in and out. Which answers are worth another try is the protocol's:
 * 429, 502, 503 and 504, and no answer at all; every other status means that the same request would fail again.
 */
import { oneLine, retryAfterMs } from "../answers.ts";
import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import type { Reception } from "../delivery.ts";
import { HttpPost, type PostAnswer } from "../http-post.ts";
import { readExportResponse, readStatus } from "./answers.ts";
import type { ExportRequest } from "./requests.ts";
import { credentialsHint, type Transport, type TransportOptions, withAdvice } from "./transport.ts";

const gzip = promisify(gzipCallback);

const protobuf = "application/x-protobuf";
const worthAnotherTry: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export class HttpTransport implements Transport {
  readonly #post: HttpPost;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
    const { url, headers, timeoutMs, tls } = options;
    this.#post = new HttpPost({ url, headers, timeoutMs, tls });
  }

  async send({ body }: ExportRequest, signal: AbortSignal): Promise<Reception> {
    const { isCompressed, version, url } = this.#options;
    const headers = {
      "content-type": protobuf,
      "user-agent": `lakh/${version}`,
      ...(isCompressed ? { "content-encoding": "gzip" } : {}),
    };
    const sent = isCompressed ? await gzip(body) : body;
    try {
      return toReception(await this.#post.send(sent, headers, signal), url);
    } catch (error) {
      throw withAdvice(error as Error, url);
    }
  }

  close(): void {
    this.#post.close();
  }
}

function toReception(answer: PostAnswer, url: URL): Reception {
  const { status } = answer;
  if (status >= 200 && status < 300) return receptionOfSuccess(answer);
  const reason = `it answers ${status}${textOf(answer)}`;
  if (worthAnotherTry.has(status))
    return { kind: "later", reason, retryAfterMs: retryAfterMs(answer) };
  if (status === 401 || status === 403) return { kind: "closed", reason, hint: credentialsHint };
  if (status === 404 || status === 405)
    return { kind: "refused", reason: `${reason}: is ${url.pathname} the path of its metrics?` };
  if (status >= 300 && status < 400) {
    const { location = "another address" } = answer.headers;
    return { kind: "refused", reason: `${reason}: it sends to ${location}, so use that address` };
  }
  return { kind: "refused", reason };
}

/** Anything can answer 200: only a receiver of OTLP answers with its message, or with nothing. */
function receptionOfSuccess(answer: PostAnswer): Reception {
  const { status, body } = answer;
  const type = contentType(answer);
  if (body.byteLength === 0 || type === "application/json") return { kind: "taken" };
  const read = type === protobuf ? readExportResponse(body) : undefined;
  if (read !== undefined) return read;
  const said = `it answers ${status} with ${type === "" ? "something" : type}`;
  return { kind: "refused", reason: `${said}, as no OTLP receiver does: is the address right?` };
}

function textOf(answer: PostAnswer): string {
  const text =
    contentType(answer) === protobuf
      ? (readStatus(answer.body)?.message ?? "")
      : oneLine(answer.text);
  return text === "" ? "" : ` (${text})`;
}

function contentType({ headers }: PostAnswer): string {
  return (headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
}
