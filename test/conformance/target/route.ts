/** What every area of the target works with: one request read whole, one response, routes by the first part of the path. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

export interface TargetRequest {
  readonly method: string;
  /** The path as sent, with its query. */
  readonly url: string;
  /** Parts of the path after the first: `/status/404` has `["404"]`. */
  readonly rest: readonly string[];
  readonly query: URLSearchParams;
  /** Lower-case names; of HTTP/2's pseudo headers only those of HTTP/1.1's request line are known, and none are here. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly protocol: "HTTP/1.1" | "HTTP/2.0";
  readonly secure: boolean;
}

/** The part that HTTP/1.1's and HTTP/2's responses have in common. */
export interface TargetResponse {
  setHeader(name: string, value: string | readonly string[]): void;
  /** Sends status, headers and body. */
  send(status: number, body?: string | Buffer): void;
  /** Sends JSON. */
  json(value: unknown, status?: number): void;
  /** Sends status and headers, then part by part. */
  stream(status: number, parts: readonly string[]): void;
  /** Ends the connection (HTTP/2: the stream) without an answer. */
  drop(): void;
}

export type Handler = (request: TargetRequest, response: TargetResponse) => void;

/** First part of the path -> what answers. */
export type Routes = Readonly<Record<string, Handler>>;

type NodeRequest = IncomingMessage | Http2ServerRequest;
type NodeResponse = ServerResponse | Http2ServerResponse;

/** A listener for node's servers that reads the request and asks the routes; unknown paths are 404. */
export function listener(
  routes: Routes,
  secure: boolean,
): (incoming: NodeRequest, outgoing: NodeResponse) => void {
  return (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("error", () => undefined); // clients under test hang up in the middle
    outgoing.on("error", () => undefined);
    incoming.on("end", () => {
      const request = toRequest(incoming, Buffer.concat(chunks), secure);
      const name = new URL(request.url, "http://target").pathname.split("/")[1] ?? "";
      const response = toResponse(incoming, outgoing);
      const handler = routes[name];
      if (handler === undefined) response.send(404, `no route ${name}`);
      else handler(request, response);
    });
  };
}

function toRequest(incoming: NodeRequest, body: Buffer, secure: boolean): TargetRequest {
  const url = incoming.url ?? "/";
  const { pathname, searchParams } = new URL(url, "http://target");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (!name.startsWith(":"))
      headers[name] = Array.isArray(value) ? value.join(", ") : (value ?? "");
  }
  return {
    method: incoming.method ?? "",
    url,
    rest: pathname.split("/").slice(2).map(decodeURIComponent),
    query: searchParams,
    headers,
    body,
    protocol: incoming.httpVersionMajor === 2 ? "HTTP/2.0" : "HTTP/1.1",
    secure,
  };
}

function toResponse(incoming: NodeRequest, outgoing: NodeResponse): TargetResponse {
  outgoing.sendDate = false; // an answer is the same each time
  const send = (status: number, body?: string | Buffer): void => {
    outgoing.statusCode = status;
    outgoing.end(body ?? "");
  };
  return {
    setHeader: (name, value) =>
      void outgoing.setHeader(name, typeof value === "string" ? value : [...value]),
    send,
    json: (value, status = 200) => {
      outgoing.setHeader("content-type", "application/json");
      send(status, JSON.stringify(value));
    },
    stream: (status, parts) => {
      outgoing.statusCode = status;
      for (const part of parts) (outgoing as ServerResponse).write(part);
      outgoing.end();
    },
    drop: () => {
      if ("stream" in incoming) incoming.stream.close(8);
      else incoming.socket.destroy();
    },
  };
}
