/**
 * The bytes of a request before its body, as one latin1 string.
 * Everything after the request target is the same for all requests of one (origin, header set), so it is built once
 * and found again by the identity of the header array: reuse the array and a head costs one concatenation.
 */
import type { HeaderFields, HttpFailure } from "./exchange.ts";
import { invalidHeader } from "./errors.ts";
import type { Origin } from "./origin.ts";

/** The constant part of a head. */
export interface HeadTemplate {
  readonly kind: "template";
  readonly headers: HeaderFields;
  readonly origin: Origin;
  /** What the request calls its host: the origin's, or the caller's Host. */
  readonly host: string;
  /** The same head for HTTP/2, made when first needed. */
  block: BlockTemplate | HttpFailure | undefined;
  /** From " HTTP/1.1" to the last constant field, each line ended. */
  readonly text: string;
  /** True when the request says `Connection: close`. */
  readonly closes: boolean;
  /** True when the request carries an idempotency key, which makes any method repeatable. */
  readonly hasIdempotencyKey: boolean;
}

/** The constant parts of a head as an HTTP/2 header block, around method and target. */
export interface BlockTemplate {
  readonly before: string;
  readonly after: string;
}

/** More templates than a script has places that send; small enough to search in a line. */
const templateSlots = 16;

/** What Go does not find in here is not sent as Host at all. */
const hostValue = /^[\w.~!$&'()*+,;=:[\]%-]*$/u;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
const plainMethods: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
]);

/** Most values, those that need no further look: visible ASCII, no blank at either end. */
const plainValue = /^(?:[!-~](?:[ -~]*[!-~])?)?$/u;

type FieldKind =
  | "invalid"
  | "plain"
  /** Framing belongs to the client: never taken from the caller. */
  | "own"
  | "host"
  | "user-agent"
  | "connection"
  | "idempotency";

const specialFields: Readonly<Record<string, FieldKind>> = {
  "content-length": "own",
  "transfer-encoding": "own",
  trailer: "own",
  host: "host",
  "user-agent": "user-agent",
  connection: "connection",
  "idempotency-key": "idempotency",
  "x-idempotency-key": "idempotency",
};

/** Kinds by name, because scripts use the same names with ever new values. */
const kinds = new Map<string, FieldKind>();
const maxKinds = 1_000;

function kindOf(name: string): FieldKind {
  let kind = kinds.get(name);
  if (kind !== undefined) return kind;
  const lowerName = name.toLowerCase();
  if (!token.test(name)) kind = "invalid";
  else kind = Object.hasOwn(specialFields, lowerName) ? specialFields[lowerName]! : "plain";
  if (kinds.size >= maxKinds) kinds.clear();
  kinds.set(name, kind);
  return kind;
}

/** The last few templates, replaced in turn. */
export class HeadTemplates {
  readonly #closeAlways: boolean;
  readonly #slots: HeadTemplate[] = [];
  #next = 0;

  /** @param closeAlways adds `Connection: close` to every request (k6: noConnectionReuse). */
  constructor(closeAlways: boolean) {
    this.#closeAlways = closeAlways;
  }

  /** The template for a header set at an origin, or why the header set cannot be sent. */
  find(origin: Origin, headers: HeaderFields): HeadTemplate | HttpFailure {
    for (const slot of this.#slots) {
      if (slot.headers === headers && slot.origin === origin) return slot;
    }
    const template = buildTemplate(origin, headers, this.#closeAlways);
    if (isTemplate(template)) {
      this.#slots[this.#next] = template;
      this.#next = (this.#next + 1) % templateSlots;
    }
    return template;
  }
}

/** Tells a template from the failure that stands in its place. */
export function isTemplate(value: HeadTemplate | HttpFailure): value is HeadTemplate {
  return "kind" in value;
}

/** True for a method that HTTP allows: a token, in any case. Empty is GET, as in Go. */
export function isMethod(method: string): boolean {
  return method === "GET" || plainMethods.has(method) || method === "" || token.test(method);
}

/** The whole head, one latin1 character a byte. */
export function requestHead({ method, target, template, bodyBytes }: HeadParts): string {
  const length = announcesLength(method, bodyBytes) ? `Content-Length: ${bodyBytes}\r\n` : "";
  return `${method} ${template.origin.targetPrefix}${target}${template.text}${length}\r\n`;
}

interface HeadParts {
  readonly method: string;
  readonly target: string;
  readonly template: HeadTemplate;
  readonly bodyBytes: number;
}

/** True when the head says how long the body is. As in Go, of an empty one only for methods that usually have one. */
export function announcesLength(method: string, bodyBytes: number): boolean {
  return bodyBytes > 0 || method === "POST" || method === "PUT" || method === "PATCH";
}

function buildTemplate(
  origin: Origin,
  headers: HeaderFields,
  closeAlways: boolean,
): HeadTemplate | HttpFailure {
  let host = origin.hostHeader;
  let lines = "";
  let closes = closeAlways;
  let hasIdempotencyKey = false;
  for (const [name, rawValue] of headers) {
    const kind = kindOf(name);
    if (kind === "invalid") return invalidHeader(name, "name");
    const value = wireValue(rawValue);
    if (value === undefined) return invalidHeader(name, "value");
    if (kind === "host") host = toHost(value) ?? host;
    if (kind === "user-agent" && value === "") continue; // Go: none at all
    if (kind === "own" || kind === "host") continue;
    if (kind === "connection" && /(?:^|,)\s*close\s*(?:,|$)/iu.test(value)) {
      closes = true;
      if (closeAlways) continue;
    }
    if (kind === "idempotency") hasIdempotencyKey = true;
    lines += `${name}: ${value}\r\n`;
  }
  const closeLine = closeAlways ? "Connection: close\r\n" : "";
  const text = ` HTTP/1.1\r\nHost: ${host}\r\n${lines}${closeLine}${proxyLine(origin)}`;
  return {
    kind: "template",
    headers,
    origin,
    host,
    block: undefined,
    text,
    closes,
    hasIdempotencyKey,
  };
}

function proxyLine({ isTls, proxy }: Origin): string {
  const authorization = isTls ? undefined : proxy?.authorization;
  return authorization === undefined ? "" : `Proxy-Authorization: ${authorization}\r\n`;
}

/** Undefined where the script gave an empty one; empty for what Go does not take for a host. */
function toHost(value: string): string | undefined {
  if (value === "") return undefined;
  return hostValue.test(value) ? value : "";
}

/** A value as it is sent; undefined when it cannot be one. Go trims those of HTTP/1.1. */
function wireValue(value: string): string | undefined {
  if (plainValue.test(value)) return value;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/u.test(value)) return undefined;
  return toWire(value.trim());
}

/** Text as latin1 characters, one per byte of its UTF-8 form, which is what Go sends. */
export function toWire(text: string): string {
  return /^[ -~\t]*$/u.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}
