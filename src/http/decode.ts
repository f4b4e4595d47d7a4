/**
 * Undoes Content-Encoding: gzip, deflate (zlib), br, and zstd where Node has it. A list is undone from its end. The
 * output is bounded, so that a small response cannot fill the memory. What a damaged body becomes, and in which words,
 * was observed of k6 2.2: 1701 when its beginning is wrong, 1000 with what could be read when its end is missing.
 */
import * as zlib from "node:zlib";
import type { ZlibOptions } from "node:zlib";
import type { Exchange, HttpFailure } from "./exchange.ts";
import { failures, undecodable, undecodableInside } from "./errors.ts";
import { failResponse } from "./pending-exchange.ts";
import { fieldValues } from "./response-head.ts";

type Decoder = (bytes: Uint8Array, options: ZlibOptions) => Uint8Array;

interface Coding {
  readonly decode: Decoder;
  /** Why a body is refused before it is read. */
  readonly refuse: (bytes: Uint8Array) => HttpFailure | undefined;
}

const defaultMaxOutputBytes = 268_435_456;
const noBytes = new Uint8Array(0);

/** Names in lower case only: k6 takes another spelling for an encoding it does not know. */
const codings: ReadonlyMap<string, Coding> = new Map<string, Coding>([
  ["gzip", { decode: (bytes, options) => zlib.gunzipSync(bytes, options), refuse: refuseGzip }],
  ["deflate", { decode: (bytes, options) => zlib.inflateSync(bytes, options), refuse: refuseZlib }],
  [
    "br",
    {
      decode: (bytes, { maxOutputLength }) => zlib.brotliDecompressSync(bytes, { maxOutputLength }),
      refuse: () => undefined,
    },
  ],
  ["zstd", { decode: decodeZstd, refuse: refuseZstd }],
]);

/**
 * The body without its content encodings; empty when there is no body. An encoding nobody knows leaves the bytes as
 * they are. When decoding fails, the exchange becomes a failed one, as in k6: status 0, no headers, and a body only of
 * what could be read.
 *
 * @param maxOutputBytes largest result of each step; more is a failed decoding
 */
export function decodeBody(
  exchange: Exchange,
  maxOutputBytes: number = defaultMaxOutputBytes,
): Uint8Array {
  const { body } = exchange;
  if (body === undefined) return noBytes;
  const encodings = fieldValues(exchange.headers, "content-encoding");
  if (encodings.length === 0 || exchange.failure !== undefined) return body;
  let bytes = body;
  for (const name of encodings.join(",").split(",").reverse()) {
    const encoding = name.trim();
    const coding = codings.get(encoding);
    if (coding === undefined) continue;
    const refusal = coding.refuse(bytes);
    if (refusal !== undefined) return fail(exchange, refusal, undefined);
    try {
      bytes = coding.decode(bytes, { maxOutputLength: maxOutputBytes });
    } catch (error) {
      const failure = failureOf(encoding, error as NodeJS.ErrnoException);
      const isCut = failure === failures.unexpectedEof;
      const rest = isCut ? readable(encoding, bytes, maxOutputBytes) : noBytes;
      return fail(exchange, failure, rest);
    }
  }
  return bytes;
}

function fail(exchange: Exchange, failure: HttpFailure, body: Uint8Array | undefined): Uint8Array {
  failResponse(exchange, failure);
  exchange.failedInBody = true;
  exchange.body = body;
  return body ?? noBytes;
}

/** What is before the cut. */
function readable(encoding: string, bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  if (encoding !== "gzip" && encoding !== "deflate") return noBytes;
  const options = { maxOutputLength, finishFlush: zlib.constants.Z_SYNC_FLUSH };
  return codings.get(encoding)!.decode(bytes, options);
}

function failureOf(encoding: string, { code = "", message }: NodeJS.ErrnoException): HttpFailure {
  if (code === "Z_BUF_ERROR" || /unexpected end of file/u.test(message))
    return failures.unexpectedEof;
  if (code === "ERR_BUFFER_TOO_LARGE") return undecodable("output exceeds the size limit");
  if (encoding === "br") return undecodable(`brotli: ${code.replace(/^ERR__ERROR_FORMAT_/u, "")}`);
  if (encoding === "zstd") return undecodableInside("zstd: corrupt input");
  if (message.includes("data check")) {
    return undecodableInside(`${encoding === "gzip" ? "gzip" : "zlib"}: invalid checksum`);
  }
  return undecodableInside("flate: corrupt input");
}

function refuseGzip(bytes: Uint8Array): HttpFailure | undefined {
  if (bytes.length === 0) return undecodable("EOF");
  if (bytes.length < 10) return undecodable("unexpected EOF");
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8
    ? undefined
    : undecodableInside("gzip: invalid header");
}

function refuseZlib(bytes: Uint8Array): HttpFailure | undefined {
  if (bytes.length < 2) return undecodable("unexpected EOF");
  const isZlib = (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0;
  return isZlib ? undefined : undecodableInside("zlib: invalid header");
}

function refuseZstd(bytes: Uint8Array): HttpFailure | undefined {
  const isFrame =
    bytes.length === 0 || Buffer.from(bytes.subarray(0, 4)).toString("hex") === "28b52ffd";
  return isFrame ? undefined : undecodableInside("invalid input: magic number mismatch");
}

function decodeZstd(bytes: Uint8Array, options: ZlibOptions): Uint8Array {
  if (bytes.length === 0) return bytes;
  // Node 22.15 and later; unknown to the types of the oldest Node we support.
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Decoder };
  if (zstdDecompressSync === undefined) throw new Error("this Node has no zstd");
  return zstdDecompressSync(bytes, options);
}
