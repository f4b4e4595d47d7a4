/**
 * Undoes Content-Encoding: gzip, deflate (zlib, or raw as some servers send), br, and zstd where Node has it.
 * A list is undone from its end. The output is bounded, so that a small response cannot fill the memory.
 */
import * as zlib from "node:zlib";
import type { ZlibOptions } from "node:zlib";
import type { Exchange } from "./exchange.ts";
import { failures } from "./errors.ts";
import { fieldValues } from "./response-head.ts";

type Decoder = (bytes: Uint8Array, options: ZlibOptions) => Uint8Array;

const defaultMaxOutputBytes = 268_435_456;
const noBytes = new Uint8Array(0);

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", (bytes, options) => zlib.gunzipSync(bytes, options)],
  ["deflate", inflate],
  ["br", (bytes, { maxOutputLength }) => zlib.brotliDecompressSync(bytes, { maxOutputLength })],
  ["zstd", decodeZstd],
]);

/**
 * The body without its content encodings; empty when there is no body. An encoding nobody knows leaves the bytes as
 * they are, as in k6. When decoding fails, `exchange.failure` becomes 1701 and the result is empty.
 *
 * @param maxOutputBytes largest result of each step; more is a failed decoding
 */
export function decodeBody(
  exchange: Exchange,
  maxOutputBytes: number = defaultMaxOutputBytes,
): Uint8Array {
  let bytes = exchange.body ?? noBytes;
  if (bytes.length === 0) return bytes;
  const encodings = fieldValues(exchange.headers, "content-encoding");
  if (encodings.length === 0) return bytes;
  const names = encodings.join(",").toLowerCase().split(",");
  for (const name of names.reverse()) {
    const encoding = name.trim();
    if (encoding === "" || encoding === "identity") continue;
    const decoder = decoders.get(encoding);
    if (decoder === undefined) return bytes;
    try {
      bytes = decoder(bytes, { maxOutputLength: maxOutputBytes });
    } catch {
      exchange.failure = failures.decompression; // damaged, too large, or zstd before Node 22: all one code
      return noBytes;
    }
  }
  return bytes;
}

/** RFC 9110 means the zlib format; the low nibble of its first byte is 8, which a raw stream practically never has. */
function inflate(bytes: Uint8Array, options: ZlibOptions): Uint8Array {
  const isZlib = (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | (bytes[1] ?? 0)) % 31 === 0;
  return isZlib ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options);
}

function decodeZstd(bytes: Uint8Array, options: ZlibOptions): Uint8Array {
  // Node 22.15 and later; unknown to the types of the oldest Node we support.
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Decoder };
  if (zstdDecompressSync === undefined) throw new Error("this Node has no zstd");
  return zstdDecompressSync(bytes, options);
}
