/** `sign` and `verify`: HMAC, ECDSA, and the two of RSA. */
import {
  constants,
  createHmac,
  type KeyObject,
  sign as signBytes,
  timingSafeEqual,
  verify as verifyBytes,
} from "node:crypto";
import { HostError } from "../host-error.ts";
import {
  type Algorithm,
  hashOf,
  invalidAccess,
  operationError,
  opensslHash,
  parameter,
} from "./algorithm.ts";
import { type CryptoKey, handleOf, parametersOf, secretOf } from "./key.ts";

export interface SignatureRequest {
  readonly algorithm: Algorithm;
  readonly key: CryptoKey;
  readonly data: Buffer;
}

/** @throws HostError */
export function sign(request: SignatureRequest): Buffer {
  const { key, data } = request;
  if (request.algorithm.name === "HMAC") return hmac(key, data);
  const { hash, options } = methodOf(request);
  requireType(key, "private");
  try {
    return signBytes(hash, data, options);
  } catch {
    // A salt longer than the key holds; keys of the wrong kind do not come here.
    throw operationError("could not sign data: crypto/rsa: message too long for RSA key size");
  }
}

/** @throws HostError */
export function verify(request: SignatureRequest, signature: Buffer): boolean {
  const { key, data } = request;
  if (request.algorithm.name === "HMAC") {
    const wanted = hmac(key, data);
    return wanted.length === signature.length && timingSafeEqual(wanted, signature);
  }
  const { hash, options } = methodOf(request);
  requireType(key, "public");
  return verifyBytes(hash, data, options, signature);
}

function hmac(key: CryptoKey, data: Buffer): Buffer {
  return createHmac(opensslHash(parametersOf(key).hash!), secretOf(key))
    .update(data)
    .digest();
}

interface Method {
  readonly hash: string;
  readonly options: {
    readonly key: KeyObject;
    readonly dsaEncoding?: "ieee-p1363";
    readonly padding?: number;
    readonly saltLength?: number;
  };
}

function methodOf({ algorithm, key }: SignatureRequest): Method {
  const material = handleOf(key);
  if (algorithm.name === "ECDSA") {
    const hash = opensslHash(hashOf(algorithm, "generateKey"));
    return { hash, options: { key: material, dsaEncoding: "ieee-p1363" } };
  }
  const hash = opensslHash(parametersOf(key).hash!);
  if (algorithm.name === "RSASSA-PKCS1-v1_5") return { hash, options: { key: material } };
  const saltLength = Math.trunc(Number(parameter(algorithm, "saltLength"))) || 0;
  if (saltLength === 0) throw new HostError("ImplementationError", noEmptySalt);
  return { hash, options: { key: material, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength } };
}

const noEmptySalt =
  "k6 RSA-PSS uses standard Golang SDK that doesn't supportsalt length=0 but generates salt with maximum length . " +
  "Sign result might be different.";

function requireType(key: CryptoKey, type: "private" | "public"): void {
  if (handleOf(key).type === type) return;
  throw invalidAccess(`key is not a valid ${parametersOf(key).name} ${type} key`);
}
