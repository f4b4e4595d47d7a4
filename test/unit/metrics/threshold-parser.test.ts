import assert from "node:assert/strict";
import { test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import {
  parseThreshold,
  parseThresholdSubject,
  requireAggregation,
} from "../../../src/metrics/threshold-parser.ts";

const errorWith = (code: string, message: string) => (error: unknown) =>
  error instanceof LakhError &&
  error.code === code &&
  error.exitCode === 104 &&
  error.message === message;

test("parses every aggregation, operator and form of number", () => {
  const parsed = (source: string) => {
    const { aggregation, operator, limit } = parseThreshold(source);
    return [aggregation.name, operator, limit];
  };
  assert.deepEqual(parsed("count>0"), ["count", ">", 0]);
  assert.deepEqual(parsed("rate<=0.01"), ["rate", "<=", 0.01]);
  assert.deepEqual(parsed("  value >= 1e3 "), ["value", ">=", 1_000]);
  assert.deepEqual(parsed("avg==-1.5"), ["avg", "==", -1.5]);
  assert.deepEqual(parsed("min===.5"), ["min", "==", 0.5]);
  assert.deepEqual(parsed("max!=5."), ["max", "!=", 5]);
  assert.deepEqual(parsed("med< +2"), ["med", "<", 2]);
  assert.deepEqual(parsed("p(99.9)<500"), ["p(99.9)", "<", 500]);
  assert.deepEqual(parsed("p(+9e1)<Inf"), ["p(+9e1)", "<", Infinity]);
  assert.equal(parseThreshold(" count > 0 ").source, " count > 0 ");
});

test("refuses malformed expressions, and says which side is wrong", () => {
  const left = (source: string) =>
    `failed parsing threshold expression's "${source}" left hand side; reason: `;
  const right = (source: string) =>
    `failed parsing threshold expresion's "${source}" right hand side; reason: strconv.ParseFloat: parsing `;
  const messages = new Map([
    ["foo", 'failed parsing threshold expression "foo"; reason: malformed threshold expression'],
    ["", 'failed parsing threshold expression ""; reason: malformed threshold expression'],
    [
      "count=1",
      'failed parsing threshold expression "count=1"; reason: malformed threshold expression',
    ],
    ["foo<1", `${left("foo<1")}failed parsing method from expression`],
    ["COUNT<1", `${left("COUNT<1")}failed parsing method from expression`],
    ["<1", `${left("<1")}failed parsing method from expression`],
    ["p95<5", `${left("p95<5")}failed parsing method from expression`],
    ["p (95)<5", `${left("p (95)<5")}failed parsing method from expression`],
    ["count!==5", `${left("count!==5")}failed parsing method from expression`],
    ["count=<5", `${left("count=<5")}failed parsing method from expression`],
    [
      "p(101)<1",
      `${left("p(101)<1")}malformed percentile value, provide a number between 0 and 100`,
    ],
    ["p(-1)<1", `${left("p(-1)<1")}malformed percentile value, provide a number between 0 and 100`],
    ["p(abc)<1", `${left("p(abc)<1")}malformed percentile value; "abc" is not a number`],
    ["p( 95 )<1", `${left("p( 95 )<1")}malformed percentile value; " 95 " is not a number`],
    ["count<abc", `${right("count<abc")}"abc": invalid syntax`],
    ["count<", `${right("count<")}"": invalid syntax`],
    ["count<1<2", `${right("count<1<2")}"1<2": invalid syntax`],
    ["count<0x10", `${right("count<0x10")}"0x10": invalid syntax`],
    ["count<1_000", `${right("count<1_000")}"1_000": invalid syntax`],
    ["count<5ms", `${right("count<5ms")}"5ms": invalid syntax`],
  ]);
  for (const [source, message] of messages) {
    assert.throws(() => parseThreshold(source), errorWith("THRESHOLD_BAD_EXPRESSION", message));
  }
});

test("allows each metric type its own aggregations", () => {
  const allowed = {
    counter: ["count", "rate"],
    gauge: ["value"],
    rate: ["rate"],
    trend: ["avg", "min", "max", "med", "p(95)"],
  } as const;
  const all = ["count", "rate", "value", "avg", "min", "max", "med", "p(95)"];
  for (const type of ["counter", "gauge", "rate", "trend"] as const) {
    const passed = all.filter((name) => {
      try {
        requireAggregation(parseThreshold(`${name}<1`), { name: "m1", type });
        return true;
      } catch (error) {
        assert.equal((error as LakhError).code, "THRESHOLD_BAD_AGGREGATION");
        return false;
      }
    });
    assert.deepEqual(passed, allowed[type]);
  }
});

test("says in k6's words which aggregations there are", () => {
  assert.throws(
    () =>
      requireAggregation(parseThreshold("rate<1"), { name: "http_req_duration", type: "trend" }),
    errorWith(
      "THRESHOLD_BAD_AGGREGATION",
      'invalid threshold "rate<1" applied on metric http_req_duration; reason: unsupported aggregation method rate ' +
        "on metric of type trend. supported aggregation methods for this metric are: avg, min, max, med, p",
    ),
  );
});

test("parses metrics and sub-metrics, without spaces and quotes around tags", () => {
  assert.deepEqual(parseThresholdSubject("http_reqs"), {
    name: "http_reqs",
    metricName: "http_reqs",
    selector: {},
  });
  assert.deepEqual(parseThresholdSubject(`http_reqs{ "a" : 'b' , c:d:e }`), {
    name: `http_reqs{"a" : 'b' , c:d:e}`,
    metricName: "http_reqs",
    selector: { a: "b", c: "d:e" },
  });
  assert.deepEqual(parseThresholdSubject("m1{group:::my group}").selector, { group: "::my group" });
  assert.deepEqual(parseThresholdSubject("m1{url:http://h/{id}}").selector, {
    url: "http://h/{id}",
  });
  assert.deepEqual(parseThresholdSubject("m1{a:b,a:c}").selector, { a: "c" });
});

test("refuses selectors that cannot be read", () => {
  const prefix =
    "unable to validate threshold expressions; reason: parsing metric name failed, metric ";
  const messages = new Map([
    ["http_reqs{a", '"http_reqs{a" has unmatched opening/close curly brace'],
    ["http_reqs}", '"http_reqs}" has unmatched opening/close curly brace'],
    ["}http_reqs{", '"}http_reqs{" has unmatched opening/close curly brace'],
    ["http_reqs{a:b}x", '"http_reqs{a:b}x" lacks a closing curly brace in its last position'],
    ["http_reqs{a}", '"a" tag expression is malformed'],
    ["http_reqs{}", '"" tag expression is malformed'],
    ["http_reqs{a:}", '"a:" tag expression is malformed'],
    ["http_reqs{:b}", '":b" tag expression is malformed'],
    ["http_reqs{a:b,}", '"" tag expression is malformed'],
  ]);
  for (const [key, message] of messages) {
    assert.throws(
      () => parseThresholdSubject(key),
      errorWith("THRESHOLD_BAD_SELECTOR", prefix + message),
    );
  }
});
