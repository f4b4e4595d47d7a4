import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { SummaryData } from "../../../src/metrics/index.ts";
import { renderSummary, type ThresholdView } from "../../../src/report/index.ts";
import { assertGolden } from "./golden.ts";

type Metrics = SummaryData["metrics"];

const trendStats = ["avg", "min", "med", "max", "p(90)", "p(95)"];

function trend(...values: number[]): Record<string, number> {
  return Object.fromEntries(trendStats.map((name, index) => [name, values[index]!]));
}

function summaryOf(
  metrics: Metrics,
  checks: SummaryData["root_group"]["checks"] = [],
): SummaryData {
  return {
    root_group: { name: "", path: "", id: "", groups: [], checks },
    options: { summaryTrendStats: trendStats, summaryTimeUnit: "", noColor: true },
    state: { isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: 2_052.189 },
    metrics,
  };
}

function check(
  name: string,
  passes: number,
  fails: number,
): SummaryData["root_group"]["checks"][number] {
  return { name, path: `::${name}`, id: "", passes, fails };
}

const plain = { thresholds: [], colours: false };
const duration = trend(0.36225, 0.17767, 0.30248, 0.64077, 0.55972, 0.60024);
const threshold = (
  metric: string,
  source: string,
  ok: boolean,
  actual?: number,
): ThresholdView => ({
  metric,
  source,
  ok,
  actual,
});

/** The run that the reference to k6's text shows (k6: 7.6). */
const reference = summaryOf(
  {
    data_sent: { type: "counter", contains: "data", values: { count: 498, rate: 242.667_6 } },
    data_received: { type: "counter", contains: "data", values: { count: 1_410, rate: 687.071_4 } },
    vus_max: { type: "gauge", contains: "default", values: { value: 4, min: 4, max: 4 } },
    vus: { type: "gauge", contains: "default", values: { value: 0, min: 0, max: 0 } },
    iterations: { type: "counter", contains: "default", values: { count: 17, rate: 8.283_932 } },
    iteration_duration: {
      type: "trend",
      contains: "time",
      values: trend(68.754, 0.1, 1, 500, 400, 450.5),
    },
    http_reqs: { type: "counter", contains: "default", values: { count: 6, rate: 2.923_741 } },
    "http_reqs{status:404}": {
      type: "counter",
      contains: "default",
      values: { count: 0, rate: 0 },
    },
    http_req_failed: {
      type: "rate",
      contains: "default",
      values: { rate: 0, passes: 0, fails: 6 },
    },
    http_req_duration: { type: "trend", contains: "time", values: duration },
    "http_req_duration{expected_response:true}": {
      type: "trend",
      contains: "time",
      values: duration,
    },
    "http_req_duration{scenario:sa}": { type: "trend", contains: "time", values: duration },
    http_req_waiting: { type: "trend", contains: "time", values: duration },
    group_duration: { type: "trend", contains: "time", values: duration },
    checks: { type: "rate", contains: "default", values: { rate: 17 / 23, passes: 17, fails: 6 } },
    my_trend: {
      type: "trend",
      contains: "default",
      values: trend(...trendStats.map(() => 12.345)),
    },
    my_rate: { type: "rate", contains: "default", values: { rate: 0.5, passes: 6, fails: 6 } },
    my_gauge: { type: "gauge", contains: "default", values: { value: 7, min: 7, max: 7 } },
    my_counter: { type: "counter", contains: "default", values: { count: 12, rate: 5.846_903 } },
  },
  [check("root chk", 17, 0), check("inner chk", 0, 6)],
);

test("the example of the reference", () => {
  const thresholds = [
    threshold("http_reqs{status:404}", "count<1", true),
    threshold("http_req_duration", "p(95)<500", true, 0.600_24),
    threshold("http_req_duration{scenario:sa}", "p(95)<500", true, 0.600_24),
    threshold("http_req_duration", "avg<1", false, 1.05),
  ];
  assertGolden("summary-reference.txt", renderSummary(reference, { ...plain, thresholds }));
});

test("full mode adds the parts of a request's time", () => {
  assert.doesNotMatch(renderSummary(reference, plain), /http_req_waiting/u);
  assert.match(
    renderSummary(reference, { ...plain, mode: "full" }),
    /http_req_waiting\.+: avg=362\.25µs/u,
  );
});

test("colours add escape codes and nothing else", () => {
  const coloured = renderSummary(reference, { ...plain, colours: true });
  assert.ok(coloured.includes("\u001b[31m✗ inner chk\u001b[0m"));
  assert.equal(stripVTControlCharacters(coloured), renderSummary(reference, plain));
});

test("a run without a sample has no sections", () => {
  assert.equal(renderSummary(summaryOf({}), plain).trim(), "");
});

test("a metric of the user's is shown even when its name begins like one that k6 hides", () => {
  const counter = {
    type: "counter",
    contains: "default",
    values: { count: 1, rate: 0.5 },
  } as const;
  const names = ["checks_slow", "group_duration_x", "http_req_waiting_room"];
  const text = renderSummary(
    summaryOf(Object.fromEntries(names.map((name) => [name, counter]))),
    plain,
  );
  for (const name of names) assert.match(text, new RegExp(`CUSTOM[^]*${name}`, "u"));
});

test("values that are not finite show as a dash, huge ones in full", () => {
  const text = renderSummary(
    summaryOf({
      broken: {
        type: "trend",
        contains: "time",
        values: trend(Number.NaN, Infinity, -Infinity, 0, 0, 0),
      },
      huge: { type: "counter", contains: "default", values: { count: 1e300, rate: Infinity } },
      bytes: { type: "counter", contains: "data", values: { count: 1e30, rate: 0.5 } },
      missing: { type: "rate", contains: "default", values: {} },
    }),
    plain,
  );
  assert.doesNotMatch(text, /NaN|Infinity|undefined/u);
  assert.match(text, /avg=- +min=- +med=- +max=0s/u);
  assert.match(text, /missing\.+: - +0 out of 0/u);
  assert.match(text, /1e\+300 +-\/s/u);
  assert.match(text, /1000000000000 EB/u);
});

test("a run of no length has no rate", () => {
  const data = summaryOf({}, [check("ok", 1, 0)]);
  const text = renderSummary({ ...data, state: { ...data.state, testRunDurationMs: 0 } }, plain);
  assert.match(text, /checks_total\.+: 1 +0\/s/u);
});

test("totals of checks are shown where the single checks are not known", () => {
  const values = { rate: 0.75, passes: 3, fails: 1 };
  const text = renderSummary(
    summaryOf({ checks: { type: "rate", contains: "default", values } }),
    plain,
  );
  assert.match(text, /checks_succeeded\.+: 75\.00% 3 out of 4\n/u);
});

test("a name with control characters cannot break the text", () => {
  const text = renderSummary(summaryOf({}, [check("a\n\u001b[2Jb", 0, 1)]), plain);
  assert.ok(text.includes("✗ a  [2Jb\n"));
});

test("names of sub-metrics in wide characters keep the columns aligned", () => {
  const counter = { type: "counter", contains: "default", values: { count: 1, rate: 1 } } as const;
  const text = renderSummary(
    summaryOf({ http_reqs: counter, "http_reqs{name:検索}": counter }),
    plain,
  );
  assert.ok(text.includes("    http_reqs.........: 1 1/s\n      { name:検索 }...: 1 1/s\n"), text);
});
