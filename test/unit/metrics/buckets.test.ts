import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bucketIndex,
  lowerBound,
  representative,
  upperBound,
} from "../../../src/metrics/buckets.ts";

const float = new DataView(new ArrayBuffer(8));

/** The next double above a positive one. */
function above(value: number): number {
  float.setFloat64(0, value);
  float.setBigUint64(0, float.getBigUint64(0) + 1n);
  return float.getFloat64(0);
}

test("rounds every boundary down to a double: b^128 <= 2^j < (next b)^128, in integers", () => {
  for (let j = 0; j < 128; j++) {
    const scaled = BigInt(upperBound(j - 1, 7) * 2 ** 52);
    const exact = 1n << BigInt(52 * 128 + j);
    assert.ok(scaled ** 128n <= exact, `boundary ${j} is too high`);
    assert.ok((scaled + 1n) ** 128n > exact, `boundary ${j} is too low`);
  }
});

test("puts a boundary into the bucket below it and the next double into the one above", () => {
  for (const octave of [-1021, -52, -20, -1, 0, 1, 9, 52, 1_023]) {
    for (let j = 0; j < 128; j++) {
      const index = octave * 128 + j - 1;
      const bound = upperBound(index, 7);
      assert.equal(bucketIndex(bound), index);
      assert.equal(bucketIndex(above(bound)), index + 1);
    }
  }
});

test("takes the smallest and the largest normal doubles", () => {
  assert.equal(bucketIndex(2 ** -1022), -1022 * 128 - 1);
  assert.equal(bucketIndex(Number.MAX_VALUE), 1_024 * 128 - 1);
  assert.equal(upperBound(1_024 * 128 - 1, 7), Infinity);
});

test("has powers of two as exact bounds at every schema", () => {
  for (let schema = -4; schema <= 7; schema++) {
    const perOctave = 2 ** schema;
    assert.equal(upperBound(-1, schema), 1);
    if (schema >= 0) assert.equal(upperBound(10 * perOctave - 1, schema), 1_024);
  }
  assert.equal(upperBound(0, -4), 65_536);
  assert.equal(lowerBound(0, -4), 1);
});

test("tells a bucket by the harmonic mean of its bounds, equally far from both ends", () => {
  for (const index of [-5_000, -1, 0, 1, 700, 5_000]) {
    const [low, high, told] = [
      lowerBound(index, 7),
      upperBound(index, 7),
      representative(index, 7),
    ];
    const bound = (2 ** (1 / 128) - 1) / (2 ** (1 / 128) + 1);
    assert.ok(Math.abs((high - told) / high - bound) < 1e-12);
    assert.ok(Math.abs((told - low) / low - bound) < 1e-12);
    assert.ok(bound < 0.00271);
  }
});
