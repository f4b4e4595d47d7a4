/**
 * k6's global `open(path, mode)`: reads a file beside the script while the script is being initialised.
 * Text is read once a worker and shared by its VUs (strings are immutable); binary data is copied for each caller.
 * What went wrong is told in k6's words, since scripts match on them.
 */
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { archivedPath } from "./archived.ts";

/** k6's `open`: text, or an ArrayBuffer with mode `"b"`. */
export type OpenFunction = (path: unknown, mode?: unknown) => string | ArrayBuffer;

/** The files that the VUs of one worker have opened. */
export interface OpenedFiles {
  readonly contents: Map<string, { readonly bytes: Buffer; text: string | undefined }>;
  /** What was wrong with those that could not be read. */
  readonly faults: Map<string, string>;
  /** Files of an archive, which are read instead of the disk. */
  readonly archived: ReadonlyMap<string, Uint8Array> | undefined;
}

/** One empty cache; a worker makes one and hands it to every VU's `open`. */
export function createOpenedFiles(archived?: ReadonlyMap<string, Uint8Array>): OpenedFiles {
  return { contents: new Map(), faults: new Map(), archived };
}

/** What a path of a script leads to. */
export type FoundFile =
  | { readonly kind: "file"; readonly bytes: Buffer }
  | { readonly kind: "missing" }
  | { readonly kind: "directory" };

/** Reads files for modules as `open` does: relative to the entry's folder, and once a worker. */
export function createFileReader(
  entryDir: string,
  files: OpenedFiles,
): {
  resolve(path: string): string;
  read(absolutePath: string): FoundFile;
} {
  return {
    resolve: (path) => toPath(path, entryDir),
    read: (path) => {
      const kind = files.contents.has(path) ? "file" : kindOf(path, files);
      if (kind !== "file") return { kind };
      return { kind, bytes: readOnce(path, files, (message) => new Error(message)).bytes };
    },
  };
}

function kindOf(path: string, { archived }: OpenedFiles): FoundFile["kind"] {
  if (archived !== undefined) {
    if (findArchived(path, archived) !== undefined) return "file";
    return isArchivedFolder(path, archived) ? "directory" : "missing";
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return "missing";
  return found.isDirectory() ? "directory" : "file";
}

/** Where the functions of a VU that belong to its module code hold what they share. */
export const moduleScope: unique symbol = Symbol("module scope");

/** Tells `open` which module's top level is being run: relative paths start from its folder, as in k6. */
export interface ModuleScope {
  readonly enter: (dir: string) => void;
  readonly leave: () => void;
}

/**
 * The `open` of one VU.
 * @param options.entryDir folder of the entry script; relative paths start there, or from the folder of the module whose top level runs
 * @param options.phase where the VU is in its life; anything but `"init"` refuses
 * @param options.mayRead false for VUs that come after the first: they find only what that one has opened
 * @param options.createError makes the errors that scripts see
 */
export function createOpen(options: {
  readonly entryDir: string;
  readonly phase: () => string;
  readonly files: OpenedFiles;
  readonly mayRead: boolean;
  readonly createError: (message: string) => Error;
}): OpenFunction {
  const { createError, files } = options;
  const dirs: string[] = [];
  const open: OpenFunction = (path, mode) => {
    if (options.phase() !== "init") throw createError(initOnly("open"));
    const name = path === undefined || path === null ? "" : String(path as string);
    if (name === "") throw createError("open() can't be used with an empty filename");
    const absolute = toPath(name, dirs.at(-1) ?? options.entryDir);
    if (!options.mayRead && !files.contents.has(absolute) && !files.faults.has(absolute))
      throw createError(notOpenedBefore(absolute));
    const file = readOnce(absolute, files, createError);
    if (mode !== "b") return (file.text ??= file.bytes.toString("utf8"));
    const copy = new ArrayBuffer(file.bytes.length);
    new Uint8Array(copy).set(file.bytes);
    return copy;
  };
  const scope: ModuleScope = { enter: (dir) => void dirs.push(dir), leave: () => void dirs.pop() };
  return Object.defineProperty(open, moduleScope, { value: scope });
}

/** k6's refusal of what only the init context may do. */
export function initOnly(name: string): string {
  return `the "${name}" function is only available in the init stage (i.e. the global scope), see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle/ for more information`;
}

function notOpenedBefore(path: string): string {
  return `open() can't be used with files that weren't previously opened during initialization (__VU==0), path: "${path}"`;
}

function toPath(name: string, dir: string): string {
  if (name.startsWith("file://")) return fileURLToPath(name);
  return isAbsolute(name) ? name : join(dir, name);
}

function readOnce(
  path: string,
  files: OpenedFiles,
  createError: (message: string) => Error,
): { readonly bytes: Buffer; text: string | undefined } {
  const known = files.contents.get(path);
  if (known) return known;
  const fault = files.faults.get(path);
  if (fault !== undefined) throw createError(fault);
  const fail = (message: string): Error => {
    files.faults.set(path, message);
    return createError(message);
  };
  const { archived } = files;
  const bytes = archived === undefined ? read(path, fail) : readArchived(path, archived, fail);
  const file = { bytes, text: undefined };
  files.contents.set(path, file);
  return file;
}

function readArchived(
  path: string,
  archived: ReadonlyMap<string, Uint8Array>,
  createError: (message: string) => Error,
): Buffer {
  const bytes = findArchived(path, archived);
  if (bytes !== undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw createError(
    isArchivedFolder(path, archived)
      ? `open() can't be used with directories, path: "${path}"`
      : `open ${path}: file does not exist`,
  );
}

function findArchived(
  path: string,
  archived: ReadonlyMap<string, Uint8Array>,
): Uint8Array | undefined {
  return archived.get(path) ?? archived.get(archivedPath(path));
}

function isArchivedFolder(path: string, archived: ReadonlyMap<string, Uint8Array>): boolean {
  return [...archived.keys()].some((name) => name.startsWith(`${path}/`));
}

function read(path: string, createError: (message: string) => Error): Buffer {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw createError(`stat ${path}: no such file or directory`);
  if (found.isDirectory())
    throw createError(`open() can't be used with directories, path: "${path}"`);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw createError(`open ${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
