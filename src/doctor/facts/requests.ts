/** Ten requests to the target, one after the other on one connection where it is kept. */
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestPlain,
  type RequestOptions,
} from "node:http";
import { Agent as TlsAgent, request as requestTls } from "node:https";
import type { ProbeParts } from "./probe.ts";

export interface AnswerFacts {
  readonly statuses: readonly number[];
  /** From the request to the first byte, of requests on a connection that was open; of the first one when none was. */
  readonly firstByteMs: readonly number[];
  /** Requests after the first that found the connection open. */
  readonly reused: number;
  readonly headers: IncomingHttpHeaders;
  /** What the target's Date header is ahead of this machine's clock; undefined without the header. */
  readonly dateOffsetMs: number | undefined;
  /** Why requests failed. */
  readonly problem: string | undefined;
}

export const requestCount = 10;
const answerLimitMs = 10_000;

interface Answer {
  readonly status: number;
  readonly firstByteMs: number;
  readonly isReused: boolean;
  readonly headers: IncomingHttpHeaders;
  readonly dateOffsetMs: number | undefined;
}

export async function sendRequests(url: string, parts: ProbeParts): Promise<AnswerFacts> {
  const isTls = url.startsWith("https:");
  const { ca } = parts;
  const agent = isTls
    ? new TlsAgent({
        keepAlive: true,
        maxSockets: 1,
        rejectUnauthorized: false, // the certificate has a line of its own
        ...(ca === undefined ? {} : { ca }),
      })
    : new Agent({ keepAlive: true, maxSockets: 1 });
  const answers: Answer[] = [];
  let problem: string | undefined;
  try {
    for (let n = 0; n < requestCount; n++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      answers.push(await ask(url, agent, parts));
    }
  } catch (error) {
    problem = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  } finally {
    agent.destroy();
  }
  return summarize(answers, problem);
}

function summarize(answers: readonly Answer[], problem: string | undefined): AnswerFacts {
  const reused = answers.filter(({ isReused }) => isReused);
  const timed = reused.length > 0 ? reused : answers;
  const last = answers.at(-1);
  return {
    statuses: answers.map(({ status }) => status),
    firstByteMs: timed.map(({ firstByteMs }) => firstByteMs),
    reused: reused.length,
    headers: last?.headers ?? {},
    dateOffsetMs: last?.dateOffsetMs,
    problem,
  };
}

function ask(url: string, agent: Agent, { clock, userAgent }: ProbeParts): Promise<Answer> {
  const options: RequestOptions = { agent, headers: { "user-agent": userAgent } };
  const send = url.startsWith("https:") ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    const startMs = clock.nowMs();
    const request = send(url, options, (response: IncomingMessage) => {
      const firstByteMs = clock.nowMs() - startMs;
      const dateMs = Date.parse(response.headers.date ?? "");
      const { statusCode: status = 0, headers } = response;
      const dateOffsetMs = Number.isNaN(dateMs) ? undefined : dateMs - clock.wallMs();
      const answer = { status, firstByteMs, isReused: request.reusedSocket, headers, dateOffsetMs };
      response.resume();
      response.once("end", () => resolve(answer));
      response.once("error", reject);
    });
    request.setTimeout(answerLimitMs, () =>
      request.destroy(new Error(`no answer within ${answerLimitMs} ms`)),
    );
    request.once("error", reject);
    request.end();
  });
}
