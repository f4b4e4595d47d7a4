/**
 * Module `k6/crypto`: hashes, HMAC and random bytes over node:crypto. Names, encodings and errors are k6's.
 * It has no state of a VU: one module object serves all.
 */
import { createHash, createHmac, getHashes, randomBytes } from "node:crypto";
import { toArrayBuffer, toBytes } from "./bytes.ts";
import { featureMissing, GoError } from "./errors.ts";

type Digest = string | ArrayBuffer;
type OneShot = (input: unknown, encoding: string) => Digest;

/** k6's names of the algorithms, and OpenSSL's. */
const algorithms: Readonly<Record<string, string>> = {
  md4: "md4",
  md5: "md5",
  sha1: "sha1",
  sha256: "sha256",
  sha384: "sha384",
  sha512: "sha512",
  sha512_224: "sha512-224",
  sha512_256: "sha512-256",
  ripemd160: "ripemd160",
};

const available: ReadonlySet<string> = new Set(getHashes().map((name) => name.toLowerCase()));

/**
 * An incremental hash or HMAC. `digest` may be called at any time, and again (Go's Sum does not end the hash,
 * OpenSSL's does), so the input is kept until then.
 */
class Hasher {
  readonly #chunks: Uint8Array[] = [];
  readonly #create: () => { update(data: Uint8Array): unknown; digest(): Buffer };

  constructor(create: () => { update(data: Uint8Array): unknown; digest(): Buffer }) {
    this.#create = create;
  }

  update(data: unknown): this {
    this.#chunks.push(Uint8Array.from(toBytes(data)));
    return this;
  }

  digest(encoding: string): Digest {
    const state = this.#create();
    for (const chunk of this.#chunks) state.update(chunk);
    return encodeDigest(state.digest(), encoding);
  }
}

/** Module `k6/crypto`; the same object for every VU. */
export const cryptoModule: Readonly<Record<string, unknown>> = Object.freeze({
  ...Object.fromEntries(Object.keys(algorithms).map((name) => [name, oneShot(name)])),
  createHash: (algorithm: string): Hasher => {
    const name = opensslName(algorithm);
    return new Hasher(() => createHash(name));
  },
  createHMAC: (algorithm: string, secret: unknown): Hasher => createHmacHasher(algorithm, secret),
  hmac(algorithm: string, secret: unknown, ...rest: [input: unknown, encoding: string]): Digest {
    return createHmacHasher(algorithm, secret).update(rest[0]).digest(rest[1]);
  },
  hexEncode: (input: unknown): string => Buffer.from(toBytes(input)).toString("hex"),
  randomBytes(size: number): ArrayBuffer {
    if (!(size >= 1)) throw new GoError("invalid size");
    return toArrayBuffer(randomBytes(size));
  },
});

function oneShot(algorithm: string): OneShot {
  return (input, encoding) =>
    encodeDigest(createHash(opensslName(algorithm)).update(toBytes(input)).digest(), encoding);
}

function createHmacHasher(algorithm: string, secret: unknown): Hasher {
  const name = opensslName(algorithm);
  const key = toBytes(secret);
  return new Hasher(() => createHmac(name, key));
}

function opensslName(algorithm: string): string {
  const name = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm]! : undefined;
  if (name === undefined) throw new GoError(`invalid algorithm: ${String(algorithm)}`);
  if (!available.has(name))
    throw featureMissing(`${algorithm} (this Node's OpenSSL does not carry it)`);
  return name;
}

function encodeDigest(digest: Buffer, encoding: string): Digest {
  switch (encoding) {
    case "hex":
      return digest.toString("hex");
    case "base64":
      return digest.toString("base64");
    case "base64url":
      return padded(digest.toString("base64url"));
    case "base64rawurl":
      return digest.toString("base64url");
    case "binary":
      return toArrayBuffer(digest);
    default:
      throw new GoError(`invalid output encoding: ${String(encoding)}`);
  }
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}
