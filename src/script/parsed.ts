/**
 * A script as text to be looked at: the bundle's syntax tree, and the way back from a place in it to the user's own
 * files. Nothing is lowered and nothing runs. The user's own files are the entry and the local files it imports;
 * remote modules, helper libraries and packages are somebody else's.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Bundle } from "./bundle.ts";
import { stdinName, stripNamespace } from "./bundle-names.ts";
import type { ScriptArchive } from "./archive.ts";
import { parseBundle, type SyntaxTree } from "./lowering/scopes.ts";
import { createBundleMap, lineStarts } from "./positions.ts";

/** A place in one of the user's files; line and column from 1. */
export interface SourcePlace {
  /** URL of the file; `file:///-` for standard input. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A parsed script. */
export interface ParsedScript {
  readonly tree: SyntaxTree;
  /** URL of the entry file. */
  readonly entry: string;
  /** Texts of the user's own files, by URL. */
  readonly files: ReadonlyMap<string, string>;
  /** Where a place of the tree stands in the user's files; undefined for what is not the user's. */
  placeAt(offset: number): SourcePlace | undefined;
}

/** What is known of a bundled script. */
export interface BundledScript {
  readonly bundle: Bundle;
  /** Name of the entry: a path, a URL, or `-`. */
  readonly entryName: string;
  readonly source: string;
  /** Folder that the bundler names its inputs from. */
  readonly dir: string;
  readonly archive: ScriptArchive | undefined;
}

export async function parsedScript(script: BundledScript): Promise<ParsedScript> {
  const { bundle, entryName } = script;
  const files = await ownFiles(script);
  const map = createBundleMap(lineStarts(bundle.code), bundle.sourceMap);
  return {
    tree: parseBundle(bundle.code),
    entry: urlOf(entryName),
    files,
    placeAt(offset) {
      const found = map.positionAt(offset);
      if (found === undefined || !files.has(found.file)) return undefined;
      const { file, line, column } = found;
      return { file, line, column };
    },
  };
}

async function ownFiles(script: BundledScript): Promise<Map<string, string>> {
  const { bundle, entryName, source, dir, archive } = script;
  const files = new Map([[urlOf(entryName), source]]);
  for (const input of bundle.inputs) {
    const path = ownPath(input, dir);
    if (path === undefined || files.has(urlOf(path))) continue;
    const archived = archive?.files.get(path);
    const text = archived === undefined ? await readFile(path) : Buffer.from(archived);
    files.set(urlOf(path), text.toString("utf8"));
  }
  return files;
}

/** Absolute path of an input that the user wrote. */
function ownPath(input: string, dir: string): string | undefined {
  if (input === stdinName || input.includes("node_modules/")) return undefined;
  const isArchived = input.startsWith("archive:");
  const plain = stripNamespace(input);
  if (!isArchived && (plain !== input || /^[a-z][a-z\d+.-]*:/u.test(input))) return undefined;
  return plain.endsWith(".json") ? undefined : resolve(dir, plain);
}

function urlOf(name: string): string {
  if (name === stdinName) return "file:///-";
  return name.startsWith("https://") || name.startsWith("file://")
    ? name
    : pathToFileURL(name).href;
}
