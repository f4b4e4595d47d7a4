import assert from "node:assert/strict";
import { test } from "node:test";
import { lazyProperty } from "../../../src/base/lazy-property.ts";

function owner(made: unknown[] = []): Record<string, unknown> {
  const descriptor = lazyProperty("value", (self: object) => {
    made.push(self);
    return { of: self };
  });
  return Object.defineProperty({}, "value", descriptor) as Record<string, unknown>;
}

test("a lazy property is made once, when it is first read, for the object that is asked", () => {
  const made: unknown[] = [];
  const object = owner(made);
  assert.deepEqual(Object.keys(object), ["value"]);
  assert.deepEqual(made, []);
  const { value } = object;
  assert.deepEqual(value, { of: object });
  assert.equal(object["value"], value);
  assert.deepEqual(made, [object]);
});

test("a lazy property that is written is what was written, and nothing is made", () => {
  const made: unknown[] = [];
  const object = owner(made);
  object["value"] = 5;
  assert.deepEqual(Object.getOwnPropertyDescriptor(object, "value"), {
    value: 5,
    enumerable: true,
    writable: true,
    configurable: true,
  });
  assert.deepEqual(made, []);
});

test("what inherits from the object gets a property of its own, and the object keeps its", () => {
  const object = owner();
  const heir = Object.create(object) as Record<string, unknown>;
  heir["value"] = 1;
  assert.equal(heir["value"], 1);
  assert.deepEqual(object["value"], { of: object });
});
