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
  /** At most its first 4 KB, as bytes and as text. */
  readonly body: Uint8Array;
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
   * One request, and its answer whatever the status.
   * @throws Error with a reason for people when there is no answer: refused, timed out, a certificate that is not trusted
   */
  send(
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
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
      const timer = setTimeout(
        () => sent.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`)),
        timeoutMs,
      );
      sent.once("close", () => clearTimeout(timer));
      sent.once("error", (error) => reject(withReason(error)));
      sent.once("response", (response) => void readAnswer(sent, response).then(resolve, reject));
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
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length < maxAnswerBytes) continue;
      // Nobody reads the rest: the connection goes with it.
      sent.destroy();
      break;
    }
  } catch (error) {
    throw withReason(error as Error);
  }
  const body = Buffer.concat(chunks).subarray(0, maxAnswerBytes);
  const { statusCode: status = 0, headers } = response;
  return { status, headers, body, text: body.toString("utf8") };
}

/** Happy eyeballs put the reasons of all addresses into one error without a message. */
export function withReason(error: Error): Error {
  if (error.message !== "" || !(error instanceof AggregateError)) return error;
  const reasons = error.errors.map((each) => (each as Error).message);
  return new Error([...new Set(reasons)].join("; "), { cause: error });
}
