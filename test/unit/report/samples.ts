/** Verdicts, a plan and a record for the report's tests: the guide's video API at 100,000 daily users. */
import type { RunRecord } from "../../../src/record/index.ts";
import type { PlanFindingView, PlanStepView, VerdictView } from "../../../src/report/index.ts";

export const passing: VerdictView = {
  verdict: "PASS",
  sentence: "The target holds 100,000 daily users: 5,000 at once, 444 requests/s.",
  reasons: ["all 2 criteria are met"],
  scorecard: [
    {
      id: "users",
      label: "Peak users",
      required: "5,000",
      measured: "5,000",
      status: "PASS",
      explanation: "every user was there",
    },
    {
      id: "p95",
      label: "p95 latency",
      required: "< 300 ms",
      measured: "212.4 ms",
      status: "PASS",
      explanation: "far below",
    },
  ],
  generator: { status: "healthy", figures: [], sentence: "it had time to spare in every second." },
};

export const failing: VerdictView = {
  verdict: "FAIL",
  sentence:
    "The target does not hold 100,000 daily users: one request in twenty takes longer than 300 ms at 444 requests/s.",
  reasons: [
    "p95 latency: 412.2 ms measured, less than 300 ms required, in 231 of 240 intervals",
    "memory could not be judged: nobody read it",
  ],
  scorecard: [
    {
      id: "users",
      label: "Peak users",
      required: "5,000",
      measured: "5,000",
      status: "PASS",
      explanation: "all of them ran an iteration",
    },
    {
      id: "rps",
      label: "Requests per second",
      required: "400 to 500",
      measured: "444.2",
      status: "PASS",
      explanation: "within the range all the time",
    },
    {
      id: "p95",
      label: "p95 latency",
      required: "< 300 ms",
      measured: "412.2 ms (401.9 to 423.0 with 95 % confidence)",
      status: "FAIL",
      explanation:
        "7.31 % of 106,608 requests took longer than 300 ms; 5 % may. The whole interval of confidence is on the wrong side.",
    },
    {
      id: "p99",
      label: "p99 latency",
      required: "< 500 ms",
      measured: "498.7 ms",
      status: "INCONCLUSIVE",
      explanation:
        "the confidence interval reaches from 488.1 ms to 511.0 ms; run for about 20 minutes to tell",
    },
    {
      id: "memory",
      label: "Memory",
      required: "stable",
      measured: "not read",
      status: "NOT_JUDGED",
      explanation: "no source of memory readings; give --observe pid:4711",
    },
  ],
  generator: {
    status: "warning",
    figures: [
      { name: "busiest event loop", value: 0.83456, limit: 0.8, exceeded: true },
      { name: "start lag p99 (ms)", value: 3.2, limit: 50, exceeded: false },
    ],
    sentence: "one worker was busy for more than 80 % of its time in 3 of 240 seconds.",
  },
};

export const steps: PlanStepView[] = [
  { quantity: "daily users", formula: "given", value: 100_000, unit: "users" },
  { quantity: "requests per user and day", formula: "assumed", value: 40, unit: "requests" },
  {
    quantity: "share of daily users there at once",
    formula: "assumed",
    value: 0.05,
    unit: "share",
  },
  {
    quantity: "mean rate in the peak window",
    formula: "requests per day * share in the peak window / (window hours * 3600)",
    value: 277.777_777,
    unit: "requests/s",
  },
  {
    quantity: "peak rate",
    formula: "mean rate in the peak window * peak over average",
    value: 444.444_444,
    unit: "requests/s",
  },
  {
    quantity: "time between two requests of one user",
    formula: "concurrent users / peak rate",
    value: 11.25,
    unit: "s",
  },
];

export const findings: PlanFindingView[] = [
  {
    severity: "problem",
    message:
      "5,000 VUs in the script's own closed loop (6 requests per 8.5 s) offer 3,529 requests/s: 7.94 times the peak of 444",
    alternatives: [
      "keep 5,000 users and start each one's iteration every 67.5 s (open arrivals, or minIterationDuration)",
      "keep the closed loop and use 630 VUs, which then are no users any more",
    ],
  },
  { severity: "info", message: "an iteration is assumed to last 8.5 s", alternatives: [] },
];

const latency = { avg: 120.5, min: 3.2, med: 101.1, max: 2_431.9, "p(90)": 250.25, "p(95)": 412.2 };

export const record: RunRecord = {
  schemaVersion: 1,
  id: "2026-02-03T04-05-06-video-api",
  lakhVersion: "1.0.0",
  startedAt: "2026-02-03T04:05:06.000Z",
  durationMs: 300_012.25,
  script: { path: "load-tests/video-api.js", sha256: "0123456789abcdef".repeat(4) },
  runner: "embedded",
  environment: {
    node: "v22.0.0",
    os: "linux",
    cpuModel: "test",
    cpuCount: 2,
    memoryBytes: 8e9,
    workers: 2,
  },
  scenarios: [
    {
      name: "default",
      executor: "constant-arrival-rate",
      startTimeMs: 0,
      durationMs: 300_000,
      maxVus: 5_000,
      config: {},
    },
  ],
  options: { summaryTrendStats: Object.keys(latency) },
  plan: { dau: 100_000, steps },
  objectives: null,
  steadyState: { fromMs: 60_000, toMs: 300_000, rule: "after the ramp" },
  metrics: [
    {
      name: "http_reqs",
      type: "counter",
      contains: "default",
      values: { count: 133_260, rate: 444.2 },
    },
    { name: "http_req_duration", type: "trend", contains: "time", values: latency },
    {
      name: "http_req_duration{expected_response:true}",
      type: "trend",
      contains: "time",
      values: latency,
    },
    {
      name: "http_req_failed",
      type: "rate",
      contains: "default",
      values: { rate: 0.0005, passes: 67, fails: 133_193 },
    },
    {
      name: "checks",
      type: "rate",
      contains: "default",
      values: { rate: 0.75, passes: 30, fails: 10 },
    },
    { name: "vus", type: "gauge", contains: "default", values: { value: 12, min: 0, max: 5_000 } },
    {
      name: "data_received",
      type: "counter",
      contains: "data",
      values: { count: 123_456_789, rate: 411_522 },
    },
    {
      name: "searches",
      type: "counter",
      contains: "default",
      values: { count: 22_210, rate: 74.03 },
    },
  ],
  thresholds: [
    { metric: "http_req_duration", source: "p(95)<300", ok: false, actual: 412.2 },
    { metric: "http_req_failed", source: "rate<0.001", ok: true, actual: 0.0005 },
  ],
  endpoints: [
    {
      name: "/api/feed",
      method: "GET",
      requests: 53_304,
      failed: 0,
      avgMs: 98.2,
      p50Ms: 90.123,
      p90Ms: 200,
      p95Ms: 301.5,
      p99Ms: 480,
      maxMs: 2_431.9,
    },
    {
      name: "/api/search?q=検索",
      method: "GET",
      requests: 53_304,
      failed: 60,
      avgMs: 8.2,
      p50Ms: 7.123,
      p90Ms: 10,
      p95Ms: 12.5,
      p99Ms: 48,
      maxMs: 99.999,
    },
  ],
  intervals: [],
  steadyLatency: {
    schema: 7,
    zeroCount: 0,
    offset: 0,
    counts: [],
    count: 0,
    sum: 0,
    min: 0,
    max: 0,
  },
  population: { initializedVus: 5_000, usedVus: 4_988, peakActiveVus: 512 },
  iterations: {
    due: 22_210,
    started: 22_208,
    completed: 22_200,
    interrupted: 8,
    dropped: 2,
    failed: 3,
  },
  generatorHealth: [],
  observations: [],
  outcome: {
    exitCode: 99,
    reason: "thresholds",
    message: "thresholds on metrics 'http_req_duration' have been crossed",
  },
  exceptions: [
    {
      message:
        "TypeError: Cannot read properties of undefined (reading 'id')\n\tat load-tests/video-api.js:41:18",
      count: 3,
    },
  ],
};
