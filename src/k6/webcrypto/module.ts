/** The global `crypto` of a VU: random values, random ids, and `subtle`. */
import { randomFillSync, randomUUID } from "node:crypto";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { createSubtle } from "./subtle.ts";

const mostRandomBytes = 65_536;

/** Builds `crypto`. */
export function createWebCrypto(vu: VuContext): Record<string, unknown> {
  let subtle: object | undefined;
  return {
    getRandomValues,
    randomUUID: () => randomUUID(),
    // Most scripts never ask for it, and every VU would hold its dozen functions.
    get subtle() {
      return (subtle ??= createSubtle(vu));
    },
    CryptoKey: { type: "", extractable: false, algorithm: null, usages: [] },
  };
}

function getRandomValues(array: unknown): unknown {
  if (array === undefined || array === null)
    throw new TypeError("Cannot convert undefined or null to object");
  if (!isIntegerArray(array))
    throw new GoError("TypeMismatchError: typedArray parameter isn't a TypedArray instance");
  if (array.byteLength > mostRandomBytes)
    throw new GoError(
      `QuotaExceededError: typedArray parameter is too big; maximum length is ${mostRandomBytes}`,
    );
  return randomFillSync(array);
}

function isIntegerArray(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    value instanceof Int8Array ||
    value instanceof Uint8ClampedArray ||
    value instanceof Int16Array ||
    value instanceof Uint16Array ||
    value instanceof Int32Array ||
    value instanceof Uint32Array
  );
}
