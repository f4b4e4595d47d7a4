/**
 * The head of an HTTP/1.x response, from its text to what it says: status, fields, how its body ends.
 * Follows RFC 9112 sections 4 to 6 as Go does as a client, and names faults in its words: a bare LF ends a line, a bare
 * CR or a control character is refused, obs-fold is joined with one space. Parsing is a pure function of the text, so equal heads share one result.
 */
import type { HeaderFields } from "./exchange.ts";
import { quoteGo } from "../base/go-quote.ts";

/** How the end of a body is found. `length` holds for "counted" only. */
type BodyFraming = "counted" | "chunked" | "until-close";

/** A parsed head. Shared between responses with the same text: never changed. */
export interface ResponseHead {
  readonly kind: "head";
  /** The text it was parsed from, with the blank line. */
  readonly text: string;
  readonly status: number;
  readonly statusText: string;
  readonly proto: string;
  readonly headers: HeaderFields;
  /** What the fields say; HEAD, 204 and 304 have no body whatever they say. */
  readonly framing: BodyFraming;
  /** Bytes of a counted body; 0 otherwise. */
  readonly contentLength: number;
  /** May the connection serve another request after this response? */
  readonly isPersistent: boolean;
  /** `Keep-Alive: timeout=N` in milliseconds; infinite when not sent. */
  readonly keepAliveMs: number;
}

/** What is wrong with a head. */
type HeadProblem = string;

const maxFields = 4_096;
const statusLine = /^(HTTP\/(\d)\.(\d)) +(\d\d\d)(?: ([^\r\n]*))?$/u;
/** Go lets spaces pass. */
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z -]+$/u;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)/u;

/** What is wrong with a status line (without its line end), if anything. */
export function findStatusLineProblem(line: string): HeadProblem | undefined {
  const text = withoutCr(line);
  const space = text.indexOf(" ");
  if (space === -1) return `malformed HTTP response ${quoteGo(text)}`;
  const proto = text.slice(0, space);
  const code = text.slice(space).trimStart().split(" ")[0]!;
  if (!/^\d\d\d$/u.test(code)) return `malformed HTTP status code ${quoteGo(code)}`;
  return /^HTTP\/\d\.\d$/u.test(proto) ? undefined : `malformed HTTP version ${quoteGo(proto)}`;
}

/** Parses a whole head: status line, fields and the blank line, one character per byte. */
function parseResponseHead(text: string): ResponseHead | HeadProblem {
  const lineEnd = text.indexOf("\n");
  const firstLine = text.slice(0, lineEnd);
  const line = statusLine.exec(withoutCr(firstLine));
  if (line === null) return findStatusLineProblem(firstLine) ?? "malformed HTTP response";
  const headers = parseFields(text, lineEnd + 1);
  if (typeof headers === "string") return headers;
  const version = Number(line[2]) * 10 + Number(line[3]);
  const framing = readFraming(headers, version);
  if (typeof framing === "string") return framing;
  return {
    kind: "head",
    text,
    status: Number(line[4]),
    statusText: line[5] ?? "",
    proto: line[1]!,
    headers: shownFields(headers),
    framing: framing.kind,
    contentLength: framing.contentLength,
    isPersistent: isPersistent(headers, version) && !framing.isDoubtful,
    keepAliveMs: readKeepAliveMs(headers),
  };
}

/** What Go shows of the fields: the framing is its own affair, and a length said twice is one. */
function shownFields(headers: readonly [string, string][]): HeaderFields {
  let hasLength = false;
  return headers.filter(([name]) => {
    const lowerName = name.toLowerCase();
    if (lowerName === "transfer-encoding") return false;
    if (lowerName !== "content-length") return true;
    const isFirst = !hasLength;
    hasLength = true;
    return isFirst;
  });
}

/** Field lines up to the blank line: of a head, or a trailer section. */
function parseFields(text: string, from: number): [string, string][] | HeadProblem {
  const fields: [string, string][] = [];
  let start = from;
  for (;;) {
    const lineEnd = text.indexOf("\n", start);
    const line = withoutCr(text.slice(start, lineEnd));
    if (line === "") return fields;
    start = lineEnd + 1;
    const first = line.charCodeAt(0);
    if (first === 0x20 || first === 0x09) {
      const previous = fields.at(-1);
      if (previous === undefined) return `malformed MIME header initial line: ${quoteGo(line)}`;
      previous[1] = `${previous[1]} ${trimBlanks(line)}`.trimStart();
      continue;
    }
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (colon === -1) return `malformed MIME header: missing colon: ${quoteGo(line)}`;
    if (!fieldName.test(name) || forbidden.test(line))
      return `malformed MIME header line: ${quoteGo(line)}`;
    if (fields.length === maxFields) return "too many header fields";
    fields.push([name, trimBlanks(line.slice(colon + 1))]);
  }
}

/** What is wrong with a trailer section, if anything; its fields are not used (RFC 9110 section 6.5). */
export function findTrailerProblem(text: string): HeadProblem | undefined {
  const fields = parseFields(text, 0);
  return typeof fields === "string" ? fields : undefined;
}

/** All values of a field, case-insensitive, in wire order. */
export function fieldValues(headers: HeaderFields, lowerName: string): string[] {
  const values: string[] = [];
  for (const [name, value] of headers) {
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) values.push(value);
  }
  return values;
}

interface Framing {
  readonly kind: BodyFraming;
  readonly contentLength: number;
  /** Length and chunked at once: readable, but nobody can say what a third party made of it. */
  readonly isDoubtful: boolean;
}

/** RFC 9112 section 6.3 for a response, without the rules that depend on the request or status. */
function readFraming(headers: HeaderFields, version: number): Framing | HeadProblem {
  const codings = version > 10 ? fieldValues(headers, "transfer-encoding") : [];
  const lengths = fieldValues(headers, "content-length");
  if (codings.length > 0) {
    if (codings.length > 1) return `too many transfer encodings: ${quoteList(codings)}`;
    if (codings[0]!.toLowerCase() !== "chunked")
      return `unsupported transfer encoding: ${quoteGo(codings[0]!)}`;
    return { kind: "chunked", contentLength: 0, isDoubtful: lengths.length > 0 };
  }
  const [length] = lengths;
  if (length === undefined) return { kind: "until-close", contentLength: 0, isDoubtful: false };
  if (!lengths.every((other) => other === length))
    return `http: message cannot contain multiple Content-Length headers; got ${quoteList(lengths)}`;
  if (length === "") return 'invalid empty Content-Length ""';
  const contentLength = Number(length);
  if (!/^\d+$/u.test(length) || !Number.isSafeInteger(contentLength))
    return `bad Content-Length ${quoteGo(length)}`;
  return { kind: "counted", contentLength, isDoubtful: false };
}

function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quoteGo).join(" ")}]`;
}

function isPersistent(headers: HeaderFields, version: number): boolean {
  const tokens = fieldValues(headers, "connection").join(",").toLowerCase().split(",");
  const has = (token: string) => tokens.some((candidate) => candidate.trim() === token);
  if (has("close")) return false;
  if (version > 10) return true;
  // HTTP/1.0 has no chunked coding; a response that mixes them ends with its connection.
  return has("keep-alive") && fieldValues(headers, "transfer-encoding").length === 0;
}

function readKeepAliveMs(headers: HeaderFields): number {
  const seconds = /(?:^|[,\s])timeout=(\d+)/iu.exec(
    fieldValues(headers, "keep-alive").join(","),
  )?.[1];
  return seconds === undefined ? Infinity : Number(seconds) * 1_000;
}

function withoutCr(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** Optional whitespace of HTTP is space and tab only; `trim` would also take non-breaking spaces. */
function trimBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

const memoSlots = 32;

/** Longer heads are parsed each time: the memo's memory is bounded by slots times this. */
export const memoTextLimit = 2_048;

interface KnownHead {
  readonly bytes: Uint8Array;
  readonly head: ResponseHead;
}

/**
 * The last heads by their bytes. Servers repeat themselves: within one second (the `Date` field) most heads of one
 * endpoint are the same, and a repeated head then costs one comparison: no string, no parse, no garbage.
 */
export class HeadMemo {
  readonly #slots: KnownHead[] = [];
  #next = 0;

  /** The head that `piece[at…end)` begins with, if it is a known one. */
  find(piece: Uint8Array, at: number, end: number): ResponseHead | undefined {
    // The newest first: those of earlier seconds, which come no more, were 11 % of a request when looked at before them.
    const slots = this.#slots;
    for (let age = 1; age <= slots.length; age++) {
      const { bytes, head } = slots[(this.#next - age + memoSlots) % memoSlots]!;
      if (end - at >= bytes.length && startsWith(piece, at, bytes)) return head;
    }
    return undefined;
  }

  parse(text: string): ResponseHead | HeadProblem {
    const parsed = parseResponseHead(text);
    if (typeof parsed === "string" || text.length > memoTextLimit) return parsed;
    this.#slots[this.#next] = { bytes: Buffer.from(text, "latin1"), head: parsed };
    this.#next = (this.#next + 1) % memoSlots;
    return parsed;
  }
}

/** From the end: heads of a server begin alike, and most that differ do so in their last field or in length. */
function startsWith(piece: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = bytes.length - 1; index >= 0; index--) {
    if (piece[at + index] !== bytes[index]) return false;
  }
  return true;
}
