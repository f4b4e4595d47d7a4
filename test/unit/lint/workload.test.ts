import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingsOf, type Given, imports, lint, trialFacts } from "./lint-harness.ts";

const journey = (body: string): string => `${imports}
export default function () {
  ${body}
}`;
const code = journey(`http.get("http://x/a"); http.get("http://x/b"); sleep(1);`);
const rps = (value: number): NonNullable<Given["goal"]> => ({
  requestsPerSecond: { value, source: "--rps" },
});
const open = {
  executor: "constant-arrival-rate",
  rate: 50,
  timeUnit: "1s",
  duration: "5m",
  preAllocatedVUs: 100,
  maxVUs: 200,
};
/** One iteration of 2 requests in `durationMs`. */
const measured = (durationMs: number): NonNullable<Given["trial"]> =>
  trialFacts({
    functions: [{ exec: "default", iterations: 9, requests: 18, durationMs, requestMs: 20 }],
  });

describe("closed-model-for-rate", () => {
  const rule = "closed-model-for-rate";
  const closed = [
    { vus: 10, duration: "5m" },
    { stages: [{ duration: "1m", target: 10 }] },
    { scenarios: { a: { executor: "ramping-vus", stages: [{ duration: "1m", target: 10 }] } } },
  ];

  it("finds looping VUs for a goal in requests/s, from wherever the goal is known", async () => {
    for (const options of closed)
      assert.equal((await findingsOf(rule, { code, options, goal: rps(500) })).length, 1);
    const [options] = closed;
    const thresholds = { http_reqs: ["rate>=500"] };
    const [byThreshold] = await findingsOf(rule, { code, options: { ...options, thresholds } });
    assert.match(
      byThreshold!.message,
      /at least 500 requests\/s \(the threshold "rate>=500" on http_reqs\)/u,
    );
    assert.equal(byThreshold!.severity, "warning", "a floor is no exact goal");
    const header = `/**\n * Load test.\n * Target: 1,500 RPS, 5000 concurrent users\n */\n${code}`;
    const [byComment] = await findingsOf(rule, { code: header, options: options! });
    assert.match(byComment!.message, /goal is 1,500 requests\/s \(the script's header/u);
  });

  it("is content with open scenarios and with a fixed number of iterations", async () => {
    for (const options of [{ scenarios: { a: open } }, { vus: 5, iterations: 100 }])
      assert.deepEqual(await findingsOf(rule, { code, options, goal: rps(500) }), []);
  });

  it("is not judged when no goal is stated; a comment that only mentions a rate states none", async () => {
    const comments = [
      "// asks for about 11,000 requests/s, not for the 500 of the guide's target",
      "// Target environment: staging, 500 rps limit",
      "import x from './x.js'; // Target: 500 RPS",
    ];
    for (const comment of comments) {
      const { notJudged, goal } = await lint({
        code: `${comment}\n${code}`,
        options: closed[0]!,
        files: { "x.js": "export default 1;" },
      });
      assert.equal(goal.requestsPerSecond, undefined, comment);
      assert.ok(notJudged.some((each) => each.rule === rule));
    }
  });
});

describe("load-misses-goal", () => {
  const rule = "load-misses-goal";

  it("computes what looping VUs offer from the dry run", async () => {
    const given = { code, options: { vus: 100, duration: "5m" }, trial: measured(1_000) };
    const [finding] = await findingsOf(rule, { ...given, goal: rps(50) });
    // 100 VUs * 2 requests / 1 s = 200 requests/s.
    assert.match(finding!.message, /offers 200 requests\/s, 4 times the goal of 50/u);
    assert.match(finding!.fix, /25 iterations\/s.*minIterationDuration: "4s".*25 VUs/u);
    assert.deepEqual(await findingsOf(rule, { ...given, goal: rps(200) }), []);
    assert.deepEqual(await findingsOf(rule, { ...given, goal: rps(215) }), []);
    const [less] = await findingsOf(rule, { ...given, goal: rps(400) });
    assert.match(less!.message, /offers 200 requests\/s, 0\.5 times/u);
  });

  it("takes a threshold for a floor: less is a fault, more is none", async () => {
    const given = (rate: number): Given => ({
      code,
      options: { vus: 100, duration: "5m", thresholds: { http_reqs: [`rate>${rate}`] } },
      trial: measured(1_000),
    });
    assert.deepEqual(await findingsOf(rule, given(10)), []);
    const [less] = await findingsOf(rule, given(400));
    assert.match(less!.message, /offers 200 requests\/s, 0\.5 times the goal of 400/u);
  });

  it("takes iterations/s for what they are", async () => {
    const given = { code, options: { scenarios: { a: open } }, trial: measured(1_000) };
    const [finding] = await findingsOf(rule, { ...given, goal: rps(50) });
    assert.match(finding!.message, /offers 100 requests\/s, 2 times the goal of 50/u);
    assert.match(finding!.fix, /a rate of 25 iterations\/s/u);
    assert.deepEqual(await findingsOf(rule, { ...given, goal: rps(100) }), []);
  });

  it("reads sleeps and requests where there is no dry run, and claims too much load only when it is clear", async () => {
    const options = { vus: 600, duration: "5m" };
    // 600 VUs * 2 requests / (1 s + 2 * 1 s) = 400 requests/s.
    const [finding] = await findingsOf(rule, { code, options, goal: rps(100) });
    assert.match(finding!.message, /as far as the text tells, 400 requests\/s/u);
    assert.deepEqual(await findingsOf(rule, { code, options, goal: rps(300) }), []);
    assert.deepEqual(await findingsOf(rule, { code, options, goal: rps(4_000) }), []);
  });

  it("does not count what methods of classes send", async () => {
    const classes = `${imports}
class Api { get() { return http.get("http://x/"); } }
export default function () { new Api().get(); http.get("http://x/"); sleep(1); }`;
    const { notJudged } = await lint({
      code: classes,
      options: { vus: 900, duration: "5m" },
      goal: rps(10),
    });
    assert.ok(notJudged.some((each) => each.rule === rule));
  });

  it("is not judged when the text does not tell the length of an iteration", async () => {
    const unclear = journey(`http.get("http://x/"); sleep(Number(__ENV.PAUSE));`);
    const { notJudged } = await lint({
      code: unclear,
      options: { vus: 10, duration: "5m" },
      goal: rps(100),
    });
    assert.ok(notJudged.some((each) => each.rule === rule && each.reason.includes("dry run")));
  });
});

describe("dau-as-vus", () => {
  it("finds as many VUs as daily users, and not a small share of them", async () => {
    const given = { code, goal: { ...rps(444), dau: 1_000 } };
    const many = await findingsOf("dau-as-vus", {
      ...given,
      options: { vus: 1_000, duration: "5m" },
    });
    assert.match(many[0]!.message, /1,000 VUs for 1,000 daily users: that is 100 %/u);
    const few = { ...given, options: { vus: 50, duration: "5m" } };
    assert.deepEqual(await findingsOf("dau-as-vus", few), []);
  });
});

describe("no-think-time", () => {
  const rule = "no-think-time";
  const options = { vus: 10, duration: "5m" };
  const busy = journey(`http.get("http://x/");`);

  it("finds a loop without a pause", async () => {
    const [finding] = await findingsOf(rule, { code: busy, options, trial: measured(100) });
    assert.match(finding!.message, /loops 10 VUs with no pause/u);
    assert.ok(finding!.evidence.some(({ text }) => text.startsWith("one VU makes 20 requests/s")));
  });

  it("finds a loop whose script sleeps in setup() only", async () => {
    const slept = `${busy}\nexport function setup() { sleep(1); }`;
    assert.equal((await findingsOf(rule, { code: slept, options })).length, 1);
  });

  it("leaves pauses wherever they are, pacing, one VU and arrivals alone", async () => {
    const cases: Given[] = [
      {
        code: journey(`http.get("http://x/"); pause();`) + "\nfunction pause() { sleep(1); }",
        options,
      },
      { code: journey(`group("a", () => { http.get("http://x/"); sleep(1); });`), options },
      {
        code: `${journey(`const user = make(); http.get("http://x/"); user.rest();`)}
function make() { return { rest() { sleep(1); } }; }`,
        options,
      },
      { code: busy, options: { ...options, minIterationDuration: "2s" } },
      { code: busy, options: { vus: 1, duration: "5m" } },
      { code: busy, options: { scenarios: { a: open } } },
      { code: busy, options: { vus: 10, iterations: 10 } },
    ];
    for (const each of cases) assert.deepEqual(await findingsOf(rule, each), []);
  });
});

describe("sleep-at-arrival-end", () => {
  it("finds a last sleep of an arrival-rate iteration, and no other sleep", async () => {
    const options = { scenarios: { a: open } };
    assert.equal((await findingsOf("sleep-at-arrival-end", { code, options })).length, 1);
    const between = journey(`http.get("http://x/"); sleep(1); http.get("http://x/");`);
    assert.deepEqual(await findingsOf("sleep-at-arrival-end", { code: between, options }), []);
    assert.deepEqual(
      await findingsOf("sleep-at-arrival-end", { code, options: { vus: 2, duration: "1m" } }),
      [],
    );
  });
});

describe("vu-pool-too-small", () => {
  const rule = "vu-pool-too-small";
  const withPool = (preAllocatedVUs: number, maxVUs: number): object => ({
    scenarios: { a: { ...open, preAllocatedVUs, maxVUs } },
  });

  it("applies Little's law to the dry run's iterations", async () => {
    // 50 iterations/s * 2 s = 100 busy VUs.
    const given = { code, trial: measured(2_000) };
    const [lost] = await findingsOf(rule, { ...given, options: withPool(10, 50) });
    assert.equal(lost?.severity, "problem");
    assert.match(lost.message, /50 VUs reach 25 iterations\/s, not 50/u);
    assert.match(lost.fix, /preAllocatedVUs to 120/u);
    const [late] = await findingsOf(rule, { ...given, options: withPool(50, 150) });
    assert.equal(late?.severity, "warning");
    assert.deepEqual(await findingsOf(rule, { ...given, options: withPool(100, 100) }), []);
  });

  it("knows the sleeps without a dry run", async () => {
    // 50 iterations/s * 1 s of sleep = 50 VUs at least.
    const [lost] = await findingsOf(rule, { code, options: withPool(10, 40) });
    assert.equal(lost?.severity, "problem");
    assert.deepEqual(await findingsOf(rule, { code, options: withPool(50, 60) }), []);
  });
});
