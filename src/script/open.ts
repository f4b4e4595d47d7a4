/**
 * k6's global `open(path, mode)`: reads a file beside the script while the script is being initialised.
 * Text is read once a worker and shared by its VUs (strings are immutable); binary data is copied for each caller.
 * What went wrong is told in k6's words, since scripts match on them.
 */
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { archivedPath } from "./archive.ts";

/** k6's `open`: text, or an ArrayBuffer with mode `"b"`. */
export type OpenFunction = (path: unknown, mode?: unknown) => string | ArrayBuffer;

/** The files that the VUs of one worker have opened. */
export interface OpenedFiles {
  readonly contents: Map<string, { readonly bytes: Buffer; text: string | undefined }>;
  /** Files of an archive, which are read instead of the disk. */
  readonly archived: ReadonlyMap<string, Uint8Array> | undefined;
}

/** One empty cache; a worker makes one and hands it to every VU's `open`. */
export function createOpenedFiles(archived?: ReadonlyMap<string, Uint8Array>): OpenedFiles {
  return { contents: new Map(), archived };
}

/**
 * The `open` of one VU.
 * @param options.entryDir folder of the entry script, against which relative paths are resolved
 * @param options.phase where the VU is in its life; anything but `"init"` refuses
 */
export function createOpen(options: {
  readonly entryDir: string;
  readonly phase: () => string;
  readonly files: OpenedFiles;
}): OpenFunction {
  return function open(path, mode) {
    if (options.phase() !== "init") throw goError(initOnly);
    const name = typeof path === "string" ? path : "";
    if (name === "") throw goError("open() can't be used with an empty filename");
    const file = readOnce(toPath(name, options.entryDir), options.files);
    if (mode !== "b") return (file.text ??= file.bytes.toString("utf8"));
    const copy = new ArrayBuffer(file.bytes.length);
    new Uint8Array(copy).set(file.bytes);
    return copy;
  };
}

const initOnly =
  'the "open" function is only available in the init stage (i.e. the global scope), see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle/ for more information';

function toPath(name: string, entryDir: string): string {
  if (name.startsWith("file://")) return fileURLToPath(name);
  return isAbsolute(name) ? name : join(entryDir, name);
}

function readOnce(
  path: string,
  files: OpenedFiles,
): { readonly bytes: Buffer; text: string | undefined } {
  const known = files.contents.get(path);
  if (known) return known;
  const bytes = files.archived === undefined ? read(path) : readArchived(path, files.archived);
  const file = { bytes, text: undefined };
  files.contents.set(path, file);
  return file;
}

function readArchived(path: string, archived: ReadonlyMap<string, Uint8Array>): Buffer {
  const bytes = archived.get(path) ?? archived.get(archivedPath(path));
  if (bytes !== undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFolder = [...archived.keys()].some((name) => name.startsWith(`${path}/`));
  throw goError(
    isFolder
      ? `open() can't be used with directories, path: "${path}"`
      : `open ${path}: file does not exist`,
  );
}

function read(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw goError(`stat ${path}: no such file or directory`);
  if (found.isDirectory()) throw goError(`open() can't be used with directories, path: "${path}"`);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw goError(`open ${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** k6 raises host errors as `GoError`: an Error by `instanceof`, another name. */
function goError(message: string): Error {
  const error = new Error(message);
  error.name = "GoError";
  return error;
}
