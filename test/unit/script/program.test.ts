import { strict as assert } from "node:assert";
import { realpath } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { LakhError } from "../../../src/base/errors.ts";
import { assertHasFunctions, compileProgram } from "../../../src/script/program.ts";
import { folder, load, loadVu, startVu } from "./script-harness.ts";

test("two VUs share code, but neither module state nor globalThis", async (t) => {
  const dir = await folder(t, {
    "script.js": `import { next } from "./counter.js";
      globalThis.seen = globalThis.seen ?? [];
      export default function () { seen.push(next()); return [seen.length, seen.at(-1), globalThis === global]; }`,
    "counter.js": "let n = 0; export const next = () => ++n;",
  });
  const program = compileProgram(await load(dir));
  const [one, two] = [await startVu(program), await startVu(program)];
  assert.deepEqual(await one.run(), [1, 1, true]);
  assert.deepEqual(await one.run(), [2, 2, true]);
  assert.deepEqual(await two.run(), [1, 1, true]);
  assert.notEqual(one.instance.global, two.instance.global);
  assert.equal("seen" in globalThis, false);
});

test("the engine changes __VU and __ITER through the VU's globalThis", async (t) => {
  const dir = await folder(t, { "script.js": "export default () => [__VU, __ITER, __ENV.A];" });
  const program = compileProgram(await load(dir));
  const vu = await startVu(program, { __ENV: { A: "x" }, __VU: 7, __ITER: undefined });
  assert.deepEqual(await vu.run(), [7, undefined, "x"]);
  vu.instance.global["__ITER"] = 3;
  assert.deepEqual(await vu.run(), [7, 3, "x"]);
});

test("Node is out of sight, ECMAScript is not", async (t) => {
  const dir = await folder(t, {
    "script.js": `export default () => [
        typeof process, typeof Buffer, typeof fetch, typeof window, typeof module, typeof setImmediate, typeof URL,
        typeof globalThis.process, "Buffer" in globalThis,
        typeof Map, globalThis.JSON === JSON, globalThis.Array === Array, Object.keys(globalThis).includes("Array"),
      ];
      export function unbound() { return nowhere; }
      export function undeclared() { nowhere = 5; }
      export function scripts() { globalThis.own = 4; own = 5; return [own, globalThis.own]; }`,
  });
  const vu = await loadVu(dir);
  const absent = Array.from({ length: 8 }, () => "undefined");
  assert.deepEqual(await vu.run(), [...absent, false, "function", true, true, false]);
  for (const name of ["unbound", "undeclared"])
    await assert.rejects(vu.run(name), {
      name: "ReferenceError",
      message: "nowhere is not defined",
    });
  assert.deepEqual(await vu.run("scripts"), [5, 5]);
  assert.equal("own" in globalThis, false);
});

test("exports are live, and of every kind", async (t) => {
  const dir = await folder(t, {
    "script.js": `
      export let count = 0; export const options = { vus: 2 };
      export default class Journey { static go() { return 1 } }
      export function bump() { count++ }
      const other = () => "o"; export { other as "odd name", other as then };
      export * from "./more.js";`,
    "more.js": "export const more = 1; export async function later() { return 2 }",
  });
  const vu = await loadVu(dir);
  const { exports } = vu.instance;
  assert.deepEqual(Object.keys(exports).sort(), [
    "bump",
    "count",
    "default",
    "later",
    "more",
    "odd name",
    "options",
    "then",
  ]);
  await vu.run("bump");
  assert.equal(exports["count"], 1);
  assert.equal(await vu.run("odd name"), "o");
  assert.equal(await vu.run("later"), 2);
  assert.equal(Object.getPrototypeOf(exports), null);
});

test("export * from a k6 module gives the names of that module", async (t) => {
  const dir = await folder(t, {
    "script.js": 'export * from "k6"; export const sleep = 1; export default () => 1;',
  });
  const { instance } = await loadVu(dir);
  assert.equal(typeof instance.exports["group"], "function");
  assert.equal(instance.exports["sleep"], 1);
  assert.equal(typeof instance.exports["default"], "function");
});

test("a top level that awaits makes instantiate a promise", async (t) => {
  const dir = await folder(t, {
    "script.js":
      "const ready = await Promise.resolve(4); export default () => ready; export { ready as then };",
  });
  const vu = await loadVu(dir);
  assert.equal(await vu.run(), 4);
});

test("an error of the top level comes out unchanged, and can be described", async (t) => {
  const dir = await folder(t, {
    "script.ts": "const n: number = 1;\nexport default () => n;\nthrow new Error(`init ${n}`);\n",
  });
  const program = compileProgram(await load(dir, { path: `${dir}/script.ts` }));
  const error = await startVu(program).then(
    () => assert.fail(),
    (thrown: unknown) => thrown,
  );
  const report = program.describeError(error);
  assert.equal(report.message, "Error: init 1");
  assert.match(report.stack, /^Error: init 1\n\tat file:\/\/\/.*\/script\.ts:3:7$/u);
});

test("a misspelt import of a k6 module is undefined, as in k6", async (t) => {
  const dir = await folder(t, {
    "script.js": 'import { chek } from "k6"; export default () => typeof chek;',
  });
  const vu = await loadVu(dir);
  assert.equal(await vu.run(), "undefined");
});

test("names of CommonJS in a module are refused in k6's words; their type may be asked", async (t) => {
  const dir = await folder(t, {
    "script.js":
      'import "k6"; const of = (f) => { try { return f(); } catch (e) { return `${e.name}: ${e.message.slice(0, 45)}`; } };' +
      "export default () => [of(() => module.x), of(() => exports), of(() => typeof exports)];",
  });
  const vu = await loadVu(dir);
  assert.deepEqual(await vu.run(), [
    'GoError: you are trying to access identifier "module",',
    'GoError: you are trying to access identifier "exports"',
    "undefined",
  ]);
});

test("what V8 has and k6's engine has not is out of sight", async (t) => {
  const dir = await folder(t, {
    "script.js":
      "export default () => [typeof Intl, typeof WeakRef, typeof SharedArrayBuffer, typeof Atomics, typeof FinalizationRegistry, typeof WebAssembly, typeof fetch, typeof global];",
  });
  const vu = await loadVu(dir);
  assert.deepEqual(await vu.run(), [
    ...Array.from<string>({ length: 7 }).fill("undefined"),
    "object",
  ]);
});

test("import.meta has resolve and nothing else", async (t) => {
  const dir = await folder(t, {
    "script.js":
      "export default () => [typeof import.meta, Object.keys(import.meta), import.meta.url, import.meta.resolve('./a.js')];",
  });
  const vu = await loadVu(dir);
  const [type, keys, url, resolved] = (await vu.run()) as unknown[];
  assert.deepEqual([type, keys, url], ["object", ["resolve"], undefined]);
  assert.match(String(resolved), /^file:\/\/.*\/a\.js$/u);
});

test("a top level that blocks makes instantiate a promise", async (t) => {
  const dir = await folder(t, {
    "script.js": `import { sleep } from "k6"; console.log("a"); sleep(0.1); console.log("b"); export default () => 1;`,
  });
  const vu = await loadVu(dir);
  assert.deepEqual(vu.calls, ["log a", "sleep 0.1", "log b"]);
});

test("a blocking call where nothing can wait is refused with its place", async (t) => {
  const dir = await folder(t, {
    "script.ts": `import http from "k6/http";\nclass A {\n  static token: string = http.get("/t").body;\n}\nexport default () => new A();`,
  });
  await assert.rejects(load(dir, { path: `${dir}/script.ts` }), (error: LakhError) => {
    assert.deepEqual([error.code, error.exitCode], ["SCRIPT_BLOCKING", 107]);
    assert.ok(error.message.includes("script.ts:3:"), error.message);
    return true;
  });
});

test("names of imports may be those of globals", async (t) => {
  const dir = await folder(t, {
    "script.js": `import { open, setTimeout } from "./own.js"; import { sleep as console } from "k6";
      export default () => [open(), setTimeout(), typeof console];`,
    "own.js": "export const open = () => 'open'; export const setTimeout = () => 'timeout';",
  });
  const vu = await loadVu(dir);
  assert.deepEqual(await vu.run(), ["open", "timeout", "function"]);
});

test("require works in init only: k6's modules, and what the bundler found", async (t) => {
  const dir = await folder(t, {
    "script.js": `const name = "k6"; const k6 = require(name);
      const refusals = [];
      const attempt = (load) => { try { load(); refusals.push("loaded") } catch (e) { refusals.push(e.name + " " + e.message) } };
      attempt(() => require("left" + "-pad")); attempt(() => require("left-pad"));
      attempt(() => require()); attempt(() => require("ftp" + "://x"));
      attempt(() => require("./nope.js")); attempt(() => require([".", "lib", "part.js"].join("/")));
      attempt(() => require("./lib/" + "part" + ".js"));
      export default () => [typeof k6.sleep, ...refusals]; export const late = () => require(name);`,
    "lib/part.js": "exports.part = 1;",
  });
  const vu = await loadVu(dir);
  const [sleep, ...refusals] = (await vu.run()) as string[];
  assert.equal(sleep, "function");
  const unknown = `GoError The moduleSpecifier "left-pad" couldn't be recognised as something k6 supports.`;
  assert.deepEqual(refusals.slice(0, 4), [
    unknown,
    unknown,
    "GoError require() can't be used with an empty specifier",
    "GoError only supported schemes for imports are file and https, ftp://x has `ftp`",
  ]);
  assert.match(refusals[4]!, /^GoError The moduleSpecifier "\.\/nope\.js" couldn't be found on/u);
  assert.match(refusals[5]!, /^GoError .*"\.\/lib\/part\.js" is not part .*--runner k6/u);
  assert.equal(refusals[6], "loaded");
  await assert.rejects(vu.run("late"), initOnlyError);
});

const initOnlyError = {
  name: "GoError",
  message: /^the "require" function is only available in the init stage/u,
};

test("require of the script's own files is refused after init, whoever calls it, and runs nothing", async (t) => {
  const dir = await folder(t, {
    "script.js": `import callable, { lazy } from "./callable.js"; import * as own from "./own.js"; import pack from "pack";
      const common = require("./common.js"); globalThis.ran = [];
      const first = [common.lazy(), own.lazy(), lazy(), pack.lazy(), require("./own.js").value];
      export default () => [...first, callable(), ran.join()];
      export const again = () => require("./common.js");
      export const fresh = () => require("./fresh.js");
      export const freshModule = () => require("./fresh-module.js");
      export const pattern = () => require("./" + "own" + ".js");
      export const ofModule = () => own.lazy(); export const ofFile = () => common.lazy();
      export const ofCallable = () => lazy(); export const ofPackage = () => pack.lazy();`,
    "callable.js":
      "module.exports = () => 'called'; module.exports.lazy = () => require('./other.js').x;",
    "own.js": "export const value = 5; export const lazy = () => require('./other.js').x;",
    "common.js": "exports.lazy = () => require('./other.js').x;",
    "other.js": "exports.x = 'other';",
    "fresh.js": "ran.push('fresh');",
    "fresh-module.js": "ran.push('fresh module'); export const x = 1;",
    "node_modules/pack/package.json": '{"main":"main.js"}',
    "node_modules/pack/main.js": "exports.lazy = () => require('./inner.js').x;",
    "node_modules/pack/inner.js": "exports.x = 'inner';",
  });
  for (const lower of ["auto", "all"] as const) {
    const vu = await loadVu(dir, { lower });
    const expected = ["other", "other", "other", "inner", 5, "called", ""];
    assert.deepEqual(await vu.run(), expected);
    for (const name of Object.keys(vu.instance.exports)) {
      if (name !== "default") await assert.rejects(vu.run(name), initOnlyError, name);
    }
    assert.deepEqual(await vu.run(), expected);
  }
});

test("import() is rejected with k6's text, whatever it names", async (t) => {
  const dir = await folder(t, {
    "script.js": `export const k6 = () => import("k6/http"); export const file = () => import("./part.js");
      export const missing = () => import("./nope.js"); export const computed = (x) => import(x);
      export const pattern = (x) => import("./" + x + ".js");
      export const symbol = () => import(Symbol()); export default async () => { await import("./part.js") }`,
    "part.js": "globalThis.part = true;",
  });
  const vu = await loadVu(dir);
  const refusal = (error: unknown): boolean =>
    error === "dynamic modules not enabled in the host program";
  for (const name of ["k6", "file", "missing", "computed", "pattern", "default"])
    await assert.rejects(vu.run(name, "part"), refusal, name);
  await assert.rejects(vu.run("symbol"), TypeError);
  assert.equal(vu.instance.global["part"], undefined);
});

test("import.meta.resolve gives URLs relative to the file that asks", async (t) => {
  const dir = await folder(t, {
    "script.ts": `import { inner } from "./lib/inner.js"; const here: string = import.meta.resolve("./data.json");
      export default () => [here, inner, import.meta.resolve("https://x.test/a"), Object.keys(globalThis).some((n) => /lakh/.test(n))];`,
    "lib/inner.js": "export const inner = import.meta.resolve('../x.txt');",
  });
  const base = pathToFileURL(await realpath(dir)).href;
  const expected = [`${base}/data.json`, `${base}/x.txt`, "https://x.test/a", false];
  assert.deepEqual(await (await loadVu(dir, { path: `${dir}/script.ts` })).run(), expected);
  const source = "const here = import.meta.resolve('./data.json'); export default () => here;";
  assert.equal(
    await (await loadVu(dir, { path: "-", source })).run(),
    `${pathToFileURL(dir).href}/data.json`,
  );
});

test("a script without functions, and a setup that is none, end with 255", async (t) => {
  const dir = await folder(t, {
    "none.js": "export const options = {}; export const handleSummary = undefined;",
    "setup.js": "export const setup = 5; export default () => 1;",
    "cjs.js": "module.exports = function () {};",
    "good.js": "export function checkout() {}",
  });
  const check = async (name: string): Promise<LakhError | undefined> => {
    const { instance } = await loadVu(dir, { path: `${dir}/${name}.js` });
    try {
      assertHasFunctions(instance, `${dir}/${name}.js`);
      return undefined;
    } catch (error) {
      return error as LakhError;
    }
  };
  for (const name of ["none", "cjs"]) {
    const error = await check(name);
    assert.deepEqual(
      [error?.code, error?.exitCode, error?.message],
      [
        "SCRIPT_NO_FUNCTIONS",
        255,
        `could not load JS test 'file://${dir}/${name}.js': no exported functions in script`,
      ],
    );
  }
  const error = await check("setup");
  assert.deepEqual([error?.code, error?.exitCode], ["SCRIPT_EXPORT_NOT_FUNCTION", 255]);
  assert.match(error?.message ?? "", /exported 'setup' must be a function/u);
  assert.equal(await check("good"), undefined);
});

test("--lower=all gives the same results", async (t) => {
  const dir = await folder(t, {
    "script.js": `import http from "k6/http";
      class Api { #base = "http://t"; get(path) { return http.get(this.#base + path) } }
      export default () => ["/a", "/b"].map((path) => new Api().get(path).status + 1);`,
  });
  const vu = await loadVu(dir, { lower: "all" });
  assert.deepEqual(await vu.run(), [201, 201]);
  assert.deepEqual(vu.calls, ["GET http://t/a", "GET http://t/b"]);
});
