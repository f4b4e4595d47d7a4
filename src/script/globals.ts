/**
 * A VU's `globalThis`: an object of its own whose prototype offers ECMAScript's built-ins and nothing of Node, nor what V8 has
 * and k6's engine has not: scripts and libraries ask \`typeof Intl\`, and go the way they go in k6.
 * What the script can reach by a free name is exactly what is in here.
 */
import { lazyProperty } from "../base/lazy-property.ts";

const builtins =
  "AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError " +
  "Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array JSON Map " +
  "Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol " +
  "SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet " +
  "decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval isFinite isNaN parseFloat parseInt undefined unescape";

/** Makes the value of a global for one VU, of whose host it is told. */
export type LazyGlobals<Host> = Readonly<Record<string, (host: Host) => unknown>>;

/** Makes the `globalThis` of a VU: with `values` as its own properties. */
export type GlobalsFactory<Host> = (
  host: Host,
  values: Readonly<Record<string, unknown>>,
) => Record<string, unknown>;

/** Names that k6 has among the language's own, which no loop over the globals shows. */
const hidden: ReadonlySet<string> = new Set(["GoError", "Math"]);

/**
 * The factory of the globals of all VUs of a worker. They share one prototype, and the accessors of what is `lazy`: those become
 * a VU's own ordinary property when its script reads or writes them. Of the few KB that a VU takes, console, timers,
 * `open` and `require` would be 1.7, and hardly a script uses more than one or two.
 */
export function createGlobalsFactory<Host>(lazy: LazyGlobals<Host>): GlobalsFactory<Host> {
  class VuGlobals {
    readonly #host: Host;

    constructor(host: Host) {
      this.#host = host;
    }

    /** Of what inherits from the globals as well. */
    static hostOf(globals: object): Host {
      return #host in globals ? globals.#host : VuGlobals.hostOf(Object.getPrototypeOf(globals));
    }
  }
  const { prototype } = VuGlobals;
  Reflect.deleteProperty(prototype, "constructor");
  defineBuiltins(prototype);
  const itself = lazyProperty("globalThis", (globals) => globals, { enumerable: false });
  Object.defineProperty(prototype, "globalThis", itself);
  const own: PropertyDescriptorMap = {};
  for (const [name, make] of Object.entries(lazy)) {
    const enumerable = !hidden.has(name);
    const property = lazyProperty(name, (globals) => make(VuGlobals.hostOf(globals)), {
      enumerable,
    });
    if (enumerable) own[name] = property;
    else Object.defineProperty(prototype, name, property);
  }
  return (host, values) => {
    const globals = Object.defineProperties(new VuGlobals(host), own);
    for (const name of Object.keys(values)) define(globals, name, values[name]);
    return globals as unknown as Record<string, unknown>;
  };
}

/** Not by writing, which would stumble over what is read-only on the prototype. */
function define(globals: object, name: string, value: unknown): void {
  Object.defineProperty(globals, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function defineBuiltins(prototype: object): void {
  Object.defineProperty(prototype, Symbol.toStringTag, { value: "global" });
  for (const name of builtins.split(" ")) {
    const found = Object.getOwnPropertyDescriptor(globalThis, name);
    if (found) Object.defineProperty(prototype, name, { ...found, enumerable: false });
  }
}
