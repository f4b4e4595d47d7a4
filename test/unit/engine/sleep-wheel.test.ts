import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import type { Clock } from "../../../src/base/clock.ts";
import { ReadyQueue } from "../../../src/base/ready-queue.ts";
import { Sleeper, SleepWheel } from "../../../src/engine/worker/sleep-wheel.ts";

interface World {
  readonly wheel: SleepWheel;
  readonly woken: [name: string, atMs: number][];
  sleeper(name: string): Sleeper;
  /** Lets time pass, a millisecond after the other. */
  pass(ms: number): void;
  /** The thread is busy for so long: timers fire once, late. */
  stall(ms: number): void;
}

class Dreamer extends Sleeper {
  override onWake: () => void;

  constructor(onWake: () => void) {
    super();
    this.onWake = onWake;
  }
}

function createWorld(t: TestContext, startMs = 1_000.25): World {
  t.mock.timers.enable({ apis: ["setTimeout", "setImmediate"] });
  let nowMs = startMs;
  const clock: Clock = { nowMs: () => nowMs, wallMs: () => nowMs };
  const woken: [string, number][] = [];
  return {
    wheel: new SleepWheel(clock, new ReadyQueue(clock)),
    woken,
    sleeper: (name) => new Dreamer(() => void woken.push([name, nowMs])),
    pass: (ms) => {
      for (let step = 0; step < ms; step++) {
        nowMs += 1;
        t.mock.timers.tick(1);
      }
    },
    stall: (ms) => {
      nowMs += ms;
      t.mock.timers.tick(ms);
    },
  };
}

suite("SleepWheel", () => {
  test("wakes never early and at most about a millisecond late", (t) => {
    const world = createWorld(t);
    const delays = [0.2, 1, 1.5, 99.9, 100, 4_095, 4_096, 9_000.4];
    for (const delay of delays) world.wheel.add(world.sleeper(String(delay)), delay);
    world.pass(9_010);
    assert.deepEqual(
      world.woken.map(([name]) => Number(name)),
      delays,
    );
    for (const [name, atMs] of world.woken) {
      const lateMs = atMs - 1_000.25 - Number(name);
      assert.ok(lateMs >= 0 && lateMs <= 2, `${name} was ${lateMs} ms late`);
    }
  });

  test("a shorter sleep that comes later wakes first", (t) => {
    const world = createWorld(t);
    world.wheel.add(world.sleeper("long"), 50);
    world.pass(10);
    world.wheel.add(world.sleeper("short"), 5);
    world.pass(60);
    assert.deepEqual(
      world.woken.map(([name]) => name),
      ["short", "long"],
    );
  });

  test("a removed sleeper sleeps on, and those beside it wake", (t) => {
    const world = createWorld(t);
    const [one, two, three] = ["one", "two", "three"].map((name) => world.sleeper(name));
    for (const sleeper of [one!, two!, three!]) world.wheel.add(sleeper, 10);
    world.wheel.remove(two!);
    world.wheel.remove(two!);
    world.pass(20);
    assert.deepEqual(world.woken.map(([name]) => name).toSorted(), ["one", "three"]);
  });

  test("a sleeper can sleep again from its own wake", (t) => {
    const world = createWorld(t);
    const sleeper = world.sleeper("again");
    let wakes = 0;
    sleeper.onWake = () => {
      wakes += 1;
      if (wakes < 3) world.wheel.add(sleeper, 10);
    };
    world.wheel.add(sleeper, 10);
    world.pass(40);
    assert.equal(wakes, 3);
  });

  test("one that wakes may remove the one that is next in the same millisecond", (t) => {
    const world = createWorld(t);
    const [first, second, other] = ["first", "second", "other"].map((name) => world.sleeper(name));
    first!.onWake = () => world.wheel.remove(second!);
    for (const sleeper of [first!, second!, other!]) world.wheel.add(sleeper, 10);
    world.pass(30);
    assert.deepEqual(
      world.woken.map(([name]) => name),
      ["other"],
    );
  });

  test("after a stall of several rounds everybody due is awake", (t) => {
    const world = createWorld(t);
    for (const delay of [5, 3_000, 6_000, 12_000]) {
      world.wheel.add(world.sleeper(String(delay)), delay);
    }
    world.stall(10_000);
    assert.deepEqual(world.woken.map(([name]) => name).toSorted(), ["3000", "5", "6000"]);
  });
});
