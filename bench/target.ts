/**
 * The bench's target where nginx is missing, or where answers must take a known time: answers from prepared bytes, with
 * as little CPU as a socket in Node allows. It checks nothing and is no example of a server; `reference-api/` is the
 * real one. With `--delay-ms` every answer is held back so long, and what that truly took is measured here, from the
 * read that brought the request to the write of its answer: the truth that reported percentiles are compared with.
 *
 *     node dist/bench/target.js [--port 0] [--delay-ms 20]     prints {"event":"listening","url":…,"pid":…}
 *     GET /__count   {"count":…}       requests answered, those for the two counters left out
 *     GET /__truth   {"count":…,"p50Ms":…,"p95Ms":…,"p99Ms":…}     since the start
 */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { answers } from "./answers.ts";

/** A listening target. */
export interface StaticTarget {
  readonly url: string;
  /** Requests answered so far, those for the counters left out. */
  requestCount(): number;
  close(): Promise<void>;
}

/** How long answers truly took, in bins of 10 µs up to 10 s; longer ones are in the last bin. */
class Durations {
  readonly #bins = new Uint32Array(1_000_001);
  #count = 0;

  add(durationMs: number): void {
    const bin = Math.min(Math.floor(durationMs * 100), this.#bins.length - 1);
    this.#bins[bin] = this.#bins[bin]! + 1;
    this.#count++;
  }

  toJson(): object {
    const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((share) => this.#percentile(share));
    return { count: this.#count, p50Ms, p95Ms, p99Ms };
  }

  /** The middle of the bin that holds the duration of this rank. */
  #percentile(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.#count));
    const bin = this.#bins.findIndex((count) => (left -= count) <= 0);
    return (bin + 0.5) / 100;
  }
}

/** Answers that wait: all wait equally long, so the first in is the first out and one timer is enough. */
class Delay {
  readonly #delayMs: number;
  readonly #durations: Durations;
  #waiting: { socket: Socket; answer: string; requests: number; sinceMs: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number, durations: Durations) {
    this.#delayMs = delayMs;
    this.#durations = durations;
  }

  /** Sends the answer to so many requests after the delay; at once when there is none. */
  send(socket: Socket, answer: string, requests: number): void {
    const sinceMs = performance.now();
    if (this.#delayMs === 0) {
      socket.write(answer, "latin1");
      return;
    }
    this.#waiting.push({ socket, answer, requests, sinceMs });
    this.#timer ??= setTimeout(this.#sendDue, this.#delayMs);
  }

  readonly #sendDue = (): void => {
    let sent = 0;
    for (const { socket, answer, requests, sinceMs } of this.#waiting) {
      const elapsedMs = performance.now() - sinceMs;
      if (elapsedMs < this.#delayMs) break;
      socket.write(answer, "latin1");
      for (let k = 0; k < requests; k++) this.#durations.add(elapsedMs);
      sent++;
    }
    this.#waiting.splice(0, sent);
    const next = this.#waiting[0];
    this.#timer =
      next === undefined
        ? undefined
        : setTimeout(this.#sendDue, next.sinceMs + this.#delayMs - performance.now());
  };

  stop(): void {
    clearTimeout(this.#timer);
  }
}

interface State {
  count: number;
  readonly durations: Durations;
  readonly delay: Delay;
}

const maxHeadBytes = 16_384;
const endOfHead = "\r\n\r\n";
const responses: ReadonlyMap<string, string> = new Map(
  [...answers].map(([line, body]) => [line, response(200, body)]),
);
const notFound = response(404, JSON.stringify({ error: { code: "NOT_FOUND" } }));
const refused = response(
  400,
  JSON.stringify({ error: { code: "BAD_REQUEST" } }),
  "connection: close\r\n",
);

/** Starts the target on `host`:`port`; port 0 takes a free one. */
export async function startStaticTarget(options: {
  host: string;
  port: number;
  delayMs?: number;
}): Promise<StaticTarget> {
  const sockets = new Set<Socket>();
  const durations = new Durations();
  const delay = new Delay(options.delayMs ?? 0, durations);
  const state: State = { count: 0, durations, delay };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, state);
  });
  await listen(server, options);
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    requestCount: () => state.count,
    close: () =>
      new Promise((resolve) => {
        delay.stop();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers every complete request of what has arrived with one write, and keeps the rest for the next read. */
function serve(socket: Socket, state: State): void {
  let pending = "";
  socket.setEncoding("latin1"); // one character a byte, so that lengths count bytes
  socket.on("error", () => socket.destroy()); // a client that went away; nothing is owed to it
  socket.on("data", (chunk: string) => {
    pending = pending === "" ? chunk : pending + chunk;
    let answer = "";
    let at = 0;
    const before = state.count;
    for (;;) {
      const request = readRequest(pending, at);
      if (request === "incomplete") break;
      if (request === "malformed") {
        socket.end(answer + refused, "latin1");
        return;
      }
      answer += respond(request.line, state);
      at = request.end;
    }
    pending = at === pending.length ? "" : pending.slice(at);
    if (answer === "") return;
    if (state.count === before)
      socket.write(answer, "latin1"); // a counter was asked for
    else state.delay.send(socket, answer, state.count - before);
  });
}

/** The request that starts at `at`: its "METHOD path" without the query, and where the next one starts. */
function readRequest(
  text: string,
  at: number,
): { line: string; end: number } | "incomplete" | "malformed" {
  const headEnd = text.indexOf(endOfHead, at);
  if (headEnd === -1) return text.length - at > maxHeadBytes ? "malformed" : "incomplete";
  const bodyBytes = readBodyBytes(text, at, headEnd);
  const shape = /[A-Z]+ [^ ?\r]+/uy;
  shape.lastIndex = at;
  const line = shape.exec(text)?.[0];
  if (bodyBytes === undefined || line === undefined) return "malformed";
  const end = headEnd + endOfHead.length + bodyBytes;
  return end > text.length ? "incomplete" : { line, end };
}

/** Length of the body; undefined when it is stated in a way that this target does not read. */
function readBodyBytes(text: string, at: number, headEnd: number): number | undefined {
  if (text.startsWith("GET ", at)) return 0;
  const head = text.slice(at, headEnd).toLowerCase();
  if (head.includes("\r\ntransfer-encoding:")) return undefined;
  const stated = /\r\ncontent-length:[ \t]*(\d+)/u.exec(head);
  return stated === null ? 0 : Number(stated[1]);
}

function respond(line: string, state: State): string {
  if (line === "GET /__count") return response(200, JSON.stringify({ count: state.count }));
  if (line === "GET /__truth") return response(200, JSON.stringify(state.durations.toJson()));
  state.count++;
  return responses.get(line) ?? notFound;
}

function response(status: number, body: string, headers: string = ""): string {
  return `HTTP/1.1 ${status} -\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

function listen(server: Server, options: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port, backlog: 8_192 }, () => resolve());
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "0" },
      "delay-ms": { type: "string", default: "0" },
    },
  });
  const target = await startStaticTarget({
    host: values.host,
    port: Number(values.port),
    delayMs: Number(values["delay-ms"]),
  });
  process.stdout.write(
    `${JSON.stringify({ event: "listening", url: target.url, pid: process.pid })}\n`,
  );
  const stop = (): void => void target.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
