import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ExponentialHistogram } from "../../../../src/metrics/index.ts";
import {
  type BucketRange,
  maxBuckets,
  toExponentialBuckets,
} from "../../../../src/outputs/opentelemetry/exponential-buckets.ts";

function histogramOf(values: readonly number[]): ExponentialHistogram {
  const histogram = new ExponentialHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

/** OTLP's definition of where a value belongs, by logarithms; true near a bound for both neighbours. */
function belongs(value: number, index: number, scale: number): boolean {
  const position = Math.log2(value) * 2 ** scale;
  const slack = 1e-9 * Math.max(1, Math.abs(position));
  return position > index - slack && position <= index + 1 + slack;
}

const total = ({ counts }: BucketRange): number => counts.reduce((sum, count) => sum + count, 0);

/** Values of many magnitudes, zero and negative ones among them. */
const anyValue = fc.oneof(
  fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  fc.double({ min: -1e3, max: -1e-3, noNaN: true }),
  fc.constant(0),
  fc.integer({ min: 1, max: 5_000 }),
);

describe("exponential buckets", () => {
  it("number buckets as OTLP does: a power of the base is the upper bound of the bucket below it", () => {
    for (const [value, index] of [
      [1, -1],
      [2, 127],
      [4, 255],
      [0.5, -129],
      [1.5, Math.floor(Math.log2(1.5) * 128)],
    ] as const) {
      const { scale, positive } = toExponentialBuckets(histogramOf([value]));
      assert.equal(scale, 7);
      assert.deepEqual(positive, { offset: index, counts: [1] }, `${value}`);
    }
  });

  it("stay at the finest scale while they are few, and go down one at a time when they are not", () => {
    // 160 buckets of scale 7 are the values from 1 to 2^(160/128).
    const narrow = histogramOf([1.001, 2 ** (160 / 128) - 0.001]);
    assert.equal(toExponentialBuckets(narrow).scale, 7);
    const wider = histogramOf([1.001, 2 ** (160 / 128) + 0.001]);
    assert.equal(toExponentialBuckets(wider).scale, 6);
    // Six and a half octaves, as from 1 to 100 ms: at most 160 buckets are 16 an octave.
    assert.equal(toExponentialBuckets(histogramOf([1, 100])).scale, 4);
  });

  it("hold every value in the bucket that OTLP's definition names, at every scale", () => {
    const values = Array.from({ length: 2_000 }, (_, k) => 0.01 * 1.008 ** k);
    for (const limit of [4, 20, 160, 2_000]) {
      const { scale, positive } = toExponentialBuckets(histogramOf(values), limit);
      const expected = values.map((value) => {
        const guess = Math.ceil(Math.log2(value) * 2 ** scale) - 1;
        return [guess, guess - 1, guess + 1].find((index) => belongs(value, index, scale))!;
      });
      const counts = new Map<number, number>();
      for (const index of expected) counts.set(index, (counts.get(index) ?? 0) + 1);
      const found = positive.counts.map((count, k) => [positive.offset + k, count] as const);
      assert.deepEqual(
        found.filter(([, count]) => count > 0),
        [...counts].sort(([a], [b]) => a - b),
      );
    }
  });

  it("lose no value, have no more than the limit a sign, and are as fine as that allows", () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 1, maxLength: 300 }), (values) => {
        const histogram = histogramOf(values);
        const { scale, zeroCount, positive, negative } = toExponentialBuckets(histogram);
        assert.equal(total(positive) + total(negative) + zeroCount, values.length);
        assert.equal(total(negative), values.filter((value) => value < 0).length);
        for (const { counts } of [positive, negative]) assert.ok(counts.length <= maxBuckets);
        if (scale === 7) return;
        const finer = toExponentialBuckets(histogram, 2 * maxBuckets + 2);
        const spans = [finer.positive, finer.negative].map(({ counts }) => counts.length);
        if (finer.scale === scale + 1) assert.ok(Math.max(...spans) > maxBuckets);
      }),
    );
  });

  it("tell a quantile within the bound of their scale", () => {
    const values = Array.from({ length: 10_000 }, (_, k) => 3 * 400 ** (k / 9_999));
    const { scale, positive } = toExponentialBuckets(histogramOf(values));
    const growth = 2 ** (2 ** -scale);
    for (const share of [0.05, 0.5, 0.9, 0.95, 0.99, 0.999]) {
      const rank = Math.floor(share * (values.length - 1));
      let [seen, k] = [positive.counts[0]!, 0];
      while (seen <= rank) seen += positive.counts[++k]!;
      const low = growth ** (positive.offset + k);
      const told = (2 * low * growth) / (1 + growth);
      const error = Math.abs(told - values[rank]!) / values[rank]!;
      assert.ok(error <= (growth - 1) / (growth + 1) + 1e-9, `${share}: ${error}`);
    }
  });
});
