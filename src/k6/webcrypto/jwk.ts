/** JSON Web Keys as k6 reads and writes them: few fields count, and each fault has its text. */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { HostError } from "../host-error.ts";
import { dataError } from "./algorithm.ts";
import { coordinateBytes, isCurve } from "./curve.ts";

type Fault = (message: string) => HostError;

const plainFault: Fault = (message) => new HostError(undefined, message);

/** The fields of a JWK; Go's decoder says what it got instead. */
function fieldsOf(
  value: unknown,
  struct: string,
  fault: (reason: string) => HostError,
): JsonWebKey {
  const isFields =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value);
  if (isFields) return value as JsonWebKey;
  const type = Array.isArray(value) ? "array" : ArrayBuffer.isView(value) ? "string" : typeof value;
  const got = type === "boolean" ? "bool" : type;
  throw fault(`json: cannot unmarshal ${got} into Go value of type webcrypto.${struct}`);
}

/** The bytes of an `oct` key. @throws HostError DataError */
export function readSymmetricJwk(value: unknown): Buffer {
  const parseFault: Fault = (reason) => dataError(`failed to parse symmetric JWK: ${reason}`);
  const { kty, k } = fieldsOf(value, "symmetricJWK", parseFault);
  if (k !== undefined && typeof k !== "string")
    throw parseFault(
      `json: cannot unmarshal ${typeof k} into Go struct field symmetricJWK.k of type string`,
    );
  if (kty !== "oct") throw dataError(`invalid symmetric JWK: invalid key type: ${kty ?? ""}`);
  if (k === undefined || k === "") throw dataError("invalid symmetric JWK: key (k) is required");
  return base64Url(k, (at) =>
    dataError(`failed to decode symmetric key: illegal base64 data at input byte ${at}`),
  );
}

function base64Url(text: string, fault: (at: number) => HostError): Buffer {
  const bad = text.search(/[^A-Za-z0-9_-]/u);
  if (bad >= 0) throw fault(bad);
  if (text.length % 4 === 1) throw fault(text.length - 1);
  return Buffer.from(text, "base64url");
}

/** @throws HostError without a name */
export function readEllipticJwk(value: unknown): KeyObject {
  const jwk = fieldsOf(value, "ecJWK", (reason) =>
    plainFault(`failed to parse input as EC JWK key: ${reason}`),
  );
  requireFields(jwk, "EC", [
    ["crv", "curve is required"],
    ["x", "coordinate X is required"],
    ["y", "coordinate Y is required"],
  ]);
  const { crv, x, y, d } = jwk;
  if (!isCurve(crv))
    throw plainFault(`failed to parse elliptic curve: invalid elliptic curve ${crv ?? ""}`);
  const coordinate = (text: string, name: string): string => {
    const bytes = base64Url(text, (at) =>
      plainFault(`failed to decode ${name}: illegal base64 data at input byte ${at}`),
    );
    const padding = Buffer.alloc(Math.max(0, coordinateBytes(crv) - bytes.length));
    return Buffer.concat([padding, bytes]).toString("base64url");
  };
  const key = {
    kty: "EC",
    crv,
    x: coordinate(x!, "X coordinate"),
    y: coordinate(y!, "Y coordinate"),
    ...(d === undefined ? {} : { d: coordinate(d, "private key") }),
  };
  return open(key, "failed to convert ECDSA key to ECDH key: point not on curve");
}

/** @throws HostError without a name */
export function readRsaJwk(value: unknown): KeyObject {
  const jwk = fieldsOf(value, "rsaJWK", (reason) =>
    plainFault(`failed to parse input as RSA JWK key: ${reason}`),
  );
  requireFields(jwk, "RSA", [
    ["n", "modulus (n) is required"],
    ["e", "exponent (e) is required"],
  ]);
  base64Url(jwk.n!, (at) =>
    plainFault(`failed to decode modulus: illegal base64 data at input byte ${at}`),
  );
  const { n, e, d, p, q, dp, dq, qi } = jwk;
  const key = d === undefined ? { kty: "RSA", n, e } : { kty: "RSA", n, e, d, p, q, dp, dq, qi };
  return open(key as JsonWebKey, "failed to validate private key");
}

function requireFields(
  jwk: JsonWebKey,
  kty: string,
  fields: readonly (readonly [name: string, text: string])[],
): void {
  if (jwk.kty !== kty)
    throw plainFault(`invalid ${kty} JWK key: invalid key type: ${jwk.kty ?? ""}`);
  const missing = fields.find(([name]) => typeof jwk[name] !== "string" || jwk[name] === "");
  if (missing !== undefined) throw plainFault(`invalid ${kty} JWK key: ${missing[1]}`);
}

function open(key: JsonWebKey, fault: string): KeyObject {
  try {
    return key.d === undefined
      ? createPublicKey({ key, format: "jwk" })
      : createPrivateKey({ key, format: "jwk" });
  } catch (error) {
    throw plainFault(`${fault}: ${(error as Error).message}`);
  }
}

/** The fields of a key pair's part, without `alg`, `ext` and `key_ops`, as k6 has them. */
export function writeAsymmetricJwk(handle: KeyObject): JsonWebKey {
  return handle.export({ format: "jwk" });
}
