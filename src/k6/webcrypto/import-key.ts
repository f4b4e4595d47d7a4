/** `importKey`: raw bytes, JWK, PKCS #8 and SPKI. As in k6, usages of public keys and curves are taken as they are given. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { HostError } from "../host-error.ts";
import {
  type Algorithm,
  dataError,
  hashOf,
  isAes,
  isElliptic,
  parameter,
  syntaxError,
} from "./algorithm.ts";
import { dataBytes } from "./bytes.ts";
import { coordinateBytes, curveOf } from "./curve.ts";
import { rsaHash } from "./generate.ts";
import { readEllipticJwk, readRsaJwk, readSymmetricJwk } from "./jwk.ts";
import { CryptoKey, type KeyParameters, requireSomeUsage, requireUsages } from "./key.ts";

export interface ImportRequest {
  readonly format: string;
  readonly data: unknown;
  readonly algorithm: Algorithm;
  readonly extractable: boolean;
  readonly usages: readonly string[];
}

const formats: readonly string[] = ["raw", "jwk", "pkcs8", "spki"];

/** @throws HostError */
export function importKey(request: ImportRequest): CryptoKey {
  const { format, algorithm } = request;
  if (!formats.includes(format))
    throw new HostError("ImplementationError", `unsupported format ${format}`);
  const { name } = algorithm;
  if (isAes(name)) return importAes(request);
  if (name === "HMAC") return importHmac(request);
  if (name === "PBKDF2") return importPassword(request);
  return isElliptic(name) ? importElliptic(request) : importRsa(request);
}

function secretKey(request: ImportRequest, material: Buffer, parameters: KeyParameters): CryptoKey {
  const { extractable, usages } = request;
  requireSomeUsage("secret", usages);
  return new CryptoKey({ type: "secret", extractable, parameters, usages, material });
}

function secretBytes({ format, data }: ImportRequest): Buffer {
  if (format === "raw") return dataBytes(data);
  if (format === "jwk") return readSymmetricJwk(data);
  throw new HostError("NotSupportedError", `unsupported key format ${format}`);
}

function importAes(request: ImportRequest): CryptoKey {
  requireUsages(request.usages, ["encrypt", "decrypt", "wrapKey", "unwrapKey"], true);
  const bytes = secretBytes(request);
  if (![16, 24, 32].includes(bytes.length))
    throw dataError(`invalid key length ${bytes.length} bytes`);
  const { name } = request.algorithm;
  return secretKey(request, bytes, { name, lengthBits: bytes.length * 8 });
}

function importHmac(request: ImportRequest): CryptoKey {
  const { algorithm, usages } = request;
  const hash = hashOf(algorithm, "generateKey");
  requireUsages(usages, ["sign", "verify"], true);
  const bytes = secretBytes(request);
  if (bytes.length === 0) throw dataError("key length cannot be 0");
  const lengthBits = bytes.length * 8;
  const given = algorithm.params["length"];
  if (given !== undefined && given !== null && Number(given) !== lengthBits)
    throw dataError("key length cannot be different from the length of the imported data");
  return secretKey(request, bytes, { name: "HMAC", hash, lengthBits });
}

function importPassword(request: ImportRequest): CryptoKey {
  const { format, usages, extractable, data } = request;
  if (format !== "raw") throw new HostError("NotSupportedError", `invalid format: ${format}`);
  requireUsages(usages, ["deriveKey", "deriveBits"], true);
  if (extractable) throw syntaxError("invalid value for param extractable ");
  return secretKey(request, dataBytes(data), { name: "PBKDF2" });
}

function pairKey(
  request: ImportRequest,
  material: KeyObject,
  parameters: KeyParameters,
): CryptoKey {
  const { extractable, usages } = request;
  const type = material.type as "private" | "public";
  requireSomeUsage(type, usages);
  return new CryptoKey({ type, extractable, parameters, usages, material });
}

function importElliptic(request: ImportRequest): CryptoKey {
  const { format, data, algorithm } = request;
  const name = algorithm.name as "ECDH" | "ECDSA";
  const namedCurve = curveOf(parameter(algorithm, "namedCurve"), name);
  const material =
    format === "jwk"
      ? readEllipticJwk(data)
      : format === "raw"
        ? pointKey(dataBytes(data), namedCurve, name)
        : derKey(dataBytes(data), format, {
            type: "ec",
            what: format === "spki" ? "ECDH" : "ECDSA",
            wrongType: `a ${format === "spki" ? "public" : "private"} key is not an ECDSA key`,
          });
  return pairKey(request, material, { name, namedCurve });
}

/** An uncompressed point: 4, x, y. */
function pointKey(bytes: Buffer, curve: string, name: string): KeyObject {
  const size = coordinateBytes(curve);
  try {
    if (bytes.length !== 1 + 2 * size || bytes[0] !== 4) throw new Error("not a point");
    const x = bytes.subarray(1, 1 + size).toString("base64url");
    const y = bytes.subarray(1 + size).toString("base64url");
    return createPublicKey({ key: { kty: "EC", crv: curve, x, y }, format: "jwk" });
  } catch {
    throw dataError(`unable to import ${name} public key data`);
  }
}

function importRsa(request: ImportRequest): CryptoKey {
  const { format, data, algorithm } = request;
  const { name } = algorithm;
  const hash = rsaHash(algorithm);
  if (format === "raw")
    throw new HostError("NotSupportedError", `unsupported key format raw for algorithm ${name}`);
  const kind = format === "spki" ? "public" : "private";
  const material =
    format === "jwk"
      ? readRsaJwk(data)
      : derKey(dataBytes(data), format, {
          type: "rsa",
          what: "RSA",
          wrongType: `given CryptoKey is not a ${kind} RSA key`,
        });
  const modulusLength = material.asymmetricKeyDetails?.modulusLength ?? 0;
  return pairKey(request, material, { name, hash, modulusLength });
}

interface DerExpectation {
  /** OpenSSL's name of the kind of key. */
  readonly type: string;
  readonly what: string;
  readonly wrongType: string;
}

function derKey(bytes: Buffer, format: string, expected: DerExpectation): KeyObject {
  const isPublic = format === "spki";
  let key: KeyObject;
  try {
    key = isPublic
      ? createPublicKey({ key: bytes, format: "der", type: "spki" })
      : createPrivateKey({ key: bytes, format: "der", type: "pkcs8" });
  } catch (error) {
    const kind = isPublic ? "public" : "private";
    const reason = (error as Error).message;
    throw dataError(`unable to import ${expected.what} ${kind} key data: asn1: ${reason}`);
  }
  if (key.asymmetricKeyType !== expected.type) throw dataError(expected.wrongType);
  return key;
}
