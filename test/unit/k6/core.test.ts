import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules, GoError } from "../../../src/k6/index.ts";
import { globalsOf, TestVu } from "../../support/k6-vu.ts";

interface Core {
  check(value: unknown, sets: unknown, tags?: unknown): boolean;
  group<T>(name: string, body: () => T): T;
  sleep(seconds: unknown): void;
  fail(message?: string): never;
  randomSeed(seed: number): void;
}

function open(vu: TestVu): Core {
  return createModules(vu)("k6") as Core;
}

test("check is the AND of its functions and records one sample each", () => {
  const vu = new TestVu();
  const passed = open(vu).check(
    { status: 200 },
    {
      "is 200": (r: { status: number }) => r.status === 200,
      "has body": (r: { body?: string }) => r.body !== undefined,
      "a plain value": "truthy",
    },
  );
  assert.equal(passed, false);
  assert.deepEqual(vu.samples, [
    { metric: "checks", value: 1, tags: { group: "", scenario: "browse", check: "is 200" } },
    { metric: "checks", value: 0, tags: { group: "", scenario: "browse", check: "has body" } },
    { metric: "checks", value: 1, tags: { group: "", scenario: "browse", check: "a plain value" } },
  ]);
});

test("a check that throws fails, stops the later ones and throws on", () => {
  const vu = new TestVu();
  const run = () =>
    open(vu).check(1, {
      first: () => true,
      second: () => {
        throw new RangeError("boom");
      },
      third: () => true,
    });
  assert.throws(run, new RangeError("boom"));
  assert.deepEqual(
    vu.samples.map(({ tags, value }) => [tags["check"], value]),
    [
      ["first", 1],
      ["second", 0],
    ],
  );
});

test("check refuses async functions, and those that return a promise, in k6's words", () => {
  const vu = new TestVu();
  const message = /^the built-in check\(\) does not support async functions as arguments/u;
  assert.throws(() => open(vu).check(1, { a: async () => true }), { name: "GoError", message });
  assert.throws(() => open(vu).check(1, { a: () => Promise.resolve(true) }), {
    name: "GoError",
    message,
  });
  assert.deepEqual(vu.samples, []);
});

test("a promise as a value of the set is truthy", () => {
  assert.equal(open(new TestVu()).check(1, { promise: Promise.resolve(false) }), true);
});

test("check goes on after functions that block, in order", async () => {
  const vu = new TestVu();
  const later = (value: boolean) => () => vu.block(Promise.resolve(value));
  const sets = { a: later(true), b: () => true, c: later(false), d: () => true };
  assert.equal(await vu.settle(() => open(vu).check(1, sets)), false);
  assert.deepEqual(
    vu.samples.map(({ tags, value }) => `${tags["check"]}=${value}`),
    ["a=1", "b=1", "c=0", "d=1"],
  );
});

test("a check that blocks and then throws stops the later ones", async () => {
  const vu = new TestVu();
  const sets = { a: () => vu.block(Promise.reject(new Error("late"))), b: () => true };
  await assert.rejects(
    vu.settle(() => open(vu).check(1, sets)),
    { message: "late" },
  );
  assert.deepEqual(
    vu.samples.map(({ value }) => value),
    [0],
  );
});

test("check takes tags, and refuses tag values that are not primitive", () => {
  const vu = new TestVu();
  open(vu).check(1, { ok: () => true }, { page: 7, hot: true });
  assert.deepEqual(vu.samples[0]!.tags, {
    group: "",
    scenario: "browse",
    check: "ok",
    page: "7",
    hot: "true",
  });
  assert.throws(() => open(vu).check(1, { ok: () => true }, { page: {} }), {
    message:
      "invalid value for metric tag 'page': only String, Boolean and Number types are accepted as a metric tag values",
  });
});

test("check omits its tag when the system tag is off, and finds its series again", () => {
  const vu = new TestVu({ options: { systemTags: new Set(["group"]) } });
  const core = open(vu);
  for (let i = 0; i < 5; i++) core.check(1, { ok: () => true });
  assert.equal(vu.samples[0]!.tags["check"], undefined);
  assert.equal(vu.seriesLookups, 1);
});

test("check in an interrupted iteration records nothing", () => {
  const vu = new TestVu();
  vu.interrupted = true;
  assert.equal(open(vu).check(1, { ok: () => false }), false);
  assert.deepEqual(vu.samples, []);
});

test("names with the group separator are refused", () => {
  const core = open(new TestVu());
  assert.throws(() => core.check(1, { "a::b": () => true }), GoError);
  assert.throws(() => core.group("a::b", () => 1), GoError);
});

test("check and group may not be called in the init context", () => {
  const vu = new TestVu();
  vu.phase = "init";
  assert.throws(() => open(vu).check(1, {}), {
    message: "Using check() in the init context is not supported",
  });
  assert.throws(() => open(vu).group("g", () => 1), {
    message: "Using group() in the init context is not supported",
  });
});

test("group nests its path, returns the value and records its duration with the inner path", () => {
  const vu = new TestVu();
  const core = open(vu);
  const outer = vu.tags;
  const value = core.group("outer", () => {
    vu.nowMs += 5;
    return core.group("inner", () => {
      assert.equal(vu.tags.get("group"), "::outer::inner");
      vu.nowMs += 20;
      return 42;
    });
  });
  assert.equal(value, 42);
  assert.equal(vu.tags, outer);
  assert.deepEqual(vu.samples, [
    { metric: "group_duration", value: 20, tags: { group: "::outer::inner", scenario: "browse" } },
    { metric: "group_duration", value: 25, tags: { group: "::outer", scenario: "browse" } },
  ]);
});

test("group keeps its tag while its body waits, and restores the path when the body throws", async () => {
  const vu = new TestVu();
  const core = open(vu);
  const outer = vu.tags;
  const running = vu.settle(() =>
    core.group("slow", () => vu.block(Promise.reject(new Error("late")))),
  );
  assert.equal(vu.tags.get("group"), "::slow");
  await assert.rejects(running, { message: "late" });
  assert.equal(vu.tags, outer);
  assert.equal(vu.samplesOf("group_duration").length, 1);
});

test("tags that a group's body sets outlive the group", () => {
  const vu = new TestVu();
  open(vu).group("g", () => {
    vu.tags = vu.tags.with("user", "7");
  });
  assert.deepEqual(vu.tags.toObject(), { group: "", scenario: "browse", user: "7" });
});

test("group refuses async functions in k6's words", () => {
  assert.throws(() => open(new TestVu()).group("g", async () => 1), {
    name: "GoError",
    message: /^group\(\) does not support async functions as arguments, /u,
  });
});

test("sleep waits its seconds; nothing for NaN, zero and less", async () => {
  const vu = new TestVu();
  const core = open(vu);
  await vu.settle(() => core.sleep(1.5));
  await vu.settle(() => core.sleep("0.25"));
  for (const seconds of [Number.NaN, 0, -1, undefined])
    assert.equal(
      vu.blocks(() => core.sleep(seconds)),
      false,
    );
  assert.deepEqual(vu.sleeps, [1_500, 250]);
});

test("fail throws a GoError", () => {
  assert.throws(() => open(new TestVu()).fail("no token"), {
    name: "GoError",
    message: "no token",
  });
});

test("randomSeed makes the VU's own Math.random reproducible", () => {
  const draw = (seed: number): number[] => {
    const vu = new TestVu();
    const math = globalsOf(vu)["Math"] as Math;
    open(vu).randomSeed(seed);
    return [math.random(), math.random(), math.floor(2.5)];
  };
  assert.deepEqual(draw(42), draw(42));
  assert.notDeepEqual(draw(42), draw(43));
  assert.notEqual(Math.random(), draw(42)[0]);
});
