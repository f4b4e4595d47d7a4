/** What waits for delivery: that nothing is forgotten there, and that a backend is not asked before its time. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Delivery, type Parcel, type Reception } from "../../../src/outputs/delivery.ts";
import { outputBench } from "../../support/outputs.ts";

const parcel = (sampleCount: number, byteLength = 10): Parcel => ({ byteLength, sampleCount });

function deliver(
  send: (parcel: Parcel) => Promise<Reception>,
  given: { readonly maxWaitingBytes?: number; readonly unit?: string } = {},
): { delivery: Delivery<Parcel>; lines: readonly string[] } {
  const { context, lines } = outputBench();
  const parts = { description: "test", send, logger: context.logger, ...given };
  return { delivery: new Delivery(parts), lines };
}

const taken = (): Promise<Reception> => Promise.resolve({ kind: "taken" });

describe("what waits for delivery", () => {
  it("goes on after a parcel that was larger than all the room", async () => {
    const { delivery, lines } = deliver(taken, { maxWaitingBytes: 100, unit: "points" });
    delivery.add(parcel(7, 101));
    delivery.add(parcel(2, 10));
    await delivery.stop();
    assert.deepEqual(delivery.counts, { delivered: 2, lost: 7, requests: 1, failedRequests: 0 });
    assert.match(lines[0]!, /the oldest points are dropped$/u);
    assert.match(lines[1]!, /7 points did not arrive$/u);
  });

  it("is sent also when it comes at the moment at which the last one was taken", async () => {
    for (let turns = 0; turns < 12; turns++) {
      const { delivery } = deliver(taken);
      delivery.add(parcel(1));
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      delivery.add(parcel(1));
      await delivery.stop();
      assert.equal(delivery.counts.delivered, 2, `after ${turns} turns`);
    }
  });

  it("is never sent before the time that the backend asked for", async () => {
    const times: number[] = [];
    const { delivery } = deliver(() => {
      times.push(performance.now());
      const later = { kind: "later", reason: "busy", retryAfterMs: 200 } as const;
      return times.length === 1 ? Promise.resolve(later) : taken();
    });
    delivery.add(parcel(1));
    while (times.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await delivery.stop();
    assert.ok(times[1]! - times[0]! >= 199, `${times[1]! - times[0]!} ms`);
  });
});
