import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Fifo } from "../../../src/base/fifo.ts";

interface Item {
  readonly number: number;
}

suite("Fifo", () => {
  test("gives back in the order of coming, over many fillings and emptyings", () => {
    const queue = new Fifo<Item>();
    let pushed = 0;
    let taken = 0;
    // Grows to 6,000 and shrinks again, so that empty places in front are given back while it is in use.
    for (const [pushes, shifts] of [
      [5_000, 1_500],
      [3_000, 500],
      [0, 5_000],
      [10, 1_010],
    ] as const) {
      for (let count = 0; count < pushes; count++) queue.push({ number: pushed++ });
      for (let count = 0; count < shifts; count++) assert.equal(queue.shift()?.number, taken++);
      assert.equal(queue.size, pushed - taken);
    }
    assert.equal(queue.shift(), undefined);
  });

  test("takes out those that are meant and keeps the order of the others", () => {
    const queue = new Fifo<Item>();
    for (let number = 0; number < 10; number++) queue.push({ number });
    queue.shift();
    const taken = queue.take(({ number }) => number % 2 === 0);
    assert.deepEqual(
      taken.map(({ number }) => number),
      [2, 4, 6, 8],
    );
    assert.equal(queue.size, 5);
    assert.deepEqual(
      [1, 3, 5, 7, 9].map(() => queue.shift()?.number),
      [1, 3, 5, 7, 9],
    );
  });
});
