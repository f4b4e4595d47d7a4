import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { newRunId, openRunFolder } from "../../../src/record/index.ts";
import { readRecord } from "../../../src/record/read.ts";
import { fullRecord } from "./full-record.ts";

let runsDir: string;

beforeEach(() => {
  runsDir = join(mkdtempSync(join(tmpdir(), "lakh-record-")), "lakh-runs");
});

afterEach(() => {
  rmSync(join(runsDir, ".."), { recursive: true, force: true });
});

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof LakhError, String(error));
    return error.code;
  }
  return "nothing was thrown";
}

describe("newRunId", () => {
  const at = (iso: string): number => Date.parse(iso);

  it("is the UTC time and the label", () => {
    assert.equal(newRunId(at("2026-11-23T20:45:12.999Z"), "demo"), "20261123-204512-demo");
  });

  it("sorts by time", () => {
    const times = [
      "2026-02-01T00:00:00Z",
      "2026-02-01T00:00:01Z",
      "2026-10-01T00:00:00Z",
      "2027-01-01T00:00:00Z",
    ];
    const ids = times.map((time) => newRunId(at(time), "x"));
    assert.deepEqual(ids.toSorted(), ids);
  });

  it("keeps the label from leaving the folder", () => {
    assert.equal(
      newRunId(at("2026-11-23T20:45:12Z"), "../../etc/my test"),
      "20261123-204512-etc-my-test",
    );
    assert.equal(newRunId(at("2026-11-23T20:45:12Z"), "///"), "20261123-204512");
  });
});

describe("openRunFolder", () => {
  it("shows nothing under the run's own name until the record is whole", () => {
    const folder = openRunFolder(runsDir, "a");
    assert.equal(existsSync(folder.path), false);
    folder.commit(fullRecord({ id: "a" }));
    assert.deepEqual(readdirSync(runsDir), ["a"]);
    assert.deepEqual(readRecord("a", runsDir), fullRecord({ id: "a" }));
  });

  it("leaves nothing behind when discarded, and keeps the record when discarded after commit", () => {
    openRunFolder(runsDir, "a").discard();
    assert.deepEqual(readdirSync(runsDir), []);
    const folder = openRunFolder(runsDir, "b");
    folder.commit(fullRecord());
    folder.discard();
    assert.deepEqual(readdirSync(runsDir), ["b"]);
  });

  it("gives runs of one second and one label folders and ids of their own", () => {
    const folders = [1, 2, 3].map(() => openRunFolder(runsDir, "a"));
    assert.deepEqual(
      folders.map(({ id }) => id),
      ["a", "a-2", "a-3"],
    );
    for (const folder of folders.toReversed()) folder.commit(fullRecord({ id: "a" }));
    assert.deepEqual(
      ["a", "a-2", "a-3"].map((id) => readRecord(id, runsDir).id),
      ["a", "a-2", "a-3"],
    );
  });

  it("does not let a broken number become null, which may mean that nothing was stated", () => {
    const objectives = { ...fullRecord().objectives!, errorShare: Number.NaN };
    openRunFolder(runsDir, "a").commit(fullRecord({ objectives }));
    assert.throws(() => readRecord("a", runsDir), /objectives\.errorShare/u);
  });

  it("never overwrites a finished run", () => {
    openRunFolder(runsDir, "a").commit(fullRecord({ id: "a", durationMs: 1 }));
    const second = openRunFolder(runsDir, "a");
    second.commit(fullRecord({ id: "a", durationMs: 2 }));
    assert.equal(readRecord("a", runsDir).durationMs, 1);
    assert.equal(readRecord("a-2", runsDir).durationMs, 2);
  });

  it("refuses at once, with path and hint, a place that cannot be made", () => {
    mkdirSync(join(runsDir, ".."), { recursive: true });
    writeFileSync(runsDir, "a file where the folder should be");
    assert.throws(
      () => openRunFolder(runsDir, "a"),
      (error: LakhError) => {
        assert.equal(error.code, "RECORD_WRITE");
        assert.ok(error.message.includes(join(runsDir, "a")), error.message);
        assert.match(error.hint ?? "", /--runs-dir/u);
        assert.ok(error.cause instanceof Error);
        return true;
      },
    );
    assert.equal(readFileSync(runsDir, "utf8"), "a file where the folder should be");
  });

  it("leaves nothing when the folder is taken away under it", () => {
    const folder = openRunFolder(runsDir, "a");
    rmSync(runsDir, { recursive: true });
    assert.equal(
      codeOf(() => folder.commit(fullRecord())),
      "RECORD_WRITE",
    );
    assert.equal(existsSync(runsDir), false);
  });

  it("leaves nothing half-written when the last step fails", () => {
    const folder = openRunFolder(runsDir, "a");
    mkdirSync(join(runsDir, "a"));
    writeFileSync(join(runsDir, "a", "taken"), "");
    assert.equal(
      codeOf(() => folder.commit(fullRecord())),
      "RECORD_WRITE",
    );
    assert.deepEqual(readdirSync(runsDir), ["a"]);
    assert.deepEqual(readdirSync(join(runsDir, "a")), ["taken"]);
  });
});
