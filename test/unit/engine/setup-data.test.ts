import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toSetupJson } from "../../../src/engine/worker/setup-data.ts";

const handedOn = (value: unknown): unknown => JSON.parse(toSetupJson(value)!) as unknown;

describe("setup data", () => {
  it("hands plain values on as they are, and nothing as nothing", () => {
    const value = { text: "x", list: [1, [2, {}]], yes: true, nothing: null, number: 1.5 };
    assert.deepEqual(handedOn(value), value);
    assert.equal(toSetupJson(undefined), undefined);
    assert.equal(handedOn(null), null);
  });

  it("converts what has no JSON as k6 does", () => {
    const value = {
      missing: undefined,
      sparse: Object.assign([], { length: 2 }),
      seconds: new Date(0),
      millis: new Date(1500),
      map: new Map<unknown, unknown>([["a", { b: undefined }]]),
      set: new Set([1, "x"]),
      bytes: new Uint8Array([1, 2, 255]),
      floats: new Float32Array([0.5]),
      buffer: new ArrayBuffer(4),
      big: -5n,
      symbol: Symbol("s"),
      error: new Error("e"),
      expression: /x/u,
      boxed: [Object(1), Object("s"), Object(false)],
      own: Object.create({ inherited: 1 }, { a: { value: 1, enumerable: true } }) as object,
    };
    assert.deepEqual(handedOn(value), {
      missing: null,
      sparse: [null, null],
      seconds: "1970-01-01T00:00:00Z",
      millis: "1970-01-01T00:00:01.5Z",
      map: [["a", { b: null }]],
      set: [1, "x"],
      bytes: "AQL/",
      floats: [0.5],
      buffer: {},
      big: -5,
      symbol: "s",
      error: {},
      expression: {},
      boxed: [1, {}, false],
      own: { a: 1 },
    });
  });

  it("does not ask toJSON, which is a function and therefore refused", () => {
    assert.throws(() => toSetupJson({ toJSON: () => "x" }), /unsupported type: func/u);
  });

  it("refuses functions, numbers that are none, and circles, but not the same object twice", () => {
    assert.throws(() => toSetupJson({ f: () => 1 }), { code: "SETUP_DATA" });
    assert.throws(() => toSetupJson([Number.NaN]), /json: unsupported value: NaN/u);
    assert.throws(() => toSetupJson(-Infinity), /json: unsupported value: -Inf/u);
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    assert.throws(() => toSetupJson(circle), /encountered a cycle/u);
    const shared = { a: 1 };
    assert.deepEqual(handedOn([shared, shared]), [shared, shared]);
  });
});
