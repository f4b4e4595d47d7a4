import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { folder, loadVu } from "./script-harness.ts";

/** The source of what the script's default function returns. */
async function sourceOfReturned(t: TestContext, body: string, head = ""): Promise<string> {
  const script = `
    import { browser } from 'k6/browser';
    import { sleep } from 'k6';
    ${head}
    export default function () { void browser; void sleep; return ${body}; }`;
  const dir = await folder(t, { "script.js": script });
  const { program, instance } = await loadVu(dir);
  const returned = (instance.exports["default"] as () => (...args: never[]) => unknown)();
  return program.sourceOf(returned);
}

/** Text as a reader sees it: without the bundler's line breaks and semicolons. */
const plain = (text: string): string => text.replaceAll(/\s+|;/gu, "");

describe("the source of a function for a browser", () => {
  const cases: readonly (readonly [name: string, text: string])[] = [
    ["an arrow that reads globals of the page", "() => document.title + window.location.href"],
    ["an async arrow", "async () => { await fetch('/x'); return document.cookie; }"],
    ["an async arrow without parentheses", "async (x) => x + location.hash"],
    ["a function", "function named(a, b) { return a + b + navigator.userAgent; }"],
    ["an async function", "async function () { return (await fetch('/y')).status; }"],
    ["an arrow that looks as if it blocked", "(f) => { f(); sleepy(); return document.body; }"],
    ["nested functions", "() => [1, 2].map((n) => ({ n, html: document.body.innerHTML }))"],
    ["an object in parentheses", "() => ({ a: [1, { b: screen.width }] })"],
    ["a template", "() => `${document.title}: ${(() => innerWidth)()}`"],
  ];
  for (const [name, text] of cases) {
    it(`is ${name} as the user wrote it`, async (t) => {
      assert.equal(plain(await sourceOfReturned(t, text)), plain(text.replaceAll("'", '"')));
    });
  }

  it("is that of a function declared elsewhere, also when it calls what blocks", async (t) => {
    const text = "function scroll(by) { sleep(1); window.scrollBy(0, by); }";
    assert.equal(plain(await sourceOfReturned(t, "scroll", text)), plain(text));
  });

  it("is the method's, which the caller must make a function of", async (t) => {
    const source = await sourceOfReturned(t, "({ read(x) { return document[x]; } }).read");
    assert.equal(plain(source), "read(x){returndocument[x]}");
  });

  it("is a function's own text when it is not of the script", async (t) => {
    assert.match(await sourceOfReturned(t, "Math.max.bind(null)"), /native code/u);
  });
});
