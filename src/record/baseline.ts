/** Writing a baseline: a file for a repository, so a run is a line of it and a figure has no more digits than it is worth. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { LakhError } from "../base/errors.ts";
import { replaceFile } from "./durable.ts";
import type { RecordErrorCode } from "./errors.ts";
import type { BaselineRecord } from "./figures.ts";

const digits = 6;

/** Writes it in the place of a file that may be there. @throws LakhError BASELINE_WRITE */
export function writeBaseline(path: string, { runs, ...head }: BaselineRecord): void {
  const lines = runs.map((run) => JSON.stringify(run, brief));
  const text = `${JSON.stringify(head).slice(0, -1)},"runs":[\n${lines.join(",\n")}\n]}\n`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, text);
  } catch (cause) {
    throw new LakhError(
      "BASELINE_WRITE" satisfies RecordErrorCode,
      `the baseline cannot be written to ${path}: ${(cause as Error).message}`,
      { hint: "name a file in a folder that you may write to with --save-baseline", cause },
    );
  }
}

function brief(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value)
    ? Number(value.toPrecision(digits))
    : value;
}
