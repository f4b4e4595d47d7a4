import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readArchive, type ScriptArchive, writeArchive } from "../../../src/script/archive.ts";
import { archivedPath, isArchive } from "../../../src/script/archived.ts";
import { repoRoot } from "../../support/cli.ts";

/** Made by k6 v2.2.0 of a script that imports a file and opens three. */
const ofK6 = readFileSync(join(repoRoot, "test/unit/script/fixtures/k6-archive.tar"));
const facts = { k6Version: "2.2.0", lakhVersion: "1.2.3", wallMs: 1_700_000_000_000 };
const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");

describe("an archive of k6", () => {
  test("is told from a script by its content", () => {
    assert.ok(isArchive(ofK6));
    assert.ok(!isArchive(Buffer.from("export default function () {}")));
    assert.ok(!isArchive(new Uint8Array(1_000)));
  });

  test("gives the script, its files, its options and its environment", async () => {
    const archive = await readArchive(ofK6, "k6-archive.tar");
    assert.equal(archive.entryPath, "/tmp/cli/arch/main.js");
    assert.equal(archive.workingDir, "/tmp/cli/arch");
    assert.match(text(archive.source)!, /^import \{ hi \}/u);
    assert.deepEqual([...archive.files.keys()].sort(), [
      "/tmp/cli/arch/bin.dat",
      "/tmp/cli/arch/d.json",
      "/tmp/cli/arch/data.txt",
      "/tmp/cli/arch/lib/hi.js",
      "/tmp/cli/arch/main.js",
    ]);
    assert.deepEqual([...archive.files.get("/tmp/cli/arch/bin.dat")!], [0, 1, 2, 255]);
    assert.deepEqual(archive.env, { FOO: "bar" });
    const options = archive.options as Record<string, unknown>;
    assert.deepEqual([options["vus"], options["iterations"], options["tags"]], [3, 4, { x: "y" }]);
  });
});

describe("an archive of ours", () => {
  const own: ScriptArchive = {
    entryPath: "/home/somebody/tests/main.ts",
    workingDir: "/home/somebody/tests",
    source: Buffer.from("export default () => {};"),
    files: new Map<string, Uint8Array>([
      ["/home/somebody/tests/data.txt", Buffer.from("text")],
      ["https://127.0.0.1:1234/sub/mod.js", Buffer.from("export const a = 1;")],
    ]),
    env: { A: "b" },
    options: { vus: 2, userAgent: "a<b" },
  };

  test("reads back as it was written, without the user's name", async () => {
    const again = await readArchive(await writeArchive(own, facts), "own.tar");
    assert.equal(again.entryPath, "/home/nobody/tests/main.ts");
    assert.equal(again.workingDir, "/home/nobody/tests");
    assert.equal(text(again.source), text(own.source));
    assert.equal(text(again.files.get("/home/nobody/tests/data.txt")), "text");
    assert.equal(text(again.files.get("https://127.0.0.1:1234/sub/mod.js")), "export const a = 1;");
    assert.equal(text(again.files.get(again.entryPath)), text(own.source));
    assert.deepEqual([again.env, again.options], [own.env, own.options]);
  });

  test("knows a script from standard input and one by URL", async () => {
    for (const [entryPath, workingDir] of [
      ["-", "/srv/tests"],
      ["https://127.0.0.1:1/x.js", "https://127.0.0.1:1/"],
    ] as const) {
      const bytes = await writeArchive({ ...own, entryPath, workingDir, files: new Map() }, facts);
      const again = await readArchive(bytes, "own.tar");
      assert.deepEqual([again.entryPath, again.workingDir], [entryPath, workingDir]);
    }
  });
});

test("what is no archive is refused with the reason", async () => {
  const refused = (bytes: Uint8Array, message: RegExp): Promise<void> =>
    assert.rejects(readArchive(bytes, "x.tar"), { code: "SCRIPT_ARCHIVE", exitCode: 255, message });
  await refused(Buffer.from("export default function () {}"), /x\.tar: /u);
  await refused(ofK6.subarray(0, 900), /x\.tar: /u);
  await refused(new Uint8Array(1_024), /no metadata\.json/u);
});

test("only folders below home lose a name", () => {
  assert.equal(archivedPath("/home/me/a.js"), "/home/nobody/a.js");
  assert.equal(archivedPath("/Users/me/a.js"), "/Users/nobody/a.js");
  assert.equal(archivedPath("/srv/home/me/a.js"), "/srv/home/me/a.js");
  assert.equal(archivedPath("/home/a.js"), "/home/a.js");
});
