/** `generateKey`: secret keys from random bytes, key pairs from OpenSSL. */
import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { HostError } from "../host-error.ts";
import {
  type Algorithm,
  generated,
  hashOf,
  isAes,
  isElliptic,
  isRsa,
  operationError,
  parameter,
  syntaxError,
} from "./algorithm.ts";
import { curveOf } from "./curve.ts";
import { CryptoKey, type KeyParameters, requireSomeUsage, requireUsages } from "./key.ts";

export interface CryptoKeyPair {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

export interface GenerateRequest {
  readonly algorithm: Algorithm;
  readonly extractable: boolean;
  readonly usages: readonly string[];
}

const newPair = promisify(generateKeyPair) as (
  type: string,
  options: object,
) => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>;

/** Usages of the keys of each kind: of a pair, first the public key's, then the private one's. */
const aesUsages = ["encrypt", "decrypt", "wrapKey", "unwrapKey"];
const hmacUsages = ["sign", "verify"];
const pairUsages: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  ECDSA: [["verify"], ["sign"]],
  ECDH: [[], ["deriveKey", "deriveBits"]],
  "RSASSA-PKCS1-v1_5": [["verify"], ["sign"]],
  "RSA-PSS": [["verify"], ["sign"]],
  // What wraps is allowed, and given to neither key.
  "RSA-OAEP": [["encrypt"], ["decrypt"]],
};

/** @throws HostError */
export async function generateKey(request: GenerateRequest): Promise<CryptoKey | CryptoKeyPair> {
  const { name } = request.algorithm;
  if (isAes(name)) return generateAes(request);
  if (name === "HMAC") return generateHmac(request);
  if (isElliptic(name)) return generateElliptic(request);
  if (isRsa(name)) return generateRsa(request);
  throw new HostError(
    "NotImplemented",
    `unsupported key generation algorithm '${name}', accepted values are: ${generated.join(", ")}`,
  );
}

export function lengthParameter(algorithm: Algorithm): number {
  return Math.trunc(Number(algorithm.params["length"])) || 0;
}

function generateAes(request: GenerateRequest): CryptoKey {
  const { algorithm, usages } = request;
  if (algorithm.hasParams) parameter(algorithm, "length");
  const lengthBits = lengthParameter(algorithm);
  requireUsages(usages, aesUsages, false);
  if (![128, 192, 256].includes(lengthBits)) throw operationError("invalid key length");
  return secretKey(request, { name: algorithm.name, lengthBits });
}

/** Bits of a block of the hash: the length of a key that gives none. */
export function blockBits(hash: string): number {
  return hash === "SHA-384" || hash === "SHA-512" ? 1024 : 512;
}

function generateHmac(request: GenerateRequest): CryptoKey {
  const { algorithm, usages } = request;
  const hash = hashOf(algorithm, "generateKey");
  requireUsages(usages, hmacUsages, true);
  const given = algorithm.params["length"];
  const isGiven = given !== undefined && given !== null;
  const lengthBits = isGiven ? lengthParameter(algorithm) : blockBits(hash);
  if (lengthBits === 0) throw operationError("algorithm's length cannot be 0");
  return secretKey(request, { name: "HMAC", hash, lengthBits });
}

function secretKey(request: GenerateRequest, parameters: KeyParameters): CryptoKey {
  const { extractable, usages } = request;
  requireSomeUsage("secret", usages);
  const material = randomBytes(Math.ceil(parameters.lengthBits! / 8));
  return new CryptoKey({ type: "secret", extractable, parameters, usages, material });
}

async function generateElliptic(request: GenerateRequest): Promise<CryptoKeyPair> {
  const { algorithm } = request;
  const namedCurve = curveOf(parameter(algorithm, "namedCurve"), "generate");
  const pair = await pairOf(request, () => newPair("ec", { namedCurve }));
  return keyPair(request, pair, { name: algorithm.name, namedCurve });
}

async function generateRsa(request: GenerateRequest): Promise<CryptoKeyPair> {
  const { algorithm } = request;
  const modulusLength = Math.trunc(Number(parameter(algorithm, "modulusLength"))) || 0;
  const exponentGiven = parameter(algorithm, "publicExponent");
  const hash = rsaHash(algorithm);
  const pair = await pairOf(request, () => {
    const publicExponent = exponentOf(exponentGiven);
    // Go makes no RSA key below 1024 bits any more.
    if (modulusLength < 1024) throw operationError("could not generate RSA key pair");
    return newPair("rsa", { modulusLength, publicExponent });
  });
  return keyPair(request, pair, { name: algorithm.name, hash, modulusLength });
}

export function rsaHash(algorithm: Algorithm): string {
  try {
    return hashOf(algorithm, "generateKey");
  } catch (error) {
    if (!(error instanceof HostError) || error.name !== "NotSupportedError") throw error;
    const name = /"(?<name>[^"]*)"/u.exec(error.message ?? "")?.groups?.["name"] ?? "";
    throw new HostError("NotSupportedError", `hash algorithm is not supported ${name}`);
  }
}

function exponentOf(given: unknown): number {
  if (!(given instanceof Uint8Array)) throw operationError("publicExponent is not a byte array");
  const exponent = Number(`0x${Buffer.from(given).toString("hex") || "0"}`);
  if (exponent < 2) throw operationError("invalid public exponent: public exponent too small");
  if (exponent % 2 === 0) throw operationError("invalid public exponent: public exponent is even");
  return exponent;
}

interface HandlePair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function pairOf(request: GenerateRequest, make: () => Promise<HandlePair>): Promise<HandlePair> {
  const { algorithm, usages } = request;
  if (usages.length === 0) throw syntaxError("key usages cannot be empty");
  const wraps = algorithm.name === "RSA-OAEP" ? ["wrapKey", "unwrapKey"] : [];
  requireUsages(usages, [...pairUsages[algorithm.name]!.flat(), ...wraps], isRsa(algorithm.name));
  return make();
}

function keyPair(
  request: GenerateRequest,
  pair: HandlePair,
  parameters: KeyParameters,
): CryptoKeyPair {
  const [forPublic, forPrivate] = pairUsages[parameters.name]!;
  const keep = (allowed: readonly string[]): string[] =>
    request.usages.filter((usage) => allowed.includes(usage));
  return {
    privateKey: new CryptoKey({
      type: "private",
      extractable: request.extractable,
      parameters,
      usages: keep(forPrivate),
      material: pair.privateKey,
    }),
    publicKey: new CryptoKey({
      type: "public",
      extractable: true,
      parameters,
      usages: keep(forPublic),
      material: pair.publicKey,
    }),
  };
}
