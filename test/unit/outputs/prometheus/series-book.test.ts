import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TagLabels } from "../../../../src/outputs/prometheus/labels.ts";
import { SeriesBook } from "../../../../src/outputs/prometheus/series-book.ts";

const labels = (name: string, n: number): { name: string; tags: TagLabels } => ({
  name,
  tags: new TagLabels({ n: String(n) }),
});

describe("the series of a receiver", () => {
  it("are bounded, and the last places are the counters'", () => {
    const book = new SeriesBook({ startMs: 0, pushIntervalMs: 5_000, limit: 100 });
    const opened = { gauge: 0, histogram: 0, counter: 0 };
    for (const kind of ["gauge", "histogram", "counter"] as const)
      for (let n = 0; n < 60; n++)
        if (book.claim(labels(`k6_${kind}`, n), kind) !== undefined) opened[kind]++;
    assert.deepEqual(opened, { gauge: 60, histogram: 15, counter: 25 });
    assert.equal(book.size, 100);
    assert.equal(book.refused, 180 - 100);
  });

  it("have one owner each", () => {
    const book = new SeriesBook({ startMs: 0, pushIntervalMs: 5_000 });
    const first = book.claim(labels("k6_a_total", 1), "counter");
    assert.notEqual(first, undefined);
    assert.equal(book.claim(labels("k6_a_total", 1), "counter"), undefined);
    assert.equal(book.find(labels("k6_a_total", 1), "counter"), first);
    assert.equal(book.clashes.length, 1);
    assert.equal(book.refused, 0);
  });
});
