import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

type SharedArray = new (name: unknown, build?: unknown) => { id: number; tags?: string[] }[];

function open(vu: TestVu): SharedArray {
  vu.phase = "init";
  return (createModules(vu)("k6/data") as { SharedArray: SharedArray }).SharedArray;
}

test("a SharedArray is read like an array", () => {
  const users = new (open(new TestVu()))("users", () => [{ id: 1 }, { id: 2 }, { id: 3 }]);
  assert.equal(users.length, 3);
  assert.ok(Array.isArray(users));
  assert.deepEqual(
    users.map(({ id }) => id),
    [1, 2, 3],
  );
  assert.deepEqual([...users], [{ id: 1 }, { id: 2 }, { id: 3 }]);
  assert.deepEqual(users.filter(({ id }) => id > 1).length, 2);
  assert.deepEqual(Object.keys(users), ["0", "1", "2"]);
  assert.equal(users.at(-1)!.id, 3);
  assert.equal(users[3], undefined);
  assert.equal(JSON.stringify(users), '[{"id":1},{"id":2},{"id":3}]');
});

test("each access parses a fresh, deeply frozen element", () => {
  const users = new (open(new TestVu()))("users", () => [{ id: 1, tags: ["a"] }]);
  assert.notEqual(users[0], users[0]);
  assert.ok(Object.isFrozen(users[0]!.tags));
  assert.throws(() => users[0]!.tags!.push("b"), TypeError);
});

test("a SharedArray cannot be written", () => {
  const users = new (open(new TestVu()))("users", () => [{ id: 2 }, { id: 1 }]);
  const immutable = { name: "TypeError", message: "SharedArray is immutable" };
  assert.throws(() => (users[0] = { id: 2 }), immutable);
  assert.throws(() => users.push({ id: 2 }), immutable);
  assert.throws(() => users.reverse(), immutable);
  assert.throws(() => (users.length = 0), immutable);
  assert.throws(() => Reflect.deleteProperty(users, 0), immutable);
});

test("the first constructor of a name wins, for all VUs of a worker", () => {
  const first = new TestVu();
  const second = new TestVu({ registry: first.registry });
  const a = new (open(first))("users", () => [{ id: 1 }]);
  const b = new (open(second))("users", () => assert.fail("built twice"));
  assert.equal(a, b);
  const other = new (open(new TestVu()))("users", () => [{ id: 9 }]);
  assert.equal(other[0]!.id, 9);
});

test("wrong arguments and VU code are refused in k6's words", () => {
  const vu = new TestVu();
  const Shared = open(vu);
  assert.throws(() => new Shared("", () => []), { name: "GoError", message: /empty name/u });
  assert.throws(() => new Shared("x", [1]), {
    name: "GoError",
    message: /a function is expected/u,
  });
  assert.throws(() => new Shared("x", () => ({})), { name: "GoError", message: /only arrays/u });
  vu.phase = "iteration";
  assert.throws(() => new Shared("x", () => []), {
    message: "new SharedArray must be called in the init context",
  });
});
