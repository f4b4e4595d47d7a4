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
  if (isElliptic(name)) return exportElliptic(format, key);
  if (isRsa(name)) return exportRsa(format, key);
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

function exportElliptic(format: string, key: CryptoKey): Exported {
  const handle = handleOf(key);
  const requireKind = (type: "public" | "private"): void => {
    if (handle.type !== type) throw invalidAccess(`key is not a valid elliptic curve ${type} key`);
  };
  switch (format) {
    case "jwk":
      return { ...writeAsymmetricJwk(handle) };
    case "raw":
      requireKind("public");
      return pointOf(handle);
    case "spki":
      requireKind("public");
      return handle.export({ type: "spki", format: "der" });
    case "pkcs8":
      requireKind("private");
      return handle.export({ type: "pkcs8", format: "der" });
    default:
      throw unsupportedFormat(format);
  }
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

function exportRsa(format: string, key: CryptoKey): Exported {
  const handle = handleOf(key);
  const requireKind = (type: "public" | "private"): void => {
    if (handle.type === type) return;
    const held = type === "public" ? "*rsa.PrivateKey" : "*rsa.PublicKey";
    throw invalidAccess(`given CryptoKey is not a ${type} RSA key, it's ${held}`);
  };
  switch (format) {
    case "jwk":
      return { ...writeAsymmetricJwk(handle) };
    case "spki":
      requireKind("public");
      return handle.export({ type: "spki", format: "der" });
    case "pkcs8":
      requireKind("private");
      return handle.export({ type: "pkcs8", format: "der" });
    default:
      throw unsupportedFormat(format);
  }
}
