import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { LakhError } from "../../../src/base/errors.ts";
import { withLock } from "../../../src/monitor/lock.ts";
import { scratchFolder } from "../../support/cli.ts";

describe("the lock", () => {
  it("lets one work at a time, and the next one afterwards", async (t) => {
    const path = join(scratchFolder(t), "lakh", "monitor.lock");
    const result = await withLock(path, async () => {
      const second = withLock(path, () => Promise.resolve("both"));
      await assert.rejects(second, (error: LakhError) => {
        assert.equal(error.code, "MONITOR_BUSY");
        return error.message.includes(`process ${process.pid}`);
      });
      return "one";
    });
    assert.equal(result, "one");
    assert.equal(await withLock(path, () => Promise.resolve("next")), "next");
    assert.equal(existsSync(path), false);
  });

  it("is given back when the work fails", async (t) => {
    const path = join(scratchFolder(t), "monitor.lock");
    await assert.rejects(
      withLock(path, () => Promise.reject(new Error("no"))),
      /no/u,
    );
    assert.equal(existsSync(path), false);
  });

  it("does not count when its owner has ended, or nobody can tell who it was", async (t) => {
    const path = join(scratchFolder(t), "monitor.lock");
    const { pid } = spawnSync("true");
    for (const text of [JSON.stringify({ pid, identity: "boot/1" }), "", '{"pid":', "{}"]) {
      writeFileSync(path, text);
      assert.equal(await withLock(path, () => Promise.resolve(text)), text);
    }
  });

  it("does not count when its owner's number belongs to another process now", async (t) => {
    const path = join(scratchFolder(t), "monitor.lock");
    writeFileSync(path, JSON.stringify({ pid: process.pid, identity: "an earlier boot/1" }));
    assert.equal(await withLock(path, () => Promise.resolve(1)), 1);
  });

  it("is an error where no file can be made", async (t) => {
    const folder = scratchFolder(t, { file: "" });
    await assert.rejects(
      withLock(join(folder, "file", "lock"), () => Promise.resolve(1)),
      (error: LakhError) => error.code === "MONITOR_STATE",
    );
  });
});
