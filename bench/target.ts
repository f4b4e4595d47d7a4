/**
 * The target of the generator bench: answers the guide's journey from prepared bytes, in well under a millisecond and
 * with as little CPU as a socket allows, so that the generator is what is measured. It checks nothing and is no example
 * of a server; `reference-api/` is the real one. `GET /__count` tells how many other requests were answered.
 *
 *     node dist/bench/target.js --port 0        prints {"event":"listening","url":…,"pid":…}
 */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

/** A listening target. */
export interface StaticTarget {
  readonly url: string;
  /** Requests answered so far, those for the count left out. */
  requestCount(): number;
  close(): Promise<void>;
}

const maxHeadBytes = 16_384;
const endOfHead = "\r\n\r\n";

const responses: ReadonlyMap<string, string> = new Map([
  [
    "POST /api/v1/auth/guest/init",
    json(200, { guest: { id: "bench" }, tokens: { accessToken: "bench-token" } }),
  ],
  ["GET /api/v1/content/mobile/home", json(200, { rails: seriesRails() })],
  ["GET /api/v1/search", json(200, { query: "drama", count: 1, results: [series(1)] })],
  ["GET /api/v1/engagement/series/saved", json(200, { count: 1, series: [series(1)] })],
]);
const notFound = json(404, { error: { code: "NOT_FOUND" } });
const refused = json(400, { error: { code: "BAD_REQUEST" } }, "connection: close\r\n");

/** Starts the target on `host`:`port`; port 0 takes a free one. */
export async function startStaticTarget(options: {
  host: string;
  port: number;
}): Promise<StaticTarget> {
  const sockets = new Set<Socket>();
  const state = { count: 0 };
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
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers every complete request of what has arrived with one write, and keeps the rest for the next read. */
function serve(socket: Socket, state: { count: number }): void {
  let pending = "";
  socket.setEncoding("latin1"); // one character a byte, so that lengths count bytes
  socket.on("error", () => socket.destroy()); // a client that went away; nothing is owed to it
  socket.on("data", (chunk: string) => {
    pending = pending === "" ? chunk : pending + chunk;
    let answer = "";
    let at = 0;
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
    if (answer !== "") socket.write(answer, "latin1");
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

function respond(line: string, state: { count: number }): string {
  if (line === "GET /__count") return json(200, { count: state.count });
  state.count++;
  return responses.get(line) ?? notFound;
}

function json(status: number, body: object, headers: string = ""): string {
  const text = JSON.stringify(body);
  return `HTTP/1.1 ${status} -\r\ncontent-type: application/json\r\n${headers}content-length: ${text.length}\r\n\r\n${text}`;
}

function series(id: number): object {
  return {
    id,
    title: `Series ${id}`,
    genres: ["drama"],
    rating: 4.5,
    episodes: 40,
    poster: `/posters/${id}.jpg`,
  };
}

/** A home feed of about 3 KB. */
function seriesRails(): object[] {
  return ["Trending", "New", "Drama"].map((title, rail) => ({
    title,
    series: Array.from({ length: 10 }, (_, index) => series(rail * 10 + index)),
  }));
}

function listen(server: Server, options: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...options, backlog: 8_192 }, () => resolve());
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "0" },
    },
  });
  const target = await startStaticTarget({ host: values.host, port: Number(values.port) });
  process.stdout.write(
    `${JSON.stringify({ event: "listening", url: target.url, pid: process.pid })}\n`,
  );
  const stop = (): void => void target.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
