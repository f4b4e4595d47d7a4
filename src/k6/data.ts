/**
 * Module `k6/data`: SharedArray, one array for all VUs of a worker.
 * As in k6, an element is kept as JSON text and parsed anew, deeply frozen, at every access; the array cannot be written.
 * The proxy has no state of a VU, so all VUs hold the same object.
 */
import type { VuContext } from "./context.ts";
import { GoError, requireInit } from "./errors.ts";
import { deepFreeze } from "./freeze.ts";
import { textOf } from "./text.ts";
import { workerScope } from "./worker-scope.ts";

type SharedArrayConstructor = new (name: string, build: () => unknown) => readonly unknown[];

/** Module `k6/data`. */
interface DataModule {
  readonly SharedArray: SharedArrayConstructor;
}

/** Builds module `k6/data` for one VU. */
export function createData(vu: VuContext): DataModule {
  // A bound function is a constructor of its own per VU, but with one hidden class for all.
  return { SharedArray: openSharedArray.bind(null, vu) as unknown as SharedArrayConstructor };
}

function openSharedArray(vu: VuContext, name: unknown, build: unknown): readonly unknown[] {
  requireInit(vu, "new SharedArray must be called in the init context");
  if (typeof build !== "function") {
    throw new GoError("a function is expected as the second argument of SharedArray's constructor");
  }
  const key = textOf(name);
  if (key === "") throw new GoError("empty name provided to SharedArray's constructor");
  const { sharedArrays } = workerScope(vu);
  const known = sharedArrays.get(key);
  if (known !== undefined) return known;
  const shared = shareArray((build as () => unknown)());
  sharedArrays.set(key, shared);
  return shared;
}

function shareArray(items: unknown): readonly unknown[] {
  // A lowered async function is an ordinary one that returns a promise.
  if (items instanceof Promise) {
    items.catch(() => undefined);
    throw new GoError(
      "SharedArray constructor does not support async functions as second argument",
    );
  }
  if (items === undefined || items === null)
    throw new TypeError("Cannot convert undefined or null to object");
  if (!Array.isArray(items)) throw new GoError("only arrays can be made into SharedArray");
  return createSharedArray(Array.from(items, jsonOf));
}

/** An element as k6 keeps it. What JSON has no text for is an error only when it is read. */
function jsonOf(item: unknown): string {
  try {
    return JSON.stringify(item) ?? notJson;
  } catch (error) {
    // V8 adds the path of the circle on further lines.
    throw error instanceof TypeError ? new TypeError(error.message.split("\n", 1)[0]) : error;
  }
}

const notJson = "undefined";

function parseElement(text: string): unknown {
  if (text === notJson)
    throw new SyntaxError("invalid character 'u' looking for beginning of value");
  return deepFreeze(JSON.parse(text) as unknown);
}

/** A read-only array whose elements are parsed from JSON, and frozen, at each access; `texts` holds one text an element. */
export function createSharedArray(texts: readonly string[]): readonly unknown[] {
  const textAt = (key: string | symbol): string | undefined =>
    typeof key === "string" && isIndex(key) ? texts[Number(key)] : undefined;
  // The target is an array of the right length, so that Array.isArray and the proxy's invariants hold.
  const target: unknown[] = [];
  target.length = texts.length;
  return new Proxy(target, {
    get: (_, key) => {
      const text = textAt(key);
      return text === undefined ? Reflect.get(target, key) : parseElement(text);
    },
    has: (_, key) => (isIndexKey(key) ? Number(key) < texts.length : key in target),
    ownKeys: () => [...texts.keys()].map(String).concat("length"),
    getOwnPropertyDescriptor: (_, key) => {
      const text = textAt(key);
      return text === undefined
        ? Reflect.getOwnPropertyDescriptor(target, key)
        : { value: parseElement(text), writable: true, enumerable: true, configurable: true };
    },
    set: (_, key) => refuseWrite("set", key),
    defineProperty: (_, key) => refuseWrite("define", key),
    deleteProperty: (_, key) => {
      if (isIndexKey(key) && Number(key) >= texts.length) return true;
      return key in target && !isIndexKey(key)
        ? refuse(`Cannot delete property "${String(key)}" on a dynamic array`)
        : refuseWrite("delete", key);
    },
    setPrototypeOf: () => refuse(immutable),
    preventExtensions: () => refuse("Cannot make a dynamic object non-extensible"),
  });
}

const immutable = "SharedArray is immutable";

function refuse(message: string): never {
  throw new TypeError(message);
}

/** Which of its reasons k6 gives depends on the key. */
function refuseWrite(verb: string, key: string | symbol): never {
  if (typeof key === "symbol") return refuse("Dynamic objects do not support Symbol properties");
  if (isIndex(key) || key === "length") return refuse(immutable);
  return refuse(`Cannot ${verb} property "${key}" on a dynamic array`);
}

function isIndexKey(key: string | symbol): key is string {
  return typeof key === "string" && isIndex(key);
}

function isIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57 && /^(?:0|[1-9]\d*)$/u.test(key);
}
