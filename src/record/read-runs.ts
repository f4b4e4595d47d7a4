/** What a name that stands for runs holds: one run, a baseline of several, or a folder of either. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { LakhError } from "../base/errors.ts";
import type { RecordErrorCode } from "./errors.ts";
import type { BaselineRecord, RunFigures } from "./figures.ts";
import { findBaselineFault } from "./figures-shape.ts";
import { checkedRecord, invalid, readJson, readRecord, unknownVersion } from "./read.ts";
import type { RunRecord } from "./schema.ts";
import { partialSuffix, recordFileName } from "./write.ts";

/** A run as its record has it, or as a baseline does. */
export type ReadRun =
  | { readonly kind: "record"; readonly record: RunRecord }
  | { readonly kind: "figures"; readonly figures: RunFigures };

const baselineVersion = 1;

/**
 * The runs that a name stands for.
 * @throws LakhError RECORD_NOT_FOUND, RECORD_UNFINISHED, RECORD_VERSION, RECORD_INVALID
 */
export function readRuns(name: string, runsDir: string): readonly ReadRun[] {
  const isRun = name === "latest" || existsSync(join(runsDir, name, recordFileName));
  if (isRun || !existsSync(name)) return [{ kind: "record", record: readRecord(name, runsDir) }];
  return statSync(name).isDirectory() ? readFolder(name) : readFile(name);
}

/** By name, which for run ids is by time. A run's own folder is that run. */
function readFolder(folder: string): ReadRun[] {
  if (existsSync(join(folder, recordFileName))) return readFile(join(folder, recordFileName));
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.endsWith(partialSuffix))
    .map((entry) =>
      entry.isDirectory() ? join(folder, entry.name, recordFileName) : join(folder, entry.name),
    )
    .filter((path) => path.endsWith(".json") && existsSync(path))
    .toSorted();
  if (files.length === 0)
    throw new LakhError(
      "RECORD_NOT_FOUND" satisfies RecordErrorCode,
      `the folder ${folder} holds no run record and no baseline`,
      { hint: "name a folder with *.json of records or baselines, or with folders of runs" },
    );
  return files.flatMap(readFile);
}

function readFile(path: string): ReadRun[] {
  const value = readJson(path);
  const version = (value as Partial<BaselineRecord> | null)?.baselineVersion;
  if (version === undefined) return [{ kind: "record", record: checkedRecord(path, value) }];
  if (typeof version === "number" && version !== baselineVersion)
    throw unknownVersion(path, version);
  const fault = findBaselineFault(value);
  if (fault !== undefined) throw invalid(path, `${fault.path}: ${fault.problem}`);
  return (value as BaselineRecord).runs.map((figures) => ({ kind: "figures", figures }));
}
