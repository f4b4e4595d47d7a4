import { strict as assert } from "node:assert";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { jslibFile } from "../../../src/script/jslib.ts";
import { humanizeValue, jUnit, textSummary } from "../../../src/script/jslib/k6-summary.ts";
import type { SummaryData, SummaryMetric } from "../../../src/script/jslib/k6-summary.ts";
import { folder, loadVu } from "./script-harness.ts";

const trend = (contains: string, values: Record<string, number>): SummaryMetric => ({
  type: "trend",
  contains,
  values,
});
const durations = {
  avg: 144.5678,
  min: 0.10411,
  med: 110.47,
  max: 1_140,
  "p(90)": 203.54,
  "p(95)": 65_432,
};

/** The shape that k6 hands to handleSummary. */
const data: SummaryData = {
  root_group: {
    name: "",
    checks: [{ name: "root ok", passes: 3, fails: 0 }],
    groups: [
      {
        name: "auth",
        checks: [{ name: "token <given>", passes: 45, fails: 45 }],
        groups: [{ name: "inner", checks: [{ name: "deep", passes: 0, fails: 1 }], groups: [] }],
      },
    ],
  },
  options: {
    summaryTrendStats: ["avg", "min", "med", "max", "p(90)", "p(95)"],
    summaryTimeUnit: "",
    noColor: false,
  },
  state: { isStdOutTTY: true, isStdErrTTY: true, testRunDurationMs: 41_000 },
  metrics: {
    http_reqs: { type: "counter", contains: "default", values: { count: 180, rate: 4.369381234 } },
    "http_req_duration{expected_response:true}": trend("time", durations),
    http_req_failed: {
      type: "rate",
      contains: "default",
      values: { rate: 0.26089, passes: 47, fails: 133 },
      thresholds: { "rate<0.001": { ok: false } },
    },
    http_req_duration: {
      ...trend("time", durations),
      thresholds: { "p(95)<300": { ok: true }, "p(99)<500": { ok: true } },
    },
    data_received: {
      type: "counter",
      contains: "data",
      values: { count: 1_300_000, rate: 31_000 },
    },
    vus: { type: "gauge", contains: "default", values: { value: 1, min: 1, max: 19 } },
    my_trend: trend("default", { avg: 12.345, min: 0, med: 1, max: 3, "p(90)": 2, "p(95)": 2.5 }),
  },
};

test("textSummary writes groups, checks and metrics as k6's classic summary does", () => {
  assert.deepEqual(textSummary(data, { indent: " ", enableColors: false }).split("\n"), [
    "     ✓ root ok",
    "",
    "     █ auth",
    "",
    "       ✗ token <given>",
    "        ↳  50% — ✓ 45 / ✗ 45",
    "",
    "       █ inner",
    "",
    "         ✗ deep",
    "          ↳  0% — ✓ 0 / ✗ 1",
    "",
    "     data_received..................: 1.3 MB 31 kB/s",
    "   ✓ http_req_duration..............: avg=144.56ms min=104.11µs med=110.47ms max=1.14s p(90)=203.54ms p(95)=1m5s",
    "       { expected_response:true }...: avg=144.56ms min=104.11µs med=110.47ms max=1.14s p(90)=203.54ms p(95)=1m5s",
    "   ✗ http_req_failed................: 26.08% ✓ 47       ✗ 133",
    "     http_reqs......................: 180    4.369381/s",
    "     my_trend.......................: avg=12.345   min=0        med=1        max=3     p(90)=2        p(95)=2.5",
    "     vus............................: 1      min=1      max=19",
  ]);
});

test("textSummary paints only when asked, and by default unless noColor", () => {
  assert.ok(textSummary(data, { enableColors: true }).includes("\u001b[32m✓ root ok\u001b[0m"));
  assert.ok(textSummary(data).includes("\u001b["));
  assert.ok(
    !textSummary({ ...data, options: { ...data.options, noColor: true } }).includes("\u001b["),
  );
  const plain = textSummary(data, { enableColors: false });
  // oxlint-disable-next-line no-control-regex -- colours are control sequences
  assert.equal(textSummary(data, { enableColors: true }).replaceAll(/\u001b\[\d+m/gu, ""), plain);
});

test("textSummary follows indent, time unit and the chosen statistics", () => {
  const metrics = { d: trend("time", { ...durations, count: 7 }) };
  const empty = { name: "", groups: [], checks: [] };
  const line = textSummary(
    { root_group: empty, metrics },
    { indent: "", enableColors: false, summaryTimeUnit: "ms", summaryTrendStats: ["med", "count"] },
  );
  assert.equal(line, "    d...: med=110.47ms count=7");
});

test("values are written as k6 writes them", () => {
  const time = trend("time", {});
  const cases: readonly (readonly [number, string])[] = [
    [0, "0s"],
    [0.0009, "900ns"],
    [0.15838, "158.38µs"],
    [103.504, "103.5ms"],
    [999.999, "999.99ms"],
    [6_459, "6.45s"],
    [90_000, "1m30s"],
    [3_725_000, "1h2m5s"],
  ];
  for (const [ms, text] of cases) assert.equal(humanizeValue(ms, time), text);
  assert.equal(humanizeValue(1_234.5678, time, "s"), "1.23s");
  assert.equal(humanizeValue(0.5, time, "us"), "500.00µs");
  const rate = { type: "rate", contains: "default", values: {} };
  assert.equal(humanizeValue(1, rate), "100.00%");
  assert.equal(humanizeValue(0.07, rate), "7.00%");
  assert.equal(humanizeValue(0.99999, rate), "99.99%");
});

test("jUnit has one case a threshold, and the crossed ones fail", () => {
  const xml = jUnit(data, { classname: "guide" });
  assert.match(xml, /^<\?xml version="1\.0"\?>\n<testsuites tests="3" failures="1">\n/u);
  assert.ok(xml.includes('<testcase name="http_req_duration - p(95)&lt;300" classname="guide" />'));
  assert.ok(
    xml.includes(
      '<testcase name="http_req_failed - rate&lt;0.001" classname="guide"><failure message="threshold crossed: rate=0.26089',
    ),
  );
  assert.match(jUnit({ ...data, metrics: {} }), /tests="0" failures="0"/u);
});

test("only k6's own two libraries are served, at any version", () => {
  assert.match(
    jslibFile("https://jslib.k6.io/k6-utils/1.4.0/index.js") ?? "",
    /jslib\/k6-utils\.js$/u,
  );
  assert.match(
    jslibFile("https://jslib.k6.io/k6-summary/0.1.0/index.js") ?? "",
    /jslib\/k6-summary\.js$/u,
  );
  assert.equal(jslibFile("https://jslib.k6.io/k6chaijs/4.3.4.3/index.js"), undefined);
  assert.equal(jslibFile("https://evil.test/k6-utils/1.4.0/index.js"), undefined);
});

/** Runs code that uses k6-utils in a VU. */
async function inVu(t: TestContext, body: string): Promise<unknown> {
  const names =
    "randomIntBetween, randomItem, randomString, uuidv4, findBetween, normalDistributionStages, parseDuration, check, getCurrentStageIndex, tagWithCurrentStageIndex, tagWithCurrentStageProfile";
  const dir = await folder(t, {
    "script.js": `import { ${names} } from "https://jslib.k6.io/k6-utils/1.6.0/index.js";
      import exec from "k6/execution";
      export default () => { ${body} }`,
  });
  const vu = await loadVu(dir);
  return await vu.run();
}

test("k6-utils: random values stay in their ranges", async (t) => {
  const found = (await inVu(
    t,
    `const ints = new Set(), items = new Set();
     for (let i = 0; i < 500; i++) { ints.add(randomIntBetween(-1, 2)); items.add(randomItem(["a", "b"])); }
     return { ints: [...ints].sort((a, b) => a - b), items: [...items].sort(), text: randomString(40), vowels: randomString(9, "aeiou"), id: uuidv4() };`,
  )) as { ints: number[]; items: string[]; text: string; vowels: string; id: string };
  assert.deepEqual(found.ints, [-1, 0, 1, 2]);
  assert.deepEqual(found.items, ["a", "b"]);
  assert.match(found.text, /^[a-z]{40}$/u);
  assert.match(found.vowels, /^[aeiou]{9}$/u);
  assert.match(found.id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u);
});

test("k6-utils: findBetween, parseDuration, normalDistributionStages", async (t) => {
  const found = await inVu(
    t,
    `const fails = (f) => { try { f(); return "no" } catch (e) { return "yes" } };
     return [
      findBetween("<b>1</b><b>2</b>", "<b>", "</b>"), findBetween("<b>1</b><b>2</b>", "<b>", "</b>", true),
      findBetween("x", "<b>", "</b>"), findBetween("x", "<b>", "</b>", true), findBetween("ab", "", "", true).length < 4,
      parseDuration("1m30s"), parseDuration("1d2h"), parseDuration("1.5s"), fails(() => parseDuration("soon")), fails(() => parseDuration("")),
      normalDistributionStages(10, 20, 5), normalDistributionStages(100, 60).map((s) => s.target) ];`,
  );
  assert.deepEqual(found, [
    "1",
    ["1", "2"],
    null,
    [],
    true,
    90_000,
    93_600_000,
    1_500,
    "yes",
    "yes",
    [
      { duration: "4s", target: 5 },
      { duration: "4s", target: 10 },
      { duration: "4s", target: 10 },
      { duration: "4s", target: 5 },
      { duration: "4s", target: 0 },
    ],
    [28, 49, 73, 92, 100, 92, 73, 49, 28, 0],
  ]);
});

test("k6-utils: the stage that runs now, as index and as profile", async (t) => {
  const found = await inVu(
    t,
    `const at = (elapsed, scenario) => {
       exec.scenario.startTime = Date.now() - elapsed * 1000;
       exec.test.options.scenarios = { default: scenario };
       tagWithCurrentStageIndex(); tagWithCurrentStageProfile();
       return [getCurrentStageIndex(), exec.vu.tags.stage, exec.vu.tags.stage_profile];
     };
     const stages = [{ duration: "5m", target: 10 }, { duration: "1h", target: 10 }, { duration: "5m", target: 0 }];
     const ramp = { executor: "ramping-vus", stages };
     const flat = { executor: "ramping-arrival-rate", startRate: 10, stages };
     let refused; try { at(0, { executor: "constant-vus" }) } catch (e) { refused = e.message }
     return [at(60, ramp), at(600, ramp), at(65.5 * 60, ramp), at(99 * 3600, ramp), at(60, flat), refused];`,
  );
  assert.deepEqual((found as unknown[]).slice(0, 5), [
    [0, "0", "ramp-up"],
    [1, "1", "steady"],
    [2, "2", "ramp-down"],
    [2, "2", "ramp-down"],
    [0, "0", "steady"],
  ]);
  assert.match(
    String((found as unknown[])[5]),
    /only ramping-vus or ramping-arrival-rate supports stages/u,
  );
});

test("k6-utils: check takes promises for the value and from conditions", async (t) => {
  const found = await inVu(
    t,
    `const now = check(3, { "is 3": (v) => v === 3, plain: true });
     return Promise.all([now, check(Promise.resolve(4), { "is 4": (v) => v === 4 }), check(5, { later: async (v) => v === 6 })]);`,
  );
  assert.deepEqual(found, [true, true, false]);
});
