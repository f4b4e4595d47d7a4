/** A folder of script files, a loader with its own cache, and a VU whose k6 modules really suspend and write down every call. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestContext } from "node:test";
import { silentLogger } from "../../../src/base/log.ts";
import { loadScriptWith } from "../../../src/script/load.ts";
import type { LoadInternals, LoadRequest, ScriptBundle } from "../../../src/script/load.ts";
import { compileProgram } from "../../../src/script/program.ts";
import type { Program, ScriptInstance } from "../../../src/script/program.ts";
import { createScriptRuntime } from "../../../src/script/runtime.ts";
import type { Lane } from "../../../src/script/runtime.ts";

const runtime = createScriptRuntime();

/** The repository's root, found from wherever the compiled test lies. */
export function repositoryRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, "package.json"))) dir = dirname(dir);
  return dir;
}

/** A file of this folder's fixtures, which the compiler leaves alone. */
export function fixture(name: string): string {
  return join(repositoryRoot(), "test/unit/script/fixtures", name);
}

/** A temporary folder with these files (path → text), removed after the test. */
export async function folder(
  t: TestContext,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "lakh-script-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

const noNetwork: LoadInternals = {
  fetch: (url) => Promise.reject(new Error(`the test forbids the network: ${url}`)),
};

export function request(dir: string, over: Partial<LoadRequest> = {}): LoadRequest {
  const cacheDir = join(dir, ".cache");
  return {
    path: join(dir, "script.js"),
    cwd: dir,
    cacheDir,
    offline: false,
    lower: "auto",
    log: silentLogger,
    ...over,
  };
}

export function load(
  dir: string,
  over: Partial<LoadRequest> = {},
  internals: LoadInternals = noNetwork,
): Promise<ScriptBundle> {
  return loadScriptWith(request(dir, over), internals);
}

export interface Vu {
  readonly lane: Lane;
  readonly instance: ScriptInstance;
  /** Every call of a fake k6 function, in order. */
  readonly calls: string[];
  /** Runs an exported function as the engine would. */
  run(name?: string, ...given: unknown[]): Promise<unknown>;
}

/** Loads a script, and makes one VU of it. */
export async function startVu(
  program: Program,
  globals: Readonly<Record<string, unknown>> = {},
): Promise<Vu> {
  const lane = runtime.createLane();
  const calls: string[] = [];
  const modules = fakeModules(lane, calls);
  const instance = await program.instantiate({
    lane,
    importModule: (specifier) => {
      const found = modules[specifier];
      if (!found) throw new Error(`the test has no module ${specifier}`);
      return found;
    },
    globals: {
      __VU: 1,
      __ITER: 0,
      __ENV: {},
      console: { log: (text: string) => calls.push(`log ${text}`) },
      ...globals,
    },
    createError: (message) => Object.assign(new Error(message), { name: "GoError" }),
    extended: true,
  });
  return {
    lane,
    instance,
    calls,
    run: async (name = "default", ...given) =>
      await lane.enter(() =>
        (instance.exports[name] as (...given: unknown[]) => unknown)(...given),
      ),
  };
}

/** Loads `script.js` (or another file) of `dir` and starts one VU. */
export async function loadVu(
  dir: string,
  over: Partial<LoadRequest> = {},
): Promise<Vu & { program: Program }> {
  // As a worker receives it.
  const program = compileProgram(structuredClone(await load(dir, over)));
  return { ...(await startVu(program)), program };
}

/** An async function, as k6's modules use: an error that it makes carries the frames of the script that waits. */
const soon = async <T>(value: () => T): Promise<T> => {
  await new Promise((resolve) => setImmediate(resolve));
  return value();
};

interface FakeResponse {
  readonly status: number;
  readonly body: string;
  readonly timings: { readonly duration: number };
}

function fakeModules(lane: Lane, calls: string[]): Readonly<Record<string, object>> {
  const respond = (method: string, url: string): FakeResponse => {
    if (url.includes("refused")) throw new Error(`connection refused: ${url}`);
    calls.push(`${method} ${url}`);
    return { status: 200, body: '{"tokens":{"accessToken":"t0"}}', timings: { duration: 1 } };
  };
  const http = {
    get: (url: string) =>
      lane.block(
        soon(() => respond("GET", url)),
        "http.get",
      ),
    post: (url: string) =>
      lane.block(
        soon(() => respond("POST", url)),
        "http.post",
      ),
  };
  const core = {
    sleep: (seconds: number) => {
      calls.push(`sleep ${seconds < 0.5 ? seconds : "think time"}`);
      return lane.block(
        soon(() => undefined),
        "sleep",
      );
    },
    group: (name: string, body: () => unknown) => {
      calls.push(`group ${name}`);
      return lane.call(body, {
        onValue: (value) => value,
        onError: (error) => {
          throw error;
        },
      });
    },
    check: (value: unknown, sets: Record<string, unknown>) => {
      const verdicts = Object.entries(sets).map(([name, condition]) => {
        const passed =
          typeof condition === "function"
            ? Boolean((condition as (value: unknown) => unknown)(value))
            : condition;
        calls.push(`check ${name} ${String(passed)}`);
        return passed;
      });
      return verdicts.every(Boolean);
    },
  };
  class Metric {
    readonly name: string;
    constructor(name: string) {
      this.name = name;
    }
    add(value: number): void {
      calls.push(`metric ${this.name}${value === 1 ? " 1" : ""}`);
    }
  }
  const metrics = { Rate: Metric, Trend: Metric, Counter: Metric, Gauge: Metric };
  const execution = {
    vu: { tags: {} as Record<string, string> },
    scenario: { name: "default", startTime: 0 },
    test: { options: { scenarios: {} as Record<string, unknown> } },
  };
  const namespaces = {
    k6: core,
    "k6/http": http,
    "k6/metrics": metrics,
    "k6/execution": execution,
    "k6/browser": { browser: {} },
  };
  return Object.fromEntries(
    Object.entries(namespaces).map(([name, names]) => [name, { ...names, default: names }]),
  );
}
