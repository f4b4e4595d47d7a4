/** Lists of request headers: what they hold, and when two calls get the same one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderLists } from "../../../../src/k6/http/headers.ts";

const plain = { userAgent: "lakh" };

test("the same content is the same list, whatever came between", () => {
  const lists = new HeaderLists();
  const first = lists.build({ accept: "a", Authorization: "t" }, plain);
  lists.build(undefined, plain);
  for (let user = 0; user < 100; user++) lists.build({ Authorization: `user ${user}` }, plain);
  assert.equal(lists.build({ accept: "a", Authorization: "t" }, plain), first);
  assert.deepEqual(first, [
    ["User-Agent", "lakh"],
    ["Accept", "a"],
    ["Authorization", "t"],
  ]);
});

test("the same names with other values are another list", () => {
  const lists = new HeaderLists();
  const values = Array.from({ length: 10 }, (_, user) => `Bearer ${user}`);
  const seen = values.map((Authorization) => lists.build({ Authorization }, plain));
  for (const [index, fields] of seen.entries())
    assert.deepEqual(fields, [
      ["User-Agent", "lakh"],
      ["Authorization", values[index]],
    ]);
});

test("a name given twice in other case counts last, and one that lakh adds gives way to the script's", () => {
  const lists = new HeaderLists();
  const typed = { ...plain, contentType: "added" };
  const given = { "content-type": "1", "Content-Type": "2" };
  assert.deepEqual(lists.build(given, plain).at(-1), ["Content-Type", "2"]);
  // The same names and values, but the second is lakh's.
  const added = lists.build({ "content-type": "1" }, { ...typed, contentType: "2" });
  assert.deepEqual(added.at(-1), ["Content-Type", "1"]);
  assert.deepEqual(lists.build({ "user-agent": "mine" }, plain), [["User-Agent", "mine"]]);
});

test("values that are no strings are made ones, once, even by code that sends on its own", () => {
  const lists = new HeaderLists();
  let calls = 0;
  const value = {
    toString() {
      calls++;
      lists.build({ Inner: "x", More: "y" }, plain);
      return "outer";
    },
  };
  assert.deepEqual(lists.build({ First: 1, Outer: value, Last: null }, plain), [
    ["User-Agent", "lakh"],
    ["First", "1"],
    ["Last", "null"],
    ["Outer", "outer"],
  ]);
  assert.equal(calls, 1);
});
