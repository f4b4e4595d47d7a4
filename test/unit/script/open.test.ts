import { strict as assert } from "node:assert";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  createOpen,
  createOpenedFiles,
  type ModuleScope,
  moduleScope,
} from "../../../src/script/open.ts";
import type { OpenFunction } from "../../../src/script/open.ts";
import { folder } from "./script-harness.ts";

const createError = (message: string): Error =>
  Object.assign(new Error(message), { name: "GoError" });

const opener = (
  entryDir: string,
  { phase = "init", files = createOpenedFiles(), mayRead = true } = {},
): OpenFunction => createOpen({ entryDir, phase: () => phase, files, mayRead, createError });

test("open gives text relative to the entry script, absolute, and by file URL", async (t) => {
  const dir = await folder(t, { "data/users.json": '["ünï"]' });
  const open = opener(dir);
  assert.equal(open("data/users.json"), '["ünï"]');
  assert.equal(open("./data/users.json"), '["ünï"]');
  assert.equal(open(join(dir, "data/users.json")), '["ünï"]');
  assert.equal(open(pathToFileURL(join(dir, "data/users.json")).href), '["ünï"]');
});

test("open gives an ArrayBuffer of its own with mode b", async (t) => {
  const dir = await folder(t, { "a.bin": "\u0001\u0002" });
  const open = opener(dir);
  const first = open("a.bin", "b") as ArrayBuffer;
  assert.ok(first instanceof ArrayBuffer);
  new Uint8Array(first)[0] = 9;
  assert.deepEqual([...new Uint8Array(open("a.bin", "b") as ArrayBuffer)], [1, 2]);
});

test("open reads a file once for all VUs that share the cache", async (t) => {
  const dir = await folder(t, { "a.txt": "first" });
  const files = createOpenedFiles();
  const make = (): OpenFunction => opener(dir, { files });
  assert.equal(make()("a.txt"), "first");
  await writeFile(join(dir, "a.txt"), "second");
  assert.equal(make()("a.txt"), "first");
});

test("open fails as k6 does: empty name, missing file, folder, outside of init", async (t) => {
  const dir = await folder(t, { "sub/a.txt": "" });
  const open = opener(dir);
  const goError = (message: RegExp) => ({ name: "GoError", message });
  assert.throws(() => open(""), goError(/empty filename/u));
  assert.throws(() => open(undefined), goError(/empty filename/u));
  assert.throws(() => open("nope.txt"), goError(/^stat .*nope\.txt: no such file or directory$/u));
  assert.throws(() => open("sub"), goError(/can't be used with directories, path: ".*sub"/u));
  assert.throws(
    () => opener(dir, { phase: "iteration" })("sub/a.txt"),
    goError(/only available in the init stage/u),
  );
});

test("VUs after the first find only the files that it has opened", async (t) => {
  const dir = await folder(t, { "a.txt": "a", "b.txt": "b" });
  const files = createOpenedFiles();
  opener(dir, { files })("a.txt");
  const later = opener(dir, { files, mayRead: false });
  assert.equal(later("a.txt"), "a");
  assert.throws(() => later("b.txt"), {
    name: "GoError",
    message: `open() can't be used with files that weren't previously opened during initialization (__VU==0), path: "${join(dir, "b.txt")}"`,
  });
});

test("a relative path starts from the folder of the module whose top level runs", async (t) => {
  const dir = await folder(t, { "a.txt": "outer", "sub/a.txt": "inner" });
  const open = opener(dir);
  const scope = (open as unknown as { [moduleScope]: ModuleScope })[moduleScope];
  scope.enter(join(dir, "sub"));
  assert.equal(open("a.txt"), "inner");
  scope.leave();
  assert.equal(open("a.txt"), "outer");
});
