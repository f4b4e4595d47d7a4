/**
 * Writing a run's folder: `<runsDir>/<id>/record.json`. The folder is made under a temporary name (`<id>.partial`)
 * and renamed when it is complete and on disk, so a folder without the suffix always holds a whole record, whatever
 * happens to the process or the machine meanwhile.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { guardWriting, syncFolder, toJsonLine, writeDurably } from "./durable.ts";
import type { RunRecord } from "./schema.ts";

/** Name of the record's file in its folder. */
export const recordFileName = "record.json";

/** Suffix of a folder that is being written, or was when its process was killed. */
export const partialSuffix = ".partial";

/** Two runs that start in the same second get -2, -3 …; more than this is a fault somewhere. */
const maxTwins = 1_000;

/** A run id that sorts by time: 20261123-204512-label (UTC). What is not `[\w.-]` in the label becomes "-". */
export function newRunId(wallMs: number, label: string): string {
  const [date, time] = new Date(wallMs).toISOString().split("T");
  const stamp = `${date!.replaceAll("-", "")}-${time!.slice(0, 8).replaceAll(":", "")}`;
  const slug = label
    .replace(/[^\w.-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/gu, "")
    .slice(0, 60);
  return slug === "" ? stamp : `${stamp}-${slug}`;
}

/** A run's folder while it is being written. */
export interface RunFolder {
  /** The id it was opened with, or that id and "-2" when another run took it in the same second. */
  readonly id: string;
  /** Where the record will be. */
  readonly path: string;
  /**
   * Writes the record (under the folder's own id) and makes the folder appear under its own name.
   * @throws LakhError RECORD_WRITE; then nothing is left but what was there before
   */
  commit(record: RunRecord): void;
  /** Leaves nothing behind. Harmless after `commit`. */
  discard(): void;
}

/**
 * Makes the temporary folder and proves that it can be written, before any load is sent.
 * @throws LakhError RECORD_WRITE
 */
export function openRunFolder(runsDir: string, id: string): RunFolder {
  const free = guardWriting(join(runsDir, id), () => claimFolder(runsDir, id));
  const path = join(runsDir, free);
  const partial = `${path}${partialSuffix}`;
  const discard = (): void => rmSync(partial, { recursive: true, force: true });
  return {
    id: free,
    path,
    commit(record) {
      try {
        guardWriting(path, () => {
          writeDurably(join(partial, recordFileName), toJsonLine({ ...record, id: free }));
          syncFolder(partial);
          renameSync(partial, path);
          syncFolder(dirname(path));
        });
      } catch (error) {
        discard();
        throw error;
      }
    },
    discard,
  };
}

/** The first of id, id-2, id-3 … that is free, its temporary folder made and tried. */
function claimFolder(runsDir: string, id: string): string {
  mkdirSync(runsDir, { recursive: true });
  for (let twin = 1; twin <= maxTwins; twin++) {
    const candidate = twin === 1 ? id : `${id}-${twin}`;
    const partial = join(runsDir, `${candidate}${partialSuffix}`);
    if (existsSync(join(runsDir, candidate)) || !tryToMake(partial)) continue;
    proveWritable(partial);
    return candidate;
  }
  throw new Error(`${maxTwins} runs have that name already`);
}

/** Writes a file into a new folder; takes the folder away again when that fails. */
function proveWritable(folder: string): void {
  try {
    writeFileSync(join(folder, recordFileName), "");
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Makes a folder; false when another process made it first, which `mkdir` decides atomically. */
function tryToMake(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
