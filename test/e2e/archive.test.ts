/** Archives of k6 and of lakh, and the other commands beside `run`, as a user types them. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repoRoot, runLakh, scratchFolder } from "../support/cli.ts";

const ofK6 = join(repoRoot, "test/unit/script/fixtures/k6-archive.tar");

/** What the script's console said, in order of text. */
function said(stderr: string): string[] {
  return [...stderr.matchAll(/msg="?((?:[^"\\]|\\.)*)"? source=console/gu)]
    .map((match) => match[1]!)
    .sort();
}

describe("an archive of k6", () => {
  it("runs with its files, options and environment, whatever it is called", async (t) => {
    const cwd = scratchFolder(t);
    copyFileSync(ofK6, join(cwd, "anything.bin"));
    const env = { HOME: "/home/me" };
    const { code, stderr } = await runLakh(["run", "--quiet", "anything.bin"], { cwd, env });
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      said(stderr),
      Array.from({ length: 4 }, () => "hi text 4 7 bar /home/me"),
    );
    const once = ["run", "--quiet", "-u", "1", "-i", "1", "-e", "FOO=flag", "anything.bin"];
    assert.deepEqual(said((await runLakh(once, { cwd, env })).stderr), [
      "hi text 4 7 flag /home/me",
    ]);
  });

  it("is inspected, and refused as a script", async (t) => {
    const cwd = scratchFolder(t);
    const inspected = await runLakh(["inspect", "--execution-requirements", ofK6], { cwd });
    const options = JSON.parse(inspected.stdout) as Record<string, unknown>;
    assert.deepEqual(
      [options["vus"], options["totalDuration"], options["maxVUs"]],
      [3, "10m30s", 3],
    );
    assert.equal((await runLakh(["run", "--type", "js", ofK6], { cwd })).code, 107);
    assert.equal((await runLakh(["run", "--type", "nope", ofK6], { cwd })).code, 255);
  });
});

describe("an archive of lakh", () => {
  it("holds everything: it runs where the files are gone, from standard input too", async (t) => {
    const cwd = scratchFolder(t, {
      "main.js": `
        import { hi } from './lib/hi.js';
        const text = open('./data/text.txt');
        export const options = { iterations: 2 };
        export default function () { console.log(hi, text, __ENV.FOO); }`,
      "lib/hi.js": "export const hi = 'hi';",
      "data/text.txt": "text",
    });
    const made = await runLakh(["archive", "-O", "out.tar", "-e", "FOO=1", "--vus=2", "main.js"], {
      cwd,
    });
    assert.equal(made.code, 0, made.stderr);
    for (const path of ["main.js", "lib", "data"]) rmSync(join(cwd, path), { recursive: true });
    const ran = await runLakh(["run", "--quiet", "out.tar"], { cwd });
    assert.deepEqual(said(ran.stderr), ["hi text 1", "hi text 1"]);
    const printed = await runLakh(["archive", "-O", "-", "out.tar"], { cwd });
    assert.ok(printed.stdout.includes("metadata.json"));
  });

  it("bundles what k6 would not find into the script", async (t) => {
    const cwd = scratchFolder(t, {
      "main.ts": `
        import { twice } from 'tiny';
        import data from './data.json';
        import { z } from './z';
        export default function (): void { console.log(twice(data.n), z); }`,
      "node_modules/tiny/package.json": '{"name":"tiny","main":"index.js"}',
      "node_modules/tiny/index.js": "module.exports = { twice: (x) => x * 2 };",
      "data.json": '{"n":21}',
      "z.js": "export const z = 'z';",
    });
    const made = await runLakh(["archive", "main.ts"], { cwd });
    assert.match(made.stderr, /archived as one file/u);
    for (const path of ["main.ts", "node_modules", "data.json", "z.js"])
      rmSync(join(cwd, path), { recursive: true });
    assert.deepEqual(said((await runLakh(["run", "--quiet", "archive.tar"], { cwd })).stderr), [
      "42 z",
    ]);
  });

  it("leaves the environment out when asked to", async (t) => {
    const cwd = scratchFolder(t, {
      "main.js": "export default () => console.log(typeof __ENV.FOO);",
    });
    await runLakh(["archive", "--exclude-env-vars", "-e", "FOO=1", "main.js"], { cwd });
    assert.deepEqual(said((await runLakh(["run", "-q", "archive.tar"], { cwd })).stderr), [
      "undefined",
    ]);
  });
});

describe("lakh new", () => {
  it("writes scripts that can be inspected, and overwrites only when forced", async (t) => {
    const cwd = scratchFolder(t);
    for (const template of ["minimal", "protocol", "browser"]) {
      const made = await runLakh(["new", "--template", template, `${template}.js`], { cwd });
      assert.equal(made.stdout, `New script created: ${template}.js (${template} template).\n`);
      const { code, stderr } = await runLakh(["inspect", "--offline", `${template}.js`], { cwd });
      assert.equal(code, 0, stderr);
    }
    assert.equal((await runLakh(["new", "minimal.js"], { cwd })).code, 255);
    assert.equal(
      (await runLakh(["new", "-f", "--project-id", "12", "minimal.js"], { cwd })).code,
      0,
    );
    assert.match(
      readFileSync(join(cwd, "minimal.js"), "utf8"),
      /projectID: 12, name: "minimal.js"/u,
    );
    assert.equal((await runLakh(["new"], { cwd })).code, 0);
    assert.ok(existsSync(join(cwd, "script.js")));
    assert.equal((await runLakh(["new", "--template", "nope", "x.js"], { cwd })).code, 255);
    const own = await runLakh(["new", "--template", "minimal.js", "own.js"], { cwd });
    assert.equal(own.code, 0);
    assert.equal((await runLakh(["new", "--project-id", "x", "y.js"], { cwd })).code, 255);
  });
});
