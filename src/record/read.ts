/**
 * Reading run records: by id, by path, or the latest. Checked against the schema, because files get edited, cut short
 * and carried between versions; nothing is filled in or left out on the way.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { LakhError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { limitFileName, type LimitRecord } from "./limit.ts";
import { findLimitFault } from "./limit-shape.ts";
import type { RunRecord } from "./schema.ts";
import { findShapeFault } from "./shape.ts";
import { partialSuffix, recordFileName } from "./write.ts";

/** The only version of the schema that this lakh reads and writes. */
const knownVersion = 1;

/**
 * The record of a run.
 * @param name a run id, a run's folder, a record file, or "latest"
 * @throws LakhError RECORD_NOT_FOUND, RECORD_UNFINISHED, RECORD_VERSION, RECORD_INVALID (with the field's name)
 */
export function readRecord(name: string, runsDir: string): RunRecord {
  const path = pathOf(name, runsDir);
  return checkedRecord(path, readJson(path));
}

/** A value from the file `path` as a record. @throws LakhError RECORD_VERSION, RECORD_INVALID */
export function checkedRecord(path: string, value: unknown): RunRecord {
  const version = (value as Partial<RunRecord> | null)?.schemaVersion;
  if (typeof version === "number" && version !== knownVersion) throw unknownVersion(path, version);
  const fault = findShapeFault(value);
  if (fault !== undefined) throw invalid(path, `${fault.path}: ${fault.problem}`);
  return value as RunRecord;
}

/** The folder of a run's record. @throws LakhError RECORD_NOT_FOUND, RECORD_UNFINISHED */
export function locateRecord(name: string, runsDir: string): string {
  return dirname(pathOf(name, runsDir));
}

/** The record of the search `id`. @throws LakhError RECORD_INVALID (with the field's name) */
export function readLimit(id: string, runsDir: string): LimitRecord {
  const path = join(runsDir, id, limitFileName);
  const value = readJson(path);
  const fault = findLimitFault(value);
  if (fault !== undefined) throw invalid(path, fault);
  return value as LimitRecord;
}

/** Ids of the runs in a folder that left a record, oldest first. */
export function listRuns(runsDir: string): string[] {
  return foldersIn(runsDir).filter(
    (name) => !name.endsWith(partialSuffix) && existsSync(join(runsDir, name, recordFileName)),
  );
}

function pathOf(name: string, runsDir: string): string {
  return name === "latest" ? latestRecord(runsDir) : findRecord(name, runsDir);
}

/** The newest run's record. A run that never wrote one must not be passed over: the older one is not about it. */
function latestRecord(runsDir: string): string {
  const newest = listRuns(runsDir).at(-1);
  const unfinished = foldersIn(runsDir)
    .filter((name) => name.endsWith(partialSuffix))
    .map((name) => name.slice(0, -partialSuffix.length))
    .at(-1);
  if (unfinished !== undefined && (newest === undefined || unfinished > newest)) {
    throw new LakhError(
      "RECORD_UNFINISHED",
      `the latest run, ${unfinished}, has no record: it is still going on, or was killed`,
      { hint: newest === undefined ? "run it again" : `the run before it is ${newest}: name it` },
    );
  }
  return findRecord(newest ?? "latest", runsDir);
}

function findRecord(name: string, runsDir: string): string {
  const candidates =
    name === "" ? [] : [join(runsDir, name, recordFileName), join(name, recordFileName), name];
  // existsSync first: statSync throws where a part of the path is a file.
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (found !== undefined) return found;
  const runs = listRuns(runsDir);
  throw new LakhError("RECORD_NOT_FOUND", `no run record "${name}" in ${runsDir}`, {
    hint: hintAmong(name, runs),
  });
}

function hintAmong(name: string, runs: readonly string[]): string {
  const near = nearest(name, runs);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (runs.length === 0) return "run something first: lakh run script.js";
  return `the newest are ${runs.slice(-3).reverse().join(", ")}`;
}

/** Names in a folder in the order of time, which for run ids is that of the alphabet; none without a folder. */
export function foldersIn(runsDir: string): string[] {
  const isFolder = existsSync(runsDir) && statSync(runsDir).isDirectory();
  return isFolder ? readdirSync(runsDir).sort() : [];
}

/** @throws LakhError RECORD_INVALID */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw invalid(path, (cause as Error).message, cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `it is not JSON: ${(cause as Error).message}`, cause);
  }
}

/** The file `path` is of another lakh. */
export function unknownVersion(path: string, version: number): LakhError {
  const isNewer = version > knownVersion;
  return new LakhError(
    "RECORD_VERSION",
    `cannot use the run record ${path}: its schema version is ${version}, this lakh reads ${knownVersion}`,
    {
      hint: isNewer ? "read it with the newer lakh that wrote it" : "repeat the run with this lakh",
    },
  );
}

/** The file `path` is none that can be used. */
export function invalid(path: string, reason: string, cause?: unknown): LakhError {
  return new LakhError("RECORD_INVALID", `cannot use the run record ${path}: ${reason}`, {
    hint: "the file is damaged or was edited: repeat the run",
    cause,
  });
}
