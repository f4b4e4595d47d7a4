import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeBack } from "../../../src/engine/worker/written-back.ts";

describe("writeBack", () => {
  const values = { systemTags: ["url", "status"], vus: 2 };

  it("gives each VU values of its own, read or overwritten as plain ones", () => {
    const one: Record<string, unknown> = { vus: 1 };
    const other: Record<string, unknown> = {};
    writeBack(one, values);
    writeBack(other, values);
    assert.equal(one["vus"], 2);
    (one["systemTags"] as string[]).push("mine");
    assert.deepEqual(one["systemTags"], ["url", "status", "mine"]);
    assert.equal(JSON.stringify(other), '{"systemTags":["url","status"],"vus":2}');
    assert.deepEqual(values.systemTags, ["url", "status"]);
  });

  it("replaces what the script had there, and lets a script write", () => {
    const own: Record<string, unknown> = { systemTags: ["name"] };
    writeBack(own, values);
    assert.deepEqual(own["systemTags"], values.systemTags);
    const unread: Record<string, unknown> = {};
    writeBack(unread, values);
    unread["systemTags"] = "other";
    assert.equal(unread["systemTags"], "other");
  });

  it("leaves alone what is no object", () => {
    assert.doesNotThrow(() => {
      writeBack(undefined, values);
      writeBack("text", values);
    });
  });
});
