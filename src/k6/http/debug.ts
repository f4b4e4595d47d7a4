/**
 * k6's `httpDebug`: each exchange as two log lines, the request and the response, heads only or with bodies ("full").
 * Written as Go dumps them, observed of k6 2.2: fields sorted by name, and an Accept-Encoding that was not on the wire.
 */
import { randomUUID } from "node:crypto";
import type { Exchange, HeaderFields, HttpRequest } from "../../http/index.ts";
import { requestTargetOf } from "../../http/index.ts";
import type { VuContext } from "../context.ts";
import { canonicalHeaderName } from "./headers.ts";

/** Logs one exchange; without a response only its request. Before its body is decoded. */
export function logExchange(vu: VuContext, exchange: Exchange, isFull: boolean): void {
  const { request } = exchange;
  if (request === undefined) return;
  const fields = {
    group: vu.tags.get("group") ?? "",
    iter: String(vu.execution.vuIterationInInstance),
    request_id: randomUUID(),
    scenario: vu.execution.scenarioName,
    source: "http-debug",
    vu: String(vu.execution.vuIdInTest),
  };
  vu.logger.log("info", `Request:\n${dumpRequest(request, isFull)}\n`, fields);
  const response = dumpResponse(exchange, isFull);
  if (response !== undefined) vu.logger.log("info", `Response:\n${response}\n`, fields);
}

function dumpRequest(request: HttpRequest, isFull: boolean): string {
  const { method, url, headers } = request;
  const body = bytesOf(request.body);
  const fields = sorted(headers, ["Host", "User-Agent", "Content-Length"]);
  const asksForEncoding = fields.some(([name]) => name === "Accept-Encoding" || name === "Range");
  const { target, host } = requestTargetOf(url);
  const lines = [
    `${method === "" ? "GET" : method} ${target} HTTP/1.1`,
    `Host: ${valueOf(headers, "Host") ?? host}`,
    ...present("User-Agent", valueOf(headers, "User-Agent")),
    ...(body.length > 0 || method === "POST" || method === "PUT" || method === "PATCH"
      ? [`Content-Length: ${body.length}`]
      : []),
    ...fields.map(([name, value]) => `${name}: ${value}`),
    ...(asksForEncoding || method === "HEAD" ? [] : ["Accept-Encoding: gzip"]),
  ];
  return `${lines.join("\n")}\n\n${isFull ? textOf(body) : ""}`;
}

function dumpResponse(exchange: Exchange, isFull: boolean): string | undefined {
  const { status, statusText, proto, headers } = exchange;
  if (status === 0) return undefined;
  const length = valueOf(headers, "Content-Length");
  const framing = present("Content-Length", length);
  const closing = present("Connection", valueOf(headers, "Connection"));
  const fields = sorted(headers, ["Content-Length", "Connection"]).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const isEmpty = length === "0";
  const isUncounted = length === undefined && exchange.body !== undefined && closing.length === 0;
  const lines = [
    `${proto} ${status} ${statusText}`,
    ...closing,
    ...(isUncounted ? uncountedFraming(proto) : []),
    ...(isEmpty ? [] : framing),
    ...fields,
    ...(isEmpty ? framing : []),
  ];
  return `${lines.join("\n")}\n\n${isFull ? textOf(bytesOf(exchange.body)) : ""}`;
}

/** How Go's dump says that the length is not known: of HTTP/2 as if it were HTTP/1.1 without chunks. */
function uncountedFraming(proto: string): string[] {
  if (proto === "HTTP/1.1") return ["Transfer-Encoding: chunked"];
  return proto === "HTTP/2.0" ? ["Connection: close"] : [];
}

/** Canonical names, sorted, without those that stand elsewhere. */
function sorted(headers: HeaderFields, without: readonly string[]): [string, string][] {
  return headers
    .map(([name, value]): [string, string] => [canonicalHeaderName(name), value])
    .filter(([name]) => !without.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function valueOf(headers: HeaderFields, wanted: string): string | undefined {
  return headers.find(([name]) => canonicalHeaderName(name) === wanted)?.[1];
}

function present(name: string, value: string | undefined): string[] {
  return value === undefined || value === "" ? [] : [`${name}: ${value}`];
}

function bytesOf(body: string | Uint8Array | undefined): Uint8Array {
  return typeof body === "string" ? Buffer.from(body, "utf8") : (body ?? new Uint8Array(0));
}

/** Line ends as k6 shows them. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("utf8")
    .replaceAll("\r\n", "\n");
}
