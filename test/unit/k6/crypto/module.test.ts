import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules } from "../../../../src/k6/index.ts";
import { TestVu } from "../../../support/k6-vu.ts";

type Hash = (input: unknown, encoding?: string) => unknown;
interface Hasher {
  update(data: unknown): void;
  digest(encoding: string): unknown;
}
interface CryptoModule extends Record<string, unknown> {
  createHash(algorithm: string): Hasher;
  createHMAC(algorithm: string, secret: unknown): Hasher;
  hmac(algorithm: string, secret: unknown, data: unknown, encoding: string): unknown;
  randomBytes(size: number): ArrayBuffer;
  hexEncode(data: unknown): string;
}

const open = createModules(new TestVu());
const k6crypto = open("k6/crypto") as CryptoModule;
const encoding = open("k6/encoding") as {
  b64encode(input: unknown, encoding?: string): string;
  b64decode(input: unknown, encoding?: string, format?: string): unknown;
};

/** Known answers of "abc" (RFC 1321, FIPS 180-4, the RIPEMD-160 paper). */
const digests: Readonly<Record<string, string>> = {
  md4: "a448017aaf21d8525fc10ae87aa6729d",
  md5: "900150983cd24fb0d6963f7d28e17f72",
  sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
  sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  sha384:
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
  sha512_224: "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
  sha512_256: "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
  ripemd160: "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
};

function hashInParts(name: string, ...parts: unknown[]): unknown {
  const hasher = k6crypto.createHash(name);
  for (const part of parts) hasher.update(part);
  return hasher.digest("hex");
}

for (const [name, hex] of Object.entries(digests)) {
  test(`${name} of "abc"`, () => {
    assert.equal((k6crypto[name] as Hash)("abc", "hex"), hex);
    assert.equal(hashInParts(name, "a", "bc"), hex);
  });
}

test("update returns nothing, and a digest may be followed by more", () => {
  const hasher = k6crypto.createHash("sha256");
  assert.equal(hasher.update("a"), undefined);
  assert.equal(hasher.digest("hex"), hasher.digest("hex"));
  hasher.update("bc");
  assert.equal(hasher.digest("hex"), digests["sha256"]);
});

test("digests come in k6's encodings", () => {
  const md5 = k6crypto["md5"] as Hash;
  assert.equal(md5("abc", "base64"), "kAFQmDzST7DWlj99KOF/cg==");
  assert.equal(md5("abc", "base64url"), "kAFQmDzST7DWlj99KOF_cg==");
  assert.equal(md5("abc", "base64rawurl"), "kAFQmDzST7DWlj99KOF_cg");
  assert.deepEqual(
    new Uint8Array(md5("abc", "binary") as ArrayBuffer).slice(0, 2),
    Uint8Array.of(0x90, 0x01),
  );
  assert.throws(() => md5("abc", "utf8"), {
    name: "GoError",
    message: "invalid output encoding: utf8",
  });
});

test("hmac, one shot and step by step, RFC 4231 case 2", () => {
  const hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const text = "what do ya want for nothing?";
  assert.equal(k6crypto.hmac("sha256", "Jefe", text, "hex"), hex);
  const hasher = k6crypto.createHMAC("sha256", new TextEncoder().encode("Jefe"));
  hasher.update(text.slice(0, 5));
  hasher.update(text.slice(5));
  assert.equal(hasher.digest("hex"), hex);
});

test("bytes come as strings, buffers and views; anything else is refused", () => {
  const bytes = new TextEncoder().encode("abc");
  const sha1 = k6crypto["sha1"] as Hash;
  assert.equal(sha1(bytes, "hex"), digests["sha1"]);
  assert.equal(sha1(bytes.buffer, "hex"), digests["sha1"]);
  assert.equal(k6crypto.hexEncode(bytes), "616263");
  assert.throws(() => sha1(5, "hex"), {
    name: "GoError",
    message: "sha1 failed: invalid type int64, expected string, []byte or ArrayBuffer",
  });
  assert.throws(() => k6crypto.hexEncode(Int16Array.of(1)), {
    message: "invalid type []int16, expected string, []byte or ArrayBuffer",
  });
  assert.throws(() => k6crypto.createHash("whirlpool"), {
    message: "invalid algorithm: whirlpool",
  });
});

test("randomBytes gives an ArrayBuffer of the size", () => {
  assert.equal(k6crypto.randomBytes(16).byteLength, 16);
  assert.ok(k6crypto.randomBytes(4) instanceof ArrayBuffer);
  assert.throws(() => k6crypto.randomBytes(0), { message: "invalid size" });
});

test("base64 in four alphabets, there and back", () => {
  const bytes = Uint8Array.of(0xfb, 0xff, 0xbf, 0x01);
  const texts = { std: "+/+/AQ==", rawstd: "+/+/AQ", url: "-_-_AQ==", rawurl: "-_-_AQ" };
  for (const [name, text] of Object.entries(texts)) {
    assert.equal(encoding.b64encode(bytes, name), text);
    assert.deepEqual(new Uint8Array(encoding.b64decode(text, name) as ArrayBuffer), bytes);
  }
  assert.equal(encoding.b64encode("héllo"), "aMOpbGxv");
  assert.equal(encoding.b64decode("aMOpbGxv", "std", "s"), "héllo");
});

test("base64 that is none is an error with its position", () => {
  assert.throws(() => encoding.b64decode("aGVs*G8="), {
    name: "GoError",
    message: "illegal base64 data at input byte 4",
  });
  assert.throws(() => encoding.b64decode("aGVsbG8"), {
    message: "illegal base64 data at input byte 4",
  });
  assert.throws(() => encoding.b64decode("-_-_AQ==", "std"), {
    message: "illegal base64 data at input byte 0",
  });
});
