/**
 * Random programs over the constructs that lowering touches: run lowered, on primitives that really wait and on ones
 * that return at once, they give the result and the order of effects of the program as written.
 * Programs end: loops are bounded, and functions call only functions declared before them.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { runScript, scriptOf, variants } from "../support/lowering-harness.ts";

/** A piece of program that needs names for its variables, given when it is written out. */
type Piece = (names: Names) => string;

/** Hands out fresh variables, and knows how many functions may be called. */
class Names {
  #next = 0;
  fresh(): string {
    this.#next += 1;
    return `v${this.#next}`;
  }
}

const variable = fc.constantFrom("a", "b", "c");
const number = fc.integer({ min: 0, max: 5 });
const callable = fc.constantFrom("f0", "f1", "o.m", "o?.m", "o.n?.m", "k.m", "K.s", "id", "o.f");

const { expression, statement } = fc.letrec<{ expression: Piece; statement: Piece; block: Piece }>(
  (tie) => {
    const expr = tie("expression");
    const block = tie("block");
    const combine = (
      template: (parts: string[], names: Names) => string,
      ...parts: fc.Arbitrary<Piece | string>[]
    ): fc.Arbitrary<Piece> =>
      fc.tuple(...parts).map(
        (chosen) => (names) =>
          template(
            chosen.map((part) => (typeof part === "string" ? part : part(names))),
            names,
          ),
      );
    const num = number.map(String);
    const method = fc.constantFrom(
      "map",
      "filter",
      "flatMap",
      "some",
      "every",
      "find",
      "findIndex",
      "findLast",
    );
    return {
      expression: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        combine(([n]) => n!, num),
        combine(([v]) => v!, variable),
        combine(([x]) => `http.get(${x}).id`, expr),
        combine(([x]) => `http.get(${x})?.json().items[0]`, expr),
        combine(([x, y]) => `(${x} + ${y})`, expr, expr),
        combine(([x, y]) => `(${x} * ${y})`, expr, expr),
        combine(([x, y, z]) => `(${x} ? ${y} : ${z})`, expr, expr, expr),
        combine(([x, op, y]) => `(${x} ${op} ${y})`, expr, fc.constantFrom("&&", "||", "??"), expr),
        combine(([x, y]) => `(${x}, ${y})`, expr, expr),
        combine(
          ([v, op, x]) => `(${v} ${op} ${x})`,
          variable,
          fc.constantFrom("=", "+=", "??=", "||="),
          expr,
        ),
        combine(([f, x]) => `${f}(${x})`, callable, expr),
        combine(([f, x, y]) => `${f}(...[${x}, ${y}])`, callable, expr, expr),
        combine(([x]) => `f0.call(null, ${x})`, expr),
        combine(([x]) => `f1.bind(null, ${x})()`, expr),
        combine(([x]) => "`${" + x + "}`.length", expr),
        combine(([x, y]) => `[${x}, ${y}].length`, expr, expr),
        combine(([x, y]) => `({ p: ${x}, ...{ q: ${y} } }).q`, expr, expr),
        combine(([x]) => `o.g + ${x}`, expr),
        combine(([x]) => `new K(${x}).r`, expr),
        combine(([x]) => `new F(${x}).r`, expr),
        combine(([x]) => `new L(${x}).all`, expr),
        combine(([x]) => `(o.s = ${x})`, expr),
        combine(([x]) => `[...gen(${x})].length`, expr),
        combine(([x]) => `gen(${x}).next().value`, expr),
        combine(([x]) => `JSON.stringify({ x: ${x}, j: o.j }).length`, expr),
        combine(
          ([x, y, m, z], names) => {
            const item = names.fresh();
            return `String([${x}, ${y}].${m}((${item}) => ${z} + ${item}))`;
          },
          expr,
          expr,
          method,
          expr,
        ),
        combine(
          ([x, y, z], names) => {
            const [sum, item] = [names.fresh(), names.fresh()];
            return `[${x}, ${y}].reduce((${sum}, ${item}) => ${sum} + ${z} * ${item}, 0)`;
          },
          expr,
          expr,
          expr,
        ),
        combine(
          ([x, y], names) => {
            const p = names.fresh();
            return `((${p} = ${x}) => ${p} + ${y})()`;
          },
          expr,
          expr,
        ),
        combine(([body]) => `(function () { ${body} return this === undefined })()`, block),
        combine(([body, x]) => `(() => { ${body} return ${x} })()`, block, expr),
      ),
      block: fc
        .array(tie("statement"), { maxLength: 3, depthIdentifier: "block" })
        .map((pieces) => (names) => pieces.map((piece) => piece(names)).join("\n")),
      statement: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        combine(([x]) => `log(${x});`, expr),
        combine(
          ([x]) => `${x};`,
          expr.map((piece) => (names: Names) => `(${piece(names)})`),
        ),
        combine(([v, x]) => `${v} = ${x};`, variable, expr),
        combine(
          ([x, y], names) => {
            const [p, q] = [names.fresh(), names.fresh()];
            return `const { ${p} = ${x}, [\`${q}\`]: ${q} = ${y} } = { ${p}: undefined }; log(${p}, ${q});`;
          },
          expr,
          expr,
        ),
        combine(([x, y, z]) => `if (${x}) { ${y} } else { ${z} }`, expr, block, block),
        combine(
          ([n, body], names) => {
            const i = names.fresh();
            return `for (let ${i} = 0; ${i} < ${n}; ${i}++) { log(${i}); ${body} }`;
          },
          fc.constantFrom("1", "2"),
          block,
        ),
        combine(
          ([x, y, body], names) => {
            const [label, i, j] = [names.fresh(), names.fresh(), names.fresh()];
            return `${label}: for (const ${i} of [${x}, 1]) for (const ${j} of [0, 1]) { if (${y}) continue ${label}; ${body} }`;
          },
          expr,
          expr,
          block,
        ),
        combine(
          ([x, body], names) => {
            const i = names.fresh();
            return `for (const ${i} of gen(${x})) { log(${i}); ${body} }`;
          },
          expr,
          block,
        ),
        combine(
          ([x, y], names) => {
            const [p, q] = [names.fresh(), names.fresh()];
            return `const [${p}, ${q} = 1] = gen(${x}); log(${p}, ${q}, ${y});`;
          },
          expr,
          expr,
        ),
        combine(
          ([x, y, z], names) => {
            const i = names.fresh();
            return `for (const ${i} of closing(${x})) { ${y} if (${z}) break; }`;
          },
          expr,
          block,
          expr,
        ),
        combine(
          ([x, y, z, body]) =>
            `switch (${x}) { case ${y}: ${body} case 1: log('one'); break; default: log(${z}) }`,
          expr,
          expr,
          expr,
          block,
        ),
        combine(
          ([x, y, z], names) => {
            const error = names.fresh();
            return `try { ${x} } catch (${error}) { log(${error}.message ?? ${error}); ${y} } finally { ${z} }`;
          },
          block,
          block,
          block,
        ),
        combine(([x, y]) => `if (${x} === 4) throw new Error('t' + ${y});`, expr, expr),
        combine(([x]) => `if (${x} === 3) http.get('boom');`, expr),
        combine(([x, y]) => `if (${x} === 2) return ${y};`, expr, expr),
        combine(([x, y]) => `check(${x}, { ok: (r) => ${y} + r });`, expr, expr),
        combine(([x, y]) => `log(group('g', () => { ${x} return ${y} }));`, block, expr),
        combine(([x]) => `new Set([1, 2]).forEach((x) => { ${x} });`, block),
      ),
    };
  },
);

/** Only in the default function: awaited one after the other, async functions have one order of effects. */
const awaiting = fc
  .tuple(fc.constantFrom("a0", "a1", "k.a", "K.b", "Promise.resolve", "awaitAll"), expression)
  .map(
    ([callee, piece]) =>
      (names: Names) =>
        `log(await ${callee}(${piece(names)}));`,
  );

/** A program: functions of several kinds with random bodies, and a default function that uses them. */
const program = fc
  .record({
    bodies: fc.array(fc.array(statement, { maxLength: 3 }), { minLength: 5, maxLength: 5 }),
    values: fc.array(expression, { minLength: 11, maxLength: 11 }),
    main: fc.array(fc.oneof(statement, statement, awaiting), { minLength: 1, maxLength: 6 }),
  })
  .map(({ bodies, values, main }) => {
    const names = new Names();
    const body = (index: number): string => bodies[index]!.map((piece) => piece(names)).join("\n");
    const value = (index: number): string => values[index]!(names);
    const top = `
let a = 1, b = 2, c = 3, depth = 0;
const id = (x) => x;
const bounded = (f) => function (...args) {
  if (depth > 2) return 1;
  depth++;
  try { return f.apply(this, args) } finally { depth-- }
};
const f0 = bounded(function (x, y = ${value(0)}) { ${body(0)} return x + ${value(1)} });
const f1 = bounded((x = ${value(2)}, { z = ${value(3)} } = {}) => { ${body(1)} return z });
const o = { k: 2, m: bounded(function (x) { ${body(2)} return this.k }), get g() { return getter() }, set s(x) { log('set', setter(x)) }, j: { toJSON: () => o.k + getter() }, f: id };
const getter = bounded(() => ${value(4)});
const setter = bounded((x) => x + ${value(10)});
class B { s() { return ${"1"} } m(x) { return x } }
class K extends B {
  #p = 1;
  constructor(x) { super(); this.r = made(x) + this.#p }
  m(x) { return super.m(x) + method(x) + this.#p }
  static s(x) { return method(x) }
  async a(x) { log('in'); const y = method(x); await null; return y + (await a0(x)) }
  static async b(x) { await x; return super.m === undefined ? method(x) : 0 }
}
const made = bounded((x) => ${value(5)});
const method = bounded((x) => { ${body(3)} return ${value(6)} });
class M { m1 = made(1); constructor(x) { this.m2 = method(x) } }
class L extends M { first = this.m1; #second = setter(this.m2); third = () => this.#second; constructor(x) { log('L'); super(x); this.all = [this.first, this.third()].join() } }
function* closing(x) { try { yield x; yield 2 } finally { log('closing', setter(x)) } }
function F(x) { this.r = made(x) }
function* gen(x) { yield x; if (depth < 2) { depth++; try { ${"yield http.get(4).id;"} yield ${value(7)} } finally { depth-- } } }
async function a0(x, y = ${value(8)}) { try { await x; return http.get(x).id + y } finally { log('a0') } }
const a1 = async (x) => { for await (const y of [a0(x), x]) log(${value(9)}, y); return id(x) };
const awaitAll = async (x) => (await Promise.all([x, a0(x)])).length;
const k = { async a(x) { return (await super.m(x)) + http.get(x).id }, __proto__: new B(), m(x) { ${"return super.m(x) + method(x)"} } };
`;
    return scriptOf(
      `${main.map((piece) => piece(names)).join("\n")}\nreturn [a, b, c]`,
      top,
      "async function",
    );
  });

const runs = 150;

describe("lowering", () => {
  it("keeps results and order of effects of random programs", async () => {
    await fc.assert(
      fc.asyncProperty(program, async (source) => {
        const expected = await runScript(source, { primitives: "plain" });
        fc.pre(!expected.ended.includes("the trace is too long"));
        for (const { title, primitives, mode } of variants) {
          const actual = await runScript(source, { primitives, options: { mode } });
          assert.deepEqual(
            { title, ended: actual.ended, trace: actual.trace },
            { title, ended: expected.ended, trace: expected.trace },
          );
        }
      }),
      { numRuns: runs },
    );
  });
});
