import assert from "node:assert/strict";
import { test } from "node:test";
import { ExponentialHistogram, fewLimit, quantileErrorShare } from "../../../src/metrics/index.ts";

function histogramOf(...values: readonly number[]): ExponentialHistogram {
  const histogram = new ExponentialHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

/** The same values, known by their buckets only: as a record of lakh 0.1.0 has them. */
function countedOf(...values: readonly number[]): ExponentialHistogram {
  const { values: _, ...plain } = histogramOf(...values).toPlain();
  return ExponentialHistogram.fromPlain(plain);
}

function assertClose(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) <= quantileErrorShare * Math.abs(expected),
    `${actual} is not ${expected}`,
  );
}

test("is empty at first: every quantile is 0", () => {
  const histogram = new ExponentialHistogram();
  assert.deepEqual([histogram.count, histogram.quantile(0.5), histogram.mean], [0, 0, 0]);
  assert.deepEqual(histogram.toPlain(), {
    schema: 7,
    zeroCount: 0,
    offset: 0,
    counts: [],
    count: 0,
    sum: 0,
    min: 0,
    max: 0,
  });
});

test("gives a single value back exactly", () => {
  const histogram = histogramOf(123.456);
  for (const share of [0, 0.5, 0.95, 1]) assert.equal(histogram.quantile(share), 123.456);
});

test("gives minimum and maximum exactly, and clamps shares", () => {
  const histogram = histogramOf(3.3, 1.1, 2.2);
  assert.equal(histogram.quantile(0), 1.1);
  assert.equal(histogram.quantile(1), 3.3);
  assert.equal(histogram.quantile(-1), 1.1);
  assert.equal(histogram.quantile(2), 3.3);
});

test("gives k6's figures to the last digit while few values are different", () => {
  // What k6 v2.2.0 says of these values.
  const expected: readonly (readonly [share: number, value: number])[] = [
    [0.5, 0.2],
    [0.9, 0.6],
    [0.95, 0.6499999999999999],
    [99.9 / 100, 0.6990000000000001],
    [0.57, 0.26999999999999996],
    [0.1, 0.12000000000000001],
  ];
  const histogram = histogramOf(0.7, 0.1, 0.2);
  for (const [share, value] of expected) assert.equal(histogram.quantile(share), value);
  const tiny = histogramOf(-0.3, 0, 0.1, 1e-30, 1e21, 0);
  assert.equal(tiny.quantile(0.57), 8.499999999999997e-31);
  assert.equal(tiny.quantile(0.145), -0.08249999999999999);
});

test("keeps the values as long as few are different, however many there are", () => {
  const histogram = new ExponentialHistogram();
  for (let k = 0; k < 1_000 * fewLimit; k++) histogram.add(((k * 37) % fewLimit) / 10);
  assert.deepEqual(
    histogram.toPlain().values,
    Array.from({ length: fewLimit }, (_, k) => [k / 10, 1_000]),
  );
  assert.equal(histogram.quantile(0.5), 3.1 + (3.2 - 3.1) * 0.5);
  assert.equal(histogram.quantile(0.2), 1.2);
});

test("counts the values once too many are different", () => {
  const values = Array.from({ length: fewLimit + 1 }, (_, k) => 1 + k / 10);
  const histogram = histogramOf(...values);
  const { values: kept, ...counted } = histogram.toPlain();
  assert.equal(kept, undefined);
  assert.deepEqual(counted, countedOf(...values).toPlain());
  assert.notEqual(histogram.quantile(0.25), 2.6);
  assertClose(histogram.quantile(0.25), 2.6);
});

test("knows its values again after a reset, however many there were before", () => {
  const histogram = histogramOf(...Array.from({ length: 3 * fewLimit }, (_, k) => k / 7));
  histogram.reset();
  for (const value of [0.7, 0.1, 0.2]) histogram.add(value);
  assert.equal(histogram.quantile(0.95), 0.6499999999999999);
  assert.deepEqual(histogram.toPlain(), histogramOf(0.7, 0.1, 0.2).toPlain());
});

test("merges values with counts as counts, whichever is merged into the other", () => {
  const [few, counted] = [histogramOf(0.1, 0.7), countedOf(0.2)];
  few.merge(countedOf(0.2));
  counted.merge(histogramOf(0.1, 0.7));
  assert.deepEqual(few.toPlain(), counted.toPlain());
  assert.deepEqual(few.toPlain(), countedOf(0.1, 0.2, 0.7).toPlain());
});

test("interpolates between order statistics as k6 does, never inside a bucket", () => {
  // 19 values of 8 ms and one of 250 ms: p95 lies 5 % of the way from 8 to 250.
  const histogram = countedOf(...Array.from({ length: 19 }, () => 8), 250);
  assertClose(histogram.quantile(0.95), 8 + (250 - 8) * 0.05);
  assertClose(histogram.quantile(0.9), 8);
});

test("counts zeros apart, and what is closer to zero than 2^-64 as zero", () => {
  const histogram = countedOf(0, -0, 5e-324, -(2 ** -65), 2 ** -64, 5);
  assert.equal(histogram.zeroCount, 4);
  assert.equal(histogram.quantile(3 / 5), 0);
  assertClose(histogram.quantile(4 / 5), 2 ** -64);
});

test("orders negative values below zero and positive ones", () => {
  const histogram = countedOf(4, -4, 0, -1_000, 1_000);
  assert.equal(histogram.quantile(0), -1_000);
  assertClose(histogram.quantile(0.25), -4);
  assert.equal(histogram.quantile(0.5), 0);
  assertClose(histogram.quantile(0.75), 4);
});

test("keeps values from 1e-18 to 1e300 apart", () => {
  const histogram = countedOf(1e-18, 1e-6, 1, 1e6, 1e300);
  assertClose(histogram.quantile(0.25), 1e-6);
  assertClose(histogram.quantile(0.75), 1e6);
});

test("resets to empty and records again", () => {
  const histogram = histogramOf(1, 2, -3, 0);
  histogram.reset();
  assert.equal(histogram.count, 0);
  assert.deepEqual(histogram.positiveBuckets(), []);
  histogram.add(7);
  assert.deepEqual(
    [histogram.min, histogram.max, histogram.sum, histogram.quantile(0.5)],
    [7, 7, 7, 7],
  );
});

test("lists its buckets with bounds that hold the values", () => {
  const buckets = histogramOf(1, 1, 100).positiveBuckets();
  assert.deepEqual(
    buckets.map(({ count }) => count),
    [2, 1],
  );
  assert.equal(buckets[0]!.high, 1);
  assert.ok(buckets[1]!.low < 100 && 100 <= buckets[1]!.high);
});

test("writes a plain form without empty ends, and reads it back", () => {
  const plain = histogramOf(0, 1, 1, 1.02).toPlain();
  assert.deepEqual(plain, {
    schema: 7,
    zeroCount: 1,
    offset: -1,
    counts: [2, 0, 0, 0, 1],
    count: 4,
    sum: 3.02,
    min: 0,
    max: 1.02,
    values: [
      [0, 1],
      [1, 2],
      [1.02, 1],
    ],
  });
  assert.deepEqual(ExponentialHistogram.fromPlain(plain).toPlain(), plain);
  assert.deepEqual(
    ExponentialHistogram.fromPlain(JSON.parse(JSON.stringify(plain))).toPlain(),
    plain,
  );
});

test("keeps negative values in the plain form", () => {
  const plain = histogramOf(-1, 2).toPlain();
  assert.deepEqual(plain.negative, { offset: -1, counts: [1] });
  assert.equal(ExponentialHistogram.fromPlain(plain).quantile(0), -1);
});

test("downscales by joining neighbours, without losing a value", () => {
  const histogram = histogramOf(1, 1.001, 1.5, 2, 3, 700);
  const coarse = histogram.downscale(0);
  assert.equal(coarse.schema, 0);
  assert.deepEqual(
    coarse.positiveBuckets().map(({ low, high, count }) => [low, high, count]),
    [
      [0.5, 1, 1],
      [1, 2, 3],
      [2, 4, 1],
      [512, 1_024, 1],
    ],
  );
  assert.equal(histogram.schema, 7);
  assert.equal(coarse.downscale(5).schema, 0);
});

test("merges histograms of different schemas on the coarser grid", () => {
  const merged = histogramOf(3).downscale(2);
  merged.merge(histogramOf(100, 200));
  assert.deepEqual([merged.schema, merged.count, merged.max], [2, 3, 200]);
  const other = histogramOf(100, 200);
  other.merge(histogramOf(3).downscale(2));
  assert.deepEqual(other.toPlain(), merged.toPlain());
});

test("records on the grid of its schema", () => {
  const direct = new ExponentialHistogram(3);
  direct.add(5);
  direct.add(-6);
  assert.deepEqual(direct.toPlain(), histogramOf(5, -6).downscale(3).toPlain());
});

test("tells its buckets on the finest grid that has no more of them than asked for", () => {
  const histogram = histogramOf(...Array.from({ length: 500 }, (_, k) => 1.01 ** k), -3, -40, 0);
  for (const limit of [2, 10, 160, 2_000]) {
    const { schema, offset, counts, zeroCount, negative } = histogram.bucketsWithin(limit);
    const coarse = histogram.downscale(schema).toPlain();
    assert.deepEqual(
      { offset, counts, zeroCount, negative },
      {
        offset: coarse.offset,
        counts: coarse.counts,
        zeroCount: coarse.zeroCount,
        negative: coarse.negative,
      },
    );
    assert.ok(Math.max(counts.length, negative!.counts.length) <= limit);
    if (schema === 7) continue;
    const finer = histogram.downscale(schema + 1).toPlain();
    assert.ok(Math.max(finer.counts.length, finer.negative!.counts.length) > limit);
  }
  assert.deepEqual(histogramOf().bucketsWithin(160).counts, []);
});
