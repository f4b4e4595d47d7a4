import assert from "node:assert/strict";
import { createHmac as createOpensslHmac } from "node:crypto";
import { test } from "node:test";
import { algorithmNames, createHmac } from "../../../../src/k6/crypto/digest.ts";
import { createMd4 } from "../../../../src/k6/crypto/md4.ts";
import { createRipemd160 } from "../../../../src/k6/crypto/ripemd160.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz";
const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const eightTimes = "1234567890".repeat(8);

/** RFC 1320, appendix A.5. */
const md4Vectors: Readonly<Record<string, string>> = {
  "": "31d6cfe0d16ae931b73c59d7e0c089c0",
  a: "bde52cb31de33e46245e05fbdbd6fb24",
  abc: "a448017aaf21d8525fc10ae87aa6729d",
  "message digest": "d9130a8164549fe818874806e1c7014b",
  [alphabet]: "d79e1c308aa5bbcdeea8ed63df412da9",
  [alphanumeric]: "043f8582f241db351ce627e153e7f0e4",
  [eightTimes]: "e33b4ddc9c38f2199c3e7b164fcc0536",
};

/** The paper's test values. */
const ripemd160Vectors: Readonly<Record<string, string>> = {
  "": "9c1185a5c5e9fc54612808977ee8f548b2258d31",
  a: "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe",
  abc: "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
  "message digest": "5d0689ef49d2fae572b881b123a85ffa21595f36",
  [alphabet]: "f71c27109c692c1b56bbdceb5b9d2865b3708dbc",
  [alphanumeric]: "b0e20b6e3116640286ed3a87a5713079b21f5189",
  [eightTimes]: "9b752e45573d4b39f4dbd3323cab82bf63326bfb",
};

/** What k6 gives for the first n characters of "abcdefghij" repeated: around the block's edges. */
const fromK6: readonly (readonly [number, string, string])[] = [
  [55, "570a81747c1e9b525ca80f185f540f1a", "61c977a57e1793400a6a25da8919cf1d85713a54"],
  [56, "4b220aa7b0223f23bf1e53402ffb0b1f", "cbdf3ce1782156a364add5698607308e9864ae61"],
  [63, "9f494bdaa6f8b65467271e34f3e4a10a", "9b2d93bb355bb8aa266c3452766a675389ae8142"],
  [64, "a48010e8151bdb811656e2666e5765b3", "c7e0d79e71e51f9fd79364e31aa45591da388633"],
  [65, "ac17765c25e09c54694c1126cfea9e44", "8f2893f3c7f12dee6f72be0feab163c93738e26f"],
  [300, "3a5a6b1ae296d8177abf498a97b9d8bc", "4078793daa94f1c6eceaa4faced89ee2628159e7"],
];

const own = [
  ["MD4", createMd4, md4Vectors, 1],
  ["RIPEMD-160", createRipemd160, ripemd160Vectors, 2],
] as const;

for (const [name, create, vectors, column] of own) {
  test(`${name} gives the published values`, () => {
    for (const [text, hex] of Object.entries(vectors)) {
      const digest = create();
      digest.update(Buffer.from(text));
      assert.equal(digest.sum().toString("hex"), hex, text);
    }
  });

  test(`${name} gives k6's values at the edges of a block, in one piece and in single bytes`, () => {
    for (const row of fromK6) {
      const bytes = Buffer.from("abcdefghij".repeat(30).slice(0, row[0]));
      const whole = create();
      whole.update(bytes);
      assert.equal(whole.sum().toString("hex"), row[column]);
      const pieces = create();
      for (const byte of bytes) {
        pieces.update(Uint8Array.of(byte));
        pieces.sum();
      }
      assert.equal(pieces.sum().toString("hex"), row[column]);
    }
  });
}

test("HMAC is OpenSSL's for short keys, keys of a block, and longer ones", () => {
  for (const name of algorithmNames.filter((one) => one !== "md4" && one !== "ripemd160")) {
    for (const keyBytes of [0, 3, 64, 65, 128, 129, 200]) {
      const key = Buffer.alloc(keyBytes, 7);
      const ours = createHmac(name, key);
      ours.update(Buffer.from("what do ya want "));
      ours.update(Buffer.from("for nothing?"));
      const openssl = createOpensslHmac(name.replace("_", "-"), key);
      openssl.update("what do ya want for nothing?");
      assert.deepEqual(ours.sum(), openssl.digest(), `${name}, key of ${keyBytes}`);
    }
  }
});

test("HMAC over the two of our own gives k6's values", () => {
  const long = Buffer.from("k".repeat(200));
  const values = {
    md4: "671c73547a3722e07fe2eaa2cb9fe837",
    ripemd160: "8a8fa3041471692ba241c922ca1dba135ff8288a",
  };
  for (const [name, hex] of Object.entries(values)) {
    const hmac = createHmac(name, long);
    hmac.update(Buffer.from("d"));
    assert.equal(hmac.sum().toString("hex"), hex);
  }
});
