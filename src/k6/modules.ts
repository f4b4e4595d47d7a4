/**
 * From an import specifier to a module of k6. Modules are built when first asked for and kept per VU;
 * those without state of a VU are one object for all. What brings packages along is read only for scripts that import it. Every namespace has its names and itself as `default`,
 * so `import http`, `import { get }` and `import * as http` all work.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { VuContext } from "./context.ts";
import { createCore } from "./core.ts";
import { cryptoModule } from "./crypto.ts";
import { createData } from "./data.ts";
import { encodingModule } from "./encoding.ts";
import { createExecution } from "./execution.ts";
import { createHtml } from "./html/module.ts";
import { createHttp } from "./http/module.ts";
import { createMetrics } from "./metrics.ts";
import { timersOf } from "./timers.ts";

type ModuleBuilder = (vu: VuContext) => object;

const builders: Readonly<Record<string, ModuleBuilder>> = {
  k6: createCore,
  "k6/crypto": () => cryptoModule,
  "k6/data": createData,
  "k6/encoding": () => encodingModule,
  "k6/execution": createExecution,
  "k6/html": createHtml,
  "k6/http": createHttp,
  "k6/metrics": createMetrics,
  "k6/timers": (vu) => ({ ...timersOf(vu) }),
};

/** Builders that are read from disk when a script imports them; see {@link loadModules}. */
const lazyBuilders: Readonly<Record<string, () => Promise<ModuleBuilder>>> = {
  "k6/browser": async () => (await import("./browser/module.ts")).loadBrowserModule(),
  "k6/experimental/websockets": async () =>
    (await import("./ws/websockets.ts")).createExperimentalWebsockets,
  "k6/net/grpc": async () => (await import("./grpc/module.ts")).createGrpc,
  "k6/websockets": async () => (await import("./ws/websockets.ts")).createWebsockets,
  "k6/ws": async () => (await import("./ws/ws.ts")).createWs,
};

/** Those of this thread that have been read. */
const loadedBuilders = new Map<string, ModuleBuilder>();

/** Specifiers that `createModules` serves. */
export const moduleNames: readonly string[] = [
  ...Object.keys(builders),
  ...Object.keys(lazyBuilders),
];

/** What k6 has and lakh does not yet. */
const missing: ReadonlySet<string> = new Set([
  "k6/crypto/x509",
  "k6/experimental/csv",
  "k6/experimental/fs",
  "k6/experimental/streams",
  "k6/secrets",
]);

/** What k6 once had, and what took its place. */
const removed: Readonly<Record<string, string>> = {
  "k6/experimental/browser": 'import "k6/browser" instead',
  "k6/experimental/grpc": 'import "k6/net/grpc" instead',
  "k6/experimental/redis": 'import "k6/x/redis" instead',
  "k6/experimental/timers": 'import "k6/timers", or use the global functions',
  "k6/experimental/tracing": "use the tracing library of jslib.k6.io instead",
  "k6/experimental/webcrypto": "use the global crypto instead",
};

/** Reads what these specifiers need from disk; once a thread, before the first VU. Names that it does not know are left. */
export async function loadModules(specifiers: readonly string[]): Promise<void> {
  for (const specifier of specifiers) {
    if (!Object.hasOwn(lazyBuilders, specifier) || loadedBuilders.has(specifier)) continue;
    loadedBuilders.set(specifier, await lazyBuilders[specifier]!());
  }
}

/**
 * The modules of one VU: a function from specifier to module namespace.
 * @throws LakhError K6_MODULE_MISSING, K6_UNKNOWN_MODULE (from the returned function)
 * @example const http = createModules(vu)("k6/http") as { get(url: string): unknown };
 */
export function createModules(vu: VuContext): (specifier: string) => object {
  const built = new Map<string, object>();
  return (specifier) => {
    let namespace = built.get(specifier);
    if (namespace === undefined) {
      namespace = build(vu, specifier);
      built.set(specifier, namespace);
    }
    return namespace;
  };
}

function build(vu: VuContext, specifier: string): object {
  const builder = Object.hasOwn(builders, specifier)
    ? builders[specifier]
    : loadedBuilders.get(specifier);
  if (builder === undefined) throw refusal(specifier);
  const module = builder(vu);
  return Object.hasOwn(module, "default") ? module : withDefault(module);
}

/** A namespace is its own default export: one object per module and VU, not two. */
function withDefault(module: object): object {
  if (Object.isFrozen(module)) return Object.freeze({ ...module, default: module });
  return Object.defineProperty(module, "default", { value: module, enumerable: false });
}

function refusal(specifier: string): LakhError {
  if (missing.has(specifier) || specifier.startsWith("k6/x/")) {
    return new LakhError("K6_MODULE_MISSING", `lakh has no ${specifier} yet`, {
      hint: `run this script with the k6 binary itself, or keep to ${moduleNames.join(", ")}`,
      exitCode: exitCodes.scriptException,
    });
  }
  if (Object.hasOwn(removed, specifier)) {
    return new LakhError("K6_UNKNOWN_MODULE", `k6 has removed the module "${specifier}"`, {
      hint: removed[specifier]!,
      exitCode: exitCodes.scriptException,
    });
  }
  return new LakhError("K6_UNKNOWN_MODULE", `unknown module "${specifier}"`, {
    hint: `these modules exist: ${moduleNames.join(", ")}`,
    exitCode: exitCodes.scriptException,
  });
}
