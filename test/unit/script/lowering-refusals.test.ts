/**
 * What lowering cannot do must be a clear error: refused before the run where it is visible, else found at run time
 * by one of four ways, after which the VU goes on healthy.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lower } from "../../../src/script/lowering/lower.ts";
import { BlockingError } from "../../../src/script/runtime-blocking.ts";
import { createWorld, instantiate, runScript, scriptOf } from "../../support/lowering-harness.ts";

describe("a blocking call where nothing can wait is refused with its position", () => {
  const refused: readonly (readonly [string, string, string])[] = [
    [
      "a static field",
      "class A { static token = http.get(1).body }",
      "the initialiser of a static field or one with a computed name",
    ],
    [
      "a field with a computed name",
      "class A { ['token'] = http.get(1).body }",
      "the initialiser of a static field or one with a computed name",
    ],
    ["a static block", "class A { static { sleep(1) } }", "a static block"],
    [
      "a generator's default",
      "function* g(a = http.get(1)) {}",
      "a default value of a generator's parameter",
    ],
  ];
  for (const [title, top, where] of refused) {
    it(title, () => {
      assert.throws(() => lower(scriptOf("", `\n${top}`)), {
        code: "SCRIPT_BLOCKING",
        exitCode: 107,
        message: new RegExp(
          `blocks, but stands in ${where}, which cannot wait \\(bundle:2:\\d+\\)`,
          "u",
        ),
        hint: /--runner k6/u,
      });
    });
  }
});

/** Scripts whose blocking call is out of the lowering's reach: title, body, top. All known; each with its reason. */
const outOfReach: readonly (readonly [string, string, string?])[] = [
  [
    "a base that waits before its own super()",
    "return new C()",
    "class A {} class B extends A { constructor() { const t = http.get(1); super(); this.t = t } } class C extends B { constructor() { super(); log(1) } }",
  ],
  [
    "a computed name of a field behind super()",
    "return new B()",
    "class A { constructor() { this.t = http.get(1) } } class B extends A { ['t'] = 2 }",
  ],
  [
    "a computed name of a field behind one that waits",
    "return new A().u",
    "const f = () => http.get(1).id; class A { t = f(); ['u'] = this.t }",
  ],
  [
    "super() once more, after one that failed late",
    "return new B()",
    "class A { constructor(u) { this.u = http.get(u) } } class B extends A { constructor() { try { super('boom') } catch { super(1) } } }",
  ],
  [
    "a static field that calls",
    "const f = () => http.get(1); return class { static t = f() }.t.id",
  ],
  ["a setter in a pattern", "const o = { set v(x) { http.get(x) } }; ({ v: o.v } = { v: 1 })"],
  ["a setter that Object.assign calls", "Object.assign({ set v(x) { http.get(x) } }, { v: 1 })"],
  ["toString", "return `${{ toString: () => http.get(1).body }}`"],
  ["valueOf", "return 1 + { valueOf: () => http.get(1).id }"],
  [
    "a step of a generator behind an optional call",
    "function* g() { yield http.get(1).id } const i = g(); return i.next?.().value + 1",
  ],
  [
    "an iterable that waits to give its iterator",
    "for (const x of { [Symbol.iterator]() { http.get(1); return [1].values() } }) log(x)",
  ],
  [
    "a red getter in a destructuring",
    "const { v } = { get v() { return http.get(1).id } }; return v + 1",
  ],
  ["code that is compiled at run time", "return Function('f', 'return f(1).id')(http.get)"],
  [
    "a method of a null-prototype object",
    "const o = Object.create(null); o.map = (f) => f(1); return o.map((x) => http.get(x))",
  ],
  ["an optional call of an array method", "return [1].map?.((x) => http.get(x).id)[0].id"],
  [
    "a cached sentinel",
    "const c = {}; Object.defineProperty(c, 'f', { value: (x) => c.v ??= Reflect.get(http, 'get')(x) }); c.f(1); return c.f(1).id",
  ],
];

describe("what is out of reach is an error and never a wrong value", () => {
  for (const [title, body, top] of outOfReach) {
    it(title, async () => {
      const outcome = await runScript(scriptOf(body, top), { primitives: "waiting" });
      const { thrown } = outcome;
      const isNull = title.includes("null-prototype");
      assert.ok(
        isNull ? thrown instanceof TypeError : thrown instanceof BlockingError,
        outcome.ended,
      );
    });
  }

  it("runs all of it when the calls do not wait", async () => {
    for (const [title, body, top] of outOfReach) {
      if (title.includes("null-prototype")) continue;
      const source = scriptOf(body, top);
      const expected = await runScript(source, { primitives: "plain" });
      const actual = await runScript(source, { primitives: "immediate" });
      assert.deepEqual(
        [title, actual.ended, actual.trace],
        [title, expected.ended, expected.trace],
      );
    }
  });
});

describe("a leak is found and the VU goes on", () => {
  /** Runs a script's `bad` twice and then its `good`, on one VU. */
  async function leakTwice(top: string): Promise<unknown[]> {
    const world = createWorld("waiting");
    const source = scriptOf("", `\n${top}\nexport const good = () => http.get(1).id;`);
    // "none" is the worst case: no call looks.
    const lowered = lower(source, { mode: "none" });
    const leaky = await instantiate(lowered, world);
    const healthy = await instantiate(lower(source), world);
    const errors: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      try {
        await world.lane.enter(() => leaky.bad!());
      } catch (error) {
        errors.push(error);
      }
    }
    assert.equal(await world.lane.enter(() => healthy.good!()), 1);
    return errors;
  }

  it("(a) by a use of the sentinel, at the line of the use", async () => {
    const [first] = await leakTwice(
      "export const bad = () => { const r = http.get(1);\nreturn r.id };",
    );
    assert.ok(first instanceof BlockingError);
    assert.match(first.message, /result of the blocking call get was used before it was there/u);
    assert.match(String(first.stack), /bad/u);
    assert.match(String(first.hint), /--lower=all.*--runner k6/u);
  });

  it("(b) by a second blocking call", async () => {
    const [first] = await leakTwice(
      "export const bad = () => { http.get(1); http.get(2); return 5 };",
    );
    assert.ok(first instanceof BlockingError);
    assert.match(first.message, /did not wait for the blocking call get/u);
  });

  it("(c) by an empty register", async () => {
    const world = createWorld("waiting");
    const top =
      "let kept; const f = () => kept;\nexport const bad = (x) => { kept = x; return f() };";
    const { bad } = await instantiate(lower(scriptOf("", top), { mode: "all" }), world);
    const sentinel = world.lane.kit.sentinel;
    await assert.rejects(async () => world.lane.enter(() => bad!(sentinel)), {
      code: "SCRIPT_BLOCKING",
      message: /result of an earlier blocking call was kept/u,
    });
  });

  it("(d) at the end of an entry, from the second time on with the line of the call", async () => {
    const [first, second] = await leakTwice("export const bad = () => {\n http.get(1); };");
    assert.ok(first instanceof BlockingError && second instanceof BlockingError);
    assert.match(first.message, /did not wait for the blocking call get/u);
    assert.match(String(second.stack), /BlockingError: .*\n(.*\n)*.*bad/u);
  });

  it("also when the entry threw something else, which is kept as the cause", async () => {
    const [first] = await leakTwice("export const bad = () => { http.get(1); null.x };");
    assert.ok(first instanceof BlockingError);
    assert.ok(first.cause instanceof TypeError);
  });

  it("and is told to the VU that caused it, not to the next one", async () => {
    const one = createWorld("waiting");
    const other = createWorld("waiting");
    const source = scriptOf(
      "await null; leak(); await new Promise((r) => r()); return 1",
      "const leak = () => { http.get(1) };",
      "async function",
    );
    const leaky = await instantiate(lower(source, { mode: "none" }), one);
    const healthy = await instantiate(lower(scriptOf("return http.get(2).id")), other);
    const entry = Promise.resolve(one.lane.enter(() => leaky.default!()));
    const told = assert.rejects(entry, { code: "SCRIPT_BLOCKING" });
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(await other.lane.enter(() => healthy.default!()), 2);
    await told;
  });

  it("also when an async function that nobody awaits causes it", async () => {
    const world = createWorld("waiting");
    const top = "const late = async () => { await null; await null; http.get(1) };";
    const leaky = await instantiate(
      lower(scriptOf("late(); return 1", top), { mode: "none" }),
      world,
    );
    const healthy = await instantiate(lower(scriptOf("return http.get(2).id")), world);
    assert.equal(await world.lane.enter(() => leaky.default!()), 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.throws(() => world.lane.enter(() => healthy.default!()), { code: "SCRIPT_BLOCKING" });
    assert.equal(await world.lane.enter(() => healthy.default!()), 2);
  });
});
