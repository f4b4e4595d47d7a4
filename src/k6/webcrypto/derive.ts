/** `deriveBits` and `deriveKey`: PBKDF2 and ECDH. */
import { diffieHellman, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { toGoString } from "../go-values.ts";
import { HostError } from "../host-error.ts";
import { type Algorithm, hashOf, invalidAccess, operationError, opensslHash } from "./algorithm.ts";
import { parameterBytes } from "./bytes.ts";
import { CryptoKey, handleOf, parametersOf, secretOf } from "./key.ts";

const stretch = promisify(pbkdf2);

export interface DeriveRequest {
  readonly algorithm: Algorithm;
  readonly baseKey: unknown;
  readonly lengthBits: unknown;
}

/** @throws HostError */
export async function deriveBits(request: DeriveRequest): Promise<Buffer> {
  const { algorithm } = request;
  if (algorithm.name === "ECDH") {
    const key = baseKeyOf(request.baseKey);
    const peer = peerOf(algorithm, key);
    if (!key.usages.includes("deriveBits"))
      throw invalidAccess("provided baseKey does not contain the 'deriveBits' usage");
    return agree(key, peer, bitCount(request.lengthBits));
  }
  const run = stretchWith(algorithm);
  const key = baseKeyOf(request.baseKey);
  requireUsage(key, "deriveBits");
  return run(key, bitCount(request.lengthBits));
}

/** The bytes of a key of `lengthBits` bits; only PBKDF2. @throws HostError */
export async function deriveKeyBytes(
  algorithm: Algorithm,
  baseKey: unknown,
  lengthBits: number,
): Promise<Buffer> {
  const run = stretchWith(algorithm);
  const key = baseKeyOf(baseKey);
  requireUsage(key, "deriveKey");
  if (lengthBits % 8 !== 0 || lengthBits === 0)
    throw invalidAccess("provided length of key must be a multiple of 8");
  return run(key, lengthBits);
}

function baseKeyOf(value: unknown): CryptoKey {
  if (value instanceof CryptoKey) return value;
  throw new HostError(
    undefined,
    typeof value === "object" && value !== null
      ? "invalid key type"
      : `could not convert ${toGoString(value)} to webcrypto.CryptoKey`,
  );
}

function requireUsage(key: CryptoKey, usage: string): void {
  if (!key.usages.includes(usage))
    throw invalidAccess(`provided baseKey doesn't contain \`${usage}\` usage`);
  if (parametersOf(key).name !== "PBKDF2")
    throw invalidAccess("algorithm name does not match key algorithm name");
}

function bitCount(given: unknown): number {
  const lengthBits = Math.trunc(Number(given)) || 0;
  if (lengthBits <= 0) throw operationError("length can not be 0");
  if (lengthBits % 8 !== 0)
    throw operationError("currently only multiples of 8 are supported for length");
  return lengthBits;
}

/** Reads the parameters of PBKDF2; errors come in the order of k6's reading. */
function stretchWith(
  algorithm: Algorithm,
): (key: CryptoKey, lengthBits: number) => Promise<Buffer> {
  const hash = hashOf(algorithm, "deriveBits");
  const salt = parameterBytes(present(algorithm, "salt"));
  const iterations = Math.trunc(Number(present(algorithm, "iterations"))) || 0;
  if (iterations <= 0) throw operationError("number of iterations can't be 0");
  return (key, lengthBits) =>
    stretch(secretOf(key), salt, iterations, lengthBits / 8, opensslHash(hash));
}

function present(algorithm: Algorithm, name: string): unknown {
  const value = algorithm.params[name];
  if (value === undefined || value === null)
    throw new HostError("TypeError", `field ${name} is null or undefined`);
  return value;
}

function peerOf(algorithm: Algorithm, key: CryptoKey): CryptoKey {
  const peer = algorithm.params["public"];
  if (peer === undefined || peer === null)
    throw new HostError("TypeError", "algorithm does not contain a public key");
  if (!(peer instanceof CryptoKey))
    throw new HostError(
      "TypeError",
      `algorithm's public is not a valid CryptoKey: could not convert ${toGoString(peer)} to webcrypto.CryptoKey`,
    );
  if (peer.type !== "public") throw invalidAccess("algorithm's public key is not a public key");
  if (key.type !== "private") throw invalidAccess("provided baseKey is not a private key");
  const { name, namedCurve } = parametersOf(peer);
  if (name !== "ECDH")
    throw invalidAccess(
      `algorithm name does not match public key's algorithm name: ECDH != ${name}`,
    );
  const own = parametersOf(key).namedCurve;
  if (own !== namedCurve)
    throw invalidAccess(`keys have different curves ${own} and ${namedCurve}`);
  return peer;
}

function agree(key: CryptoKey, peer: CryptoKey, lengthBits: number): Buffer {
  const secret = diffieHellman({ privateKey: handleOf(key), publicKey: handleOf(peer) });
  if (lengthBits / 8 > secret.length) throw operationError("length is too large");
  return secret.subarray(0, lengthBits / 8);
}
