import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bucketIndex, lowerBound, upperBound } from "../../src/metrics/buckets.ts";
import { ExponentialHistogram, fewLimit, quantileErrorShare } from "../../src/metrics/index.ts";

/** k6's percentile of sorted values. */
function percentile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  const high = sorted[Math.ceil(position)]!;
  return low + (high - low) * (position - Math.floor(position));
}

/** Asserts the stated bound; k6's formula itself rounds by the larger of the two order statistics. */
function assertWithinBound(
  values: readonly number[],
  share: number,
  histogram: ExponentialHistogram = histogramOf(values),
): void {
  const sorted = values.toSorted((a, b) => a - b);
  const expected = percentile(sorted, share);
  const position = Math.floor(share * (sorted.length - 1));
  const neighbours = sorted.slice(position, position + 2).map(Math.abs);
  const rounding = Math.max(...neighbours) * 2 ** -50;
  const actual = histogram.quantile(share);
  const allowed = quantileErrorShare * Math.abs(expected) + rounding;
  assert.ok(Math.abs(actual - expected) <= allowed, `${actual} for ${expected}`);
}

function histogramOf(values: readonly number[]): ExponentialHistogram {
  const histogram = new ExponentialHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

/** All but the sum, which rounds by the order of adding. */
function withoutSum(histogram: ExponentialHistogram): unknown {
  return { ...histogram.toPlain(), sum: undefined };
}

function assertSumsClose(actual: number, expected: number, values: readonly number[]): void {
  const magnitude = values.reduce((total, value) => total + Math.abs(value), 0);
  assert.ok(Math.abs(actual - expected) <= magnitude * 1e-12);
}

/** Times in milliseconds, in the shapes that latencies take. */
const latency = fc.oneof(
  fc.integer({ min: 0, max: 60_000_000 }).map((micros) => micros / 1_000),
  fc.double({ min: 7.8, max: 8.2, noNaN: true }),
  fc.double({ min: 249, max: 251, noNaN: true }),
  fc.constantFrom(0, 0.001, 1, 2, 4, 8, 1_024),
);
const positive = fc.double({ min: 2 ** -64, max: 1e300, noNaN: true });
const share = fc.oneof(
  fc.constantFrom(0, 0.5, 0.9, 0.95, 0.99, 1),
  fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1_000_000),
);

test("every positive double lies in its bucket", () => {
  fc.assert(
    fc.property(positive, (value) => {
      const index = bucketIndex(value);
      assert.ok(lowerBound(index, 7) < value && value <= upperBound(index, 7));
    }),
    { numRuns: 2_000 },
  );
});

test("quantiles keep the stated bound against k6's percentile of the sorted values", () => {
  fc.assert(
    fc.property(fc.array(latency, { minLength: 1, maxLength: 400 }), share, (values, p) => {
      assertWithinBound(values, p);
    }),
    { numRuns: 500 },
  );
});

/** Up to 400 values, of which no more are different than are kept. */
const fewDifferent = fc
  .array(fc.oneof(latency, fc.double({ noNaN: true, noDefaultInfinity: true })), {
    minLength: 1,
    maxLength: fewLimit,
  })
  .chain((different) =>
    fc.array(fc.constantFrom(...different), { minLength: 1, maxLength: 400, size: "max" }),
  );

test("quantiles are k6's to the last digit while few values are different, over any number of workers", () => {
  fc.assert(
    fc.property(fewDifferent, fc.integer({ min: 1, max: 5 }), share, (values, workers, p) => {
      const merged = new ExponentialHistogram();
      for (let worker = 0; worker < workers; worker++) {
        merged.merge(histogramOf(values.filter((_, index) => index % workers === worker)));
      }
      const back = ExponentialHistogram.fromPlain(JSON.parse(JSON.stringify(merged.toPlain())));
      const expected = percentile(
        values.toSorted((a, b) => a - b),
        p,
      );
      for (const each of [histogramOf(values), merged, back]) {
        // Adding 0 makes 0 of -0, which no output tells apart.
        assert.equal(each.quantile(p) + 0, expected + 0);
      }
    }),
    { numRuns: 500 },
  );
});

test("quantiles told by buckets keep the bound however few the values are", () => {
  fc.assert(
    fc.property(fc.array(latency, { minLength: 1, maxLength: 20 }), share, (values, p) => {
      const { values: _, ...counted } = histogramOf(values).toPlain();
      assertWithinBound(values, p, ExponentialHistogram.fromPlain(counted));
    }),
    { numRuns: 300 },
  );
});

test("quantiles keep the bound over the range of doubles, for values of either sign", () => {
  fc.assert(
    fc.property(fc.array(positive, { minLength: 1, maxLength: 30 }), share, (values, p) => {
      for (const each of [values, values.map((value) => -value)]) {
        const { values: _, ...counted } = histogramOf(each).toPlain();
        assertWithinBound(each, p, ExponentialHistogram.fromPlain(counted));
      }
    }),
    { numRuns: 200 },
  );
});

test("quantiles of typical latencies keep the bound at any size, over any number of workers", () => {
  const shapes: readonly ((uniform: () => number) => number)[] = [
    (uniform) => 5 + 95 * uniform(),
    (uniform) => -20 * Math.log(1 - uniform()),
    (uniform) => Math.exp(3 + 0.8 * (uniform() + uniform() + uniform() - 1.5)),
    (uniform) => (uniform() < 0.9 ? 8 : 250),
    (uniform) => 10 / (1 - uniform()) ** 0.7,
  ];
  for (const [k, shape] of shapes.entries()) {
    const uniform = createGenerator(k + 1);
    for (const size of [50, 1_000, 30_000]) {
      const values = Array.from({ length: size }, () => shape(uniform));
      const sorted = values.toSorted((a, b) => a - b);
      for (const workers of [1, 4, 16]) assertSplitWithinBound(values, sorted, workers);
    }
  }
});

/** Asserts the bound for the usual percentiles of values that several workers recorded. */
function assertSplitWithinBound(
  values: readonly number[],
  sorted: readonly number[],
  workers: number,
): void {
  const merged = new ExponentialHistogram();
  for (let worker = 0; worker < workers; worker++) {
    merged.merge(histogramOf(values.filter((_, index) => index % workers === worker)));
  }
  for (const p of [0.5, 0.9, 0.95, 0.99]) {
    const expected = percentile(sorted, p);
    assert.ok(Math.abs(merged.quantile(p) - expected) <= quantileErrorShare * expected);
  }
}

/** Uniform numbers in [0, 1), the same for the same seed (Lehmer's generator). */
function createGenerator(seed: number): () => number {
  let state = seed * 48_271;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test("quantiles rise with the share and stay between minimum and maximum", () => {
  const mixed = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
    minLength: 1,
    maxLength: 100,
  });
  fc.assert(
    fc.property(mixed, fc.array(share, { minLength: 2, maxLength: 8 }), (values, shares) => {
      const histogram = histogramOf(values);
      const quantiles = shares.toSorted((a, b) => a - b).map((p) => histogram.quantile(p));
      for (const [k, quantile] of quantiles.entries()) {
        assert.ok(quantile >= histogram.min && quantile <= histogram.max);
        // Mixing two order statistics rounds: equal ones may differ in the last bit.
        if (k > 0) assert.ok(quantile >= quantiles[k - 1]! - Math.abs(quantile) * 2 ** -50);
      }
    }),
    { numRuns: 200 },
  );
});

const parts = fc.array(
  fc.array(
    fc.oneof(
      latency,
      latency.map((value) => -value),
    ),
    { maxLength: 60 },
  ),
  { maxLength: 6 },
);

test("merging parts in any order equals recording everything in one", () => {
  fc.assert(
    fc.property(
      parts.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      ),
      ([all, shuffled]) => {
        const [whole, merged, other] = [
          histogramOf(all.flat()),
          new ExponentialHistogram(),
          new ExponentialHistogram(),
        ];
        for (const part of all) merged.merge(histogramOf(part));
        for (const part of shuffled) other.merge(histogramOf(part));
        assert.deepEqual(withoutSum(merged), withoutSum(whole));
        assert.deepEqual(withoutSum(other), withoutSum(whole));
        assertSumsClose(merged.sum, whole.sum, all.flat());
        assertSumsClose(other.sum, whole.sum, all.flat());
      },
    ),
    { numRuns: 200 },
  );
});

test("downscaling before merging equals merging before downscaling", () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: -4, max: 7 }), (all, schema) => {
      const [fine, coarse] = [new ExponentialHistogram(), new ExponentialHistogram(schema)];
      for (const part of all) {
        fine.merge(histogramOf(part));
        coarse.merge(histogramOf(part).downscale(schema));
      }
      assert.deepEqual(withoutSum(fine.downscale(schema)), withoutSum(coarse));
    }),
    { numRuns: 150 },
  );
});

test("the plain form survives JSON", () => {
  fc.assert(
    fc.property(parts, (all) => {
      const histogram = histogramOf(all.flat());
      const plain = histogram.toPlain();
      const back = ExponentialHistogram.fromPlain(JSON.parse(JSON.stringify(plain)));
      assert.deepEqual(back.toPlain(), JSON.parse(JSON.stringify(plain)));
      // Adding 0 makes 0 of -0, which JSON does not know.
      for (const p of [0.05, 0.5, 0.95]) assert.equal(back.quantile(p), histogram.quantile(p) + 0);
    }),
    { numRuns: 150 },
  );
});
