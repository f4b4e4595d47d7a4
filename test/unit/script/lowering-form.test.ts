/** The text that lowering gives: its lines, its edits, its module form, its names. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lower } from "../../../src/script/lowering/lower.ts";
import { Editor } from "../../../src/script/lowering/edits.ts";
import { catalog } from "../../../src/script/catalog.ts";
import { createWorld, instantiate, scriptOf } from "../../support/lowering-harness.ts";
import { allShapes } from "../../support/lowering-shapes.ts";

const lineCount = (text: string): number => text.split(/\r\n|[\n\r\u2028\u2029]/u).length;

describe("the lowered text", () => {
  it("has the lines of the input, whatever is lowered", () => {
    for (const { body, top, keyword } of allShapes) {
      const source = scriptOf(body.replaceAll("; ", ";\n"), top, keyword);
      for (const mode of ["none", "auto", "all"] as const) {
        assert.equal(lineCount(lower(source, { mode }).code), lineCount(source), body);
      }
    }
  });

  it("keeps each statement on its line when parameters move into the body", () => {
    const source =
      "import http from 'k6/http';\nexport const f = (\n  a = http.get(1),\n  // why\n  b = 2\n) => {\n  return MARK;\n};\n";
    const lines = lower(source).code.split("\n");
    assert.match(lines[2]!, /http\.get\(1\)/u);
    assert.match(lines[4]!, /2/u);
    assert.match(lines[6]!, /MARK/u);
  });

  it("is the input with its edits made", () => {
    for (const { body, top, keyword } of allShapes) {
      const source = scriptOf(body, top, keyword);
      const { code, edits } = lower(source);
      let made = "";
      let position = 0;
      for (const { offset, removed, inserted } of edits) {
        assert.ok(offset >= position, "edits are in order");
        made += source.slice(position, offset) + inserted;
        position = offset + removed;
      }
      assert.equal(made + source.slice(position), code);
    }
  });

  it("is unchanged where nothing blocks", () => {
    const source =
      "const a = [1].map((x) => x);\nclass A { m() { return a?.b() } }\nasync function f(x = a) { await x }\nvar g = function* () { yield* f() };\n";
    const { code, kitNames, topLevelAwaits, stats } = lower(source);
    assert.equal(code, source);
    assert.deepEqual(kitNames, {});
    assert.equal(topLevelAwaits, false);
    assert.equal(stats.red, 0);
  });

  it("leaves a function alone whose every site is what it returns", () => {
    const source =
      "import http from 'k6/http';\nconst f = (x, y) => x ? http.get(x) : y && (x, http.get(y));\n";
    assert.equal(lower(source).code.split("\n")[1], source.split("\n")[1]);
  });

  it("wraps a function whose call stands in try, or before another", () => {
    const { code } = lower(
      "import http from 'k6/http';\nconst f = () => { try { return http.get(1) } finally {} };\n",
    );
    assert.match(code, /\$run\(async\(\$s\)=>/u);
  });

  it("uses another prefix when its own is taken", () => {
    const { kitNames, names } = lower(
      "import http from 'k6/http';\nconst $run = 1, $p7 = 2;\nexport const f = () => { log($run); http.get(1); };\n",
    );
    assert.equal(kitNames.run, "$$run");
    assert.equal(names.globals, "$$G");
  });

  it("grows a script of many calls by less than half", () => {
    const calls = Array.from(
      { length: 100 },
      (_, n) =>
        `  const response${n} = http.get("https://example.com/api/v1/items/${n}", { tags: { name: "item" } });\n  check(response${n}, { "status is 200": (r) => r.status === 200 });\n`,
    );
    const source = scriptOf(calls.join(""));
    assert.ok(lower(source).code.length / source.length < 1.5);
  });
});

describe("the module form", () => {
  it("turns imports into look-ups on the first line", () => {
    const { code, imports } = lower(
      'import a, { b as c, "d e" as f } from "m";\nimport * as n from "n";\nimport "s";\n',
    );
    assert.equal(
      code.split("\n")[0],
      'const {"default":a,"b":c,"d e":f}=$import("m");const n=$import("n");$import("s");;',
    );
    assert.deepEqual(imports, [
      { specifier: "m", names: ["default", "b", "d e"] },
      { specifier: "n", names: [] },
      { specifier: "s", names: [] },
    ]);
  });

  it("lists exports of every form", async () => {
    const source =
      "export const a = 1; export function b() { return 2 } export default class { static v = 3 }\nlet x = 4; export { x as y, x as 'z z' };\n";
    const instance = await instantiate(lower(source), createWorld("immediate"));
    assert.deepEqual(
      Object.keys(instance),
      ["y", "z z", "a", "b", "default"].toSorted(byName(instance)),
    );
    assert.deepEqual([instance.a, instance.b!(), instance.y, instance["z z"]], [1, 2, 4, 4]);
  });

  it("hands on what it exports from other modules", () => {
    const lowered = lower(
      "export * from 'm'; export * as n from 'n'; export { a as b } from 'o';\n",
    );
    assert.deepEqual(lowered.starExports, ["m"]);
    assert.deepEqual(
      lowered.exports.map(({ exported }) => exported),
      ["n", "b"],
    );
    assert.deepEqual(
      lowered.imports.map(({ specifier }) => specifier),
      ["m", "n", "o"],
    );
  });

  it("gives a script that seeds its random numbers the Math of its VU", () => {
    const body = "export default () => Math.random() + Math.max(1, 2);";
    assert.match(lower(body).code, /=> Math\.random\(\) \+ Math\.max/u);
    const seeded = lower(`import { randomSeed } from "k6"; randomSeed(1); ${body}`).code;
    assert.match(seeded, /\$G\.Math\.random\(\) \+ \$G\.Math\.max/u);
  });
  it("constructs a global, and a member of one, not what reads it", () => {
    const source =
      "const a = new Foo(1); const b = new ns.deep.Bar(new Foo(2)); new globalThis.Q();";
    const { code } = lower(source);
    assert.match(code, /new \(\$\$?g\("Foo"\)\)\(1\)/u);
    assert.match(code, /new \(\$\$?g\("ns"\)\)\.deep\.Bar\(new \(\$\$?g\("Foo"\)\)\(2\)\)/u);
    assert.match(code, /new \(\$\$?G\)\.Q\(\)/u);
  });
  it("reads globals from the globals object, constants by name", () => {
    const source =
      "console.log(__ENV.X, foo, typeof bar, { baz }, globalThis.q, Math.PI); foo = 1; __VU++;\n";
    const { code, freeNames, constants } = lower(source, {
      constants: new Set(["console", "__ENV", "__VU", "open"]),
    });
    assert.equal(
      code,
      'console.log(__ENV.X, $g("foo"), typeof $G.bar, { baz:$g("baz") }, $G.q, Math.PI); $W($G).foo = 1; $W($G).__VU++;\n',
    );
    assert.deepEqual(freeNames, ["__VU", "bar", "baz", "foo"]);
    assert.deepEqual(constants, ["__ENV", "console"]);
  });

  it("leaves names alone that the script declares", () => {
    const source =
      "const process = 1, foo = { process, x: process };\nfunction f(window) { return [window, foo.process] }\n";
    assert.equal(lower(source).code, source);
  });

  it("says when the top level awaits", () => {
    assert.equal(lower("await 1;").topLevelAwaits, true);
    assert.equal(lower("const f = async () => { await 1 };").topLevelAwaits, false);
    assert.equal(lower("import {sleep} from 'k6'; sleep(1);").topLevelAwaits, true);
  });

  it("waits at the top level", async () => {
    const world = createWorld("waiting");
    const lowered = lower(
      'import http from "k6/http"; export const a = http.get(7).id; class A { static s = 1 } export const b = A.s;',
    );
    const instance = await instantiate(lowered, world);
    assert.deepEqual([instance.a, instance.b], [7, 1]);
  });

  it("gives the parser's error for what is no module", () => {
    assert.throws(() => lower("let a = ;"), { name: "SyntaxError" });
  });
});

function byName(instance: object): (a: string, b: string) => number {
  const keys = Object.keys(instance);
  return (a, b) => keys.indexOf(a) - keys.indexOf(b);
}

describe("Editor", () => {
  it("keeps the line breaks of what it drops", () => {
    const editor = new Editor("ab\r\ncd\nef");
    editor.copyTo(1);
    editor.insert("X");
    editor.skipTo(8);
    editor.copyTo(9);
    assert.equal(editor.text(), "aX\r\n\nf");
    assert.deepEqual(editor.edits(), [{ offset: 1, removed: 7, inserted: "X\r\n\n" }]);
  });

  it("refuses to go back", () => {
    const editor = new Editor("abc");
    editor.copyTo(2);
    assert.throws(() => editor.copyTo(1), /cannot go back/u);
  });
});

describe("the catalogue", () => {
  it("lists only exports as blocking", () => {
    for (const [specifier, { exports, blocking }] of Object.entries(catalog)) {
      const names = new Set(exports);
      assert.deepEqual(
        blocking.filter((name) => !names.has(name)),
        [],
        specifier,
      );
      assert.equal(names.size, exports.length, `${specifier} lists no name twice`);
    }
  });
});
