/** The bound on handshakes in flight. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HandshakeGate } from "../../../src/http/handshake-gate.ts";

test("lets 64 in at once, the others in their order as slots come free, and forgets who left the line", () => {
  const gate = new HandshakeGate();
  const entered: number[] = [];
  const visitors = Array.from({ length: 67 }, (_, index) => () => {
    entered.push(index);
  });
  for (const visitor of visitors) gate.enter(visitor);
  assert.equal(entered.length, 64);
  gate.cancel(visitors[64]!);
  gate.leave();
  gate.leave();
  gate.leave();
  assert.deepEqual(entered.slice(64), [65, 66]);
});
