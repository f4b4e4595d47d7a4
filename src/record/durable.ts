/** Files that are whole, whatever happens to the process or the machine meanwhile. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { LakhError } from "../base/errors.ts";

/** Writes a file and waits until it is on disk. */
export function writeDurably(path: string, text: string): void {
  const file = openSync(path, "w");
  try {
    // Not writeSync: on a disk that fills up, one write may take only a part and report no error.
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts `text` in the place of a file: a reader finds the old text or the new one, never a part. */
export function replaceFile(path: string, text: string): void {
  const fresh = `${path}.new`;
  writeDurably(fresh, text);
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

/** Puts a folder's entries on disk; where a folder cannot be opened (Windows), the rename has to do. */
export function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, "r");
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!unsupportedSync.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    closeSync(folder);
  }
}

/** What file systems answer that do not synchronise folders. */
const unsupportedSync: ReadonlySet<string> = new Set(["EINVAL", "ENOTSUP", "EPERM", "EBADF"]);

/**
 * Runs `write`, and tells what keeps `path` from being written.
 * @throws LakhError RECORD_WRITE
 */
export function guardWriting<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new LakhError("RECORD_WRITE", `cannot write the run folder ${path}: ${message}`, {
      hint: hints[code ?? ""] ?? hints[""]!,
      cause,
    });
  }
}

const hints: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space, or choose another place with --runs-dir",
  EDQUOT: "your quota is used up: free some space, or choose another place with --runs-dir",
  EACCES: "you may not write there: choose another place with --runs-dir",
  EPERM: "you may not write there: choose another place with --runs-dir",
  EROFS: "that file system is read-only: choose another place with --runs-dir",
  ENOTDIR: "a part of that path is a file: choose another place with --runs-dir",
  "": "choose a folder that can be made and written with --runs-dir",
};

/**
 * A value as one line of JSON. JSON makes NaN and infinities null, which in some fields means "not stated": a broken
 * limit would become no limit. Here they become text, which a reader refuses by the field's name.
 */
export function toJsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "number" && !Number.isFinite(each) ? String(each) : each,
  );
  return `${text}\n`;
}
