/** A small HTTP server on a free loopback port for tests of `k6/http`: records what it was sent, answers by path. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface TestServer {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** The largest number of requests that were open at once. */
  readonly maxOpen: () => number;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

const answers: Readonly<Record<string, Answer>> = {
  "/json": (response) => {
    response.setHeader("content-type", "application/json");
    response.end('{"token":"t1","items":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}');
  },
  "/page": (response) =>
    void response.end(
      '<form method="post" action="/text?kept=1"><input name=user value=ann>' +
        '<input type=submit name=go value=Go></form><a href="json">j</a>',
    ),
  "/text": (response) => void response.end("héllo"),
  "/gzip": (response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync("packed"));
  },
  "/bad-gzip": (response) => {
    response.setHeader("content-encoding", "gzip");
    response.end("no gzip");
  },
  "/no-content": (response) => void response.writeHead(204).end(),
  "/missing": (response) => void response.writeHead(404).end("not here"),
  "/broken": (response) => void response.writeHead(503).end(),
  "/headers": (response) => {
    response.setHeader("x-request-id", "r1");
    response.setHeader("x-many", ["a", "b"]);
    response.end();
  },
  "/set-cookie": (response) => {
    response.setHeader("set-cookie", ["sid=s1; Path=/; HttpOnly", "theme=dark; Max-Age=60"]);
    response.end();
  },
  "/login": (response) => {
    response.writeHead(302, { location: "/text", "set-cookie": "sid=s2; Path=/" }).end();
  },
  "/see-other": (response) => void response.writeHead(303, { location: "/text" }).end(),
  "/keep-method": (response) => void response.writeHead(307, { location: "/text" }).end(),
  "/loop": (response) => void response.writeHead(302, { location: "/loop" }).end(),
  "/hang-up": (response) => void response.socket?.destroy(),
  "/never": () => undefined,
};

/** Starts the server. */
export async function startServer(): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  let open = 0;
  let maxOpen = 0;
  const server = createServer((incoming, response) => {
    maxOpen = Math.max(maxOpen, ++open);
    response.once("close", () => open--);
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers, rawHeaders } = incoming;
      const request = { method, path: url, headers, rawHeaders, body: Buffer.concat(chunks) };
      requests.push(request);
      const answer = answers[url.split("?")[0]!] ?? answers["/text"]!;
      // One turn later, so that requests of a batch overlap.
      setImmediate(() => answer(response, request));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    maxOpen: () => maxOpen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
