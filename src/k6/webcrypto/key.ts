/**
 * Keys as scripts hold them. The material stays out of sight; the fields are those of k6's host object, to the nesting that
 * JSON.stringify shows.
 */
import type { KeyObject } from "node:crypto";
import { toGoString } from "../go-values.ts";
import { HostError } from "../host-error.ts";
import { invalidAccess, isAes, isElliptic, syntaxError } from "./algorithm.ts";

export type KeyType = "secret" | "private" | "public";

/** What a key is for, beyond the name: filled in by kind of algorithm. */
export interface KeyParameters {
  readonly name: string;
  readonly lengthBits?: number;
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly modulusLength?: number;
}

interface KeyParts {
  readonly type: KeyType;
  readonly extractable: boolean;
  readonly parameters: KeyParameters;
  readonly usages: readonly string[];
  readonly material: Buffer | KeyObject;
}

export class CryptoKey {
  type: KeyType;
  extractable: boolean;
  algorithm: Record<string, unknown>;
  usages: string[];
  readonly #parts: KeyParts;

  constructor(parts: KeyParts) {
    this.#parts = parts;
    this.type = parts.type;
    this.extractable = parts.extractable;
    this.algorithm = shownAlgorithm(parts.parameters);
    this.usages = [...parts.usages];
  }

  static partsOf(key: CryptoKey): KeyParts {
    return key.#parts;
  }
}

/** The key's bytes; only for secret keys. */
export function secretOf(key: CryptoKey): Buffer {
  return CryptoKey.partsOf(key).material as Buffer;
}

/** The key's handle; only for private and public keys. */
export function handleOf(key: CryptoKey): KeyObject {
  return CryptoKey.partsOf(key).material as KeyObject;
}

export function parametersOf(key: CryptoKey): KeyParameters {
  return CryptoKey.partsOf(key).parameters;
}

/** The nesting is that of k6's structs. */
function shownAlgorithm(parameters: KeyParameters): Record<string, unknown> {
  const { name, hash } = parameters;
  const named = { algorithm: { name }, name };
  if (isAes(name)) return { ...named, length: parameters.lengthBits };
  if (name === "PBKDF2") return named;
  const outer = { key_algorithm: named, algorithm: { name }, name };
  if (name === "HMAC") {
    const shownHash = { algorithm: { name: hash }, name: hash };
    return { ...outer, hash: shownHash, length: parameters.lengthBits };
  }
  if (isElliptic(name)) {
    // A host string in k6: equal to "P-256" by ==, and not by ===.
    // oxlint-disable-next-line unicorn/new-for-builtins, no-new-wrappers -- so that typeof and === go the way they go in k6
    return { ...outer, namedCurve: new String(parameters.namedCurve) };
  }
  return { ...outer, modulusLength: parameters.modulusLength, hash: { name: hash } };
}

/** A key argument. @throws HostError as k6 does for what is no key; `prefix` is the operation's name with its colon */
export function keyArgument(value: unknown, prefix = ""): CryptoKey {
  if (value instanceof CryptoKey) return value;
  if (typeof value === "object" && value !== null && !("algorithm" in value))
    throw new HostError("TypeError", "field algorithm is null or undefined");
  throw invalidAccess(`${prefix}key argument does hold not a valid CryptoKey object`);
}

export function requireUsages(
  usages: readonly string[],
  allowed: readonly string[],
  named: boolean,
): void {
  const bad = usages.find((usage) => !allowed.includes(usage));
  if (bad !== undefined)
    throw syntaxError(named ? `invalid key usage: ${bad}` : "invalid key usage");
}

export function requireSomeUsage(type: KeyType, usages: readonly string[]): void {
  if (type !== "public" && usages.length === 0)
    throw syntaxError("usages cannot not be empty for a secret or private CryptoKey");
}

/** The list of usages as Go takes it. */
export function usageList(value: unknown, position: number): string[] {
  const convert = `could not convert function call parameter ${position}: `;
  if (value === undefined || value === null) return [];
  if (typeof value !== "object")
    throw new TypeError(`${convert}could not convert ${String(value as string)} to []string`);
  if (!(Symbol.iterator in value))
    throw new TypeError(
      `${convert}cannot convert ${toGoString(value)} to []string: not an array or iterable`,
    );
  return Array.from(value as Iterable<unknown>, String);
}

// To a script a key is an object of no class.
Object.defineProperty(CryptoKey.prototype, "constructor", { value: Object });
