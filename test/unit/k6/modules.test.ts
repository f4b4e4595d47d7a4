import assert from "node:assert/strict";
import { test } from "node:test";
import type { LakhError } from "../../../src/base/errors.ts";
import { createModules, k6ErrorCodes, loadModules, moduleNames } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

test("every module is built once a VU and is its own default export", async () => {
  await loadModules(moduleNames);
  const open = createModules(new TestVu());
  for (const name of moduleNames) {
    const module = open(name) as { default: Record<string, unknown> };
    assert.equal(open(name), module, name);
    for (const key of Object.keys(module)) {
      if (key !== "default")
        assert.equal(
          module.default[key],
          (module as Record<string, unknown>)[key],
          `${name}.${key}`,
        );
    }
  }
});

function errorOf(specifier: string): LakhError {
  try {
    createModules(new TestVu())(specifier);
  } catch (error) {
    return error as LakhError;
  }
  throw new Error(`${specifier} was found`);
}

test("a module that k6 does not have is refused with those that exist", () => {
  const error = errorOf("k6/nope");
  assert.equal(error.code, "K6_UNKNOWN_MODULE");
  assert.equal(error.exitCode, 107);
  assert.match(error.message, /"k6\/nope"/u);
  for (const name of moduleNames) assert.ok(error.hint?.includes(name));
});

test("a module that lakh does not have yet says so", () => {
  const error = errorOf("k6/x/redis");
  assert.equal(error.code, "K6_MODULE_MISSING");
  assert.equal(error.exitCode, 107);
  assert.equal(error.message, "lakh has no k6/x/redis yet");
});

test("a module that k6 removed is refused in k6's words", () => {
  const error = errorOf("k6/experimental/redis");
  assert.equal(error.name, "GoError");
  assert.match(error.message, /^k6\/experimental\/redis has been removed\. .* 'k6\/x\/redis'/u);
});

test("names of Object.prototype are no modules", () => {
  assert.equal(errorOf("constructor").code, "K6_UNKNOWN_MODULE");
});

test("each error code has a meaning", () => {
  for (const meaning of Object.values(k6ErrorCodes)) assert.ok(meaning.length > 10);
});
