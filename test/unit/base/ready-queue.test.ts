import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { type Ready, ReadyQueue } from "../../../src/base/ready-queue.ts";

function createWorld(t: TestContext) {
  t.mock.timers.enable({ apis: ["setImmediate"] });
  const world = { nowMs: 0, delaysMs: [] as number[], done: [] as string[] };
  const clock = { nowMs: () => world.nowMs, wallMs: () => world.nowMs };
  const queue = new ReadyQueue(clock, (delayMs) => world.delaysMs.push(delayMs));
  const member = (name: string, then: () => void = () => undefined): Ready => ({
    readySinceMs: world.nowMs,
    onReady: () => {
      world.done.push(name);
      then();
    },
  });
  return { world, queue, member, turn: () => t.mock.timers.tick(0) };
}

suite("ReadyQueue", () => {
  test("nobody goes on within the call that adds it, and each does once, in order", (t) => {
    const { world, queue, member, turn } = createWorld(t);
    for (const name of ["a", "b", "c"]) queue.add(member(name));
    assert.deepEqual(world.done, []);
    turn();
    turn();
    assert.deepEqual(world.done, ["a", "b", "c"]);
  });

  test("tells for each how long it was ready", (t) => {
    const { world, queue, member, turn } = createWorld(t);
    queue.add(member("first"));
    world.nowMs = 3;
    queue.add(member("second"));
    world.nowMs = 5;
    turn();
    assert.deepEqual(world.delaysMs, [5, 2]);
  });

  test("one that comes while another goes on is not lost", (t) => {
    const { world, queue, member, turn } = createWorld(t);
    queue.add(member("first", () => queue.add(member("second", () => queue.add(member("third"))))));
    turn();
    turn();
    turn();
    turn();
    assert.deepEqual(world.done, ["first", "second", "third"]);
  });

  test("those taken out do not go on, and do not hold up the others", (t) => {
    const { world, queue, member, turn } = createWorld(t);
    const [kept, out] = [member("kept"), member("out")];
    queue.add(out);
    queue.add(kept);
    assert.deepEqual(
      queue.take((candidate) => candidate === out),
      [out],
    );
    turn();
    assert.deepEqual(world.done, ["kept"]);
    queue.add(member("later"));
    turn();
    assert.deepEqual(world.done, ["kept", "later"]);
  });

  test("one that goes on may take out those after it", (t) => {
    const { world, queue, member, turn } = createWorld(t);
    queue.add(member("first", () => queue.take(() => true)));
    queue.add(member("second"));
    turn();
    turn();
    assert.deepEqual(world.done, ["first"]);
  });

  test("the event loop turns between two portions", async () => {
    const clock = { nowMs: () => 0, wallMs: () => 0 };
    const queue = new ReadyQueue(clock);
    const done: number[] = [];
    const seen: number[] = [];
    await new Promise<void>((resolve) => {
      const look = (): void => {
        seen.push(done.length);
        if (done.length === 64) resolve();
        else setImmediate(look);
      };
      for (let number = 0; number < 64; number++)
        queue.add({ readySinceMs: 0, onReady: () => void done.push(number) });
      look();
    });
    const steps = seen.slice(1).map((count, index) => count - seen[index]!);
    assert.ok(Math.max(...steps) <= 16, `${Math.max(...steps)} went on in one turn`);
    assert.equal(done.length, 64);
  });

  test("ends although more come in each turn than go on in one", (t) => {
    const { world, queue, member, turn } = createWorld(t);
    let waiting = 0;
    for (let turns = 0; turns < 200; turns++) {
      for (let count = 0; count < 40; count++) queue.add(member(""));
      turn();
      waiting = (turns + 1) * 40 - world.done.length;
    }
    assert.ok(waiting <= 160, `${waiting} wait`);
  });
});
