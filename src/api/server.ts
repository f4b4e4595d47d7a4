/**
 * The REST API of a run on a socket. It is off unless an address is given, lives in the main thread, away from the
 * workers that make load, and answers each request from the run's state at that moment.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Answer } from "./answers.ts";
import type { RunControl } from "./control.ts";
import type { ApiErrorCode } from "./errors.ts";
import { answer } from "./routes.ts";

export interface ApiServer {
  /** "127.0.0.1:6565": the real port when 0 was asked for. */
  readonly address: string;
  close(): Promise<void>;
}

/** Setup data is the largest body; k6 has no limit, a slip of the pen should not fill the memory. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Listens on `address` (`host:port`; `:port` is every interface).
 * @throws LakhError API_ADDRESS, exit code 106
 */
export async function startApiServer(
  address: string,
  parts: { control: RunControl; logger: Logger },
): Promise<ApiServer> {
  const { host, port } = parseAddress(address);
  const server = createServer((request, response) => void serve(request, response, parts));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(notListening(address, cause)));
    server.listen(port, host, resolve);
  });
  server.removeAllListeners("error");
  server.on("error", (error) =>
    parts.logger.log("error", "Error from API server", { error: error.message }),
  );
  const bound = server.address();
  const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
  return {
    address: `${host ?? ""}:${boundPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parseAddress(address: string): { host: string | undefined; port: number } {
  const match = /^(?:\[(?<six>[^\]]*)\]|(?<name>[^:]*)):(?<port>\d{1,5})$/u.exec(address)?.groups;
  const port = Number(match?.["port"]);
  if (match === undefined || port > 65_535)
    throw notListening(address, new Error(`address ${address}: missing port in address`));
  const host = match["six"] ?? match["name"] ?? "";
  return { host: host === "" ? undefined : host, port };
}

function notListening(address: string, cause: NodeJS.ErrnoException): LakhError {
  const reason = cause.code === "EADDRINUSE" ? "address already in use" : cause.message;
  return new LakhError(
    "API_ADDRESS" satisfies ApiErrorCode,
    `the REST API cannot listen on ${address}: ${reason}`,
    {
      hint: "give --address a free host:port, for example localhost:6565",
      exitCode: exitCodes.cannotStartApi,
      cause,
    },
  );
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  parts: { control: RunControl; logger: Logger },
): Promise<void> {
  const { method = "GET", url = "/" } = request;
  try {
    const body = await readBody(request);
    send(response, await answer({ method, path: url.split("?", 1)[0]!, body }, parts));
  } catch (error) {
    parts.logger.log("error", "Error from API server", { error: (error as Error).message });
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > maxBodyBytes) throw new Error(`a body of more than ${maxBodyBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status, contentType, body, headers }: Answer): void {
  const bytes = Buffer.from(body, "utf8");
  response.writeHead(status, {
    ...headers,
    ...(contentType === undefined ? {} : { "Content-Type": contentType }),
    "Content-Length": bytes.length,
  });
  response.end(bytes);
}
