/** Loopback ports, and short questions over HTTP to what listens there. */
import { createServer } from "node:net";
import { LakhError } from "../base/errors.ts";
import type { MonitorErrorCode } from "./errors.ts";

export const loopback = "127.0.0.1";

export interface PortWish {
  /** Whose port it is, as the user is told: "Prometheus". */
  readonly of: string;
  /** The port that people expect. */
  readonly usual: number;
  /** The flag that asks for a port, and which: that one or none. */
  readonly flag: string;
  readonly asked: number | undefined;
}

/** How many ports after the usual one are tried before any free one is taken. */
const neighbours = 20;

/**
 * A free loopback port: the one that is asked for, else the usual one, else the next free one above it.
 * @throws LakhError MONITOR_PORT when the one that is asked for is taken
 */
export async function choosePort(wish: PortWish, taken: readonly number[] = []): Promise<number> {
  const isFree = async (port: number): Promise<boolean> =>
    !taken.includes(port) && (await listenOnce(port)) !== undefined;
  if (wish.asked !== undefined) {
    if (await isFree(wish.asked)) return wish.asked;
    throw new LakhError(
      "MONITOR_PORT" satisfies MonitorErrorCode,
      `port ${wish.asked} of ${loopback}, which ${wish.of} was to get, is taken`,
      { hint: `give ${wish.flag} another one, or leave the flag out: a free one is taken then` },
    );
  }
  for (let port = wish.usual; port <= wish.usual + neighbours; port++)
    if (await isFree(port)) return port;
  return (await listenOnce(0)) ?? wish.usual;
}

/** Listens for a moment; the port, or undefined when it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: loopback, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
}

/** Longest answer that is read; who listens on a port may be anybody. */
const maxReplyBytes = 1_000_000;

/** A port that nobody listens on says so at once; who is slow on a machine under load is not gone. */
const patienceMs = 10_000;

/** GET; undefined when nobody answers in time. */
export async function ask(url: string, question: Question = {}): Promise<Reply | undefined> {
  const { headers = {}, limitMs = patienceMs } = question;
  try {
    const response = await fetch(url, {
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(limitMs),
    });
    return { status: response.status, text: await boundedText(response) };
  } catch {
    return undefined; // refused, reset, too late or too long: no answer either way
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxReplyBytes) throw new Error(`longer than ${maxReplyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What a JSON answer has at `path`; undefined when it is another kind of answer. */
export function fieldOf(reply: Reply | undefined, path: readonly string[]): unknown {
  if (reply === undefined || reply.status !== 200) return undefined;
  try {
    return path.reduce<unknown>(
      (value, name) => (value as Record<string, unknown> | null | undefined)?.[name],
      JSON.parse(reply.text),
    );
  } catch {
    return undefined; // not JSON: not the server that was asked
  }
}
