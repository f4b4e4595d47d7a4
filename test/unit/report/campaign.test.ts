import assert from "node:assert/strict";
import { test } from "node:test";
import { type CampaignView, renderCampaign } from "../../../src/report/index.ts";
import { cellWidth } from "../../../src/report/layout.ts";
import { assertGolden } from "./golden.ts";
import { failing, passing } from "./samples.ts";

const campaign: CampaignView = {
  id: "20261127-100000-campaign",
  compression: 1,
  phases: [
    {
      name: "smoke",
      users: 50,
      durationMs: 300_000,
      run: "20261127-100000-validate-smoke",
      status: "PASS",
      verdict: {
        ...passing,
        scorecard: [
          row("requests_per_second", "requests per second", "4.4/s"),
          row("latency_p95", "p95 latency", "41 ms"),
          row("latency_p99", "p99 latency", "60 ms"),
          row("error_rate", "error rate", "0.02 % (3 of 13,332)"),
          row("target_cpu", "CPU of the target", "mean 41 %, p95 52 %"),
          row("target_memory", "memory of the target", "305 MB to 306 MB (+782 kB)"),
          { ...row("latency_p95", "p95 latency of GET /home", "39 ms"), endpoint: "GET /home" },
        ],
      },
    },
    {
      name: "load",
      users: 500,
      durationMs: 1_800_000,
      run: "20261127-101000-validate-load",
      status: "FAIL",
      verdict: {
        ...failing,
        scorecard: [
          row("requests_per_second", "requests per second", "44.4/s"),
          {
            ...row("latency_p95", "p95 latency", "412 ms"),
            required: "< 300 ms",
            status: "FAIL",
            explanation: "7.31 % of 79,920 requests took longer than 300 ms; 5 % may",
          },
          {
            ...row("latency_p95", "p95 latency of GET /home", "410 ms"),
            endpoint: "GET /home",
            required: "< 200 ms",
            status: "INCONCLUSIVE",
            explanation: "too few to tell",
          },
        ],
      },
    },
    phase("peak", 5_000, "not run"),
    phase("soak", 1_000, "interrupted"),
  ],
  verdict: {
    verdict: "FAIL",
    sentence:
      "FAIL: the target does not hold 100,000 daily users (5,000 at once): phase load failed",
    reasons: ["smoke: PASS: it holds", "load: FAIL: it does not hold"],
  },
};

function row(id: string, label: string, measured: string): CampaignRow {
  return { id, label, measured, required: "x", status: "PASS", explanation: "" };
}

type CampaignRow = (typeof passing.scorecard)[number];

function phase(name: string, users: number, status: string): CampaignView["phases"][number] {
  return { name, users, durationMs: 1_800_000, run: null, status, verdict: undefined };
}

for (const columns of [80, 120]) {
  test(`a campaign on ${columns} columns`, () => {
    const text = renderCampaign(campaign, { colours: false, columns });
    assertGolden(`campaign-${columns}.txt`, text);
    for (const line of text.split("\n")) assert.ok(cellWidth(line) <= columns, line);
  });
}

test("the row of all requests, not of an endpoint, is in the table", () => {
  const text = renderCampaign(campaign, { colours: false, columns: 120 });
  assert.match(text, /^smoke .* 41 ms /mu);
});

test("a try-out says so before anything else", () => {
  const text = renderCampaign({ ...campaign, compression: 60 }, { colours: false, columns: 100 });
  assert.match(text.split("\n")[1]!, /^A try-out: all times are divided by 60/u);
});
