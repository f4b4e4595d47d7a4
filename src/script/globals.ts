/**
 * A VU's `globalThis`: an object of its own whose prototype offers ECMAScript's built-ins and nothing of Node.
 * What the script can reach by a free name is exactly what is in here.
 */

const builtins =
  "AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError " +
  "FinalizationRegistry Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map " +
  "Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol " +
  "SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly " +
  "decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval isFinite isNaN parseFloat parseInt undefined unescape";

/** One prototype for the globals of all VUs of a worker. */
export function createGlobalPrototype(): object {
  const prototype: object = {};
  for (const name of builtins.split(" ")) {
    const found = Object.getOwnPropertyDescriptor(globalThis, name);
    if (found) Object.defineProperty(prototype, name, { ...found, enumerable: false });
  }
  return prototype;
}

/** The globals object of one VU: `provided` as its own properties, `globalThis` and `global` as itself. */
export function createGlobals(
  prototype: object,
  provided: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const globals = Object.create(prototype) as Record<string, unknown>;
  // defineProperty, because a plain write would stumble over read-only names of the prototype.
  const define = (name: string, value: unknown, enumerable: boolean): void => {
    Object.defineProperty(globals, name, { value, enumerable, writable: true, configurable: true });
  };
  for (const [name, value] of Object.entries(provided)) define(name, value, true);
  define("globalThis", globals, false);
  define("global", globals, false);
  return globals;
}
