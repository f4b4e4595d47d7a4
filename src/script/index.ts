/**
 * Door of `script`: from a file on disk to a program that is compiled once a worker and instantiated once a VU.
 * Main thread: {@link loadScript}. Worker: {@link compileProgram}, then `Program.instantiate` for each VU.
 * Loading reads its bundler, parser and compiler from disk when it is asked for: workers run scripts and load none.
 */
import type { ArchiveFacts, ScriptArchive } from "./archive.ts";
import type { formatMessage } from "./code-frame.ts";
import type { build } from "./esbuild.ts";
import type { LoadRequest, ScriptBundle } from "./load.ts";
import type { ParsedScript } from "./parsed.ts";
import type { ScriptSources } from "./sources.ts";

export type { ArchiveFacts, ScriptArchive } from "./archive.ts";
export { isArchive } from "./archived.ts";
export type { ScriptSources } from "./sources.ts";
export { scriptErrorCodes } from "./errors.ts";
export type { LoadRequest, ScriptBundle } from "./load.ts";
export type { ParsedScript, SourcePlace } from "./parsed.ts";
export type { Binding, SyntaxTree } from "./lowering/scopes.ts";
export { childrenOf, handlerOf, isFunction, staticKey } from "./lowering/syntax.ts";
export type { FunctionNode, Handlers, Node, NodeOf } from "./lowering/syntax.ts";
export { createFileReader, createOpen, createOpenedFiles } from "./open.ts";
export type { OpenedFiles, OpenFunction } from "./open.ts";
export { assertHasFunctions, compileProgram, entryUrl } from "./program.ts";
export type { LazyGlobals } from "./globals.ts";
export type { Program, ScriptHost, ScriptInstance } from "./program.ts";
export type { ScriptErrorReport } from "./script-error.ts";
export { createScriptRuntime } from "./runtime.ts";
export type { BlockedCall, Entry, EntryEnd, Lane, ScriptRuntime } from "./runtime.ts";

/**
 * Reads, bundles and lowers a script; nothing of it runs.
 * The result is plain data: hand it to worker threads as it is.
 * @throws LakhError with a code of {@link scriptErrorCodes}; exit code 107, or 255 for a script that cannot be read
 * @example
 * const bundle = await loadScript({ path: "/tests/journey.ts", cwd: "/tests", cacheDir, offline: false, lower: "auto", log });
 */
export async function loadScript(request: LoadRequest): Promise<ScriptBundle> {
  const { loadScriptWith } = await import("./load.ts");
  return loadScriptWith(request, { fetch: globalThis.fetch });
}

/** The syntax tree of a script with the way back to the user's files; nothing of it runs. @throws as {@link loadScript} */
export async function parseScript(request: LoadRequest): Promise<ParsedScript> {
  const { parseScriptWith } = await import("./load.ts");
  return parseScriptWith(request, { fetch: globalThis.fetch });
}

/** Every file that a script is made of, for an archive of it; nothing of it runs. @throws as {@link loadScript} */
export async function collectScriptSources(request: LoadRequest): Promise<ScriptSources> {
  const { collectSourcesWith } = await import("./load.ts");
  return collectSourcesWith(request, { fetch: globalThis.fetch });
}

/** The archive in these bytes; `name` is what errors call it. @throws LakhError SCRIPT_ARCHIVE */
export async function readArchive(bytes: Uint8Array, name: string): Promise<ScriptArchive> {
  return (await import("./archive.ts")).readArchive(bytes, name);
}

/** The archive as a tar. */
export async function writeArchive(
  archive: ScriptArchive,
  facts: ArchiveFacts,
): Promise<Uint8Array> {
  return (await import("./archive.ts")).writeArchive(archive, facts);
}

/** The bundler for other files than scripts, and how its messages look; one process serves all of lakh. */
export async function bundler(): Promise<Bundler> {
  const [esbuild, codeFrame] = await Promise.all([
    import("./esbuild.ts"),
    import("./code-frame.ts"),
  ]);
  return { build: esbuild.build, formatMessage: codeFrame.formatMessage };
}

interface Bundler {
  readonly build: typeof build;
  readonly formatMessage: typeof formatMessage;
}
