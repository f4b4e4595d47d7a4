/**
 * Algorithms as scripts name them: "AES-CBC", or an object with `name` and parameters. Names count in any case; which operation
 * takes which algorithm, and every error text, is k6's.
 */
import { toGoString } from "../go-values.ts";
import { HostError } from "../host-error.ts";

export type Operation =
  | "encrypt"
  | "decrypt"
  | "sign"
  | "verify"
  | "digest"
  | "generateKey"
  | "importKey"
  | "deriveBits"
  | "deriveKey"
  | "getKeyLength";

const ciphers = ["AES-CBC", "AES-CTR", "AES-GCM"];
const symmetric = [...ciphers, "AES-KW"];
const elliptic = ["ECDH", "ECDSA"];
const rsa = ["RSASSA-PKCS1-v1_5", "RSA-PSS", "RSA-OAEP"];
const hashes = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];
const signatures = ["HMAC", "ECDSA", "RSASSA-PKCS1-v1_5", "RSA-PSS"];

/** What `generateKey` knows how to make, in the order of k6's error text. */
export const generated: readonly string[] = [
  ...symmetric.slice(0, 3),
  "AES-KW",
  "HMAC",
  ...elliptic,
  ...rsa,
];

const supported: Readonly<Record<Operation, readonly string[]>> = {
  encrypt: [...ciphers, "RSA-OAEP"],
  decrypt: [...ciphers, "RSA-OAEP"],
  sign: signatures,
  verify: signatures,
  digest: hashes,
  generateKey: [...generated, ...hashes],
  importKey: [...generated, "PBKDF2"],
  deriveBits: ["ECDH", "PBKDF2"],
  deriveKey: ["PBKDF2"],
  getKeyLength: symmetric,
};

/** An algorithm with its parameters, which are read when they are needed. */
export interface Algorithm {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** False when the script gave the bare name. */
  readonly hasParams: boolean;
}

/** Go's names of the hash functions, which node:crypto takes as well. */
const opensslHashes: Readonly<Record<string, string>> = {
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

export function opensslHash(hash: string): string {
  return opensslHashes[hash]!;
}

/** @throws HostError SyntaxError, NotSupportedError */
export function normalizeAlgorithm(given: unknown, operation: Operation): Algorithm {
  const hasParams = typeof given === "object" && given !== null;
  if (!hasParams && typeof given !== "string")
    throw syntaxError("algorithm cannot be interpreted as a string or an object");
  const params = hasParams ? (given as Record<string, unknown>) : {};
  const wanted = toGoString(hasParams ? params["name"] : given).toUpperCase();
  const name = supported[operation].find((known) => known.toUpperCase() === wanted);
  if (name === undefined) throw unsupported(wanted, operation);
  return { name, params, hasParams };
}

/** The hash among an algorithm's parameters; `operation` is the one that k6 names in its error. */
export function hashOf(algorithm: Algorithm, operation: Operation): string {
  const given = parameter(algorithm, "hash");
  const isObject = typeof given === "object" && given !== null;
  const wanted = toGoString(isObject ? (given as { name?: unknown }).name : given).toUpperCase();
  if (hashes.includes(wanted)) return wanted;
  throw unsupported(wanted, operation);
}

/** A parameter that must be there. @throws HostError SyntaxError */
export function parameter(algorithm: Algorithm, name: string): unknown {
  const value = algorithm.params[name];
  if (value === undefined || value === null)
    throw syntaxError(`could not get ${name} from algorithm parameter`);
  return value;
}

export function unsupported(name: string, operation: string): HostError {
  return new HostError(
    "NotSupportedError",
    `algorithm "${name}" doesn't support (in implementation) operation "${operation}"`,
  );
}

export function isAes(name: string): boolean {
  return symmetric.includes(name);
}

export function isElliptic(name: string): boolean {
  return elliptic.includes(name);
}

export function isRsa(name: string): boolean {
  return rsa.includes(name);
}

export function syntaxError(message: string): HostError {
  return new HostError("SyntaxError", message);
}

export function operationError(message: string): HostError {
  return new HostError("OperationError", message);
}

export function invalidAccess(message: string): HostError {
  return new HostError("InvalidAccessError", message);
}

export function dataError(message: string): HostError {
  return new HostError("DataError", message);
}
