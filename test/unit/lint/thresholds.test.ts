import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingsOf, imports, trialFacts } from "./lint-harness.ts";

const code = `${imports}
export default function () {
  http.get("http://x/", { tags: { name: "home" } });
  sleep(1);
}`;
const ramp = [
  { duration: "5m", target: 100 },
  { duration: "5m", target: 100 },
];

describe("ramp-in-percentiles", () => {
  const rule = "ramp-in-percentiles";
  const thresholds = { http_req_duration: ["p(95)<300"] };

  it("finds percentiles over a ramp, with the share of the load in it", async () => {
    const [finding] = await findingsOf(rule, { code, options: { stages: ramp, thresholds } });
    assert.match(finding!.message, /only 5m of 10m are at the highest level/u);
    // From 1 to 100 VUs: (1 + 100) / 2 of the 100 in the flat stage, 50.5 / 150.5 of all.
    assert.ok(finding!.evidence.some(({ text }) => text.startsWith("33.6 % of the VU time")));
    const never = {
      stages: [
        { duration: "5m", target: 100 },
        { duration: "5m", target: 0 },
      ],
      thresholds,
    };
    const [peak] = await findingsOf(rule, { code, options: never });
    assert.match(peak!.message, /never stays at its highest level/u);
  });

  it("is content with flat load, short ramps, other statistics, and thresholds of a flat scenario or a stage", async () => {
    const flat = { executor: "constant-vus", vus: 5, duration: "5m" };
    const ramping = { executor: "ramping-vus", stages: ramp };
    const cases: object[] = [
      { vus: 10, duration: "10m", thresholds },
      {
        stages: [
          { duration: "10s", target: 100 },
          { duration: "30m", target: 100 },
        ],
        thresholds,
      },
      { stages: ramp, thresholds: { http_req_failed: ["rate<0.01"] } },
      { stages: ramp, thresholds: { "http_req_duration{stage:peak}": ["p(95)<300"] } },
      {
        scenarios: { warm: ramping, peak: flat },
        thresholds: { "http_req_duration{scenario:peak}": ["p(95)<300"] },
      },
    ];
    for (const options of cases)
      assert.deepEqual(await findingsOf(rule, { code, options }), [], JSON.stringify(options));
  });

  it("finds a threshold of a scenario that ramps", async () => {
    const options = {
      scenarios: { warm: { executor: "ramping-vus", stages: ramp } },
      thresholds: { "http_req_duration{scenario:warm,expected_response:true}": ["p(95)<300"] },
    };
    assert.equal((await findingsOf(rule, { code, options })).length, 1);
  });
});

describe("threshold-without-samples", () => {
  const rule = "threshold-without-samples";
  const withThreshold = (key: string, source = "p(95)<300"): object => ({
    vus: 2,
    duration: "1m",
    thresholds: { [key]: [source] },
  });
  const series = [
    {
      metric: "http_req_duration",
      type: "trend" as const,
      tags: { name: "home", scenario: "default" },
      samples: 9,
    },
  ];
  const trial = trialFacts({ series });

  it("knows scenarios that do not exist without a dry run", async () => {
    const options = withThreshold("http_req_duration{scenario:peek}");
    const [finding] = await findingsOf(rule, { code, options });
    assert.equal(finding?.severity, "problem");
    assert.match(finding.message, /no scenario "peek" \(there is default\)/u);
  });

  it("knows metrics that nothing is added to", async () => {
    const declared = `${code}\nconst latency = new Trend("latency");`;
    const [finding] = await findingsOf(rule, { code: declared, options: withThreshold("latency") });
    assert.equal(finding?.severity, "problem");
    for (const use of ["latency.add(1);", "record(latency);"]) {
      const used = `${declared}\nexport function teardown() { ${use} }\nfunction record(metric) { metric.add(1); }`;
      assert.deepEqual(
        await findingsOf(rule, { code: used, options: withThreshold("latency") }),
        [],
      );
    }
  });

  it("warns of tags that the dry run never had, with those it had", async () => {
    const options = withThreshold("http_req_duration{name:hmoe}");
    const [finding] = await findingsOf(rule, { code, options, trial });
    assert.equal(finding?.severity, "warning");
    assert.ok(finding.evidence.some(({ text }) => text.endsWith("home")));
  });

  it("is content with tags that it had, with those of failures, and where the dry run tells nothing", async () => {
    const cases = [
      { options: withThreshold("http_req_duration{name:home}"), trial },
      { options: withThreshold("http_reqs{status:500}", "count<1"), trial },
      { options: withThreshold("http_req_duration{expected_response:false}"), trial },
      { options: withThreshold("dropped_iterations", "count<1"), trial },
      { options: withThreshold("http_req_duration{name:hmoe}") },
      {
        options: withThreshold("http_req_duration{name:hmoe}"),
        trial: trialFacts({ series, failedIterations: 1 }),
      },
      {
        options: withThreshold("http_req_duration{name:hmoe}"),
        trial: trialFacts({ series, interruptedIterations: 1 }),
      },
    ];
    for (const each of cases)
      assert.deepEqual(await findingsOf(rule, { code, ...each }), [], JSON.stringify(each.options));
  });
});

describe("abort-without-delay", () => {
  it("finds abortOnFail without delayAbortEval, and no other", async () => {
    const given = (threshold: unknown): object => ({
      thresholds: { http_req_failed: [threshold] },
    });
    const bad = given({ threshold: "rate<0.1", abortOnFail: true });
    assert.equal((await findingsOf("abort-without-delay", { code, options: bad })).length, 1);
    for (const threshold of [
      "rate<0.1",
      { threshold: "rate<0.1", abortOnFail: false },
      { threshold: "rate<0.1", abortOnFail: true, delayAbortEval: "30s" },
    ])
      assert.deepEqual(
        await findingsOf("abort-without-delay", { code, options: given(threshold) }),
        [],
      );
  });
});

describe("average-only", () => {
  it("finds a metric that averages alone judge", async () => {
    const given = (...list: string[]): object => ({ thresholds: { http_req_duration: list } });
    assert.equal(
      (await findingsOf("average-only", { code, options: given("avg<200", "med<100") })).length,
      1,
    );
    for (const list of [["avg<200", "p(95)<300"], ["max<1000"], ["p(99)<500"]])
      assert.deepEqual(await findingsOf("average-only", { code, options: given(...list) }), []);
  });
});

describe("too-few-samples", () => {
  const rule = "too-few-samples";
  const options = (vus: number, source: string): object => ({
    vus,
    duration: "100s",
    thresholds: { http_req_duration: [source] },
  });
  // One VU: 50 iterations of 2 s with 4 requests each: 200 samples.
  const trial = trialFacts();

  it("counts the samples that the load makes", async () => {
    const [finding] = await findingsOf(rule, { code, options: options(1, "p(99)<300"), trial });
    assert.match(finding!.message, /rests on about 200 samples; it takes 1,000/u);
    assert.deepEqual(await findingsOf(rule, { code, options: options(5, "p(99)<300"), trial }), []);
    assert.deepEqual(await findingsOf(rule, { code, options: options(1, "p(95)<300"), trial }), []);
  });

  it("knows a number of iterations without a dry run, and nothing else", async () => {
    const few = { iterations: 10, vus: 1, thresholds: { http_req_duration: ["p(95)<300"] } };
    assert.equal((await findingsOf(rule, { code, options: few })).length, 1);
    assert.deepEqual(await findingsOf(rule, { code, options: options(1, "p(99)<300") }), []);
  });

  it("does not guess how many samples a tag has", async () => {
    const tagged = {
      vus: 1,
      duration: "100s",
      thresholds: { "http_req_duration{name:home}": ["p(99)<300"] },
    };
    assert.deepEqual(await findingsOf(rule, { code, options: tagged, trial }), []);
  });
});
