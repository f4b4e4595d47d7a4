/**
 * One script and everything it imports as one ES module, with k6's modules left as imports.
 * Resolution is a superset of k6's: what k6 finds is found, and so are npm packages, extensionless paths and JSON.
 * The bundler's output is not minified and keeps its file comments: the lowering reads groups of code from them, and
 * errors need the user's names.
 */
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, BuildOptions, BuildResult, Loader, Message, Plugin } from "esbuild";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { metaGlobal, metaResolveName, stdinName, stripNamespace } from "./bundle-names.ts";
import { formatMessage } from "./code-frame.ts";
import { scriptErrorCodes } from "./errors.ts";
import { build } from "./esbuild.ts";
import type { ScriptErrorCode } from "./errors.ts";
import { withMetaResolve } from "./module-plugin.ts";
import type { ModuleFault } from "./module-plugin.ts";

/** The script to bundle: a file, or text that came without one. */
export type BundleEntry =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "text"; readonly text: string; readonly dir: string }
  /** A remote script, or one of an archive: the plugin knows its text. */
  | { readonly kind: "named"; readonly name: string; readonly dir: string };

/** One import as the bundler resolved it. */
export interface ResolvedImport {
  readonly importer: string;
  /** As the script has it. */
  readonly specifier: string;
  /** Name of the module that it leads to, with the bundler's namespace. */
  readonly target: string;
  readonly isExternal: boolean;
}

/** What the bundler made of a script. */
export interface Bundle {
  readonly code: string;
  /** Source map (JSON) of `code`; its sources are URLs. */
  readonly sourceMap: string;
  /** How the entry file exports: by `export`, or by assigning to `module.exports`. */
  readonly entryFormat: "esm" | "cjs";
  /** Names of the files in `code` in the order of their file comments; see `groupBoundaries`. */
  readonly inputs: readonly string[];
  /** All imports of all files. */
  readonly imports: readonly ResolvedImport[];
}

/** @throws SCRIPT_SYNTAX, SCRIPT_MODULE_NOT_FOUND and what the plugin finds */
export async function bundleScript(
  entry: BundleEntry,
  options: { readonly plugin: Plugin; readonly log: Logger },
): Promise<Bundle> {
  const dir = entry.kind === "file" ? dirname(entry.path) : entry.dir;
  const name = (file: string): string => displayName(file, dir);
  const result = await buildOrThrow(entry, { dir, plugin: options.plugin, name });
  for (const warning of result.warnings) options.log.log("warning", formatMessage(warning, name));
  const [map, code] = result.outputFiles;
  const output = Object.values(result.metafile.outputs).find(
    (candidate) => candidate.entryPoint !== undefined,
  );
  const entryPoint = output?.entryPoint ?? "";
  return {
    code: withExportList(withoutHashbang(code!.text)),
    sourceMap: withUrls(map!.text, dir),
    entryFormat: result.metafile.inputs[entryPoint]?.format === "cjs" ? "cjs" : "esm",
    inputs: Object.keys(output?.inputs ?? {}),
    imports: importsOf(result.metafile.inputs),
  };
}

function importsOf(inputs: Built["metafile"]["inputs"]): ResolvedImport[] {
  return Object.entries(inputs).flatMap(([importer, { imports }]) =>
    imports.map(({ path, original, external }) => ({
      importer,
      specifier: original ?? path,
      target: path,
      isExternal: external === true,
    })),
  );
}

/**
 * The bundler ends a CommonJS entry with `export default require_script();`, every other one with a list of names.
 * The lowering takes lists only; the last statement may change without moving anything in the source map.
 */
function withExportList(code: string): string {
  return code.replace(/^export default (require_[\w$]+\(\));\n$/mu, (_, call: string) => {
    let local = "commonjs_exports";
    while (code.includes(local)) local += "$";
    return `var ${local} = ${call}; export { ${local} as default };\n`;
  });
}

/** `#!/usr/bin/env k6` is kept by the bundler, but the script ends up inside a function: a comment of the same length. */
function withoutHashbang(code: string): string {
  return code.startsWith("#!") ? `//${code.slice(2)}` : code;
}

type Built = BuildResult<{ write: false; metafile: true }>;
interface BuildContext {
  readonly dir: string;
  readonly plugin: Plugin;
  readonly name: (file: string) => string;
}

async function buildOrThrow(entry: BundleEntry, context: BuildContext): Promise<Built> {
  try {
    return await runBuild(entry, { context, loader: "js" });
  } catch (failure) {
    if (!isBuildFailure(failure)) throw failure;
    // Standard input has no file name to tell TypeScript by: like k6, JavaScript first, then TypeScript.
    if (
      entry.kind === "text" &&
      failure.errors.some((error) => error.location?.file === stdinName)
    ) {
      return await runBuild(entry, { context, loader: "ts" }).catch((second: unknown) => {
        throw isBuildFailure(second) ? toLakhError(second.errors, context.name) : second;
      });
    }
    throw toLakhError(failure.errors, context.name);
  }
}

function runBuild(
  entry: BundleEntry,
  how: { context: BuildContext; loader: Loader },
): Promise<Built> {
  const { dir, plugin } = how.context;
  const source: BuildOptions =
    entry.kind === "file"
      ? { entryPoints: [entry.path], loader: loaderOf(entry.path) }
      : entry.kind === "named"
        ? { entryPoints: [entry.name] }
        : {
            stdin: {
              contents: withMetaResolve(entry.text, stdinUrl(dir)),
              sourcefile: stdinName,
              resolveDir: dir,
              loader: how.loader,
            },
          };
  return build({
    ...source,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
    // k6 says nothing of either, or says it when the script gets there.
    logOverride: {
      "commonjs-variable-in-esm": "silent",
      "direct-eval": "silent",
      "empty-glob": "silent",
    },
    sourcemap: "external",
    sourcesContent: false,
    absWorkingDir: dir,
    outfile: join(dir, "lakh-bundle.js"),
    define: {
      "process.env.NODE_ENV": '"production"',
      "import.meta.resolve": metaResolveName,
      "import.meta": metaGlobal,
    },
    plugins: [plugin],
  });
}

/** A script from standard input resolves against the working directory. */
const stdinUrl = (dir: string): string => pathToFileURL(join(dir, stdinName)).href;

const knownExtensions = new Set([
  ".js",
  ".mjs",
  ".cjs",
  ".jsx",
  ".ts",
  ".mts",
  ".cts",
  ".tsx",
  ".json",
]);

/** A script may have any name (`k6 run journey.es6`); what the bundler does not know is JavaScript. */
function loaderOf(path: string): Record<string, Loader> {
  const extension = extname(path);
  return knownExtensions.has(extension) ? {} : { [extension]: "js" };
}

function isBuildFailure(thrown: unknown): thrown is BuildFailure {
  return thrown instanceof Error && Array.isArray((thrown as Partial<BuildFailure>).errors);
}

const mostErrorsShown = 5;

/** One error for the user out of the bundler's list; the first decides code and hint. */
function toLakhError(errors: readonly Message[], name: (file: string) => string): LakhError {
  const faults = errors.map(classify);
  const first = faults[0]!;
  const shown = errors
    .slice(0, mostErrorsShown)
    .map((error, index) => formatMessage({ ...error, text: faults[index]!.text }, name));
  if (errors.length > mostErrorsShown)
    shown.push(`and ${errors.length - mostErrorsShown} more errors`);
  return new LakhError(first.code, shown.join("\n"), {
    exitCode: exitCodes.scriptException,
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  });
}

interface Fault {
  readonly code: ScriptErrorCode;
  readonly text: string;
  readonly hint: string | undefined;
}

function classify(message: Message): Fault {
  const own = message.detail as Partial<ModuleFault> | undefined;
  if (own?.code !== undefined && own.code in scriptErrorCodes)
    return { code: own.code, text: message.text, hint: own.hint };
  const specifier = /^Could not resolve "(.*)"/u.exec(message.text)?.[1];
  if (specifier !== undefined) return notFound(specifier);
  const hint = message.text.startsWith("No loader is configured")
    ? "read files that are not code with open(), or save the data as .json"
    : undefined;
  return { code: "SCRIPT_SYNTAX", text: message.text, hint };
}

function notFound(specifier: string): Fault {
  const code = "SCRIPT_MODULE_NOT_FOUND";
  if (/^[./]/u.test(specifier)) {
    return {
      code,
      text: `The module "${specifier}" was not found`,
      hint: "check the path; it is relative to the importing file",
    };
  }
  const packageName = /^(?:@[^/]+\/)?[^/]+/u.exec(specifier)?.[0] ?? specifier;
  const isNode = specifier.startsWith("node:") || nodeModules.has(packageName);
  return {
    code,
    text: `The moduleSpecifier "${specifier}" couldn't be recognised as something k6 supports.`,
    hint: isNode
      ? "Node's own modules do not exist in load-test scripts; use k6's modules instead"
      : `run "npm install ${packageName}" beside the script, or import it by an https URL`,
  };
}

const nodeModules = new Set(
  "assert buffer child_process cluster crypto dgram dns events fs http http2 https net os path perf_hooks process readline stream timers tls tty url util v8 vm worker_threads zlib".split(
    " ",
  ),
);

function displayName(file: string, dir: string): string {
  const plain = stripNamespace(file);
  return plain !== file || isAbsolute(plain) || plain === stdinName ? plain : resolve(dir, plain);
}

/** The bundler names sources relative to its output; errors name them by URL, as k6 does. */
function withUrls(sourceMap: string, dir: string): string {
  const map = JSON.parse(sourceMap) as { sources: string[] };
  map.sources = map.sources.map((source) => toUrl(source, dir));
  return JSON.stringify(map);
}

function toUrl(source: string, dir: string): string {
  const plain = stripNamespace(source);
  if (source.startsWith("archive:")) return pathToFileURL(plain).href;
  if (plain !== source) return plain;
  if (plain === stdinName) return "file:///-";
  return pathToFileURL(resolve(dir, plain)).href;
}
