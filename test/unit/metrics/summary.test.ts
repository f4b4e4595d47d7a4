import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  compileThresholds,
  createTagInterner,
  evaluateThresholds,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
  type SummaryData,
  type TagSet,
  toSummaryData,
} from "../../../src/metrics/index.ts";

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

type Sample = readonly [name: string, value: number, tags?: Readonly<Record<string, string>>];

interface Run {
  readonly samples: readonly Sample[];
  readonly thresholds?: Record<string, string[]>;
  readonly summaryTrendStats?: readonly string[];
  readonly setupData?: unknown;
}

function summarize(run: Run): SummaryData {
  const registry = new MetricRegistry();
  registry.define("logins", "counter");
  const [store, root, aggregate] = [
    new SampleStore(registry),
    createTagInterner(),
    new MetricAggregate(registry),
  ];
  for (const [name, value, tags = {}] of run.samples) {
    const set = Object.entries(tags).reduce<TagSet>(
      (all, [key, text]) => all.with(key, text),
      root,
    );
    store.series(registry.get(name)!, set).add(value);
  }
  aggregate.merge(store.drain(), 0);
  const thresholds = compileThresholds(run.thresholds ?? {}, registry);
  return toSummaryData({
    aggregate,
    thresholds,
    results: evaluateThresholds(thresholds, aggregate, { elapsedMs: 2_000, final: true }),
    options: {
      summaryTrendStats: run.summaryTrendStats ?? ["avg", "max"],
      summaryTimeUnit: "",
      noColor: false,
    },
    state: { isStdOutTTY: true, isStdErrTTY: false, testRunDurationMs: 2_000 },
    setupData: run.setupData,
    hash: md5,
  });
}

test("has k6's parts, and the key of setup data even when there is no setup function", () => {
  const data = summarize({ samples: [] });
  assert.deepEqual(data, {
    root_group: {
      name: "",
      path: "",
      id: "d41d8cd98f00b204e9800998ecf8427e",
      groups: [],
      checks: [],
    },
    options: { summaryTrendStats: ["avg", "max"], summaryTimeUnit: "", noColor: false },
    state: { isStdOutTTY: true, isStdErrTTY: false, testRunDurationMs: 2_000 },
    metrics: {},
    setup_data: undefined,
  });
  assert.deepEqual(summarize({ samples: [], setupData: null }).setup_data, null);
});

test("lists metrics with samples, each with the values of its type", () => {
  const { metrics } = summarize({
    samples: [
      ["http_reqs", 1],
      ["http_reqs", 1],
      ["iteration_duration", 10],
      ["iteration_duration", 30],
      ["vus", 4],
      ["checks", 1],
      ["data_sent", 0],
    ],
  });
  assert.deepEqual(metrics, {
    http_reqs: { type: "counter", contains: "default", values: { count: 2, rate: 1 } },
    iteration_duration: { type: "trend", contains: "time", values: { avg: 20, max: 30 } },
    checks: { type: "rate", contains: "default", values: { rate: 1, passes: 1, fails: 0 } },
    data_sent: { type: "counter", contains: "data", values: { count: 0, rate: 0 } },
    vus: { type: "gauge", contains: "default", values: { value: 4, min: 4, max: 4 } },
  });
});

test("adds k6's automatic sub-metric of successful requests", () => {
  const { metrics } = summarize({
    samples: [
      ["http_req_duration", 10, { expected_response: "true" }],
      ["http_req_duration", 30, { expected_response: "false" }],
      ["iterations", 1],
    ],
  });
  assert.deepEqual(Object.keys(metrics), [
    "http_req_duration",
    "http_req_duration{expected_response:true}",
    "iterations",
  ]);
  assert.deepEqual(metrics["http_req_duration{expected_response:true}"]?.values, {
    avg: 10,
    max: 10,
  });
});

test("leaves the automatic sub-metric out when no request succeeded", () => {
  const { metrics } = summarize({
    samples: [["http_req_duration", 10, { expected_response: "false" }]],
  });
  assert.deepEqual(Object.keys(metrics), ["http_req_duration"]);
});

test("marks thresholds, and shows their metrics even without samples", () => {
  const { metrics } = summarize({
    samples: [["http_req_duration", 10, { expected_response: "true" }]],
    thresholds: {
      http_req_duration: ["avg<5", " max<50 "],
      "http_req_duration{expected_response:true}": ["avg<50"],
      "logins{a:b}": ["count>0"],
      checks: ["rate>0.9"],
    },
  });
  assert.deepEqual(metrics["http_req_duration"]?.thresholds, {
    "avg<5": { ok: false },
    " max<50 ": { ok: true },
  });
  assert.deepEqual(metrics["http_req_duration{expected_response:true}"]?.thresholds, {
    "avg<50": { ok: true },
  });
  assert.deepEqual(metrics["logins{a:b}"], {
    type: "counter",
    contains: "default",
    values: { count: 0, rate: 0 },
    thresholds: { "count>0": { ok: false } },
  });
  assert.deepEqual(metrics["logins"], {
    type: "counter",
    contains: "default",
    values: { count: 0, rate: 0 },
  });
  assert.deepEqual(metrics["checks"], {
    type: "rate",
    contains: "default",
    values: { rate: 0, passes: 0, fails: 0 },
    thresholds: { "rate>0.9": { ok: true } },
  });
});

test("gives the statistics that the options name, in their order", () => {
  const { metrics } = summarize({
    samples: [["iteration_duration", 10]],
    summaryTrendStats: ["p(99.9)", "count", "med"],
  });
  assert.deepEqual(Object.entries(metrics["iteration_duration"]?.values ?? {}), [
    ["p(99.9)", 10],
    ["count", 1],
    ["med", 10],
  ]);
});

test("rebuilds the tree of groups and checks from tags, in the order of first samples, with k6's ids", () => {
  const { root_group: root } = summarize({
    samples: [
      ["checks", 1, { check: "one", group: "" }],
      ["checks", 0, { check: "two", group: "" }],
      ["checks", 1, { check: "in b", group: "::A::B" }],
      ["group_duration", 1, { group: "::A::B" }],
      ["checks", 0, { check: "in a", group: "::A" }],
      ["group_duration", 1, { group: "::A" }],
      ["group_duration", 1, { group: "::E" }],
      ["checks", 0, { check: "one", group: "", scenario: "other" }],
    ],
  });
  // Ids as k6 2.2 gives them for the same script.
  assert.deepEqual(root, {
    name: "",
    path: "",
    id: "d41d8cd98f00b204e9800998ecf8427e",
    groups: [
      {
        name: "A",
        path: "::A",
        id: "55672b9ede261a2b63b8815e8434f703",
        groups: [
          {
            name: "B",
            path: "::A::B",
            id: "09ce443e7e4ba9a37e134d1135686355",
            groups: [],
            checks: [
              {
                name: "in b",
                path: "::A::B::in b",
                id: "7e93725746564d15b4b39bc58d29214f",
                passes: 1,
                fails: 0,
              },
            ],
          },
        ],
        checks: [
          {
            name: "in a",
            path: "::A::in a",
            id: "852ec625b2ac60104124f0efc631a382",
            passes: 0,
            fails: 1,
          },
        ],
      },
      { name: "E", path: "::E", id: "271e5c6efacf0046f41c75edb2dae59a", groups: [], checks: [] },
    ],
    checks: [
      { name: "one", path: "::one", id: md5("::one"), passes: 1, fails: 1 },
      { name: "two", path: "::two", id: md5("::two"), passes: 0, fails: 1 },
    ],
  });
});

test("orders groups by their first samples, with and without checks", () => {
  const { root_group: root } = summarize({
    samples: [
      ["group_duration", 1, { group: "::no checks" }],
      ["checks", 1, { check: "one", group: "::checks" }],
      ["group_duration", 1, { group: "::checks" }],
      ["checks", 1, { check: "in setup", group: "::setup" }],
    ],
  });
  assert.deepEqual(
    root.groups.map(({ name }) => name),
    ["no checks", "checks", "setup"],
  );
});
