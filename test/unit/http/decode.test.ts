/** Content-Encoding: every coding, lists, damage and bombs. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as zlib from "node:zlib";
import { decodeBody } from "../../../src/http/index.ts";
import type { Exchange } from "../../../src/http/index.ts";
import { createExchange } from "../../../src/http/pending-exchange.ts";

const plain = Buffer.from("the quick brown fox ".repeat(50));

function encoded(body: Uint8Array | undefined, ...encodings: string[]): Exchange {
  const exchange = createExchange("GET", "http://a.test/");
  exchange.body = body;
  exchange.headers = encodings.map((value) => ["content-encoding", value] as const);
  return exchange;
}

const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer };

describe("decodeBody", () => {
  for (const [title, exchange] of [
    ["no encoding", encoded(plain)],
    ["identity", encoded(plain, "identity")],
    ["gzip, in any case", encoded(zlib.gzipSync(plain), "GZip")],
    [
      "gzip of several members",
      encoded(
        Buffer.concat([zlib.gzipSync(plain.subarray(0, 9)), zlib.gzipSync(plain.subarray(9))]),
        "gzip",
      ),
    ],
    ["deflate in the zlib format", encoded(zlib.deflateSync(plain), "deflate")],
    ["deflate without the zlib format", encoded(zlib.deflateRawSync(plain), "deflate")],
    ["br", encoded(zlib.brotliCompressSync(plain), "br")],
    ["a list, from its end", encoded(zlib.brotliCompressSync(zlib.gzipSync(plain)), "gzip, br")],
    [
      "a list over several fields",
      encoded(zlib.brotliCompressSync(zlib.gzipSync(plain)), "gzip", "br"),
    ],
  ] as const) {
    test(`undoes ${title}`, () => {
      assert.ok(plain.equals(decodeBody(exchange)));
      assert.equal(exchange.failure, undefined);
    });
  }

  test("undoes zstd where Node can, and fails with 1701 where it cannot", () => {
    const exchange = encoded(
      zstdCompressSync?.(plain) ?? Buffer.from("(\xb5/\xfd", "latin1"),
      "zstd",
    );
    const decoded = decodeBody(exchange);
    if (zstdCompressSync === undefined) assert.equal(exchange.failure?.code, 1701);
    else assert.ok(plain.equals(decoded));
  });

  test("gives empty bytes for no body, and leaves an empty one alone", () => {
    assert.equal(decodeBody(encoded(undefined, "gzip")).length, 0);
    const empty = encoded(new Uint8Array(0), "gzip");
    assert.equal(decodeBody(empty).length, 0);
    assert.equal(empty.failure, undefined);
  });

  test("leaves an unknown encoding as it is", () => {
    assert.ok(plain.equals(decodeBody(encoded(plain, "aws-chunked"))));
  });

  for (const encoding of ["gzip", "deflate", "br", "zstd"]) {
    test(`fails with 1701 on a damaged ${encoding} body`, () => {
      const exchange = encoded(Buffer.from("not compressed at all"), encoding);
      assert.equal(decodeBody(exchange).length, 0);
      assert.deepEqual(
        [exchange.failure?.code, exchange.failure?.message],
        [1701, "response decompression failed"],
      );
    });
  }

  test("fails with 1701 on a body cut short", () => {
    const exchange = encoded(zlib.gzipSync(plain).subarray(0, 30), "gzip");
    decodeBody(exchange);
    assert.equal(exchange.failure?.code, 1701);
  });

  test("fails with 1701 on a body that unpacks to more than the limit", () => {
    const bomb = encoded(zlib.gzipSync(Buffer.alloc(1_000_000)), "gzip");
    decodeBody(bomb, 10_000);
    assert.equal(bomb.failure?.code, 1701);
  });
});
