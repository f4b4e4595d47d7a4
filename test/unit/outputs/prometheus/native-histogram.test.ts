import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ExponentialHistogram } from "../../../../src/metrics/index.ts";
import {
  type NativeBuckets,
  type NativeForm,
  type NativeHistogram,
  toNativeBuckets,
  toNativeHistogram,
} from "../../../../src/outputs/prometheus/native-histogram.ts";

/** Counts by bucket index. */
function spelled({ spans, deltas }: NativeBuckets): [index: number, count: number][] {
  const found: [number, number][] = [];
  let index = 0;
  let count = 0;
  let next = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let k = 0; k < length; k++) {
      count += deltas[next++]!;
      found.push([index++, count]);
    }
  }
  assert.equal(next, deltas.length);
  return found;
}

const histogramOf = (values: readonly number[]): ExponentialHistogram => {
  const histogram = new ExponentialHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
};

const native = (values: readonly number[], form: NativeForm): NativeHistogram =>
  toNativeHistogram(histogramOf(values), form);

const seconds = (schema: number): NativeForm => ({ schema, factor: 0.001 });
const plain = (schema: number): NativeForm => ({ schema, factor: 1 });

/** Prometheus' definition, by logarithm: good enough away from the limits. */
const indexOf = (value: number, schema: number): number =>
  Math.ceil(Math.log2(value) * 2 ** schema);

const latencies = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), {
  minLength: 1,
  maxLength: 400,
});

describe("toNativeBuckets", () => {
  it("tells buckets by spans and differences", () => {
    const buckets = toNativeBuckets([-2, 3, -1, 5, 2, 1, 4, 3, 5, 2]);
    assert.deepEqual(buckets, {
      spans: [
        { offset: -2, length: 2 },
        { offset: 2, length: 1 },
        { offset: 1, length: 2 },
      ],
      deltas: [3, 2, -4, 2, -1],
    });
  });
});

describe("toNativeHistogram", () => {
  it("puts powers of two into the buckets that end with them", () => {
    assert.deepEqual(spelled(native([1, 2, 4], plain(0)).positive), [
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    assert.deepEqual(spelled(native([1, 2, 4], plain(6)).positive), [
      [0, 1],
      [64, 1],
      [128, 1],
    ]);
  });

  it("counts every value in the bucket that Prometheus defines, joined exactly", () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: -4, max: 7 }), (values, schema) => {
        const expected = new Map<number, number>();
        for (const value of values) {
          // By the finest bucket, as joining does: the logarithm alone misplaces values at a limit.
          const index = Math.ceil(indexOf(value, 7) / 2 ** (7 - schema));
          expected.set(index, (expected.get(index) ?? 0) + 1);
        }
        const { positive, count, sum } = native(values, plain(schema));
        assert.deepEqual(
          spelled(positive),
          [...expected].sort(([a], [b]) => a - b),
        );
        assert.equal(count, values.length);
        assert.equal(sum, histogramOf(values).sum);
      }),
    );
  });

  it("tells seconds of milliseconds within half a bucket and 0.28 %", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 60_000, noNaN: true }), (ms) => {
        const [[index]] = spelled(native([ms], seconds(6)).positive) as [[number, number]];
        const low = 2 ** ((index - 1) / 64) * 1_000;
        const high = 2 ** (index / 64) * 1_000;
        assert.ok(ms > low * 0.9972 && ms <= high * 1.0028, `${ms} in (${low}, ${high}]`);
      }),
    );
  });

  it("never takes a count out of a bucket, however many values come, and counts all of them", () => {
    fc.assert(
      fc.property(latencies, latencies, (first, more) => {
        const histogram = histogramOf(first);
        const before = toNativeHistogram(histogram, seconds(6));
        for (const value of more) histogram.add(value);
        const after = toNativeHistogram(histogram, seconds(6));
        const counts = new Map(spelled(after.positive));
        for (const [index, count] of spelled(before.positive))
          assert.ok((counts.get(index) ?? 0) >= count);
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        assert.equal(total + after.zeroCount, after.count);
      }),
    );
  });

  it("counts zeros apart, and negative values on their own side", () => {
    const { zeroCount, negative, positive, count } = native([0, 0, -3, 5], plain(0));
    assert.equal(zeroCount, 2);
    assert.equal(count, 4);
    assert.deepEqual(spelled(negative), [[2, 1]]);
    assert.deepEqual(spelled(positive), [[3, 1]]);
  });

  it("is told from a histogram of fixed buckets even when it has only zeros", () => {
    const { positive } = native([0], seconds(6));
    assert.deepEqual(positive.spans, [{ offset: 0, length: 0 }]);
  });
});
