/** Bodies in every content encoding, both ways, and broken ones. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from "node:zlib";
import type { Routes } from "./route.ts";

const text = "packed text, packed text, packed text";

/** One zstd frame (RFC 8878) with one raw block: node 20 has no zstd of its own. For fewer than 256 bytes. */
function zstdFrame(content: Uint8Array): Buffer {
  const blockHeader = (content.length << 3) | 1;
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0x20, content.length];
  const block = [blockHeader & 0xff, (blockHeader >> 8) & 0xff, blockHeader >> 16];
  return Buffer.concat([Buffer.from([...header, ...block]), content]);
}

const packers: Readonly<Record<string, (content: Uint8Array) => Uint8Array>> = {
  gzip: (content) => gzipSync(content),
  deflate: (content) => deflateSync(content),
  br: (content) => brotliCompressSync(content),
  zstd: (content) => zstdFrame(content),
};

const unpackers: Readonly<Record<string, (content: Uint8Array) => Uint8Array>> = {
  gzip: (content) => gunzipSync(content),
  deflate: (content) => inflateSync(content),
  br: (content) => brotliDecompressSync(content),
};

function applied(coders: typeof packers, names: readonly string[], content: Buffer): Buffer {
  let result = content;
  for (const name of names) result = Buffer.from(coders[name]!(result));
  return result;
}

export const bodyRoutes: Routes = {
  /** `/compressed/gzip`, `/compressed/gzip,deflate` (applied from the left). */
  compressed: ({ rest }, response) => {
    const encodings = rest[0]!.split(",");
    const body = applied(packers, encodings, Buffer.from(text));
    response.setHeader("content-encoding", encodings.join(", "));
    response.send(200, body);
  },
  /** A content encoding that the body does not have. */
  mislabelled: ({ rest }, response) => {
    response.setHeader("content-encoding", rest[0]!);
    response.send(200, "this is not compressed");
  },
  /** Tells the encodings of the request's body and its text after they are undone, from the right. */
  unpack: ({ headers, body }, response) => {
    const encodings = (headers["content-encoding"] ?? "").split(/,\s*/u).filter(Boolean);
    const known = encodings.every((name) => name in unpackers);
    const content = known
      ? applied(unpackers, encodings.toReversed(), body).toString("utf8")
      : "not for node 20";
    response.json({ encodings, content });
  },
};
