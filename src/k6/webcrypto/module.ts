/** The global `crypto` of a VU: random values, random ids, and `subtle`. */
import { randomFillSync, randomUUID } from "node:crypto";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { createSubtle } from "./subtle.ts";

/** What k6 has under this name: the members of a key that is none. */
const cryptoKey = { type: "", extractable: false, algorithm: null, usages: [] };

const mostRandomBytes = 65_536;

/** Builds `crypto`. */
export function createWebCrypto(vu: VuContext): object {
  return new WebCrypto(vu);
}

/** A class for what all VUs share: each has a `crypto`, and hardly a script asks for `subtle` and its dozen functions. */
class WebCrypto {
  readonly #vu: VuContext;
  #subtle: object | undefined;

  static readonly #subtleProperty: PropertyDescriptor = {
    get(this: WebCrypto) {
      return (this.#subtle ??= createSubtle(this.#vu));
    },
    enumerable: true,
    configurable: true,
  };

  readonly getRandomValues = getRandomValues;
  readonly randomUUID = createRandomUuid;
  declare readonly CryptoKey: object;

  constructor(vu: VuContext) {
    this.#vu = vu;
    Object.defineProperty(this, "subtle", WebCrypto.#subtleProperty);
    this.CryptoKey = cryptoKey;
  }
}

// To scripts it is a plain object.
Reflect.deleteProperty(WebCrypto.prototype, "constructor");

function createRandomUuid(): string {
  return randomUUID();
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
