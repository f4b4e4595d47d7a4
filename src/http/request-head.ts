/**
 * The bytes of a request before its body, as one latin1 string.
 * Everything after the request target is the same for all requests of one (origin, header set), so it is built once
 * and found again by the identity of the header array: reuse the array and a head costs one concatenation.
 */
import type { HeaderFields, HttpFailure } from "./exchange.ts";
import { unsendable } from "./errors.ts";
import type { Origin } from "./origin.ts";

/** The constant part of a head. */
export interface HeadTemplate {
  readonly kind: "template";
  readonly headers: HeaderFields;
  readonly origin: Origin;
  /** From " HTTP/1.1" to the last constant field, each line ended. */
  readonly text: string;
  /** True when the request says `Connection: close`. */
  readonly closes: boolean;
  /** True when the request carries an idempotency key, which makes any method repeatable. */
  readonly hasIdempotencyKey: boolean;
}

/** More templates than a script has places that send; small enough to search in a line. */
const templateSlots = 16;

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

/** Framing belongs to the client: these are never taken from the caller. */
const ownFields: ReadonlySet<string> = new Set([
  "content-length",
  "transfer-encoding",
  "trailer",
  "host",
]);

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

/** True for a method that HTTP allows: a token, in any case. */
export function isMethod(method: string): boolean {
  return plainMethods.has(method) || token.test(method);
}

/**
 * The line `Content-Length: n`, or nothing. As in Go, an empty body is announced only for methods that usually have one.
 */
export function contentLengthLine(method: string, bodyBytes: number): string {
  if (bodyBytes > 0) return `Content-Length: ${bodyBytes}\r\n`;
  const isUpload = method === "POST" || method === "PUT" || method === "PATCH";
  return isUpload ? "Content-Length: 0\r\n" : "";
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
    if (!token.test(name)) return unsendable("invalid header field name", name);
    const value = wireValue(rawValue);
    if (value === undefined) return unsendable("invalid header field value for", name);
    const lowerName = name.toLowerCase();
    if (lowerName === "host") host = value;
    if (ownFields.has(lowerName)) continue;
    if (lowerName === "connection" && /(?:^|,)\s*close\s*(?:,|$)/iu.test(value)) {
      closes = true;
      if (closeAlways) continue;
    }
    if (lowerName === "idempotency-key" || lowerName === "x-idempotency-key")
      hasIdempotencyKey = true;
    lines += `${name}: ${value}\r\n`;
  }
  const closeLine = closeAlways ? "Connection: close\r\n" : "";
  const text = ` HTTP/1.1\r\nHost: ${host}\r\n${lines}${closeLine}`;
  return { kind: "template", headers, origin, text, closes, hasIdempotencyKey };
}

/** A value as latin1 characters, one per byte of its UTF-8 form (what Go sends); undefined when it cannot be a value. */
function wireValue(value: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/u.test(value)) return undefined;
  const trimmed = value.trim();
  return /^[ -~\t]*$/u.test(trimmed) ? trimmed : Buffer.from(trimmed, "utf8").toString("latin1");
}
