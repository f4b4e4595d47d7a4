/**
 * The opening handshake of RFC 6455 as plain data: the head of the request, as Go would write it, and what is wrong
 * with a response.
 */
import { createHash, randomBytes } from "node:crypto";
import type { SocketParams } from "./params.ts";
import type { SocketUrl } from "./socket-url.ts";

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** What k6 offers, and all that it accepts. */
const deflateOffer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/** Header fields that belong to the handshake; a script that gives one is refused. */
const ownFields: readonly string[] = [
  "Upgrade",
  "Connection",
  "Sec-Websocket-Key",
  "Sec-Websocket-Version",
  "Sec-Websocket-Extensions",
];

/** The spelling on the wire of what Go's canonical form spells otherwise. */
const wireNames: ReadonlyMap<string, string> = new Map([
  ["Sec-Websocket-Key", "Sec-WebSocket-Key"],
  ["Sec-Websocket-Version", "Sec-WebSocket-Version"],
  ["Sec-Websocket-Extensions", "Sec-WebSocket-Extensions"],
  ["Sec-Websocket-Protocol", "Sec-WebSocket-Protocol"],
]);

/** A request to open a WebSocket. */
export interface Handshake {
  readonly url: SocketUrl;
  readonly params: SocketParams;
  /** Undefined when the script gave none. */
  readonly protocols: readonly string[] | undefined;
}

/** The URL that cookies and proxies know. */
export function httpUrlOf(url: SocketUrl): string {
  return url.text.replace(/^ws/iu, "http");
}

/** A fresh Sec-WebSocket-Key. */
export function createKey(): string {
  return randomBytes(16).toString("base64");
}

/** The name of a header that the script may not give; undefined when all is well. */
export function findDuplicate({ params, protocols }: Handshake): string | undefined {
  const name = ownFields.find((each) => params.headers.has(each));
  if (name !== undefined) return name;
  const isTwice = protocols !== undefined && params.headers.has("Sec-Websocket-Protocol");
  return isTwice ? "Sec-Websocket-Protocol" : undefined;
}

/** Header fields in Go's order, name and value in turn: Host, User-Agent, then by name. */
export function buildHead(handshake: Handshake, key: string): string[] {
  const { url, params, protocols } = handshake;
  const fields = new Map(params.headers);
  const host = fields.get("Host") ?? url.host;
  const userAgent = fields.get("User-Agent") ?? "";
  fields.delete("Host");
  fields.delete("User-Agent");
  fields.set("Upgrade", "websocket").set("Connection", "Upgrade");
  fields.set("Sec-Websocket-Key", key).set("Sec-Websocket-Version", "13");
  if (protocols !== undefined) fields.set("Sec-Websocket-Protocol", protocols.join(", "));
  if (params.wantsDeflate) fields.set("Sec-Websocket-Extensions", deflateOffer);
  const cookies = fields.has("Cookie") ? undefined : params.jar.headerFor(httpUrlOf(url));
  if (cookies !== undefined) fields.set("Cookie", cookies);
  const head = ["Host", host];
  if (userAgent !== "") head.push("User-Agent", userAgent);
  for (const name of [...fields.keys()].sort()) {
    head.push(wireNames.get(name) ?? name, fields.get(name)!);
  }
  return head;
}

/** True when a response with status 101 really opens a WebSocket. */
export function isAccepted(headers: NodeJS.Dict<string | string[]>, key: string): boolean {
  const accept = createHash("sha1")
    .update(key + guid)
    .digest("base64");
  return (
    hasToken(headers["upgrade"], "websocket") &&
    hasToken(headers["connection"], "upgrade") &&
    headers["sec-websocket-accept"] === accept
  );
}

function hasToken(value: string | string[] | undefined, token: string): boolean {
  return String(value ?? "")
    .split(",")
    .some((each) => each.trim().toLowerCase() === token);
}

/** Whether the server compresses; "invalid" when it wants to in a way that was not offered. */
export function readDeflate(extensions: string | undefined): boolean | "invalid" {
  const accepted = (extensions ?? "")
    .split(",")
    .find((each) => each.trim().startsWith("permessage-deflate"));
  if (accepted === undefined) return false;
  const asOffered =
    accepted.includes("server_no_context_takeover") &&
    accepted.includes("client_no_context_takeover");
  return asOffered ? true : "invalid";
}
