/**
 * Posts to a backend of metrics over one connection that is kept: bounded in time and in what is read of an answer, with
 * TLS as it is told. No redirect is followed, which would carry credentials to another host.
 */
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
} from "node:http";
import { Agent as HttpsAgent, type AgentOptions, request as httpsRequest } from "node:https";

/** How a TLS connection is made; all of it may be left out. PEM texts. */
export type PostTls = Pick<
  AgentOptions,
  "ca" | "cert" | "key" | "minVersion" | "rejectUnauthorized"
>;

export interface PostTarget {
  /** Without user and password. */
  readonly url: URL;
  /** Of each request; those of the single request come on top. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly tls?: PostTls | undefined;
}

export interface PostAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** At most its first 4 KB. */
  readonly text: string;
}

/** What people need of an error page. */
const maxAnswerBytes = 4_096;

export class HttpPost {
  readonly #target: PostTarget;
  readonly #agent: HttpAgent;

  constructor(target: PostTarget) {
    this.#target = target;
    const options = { keepAlive: true, maxSockets: 1 };
    this.#agent =
      target.url.protocol === "https:"
        ? new HttpsAgent({ ...options, ...target.tls })
        : new HttpAgent(options);
  }

  /**
   * One request, and its answer whatever the status. On a connection that the backend has let go of meanwhile it is made
   * once more, on a new one.
   * @throws Error with a reason for people when there is no answer: refused, timed out, a certificate that is not trusted
   */
  async send(
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<PostAnswer> {
    try {
      return await this.#request(body, headers, signal);
    } catch (error) {
      if (!(error instanceof LetGoError)) throw error;
      return this.#request(body, headers, signal);
    }
  }

  #request(
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<PostAnswer> {
    const { url, headers: common, timeoutMs } = this.#target;
    return new Promise((resolve, reject) => {
      const send = url.protocol === "https:" ? httpsRequest : httpRequest;
      const sent = send(url, {
        method: "POST",
        agent: this.#agent,
        headers: { ...common, ...headers, "content-length": String(body.byteLength) },
        signal,
      });
      let overdue: Error | undefined;
      const fail = (error: Error): void => reject(overdue ?? withReason(error, sent));
      const timer = setTimeout(() => {
        overdue = new Error(`no answer within ${timeoutMs / 1_000} s`);
        sent.destroy(overdue);
      }, timeoutMs);
      sent.once("close", () => clearTimeout(timer));
      sent.on("error", fail);
      sent.once("response", (response) => void readAnswer(sent, response).then(resolve, fail));
      sent.end(body);
    });
  }

  /** Lets go of the connection. */
  close(): void {
    this.#agent.destroy();
  }
}

async function readAnswer(sent: ClientRequest, response: IncomingMessage): Promise<PostAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length < maxAnswerBytes) continue;
    // Nobody reads the rest: the connection goes with it.
    sent.destroy();
    break;
  }
  const text = Buffer.concat(chunks).toString("utf8", 0, maxAnswerBytes);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** A connection from before was closed at the other end just when it was used again. */
class LetGoError extends Error {}

function withReason(error: Error, sent: ClientRequest): Error {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (sent.reusedSocket && (code === "ECONNRESET" || code === "EPIPE"))
    return new LetGoError(error.message, { cause: error });
  // Happy eyeballs put the reasons of all addresses into one error without a message.
  if (error.message !== "" || !(error instanceof AggregateError)) return error;
  const reasons = error.errors.map((each) => (each as Error).message);
  return new Error([...new Set(reasons)].join("; "), { cause: error });
}
