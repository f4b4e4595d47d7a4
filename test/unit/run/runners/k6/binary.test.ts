import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { findK6 } from "../../../../../src/run/runners/k6/binary.ts";
import { scratchFolder } from "../../../../support/cli.ts";

/** A program that says that it is this version, whatever it is asked. */
function program(t: TestContext, says: string): { folder: string; path: string } {
  const folder = scratchFolder(t);
  const path = join(folder, "k6");
  writeFileSync(path, `#!/bin/sh\necho "${says}"\n`);
  chmodSync(path, 0o755);
  return { folder, path };
}

describe("the k6 that is run", () => {
  it("is the one that LAKH_K6 names, before the one on the PATH", async (t) => {
    const named = program(t, "k6 v2.3.1 (go1.26, linux/amd64)");
    const onPath = program(t, "k6 v2.2.0 (go1.26, linux/amd64)");
    const env = { PATH: `relative:/nowhere:${onPath.folder}` };
    assert.deepEqual(await findK6({ env, cwd: "/" }), { path: onPath.path, version: "2.2.0" });
    const both = { ...env, LAKH_K6: named.path };
    assert.deepEqual(await findK6({ env: both, cwd: "/" }), { path: named.path, version: "2.3.1" });
  });

  it("must be there: the error says how to install it", async () => {
    for (const env of [{}, { PATH: "/nowhere" }, { LAKH_K6: "/nowhere/k6" }]) {
      await assert.rejects(
        findK6({ env, cwd: "/" }),
        ({ code, hint }: { code: string; hint: string }) => {
          return code === "K6_MISSING" && hint.includes("install k6 2 or later");
        },
      );
    }
  });

  it("must be k6", async (t) => {
    const { path } = program(t, "GNU coreutils 9.1");
    await assert.rejects(findK6({ env: { LAKH_K6: path }, cwd: "/" }), { code: "K6_MISSING" });
  });

  it("must not be older than 2", async (t) => {
    const { path } = program(t, "k6 v1.7.2 (go1.24, linux/amd64)");
    await assert.rejects(findK6({ env: { LAKH_K6: path }, cwd: "/" }), {
      code: "K6_TOO_OLD",
      message: `${path} is k6 1.7.2; the runner k6 needs 2.0 or later`,
    });
  });
});
