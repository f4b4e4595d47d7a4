import { strict as assert } from "node:assert";
import { cp, realpath, rename } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { compileProgram } from "../../../src/script/program.ts";
import type { Program } from "../../../src/script/program.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { after } from "node:test";
import { fixture, folder, load, loadVu, startVu } from "./script-harness.ts";
import type { Vu } from "./script-harness.ts";

const dir = mkdtempSync(join(tmpdir(), "lakh-traces-"));
after(() => rmSync(dir, { recursive: true, force: true }));

let program: Program;
let vu: Vu;
let base: string;

before(async () => {
  await cp(fixture("traces"), dir, { recursive: true });
  await rename(join(dir, "packages"), join(dir, "node_modules"));
  base = pathToFileURL(await realpath(dir)).href;
  program = compileProgram(structuredClone(await load(dir, { path: join(dir, "script.ts") })));
  vu = await startVu(program);
});

/** The trace of an exported function that must throw, its URLs shortened to the file's name. */
async function traceOf(name: string): Promise<string[]> {
  const error = await vu.run(name).then(
    () => assert.fail(`${name} did not throw`),
    (thrown: unknown) => thrown,
  );
  return program.describeError(error).stack.replaceAll(`${base}/`, "").split("\n\tat ");
}

test("thrown before any wait", async () => {
  assert.deepEqual(await traceOf("before"), [
    "Error: no /a",
    "fail (script.ts:14:9)",
    "before (script.ts:10:3)",
  ]);
});

test("thrown after a wait: every waiting caller is named, at its call", async () => {
  assert.deepEqual(await traceOf("after"), [
    "TypeError: after",
    "getThenFail (script.ts:19:9)",
    "wait (script.ts:24:5)",
    "after (script.ts:26:3)",
  ]);
});

test("thrown in an array callback, after a wait", async () => {
  const trace = await traceOf("inCallback");
  assert.deepEqual(trace.slice(0, 3), ["Error: no /b", "fail (script.ts:14:9)", "script.ts:32:23"]);
  assert.equal(trace.at(-1), "inCallback (script.ts:30:16)");
});

test("thrown in a group's function", async () => {
  const trace = await traceOf("inGroup");
  assert.deepEqual(trace.slice(0, 3), [
    "TypeError: after",
    "getThenFail (script.ts:19:9)",
    "script.ts:38:5",
  ]);
});

test("thrown in a bundled package", async () => {
  assert.deepEqual(await traceOf("inLibrary"), [
    "Error: library 42",
    "inner (node_modules/thrower/index.js:6:9)",
    "fromLibrary (node_modules/thrower/index.js:2:10)",
    "inLibrary (script.ts:44:3)",
  ]);
});

test("a blocking call that fails is placed at the call in the script", async () => {
  assert.deepEqual(await traceOf("rejected"), [
    "Error: connection refused: http://refused/",
    "rejected (script.ts:48:15)",
  ]);
});

test("functions that the bundler renamed keep the user's names", async () => {
  // helper and inHelper return their callee's result as it is: such functions are left as they are, and leave no frame.
  assert.deepEqual(await traceOf("inHelper"), [
    "RangeError: in helper",
    "fail (helper.ts:4:9)",
    "fetch (helper.ts:13:12)",
  ]);
});

test("an unknown name is placed where it stands", async () => {
  assert.deepEqual(await traceOf("unknownName"), [
    "ReferenceError: nowhere is not defined",
    "unknownName (script.ts:56:10)",
  ]);
});

test("an anonymous default export is called default", async () => {
  assert.deepEqual(await traceOf("default"), [
    "Error: anonymous default",
    "default (script.ts:65:9)",
  ]);
});

test("a blocking call that was not waited for is placed in the script", async () => {
  const trace = await traceOf("blockingMap");
  assert.match(trace[0]!, /^BlockingError: /u);
  assert.match(trace[1] ?? "", /\(?script\.ts:60:/u);
});

test("a report has the top frame's file, line and column", async () => {
  const error = await vu.run("before").catch((thrown: unknown) => thrown);
  const { file, line, column, message } = program.describeError(error);
  assert.deepEqual([file, line, column, message], [`${base}/script.ts`, 14, 9, "Error: no /a"]);
});

test("anything may be thrown", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const hostile = new Error("x");
  Object.defineProperty(hostile, "message", {
    get: () => {
      throw new Error("no");
    },
  });
  const describe = (value: unknown): string => program.describeError(value).stack;
  assert.equal(describe("text"), "text");
  assert.equal(describe(undefined), "undefined");
  assert.equal(describe({ a: 1 }), "[object Object]");
  assert.equal(describe(circular), "[object Object]");
  assert.equal(describe(Object.create(null)), "a value that cannot be shown");
  assert.equal(describe(hostile), "an error that cannot be read");
  assert.equal(describe(new Error("")), "Error");
  assert.equal(describe(Object.assign(new Error("m"), { stack: undefined })), "Error: m");
});

test("errors that did not come from the script have no frames", () => {
  assert.deepEqual(program.describeError(new Error("engine")), {
    message: "Error: engine",
    stack: "Error: engine",
  });
});

test("a script from standard input is called file:///-", async (t) => {
  const vuOfStdin = await loadVu(await folder(t), {
    path: "-",
    source: "\nexport default () => { throw new Error('x') }",
  });
  const error = await vuOfStdin.run().catch((thrown: unknown) => thrown);
  assert.equal(
    vuOfStdin.program.describeError(error).stack,
    "Error: x\n\tat default (file:///-:2:30)",
  );
});
