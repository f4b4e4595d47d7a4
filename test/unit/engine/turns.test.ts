import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { EventLoopTurns } from "../../../src/engine/worker/turns.ts";

suite("EventLoopTurns", () => {
  test("who has waited a turn goes on at once", async () => {
    const turns = new EventLoopTurns();
    const turn = turns.current();
    await new Promise((resolve) => setImmediate(resolve));
    let isResumed = false;
    turns.after(turn, { onTurn: () => (isResumed = true) });
    assert.equal(isResumed, true);
  });

  test("who has not gets the next turn, microtasks or not", async () => {
    const turns = new EventLoopTurns();
    const turn = turns.current();
    await Promise.resolve();
    let isResumed = false;
    const resumed = new Promise<void>((resolve) => {
      turns.after(turn, {
        onTurn: () => {
          isResumed = true;
          resolve();
        },
      });
    });
    await Promise.resolve();
    assert.equal(isResumed, false);
    await resumed;
  });
});
