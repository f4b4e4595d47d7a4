/**
 * Undoes Content-Encoding: gzip, deflate (zlib), br, and zstd where Node has it.
 * A list is undone from its end. The output is bounded, so that a small response cannot fill the memory.
 */
import * as zlib from "node:zlib";
import type { ZlibOptions } from "node:zlib";
import type { Exchange, HttpFailure } from "./exchange.ts";
import { failures, undecodable } from "./errors.ts";
import { fieldValues } from "./response-head.ts";

type Decoder = (bytes: Uint8Array, options: ZlibOptions) => Uint8Array;

const defaultMaxOutputBytes = 268_435_456;
const noBytes = new Uint8Array(0);

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", (bytes, options) => zlib.gunzipSync(bytes, options)],
  ["deflate", (bytes, options) => zlib.inflateSync(bytes, options)],
  ["br", (bytes, { maxOutputLength }) => zlib.brotliDecompressSync(bytes, { maxOutputLength })],
  ["zstd", decodeZstd],
]);

/**
 * The body without its content encodings; empty when there is no body. An encoding nobody knows is passed over, as in
 * k6, and so are all Content-Encoding fields but the first. When decoding fails the exchange becomes a failed one, with
 * status 0: 1701, or 1000 when the data ends too early, which leaves what came before.
 *
 * @param maxOutputBytes largest result of each step; more is a failed decoding
 */
export function decodeBody(
  exchange: Exchange,
  maxOutputBytes: number = defaultMaxOutputBytes,
): Uint8Array {
  let bytes = exchange.body ?? noBytes;
  const [encodings] = fieldValues(exchange.headers, "content-encoding");
  if (encodings === undefined || hasNoBody(exchange)) return bytes;
  for (const name of encodings.split(",").reverse()) {
    const encoding = name.trim();
    const decoder = decoders.get(encoding);
    if (decoder === undefined) continue;
    if (bytes.length === 0) {
      fail(exchange, undecodable("EOF"));
      return noBytes;
    }
    try {
      bytes = decoder(bytes, { maxOutputLength: maxOutputBytes });
    } catch (error) {
      return giveUp(exchange, { bytes, encoding, error: error as NodeJS.ErrnoException });
    }
  }
  return bytes;
}

function hasNoBody({ status, failure }: Exchange): boolean {
  const isInterim = status >= 100 && status < 200;
  return failure !== undefined || isInterim || status === 204 || status === 304;
}

interface Trouble {
  readonly bytes: Uint8Array;
  readonly encoding: string;
  readonly error: NodeJS.ErrnoException;
}

/** Marks the exchange as failed; what could be decoded. */
function giveUp(exchange: Exchange, { bytes, encoding, error }: Trouble): Uint8Array {
  if (error.code === "Z_BUF_ERROR") {
    fail(exchange, failures.unexpectedEof);
    return decodeStart(bytes, encoding);
  }
  const brotli = /ERROR_FORMAT_(\w+)$/u.exec(error.code ?? "")?.[1];
  if (brotli !== undefined) fail(exchange, undecodable(`brotli: ${brotli}`));
  else if (error.message === "incorrect header check") {
    // Go's reader fails as it is made, and k6 says so twice.
    const kind = encoding === "gzip" ? "gzip" : "zlib";
    fail(exchange, undecodable(undecodable(`${kind}: invalid header`).message));
  } else fail(exchange, undecodable(error.message));
  return noBytes;
}

/** What a truncated body begins with. */
function decodeStart(bytes: Uint8Array, encoding: string): Uint8Array {
  const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
  try {
    if (encoding === "gzip") return zlib.gunzipSync(bytes, options);
    if (encoding === "deflate") return zlib.inflateSync(bytes, options);
  } catch {
    return noBytes; // too short for anything
  }
  return noBytes;
}

function fail(exchange: Exchange, failure: HttpFailure): void {
  exchange.failure = failure;
  exchange.status = 0;
  exchange.statusText = exchange.proto = "";
  exchange.headers = [];
}

function decodeZstd(bytes: Uint8Array, options: ZlibOptions): Uint8Array {
  // Node 22.15 and later; unknown to the types of the oldest Node we support.
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Decoder };
  if (zstdDecompressSync === undefined) throw new Error("this version of Node has no zstd");
  return zstdDecompressSync(bytes, options);
}
