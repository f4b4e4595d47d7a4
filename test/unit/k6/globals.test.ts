import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules } from "../../../src/k6/index.ts";
import { globalsOf, TestVu } from "../../support/k6-vu.ts";

interface Globals {
  console: Record<"debug" | "log" | "info" | "warn" | "error", (...values: unknown[]) => void>;
  setTimeout(callback: unknown, delayMs?: unknown, ...args: unknown[]): number;
  clearTimeout(id: number): void;
  setInterval(callback: unknown, delayMs?: unknown, ...args: unknown[]): number;
  clearInterval(id: number): void;
  crypto: { randomUUID(): string };
  TextEncoder: new () => { encode(text: string): Uint8Array };
}

function open(vu: TestVu): Globals {
  return globalsOf(vu) as unknown as Globals;
}

const circular: Record<string, unknown> = { a: 1 };
circular["self"] = circular;

/** Reference 2.4. */
const shown: readonly (readonly [unknown[], string])[] = [
  [["plain"], "plain"],
  [["%s and", "more", 3], "%s and more 3"],
  [[undefined, null], "undefined null"],
  [[{ a: 1, b: "x" }], '{ a: 1, b: "x" }'],
  [[[1, "y"]], '[ 1, "y" ]'],
  [[{}, []], "{} []"],
  [[{ n: null, u: undefined }], "{ n: null, u: null }"],
  [[() => 1], "[object Function]"],
  [[circular], "{ a: 1, self: [Circular] }"],
  [[new Date(0)], '"1970-01-01T00:00:00.000Z"'],
  [[Uint8Array.of(1, 2)], "Uint8Array(2) [ 1, 2 ]"],
  [[Uint8Array.of(1, 2).buffer], "ArrayBuffer { [Uint8Contents]: <01 02>, byteLength: 2 }"],
  [[new Error("e")], "Error: e"],
  [[new Map([[1, 2]])], "{}"],
  [[{ deep: [{ x: true }] }], "{ deep: [ { x: true } ] }"],
  [[{ s: 'a"b\n' }], '{ s: "a"b\n" }'],
  [[Symbol("q"), [Symbol("q")]], 'q [ "q" ]'],
  [[new Date(Number.NaN)], "{}"],
  [[{ toJSON: () => 1 }], "{ toJSON: [object Function] }"],
  [[Uint8ClampedArray.of(300)], "Uint8Array(1) [ 255 ]"],
  [[1.5, false, 10n], "1.5 false 10"],
];

for (const [values, text] of shown) {
  test(`console shows ${text}`, () => {
    const vu = new TestVu();
    open(vu).console.log(...values);
    assert.deepEqual(vu.lines, [{ level: "info", message: text, fields: { source: "console" } }]);
  });
}

test("console has k6's five levels, as functions that need no receiver", () => {
  const vu = new TestVu();
  const { debug, log, info, warn, error } = open(vu).console;
  for (const write of [debug, log, info, warn, error]) write("x");
  assert.deepEqual(
    vu.lines.map(({ level }) => level),
    ["debug", "info", "info", "warning", "error"],
  );
});

test("timers count their ids from 1, pass arguments and can be cleared", () => {
  const vu = new TestVu();
  const globals = open(vu);
  const calls: unknown[] = [];
  assert.equal(
    globals.setTimeout((...args: unknown[]) => calls.push(args), 10, "a", "b"),
    1,
  );
  assert.equal(
    globals.setTimeout(() => calls.push("never"), -5),
    2,
  );
  globals.clearTimeout(2);
  assert.deepEqual(
    [...vu.timers.values()].map(({ delayMs }) => delayMs),
    [10],
  );
  vu.fireNextTimer();
  assert.deepEqual(calls, [["a", "b"]]);
  assert.equal(vu.timers.size, 0);
});

test("a timer that is cut by an exception says so in k6's words", () => {
  const vu = new TestVu();
  const globals = open(vu);
  globals.setTimeout(() => undefined, 10);
  globals.setInterval(() => undefined, 10);
  for (const { onCut } of vu.timers.values()) onCut?.();
  assert.deepEqual(
    vu.lines.map(({ level, message }) => `${level} ${message}`),
    [
      "warning setTimeout 1 was stopped because the VU iteration was interrupted",
      "warning setInterval 2 was stopped because the VU iteration was interrupted",
    ],
  );
});

test("an interval repeats until it clears itself", () => {
  const vu = new TestVu();
  const globals = open(vu);
  let calls = 0;
  const id = globals.setInterval(() => {
    if (++calls === 3) globals.clearInterval(id);
  }, 1);
  while (vu.timers.size > 0) vu.fireNextTimer();
  assert.equal(calls, 3);
});

test("k6/timers and the globals share their ids", () => {
  const vu = new TestVu();
  const timers = createModules(vu)("k6/timers") as Globals;
  assert.equal(
    open(vu).setTimeout(() => 1),
    1,
  );
  assert.equal(
    timers.setTimeout(() => 1),
    2,
  );
});

test("a timer's callback must be callable", () => {
  const globals = open(new TestVu());
  assert.throws(() => globals.setTimeout("code"), {
    name: "TypeError",
    message:
      "could not convert function call parameter 0: could not convert code to sobek.Callable",
  });
  assert.throws(() => globals.setTimeout(null), {
    name: "GoError",
    message: "setTimeout's callback isn't a callable function",
  });
  assert.throws(() => globals.setInterval(undefined), {
    name: "GoError",
    message: "setInterval's callback isn't a callable function",
  });
});

test("WebCrypto and text coding are there", () => {
  const globals = open(new TestVu());
  assert.match(globals.crypto.randomUUID(), /^[0-9a-f-]{36}$/u);
  assert.equal(new globals.TextEncoder().encode("é").length, 2);
});
