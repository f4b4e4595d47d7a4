import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Clock } from "../../../src/base/clock.ts";
import type { Logger } from "../../../src/base/log.ts";
import {
  type ObservationSource,
  type Observer,
  type Reading,
  startObserver,
} from "../../../src/observe/index.ts";

const cpu = (value: number): Reading => ({
  name: "cpu_cores",
  unit: "cores",
  value,
  isTotal: true,
});
const memory = (value: number): Reading => ({
  name: "memory_bytes",
  unit: "bytes",
  value,
  isTotal: false,
});

/** An observer with a clock and a timer of its own. */
class Bench {
  readonly lines: string[] = [];
  readonly observer: Observer;
  nowMs = 1_000;
  startWallMs: number | undefined = 1_000;
  cancelled = false;
  intervalMs = 0;
  #turn: () => void = () => undefined;

  constructor(...sources: ObservationSource[]) {
    const clock: Clock = { nowMs: () => this.nowMs, wallMs: () => this.nowMs };
    const logger: Logger = {
      log: (level, message) => void this.lines.push(`${level}: ${message}`),
    };
    this.observer = startObserver({
      sources,
      clock,
      logger,
      intervalMs: 1_000,
      startWallMs: () => this.startWallMs,
      every: (intervalMs, turn) => {
        this.intervalMs = intervalMs;
        this.#turn = turn;
        return () => {
          this.cancelled = true;
        };
      },
    });
  }

  /** Lets what is under way come to rest, moves the clock, and takes the next turn. */
  async turn(byMs = 1_000): Promise<void> {
    await settled();
    this.nowMs += byMs;
    this.#turn();
    await settled();
  }
}

/** After this every promise that could settle without the outside world has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A source that tells these in turn; an error is thrown, "hang" never answers. */
function scripted(
  name: string,
  answers: readonly (Reading[] | Error | "hang")[],
): ObservationSource & { reads: number } {
  return {
    describe: name,
    reads: 0,
    read() {
      const answer = answers[this.reads++] ?? [];
      if (answer === "hang") return new Promise(() => undefined);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

describe("observer", () => {
  it("turns totals into rates and keeps levels, on the run's time axis", async () => {
    const bench = new Bench(
      scripted("s", [
        [cpu(10), memory(100)],
        [cpu(10.5), memory(110)],
        [cpu(12.5), memory(120)],
      ]),
    );
    await bench.turn();
    await bench.turn(2_000);
    assert.deepEqual(await bench.observer.stop(), [
      {
        name: "cpu_cores",
        unit: "cores",
        source: "s",
        points: [
          [1_000, 0.5],
          [3_000, 1],
        ],
      },
      {
        name: "memory_bytes",
        unit: "bytes",
        source: "s",
        points: [
          [0, 100],
          [1_000, 110],
          [3_000, 120],
        ],
      },
    ]);
    assert.equal(bench.intervalMs, 1_000);
    assert.equal(bench.cancelled, true);
  });

  it("keeps nothing from before the run, but rates may reach back to it", async () => {
    const bench = new Bench(
      scripted("s", [
        [cpu(1), memory(1)],
        [cpu(2), memory(2)],
        [cpu(3), memory(3)],
      ]),
    );
    bench.startWallMs = undefined;
    await bench.turn();
    bench.startWallMs = 2_500;
    await bench.turn();
    assert.deepEqual(
      (await bench.observer.stop()).map(({ points }) => points),
      [[[500, 1]], [[500, 3]]],
    );
  });

  it("goes on after failures, reports the first, and counts them at the end", async () => {
    const refused = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    const bench = new Bench(scripted("s", [[memory(1)], refused, refused, refused, [memory(5)]]));
    for (let turn = 0; turn < 4; turn++) await bench.turn();
    assert.deepEqual(await bench.observer.stop(), [
      {
        name: "memory_bytes",
        unit: "bytes",
        source: "s",
        points: [
          [0, 1],
          [4_000, 5],
        ],
      },
    ]);
    assert.deepEqual(bench.lines, [
      "warning: cannot read s: fetch failed: connect ECONNREFUSED",
      "warning: 3 of 5 readings of s failed",
    ]);
  });

  it("does not ask a source again before it has answered, and lets no source delay another", async () => {
    const slow = scripted("slow", ["hang"]);
    const quick = scripted("quick", [[memory(1)], [memory(2)], [memory(3)]]);
    const bench = new Bench(slow, quick);
    await bench.turn();
    await bench.turn();
    assert.equal(slow.reads, 1);
    assert.equal(quick.reads, 3);
  });

  it("survives a source that throws at once, or something that is no error", async () => {
    const rude: ObservationSource = {
      describe: "rude",
      read: () => {
        throw "no";
      },
    };
    const bench = new Bench(rude, scripted("s", [[memory(1)]]));
    assert.equal((await bench.observer.stop()).length, 1);
    assert.deepEqual(bench.lines, ["warning: cannot read rude: no"]);
  });

  it("counts restarts, and gives no rate across one", async () => {
    const bench = new Bench(
      scripted("s", [[cpu(50)], [cpu(51)], [cpu(0.25)], [cpu(0.75)], [cpu(0.1)]]),
    );
    for (let turn = 0; turn < 4; turn++) await bench.turn();
    assert.deepEqual(await bench.observer.stop(), [
      {
        name: "cpu_cores",
        unit: "cores",
        source: "s",
        points: [
          [1_000, 1],
          [3_000, 0.5],
        ],
      },
      {
        name: "restarts",
        unit: "count",
        source: "s",
        points: [
          [2_000, 1],
          [4_000, 2],
        ],
      },
    ]);
  });

  it("leaves out readings that are no numbers, and two at one time", async () => {
    const bench = new Bench(
      scripted("s", [[cpu(1), memory(Number.NaN)], [cpu(2)], [cpu(Number.POSITIVE_INFINITY)]]),
    );
    await bench.turn(0);
    await bench.turn();
    assert.deepEqual(await bench.observer.stop(), []);
  });

  it("keeps a long series bounded, its mean and its span", async () => {
    const bench = new Bench(
      scripted(
        "s",
        Array.from({ length: 8_000 }, (_, index) => [memory(index)]),
      ),
    );
    for (let turn = 1; turn < 8_000; turn++) await bench.turn();
    const [{ points } = { points: [] }] = await bench.observer.stop();
    assert.ok(points.length > 3_600 && points.length <= 7_200, `${points.length}`);
    assert.deepEqual(points.at(-1), [7_999_000, 7_999]);
    assert.ok(points.every(([atMs], index) => index === 0 || atMs > points[index - 1]![0]));
    assert.deepEqual(points[0], [1_000, 0.5]);
  });
});
