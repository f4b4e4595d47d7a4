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

test("require works in init only, and only for k6's modules", async (t) => {
  const dir = await folder(t, {
    "script.js": `const name = "k6"; const k6 = require(name);
      let missing; try { require("left" + "-pad") } catch (e) { missing = e.message }
      export default () => [typeof k6.sleep, missing]; export const late = () => require(name);`,
  });
  const vu = await loadVu(dir);
  assert.deepEqual(await vu.run(), ["function", "the test has no module left-pad"]);
  await assert.rejects(vu.run("late"), {
    message: /"require" function is only available in the init stage/u,
  });
});

test("import() of a k6 module is refused as k6 does", async (t) => {
  const dir = await folder(t, { "script.js": 'export default () => import("k6/http");' });
  const vu = await loadVu(dir);
  await assert.rejects(vu.run(), {
    name: "TypeError",
    message: "dynamic modules not enabled in the host program",
  });
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
