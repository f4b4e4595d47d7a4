/**
 * A VU's `globalThis`: an object of its own whose prototype offers ECMAScript's built-ins and nothing of Node, nor what V8 has
 * and k6's engine has not: scripts and libraries ask \`typeof Intl\`, and go the way they go in k6.
 * What the script can reach by a free name is exactly what is in here.
 */

const builtins =
  "AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError " +
  "Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array JSON Map " +
  "Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol " +
  "SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet " +
  "decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval isFinite isNaN parseFloat parseInt undefined unescape";

/** One prototype for the globals of all VUs of a worker. */
export function createGlobalPrototype(): object {
  const prototype: object = {};
  Object.defineProperty(prototype, Symbol.toStringTag, { value: "global" });
  for (const name of builtins.split(" ")) {
    const found = Object.getOwnPropertyDescriptor(globalThis, name);
    if (found) Object.defineProperty(prototype, name, { ...found, enumerable: false });
  }
  return prototype;
}

/** Provided names that k6 has among the language's own, which no loop over the globals shows. */
const hidden: readonly string[] = ["GoError", "Math"];

/** The globals object of one VU: `provided` as its own properties, `globalThis` as itself. */
export function createGlobals(
  prototype: object,
  provided: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  // A literal defines its names, where writes would stumble over read-only ones of the prototype; and with thousands of
  // VUs it matters that V8 keeps it as a fast object, which it would not after as many calls of defineProperty.
  const globals: Record<string, unknown> = { __proto__: prototype, ...provided };
  const hide = (name: string, value: unknown): void => {
    Object.defineProperty(globals, name, {
      value,
      enumerable: false,
      writable: true,
      configurable: true,
    });
  };
  for (const name of hidden) if (Object.hasOwn(provided, name)) hide(name, provided[name]);
  hide("globalThis", globals);
  return globals;
}
