/** `exportKey`: raw bytes, JWK, PKCS #8 and SPKI. */
import type { KeyObject } from "node:crypto";
import { HostError } from "../host-error.ts";
import { invalidAccess, isAes, isElliptic, isRsa } from "./algorithm.ts";
import { coordinateBytes } from "./curve.ts";
import { writeAsymmetricJwk } from "./jwk.ts";
import { CryptoKey, handleOf, type KeyParameters, parametersOf, secretOf } from "./key.ts";

type Exported = Buffer | Record<string, unknown>;

/** @throws HostError */
export function exportKey(format: string, key: unknown): Exported {
  if (!(key instanceof CryptoKey))
    throw new HostError("ImplementationError", "unable to extract CryptoKey from key object");
  if (!key.extractable) throw invalidAccess("the key is not extractable");
  const { name } = parametersOf(key);
  if (isElliptic(name)) return exportPair(format, key, ellipticExport);
  if (isRsa(name)) return exportPair(format, key, rsaExport);
  return exportSecret(format, key);
}

function unsupportedFormat(format: string): HostError {
  return new HostError("NotSupportedError", `unsupported key format ${format}`);
}

function exportSecret(format: string, key: CryptoKey): Exported {
  const bytes = secretOf(key);
  if (format === "raw") return Buffer.from(bytes);
  if (format !== "jwk") throw unsupportedFormat(format);
  return {
    kty: "oct",
    k: bytes.toString("base64url"),
    alg: jwkAlgorithm(parametersOf(key)),
    ext: true,
    key_ops: [...key.usages],
  };
}

function jwkAlgorithm({ name, lengthBits, hash }: KeyParameters): string {
  return isAes(name)
    ? `A${lengthBits}${name.slice("AES-".length)}`
    : `HS${hash!.slice("SHA-".length)}`;
}

/** What the exports of both kinds of key pairs differ in. */
interface PairExport {
  /** What to say when the wanted half is not the one that the key holds. */
  readonly mismatch: (wanted: "public" | "private") => string;
  /** Writes the public half as raw bytes; left out where there is no such format. */
  readonly raw?: (handle: KeyObject) => Buffer;
}

const ellipticExport: PairExport = {
  mismatch: (wanted) => `key is not a valid elliptic curve ${wanted} key`,
  raw: pointOf,
};

const rsaExport: PairExport = {
  mismatch: (wanted) =>
    `given CryptoKey is not a ${wanted} RSA key, it's ${wanted === "public" ? "*rsa.PrivateKey" : "*rsa.PublicKey"}`,
};

function exportPair(format: string, key: CryptoKey, { mismatch, raw }: PairExport): Exported {
  const handle = handleOf(key);
  const requireKind = (type: "public" | "private"): void => {
    if (handle.type !== type) throw invalidAccess(mismatch(type));
  };
  if (format === "jwk") return { ...writeAsymmetricJwk(handle) };
  if (format === "raw" && raw !== undefined) {
    requireKind("public");
    return raw(handle);
  }
  if (format !== "spki" && format !== "pkcs8") throw unsupportedFormat(format);
  requireKind(format === "spki" ? "public" : "private");
  return handle.export({ type: format, format: "der" });
}

function pointOf(handle: KeyObject): Buffer {
  const { crv, x, y } = handle.export({ format: "jwk" });
  const bytes = Buffer.alloc(1 + 2 * coordinateBytes(crv!), 0);
  bytes[0] = 4;
  const halves = bytes.subarray(1);
  halves.set(Buffer.from(x!, "base64url"));
  halves.set(Buffer.from(y!, "base64url"), halves.length / 2);
  return bytes;
}
