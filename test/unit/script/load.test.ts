import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { LakhError } from "../../../src/base/errors.ts";
import { folder, load, loadVu, repositoryRoot } from "./script-harness.ts";

/** Loads and returns the error. */
async function failure(dir: string, path = "script.js"): Promise<LakhError> {
  return await load(dir, { path: join(dir, path) }).then(
    () => assert.fail("it loaded"),
    (error: unknown) => error as LakhError,
  );
}

test("a bundle is plain data and tells what it was made of", async (t) => {
  const source = `import http from "k6/http"; import { sleep } from "k6";
    export const options = { vus: 1 }; export default function () { http.get("u"); sleep(1); }`;
  const dir = await folder(t, { "script.js": source });
  const bundle = await load(dir);
  assert.deepEqual(structuredClone(bundle), bundle);
  assert.equal(bundle.entryPath, join(dir, "script.js"));
  assert.equal(bundle.entryDir, dir);
  assert.equal(bundle.sha256, createHash("sha256").update(source).digest("hex"));
  assert.deepEqual(bundle.modules, ["k6", "k6/http"]);
  assert.deepEqual([...bundle.exportNames].sort(), ["default", "options"]);
  assert.equal(bundle.format, "esm");
  assert.equal(bundle.stats.blockingFunctions, 1);
});

test("TypeScript: types, enums, parameter properties and type-only imports", async (t) => {
  const dir = await folder(t, {
    "script.ts": `
      import type { Shape } from "./shape";
      import { Kind } from "./kind";
      class Box { constructor(private readonly size: number) {} get double(): number { return this.size * 2 } }
      export default function (): Shape { return { kind: Kind.B, size: new Box(4).double as number } }`,
    "shape.ts": "export interface Shape { kind: number; size: number }",
    "kind.ts": "export enum Kind { A, B }",
  });
  const vu = await loadVu(dir, { path: join(dir, "script.ts") });
  assert.deepEqual(await vu.run(), { kind: 1, size: 8 });
});

test("relative imports with and without extension, folders, JSON", async (t) => {
  const dir = await folder(t, {
    "script.js": `
      import a from "./lib/a.js"; import b from "./lib/b"; import c from "./lib"; import d from "./d.json";
      export default () => [a, b, c, d.x];`,
    "lib/a.js": "export default 1",
    "lib/b.ts": "export default 2 as number",
    "lib/index.js": "export default 3",
    "d.json": '{"x":4}',
  });
  assert.deepEqual(await (await loadVu(dir)).run(), [1, 2, 3, 4]);
});

test("npm packages: ESM, CommonJS and the browser field", async (t) => {
  const dir = await folder(t, {
    "script.js": `import esm from "esm-pack"; import { two } from "cjs-pack"; import where from "both/deep";
      export default () => [esm, two, where];`,
    "node_modules/esm-pack/package.json":
      '{"name":"esm-pack","type":"module","exports":"./main.mjs"}',
    "node_modules/esm-pack/main.mjs": "export default 1",
    "node_modules/cjs-pack/package.json": '{"name":"cjs-pack","main":"main.js"}',
    "node_modules/cjs-pack/main.js": "exports.two = 2",
    "node_modules/both/package.json": '{"name":"both","browser":{"./deep.js":"./deep-browser.js"}}',
    "node_modules/both/deep.js": "module.exports = require('fs')",
    "node_modules/both/deep-browser.js": "module.exports = 'browser'",
  });
  assert.deepEqual(await (await loadVu(dir)).run(), [1, 2, "browser"]);
});

test("a real package: lodash from this repository's node_modules, its callbacks waited for", async (t) => {
  const dir = await folder(t, {
    "script.js": `import _ from "lodash"; import http from "k6/http";
      export default () => _.chunk(["/a", "/b", "/c"], 2).map((urls) => urls.map((u) => http.get(u).status));`,
  });
  await symlink(join(repositoryRoot(), "node_modules"), join(dir, "node_modules"));
  const vu = await loadVu(dir);
  assert.deepEqual(await vu.run(), [[200, 200], [200]]);
  assert.deepEqual(vu.calls, ["GET /a", "GET /b", "GET /c"]);
});

test("CommonJS scripts: module.exports, exports, require of k6 modules and of files", async (t) => {
  const dir = await folder(t, {
    "script.js": `const http = require("k6/http"); const { sleep } = require("k6"); const { base } = require("./base");
      exports.options = { vus: 3 };
      exports.default = function () { sleep(0.1); return http.get(base + "/x").status; };`,
    "base.js": 'module.exports = { base: "http://t" };',
    "whole.js":
      "module.exports = { default() { return 7 }, options: {}, checkout() { return 8 } };",
  });
  const bundle = await load(dir);
  assert.equal(bundle.format, "cjs");
  assert.deepEqual(bundle.modules, ["k6", "k6/http"]);
  const vu = await loadVu(dir);
  assert.deepEqual(Object.keys(vu.instance.exports).sort(), ["default", "options"]);
  assert.equal(await vu.run(), 200);
  assert.deepEqual(vu.calls, ["sleep 0.1", "GET http://t/x"]);
  const whole = await loadVu(dir, { path: join(dir, "whole.js") });
  assert.equal(await whole.run("checkout"), 8);
});

test("a script from standard input: JavaScript or TypeScript, imports relative to the working directory", async (t) => {
  const dir = await folder(t, { "lib.js": "export const two = 2" });
  const fromStdin = async (source: string): Promise<unknown> =>
    (await loadVu(dir, { path: "-", source })).run();
  assert.equal(await fromStdin('import { two } from "./lib.js"; export default () => two'), 2);
  assert.equal(
    await fromStdin('import { two } from "./lib.js"; export default (): number => two as number'),
    2,
  );
  const bundle = await load(dir, { path: "-", source: "export default () => 1" });
  assert.equal(bundle.entryPath, "-");
  assert.equal(bundle.entryDir, dir);
});

test("a script may have any extension, or none", async (t) => {
  const dir = await folder(t, {
    "journey.es6": "export default () => 1",
    journey: "export default () => 2",
  });
  assert.equal(await (await loadVu(dir, { path: join(dir, "journey.es6") })).run(), 1);
  assert.equal(await (await loadVu(dir, { path: join(dir, "journey") })).run(), 2);
});

test("a script may begin with a hashbang or a byte order mark", async (t) => {
  const dir = await folder(t, {
    "hash.js": "#!/usr/bin/env lakh\nexport default () => 1",
    "bom.js": "\ufeffexport default () => 2",
  });
  assert.equal(await (await loadVu(dir, { path: join(dir, "hash.js") })).run(), 1);
  assert.equal(await (await loadVu(dir, { path: join(dir, "bom.js") })).run(), 2);
});

test("sloppy code that strict mode refuses is placed in the user's file", async (t) => {
  const dir = await folder(t, {
    "script.js": "module.exports = { default: () => f(1, 2) };\nfunction f(a, a) { return a }",
    "with.js": "module.exports = { default() { with ({ a: 1 }) { return a } } };",
  });
  const error = await failure(dir);
  assert.deepEqual([error.code, error.exitCode], ["SCRIPT_SYNTAX", 107]);
  assert.equal(error.message, `${join(dir, "script.js")}:2:15: Argument name clash`);
  assert.match((await failure(dir, "with.js")).message, /with\.js:1:\d+: With statements/u);
});

test("a missing script, and a folder, end with 255", async (t) => {
  const dir = await folder(t, { "sub/x.js": "" });
  const missing = await failure(dir, "nope.js");
  assert.equal(missing.code, "SCRIPT_NOT_FOUND");
  assert.equal(missing.exitCode, 255);
  assert.match(missing.message, /nope\.js does not exist$/u);
  assert.match((await failure(dir, "sub")).message, /is a folder$/u);
});

test("a syntax error shows file, line, column, the line and a caret", async (t) => {
  const dir = await folder(t, { "script.js": 'const a = 1;\n\tconst é = "ü" oops;\n' });
  const error = await failure(dir);
  assert.equal(error.code, "SCRIPT_SYNTAX");
  assert.equal(error.exitCode, 107);
  assert.deepEqual(error.message.split("\n"), [
    `${join(dir, "script.js")}:2:16: Expected ";" but found "oops"`,
    '  2 | \tconst é = "ü" oops;',
    "    | \t              ^^^^",
  ]);
});

test("syntax errors from standard input are reported once, as -", async (t) => {
  const dir = await folder(t);
  const error = await load(dir, { path: "-", source: "export default ( {" }).catch(
    (thrown: unknown) => thrown as LakhError,
  );
  assert.match(
    (error as LakhError).message,
    /^-:1:19: Expected identifier but found end of file\n/u,
  );
});

test("many errors are cut short", async (t) => {
  const imports = Array.from({ length: 9 }, (_, index) => `import "./m${index}.js";`).join("\n");
  const dir = await folder(t, { "script.js": imports });
  assert.match((await failure(dir)).message, /\nand 4 more errors$/u);
});

test("a missing file, package, Node module and k6 module each say what to do", async (t) => {
  const dir = await folder(t, {
    "file.js": '\nimport x from "./nope.js"; export default () => x;',
    "pack.js": 'import x from "@acme/nope/deep"; export default () => x;',
    "node.js": 'import { readFileSync } from "fs"; export default () => readFileSync;',
    "k6.js": 'import x from "k6/nope"; export default () => x;',
    "name.js": 'import { nope } from "./part.js"; export default () => nope;',
    "part.js": "export const yes = 1;",
    "text.js": 'import x from "./a.csv"; export default () => x;',
    "a.csv": "1,2",
  });
  const file = await failure(dir, "file.js");
  assert.deepEqual([file.code, file.exitCode], ["SCRIPT_MODULE_NOT_FOUND", 107]);
  assert.ok(
    file.message.startsWith(
      `${join(dir, "file.js")}:2:15: The module "./nope.js" was not found\n  2 | import x`,
    ),
  );
  const pack = await failure(dir, "pack.js");
  assert.equal(pack.code, "SCRIPT_MODULE_NOT_FOUND");
  assert.match(
    pack.message,
    /The moduleSpecifier "@acme\/nope\/deep" couldn't be recognised as something k6 supports\./u,
  );
  assert.match(pack.hint ?? "", /npm install @acme\/nope/u);
  assert.match((await failure(dir, "node.js")).hint ?? "", /Node's own modules do not exist/u);
  const k6 = await failure(dir, "k6.js");
  assert.deepEqual([k6.code, k6.exitCode], ["SCRIPT_MODULE_UNKNOWN", 107]);
  assert.match(k6.message, /Unknown module "k6\/nope"/u);
  assert.match(k6.hint ?? "", /k6\/http/u);
  const name = await failure(dir, "name.js");
  assert.equal(name.code, "SCRIPT_SYNTAX");
  assert.match(name.message, /No matching export in .* for import "nope"/u);
  assert.match((await failure(dir, "text.js")).hint ?? "", /open\(\)/u);
});

test("an optional require of a missing package does not stop the script", async (t) => {
  const dir = await folder(t, {
    "script.js": `let found = true; try { require("not-there") } catch { found = false } exports.default = () => found;`,
  });
  assert.equal(await (await loadVu(dir)).run(), false);
});

test("the bundler's warnings reach the log with their place", async (t) => {
  const dir = await folder(t, { "script.js": "export default (a) => typeof a === 'nunber'" });
  const lines: string[] = [];
  await load(dir, { log: { log: (level, message) => void lines.push(`${level} ${message}`) } });
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^warning .*script\.js:1:/u);
});
