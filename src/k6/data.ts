/**
 * Module `k6/data`: SharedArray, one array for all VUs of a worker.
 * As in k6, an element is kept as JSON text and parsed anew, deeply frozen, at every access; the array cannot be written.
 * The proxy has no state of a VU, so all VUs hold the same object.
 */
import type { VuContext } from "./context.ts";
import { GoError, requireInit } from "./errors.ts";
import { isAsyncFunction } from "./async-functions.ts";
import { deepFreeze } from "./freeze.ts";
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
  if (typeof name !== "string" || name === "") {
    throw new GoError("empty name provided to SharedArray's constructor");
  }
  if (typeof build !== "function") {
    throw new GoError("a function is expected as the second argument of SharedArray's constructor");
  }
  const { sharedArrays } = workerScope(vu);
  const known = sharedArrays.get(name);
  if (known !== undefined) return known;
  if (isAsyncFunction(build))
    throw new GoError(
      "SharedArray constructor does not support async functions as second argument",
    );
  const items: unknown = (build as () => unknown)();
  if (items === undefined || items === null)
    throw new TypeError("Cannot convert undefined or null to object");
  if (!Array.isArray(items)) throw new GoError("only arrays can be made into SharedArray");
  const shared = createSharedArray(items);
  sharedArrays.set(name, shared);
  return shared;
}

/** A read-only array whose elements are parsed from JSON, and frozen, at each access. */
function createSharedArray(items: readonly unknown[]): readonly unknown[] {
  const texts = Array.from(items, (item) => JSON.stringify(item) ?? "null");
  const elementAt = (key: string | symbol): unknown => {
    const text = typeof key === "string" && isIndex(key) ? texts[Number(key)] : undefined;
    return text === undefined ? undefined : deepFreeze(JSON.parse(text) as unknown);
  };
  const refuse = (): never => {
    throw new TypeError("SharedArray is immutable");
  };
  // The target is an array of the right length, so that Array.isArray and the proxy's invariants hold.
  const target: unknown[] = [];
  target.length = texts.length;
  return new Proxy(target, {
    get: (_, key) => {
      const element = elementAt(key);
      return element === undefined ? Reflect.get(target, key) : element;
    },
    has: (_, key) =>
      typeof key === "string" && isIndex(key) ? Number(key) < texts.length : key in target,
    ownKeys: () => [...texts.keys()].map(String).concat("length"),
    getOwnPropertyDescriptor: (_, key) =>
      typeof key === "string" && isIndex(key) && Number(key) < texts.length
        ? { value: elementAt(key), writable: true, enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(target, key),
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  });
}

function isIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57 && /^(?:0|[1-9]\d*)$/u.test(key);
}
