/**
 * Writing a run's folder: `<runsDir>/<id>/record.json`. The folder is made under a temporary name and renamed when it is
 * complete, so a folder without the suffix always holds a whole record.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { LakhError } from "../base/errors.ts";
import type { RunRecord } from "./schema.ts";

/** Name of the record's file in its folder. */
export const recordFileName = "record.json";

/** Suffix of a folder that is being written. */
const partialSuffix = ".partial";

/** A run id that sorts by time: 20261123-204512-label (UTC). */
export function newRunId(wallMs: number, label: string): string {
  const [date, time] = new Date(wallMs).toISOString().split("T");
  return `${date!.replaceAll("-", "")}-${time!.slice(0, 8).replaceAll(":", "")}-${label}`;
}

/** A run's folder while it is being written. */
export interface RunFolder {
  /** Where the record will be. */
  readonly path: string;
  /** Writes the record and makes the folder appear under its own name. @throws LakhError RECORD_WRITE */
  commit(record: RunRecord): void;
  /** Leaves nothing behind. Harmless after `commit`. */
  discard(): void;
}

/**
 * Makes the temporary folder and proves that it can be written, before any load is sent.
 * @throws LakhError RECORD_WRITE
 */
export function openRunFolder(runsDir: string, id: string): RunFolder {
  const path = join(runsDir, id);
  const partial = `${path}${partialSuffix}`;
  guarded(partial, () => {
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, recordFileName), "");
  });
  return {
    path,
    commit(record) {
      guarded(path, () => {
        writeDurably(join(partial, recordFileName), `${JSON.stringify(record)}\n`);
        renameSync(partial, path);
      });
    },
    discard() {
      rmSync(partial, { recursive: true, force: true });
    },
  };
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, "w");
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function guarded(path: string, write: () => void): void {
  try {
    write();
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
  EACCES: "you may not write there: choose another place with --runs-dir",
  EROFS: "that file system is read-only: choose another place with --runs-dir",
  "": "choose a folder that can be made and written with --runs-dir",
};
