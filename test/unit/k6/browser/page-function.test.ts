import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toInitScript, toPageCode } from "../../../../src/k6/browser/page-function.ts";
import { TestVu } from "../../../support/k6-vu.ts";

const vu = new TestVu();

/** What the page would make of it: Playwright sends the function's text and calls it with the argument. */
function run(given: unknown, args: readonly unknown[], element?: unknown): unknown {
  const receiver = element !== undefined;
  const { code, argument } = toPageCode(vu, given, { args, receiver });
  // oxlint-disable-next-line no-eval -- the page is played here
  const value: unknown = (0, eval)(`(${String(code)})`);
  if (typeof value !== "function") return value;
  return receiver ? value(element, argument) : value(argument);
}

describe("code for a page", () => {
  it("calls a function with all its arguments", () => {
    assert.equal(
      run((a: number, b: number) => a + b, [1, 2]),
      3,
    );
    assert.equal(
      run(
        function named() {
          return arguments.length;
        },
        [1, 2, 3],
      ),
      3,
    );
  });

  it("puts the element before the arguments for handles and locators", () => {
    const read = (element: { id: string }, suffix: string): string => element.id + suffix;
    assert.equal(run(read, ["!"], { id: "x" }), "x!");
  });

  it("takes a method", () => {
    const methods = {
      read(this: void, a: number) {
        return a * 2;
      },
    };
    assert.equal(run(methods.read, [4]), 8);
  });

  it("takes async functions of every form", async () => {
    const methods = {
      async method(this: void, a: number) {
        return Promise.resolve(a);
      },
    };
    assert.equal(await run(async (a: number) => Promise.resolve(a), [1]), 1);
    assert.equal(await run(methods.method, [2]), 2);
  });

  it("evaluates a text, and calls one that is a function", () => {
    assert.equal(run("1 + 1", []), 2);
    assert.equal(run("() => 5", []), 5);
    assert.equal(run("(a, b) => a * b", [3, 4]), 12);
    assert.equal(run("function (a) { return a; }", [6]), 6);
  });
});

describe("a script for every page of a context", () => {
  it("is a text, an object with one, or a function that is called", () => {
    assert.equal(toInitScript(vu, "window.a = 1", undefined), "window.a = 1");
    assert.equal(toInitScript(vu, { content: "window.b = 2" }, undefined), "window.b = 2");
    assert.equal(toInitScript(vu, "(x)", undefined), "(x)");
    assert.match(
      toInitScript(vu, (x: unknown) => x, { y: 1 }),
      /^\(\(x\) => x\)\(\{"y":1\}\);$/u,
    );
  });
});
