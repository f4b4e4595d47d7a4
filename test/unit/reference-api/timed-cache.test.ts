import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTimedCache } from "../../../reference-api/timed-cache.ts";

function fakeClock(): { nowMs(): number; wallMs(): number; advance(ms: number): void } {
  let nowMs = 0;
  return { nowMs: () => nowMs, wallMs: () => nowMs, advance: (ms) => void (nowMs += ms) };
}

describe("timed cache", () => {
  it("loads once for everybody who asks at the same time", async () => {
    let loads = 0;
    const read = createTimedCache({
      clock: fakeClock(),
      ttlMs: 1_000,
      load: () => Promise.resolve(++loads),
    });
    assert.deepEqual(await Promise.all([read(), read(), read()]), [1, 1, 1]);
  });

  it("loads again when the value is as old as its time to live, counted from the end of the load", async () => {
    const clock = fakeClock();
    let loads = 0;
    const read = createTimedCache({
      clock,
      ttlMs: 1_000,
      load: () => {
        clock.advance(400);
        return Promise.resolve(++loads);
      },
    });
    assert.equal(await read(), 1);
    clock.advance(999);
    assert.equal(await read(), 1);
    clock.advance(1);
    assert.equal(await read(), 2);
  });

  it("does not keep a failure", async () => {
    let loads = 0;
    const load = (): Promise<number> =>
      ++loads === 1 ? Promise.reject(new Error("down")) : Promise.resolve(loads);
    const read = createTimedCache({ clock: fakeClock(), ttlMs: 1_000, load });
    await assert.rejects(read(), /down/u);
    assert.equal(await read(), 2);
  });
});
