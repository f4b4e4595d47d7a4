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

function nested(reason: string): string {
  return `error decompressing response body (error decompressing response body (${reason}))`;
}

describe("decodeBody", () => {
  for (const [title, exchange] of [
    ["no encoding", encoded(plain)],
    ["identity", encoded(plain, "identity")],
    ["gzip", encoded(zlib.gzipSync(plain), "gzip")],
    [
      "gzip of several members",
      encoded(
        Buffer.concat([zlib.gzipSync(plain.subarray(0, 9)), zlib.gzipSync(plain.subarray(9))]),
        "gzip",
      ),
    ],
    ["deflate in the zlib format", encoded(zlib.deflateSync(plain), "deflate")],
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

  test("gives empty bytes for no body", () => {
    const none = encoded(undefined, "gzip");
    assert.equal(decodeBody(none).length, 0);
    assert.equal(none.failure, undefined);
  });

  test("leaves an unknown encoding as it is", () => {
    assert.ok(plain.equals(decodeBody(encoded(plain, "aws-chunked"))));
  });

  const damaged = Buffer.from("not compressed at all, whatever the header says");
  // Each of these was asked of k6 2.2.
  for (const [encoding, bytes, code, message] of [
    ["gzip", damaged, 1701, nested("gzip: invalid header")],
    ["gzip", damaged.subarray(0, 5), 1701, "error decompressing response body (unexpected EOF)"],
    ["gzip", damaged.subarray(0, 0), 1701, "error decompressing response body (EOF)"],
    [
      "gzip, aws-chunked",
      damaged.subarray(0, 5),
      1701,
      "error decompressing response body (unexpected EOF)",
    ],
    ["deflate", damaged, 1701, nested("zlib: invalid header")],
    ["deflate", zlib.deflateRawSync(plain), 1701, nested("zlib: invalid header")],
    ["deflate", damaged.subarray(0, 0), 1701, "error decompressing response body (unexpected EOF)"],
    [
      "br",
      Buffer.from("x".repeat(30)),
      1701,
      "error decompressing response body (brotli: PADDING_1)",
    ],
    ["br", damaged.subarray(0, 0), 1000, "unexpected EOF"],
    ["zstd", damaged, 1701, nested("invalid input: magic number mismatch")],
  ] as const) {
    test(`${bytes.length} bytes that are no ${encoding} are ${code} ${message}`, () => {
      const exchange = encoded(bytes, encoding);
      exchange.status = 200;
      assert.equal(decodeBody(exchange).length, 0);
      const { failure, status, headers } = exchange;
      assert.deepEqual([failure?.code, failure?.message], [code, message]);
      assert.deepEqual([status, headers], [0, []]);
    });
  }

  test("a body cut short is 1000, and keeps what could be read", () => {
    const exchange = encoded(zlib.gzipSync(plain).subarray(0, -4), "gzip");
    assert.ok(plain.equals(decodeBody(exchange)));
    assert.deepEqual([exchange.failure?.code, exchange.failure?.message], [1000, "unexpected EOF"]);
  });

  test("an encoding in capital letters is none that k6 knows", () => {
    assert.ok(damaged.equals(decodeBody(encoded(damaged, "GZIP"))));
  });

  test("fails with 1701 on a body that unpacks to more than the limit", () => {
    const bomb = encoded(zlib.gzipSync(Buffer.alloc(1_000_000)), "gzip");
    decodeBody(bomb, 10_000);
    assert.equal(bomb.failure?.code, 1701);
  });
});
