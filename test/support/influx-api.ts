/**
 * The write API of InfluxDB 1 and 2, as strict as the documented one: what it does not know it refuses. Version 1.6 itself
 * is tested with the real server; this one is for version 2, which no registry of packages has, and for answers that a
 * real server does not give on demand.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { parseLines, type Point, pointKey } from "./line-protocol.ts";

export interface InfluxApi {
  readonly url: string;
  /** `POST path?query` of every request. */
  readonly requests: readonly string[];
  /** What is kept: of points with one key, the last. */
  points(): Point[];
  /** Sum of the field `value` of a measurement. */
  sum(measurement: string): number;
}

/** Version 2 when there is a token. */
export interface InfluxApiParts {
  readonly token?: string;
  readonly organization?: string;
  readonly bucket?: string;
  /** Answers instead of the API, unless it returns false. */
  readonly instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export async function startInfluxApi(
  t: { after(close: () => Promise<void> | void): unknown },
  parts: InfluxApiParts = {},
): Promise<InfluxApi> {
  const requests: string[] = [];
  const kept = new Map<string, Point>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (parts.instead?.(request, response) === true) return;
    void readBody(request).then((body) => {
      const { status, body: answer } = answerTo(request, { body, parts, kept });
      response.writeHead(status, { "content-type": "application/json" });
      response.end(answer === undefined ? undefined : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    points: () => [...kept.values()],
    sum: (measurement) =>
      [...kept.values()]
        .filter((point) => point.measurement === measurement)
        .reduce((sum, { fields }) => sum + Number(fields["value"]), 0),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
}

interface Received {
  readonly body: string;
  readonly parts: InfluxApiParts;
  readonly kept: Map<string, Point>;
}

function answerTo(request: IncomingMessage, received: Received): Answer {
  const { pathname, searchParams } = new URL(request.url!, "http://host");
  if (request.method !== "POST") return { status: 405 };
  if (received.parts.token !== undefined) return answerOfTwo(request, pathname, received);
  if (pathname === "/query") {
    const query = new URLSearchParams(received.body).get("q") ?? "";
    if (!/^CREATE DATABASE "(?:[^"\\]|\\.)+"$/u.test(query)) return { status: 400 };
    return { status: 200, body: { results: [{ statement_id: 0 }] } };
  }
  if (pathname !== "/write" || !searchParams.has("db")) return { status: 404 };
  return keep(received);
}

function answerOfTwo(
  { headers, url }: IncomingMessage,
  pathname: string,
  received: Received,
): Answer {
  const { token, organization, bucket } = received.parts;
  if (headers.authorization !== `Token ${token}`)
    return { status: 401, body: { code: "unauthorized", message: "unauthorized access" } };
  const query = new URL(url!, "http://host").searchParams;
  if (pathname !== "/api/v2/write" || query.get("org") !== organization)
    return { status: 404, body: { code: "not found", message: "organization name not found" } };
  if (query.get("bucket") !== bucket)
    return {
      status: 404,
      body: { code: "not found", message: `bucket "${query.get("bucket")}" not found` },
    };
  if (!["ns", "us", "ms", "s"].includes(query.get("precision") ?? ""))
    return { status: 400, body: { code: "invalid", message: "invalid precision" } };
  if (headers["content-type"]?.startsWith("text/plain") !== true) return { status: 415 };
  return keep(received);
}

function keep({ body, kept }: Received): Answer {
  try {
    for (const point of parseLines(body)) kept.set(pointKey(point), point);
    return { status: 204 };
  } catch (error) {
    return { status: 400, body: { code: "invalid", message: (error as Error).message } };
  }
}
