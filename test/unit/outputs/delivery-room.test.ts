import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, it } from "node:test";
import { Delivery, type Parcel, type Reception } from "../../../src/outputs/delivery.ts";
import { outputBench } from "../../support/outputs.ts";

const parcel = (sampleCount: number, byteLength = 100): Parcel => ({ byteLength, sampleCount });

/** A delivery whose receptions the test decides on, in the order in which parcels were sent. */
function held(parts: Partial<ConstructorParameters<typeof Delivery<Parcel>>[0]> = {}): {
  readonly delivery: Delivery<Parcel>;
  readonly sent: { readonly parcel: Parcel; readonly receive: (reception: Reception) => void }[];
  readonly lines: readonly string[];
} {
  const bench = outputBench();
  const sent: { parcel: Parcel; receive: (reception: Reception) => void }[] = [];
  const delivery = new Delivery<Parcel>({
    description: "test",
    logger: bench.context.logger,
    send: (each) =>
      new Promise((receive) => {
        sent.push({ parcel: each, receive });
      }),
    ...parts,
  });
  return { delivery, sent, lines: bench.lines };
}

describe("a delivery with several lanes", () => {
  it("has as many parcels under way, and no more", async () => {
    const { delivery, sent } = held({ lanes: 2 });
    for (let n = 1; n <= 3; n++) delivery.add(parcel(n));
    assert.deepEqual(
      sent.map((each) => each.parcel.sampleCount),
      [1, 2],
    );
    sent[1]!.receive({ kind: "taken" });
    await nextTurn();
    assert.deepEqual(
      sent.map((each) => each.parcel.sampleCount),
      [1, 2, 3],
    );
    for (const { receive } of sent) receive({ kind: "taken" });
    await delivery.stop();
    assert.equal(delivery.counts.delivered, 6);
  });

  it("sends a parcel that is added in the very moment in which the last one was taken", async () => {
    const { delivery, sent } = held();
    delivery.add(parcel(1));
    sent[0]!.receive({ kind: "taken" });
    // As whoever waits for room does: in the microtasks around the lane's end.
    for (let n = 0; n < 10; n++) {
      await Promise.resolve();
      delivery.add(parcel(1));
    }
    for (let n = 0; n < 11; n++) {
      await nextTurn();
      sent[n]!.receive({ kind: "taken" });
    }
    await delivery.stop();
    assert.equal(delivery.counts.delivered, 11);
  });

  it("tells the end of a run from the end of its feeding", async () => {
    const { delivery, sent } = held();
    const feeding = (async () => {
      for (let n = 0; n < 3; n++) {
        delivery.add(parcel(1));
        await nextTurn();
        sent[n]!.receive({ kind: "taken" });
        await nextTurn();
      }
    })();
    await delivery.stop(feeding);
    assert.equal(delivery.counts.delivered, 3);
  });
});

describe("room in a delivery", () => {
  it("comes when parcels have left, or when nothing is taken any more", async () => {
    const { delivery, sent } = held({ stopGraceMs: 20 });
    for (let n = 0; n < 3; n++) delivery.add(parcel(1, 100));
    let hasRoom = false;
    void delivery.room(200).then(() => {
      hasRoom = true;
    });
    await nextTurn();
    assert.equal(hasRoom, false);
    sent[0]!.receive({ kind: "taken" });
    await nextTurn();
    assert.equal(hasRoom, true);
    const later = delivery.room(1);
    sent[1]!.receive({ kind: "closed", reason: "wrong password", hint: "Mend it" });
    await later;
    await delivery.stop();
    assert.deepEqual(delivery.counts, { delivered: 1, lost: 2, requests: 2, failedRequests: 1 });
  });

  it("is given up with the rest when the grace is over", async () => {
    const { delivery, lines } = held({
      stopGraceMs: 20,
      send: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    });
    delivery.add(parcel(5));
    delivery.add(parcel(7));
    await delivery.stop(delivery.room(1).then(() => delivery.drop(9)));
    assert.equal(delivery.counts.lost, 21);
    assert.deepEqual(lines, [
      "error output test: 21 samples did not arrive: it did not take them in time",
    ]);
  });
});

describe("a backend that comes and goes", () => {
  it("is told of a few times, and counted always", async () => {
    let sends = 0;
    const { delivery, lines } = held({
      send: () => {
        sends++;
        return Promise.resolve<Reception>(
          sends % 2 === 0
            ? { kind: "taken" }
            : { kind: "partly", lostSamples: 1, reason: `dropped=${sends}` },
        );
      },
    });
    for (let n = 0; n < 40; n++) delivery.add(parcel(10));
    await delivery.stop();
    assert.equal(delivery.counts.lost, 20);
    assert.equal(lines.length, 6);
    assert.match(lines[4]!, /dropped=9; .*\(more of the kind is counted, not told\)$/u);
    assert.match(lines[5]!, /^error output test: 20 samples did not arrive: dropped=39$/u);
  });
});
