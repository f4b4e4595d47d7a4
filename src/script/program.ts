/**
 * A loaded script in a worker: compiled once, instantiated once a VU.
 * Module state and `globalThis` belong to the instance; the code, its compiled form and the built-ins to the worker.
 */
import { Script } from "node:vm";
import { pathToFileURL } from "node:url";
import { exitCodes, LakhError } from "../base/errors.ts";
import {
  enterModuleGlobal,
  leaveModuleGlobal,
  metaGlobal,
  metaResolveGlobal,
  requireGuardGlobal,
  stdinName,
} from "./bundle-names.ts";
import type { Boxed, Factory } from "./factory.ts";
import { createGlobalPrototype, createGlobals } from "./globals.ts";
import type { ScriptBundle } from "./load.ts";
import { type ModuleScope, moduleScope } from "./open.ts";
import { createInitAssertion, createRequire } from "./require.ts";
import { createGlobalReader } from "./runtime.ts";
import type { Lane } from "./runtime.ts";
import { createSourceFinder } from "./function-source.ts";
import { createErrorDescriber } from "./script-error.ts";
import type { ScriptErrorReport } from "./script-error.ts";
import { mapStacks } from "./script-stacks.ts";

/** A compiled script. */
export interface Program {
  /**
   * Runs the top level for one VU; a promise when the top level awaits.
   * What the script throws there comes out unchanged.
   */
  instantiate(host: ScriptHost): ScriptInstance | Promise<ScriptInstance>;
  /** An error thrown by script code in the user's terms: message, and a trace with the user's files, lines and columns. */
  describeError(error: unknown): ScriptErrorReport;
  /** Gives the script's errors stacks in the user's terms, for the rest of this thread's life. */
  mapStacks(): void;
  /**
   * The text of a function of the script before it was lowered; of any other function its own text. Needs a bundle that
   * kept its code (`k6/browser`): without one it is the lowered text.
   */
  sourceOf(callee: (...args: never[]) => unknown): string;
}

/** What one VU offers to its instance of the script. */
export interface ScriptHost {
  readonly lane: Lane;
  /** The namespace object of a k6 module: its named exports and `default`. */
  importModule(specifier: string): object;
  /** Become properties of the VU's `globalThis`: `console`, `__ENV`, `__VU`, `open`, timers, … */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Makes the errors that scripts see: k6's GoError. */
  readonly createError: (message: string) => Error;
  /** False in k6's compatibility mode base, which has no global `global`. */
  readonly extended: boolean;
}

/** The script as one VU has it. */
export interface ScriptInstance {
  /** Live getters: `default`, `options`, `setup`, `teardown`, `handleSummary`, named functions. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** The VU's `globalThis`, which the engine may write to (`__ITER`). */
  readonly global: Record<string, unknown>;
}

/** A lowered level of calls takes up to three frames of V8's trace; ten of them would show three levels. */
const traceFrames = 30;

/** Compiles a loaded script for this worker. */
export function compileProgram(bundle: ScriptBundle): Program {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, traceFrames);
  const script = new Script(bundle.factorySource, { filename: bundle.programName });
  const factory = script.runInThisContext() as Factory;
  const moduleGlobals = moduleGlobalNames.filter((name) => bundle.factorySource.includes(name));
  const compiled = { bundle, factory, prototype: createGlobalPrototype(), moduleGlobals };
  const describe = createErrorDescriber(bundle);
  return {
    instantiate: (host) => instantiate(compiled, host),
    describeError: (error) => describe(error),
    mapStacks: () =>
      mapStacks({
        name: bundle.programName,
        describeTrace: (error, trace) => describe(error, trace).stack,
      }),
    sourceOf: createSourceFinder(bundle),
  };
}

/** Names that k6 calls itself, at their own moments. */
const lifecycleNames = ["setup", "teardown", "handleSummary"];

/**
 * Checks what an instance exports: at least one function, and only functions under the lifecycle's names.
 * @throws SCRIPT_NO_FUNCTIONS, SCRIPT_EXPORT_NOT_FUNCTION (both exit 255, as in k6)
 */
export function assertHasFunctions({ exports }: ScriptInstance, entryPath: string): void {
  const test = `could not load JS test '${entryUrl(entryPath)}'`;
  for (const name of lifecycleNames) {
    const value = exports[name];
    if (value === undefined || value === null || typeof value === "function") continue;
    throw new LakhError(
      "SCRIPT_EXPORT_NOT_FUNCTION",
      `${test}: exported '${name}' must be a function`,
      {
        hint: `it is ${typeof value === "object" ? "an object" : `a ${typeof value}`}; export a function under that name, or rename it`,
      },
    );
  }
  const runs = Object.keys(exports).some((name) => typeof exports[name] === "function");
  if (runs) return;
  throw new LakhError("SCRIPT_NO_FUNCTIONS", `${test}: no exported functions in script`, {
    hint: "export the function that one iteration runs: export default function () { … }",
    exitCode: exitCodes.generic,
  });
}

/** How k6 names the script. */
export function entryUrl(entryPath: string): string {
  if (entryPath === stdinName) return "file:///-";
  return entryPath.startsWith("https://") ? entryPath : pathToFileURL(entryPath).href;
}

interface Compiled {
  readonly bundle: ScriptBundle;
  readonly factory: Factory;
  readonly prototype: object;
  /** Those of {@link moduleGlobalNames} that the bundle mentions; most mention none, and every VU would hold them. */
  readonly moduleGlobals: readonly string[];
}

/** One accessor for all VUs: objects with accessors of their own share no hidden class. */
const globalItself: PropertyDescriptor = {
  get(this: object) {
    return this;
  },
  enumerable: true,
  configurable: true,
};

const moduleGlobalNames = [
  metaResolveGlobal,
  metaGlobal,
  enterModuleGlobal,
  leaveModuleGlobal,
  requireGuardGlobal,
];

function instantiate(
  compiled: Compiled,
  host: ScriptHost,
): ScriptInstance | Promise<ScriptInstance> {
  const { bundle, factory, prototype, moduleGlobals } = compiled;
  const stage = { init: true };
  const importModule = (specifier: string): object => host.importModule(specifier);
  const { createError } = host;
  const assertInit = createInitAssertion(stage, createError);
  const { missing } = bundle;
  const require = createRequire({ assertInit, importModule, missing, createError });
  const global = createGlobals(prototype, { require, ...host.globals });
  if (host.extended) Object.defineProperty(global, "global", globalItself);
  if (moduleGlobals.length > 0) {
    const names = moduleNames(host, assertInit);
    for (const name of moduleGlobals) Object.defineProperty(global, name, { value: names[name] });
  }
  const globals = { object: global, read: createGlobalReader(global, createError) };
  const finish = ([exports]: Boxed): ScriptInstance => {
    stage.init = false;
    return { exports: publicExports(exports, bundle, host), global };
  };
  const result = host.lane.enter(() => factory(importModule, host.lane.kit, globals));
  return result instanceof Promise
    ? (result as Promise<Boxed>).then(finish)
    : finish(result as Boxed);
}

/** What the bundle calls beside the script: `import.meta`, which module's top level is being run, and whether `require` may be. */
function moduleNames(host: ScriptHost, assertInit: () => void): Record<string, unknown> {
  const resolve = (specifier: unknown, base: string): string => resolveFrom(specifier, base, host);
  const scope = (host.globals["open"] as { [moduleScope]?: ModuleScope } | undefined)?.[
    moduleScope
  ];
  return {
    [metaResolveGlobal]: resolve,
    [metaGlobal]: { resolve: (specifier: unknown) => resolve(specifier, "file:///") },
    [enterModuleGlobal]: scope?.enter,
    [leaveModuleGlobal]: scope?.leave,
    [requireGuardGlobal]: assertInit,
  };
}

/** `import.meta.resolve`: URLs of files for `open()`. */
function resolveFrom(specifier: unknown, base: string, host: ScriptHost): string {
  const text = String(specifier);
  if (/^\.{0,2}\//u.test(text)) return new URL(text, base).href;
  if (URL.canParse(text)) return text;
  throw host.createError(
    `The moduleSpecifier "${text}" couldn't be recognised as something k6 supports.`,
  );
}

function publicExports(
  own: Readonly<Record<string, unknown>>,
  bundle: ScriptBundle,
  host: ScriptHost,
): Readonly<Record<string, unknown>> {
  // A CommonJS entry exports one value, whose properties are what k6 reads.
  if (bundle.format === "cjs")
    return forward(Object(own["default"]) as Record<string, unknown>, {});
  for (const specifier of bundle.starExports) {
    const { default: _, ...names } = host.importModule(specifier) as Record<string, unknown>;
    forward(names, own);
  }
  return own;
}

/** Adds to `target` a live getter for each property of `source` that it does not have. */
function forward(
  source: Readonly<Record<string, unknown>>,
  target: Readonly<Record<string, unknown>>,
): typeof target {
  for (const name of Object.keys(source)) {
    if (Object.hasOwn(target, name)) continue;
    Object.defineProperty(target, name, { get: () => source[name], enumerable: true });
  }
  return target;
}
