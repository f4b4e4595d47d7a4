/**
 * The body of a request as a script gives it, and what goes over the wire: raw, form-urlencoded, or multipart;
 * then compressed if asked. Keys are sorted, as Go's encoders do. Rules: reference k6-behaviour 4.2.
 */
import { randomBytes } from "node:crypto";
import * as zlib from "node:zlib";
import type { Clock } from "../../base/clock.ts";
import { asBytes } from "../bytes.ts";
import { featureMissing, GoError } from "../errors.ts";
import { escapeFormText } from "../form-text.ts";
import { goText } from "../go-text.ts";
import { goTypeOf } from "../go-types.ts";
import { HostObject, listMembers } from "../host-object.ts";
import { textOf } from "../text.ts";

/** A body ready to send. */
export interface EncodedBody {
  readonly content: string | Uint8Array | undefined;
  /** The Content-Type it implies; the script's own header wins. */
  readonly contentType?: string | undefined;
}

/** What `http.file(…)` makes: a part of a multipart body. */
export class FileData extends HostObject {
  data: unknown;
  filename: string;
  content_type: string;

  constructor(data: unknown, filename: string, contentType: string) {
    super();
    this.data = data;
    this.filename = filename;
    this.content_type = contentType;
  }
}

listMembers(FileData.prototype);

/** `http.file`: without a name, the file is called by the wall clock in nanoseconds, as in k6. */
export function createFile(clock: Clock, data: unknown, naming: readonly unknown[]): FileData {
  if (typeof data !== "string" && !(data instanceof ArrayBuffer)) {
    throw new GoError(`invalid type ${goTypeOf(data)}, expected string or ArrayBuffer`);
  }
  // What is there counts, whatever it is.
  const [filename, contentType] = naming.map((text) => textOf(text ?? ""));
  return new FileData(
    data,
    filename ?? `${BigInt(Math.round(clock.wallMs() * 1_000)) * 1_000n}`,
    contentType ?? "application/octet-stream",
  );
}

const noBody: EncodedBody = { content: undefined };

/** Encodes the body of a request. @throws GoError for a value that is no body */
export function encodeBody(body: unknown): EncodedBody {
  if (body === undefined || body === null) return noBody;
  if (typeof body === "string") return { content: body };
  const bytes = bytesOf(body);
  if (bytes !== undefined) return { content: bytes };
  if (typeof body !== "object" || Array.isArray(body) || isUnsendable(body)) {
    throw new GoError(`unknown request body type ${goTypeOf(body)}`);
  }
  const fields = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.some(([, value]) => value instanceof FileData)
    ? encodeMultipart(fields)
    : encodeForm(fields);
}

/** Buffers, and views of bytes; views of larger numbers are none to k6. */
function bytesOf(body: unknown): Uint8Array | undefined {
  const isBytes =
    body instanceof ArrayBuffer || body instanceof Uint8Array || body instanceof Uint8ClampedArray;
  return isBytes ? asBytes(body) : undefined;
}

function isUnsendable(body: object): boolean {
  return (
    body instanceof Date ||
    body instanceof Map ||
    body instanceof Set ||
    (ArrayBuffer.isView(body) && !(body instanceof DataView))
  );
}

type Fields = readonly (readonly [string, unknown])[];

function encodeForm(fields: Fields): EncodedBody {
  const pairs: string[] = [];
  for (const [key, value] of fields) {
    for (const item of Array.isArray(value) ? value : [value]) {
      pairs.push(`${escapeFormText(key)}=${escapeFormText(goText(item))}`);
    }
  }
  return { content: pairs.join("&"), contentType: "application/x-www-form-urlencoded" };
}

function encodeMultipart(fields: Fields): EncodedBody {
  const boundary = randomBytes(30).toString("hex");
  const parts: Uint8Array[] = [];
  for (const [key, value] of fields) {
    const head = `--${boundary}\r\n${partHead(key, value)}\r\n\r\n`;
    parts.push(Buffer.from(head, "utf8"), partBytes(value), Buffer.from("\r\n"));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    content: Buffer.concat(parts),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

function partHead(key: string, value: unknown): string {
  const disposition = `Content-Disposition: form-data; name="${escapeQuotes(key)}"`;
  if (!(value instanceof FileData)) return disposition;
  return `${disposition}; filename="${escapeQuotes(value.filename)}"\r\nContent-Type: ${value.content_type}`;
}

function partBytes(value: unknown): Uint8Array {
  if (value instanceof FileData) return asBytes(value.data) ?? Buffer.alloc(0);
  return Buffer.from(goText(value), "utf8");
}

function escapeQuotes(text: string): string {
  return text.replace(/[\\"]/gu, "\\$&").replace(/\r/gu, "%0D").replace(/\n/gu, "%0A");
}

type Compressor = (bytes: Uint8Array) => Uint8Array;

const compressors: ReadonlyMap<string, Compressor> = new Map<string, Compressor>([
  ["gzip", (bytes) => zlib.gzipSync(bytes)],
  ["deflate", (bytes) => zlib.deflateSync(bytes)],
  ["br", (bytes) => zlib.brotliCompressSync(bytes)],
  ["zstd", compressZstd],
]);

/** The codings of `compression` ("gzip, br"). @throws GoError for one that k6 does not know */
export function readCodings(compression: string): string[] {
  const names = compression.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !compressors.has(name));
  if (unknown !== undefined) {
    throw new GoError(
      `unknown compression algorithm ${unknown}, supported algorithms are [gzip deflate zstd br]`,
    );
  }
  return names;
}

/** A body after these codings, and the Content-Encoding that says so. */
export function compressBody(
  content: string | Uint8Array,
  codings: readonly string[],
): { content: Uint8Array; contentEncoding: string } {
  let bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  for (const name of codings) bytes = compressors.get(name)!(bytes);
  return { content: bytes, contentEncoding: codings.join(", ") };
}

function compressZstd(bytes: Uint8Array): Uint8Array {
  // Node 22.15 and later; unknown to the types of the oldest Node we support.
  const { zstdCompressSync } = zlib as { zstdCompressSync?: Compressor };
  if (zstdCompressSync === undefined)
    throw featureMissing("zstd compression on this version of Node (22.15 has it)");
  return zstdCompressSync(bytes);
}
