import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import {
  compileThresholds,
  createTagInterner,
  evaluateThresholds,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
  type ThresholdOption,
  thresholdWarnings,
  unseenThresholds,
} from "../../../src/metrics/index.ts";

const registry = new MetricRegistry();
registry.define("logins", "counter");
registry.define("depth", "gauge");

let aggregate: MetricAggregate;
let store: SampleStore;
beforeEach(() => {
  aggregate = new MetricAggregate(registry);
  store = new SampleStore(registry);
});

const root = createTagInterner();

function record(name: string, values: readonly number[], status = "200"): void {
  const series = store.series(registry.get(name)!, root.with("status", status));
  for (const value of values) series.add(value);
  aggregate.merge(store.drain(), 0);
}

function evaluate(options: Record<string, ThresholdOption[]>, elapsedMs: number, final: boolean) {
  return evaluateThresholds(compileThresholds(options, registry), aggregate, { elapsedMs, final });
}

test("judges each aggregation of each metric type", () => {
  record("logins", [1, 2]);
  record("depth", [9, 4]);
  record("checks", [1, 1, 1, 0]);
  record("http_req_duration", [10, 20, 30]);
  const results = evaluate(
    {
      logins: ["count==3", "rate>1.4", "rate<1.6"],
      depth: ["value==4"],
      checks: ["rate>=0.75", "rate>0.75"],
      http_req_duration: ["avg===20", "min==10", "max==30", "p(100)<=30", "med!=30", "p(0)<10"],
    },
    2_000,
    true,
  );
  assert.deepEqual(
    results.map(({ ok }) => ok),
    [true, true, true, true, true, false, true, true, true, true, true, false],
  );
  assert.deepEqual(results[1], {
    metric: "logins",
    source: "rate>1.4",
    ok: true,
    actual: 1.5,
    abort: false,
  });
});

test("judges a sub-metric by the samples that carry its tags", () => {
  record("http_req_duration", [10]);
  record("http_req_duration", [900], "500");
  const results = evaluate(
    {
      "http_req_duration{status:200}": ["max<100"],
      http_req_duration: ["max<100"],
      "http_req_duration{ status:404 }": ["max<1"],
    },
    1_000,
    true,
  );
  assert.deepEqual(
    results.map(({ metric, ok, actual }) => [metric, ok, actual]),
    [
      ["http_req_duration{status:200}", true, 10],
      ["http_req_duration", false, 900],
      ["http_req_duration{status:404}", true, undefined],
    ],
  );
});

test("leaves metrics without samples out while the run goes on", () => {
  record("http_reqs", [1]);
  const results = evaluate({ http_reqs: ["count>5"], logins: ["count>0"] }, 4_000, false);
  assert.deepEqual(
    results.map(({ metric, ok }) => [metric, ok]),
    [["http_reqs", false]],
  );
});

test("judges metrics without samples at the end as k6 does", () => {
  const options = {
    logins: ["count>0", "count<1", "rate>1"],
    depth: ["value>0", "value==0"],
    checks: ["rate>0.99"],
    http_req_duration: ["p(95)<500", "avg>1"],
  };
  const results = evaluate(options, 1_000, true);
  assert.deepEqual(
    results.map(({ ok }) => ok),
    [false, true, false, false, true, true, true, false],
  );
  assert.ok(results.every(({ actual }) => actual === undefined));
});

test("passes a counter's rate when the run had no length", () => {
  record("logins", [1]);
  assert.deepEqual(
    evaluate({ logins: ["rate>1", "count==1"] }, 0, true).map(({ ok, actual }) => [ok, actual]),
    [
      [true, undefined],
      [true, 1],
    ],
  );
});

test("aborts on a failure once the delay is over, and only while the run goes on", () => {
  record("http_reqs", [1]);
  const options: Record<string, ThresholdOption[]> = {
    http_reqs: [
      { threshold: "count>5", abortOnFail: true },
      { threshold: "count>5", abortOnFail: true, delayAbortEval: "3s" },
      { threshold: "count<5", abortOnFail: true },
      { threshold: "count>5", abortOnFail: false, delayAbortEval: 1 },
      { source: "count>5", abortOnFail: true, delayAbortEvalMs: 1_000 },
      "count>5",
    ],
  };
  const abortsAt = (elapsedMs: number, final = false) =>
    evaluate(options, elapsedMs, final).map(({ abort }) => abort);
  assert.deepEqual(abortsAt(500), [true, false, false, false, false, false]);
  assert.deepEqual(abortsAt(3_000), [true, false, false, false, true, false]);
  assert.deepEqual(abortsAt(4_000), [true, true, false, false, true, false]);
  assert.deepEqual(abortsAt(4_000, true), [false, false, false, false, false, false]);
});

test("accepts null for unset fields, as JSON options have it", () => {
  const [threshold] = compileThresholds(
    { http_reqs: [{ threshold: "count>0", abortOnFail: null, delayAbortEval: null }] },
    registry,
  );
  assert.deepEqual([threshold?.abortOnFail, threshold?.delayAbortEvalMs], [false, 0]);
});

test("refuses thresholds that cannot be judged, with exit code 104", () => {
  const errorWith = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof LakhError &&
    error.code === code &&
    error.exitCode === 104 &&
    message.test(error.message);
  const compile = (options: Record<string, ThresholdOption[]>) => () =>
    compileThresholds(options, registry);
  assert.throws(
    compile({ nope: ["count>0"] }),
    errorWith(
      "THRESHOLD_UNKNOWN_METRIC",
      /^invalid threshold defined on nope; reason: no metric name "nope" found$/u,
    ),
  );
  assert.throws(
    compile({ "nope{a:b}": ["count>0"] }),
    errorWith("THRESHOLD_UNKNOWN_METRIC", /on nope\{a:b\}; .* "nope" found$/u),
  );
  assert.throws(
    compile({ http_reqs: ["p(95)<1"] }),
    errorWith("THRESHOLD_BAD_AGGREGATION", /of type counter/u),
  );
  assert.throws(
    compile({ http_reqs: ["count"] }),
    errorWith("THRESHOLD_BAD_EXPRESSION", /malformed/u),
  );
  assert.throws(
    compile({ "http_reqs{": ["count>0"] }),
    errorWith("THRESHOLD_BAD_SELECTOR", /curly brace/u),
  );
  assert.throws(
    compile({ http_reqs: [{ threshold: "count>0", delayAbortEval: "soon" }] }),
    errorWith("THRESHOLD_BAD_DELAY", /"soon" is not a duration/u),
  );
});

test("warns of selectors by vu and iter, which are no tags", () => {
  const thresholds = compileThresholds(
    { "http_reqs{vu:1}": ["count>0", "rate>0"], http_reqs: ["count>0"] },
    registry,
  );
  const warnings = thresholdWarnings(thresholds);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /'http_reqs\{vu:1\}'.*'vu'/u);
});

test("tells thresholds that no sample came for, but not those on failures and on metrics of the script", () => {
  record("http_req_failed", [0]);
  const options = {
    http_req_failed: ["rate<0.01"],
    "http_req_failed{status:200}": ["rate<0.01"],
    "http_req_failed{name:chekout}": ["rate<0.01", "rate<0.1"],
    "http_reqs{name:chekout}": ["count>5"],
    "http_reqs{expected_response:false}": ["count<1"],
    dropped_iterations: ["count<1"],
    logins: ["count<1"],
    "logins{kind:x}": ["count<1"],
  };
  assert.deepEqual(unseenThresholds(evaluate(options, 1_000, true)), [
    "http_req_failed{name:chekout}", // the one on http_reqs is crossed
    "logins{kind:x}",
  ]);
});
