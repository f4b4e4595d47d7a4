import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExponentialHistogram } from "../../../../src/metrics/index.ts";
import {
  explicitBounds,
  toExplicitCounts,
} from "../../../../src/outputs/opentelemetry/explicit-buckets.ts";

function countsOf(values: readonly number[]): readonly number[] {
  const histogram = new ExponentialHistogram();
  for (const value of values) histogram.add(value);
  return toExplicitCounts(histogram);
}

describe("explicit buckets", () => {
  it("count few values exactly, those on a bound below it", () => {
    const counts = countsOf([-3, 0, 0, 0.1, 5, 5.0001, 100, 10_000, 10_000.5]);
    assert.deepEqual(counts, [3, 2, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  });

  it("count many values, at each bound within 0.28 % of it", () => {
    const values = Array.from({ length: 50_000 }, (_, k) => 0.3 * 60_000 ** (k / 49_999));
    values.push(0, 0, -1);
    const counts = countsOf(values);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      values.length,
    );
    let upTo = 0;
    for (const [k, bound] of explicitBounds.entries()) {
      upTo += counts[k]!;
      const lowest = values.filter((value) => value <= bound * (1 - 0.0028)).length;
      const highest = values.filter((value) => value <= bound * (1 + 0.0028)).length;
      assert.ok(upTo >= lowest && upTo <= highest, `${bound}: ${lowest} ${upTo} ${highest}`);
    }
    assert.equal(counts[0], 3);
  });
});
