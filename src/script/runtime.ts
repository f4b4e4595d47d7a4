/**
 * The run-time kit of lowered scripts. A call that waits returns the sentinel and leaves its promise in one register;
 * the nearest lowered call takes the promise out and awaits it. The register is filled and taken with nothing in
 * between, so one is enough for all VUs of a worker; what it holds when nobody took it is a leak, and is reported.
 */
import { commonJsNames, ecmaScriptGlobals } from "./lowering/global-names.ts";
import { installCallbackMethods } from "./runtime-callbacks.ts";
import { createKit } from "./runtime-kit.ts";
import { VuLane, type Lane } from "./runtime-lane.ts";
import { Register } from "./runtime-register.ts";

export type { BlockedCall, Entry, EntryEnd, Lane } from "./runtime-lane.ts";

/** The kit of a worker. */
export interface ScriptRuntime {
  /** Members that emitted code uses, the lane aside. */
  readonly kit: Readonly<Record<string, unknown>>;
  /** Never log, tag or serialise it: every use throws. */
  readonly sentinel: object;
  /** One VU's lane. */
  createLane(): Lane;
}

/** Creates the kit of a worker. It adds symbols to built-in prototypes, invisible to scripts. */
export function createScriptRuntime(): ScriptRuntime {
  const register = new Register();
  const { sentinel } = register;
  const kit = {
    ...createKit(register),
    callbackSymbols: installCallbackMethods(register),
    writable: createGlobalWriter(),
  };
  return { kit, sentinel, createLane: () => new VuLane(register, kit) };
}

/**
 * Reads a global by name as an unbound identifier does: a ReferenceError when there is none. The language's own names
 * are there even when the script assigns to them and `globals` does not have them yet.
 */
export function createGlobalReader(
  globals: object,
  createError: (message: string) => Error = (message) => new ReferenceError(message),
): (name: string) => unknown {
  return (name) => {
    // Nearly every read is of one that is there; the rest of the questions need not be asked then.
    const value = Reflect.get(globals, name) as unknown;
    if (value !== undefined) return value;
    if (commonJsNames.has(name) && !(name in globals)) throw createError(mixedSyntax(name));
    if (!(name in globals) && ecmaScriptGlobals.has(name)) return Reflect.get(globalThis, name);
    if (!(name in globals)) throw new ReferenceError(`${name} is not defined`);
    return undefined;
  };
}

/**
 * From a globals object to what emitted code writes its globals to. Scripts are strict: a ReferenceError when there is no
 * such global, at the moment of the write.
 */
export function createGlobalWriter(): (globals: object) => object {
  const writers = new WeakMap<object, object>();
  return (globals) => {
    let writer = writers.get(globals);
    if (writer === undefined) {
      writer = new Proxy(globals, strictGlobals);
      writers.set(globals, writer);
    }
    return writer;
  };
}

const strictGlobals: ProxyHandler<object> = {
  get(globals, name) {
    assertGlobal(globals, name);
    return Reflect.get(name in globals ? globals : globalThis, name) as unknown;
  },
  set(globals, name, value) {
    assertGlobal(globals, name);
    return Reflect.set(globals, name, value);
  },
};

function assertGlobal(globals: object, name: string | symbol): void {
  if (name in globals || ecmaScriptGlobals.has(String(name))) return;
  throw new ReferenceError(`${String(name)} is not defined`);
}

function mixedSyntax(name: string): string {
  return (
    `you are trying to access identifier "${name}", this likely is due to mixing ECMAScript Modules (ESM) and CommonJS syntax. ` +
    "This isn't supported in the JavaScript standard, please use only one or the other"
  );
}
