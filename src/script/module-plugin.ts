/**
 * What imports of a script mean beyond the bundler's own file and package resolution:
 * `k6` and `k6/*` stay imports (the engine provides them), `https:` URLs are remote modules, k6's own helper libraries
 * are served from lakh, every other scheme is refused. Follows k6's rules for URLs (k6 documentation, "Modules").
 */
import { readFile } from "node:fs/promises";
import { dirname, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type {
  Loader,
  OnLoadResult,
  OnResolveArgs,
  OnResolveResult,
  Plugin,
  PluginBuild,
} from "esbuild";
import { LakhError } from "../base/errors.ts";
import { archivedPath } from "./archived.ts";
import {
  enterModuleGlobal,
  leaveModuleGlobal,
  metaResolveGlobal,
  metaResolveName,
} from "./bundle-names.ts";
import { removedModules } from "./catalog.ts";
import type { ScriptErrorCode } from "./errors.ts";
import { jslibFile } from "./jslib.ts";

/** Travels with a bundler message as its `detail`. */
export interface ModuleFault {
  readonly code: ScriptErrorCode;
  readonly hint: string | undefined;
}

export interface ModulePluginOptions {
  /** Specifiers that the engine provides, such as `k6/http`. */
  readonly knownModules: readonly string[];
  /** Text of a remote module; may throw a LakhError. */
  readonly readRemote: (url: string) => Promise<string>;
  /** Local files of an archive by absolute path; undefined for a script on disk. */
  readonly archived: ReadonlyMap<string, Uint8Array> | undefined;
  /** Called with each k6 module that is imported. */
  readonly onModule: (specifier: string) => void;
  /** Called with what `require()` is given and what leads nowhere. */
  readonly onMissing: (specifier: string) => void;
}

const remoteNamespace = "remote";
const jslibNamespace = "jslib";
const archiveNamespace = "archive";

/** The bundler plugin with these rules. */
export function modulePlugin(options: ModulePluginOptions): Plugin {
  return {
    name: "lakh-modules",
    setup(build) {
      // The bundler runs these filters in Go, which knows no flag u.
      build.onResolve({ filter: /.*/ }, ({ path, kind }) =>
        // Never loaded: the lowering writes k6's refusal for it.
        kind === "dynamic-import" ? { path, external: true } : undefined,
      );
      build.onResolve({ filter: /^k6(?:\/|$)/ }, (args) => resolveK6(args, options));
      leaveMissingRequires(build, options.onMissing);
      const entryDir = build.initialOptions.absWorkingDir ?? "";
      if (options.archived !== undefined) serveArchive(build, options.archived, entryDir);
      build.onResolve({ filter: /^[a-z][a-z\d+.-]*:\/\//i }, (args) => resolveUrl(args, args.path));
      build.onResolve({ filter: /^[./]/, namespace: remoteNamespace }, (args) =>
        resolveUrl(args, new URL(args.path, args.importer).href),
      );
      serveJslib(build);
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, (args) =>
        loadOwn(args.path, entryDir),
      );
      build.onResolve({ filter: /^enter:/ }, (args) => ({
        path: args.path.slice(enterNamespace.length + 1),
        namespace: enterNamespace,
        sideEffects: true,
      }));
      build.onLoad({ filter: /.*/, namespace: enterNamespace }, (args) => ({
        contents: `${enterModuleGlobal}(${JSON.stringify(dirname(args.path))});`,
      }));
      build.onLoad({ filter: /.*/, namespace: remoteNamespace }, (args) =>
        loadRemote(args.path, options.readRemote),
      );
    },
  };
}

const asked: unique symbol = Symbol("asked");

/** `require()` of what is not there is an error of the script, when it gets there: packages ask for what they can do without. */
function leaveMissingRequires(build: PluginBuild, onMissing: (specifier: string) => void): void {
  build.onResolve({ filter: /.*/ }, async (args) => {
    const { path, kind, importer, namespace, resolveDir } = args;
    if (kind !== "require-call" || args.pluginData === asked) return undefined;
    const how = { kind, importer, namespace, resolveDir, pluginData: asked };
    const { errors } = await build.resolve(path, how);
    if (errors.length === 0) return undefined;
    onMissing(path);
    return { path, external: true };
  });
}

/** Files of an archive are found in the archive only: it is the whole test. */
function serveArchive(
  build: PluginBuild,
  files: ReadonlyMap<string, Uint8Array>,
  entryDir: string,
): void {
  const resolveIn = (args: OnResolveArgs, path: string): OnResolveResult => {
    const known = [path, archivedPath(path)].find((candidate) => files.has(candidate));
    return known === undefined
      ? refuse(
          "SCRIPT_MODULE_NOT_FOUND",
          `The module "${args.path}" was not found in the archive`,
          "make the archive again beside all its files",
        )
      : { path: known, namespace: archiveNamespace };
  };
  build.onResolve({ filter: /^\// }, (args) =>
    args.namespace === remoteNamespace ? undefined : resolveIn(args, args.path),
  );
  build.onResolve({ filter: /^\./, namespace: archiveNamespace }, (args) =>
    resolveIn(args, posix.join(posix.dirname(args.importer), args.path)),
  );
  build.onResolve({ filter: /^file:\/\//, namespace: archiveNamespace }, (args) =>
    resolveIn(args, fileURLToPath(args.path)),
  );
  build.onLoad({ filter: /.*/, namespace: archiveNamespace }, (args) => ({
    contents: forBundle(Buffer.from(files.get(args.path)!).toString("utf8"), args.path, entryDir),
    loader: archiveLoader(args.path),
  }));
}

function archiveLoader(path: string): Loader {
  if (path.endsWith(".json")) return "json";
  return /\.[cm]?tsx?$/u.test(path) ? "ts" : "js";
}

function serveJslib(build: PluginBuild): void {
  // lakh's helper libraries may share code with lakh; that code is part of the library, not of the user's files.
  build.onResolve({ filter: /^\./, namespace: jslibNamespace }, (args) => {
    const file = fileURLToPath(new URL(args.path, args.pluginData as string));
    return {
      path: file,
      namespace: jslibNamespace,
      pluginData: new URL(args.path, args.pluginData as string).href,
    };
  });
  build.onLoad({ filter: /.*/, namespace: jslibNamespace }, async (args) => ({
    contents: await readFile(new URL(args.pluginData as string), "utf8"),
    loader: "js",
    pluginData: args.pluginData,
  }));
}

const enterNamespace = "enter";

/**
 * Lets `open` know that the top level of a file is being run, for files outside of the entry's folder. In a module an import
 * that stands last is evaluated right before the file's own code; a CommonJS file has no such place, and gets a prefix.
 */
function withScope(text: string, path: string): string {
  if (!/\bopen\b/u.test(text)) return text;
  const leave = `\n${leaveModuleGlobal}();\n`;
  if (/^\s*(?:import|export)\b/mu.test(text))
    return `${text}\nimport ${JSON.stringify(`${enterNamespace}:${path}`)};${leave}`;
  return `${enterModuleGlobal}(${JSON.stringify(dirname(path))});${text}${leave}`;
}

/** `import.meta.resolve`, the one member that k6 has: appended as a declaration, which no line or column feels. */
export function withMetaResolve(text: string, url: string): string {
  if (!text.includes("import.meta")) return text;
  const body = `return ${metaResolveGlobal}(specifier, ${JSON.stringify(url)});`;
  return `${text}\nfunction ${metaResolveName}(specifier) { ${body} }\n`;
}

/** Leaves all files to the bundler but those that say `import.meta`, or `open` outside of the entry's folder. */
async function loadOwn(path: string, entryDir: string): Promise<OnLoadResult | undefined> {
  if (/[\\/]node_modules[\\/]/u.test(path)) return undefined;
  const text = await readFile(path, "utf8");
  const contents = forBundle(text, path, entryDir);
  return contents === text ? undefined : { contents, loader: "default" };
}

function forBundle(text: string, path: string, entryDir: string): string {
  const scoped = dirname(path) === entryDir ? text : withScope(text, path);
  return withMetaResolve(scoped, pathToFileURL(path).href);
}

function resolveK6(args: OnResolveArgs, options: ModulePluginOptions): OnResolveResult {
  const { path: specifier } = args;
  if (options.knownModules.includes(specifier)) {
    options.onModule(specifier);
    return { path: specifier, external: true };
  }
  // A script may catch what k6 says of it.
  if (removedModules.has(specifier)) return { path: specifier, external: true };
  const hint = specifier.startsWith("k6/x/")
    ? "only a k6 binary built with this extension has it: run the script with --runner k6"
    : `lakh has ${options.knownModules.join(", ")}`;
  return refuse("SCRIPT_MODULE_UNKNOWN", `Unknown module "${specifier}"`, hint);
}

function resolveUrl(args: OnResolveArgs, url: string): OnResolveResult {
  const scheme = url.slice(0, url.indexOf(":")).toLowerCase();
  if (scheme === "file") {
    return args.namespace === remoteNamespace
      ? refuse(
          "SCRIPT_MODULE_SCHEME",
          `The remote module ${args.importer} may not import the local file ${url}`,
        )
      : { path: fileURLToPath(url) };
  }
  if (scheme !== "https") {
    const text = `only supported schemes for imports are file and https, ${url} has \`${scheme}\``;
    return refuse(
      "SCRIPT_MODULE_SCHEME",
      text,
      "use its https address, or save the module beside the script",
    );
  }
  const own = jslibFile(url);
  return own === undefined
    ? { path: url, namespace: remoteNamespace }
    : { path: url, namespace: jslibNamespace, pluginData: own };
}

async function loadRemote(
  url: string,
  readRemote: (url: string) => Promise<string>,
): Promise<OnLoadResult> {
  try {
    return { contents: withMetaResolve(await readRemote(url), url), loader: remoteLoader(url) };
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    return refuse(error.code as ScriptErrorCode, error.message, error.hint);
  }
}

function remoteLoader(url: string): Loader {
  const { pathname } = new URL(url);
  if (pathname.endsWith(".json")) return "json";
  return /\.[cm]?ts$/u.test(pathname) ? "ts" : "js";
}

function refuse(
  code: ScriptErrorCode,
  text: string,
  hint?: string,
): { errors: { text: string; detail: ModuleFault }[] } {
  return { errors: [{ text, detail: { code, hint } }] };
}
