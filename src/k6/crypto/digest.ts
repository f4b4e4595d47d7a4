/**
 * The hash functions of k6 by k6's names. OpenSSL's where this Node carries them; MD4 and RIPEMD-160, which OpenSSL 3 may
 * refuse, are our own. `sum` gives the hash of what came so far and leaves the state alone, as Go's does.
 */
import { createHash, getHashes, type Hash } from "node:crypto";
import type { Digest } from "./block-digest.ts";
import { createMd4 } from "./md4.ts";
import { createRipemd160 } from "./ripemd160.ts";

interface Algorithm {
  readonly opensslName: string;
  readonly blockBytes: number;
  /** Stands in where OpenSSL does not have it. */
  readonly own?: () => Digest;
}

const algorithms: Readonly<Record<string, Algorithm>> = {
  md4: { opensslName: "md4", blockBytes: 64, own: createMd4 },
  md5: { opensslName: "md5", blockBytes: 64 },
  sha1: { opensslName: "sha1", blockBytes: 64 },
  sha256: { opensslName: "sha256", blockBytes: 64 },
  sha384: { opensslName: "sha384", blockBytes: 128 },
  sha512: { opensslName: "sha512", blockBytes: 128 },
  sha512_224: { opensslName: "sha512-224", blockBytes: 128 },
  sha512_256: { opensslName: "sha512-256", blockBytes: 128 },
  ripemd160: { opensslName: "ripemd160", blockBytes: 64, own: createRipemd160 },
};

/** k6's names. */
export const algorithmNames: readonly string[] = Object.keys(algorithms);

const openssl: ReadonlySet<string> = new Set(getHashes().map((name) => name.toLowerCase()));

export function isAlgorithm(name: string): boolean {
  return Object.hasOwn(algorithms, name);
}

/** A fresh hash; `name` must be known. */
export function createDigest(name: string): Digest {
  const { opensslName, own } = algorithms[name]!;
  if (own !== undefined && !openssl.has(opensslName)) return own();
  return new OpensslDigest(createHash(opensslName));
}

/** HMAC (RFC 2104) over any of them: OpenSSL's own HMAC cannot go on after its digest. */
export function createHmac(name: string, secret: Uint8Array): Digest {
  const { blockBytes } = algorithms[name]!;
  const key = Buffer.alloc(blockBytes);
  if (secret.length <= blockBytes) key.set(secret);
  else {
    const hashed = createDigest(name);
    hashed.update(secret);
    key.set(hashed.sum());
  }
  const inner = createDigest(name);
  inner.update(key.map((byte) => byte ^ 0x36));
  const outerPad = key.map((byte) => byte ^ 0x5c);
  return {
    update: (bytes) => inner.update(bytes),
    sum: () => {
      const outer = createDigest(name);
      outer.update(outerPad);
      outer.update(inner.sum());
      return outer.sum();
    },
  };
}

class OpensslDigest implements Digest {
  readonly #hash: Hash;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  sum(): Buffer {
    return this.#hash.copy().digest();
  }
}
