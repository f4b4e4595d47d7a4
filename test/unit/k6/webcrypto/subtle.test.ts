import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { globalsOf, TestVu } from "../../../support/k6-vu.ts";

type Operation = (...args: unknown[]) => Promise<unknown>;
interface Crypto {
  getRandomValues(array: unknown): unknown;
  randomUUID(): string;
  readonly subtle: Readonly<Record<string, Operation>>;
}
interface Key {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: Readonly<Record<string, unknown>>;
  readonly usages: readonly string[];
}

const crypto = globalsOf(new TestVu())["crypto"] as Crypto;
const { subtle } = crypto;
const call = (name: string, ...args: unknown[]): Promise<unknown> => subtle[name]!(...args);
const hello = new TextEncoder().encode("hello");
const key16 = Uint8Array.from({ length: 16 }, (_, index) => index);
const hex = (value: unknown): string => Buffer.from(value as ArrayBuffer).toString("hex");

/** What k6 rejects with: an object, not an Error. */
async function rejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(!(error instanceof Error), "an Error was thrown");
    return String(error);
  }
  return "no rejection";
}

test("digests are those of the standard's implementation, and names count in any case", async () => {
  for (const name of ["SHA-1", "sha-256", "SHA-384", "SHA-512"]) {
    const standard = await webcrypto.subtle.digest(name, hello);
    assert.equal(hex(await call("digest", name, hello)), hex(standard));
    assert.equal(hex(await call("digest", { name }, hello.buffer)), hex(standard));
  }
});

test("a view stands for its whole buffer, as in k6", async () => {
  const part = Uint8Array.of(1, 2, 3).subarray(1, 2);
  assert.equal(
    hex(await call("digest", "SHA-1", part)),
    "7037807198c22a7d2b0807371d763779a84fdfcf",
  );
});

test("a faulty digest rejects with k6's objects", async () => {
  const md5 =
    'NotSupportedError: algorithm "MD5" doesn\'t support (in implementation) operation "digest"';
  assert.equal(await rejection(call("digest", "MD5", hello)), md5);
  assert.equal(
    await rejection(call("digest", "SHA-1", "x")),
    "data must be an ArrayBuffer, TypedArray, or DataView",
  );
  assert.equal(
    await rejection(call("digest", 5, hello)),
    "SyntaxError: algorithm cannot be interpreted as a string or an object",
  );
});

const modes = [
  ["AES-CBC", { iv: new Uint8Array(16).fill(7) }],
  ["AES-CTR", { counter: new Uint8Array(16).fill(7), length: 64 }],
  ["AES-GCM", { iv: new Uint8Array(12).fill(9) }],
  ["AES-GCM", { iv: new Uint8Array(12).fill(9), tagLength: 96, additionalData: hello }],
] as const;

for (const [name, params] of modes) {
  test(`${name} with ${Object.keys(params).join(", ")} is the standard's, there and back`, async () => {
    const usages = ["encrypt", "decrypt"] as const;
    const algorithm = { name, ...params };
    const key = await call("importKey", "raw", key16, name, true, [...usages]);
    const standardKey = await webcrypto.subtle.importKey("raw", key16, name, true, [...usages]);
    const sealed = await call("encrypt", algorithm, key, hello);
    assert.equal(hex(sealed), hex(await webcrypto.subtle.encrypt(algorithm, standardKey, hello)));
    assert.equal(hex(await call("decrypt", algorithm, key, sealed)), hex(hello));
  });
}

test("AES refuses what k6 refuses", async () => {
  const cbc = await call("importKey", "raw", key16, "AES-CBC", true, ["encrypt", "decrypt"]);
  const gcm = await call("importKey", "raw", key16, "AES-GCM", true, ["encrypt", "decrypt"]);
  const iv = new Uint8Array(16);
  const cases = [
    [
      call("encrypt", { name: "AES-CBC", iv: hello }, cbc, hello),
      "OperationError: iv length is not 16 bytes",
    ],
    [
      call("encrypt", { name: "AES-CBC", iv }, cbc, new Uint8Array(0)),
      "OperationError: could not pad plaintext",
    ],
    [
      call("encrypt", { name: "AES-CBC", iv }, gcm, hello),
      "InvalidAccessError: encrypt's algorithm name does not match key algorithm name",
    ],
    [
      call("encrypt", { name: "AES-CBC", iv }, 5, hello),
      "InvalidAccessError: encrypt's key argument does hold not a valid CryptoKey object",
    ],
    [call("decrypt", { name: "AES-CBC", iv }, cbc, key16), "OperationError: invalid padding"],
    [call("decrypt", { name: "AES-CBC", iv }, cbc, hello), "OperationError: invalid padding"],
    [
      call("encrypt", { name: "AES-GCM", iv }, gcm, hello),
      "NotSupportedError: only 12 bytes long iv are supported",
    ],
    [
      call("decrypt", { name: "AES-GCM", iv: iv.slice(4) }, gcm, hello),
      "OperationError: ciphertext is too short",
    ],
    [
      call("importKey", "raw", hello, "AES-CBC", true, ["encrypt"]),
      "DataError: invalid key length 5 bytes",
    ],
    [
      call("generateKey", { name: "AES-CBC", length: 100 }, true, ["encrypt"]),
      "OperationError: invalid key length",
    ],
  ] as const;
  for (const [promise, text] of cases) assert.equal(await rejection(promise), text);
});

test("HMAC signs and verifies as the standard does", async () => {
  const algorithm = { name: "HMAC", hash: "SHA-384" };
  const key = await call("importKey", "raw", key16, algorithm, true, ["sign", "verify"]);
  const standardKey = await webcrypto.subtle.importKey("raw", key16, algorithm, true, ["sign"]);
  const signature = await call("sign", "HMAC", key, hello);
  assert.equal(hex(signature), hex(await webcrypto.subtle.sign("HMAC", standardKey, hello)));
  assert.equal(await call("verify", "HMAC", key, signature, hello), true);
  assert.equal(await call("verify", "HMAC", key, signature, key16), false);
});

const pairs = [
  [
    { name: "ECDSA", namedCurve: "P-256" },
    { name: "ECDSA", hash: "SHA-256" },
  ],
  [
    { name: "ECDSA", namedCurve: "P-521" },
    { name: "ECDSA", hash: { name: "SHA-512" } },
  ],
  [rsaAlgorithm("RSASSA-PKCS1-v1_5"), { name: "RSASSA-PKCS1-v1_5" }],
  [rsaAlgorithm("RSA-PSS"), { name: "RSA-PSS", saltLength: 20 }],
] as const;

function rsaAlgorithm(name: string): {
  name: string;
  modulusLength: number;
  publicExponent: Uint8Array;
  hash: string;
} {
  return { name, modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" };
}

for (const [algorithm, method] of pairs) {
  test(`a pair of ${JSON.stringify(algorithm)} signs, travels in every format, and the standard's implementation agrees`, async () => {
    const pair = (await call("generateKey", algorithm, true, ["sign", "verify"])) as {
      publicKey: Key;
      privateKey: Key;
    };
    assert.deepEqual([pair.publicKey.usages, pair.privateKey.usages], [["verify"], ["sign"]]);
    for (const [format, backFormat] of [
      ["pkcs8", "spki"],
      ["jwk", "jwk"],
    ] as const) {
      const privateData = await call("exportKey", format, pair.privateKey);
      const publicData = await call("exportKey", backFormat, pair.publicKey);
      const signer = await call("importKey", format, privateData, algorithm, true, ["sign"]);
      const verifier = await call("importKey", backFormat, publicData, algorithm, true, ["verify"]);
      const signature = (await call("sign", method, signer, hello)) as ArrayBuffer;
      assert.equal(await call("verify", method, verifier, signature, hello), true);
      assert.equal(await call("verify", method, verifier, key16, hello), false);
      const standard = await webcrypto.subtle.importKey(
        backFormat as "spki",
        publicData as ArrayBuffer,
        algorithm,
        true,
        ["verify"],
      );
      assert.ok(await webcrypto.subtle.verify(method, standard, signature, hello));
    }
  });
}

test("RSA-OAEP seals with a label and opens with the same", async () => {
  const algorithm = rsaAlgorithm("RSA-OAEP");
  const pair = (await call("generateKey", algorithm, true, ["encrypt", "decrypt"])) as {
    publicKey: Key;
    privateKey: Key;
  };
  const sealed = await call("encrypt", { name: "RSA-OAEP", label: hello }, pair.publicKey, key16);
  assert.equal(
    hex(await call("decrypt", { name: "RSA-OAEP", label: hello }, pair.privateKey, sealed)),
    hex(key16),
  );
  assert.equal(
    await rejection(call("decrypt", { name: "RSA-OAEP" }, pair.privateKey, sealed)),
    "OperationError: could not decrypt data: crypto/rsa: decryption error",
  );
});

test("ECDH agrees on the same bits from both sides", async () => {
  const make = (): Promise<unknown> =>
    call("generateKey", { name: "ECDH", namedCurve: "P-384" }, true, ["deriveBits"]);
  const [one, two] = (await Promise.all([make(), make()])) as { publicKey: Key; privateKey: Key }[];
  const bits = (own: Key, peer: Key): Promise<unknown> =>
    call("deriveBits", { name: "ECDH", public: peer }, own, 384);
  assert.equal(
    hex(await bits(one!.privateKey, two!.publicKey)),
    hex(await bits(two!.privateKey, one!.publicKey)),
  );
  assert.equal(
    await rejection(call("deriveBits", { name: "ECDH" }, one!.privateKey, 256)),
    "TypeError: algorithm does not contain a public key",
  );
});

test("PBKDF2 derives k6's bits and keys", async () => {
  const key = await call("importKey", "raw", hello, "PBKDF2", false, ["deriveBits", "deriveKey"]);
  const algorithm = { name: "PBKDF2", salt: key16, iterations: 10, hash: "SHA-256" };
  assert.equal(
    hex(await call("deriveBits", algorithm, key, 128)),
    "e536b7e30a093b64738607ffc0e7ad1a",
  );
  const derived = await call("deriveKey", algorithm, key, { name: "AES-CBC", length: 128 }, true, [
    "encrypt",
  ]);
  assert.equal(hex(await call("exportKey", "raw", derived)), "e536b7e30a093b64738607ffc0e7ad1a");
  assert.equal(
    await rejection(call("deriveBits", algorithm, key, 12)),
    "OperationError: currently only multiples of 8 are supported for length",
  );
});

test("keys show what k6's keys show", async () => {
  const hmac = (await call("generateKey", { name: "hmac", hash: "SHA-256" }, true, [
    "sign",
  ])) as Key;
  assert.equal(
    JSON.stringify(hmac),
    '{"type":"secret","extractable":true,"algorithm":{"key_algorithm":{"algorithm":{"name":"HMAC"},"name":"HMAC"},"algorithm":{"name":"HMAC"},"name":"HMAC","hash":{"algorithm":{"name":"SHA-256"},"name":"SHA-256"},"length":512},"usages":["sign"]}',
  );
  const { publicKey } = (await call("generateKey", { name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
  ])) as { publicKey: Key };
  assert.equal(typeof publicKey.algorithm["namedCurve"], "object");
  assert.equal(String(publicKey.algorithm["namedCurve"]), "P-256");
  assert.equal(publicKey.extractable, true);
});

test("wrapKey and unwrapKey are there, and not implemented", () => {
  for (const name of ["wrapKey", "unwrapKey"])
    assert.throws(() => subtle[name]!(), { name: "GoError", message: "not implemented" });
});

test("getRandomValues takes arrays of integers up to 64 KB", () => {
  const array = new Uint8Array(16);
  assert.equal(crypto.getRandomValues(array), array);
  assert.ok(array.some((byte) => byte !== 0));
  assert.throws(() => crypto.getRandomValues(new Float32Array(1)), {
    message: "TypeMismatchError: typedArray parameter isn't a TypedArray instance",
  });
  assert.throws(() => crypto.getRandomValues(new Uint8Array(65_537)), {
    message: "QuotaExceededError: typedArray parameter is too big; maximum length is 65536",
  });
  assert.match(
    crypto.randomUUID(),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u,
  );
});
