/** The slowest of each endpoint are really those, and what is compared beforehand never hides one. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SlowSelection } from "../../../src/engine/worker/slow-selection.ts";

interface Offer {
  readonly key: string;
  readonly durationMs: number;
}

const offer: fc.Arbitrary<Offer> = fc.record({
  key: fc.nat(7).map((index) => `GET /${index}`),
  durationMs: fc.integer({ min: 1, max: 50 }),
});

/** As the HTTP module does: an exchange is offered only when it took longer than what it was told to compare with. */
function select(
  selection: SlowSelection<number>,
  offers: readonly Offer[],
): { made: number; offered: number } {
  const floors = new Map<string, { floorMs: number }>();
  let made = 0;
  let offered = 0;
  for (const [index, { key, durationMs }] of offers.entries()) {
    const watch = floors.get(key) ?? selection.watch(key);
    floors.set(key, watch);
    if (durationMs <= watch.floorMs) continue;
    offered++;
    selection.offer(key, durationMs, () => {
      made++;
      return index;
    });
    floors.set(key, selection.watch(key));
  }
  return { made, offered };
}

const slowestOf = (offers: readonly Offer[], key: string, count: number): number[] =>
  offers
    .filter((each) => each.key === key)
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => b - a)
    .slice(0, count);

describe("SlowSelection", () => {
  it("holds exactly the slowest of each endpoint, while there is room for all endpoints", () => {
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 200 }), (offers) => {
        const selection = new SlowSelection<number>({ each: 3, endpoints: 8 });
        selection.setActive(true);
        select(selection, offers);
        for (const key of new Set(offers.map((each) => each.key))) {
          const kept = selection.entries().filter(({ item }) => offers[item]!.key === key);
          const durations = kept.map(({ durationMs }) => durationMs);
          assert.deepEqual(durations, slowestOf(offers, key, 3));
          for (const { item, durationMs } of kept)
            assert.equal(offers[item]!.durationMs, durationMs);
        }
      }),
    );
  });

  it("holds the endpoints with the slowest exchanges when there are too many, and no more than its limit", () => {
    fc.assert(
      fc.property(fc.array(offer, { minLength: 1, maxLength: 200 }), (offers) => {
        const selection = new SlowSelection<number>({ each: 2, endpoints: 3 });
        selection.setActive(true);
        select(selection, offers);
        const entries = selection.entries();
        const slowest = [...new Set(offers.map(({ key }) => key))]
          .map((key) => slowestOf(offers, key, 1)[0]!)
          .sort((a, b) => b - a)
          .slice(0, 3);
        const held = new Map<string, number>();
        for (const { item, durationMs } of entries) {
          const { key } = offers[item]!;
          held.set(key, Math.max(held.get(key) ?? 0, durationMs));
        }
        assert.ok(entries.length <= 6);
        assert.deepEqual(
          [...held.values()].sort((a, b) => b - a),
          slowest,
        );
      }),
    );
  });

  it("asks to be offered everything while another has its place, and compares again afterwards", () => {
    const selection = new SlowSelection<string>({ each: 1, endpoints: 2 });
    selection.setActive(true);
    selection.offer("a", 10, () => "a");
    const watches = [selection.watch("a"), selection.watch("unknown")];
    assert.deepEqual(
      watches.map(({ floorMs }) => floorMs),
      [10, 0],
    );
    selection.setActive(false);
    assert.ok(watches.every(({ floorMs }) => floorMs < 0));
    selection.setActive(true);
    assert.deepEqual(
      watches.map(({ floorMs }) => floorMs),
      [10, 0],
    );
  });

  it("makes nothing for what is not kept, and keeps nothing that took no time", () => {
    const selection = new SlowSelection<number>({ each: 1, endpoints: 1 });
    selection.setActive(true);
    const offers = [0, 5, 5, 4, 6].map((durationMs) => ({ key: "a", durationMs }));
    assert.deepEqual(select(selection, offers), { made: 2, offered: 2 });
    assert.deepEqual(
      selection.entries().map(({ durationMs }) => durationMs),
      [6],
    );
  });
});
