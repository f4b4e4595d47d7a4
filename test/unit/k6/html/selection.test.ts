import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { createModules } from "../../../../src/k6/index.ts";
import { TestVu } from "../../../support/k6-vu.ts";

interface Sel {
  url: string;
  find(what: unknown): Sel;
  each(callback: (index: number, element: El) => unknown): Sel;
  map(callback: (index: number, selection: Sel) => unknown): unknown[];
  filter(what: unknown): Sel;
  not(what: unknown): Sel;
  is(what: unknown): boolean;
  get(index: number): El;
  attr(name: string, fallback?: unknown): unknown;
  data(key?: string): unknown;
  size(): number;
  text(): string;
  html(): string;
  serialize(): string;
  serializeObject(): Record<string, unknown>;
}

interface El {
  id(): string;
  selection(): Sel;
}

const list = "<ul><li id=a>1</li><li id=b class=k>2</li><li id=c>3</li></ul>";

function open(html: string): { vu: TestVu; page: Sel } {
  const vu = new TestVu();
  const module = createModules(vu)("k6/html") as { parseHTML(text: unknown): Sel };
  return { vu, page: module.parseHTML(html) };
}

function ids(selection: Sel): string[] {
  return Array.from({ length: selection.size() }, (_, index) => selection.get(index).id());
}

test("the parser is read when the first document is parsed, not before", () => {
  const { cache } = createRequire(import.meta.url);
  const isRead = (): boolean => Object.keys(cache).some((path) => path.includes("parse5"));
  createModules(new TestVu())("k6/html");
  assert.equal(isRead(), false);
  open(list);
  assert.equal(isRead(), true);
});

test("documents are repaired as the HTML standard says, and written as Go writes them", () => {
  const { page } = open("<p title='\"'>a<p>b<br><template><i>x</i></template>");
  assert.equal(
    page.html(),
    '<html><head></head><body><p title="&#34;">a</p><p>b<br/><template><i>x</i></template></p></body></html>',
  );
  assert.equal(page.find("template i").size(), 1);
});

describe("callbacks that block", () => {
  const later = <T>(vu: TestVu, value: T): T =>
    vu.block(new Promise((resolve) => setImmediate(resolve, value)));

  test("each goes on with the next element when one has waited", async () => {
    const { vu, page } = open(list);
    const seen: string[] = [];
    const result = await vu.settle(() =>
      page.find("li").each((index, element) => {
        seen.push(`${index}${element.id()}`);
        return index === 1 ? undefined : later(vu, index);
      }),
    );
    assert.deepEqual(seen, ["0a", "1b", "2c"]);
    assert.equal(result.size(), 3);
  });

  test("map gives the values waited for, in order, and drops what threw", async () => {
    const { vu, page } = open(list);
    const values = await vu.settle(() =>
      page.find("li").map((index, item) => {
        if (index === 1) return vu.block(Promise.reject(new Error("no")));
        return later(vu, item.text());
      }),
    );
    assert.deepEqual(values, ["1", "3"]);
  });

  test("filter, is and not decide by the values waited for", async () => {
    const { vu, page } = open(list);
    const items = page.find("li");
    const odd = (index: number): boolean => later(vu, index % 2 === 0);
    assert.deepEqual(ids(await vu.settle(() => items.filter(odd))), ["a", "c"]);
    assert.deepEqual(ids(await vu.settle(() => items.not(odd))), ["b"]);
    assert.equal(await vu.settle(() => items.is(odd)), true);
  });

  test("an error after a wait is the error of each, and of filter as it is", async () => {
    const { vu, page } = open(list);
    const fail = (): unknown => vu.block(Promise.reject(new TypeError("boom")));
    await assert.rejects(
      vu.settle(() => page.find("li").each(fail)),
      { name: "GoError", message: "the function passed to each() failed: TypeError: boom" },
    );
    await assert.rejects(
      vu.settle(() => page.find("li").filter(fail)),
      { name: "TypeError" },
    );
  });
});

test("what is no selector matches nothing; what is no argument is refused in k6's words", () => {
  const { page } = open(list);
  for (const selector of ["", "li[", "li:first", "> li", "li,", "#", "[id=1]"])
    assert.equal(page.find(selector).size(), 0, selector);
  assert.throws(() => page.find(5), {
    name: "GoError",
    message: "invalid argument, cannot use a 'int64' as a selector",
  });
  assert.throws(() => page.find(page.find("li").get(0)), {
    message: "invalid argument, cannot use a 'html.LiElement' as a selector",
  });
  assert.throws(() => page.filter({}), {
    message: "the argument to filter() must be a function, a selector or a selection",
  });
});

test("selections and elements take no new members", () => {
  const { page } = open(list);
  for (const target of [page, page.find("li").get(0)]) {
    assert.throws(() => Reflect.set(target, "extra", 1), {
      name: "TypeError",
      message: "Cannot assign to property extra of a host object",
    });
  }
});

test("data and forms are read with k6's quirks", () => {
  const { page } = open(
    '<p data-user-id="7" data-pad="1.50" data-o=\'{"a":[1]}\' data-none="null"><form><input name=a value="1 2"><input name=b type=checkbox checked><input name=c type=checkbox checked=checked><select name=m multiple><option selected>x<option selected>y</select>',
  );
  assert.deepEqual(page.find("p").data(), {
    userId: 7,
    pad: "1.50",
    o: { a: [1] },
    none: undefined,
  });
  assert.equal(page.find("p").data("userId"), 7);
  assert.equal(page.find("form").serialize(), "a=1+2&c=on&m=x&m=y");
  assert.deepEqual(page.find("form").serializeObject(), { a: "1 2", c: "on", m: ["x", "y"] });
});
