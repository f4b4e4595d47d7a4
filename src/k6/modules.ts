/**
 * From an import specifier to a module of k6. Modules are built when first asked for and kept per VU;
 * those without state of a VU are one object for all. What brings packages along is read only for scripts that import it. Every namespace has its names and itself as `default`,
 * so `import http`, `import { get }` and `import * as http` all work.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { VuContext } from "./context.ts";
import { createCore } from "./core.ts";
import { createCryptoModule } from "./crypto/module.ts";
import { createX509 } from "./crypto/x509.ts";
import { createData } from "./data.ts";
import { createEncoding } from "./encoding.ts";
import { GoError } from "./errors.ts";
import { createExecution } from "./execution.ts";
import { createCsv } from "./csv/module.ts";
import { createFs } from "./fs.ts";
import { createHtml } from "./html/module.ts";
import { createHttp } from "./http/module.ts";
import { createMetrics } from "./metrics.ts";
import { createSecrets } from "./secrets/module.ts";
import { createStreams } from "./streams/module.ts";
import { timersOf } from "./timers.ts";

type ModuleBuilder = (vu: VuContext) => object;

const builders: Readonly<Record<string, ModuleBuilder>> = {
  k6: createCore,
  "k6/crypto": createCryptoModule,
  "k6/crypto/x509": createX509,
  "k6/data": createData,
  "k6/encoding": createEncoding,
  "k6/execution": createExecution,
  "k6/experimental/csv": createCsv,
  "k6/experimental/fs": createFs,
  "k6/experimental/streams": createStreams,
  "k6/html": createHtml,
  "k6/http": createHttp,
  "k6/metrics": createMetrics,
  "k6/secrets": createSecrets,
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

/** What k6 once had, and what it says to a script that asks for it. */
const removed: Readonly<Record<string, string>> = {
  "k6/experimental/browser":
    "k6/experimental/browser has been graduated, please use k6/browser instead.Please update your imports to use k6/browser instead of k6/experimental/browser, For more information, see the migration guide at the link: https://grafana.com/docs/k6/latest/using-k6-browser/migrating-to-k6-v0-52/",
  "k6/experimental/grpc":
    "k6/experimental/grpc has been graduated, please use k6/net/grpc instead. See https://grafana.com/docs/k6/latest/javascript-api/k6-net-grpc/ for more information.",
  "k6/experimental/redis":
    "k6/experimental/redis has been removed. Please migrate to the new version by changing your import to 'k6/x/redis'. Read more here: https://grafana.com/docs/k6/latest/javascript-api/k6-x-redis",
  "k6/experimental/timers":
    "k6/experimental/timers has been graduated, and it's now globally available as defined by standard WebAPIs. You just need to remove the import.",
  "k6/experimental/tracing":
    "k6/experimental/tracing has been removed. All of it functionality is available as pure JavaScript module. More info available at the docs: https://grafana.com/docs/k6/latest/javascript-api/jslib/http-instrumentation-tempo",
  "k6/experimental/webcrypto":
    "k6/experimental/webcrypto has been graduated and it's now globally available as defined by standard WebAPIs. You just need to remove the import.",
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
 * @throws LakhError K6_MODULE_MISSING, K6_UNKNOWN_MODULE; GoError for what k6 removed (from the returned function)
 * @example const http = createModules(vu)("k6/http") as { get(url: string): unknown };
 */
export function createModules(vu: VuContext): (specifier: string) => object {
  // An object and no Map, which is three times as large for the few modules of a script.
  const built: Record<string, object> = {};
  return (specifier) => {
    if (!Object.hasOwn(built, specifier)) built[specifier] = build(vu, specifier);
    return built[specifier]!;
  };
}

function build(vu: VuContext, specifier: string): object {
  const builder = Object.hasOwn(builders, specifier)
    ? builders[specifier]
    : loadedBuilders.get(specifier);
  if (builder === undefined) throw refusal(specifier);
  const module = builder(vu);
  return Object.hasOwn(module, "default")
    ? module
    : Object.defineProperty(module, "default", itself);
}

/** A namespace is its own default export: one object per module and VU, not two; and one accessor for all of them. */
const itself: PropertyDescriptor = {
  get(this: object) {
    return this;
  },
  enumerable: false,
};

function refusal(specifier: string): Error {
  if (Object.hasOwn(removed, specifier)) return new GoError(removed[specifier]!);
  if (specifier.startsWith("k6/x/")) {
    return new LakhError("K6_MODULE_MISSING", `lakh has no ${specifier} yet`, {
      hint: `run this script with --runner k6, or keep to ${moduleNames.join(", ")}`,
      exitCode: exitCodes.scriptException,
    });
  }
  return new LakhError("K6_UNKNOWN_MODULE", `unknown module "${specifier}"`, {
    hint: `these modules exist: ${moduleNames.join(", ")}`,
    exitCode: exitCodes.scriptException,
  });
}
