import assert from "node:assert/strict";
import { test } from "node:test";
import { PauseGate } from "../../../src/run/pause-gate.ts";

test("a gate that is not paused lets the test through", async () => {
  const gate = new PauseGate(false);
  await gate.pass(() => assert.fail("nothing to wait for"));
  assert.ok(gate.passed);
});

test("a paused gate waits until it is resumed", async () => {
  const gate = new PauseGate(true);
  let waits = false;
  const passing = gate.pass(() => {
    waits = true;
  });
  assert.ok(waits && !gate.passed && gate.paused);
  gate.resume();
  await passing;
  assert.ok(gate.passed && !gate.paused);
});

test("a gate that is given up opens and stays paused", async () => {
  const gate = new PauseGate(true);
  const passing = gate.pass(() => undefined);
  gate.giveUp();
  await passing;
  assert.ok(gate.paused);
});

test("a gate that was given up before anybody came lets the test through to its end", async () => {
  const gate = new PauseGate(true);
  gate.giveUp();
  await gate.pass(() => assert.fail("nobody would resume it"));
  assert.ok(gate.paused);
});

test("a gate can be paused and resumed before anybody is there", async () => {
  const gate = new PauseGate(false);
  gate.pause();
  assert.ok(gate.paused);
  gate.resume();
  await gate.pass(() => assert.fail("it was resumed"));
});
