import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatClock,
  formatLatency,
  formatPercent,
  formatQuantity,
  formatRate,
  formatWhole,
} from "../../../src/base/numbers.ts";
import { formatNumber, formatShare, formatValue } from "../../../src/report/numbers.ts";

const cases = <T>(
  format: (value: T) => string,
  expected: readonly (readonly [T, string])[],
): void => {
  for (const [value, text] of expected) assert.equal(format(value), text);
};

test("k6's bytes are decimal, with one decimal below ten units", () => {
  cases(
    (bytes: number) => formatValue(bytes, "data", ""),
    [
      [0, "0 B"],
      [9, "9 B"],
      [974, "974 B"],
      [9_825, "9.8 kB"],
      [99_826, "100 kB"],
      [999_427, "999 kB"],
      [999_527, "1000 kB"],
      [1.23e12, "1.2 TB"],
    ],
  );
});

test("k6's durations are cut to two decimals of a unit, from a minute on to seconds", () => {
  cases(
    (ms: number) => formatValue(ms, "time", ""),
    [
      [0, "0s"],
      [4.9e-7, "0ns"],
      [0.000_001_9, "1ns"],
      [0.999_999, "999.99µs"],
      [1.15, "1.14ms"],
      [59_999.9, "59.99s"],
      [119_999, "1m59s"],
      [3_661_500, "1h1m1s"],
      [90_061_001, "25h1m1s"],
    ],
  );
});

test("a fixed unit of time rounds to two decimals", () => {
  assert.equal(formatValue(1_234.567, "time", "s"), "1.23s");
  assert.equal(formatValue(1_234.567, "time", "ms"), "1234.57ms");
  assert.equal(formatValue(0.001_234, "time", "us"), "1.23µs");
});

test("k6's shares are cut, its numbers have up to six decimals", () => {
  cases(formatShare, [
    [0, "0.00%"],
    [0.999_99, "99.99%"],
    [0.29, "28.99%"],
    [1, "100.00%"],
  ]);
  cases(formatNumber, [
    [-0.000_000_1, "0"],
    [0.123_456_7, "0.123457"],
    [-3.5, "-3.5"],
    [1_000, "1000"],
    [1e21, "1e+21"],
  ]);
});

test("our own figures have separators and units", () => {
  cases(formatWhole, [
    [1_234_567, "1,234,567"],
    [1e21, "1.00e+21"],
  ]);
  cases(formatRate, [
    [444.24, "444.2"],
    [999.97, "1,000"],
  ]);
  cases(formatLatency, [
    [0, "0.00 ms"],
    [9.999, "10.0 ms"],
    [12.44, "12.4 ms"],
    [1_234.5, "1,235 ms"],
    [12_345, "12.35 s"],
    [null, "-"],
  ]);
  cases(formatPercent, [
    [0, "0.00 %"],
    [0.000_01, "<0.01 %"],
    [0.073_1, "7.31 %"],
  ]);
  cases(formatQuantity, [
    [0, "0"],
    [0.05, "0.05"],
    [1.44, "1.44"],
    [999.96, "1,000"],
    [9_999.4, "9,999"],
    [100_000, "100,000"],
    [-12.5, "-12.5"],
  ]);
  cases(formatClock, [
    [0, "00:00"],
    [-5, "00:00"],
    [3_599_999, "59:59"],
    [3_600_000, "1:00:00"],
  ]);
});

test("a value that is not finite is a dash in every notation", () => {
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    const texts = [
      ...[
        formatShare,
        formatNumber,
        formatWhole,
        formatRate,
        formatLatency,
        formatPercent,
        formatQuantity,
        formatClock,
      ].map((format) => format(value)),
      formatValue(value, "data", ""),
      formatValue(value, "time", "ms"),
    ];
    assert.deepEqual(new Set(texts), new Set(["-"]));
  }
});
