/**
 * Module `k6/crypto`: hashes, HMAC and random bytes. Names, encodings and errors are k6's.
 * A hasher's `update` returns nothing, and `digest` leaves it as it was: both asked from k6.
 */
import { randomBytes } from "node:crypto";
import { toArrayBuffer, toBytes } from "../bytes.ts";
import { GoError } from "../errors.ts";
import { toGoString, toInt64 } from "../go-values.ts";
import type { Digest } from "./block-digest.ts";
import { algorithmNames, createDigest, createHmac, isAlgorithm } from "./digest.ts";

type Encoded = string | ArrayBuffer;

interface Hasher {
  digest(encoding: unknown): Encoded;
  update(data: unknown): void;
}

/** Module `k6/crypto` of one VU. */
export function createCryptoModule(): Record<string, unknown> {
  return { ...functions };
}

const functions: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(algorithmNames.map((name) => [name, oneShot(name)])),
  createHash: (algorithm: unknown): Hasher => hasherOf(createDigest(knownAlgorithm(algorithm))),
  createHMAC: (algorithm: unknown, secret: unknown): Hasher =>
    hasherOf(createHmac(knownAlgorithm(algorithm), toBytes(secret))),
  hmac(algorithm: unknown, secret: unknown, ...rest: [data: unknown, encoding: unknown]): Encoded {
    const digest = createHmac(knownAlgorithm(algorithm), toBytes(secret));
    digest.update(toBytes(rest[0]));
    return encode(digest.sum(), rest[1]);
  },
  hexEncode: (input: unknown): string => Buffer.from(toBytes(input)).toString("hex"),
  randomBytes(size: unknown): ArrayBuffer {
    const count = toInt64(size);
    if (count < 1n) throw new GoError("invalid size");
    return toArrayBuffer(randomBytes(Number(count)));
  },
};

function oneShot(algorithm: string): (input: unknown, encoding: unknown) => Encoded {
  return (input, encoding) => {
    const digest = createDigest(algorithm);
    digest.update(bytesFor(algorithm, input));
    return encode(digest.sum(), encoding);
  };
}

function bytesFor(algorithm: string, input: unknown): Uint8Array {
  try {
    return toBytes(input);
  } catch (error) {
    throw error instanceof GoError ? new GoError(`${algorithm} failed: ${error.message}`) : error;
  }
}

function hasherOf(digest: Digest): Hasher {
  return {
    digest: (encoding) => encode(digest.sum(), encoding),
    update: (data) => digest.update(toBytes(data)),
  };
}

function knownAlgorithm(algorithm: unknown): string {
  const name = toGoString(algorithm);
  if (!isAlgorithm(name)) throw new GoError(`invalid algorithm: ${name}`);
  return name;
}

function encode(digest: Buffer, encoding: unknown): Encoded {
  const name = toGoString(encoding);
  switch (name) {
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
      throw new GoError(`invalid output encoding: ${name}`);
  }
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}
