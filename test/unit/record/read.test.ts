import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { openRunFolder, recordErrorCodes, type RunRecord } from "../../../src/record/index.ts";
import { listRuns, readRecord } from "../../../src/record/read.ts";
import { fullRecord } from "./full-record.ts";

let runsDir: string;

beforeEach(() => {
  runsDir = mkdtempSync(join(tmpdir(), "lakh-record-"));
});

afterEach(() => {
  rmSync(runsDir, { recursive: true, force: true });
});

function write(id: string, changes: Partial<RunRecord> = {}): void {
  openRunFolder(runsDir, id).commit(fullRecord({ id, ...changes }));
}

function writeText(id: string, text: string): void {
  mkdirSync(join(runsDir, id));
  writeFileSync(join(runsDir, id, "record.json"), text);
}

function errorOf(action: () => unknown): LakhError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof LakhError, String(error));
    assert.ok(error.code in recordErrorCodes, error.code);
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Fields that records of lakh 0.1.0 do not have. */
const optional: ReadonlySet<string> = new Set(["stealShare", "throttledShare", "exchanges"]);

describe("readRecord", () => {
  it("finds a run by id, by folder, by file, and the latest", () => {
    write("20260101-000000-a");
    write("20260102-000000-b");
    const ways = [
      "20260102-000000-b",
      join(runsDir, "20260102-000000-b"),
      join(runsDir, "20260102-000000-b", "record.json"),
      "latest",
    ];
    for (const way of ways) assert.equal(readRecord(way, runsDir).id, "20260102-000000-b", way);
  });

  it("gives back exactly what was written", () => {
    const { actual: _, ...withoutSamples } = fullRecord().thresholds[0]!;
    const record = fullRecord({
      objectives: null,
      plan: null,
      thresholds: [withoutSamples as RunRecord["thresholds"][number]],
    });
    openRunFolder(runsDir, record.id).commit(record);
    assert.deepEqual(readRecord(record.id, runsDir), record);
  });

  it("names the nearest run when there is none of that name", () => {
    write("20260101-000000-demo");
    const error = errorOf(() => readRecord("20260101-000000-demp", runsDir));
    assert.equal(error.code, "RECORD_NOT_FOUND");
    assert.match(error.hint ?? "", /20260101-000000-demo/u);
  });

  it("says that nothing has been run yet", () => {
    for (const name of ["latest", "x", "", "x/y.json"]) {
      for (const folder of [runsDir, join(runsDir, "missing")]) {
        const error = errorOf(() => readRecord(name, folder));
        assert.equal(error.code, "RECORD_NOT_FOUND");
        assert.match(error.hint ?? "", /lakh run/u);
      }
    }
  });

  it("does not take an older run for the latest when the latest was killed", () => {
    write("20260101-000000-demo");
    openRunFolder(runsDir, "20260102-000000-demo");
    const error = errorOf(() => readRecord("latest", runsDir));
    assert.equal(error.code, "RECORD_UNFINISHED");
    assert.match(error.hint ?? "", /20260101-000000-demo/u);
    assert.equal(readRecord("20260101-000000-demo", runsDir).id, "20260101-000000-demo");
    write("20260103-000000-demo");
    assert.equal(readRecord("latest", runsDir).id, "20260103-000000-demo");
  });

  it("refuses a file that was cut short at any place", () => {
    const text = JSON.stringify(fullRecord());
    for (const share of [0, 0.001, 0.3, 0.9, 0.9999]) {
      writeText(`cut-${share}`, text.slice(0, Math.floor(text.length * share)));
      assert.equal(errorOf(() => readRecord(`cut-${share}`, runsDir)).code, "RECORD_INVALID");
    }
  });

  it("refuses another version by number, and says which side is older", () => {
    writeText(
      "newer",
      JSON.stringify({ ...fullRecord(), schemaVersion: 2, intervals: "of another shape" }),
    );
    const error = errorOf(() => readRecord("newer", runsDir));
    assert.equal(error.code, "RECORD_VERSION");
    assert.match(error.message, /schema version is 2, this lakh reads 1/u);
    assert.match(error.hint ?? "", /newer lakh/u);
  });

  it("refuses JSON that is no record", () => {
    for (const [index, text] of ["null", "[]", "1", '"x"', "{}"].entries()) {
      writeText(`no-${index}`, text);
      assert.equal(errorOf(() => readRecord(`no-${index}`, runsDir)).code, "RECORD_INVALID");
    }
  });

  it("names the field when one is missing, whichever it is", () => {
    const fields = leafPaths(fullRecord()).filter((path) => !optional.has(path.at(-1)!));
    assert.ok(fields.length > 120, `${fields.length} fields`);
    for (const [index, path] of fields.entries()) {
      writeText(`missing-${index}`, JSON.stringify(without(fullRecord(), path)));
      const error = errorOf(() => readRecord(`missing-${index}`, runsDir));
      assert.equal(error.code, "RECORD_INVALID", path.join("."));
      assert.ok(
        error.message.includes(path.join(".")),
        `${error.message} should name ${path.join(".")}`,
      );
    }
  });

  it("names the field when a number was not one (NaN is null in JSON), is negative, or a share is above 1", () => {
    const objectives = fullRecord().objectives!;
    const cases: readonly (readonly [string, Partial<RunRecord>])[] = [
      ["durationMs", { durationMs: Number.NaN }],
      ["durationMs", { durationMs: -1 }],
      ["objectives.errorShare", { objectives: { ...objectives, errorShare: 1.1 } }],
      [
        "objectives.latency.0.share",
        { objectives: { ...objectives, latency: [{ share: 95, limitMs: 300 }] } },
      ],
      [
        "steadyLatency.sum",
        { steadyLatency: { ...fullRecord().steadyLatency, sum: Number.POSITIVE_INFINITY } },
      ],
      ["population.usedVus", { population: { initializedVus: 1, usedVus: -1, peakActiveVus: 1 } }],
    ];
    for (const [index, [field, changes]] of cases.entries()) {
      writeText(`bad-${index}`, JSON.stringify(fullRecord(changes)));
      assert.ok(
        errorOf(() => readRecord(`bad-${index}`, runsDir)).message.includes(`${field}: `),
        field,
      );
    }
  });
});

describe("listRuns", () => {
  it("lists runs with a record, oldest first", () => {
    write("20260102-000000-b");
    write("20260101-000000-a");
    openRunFolder(runsDir, "20260103-000000-c");
    mkdirSync(join(runsDir, "20260104-000000-empty"));
    writeFileSync(join(runsDir, "notes.txt"), "");
    assert.deepEqual(listRuns(runsDir), ["20260101-000000-a", "20260102-000000-b"]);
  });

  it("is empty without a folder, and when a file stands in its place", () => {
    writeFileSync(join(runsDir, "file"), "");
    assert.deepEqual(listRuns(join(runsDir, "missing")), []);
    assert.deepEqual(listRuns(join(runsDir, "file")), []);
  });
});

/** Fields that the schema does not know by name, or that may be missing. */
const free = new Set(["config", "options", "values", "points", "actual"]);

/** Paths of the fields of a value; of an array its first element's. */
function leafPaths(value: unknown, path: readonly string[] = []): string[][] {
  if (Array.isArray(value)) return value.length === 0 ? [] : leafPaths(value[0], [...path, "0"]);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === "actual") return [];
    const here = [...path, key];
    return free.has(key) ? [here] : [here, ...leafPaths(child, here)];
  });
}

function without(record: RunRecord, path: readonly string[]): unknown {
  const copy: unknown = structuredClone(record);
  let parent = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  delete parent[path.at(-1)!];
  return copy;
}
