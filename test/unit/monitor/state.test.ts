import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { LakhError } from "../../../src/base/errors.ts";
import {
  type MonitorState,
  parseState,
  readState,
  removeState,
  writeState,
} from "../../../src/monitor/state.ts";
import { scratchFolder } from "../../support/cli.ts";

const state: MonitorState = {
  schemaVersion: 1,
  kind: "programs",
  phase: "up",
  startedAt: "2026-11-27T07:41:03.120Z",
  retention: { time: "30d", size: "5GB" },
  prometheus: {
    url: "http://127.0.0.1:9090",
    version: "2.42.0",
    process: { pid: 4711, identity: "boot/77" },
  },
  grafana: null,
};

const isStateError = (error: LakhError): boolean =>
  error.code === "MONITOR_STATE" && error.hint !== undefined;

describe("the state file", () => {
  it("is read as it was written, by its owner alone, with nothing beside it", async (t) => {
    const folder = join(scratchFolder(t), "lakh");
    const path = join(folder, "monitor.json");
    await writeState(path, state);
    await writeState(path, { ...state, phase: "starting" });
    assert.deepEqual(await readState(path), { ...state, phase: "starting" });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["monitor.json"]);
    await removeState(path);
    assert.equal(await readState(path), undefined);
    await removeState(path);
  });

  it("is an error when it cannot be written, or read, or is something else", async (t) => {
    const folder = scratchFolder(t, { file: "", "other.json": "{}" });
    await assert.rejects(writeState(join(folder, "file", "monitor.json"), state), isStateError);
    await assert.rejects(readState(join(folder, "other.json")), isStateError);
    mkdirSync(join(folder, "folder.json"));
    await assert.rejects(readState(join(folder, "folder.json")), isStateError);
    writeFileSync(join(folder, "half.json"), JSON.stringify(state).slice(0, 100));
    await assert.rejects(readState(join(folder, "half.json")), isStateError);
  });

  it("names no process that a signal would miss or that is not one", () => {
    const withPid = (pid: unknown): MonitorState | undefined =>
      parseState(
        JSON.stringify({
          ...state,
          prometheus: { ...state.prometheus, process: { pid, identity: "boot/77" } },
        }),
      );
    assert.notEqual(withPid(2), undefined);
    for (const pid of [1, 0, -1, -4711, 1.5, "4711", null, 2 ** 60])
      assert.equal(withPid(pid), undefined, String(pid));
  });

  it("is refused when a field is missing or of another kind", () => {
    assert.deepEqual(parseState(JSON.stringify(state)), state);
    for (const name of Object.keys(state)) {
      assert.equal(parseState(JSON.stringify({ ...state, [name]: 7 })), undefined, name);
      assert.equal(parseState(JSON.stringify({ ...state, [name]: undefined })), undefined, name);
    }
    assert.equal(parseState("[]"), undefined);
    assert.equal(parseState("null"), undefined);
  });
});
