/**
 * From a script on disk (or on standard input) to one value that worker threads can compile: read, bundle, lower, and
 * put the shell around it. Nothing of the script runs here.
 */
import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { bundleScript } from "./bundle.ts";
import type { Bundle, BundleEntry } from "./bundle.ts";
import { stdinName } from "./bundle-names.ts";
import { catalog } from "./catalog.ts";
import { factorySource } from "./factory.ts";
import { groupFinder } from "./groups.ts";
import { lower } from "./lowering/lower.ts";
import type { Lowered, LoweredImport, Position } from "./lowering/lowered.ts";
import type { ScriptArchive } from "./archive.ts";
import { modulePlugin } from "./module-plugin.ts";
import { collectSources, type ScriptSources } from "./sources.ts";
import { type ParsedScript, parsedScript } from "./parsed.ts";
import { outlineOf } from "./outline.ts";
import { createBundleMap, lineStarts, packEdits } from "./positions.ts";
import type { ScriptPositions } from "./positions.ts";
import { readRemoteModule } from "./remote.ts";
import type { RemoteFetch } from "./remote.ts";
import { withRequireGuard } from "./require.ts";

/** What to load, and what may be used for it. */
export interface LoadRequest {
  /** Absolute path or https URL of the script, or `-` for {@link source}. */
  readonly path: string;
  /** The script's text when `path` is `-`. */
  readonly source?: string;
  /** The archive that the script comes from; `path` is its entry then. */
  readonly archive?: ScriptArchive;
  /** Absolute path of the working directory; imports of a script from standard input are relative to it. */
  readonly cwd: string;
  /** Folder of the content-addressed cache of https imports. */
  readonly cacheDir: string;
  /** Refuses https imports that are not in the cache. */
  readonly offline: boolean;
  /** `all` treats every call as one that may block (`--lower=all`). */
  readonly lower: "auto" | "all";
  readonly log: Logger;
}

/** A loaded script. Plain data: structured cloning takes it to worker threads. */
export interface ScriptBundle {
  /** As requested: an absolute path, or `-`. */
  readonly entryPath: string;
  /** Folder that `open()` and relative imports start from. */
  readonly entryDir: string;
  /** Files of the archive by absolute path, which `open()` reads instead of the disk; undefined without an archive. */
  readonly archived: ReadonlyMap<string, Uint8Array> | undefined;
  /** The entry file's own text. */
  readonly entryText: string;
  /** Of that text, in hex. */
  readonly sha256: string;
  /** The lowered program in its shell; see `factory.ts`. */
  readonly factorySource: string;
  readonly positions: ScriptPositions;
  /** The script before it was lowered, where its functions are sent elsewhere as text (k6/browser). */
  readonly code: string | undefined;
  /** k6 modules that the script imports, sorted. */
  readonly modules: readonly string[];
  /** What the script asks `require()` for, and what was not found. */
  readonly missing: readonly string[];
  /** What is imported from them by name. */
  readonly imports: readonly LoweredImport[];
  /** Name of the program in V8's traces; another program has another name. */
  readonly programName: string;
  /** `cjs` when the entry file assigns to `module.exports`. */
  readonly format: "esm" | "cjs";
  /** Names exported by the entry file; empty for `cjs`, whose names are known only once it has run. */
  readonly exportNames: readonly string[];
  /** Names that the program uses for what error traces have to know. */
  readonly traceNames: TraceNames;
  /** Modules of `export * from "k6/…"`. */
  readonly starExports: readonly string[];
  readonly stats: {
    readonly functions: number;
    readonly blockingFunctions: number;
    readonly bundleBytes: number;
  };
}

export interface TraceNames {
  /** Names of the kit's functions that call the body of a lowered function: their frames are not the user's. */
  readonly wrappers: readonly string[];
  /** The bundler's name of an anonymous default export. */
  readonly defaultExport: string | undefined;
}

/** What tests replace. */
export interface LoadInternals {
  readonly fetch: RemoteFetch;
}

/** Loads a script; see the door for the errors. */
export async function loadScriptWith(
  request: LoadRequest,
  internals: LoadInternals,
): Promise<ScriptBundle> {
  const { entryDir, source, modules, missing, ...read } = await bundleRequest(request, internals);
  const bundle = { ...read.bundle, code: withRequireGuard(read.bundle.code) };
  const lowered = lowerBundle(bundle, request.lower);
  return {
    entryPath: request.path,
    entryDir,
    archived: request.archive?.files,
    entryText: source,
    sha256: createHash("sha256").update(source).digest("hex"),
    ...assemble(bundle, lowered),
    modules: [...modules].sort(),
    missing: [...missing],
    code: modules.has("k6/browser") ? bundle.code : undefined,
  };
}

/** The files that a script is made of; see the door for the errors. */
export async function collectSourcesWith(
  request: LoadRequest,
  internals: LoadInternals,
): Promise<ScriptSources> {
  const { archive } = request;
  if (archive !== undefined) {
    const { source, files } = archive;
    return { source, files, isBundled: false };
  }
  const { entry, entryDir, source, bundle, remotes } = await bundleRequest(request, internals);
  const name = entry.kind === "file" ? entry.path : request.path;
  return collectSources(bundle, { name, source: Buffer.from(source), dir: entryDir }, remotes);
}

/** The script as text to be looked at; see the door for the errors. */
export async function parseScriptWith(
  request: LoadRequest,
  internals: LoadInternals,
): Promise<ParsedScript> {
  const { entry, source, bundle } = await bundleRequest(request, internals);
  const entryName = entry.kind === "file" ? entry.path : request.path;
  const dir = entry.kind === "file" ? dirname(entry.path) : entry.dir;
  const { archive } = request;
  return parsedScript({ bundle, entryName, source, dir, archive });
}

interface Bundled extends Entry {
  readonly bundle: Bundle;
  readonly modules: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
  /** Remote modules that were read, by URL. */
  readonly remotes: ReadonlyMap<string, string>;
}

async function bundleRequest(request: LoadRequest, internals: LoadInternals): Promise<Bundled> {
  const remotes = new Map<string, string>();
  const readRemote = async (url: string): Promise<string> => {
    const archived = request.archive?.files.get(url);
    const text =
      archived === undefined
        ? await readRemoteModule(url, { ...request, fetch: internals.fetch })
        : Buffer.from(archived).toString("utf8");
    remotes.set(url, text);
    return text;
  };
  const read = await readEntry(request, readRemote);
  const modules = new Set<string>();
  const missing = new Set<string>();
  const plugin = modulePlugin({
    knownModules: Object.keys(catalog),
    readRemote,
    archived: request.archive?.files,
    onModule: (specifier) => modules.add(specifier),
    onMissing: (specifier) => missing.add(specifier),
  });
  const bundle = await bundleScript(read.entry, { plugin, log: request.log });
  return { ...read, bundle, modules, missing, remotes };
}

interface Entry {
  readonly entry: BundleEntry;
  readonly entryDir: string;
  readonly source: string;
}

async function readEntry(
  request: LoadRequest,
  readRemote: (url: string) => Promise<string>,
): Promise<Entry> {
  const { path, archive, cwd } = request;
  if (archive !== undefined) return archivedEntry(archive);
  if (path === stdinName) {
    const source = request.source ?? "";
    return { entry: { kind: "text", text: source, dir: cwd }, entryDir: cwd, source };
  }
  if (path.startsWith("https://")) {
    const source = await readRemote(path);
    return { entry: { kind: "named", name: path, dir: cwd }, entryDir: cwd, source };
  }
  try {
    // The bundler names files by their real paths; the source map is read relative to the same folder.
    const real = await realpath(path);
    const source = await readFile(real, "utf8");
    return { entry: { kind: "file", path: real }, entryDir: dirname(path), source };
  } catch (cause) {
    throw notReadable(request, cause as NodeJS.ErrnoException);
  }
}

function archivedEntry({ entryPath, workingDir, source }: ScriptArchive): Entry {
  const text = Buffer.from(source).toString("utf8");
  // The folder need not exist on this machine, which the bundler would want of its own.
  const dir = "/";
  if (entryPath === stdinName)
    return { entry: { kind: "text", text, dir }, entryDir: workingDir, source: text };
  const entryDir = entryPath.startsWith("https://") ? workingDir : dirname(entryPath);
  return { entry: { kind: "named", name: entryPath, dir }, entryDir, source: text };
}

function notReadable(request: LoadRequest, cause: NodeJS.ErrnoException): LakhError {
  const reason =
    cause.code === "ENOENT"
      ? "does not exist"
      : cause.code === "EISDIR"
        ? "is a folder"
        : `cannot be read (${cause.message})`;
  return new LakhError("SCRIPT_NOT_FOUND", `The script ${request.path} ${reason}`, {
    hint: `check the path; relative paths start from ${request.cwd}`,
    exitCode: exitCodes.generic,
    cause,
  });
}

function lowerBundle(bundle: Bundle, mode: "auto" | "all"): Lowered {
  const map = createBundleMap(lineStarts(bundle.code), bundle.sourceMap);
  const positionAt = (offset: number): Position => {
    const found = map.positionAt(offset);
    if (!found) return { file: "the bundled script", line: 1, column: 1 };
    return { file: readableFile(found.file), line: found.line, column: found.column };
  };
  try {
    return lower(bundle.code, {
      mode,
      groupAt: groupFinder(bundle.code, bundle.inputs),
      positionAt,
    });
  } catch (error) {
    throw isParseError(error) ? strictModeError(error, positionAt(error.pos)) : error;
  }
}

/** The parser's error: what the bundler let pass, strict mode does not (two parameters of one name in a sloppy file). */
function isParseError(error: unknown): error is SyntaxError & { readonly pos: number } {
  return error instanceof SyntaxError && typeof (error as { pos?: unknown }).pos === "number";
}

function strictModeError(error: SyntaxError, at: Position): LakhError {
  const what = error.message.replace(/ \(\d+:\d+\)$/u, "");
  return new LakhError("SCRIPT_SYNTAX", `${at.file}:${at.line}:${at.column}: ${what}`, {
    hint: "scripts run in strict mode, as ES modules do",
    exitCode: exitCodes.scriptException,
    cause: error,
  });
}

function readableFile(url: string): string {
  if (url === "file:///-") return stdinName;
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}

function assemble(
  bundle: Bundle,
  lowered: Lowered,
): Omit<
  ScriptBundle,
  "entryPath" | "entryDir" | "archived" | "entryText" | "sha256" | "modules" | "missing" | "code"
> {
  const shell = factorySource(lowered);
  const isCommonJs = bundle.entryFormat === "cjs";
  const defaultExport = lowered.exports.find(({ exported }) => exported === "default")?.local;
  const wrappers = ["run", "runAsync"].flatMap((member) => lowered.kitNames[member] ?? []);
  return {
    factorySource: shell.text,
    positions: {
      bundleLines: lineStarts(bundle.code),
      sourceMap: bundle.sourceMap,
      edits: packEdits(lowered.edits),
      prefixLength: shell.prefixLength,
      outline: outlineOf(bundle.code),
    },
    format: bundle.entryFormat,
    exportNames: isCommonJs ? [] : lowered.exports.map(({ exported }) => exported),
    traceNames: { wrappers, defaultExport: isCommonJs ? undefined : defaultExport },
    imports: lowered.imports,
    programName: `lakh-script-${sha256(shell.text).slice(0, 12)}`,
    starExports: lowered.starExports,
    stats: {
      functions: lowered.stats.functions,
      blockingFunctions: lowered.stats.red,
      bundleBytes: Buffer.byteLength(bundle.code),
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
