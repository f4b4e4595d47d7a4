/**
 * The dashboard on a socket of loopback: the page, its events, and what the page may ask of the run. It keeps no process
 * alive, and what it cannot do it says to its client, never to the run.
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readPageAsset } from "../base/assets.ts";
import type { ControlAnswer } from "../page/index.ts";
import { clientLimit, type Clients } from "./clients.ts";
import { documentText, securityHeaders } from "./document.ts";
import { denialOf, hasToken } from "./guard.ts";

export interface ServerParts {
  readonly port: number;
  readonly clients: Clients;
  /** Does what a control request asks. */
  readonly obey: (
    body: string,
  ) => Promise<{ readonly status: number; readonly answer: ControlAnswer }>;
}

export interface DashboardServer {
  readonly port: number;
  close(): Promise<void>;
}

/** After the one that was asked for. */
const otherPorts = 20;
const closeGraceMs = 1_000;
const bodyLimitBytes = 4_096;

/**
 * Listens on 127.0.0.1: on the port, else on one of the next, else on any.
 * @throws what listening fails with for another reason than a port that is taken
 */
export async function startDashboardServer(parts: ServerParts): Promise<DashboardServer> {
  const token = randomBytes(24).toString("base64url");
  const state = { port: parts.port };
  const server = createServer((request, response) => {
    serve(request, response, { ...parts, token, port: state.port }).catch(() => response.destroy());
  });
  // Events last as long as the run; a head that does not end is nobody's.
  server.requestTimeout = 0;
  server.headersTimeout = 10_000;
  server.on("connection", (socket) => socket.unref());
  server.unref();
  state.port = await listen(server, candidates(parts.port));
  // What comes of a socket later is the client's trouble.
  server.on("error", () => undefined);
  return {
    port: state.port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await parts.clients.close(closeGraceMs);
      server.closeAllConnections();
      await closed;
    },
  };
}

function candidates(port: number): number[] {
  if (port === 0) return [0];
  const next = Array.from({ length: otherPorts + 1 }, (_, index) => port + index);
  return [...next.filter((each) => each <= 65_535), 0];
}

async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    try {
      return await listenOn(server, port);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    }
  }
  throw new Error("no port is free");
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

type Served = ServerParts & { readonly token: string };

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  served: Served,
): Promise<void> {
  const denial = denialOf(request.headers, served.port);
  if (denial !== undefined) {
    answerText(response, denial.status, denial.text);
    return;
  }
  const { method = "GET", url = "/" } = request;
  const route = `${method === "HEAD" ? "GET" : method} ${url.split("?", 1)[0]}`;
  switch (route) {
    case "GET /":
      answer(response, 200, { type: "text/html; charset=utf-8", text: documentText(served.token) });
      return;
    case "GET /live.js":
      answer(response, 200, {
        type: "text/javascript; charset=utf-8",
        text: readPageAsset("live.js"),
      });
      return;
    case "GET /page.css":
      answer(response, 200, { type: "text/css; charset=utf-8", text: readPageAsset("page.css") });
      return;
    case "GET /events":
      openEvents(response, served.clients, method);
      return;
    case "POST /control":
      await control(request, response, served);
      return;
    default:
      answerText(response, 404, "there is nothing here");
  }
}

function openEvents(response: ServerResponse, clients: Clients, method: string): void {
  if (clients.size >= clientLimit) {
    answerText(response, 503, `${clientLimit} pages are open already: close one`);
    return;
  }
  response.writeHead(200, { ...securityHeaders, "Content-Type": "text/event-stream" });
  if (method === "HEAD") response.end();
  else clients.add(response);
}

async function control(
  request: IncomingMessage,
  response: ServerResponse,
  { obey, token }: Served,
): Promise<void> {
  if (!hasToken(request.headers, token)) {
    request.resume();
    answerJson(response, 403, { ok: false, error: "the token is missing or of another run" });
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    answerJson(response, 413, { ok: false, error: `a body of more than ${bodyLimitBytes} bytes` });
    return;
  }
  const { status, answer: told } = await obey(body);
  answerJson(response, status, told);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > bodyLimitBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answerJson(response: ServerResponse, status: number, value: ControlAnswer): void {
  answer(response, status, { type: "application/json", text: JSON.stringify(value) });
}

function answerText(response: ServerResponse, status: number, text: string): void {
  answer(response, status, { type: "text/plain; charset=utf-8", text: `${text}\n` });
}

function answer(
  response: ServerResponse,
  status: number,
  { type, text }: { readonly type: string; readonly text: string },
): void {
  const bytes = Buffer.from(text, "utf8");
  response.writeHead(status, {
    ...securityHeaders,
    "Content-Type": type,
    "Content-Length": bytes.length,
  });
  response.end(bytes);
}
