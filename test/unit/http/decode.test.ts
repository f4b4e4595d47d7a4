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
    ["the first field of several", encoded(zlib.gzipSync(plain), "gzip", "br")],
    ["what it knows of a list", encoded(zlib.gzipSync(plain), "gzip, aws-chunked")],
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

  test("fails with 1701 on an empty body that says it is encoded, as k6 does", () => {
    for (const body of [undefined, new Uint8Array(0)]) {
      const exchange = encoded(body, "gzip");
      assert.equal(decodeBody(exchange).length, 0);
      assert.equal(exchange.failure?.message, "error decompressing response body (EOF)");
    }
    const noContent = encoded(undefined, "gzip");
    noContent.status = 204;
    decodeBody(noContent);
    assert.equal(noContent.failure, undefined);
  });

  test("leaves an unknown encoding, and a known one in capitals, as it is", () => {
    assert.ok(plain.equals(decodeBody(encoded(plain, "aws-chunked"))));
    assert.ok(plain.equals(decodeBody(encoded(plain, "GZIP"))));
  });

  const twice = (reason: string): string =>
    `error decompressing response body (error decompressing response body (${reason}))`;

  for (const [encoding, message] of [
    ["gzip", twice("gzip: invalid header")],
    ["deflate", twice("zlib: invalid header")],
    ["br", /^error decompressing response body \(brotli: \w+\)$/u],
    ["zstd", /^error decompressing response body \(.+\)$/u],
  ] as const) {
    test(`fails with 1701 and status 0 on a damaged ${encoding} body`, () => {
      const exchange = encoded(Buffer.from("not compressed at all"), encoding);
      exchange.status = 200;
      assert.equal(decodeBody(exchange).length, 0);
      assert.deepEqual([exchange.failure?.code, exchange.status], [1701, 0]);
      if (typeof message === "string") assert.equal(exchange.failure?.message, message);
      else assert.match(exchange.failure?.message ?? "", message);
    });
  }

  test("keeps what came of a body cut short, and fails with 1000", () => {
    const whole = zlib.gzipSync(plain);
    const exchange = encoded(whole.subarray(0, whole.length - 4), "gzip");
    assert.ok(plain.equals(decodeBody(exchange)));
    assert.deepEqual([exchange.failure?.code, exchange.failure?.message], [1000, "unexpected EOF"]);
  });

  test("fails with 1701 on a body that unpacks to more than the limit", () => {
    const bomb = encoded(zlib.gzipSync(Buffer.alloc(1_000_000)), "gzip");
    decodeBody(bomb, 10_000);
    assert.equal(bomb.failure?.code, 1701);
  });
});
