import assert from "node:assert/strict";
import { test } from "node:test";
import { studentComparison } from "../../../../src/judge/compare/student-shift.ts";
import {
  normalQuantile,
  normalTail,
  studentQuantile,
  studentTail,
} from "../../../../src/judge/compare/student.ts";

function isNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);
}

test("quantiles of t and of the normal distribution are the published ones", () => {
  isNear(studentQuantile(0.05, 1), 6.313752, 1e-5);
  isNear(studentQuantile(0.05, 2), 2.919986, 1e-6);
  isNear(studentQuantile(0.05, 4), 2.131847, 1e-6);
  isNear(studentQuantile(0.025, 10), 2.228139, 1e-6);
  isNear(studentQuantile(0.95, 4), -2.131847, 1e-6);
  isNear(normalQuantile(0.05), 1.644854, 1e-6);
  isNear(normalQuantile(0.025), 1.959964, 1e-6);
  isNear(normalTail(0), 0.5, 1e-15);
  isNear(normalTail(3), 0.0013498980316, 1e-12);
  isNear(normalTail(3.0001), 0.00134945491, 1e-11);
  isNear(normalTail(6) / 9.865876450377e-10, 1, 1e-10);
  isNear(normalTail(-1), 0.8413447460685, 1e-12);
});

test("a tail has its symmetry and its ends", () => {
  isNear(studentTail(1.3, 5) + studentTail(-1.3, 5), 1, 1e-12);
  assert.equal(studentTail(Infinity, 3), 0);
  assert.equal(studentTail(-Infinity, 3), 1);
  assert.equal(studentTail(0, 3), 0.5);
});

test("the pooled t of two samples is that by hand", () => {
  // means 2 and 5, squares 2 and 2, s² = 4/4 = 1, error sqrt(2/3), t = 3.674
  const { shift, worseProbability } = studentComparison([1, 2, 3], [4, 5, 6], 0.05);
  isNear(shift.estimate, 3, 1e-12);
  isNear(shift.low, 3 - 2.131847 * Math.sqrt(2 / 3), 1e-6);
  isNear(shift.high, 3 + 2.131847 * Math.sqrt(2 / 3), 1e-6);
  isNear(worseProbability, 0.010655, 1e-5);
});

test("runs that do not differ at all are not significantly different", () => {
  const { worseProbability, betterProbability } = studentComparison([1, 1], [1, 1], 0.05);
  assert.deepEqual([worseProbability, betterProbability], [0.5, 0.5]);
});
