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
import { createGlobalsFactory, type GlobalsFactory, type LazyGlobals } from "./globals.ts";
import type { ScriptBundle } from "./load.ts";
import { type ModuleScope, moduleScope } from "./open.ts";
import { createInitAssertion, createRequire } from "./require.ts";
import { createGlobalReader } from "./runtime.ts";
import type { Lane } from "./runtime.ts";
import { createSourceFinder } from "./function-source.ts";
import { createErrorDescriber } from "./script-error.ts";
import type { ScriptErrorReport } from "./script-error.ts";
import { mapStacks } from "./script-stacks.ts";

/** A compiled script, for VUs that are hosted by `Host`. */
export interface Program<Host extends ScriptHost = ScriptHost> {
  /**
   * Runs the top level for one VU; a promise when the top level awaits.
   * What the script throws there comes out unchanged.
   */
  instantiate(host: Host): ScriptInstance | Promise<ScriptInstance>;
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
  /** Become properties of the VU's `globalThis`: `__ENV`, `__VU`, … */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Makes the errors that scripts see: k6's GoError. */
  readonly createError: (message: string) => Error;
  /** False in k6's compatibility mode base, which has no global `global`. */
  readonly extended: boolean;
}

/** The script as one VU has it. */
export interface ScriptInstance {
  /** An export as it is now: `default`, `options`, `setup`, `teardown`, `handleSummary`, named functions. */
  exported(name: string): unknown;
  /** All of them, as an object of live getters made for the caller. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** The VU's `globalThis`, which the engine may write to (`__ITER`). */
  readonly global: Record<string, unknown>;
}

/** A lowered level of calls takes up to three frames of V8's trace; ten of them would show three levels. */
const traceFrames = 30;

/**
 * Compiles a loaded script for this worker.
 * @param lazyGlobals globals beside those of each host, made for a VU when its script first reads them
 */
export function compileProgram<Host extends ScriptHost = ScriptHost>(
  bundle: ScriptBundle,
  lazyGlobals: LazyGlobals<Host> = {},
): Program<Host> {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, traceFrames);
  const script = new Script(bundle.factorySource, { filename: bundle.programName });
  const factory = script.runInThisContext() as Factory;
  const moduleGlobals = moduleGlobalNames.filter((name) => bundle.factorySource.includes(name));
  const createGlobals = createGlobalsFactory<Instance<Host>>({
    require: createRequireOf,
    ...Object.fromEntries(
      Object.entries(lazyGlobals).map(([name, make]) => [
        name,
        ({ host }: Instance<Host>) => make(host),
      ]),
    ),
  });
  const compiled: Compiled<Host> = { bundle, factory, createGlobals, moduleGlobals };
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

interface Compiled<Host extends ScriptHost> {
  readonly bundle: ScriptBundle;
  readonly factory: Factory;
  readonly createGlobals: GlobalsFactory<Instance<Host>>;
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

/** `require` of an instance. */
function createRequireOf(instance: Instance<ScriptHost>): (specifier: unknown) => unknown {
  const { host, bundle } = instance;
  const { createError } = host;
  return createRequire({
    assertInit: createInitAssertion(instance, createError),
    importModule: (specifier) => host.importModule(specifier),
    missing: bundle.missing,
    createError,
  });
}

function instantiate<Host extends ScriptHost>(
  compiled: Compiled<Host>,
  host: Host,
): ScriptInstance | Promise<ScriptInstance> {
  const { bundle, factory, createGlobals, moduleGlobals } = compiled;
  const instance = new Instance(host, bundle);
  const global = createGlobals(instance, host.globals);
  instance.global = global;
  if (host.extended) Object.defineProperty(global, "global", globalItself);
  if (moduleGlobals.length > 0) {
    const names = moduleNames(instance);
    for (const name of moduleGlobals) Object.defineProperty(global, name, { value: names[name] });
  }
  const importModule = (specifier: string): object => host.importModule(specifier);
  const globals = { object: global, read: createGlobalReader(global, host.createError) };
  const finish = ([exported]: Boxed): ScriptInstance => {
    instance.init = false;
    instance.named = exported;
    return instance;
  };
  const result = host.lane.enter(() => factory(importModule, host.lane.kit, globals));
  return result instanceof Promise
    ? (result as Promise<Boxed>).then(finish)
    : finish(result as Boxed);
}

/** What the bundle calls beside the script: `import.meta`, which module's top level is being run, and whether `require` may be. */
function moduleNames(instance: Instance<ScriptHost>): Record<string, unknown> {
  const { host, global } = instance;
  const resolve = (specifier: unknown, base: string): string => resolveFrom(specifier, base, host);
  const scope = (global["open"] as { [moduleScope]?: ModuleScope } | undefined)?.[moduleScope];
  return {
    [metaResolveGlobal]: resolve,
    [metaGlobal]: { resolve: (specifier: unknown) => resolve(specifier, "file:///") },
    [enterModuleGlobal]: scope?.enter,
    [leaveModuleGlobal]: scope?.leave,
    [requireGuardGlobal]: createInitAssertion(instance, host.createError),
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

class Instance<Host extends ScriptHost> implements ScriptInstance {
  readonly host: Host;
  readonly bundle: ScriptBundle;
  /** Whether the top level is being run. */
  init = true;
  global!: Record<string, unknown>;
  /** What the factory gave. */
  named!: (name: string) => unknown;

  constructor(host: Host, bundle: ScriptBundle) {
    this.host = host;
    this.bundle = bundle;
  }

  exported(name: string): unknown {
    const { format, exportNames, starExports } = this.bundle;
    // A CommonJS entry exports one value, whose properties are what k6 reads.
    if (format === "cjs") return Object.hasOwn(this.#module, name) ? this.#module[name] : undefined;
    if (starExports.length === 0 || exportNames.includes(name)) return this.named(name);
    return this.#starModules.find((module) => Object.hasOwn(module, name))?.[name];
  }

  get exports(): Readonly<Record<string, unknown>> {
    const exports = Object.create(null) as Record<string, unknown>;
    for (const name of new Set(this.#names))
      Object.defineProperty(exports, name, { get: () => this.exported(name), enumerable: true });
    return exports;
  }

  get #names(): readonly string[] {
    if (this.bundle.format === "cjs") return Object.keys(this.#module);
    return [...this.bundle.exportNames, ...this.#starModules.flatMap(Object.keys)];
  }

  get #module(): Record<string, unknown> {
    return Object(this.named("default")) as Record<string, unknown>;
  }

  /** Modules of k6 all of whose names are exported, but for `default`. */
  get #starModules(): readonly Record<string, unknown>[] {
    return this.bundle.starExports.map((specifier) => {
      const { default: _, ...names } = this.host.importModule(specifier) as Record<string, unknown>;
      return names;
    });
  }
}
