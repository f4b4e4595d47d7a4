import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, it } from "node:test";
import type { Samples } from "../../../src/outputs/index.ts";
import { type SampleConsumer, SamplePump } from "../../../src/outputs/sample-pump.ts";
import { SampleDirectory } from "../../../src/outputs/samples.ts";

/** Samples with values from `first` on. */
function samplesOf(first: number, count: number): Samples {
  const batch = {
    metrics: [{ name: "m", type: "counter", contains: "default" } as const],
    tagSets: [{}],
    series: [[0, 0] as const],
    seriesIds: new Uint32Array(count),
    values: Float64Array.from({ length: count }, (_, n) => first + n),
    timesMs: new Float64Array(count),
    metadata: [],
    metadataIds: undefined,
  };
  return new SampleDirectory().resolve(batch, 0);
}

class Taker implements SampleConsumer {
  readonly values: number[] = [];
  readonly slices: number[] = [];
  readonly overflows: number[] = [];
  rounds = 0;
  dropped = 0;
  /** What `take` waits for. */
  gate: Promise<void> = Promise.resolve();

  async take(samples: Samples, from: number, to: number): Promise<void> {
    for (let at = from; at < to; at++) this.values.push(samples.valueAt(at));
    this.slices.push(to - from);
    await this.gate;
  }

  finishRound(): Promise<void> {
    this.rounds++;
    return Promise.resolve();
  }

  drop(sampleCount: number): void {
    this.dropped += sampleCount;
  }

  onOverflow(limit: number): void {
    this.overflows.push(limit);
  }
}

const hour = 3_600_000;

describe("the pump of samples", () => {
  it("hands out everything in order, a slice at a time, with turns for others between", async () => {
    const consumer = new Taker();
    const pump = new SamplePump({ consumer, intervalMs: hour });
    pump.add(samplesOf(0, 10_000));
    pump.add(samplesOf(10_000, 5));
    let turns = 0;
    const count = async (): Promise<void> => {
      while (consumer.rounds === 0) {
        turns++;
        await nextTurn();
      }
    };
    await Promise.all([pump.stop(), count()]);
    assert.deepEqual(
      consumer.values,
      Array.from({ length: 10_005 }, (_, n) => n),
    );
    assert.deepEqual(consumer.slices, [4_096, 4_096, 1_808, 5]);
    assert.ok(turns >= 4);
  });

  it("drops the oldest when more waits than fits, and tells of it once", async () => {
    const consumer = new Taker();
    const pump = new SamplePump({ consumer, intervalMs: hour, limit: 100 });
    for (let n = 0; n < 5; n++) pump.add(samplesOf(n * 40, 40));
    await pump.stop();
    assert.equal(consumer.dropped, 120);
    assert.deepEqual(
      consumer.values,
      Array.from({ length: 80 }, (_, n) => 120 + n),
    );
    assert.deepEqual(consumer.overflows, [100]);
  });

  it("takes nothing more while the consumer is not ready for it", async () => {
    const consumer = new Taker();
    let open = (): void => undefined;
    consumer.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const pump = new SamplePump({ consumer, intervalMs: 1 });
    pump.add(samplesOf(0, 10));
    pump.add(samplesOf(10, 10));
    while (consumer.slices.length === 0) await nextTurn();
    for (let n = 0; n < 20; n++) await nextTurn();
    assert.deepEqual(consumer.slices, [10]);
    open();
    await pump.stop();
    assert.deepEqual(consumer.slices, [10, 10]);
  });
});
