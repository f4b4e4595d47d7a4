/** Pages of campaigns and searches: the answer, and what it rests on. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LimitRecord, LimitTrialRecord, RunRecord } from "../../../../src/record/index.ts";
import {
  type CampaignHtmlInput,
  renderCampaignHtml,
  renderSearchHtml,
} from "../../../../src/report/index.ts";
import { healthyRecord } from "../../../support/record.ts";
import { failing, passing } from "../samples.ts";
import { attributeOf, byId, type Element, elementsIn, parsed, textOf } from "./samples.ts";

function campaign(changes: Partial<CampaignHtmlInput["view"]> = {}): CampaignHtmlInput {
  const phase = { users: 50, durationMs: 300_000, run: null, verdict: undefined };
  return {
    view: {
      id: "20261127-100000-campaign",
      compression: 1,
      phases: [
        { ...phase, name: "smoke", run: "one", status: "PASS", verdict: passing },
        { ...phase, name: "load <b>", run: "two", status: "FAIL", verdict: failing },
        { ...phase, name: "peak", status: "not run" },
      ],
      verdict: { verdict: "FAIL", sentence: "FAIL: phase load failed", reasons: ["load: failed"] },
      ...changes,
    },
    startedAt: "2026-11-27T10:00:00.000Z",
    dau: 100_000,
    script: "/home/ann/my load.js",
    lakhVersion: "0.1.0",
    records: new Map<string, RunRecord>([
      ["one", healthyRecord()],
      ["two", healthyRecord()],
    ]),
  };
}

function trial(ratePerSecond: number, changes: Partial<LimitTrialRecord> = {}): LimitTrialRecord {
  return {
    run: `run-${ratePerSecond}`,
    purpose: "ramp",
    ratePerSecond,
    achievedPerSecond: ratePerSecond,
    goodPerSecond: ratePerSecond,
    warmUpMs: 10_000,
    steadyMs: 30_000,
    verdict: "PASS",
    sentence: "PASS: the target holds this load",
    side: "holds",
    hasCollapsed: false,
    p50Ms: 10,
    p95Ms: 20,
    p99Ms: 30,
    errorShare: 0,
    ...changes,
  };
}

const search: LimitRecord = {
  schemaVersion: 1,
  id: "20261127-100000-limit",
  lakhVersion: "0.1.0",
  startedAt: "2026-11-27T10:00:00.000Z",
  script: "load.js",
  verdict: "PASS",
  sentence: "PASS: sustains 612 requests/s (95 % interval 590-630) = 137,000 daily users",
  sustainable: {
    requestsPerSecond: 612,
    low: 590,
    high: 630,
    dau: 137_000,
    lowDau: 132_000,
    highDau: 141_000,
    isProven: true,
  },
  needed: { dau: 100_000, requestsPerSecond: 444.4 },
  limitedBy: { id: "latency_p95", label: "p95 latency" },
  end: "found",
  partial: false,
  knee: { throughput: 640, latency: 600 },
  usl: null,
  uslReason: "too few trials",
  trials: [
    trial(300),
    trial(640, { side: "fails", verdict: "FAIL", p95Ms: 900, sentence: "FAIL: too slow" }),
  ],
  recovery: { recovered: true, afterMs: 4_000 },
  arrivals: "even",
  confidence: 0.95,
  maxTrials: 16,
  objectives: { latency: [{ share: 0.95, limitMs: 300 }], errorShare: 0.001, cpuShare: null },
};

const cellsOf = (root: Element, id: string): string[][] =>
  elementsIn(byId(root, id))
    .filter(({ tagName }) => tagName === "tr")
    .map((row) => row.childNodes.map(textOf));

describe("renderCampaignHtml", () => {
  it("has the campaign's verdict, a row a phase, and each phase's run in full", async () => {
    const root = parsed(await renderCampaignHtml(campaign()));
    assert.match(textOf(byId(root, "verdict")), /FAILPhase load failed/u);
    const [, smoke, load, peak] = cellsOf(root, "phases");
    assert.deepEqual(smoke?.slice(0, 4), ["smoke", "50", "5m0s", "✓PASS"]);
    assert.deepEqual(load?.slice(0, 4), ["load <b>", "50", "5m0s", "✕FAIL"]);
    assert.deepEqual(peak?.slice(0, 4), ["peak", "50", "5m0s", "•not run"]);
    assert.match(textOf(byId(root, "phase-smoke-scorecard")), /p95 latency/u);
    assert.match(
      textOf(byId(root, "again")),
      /lakh validate --dau 100000 '\/home\/ann\/my load\.js'/u,
    );
  });

  it("has headings in order, unique ids, and links that lead somewhere", async () => {
    const all = elementsIn(byId(parsed(await renderCampaignHtml(campaign())), "report"));
    const levels = all.flatMap(({ tagName }) =>
      /^h[1-6]$/u.test(tagName) ? [Number(tagName[1])] : [],
    );
    levels.forEach((level, index) => assert.ok(index === 0 || level - levels[index - 1]! <= 1));
    const ids = all.flatMap((element) => attributeOf(element, "id") ?? []);
    assert.equal(new Set(ids).size, ids.length);
    for (const href of all.flatMap((element) => attributeOf(element, "href") ?? []))
      assert.ok(ids.includes(href.slice(1)), href);
  });

  it("says of a try-out that it was one", async () => {
    const root = parsed(await renderCampaignHtml(campaign({ compression: 60 })));
    assert.match(textOf(byId(root, "verdict")), /This was a try-out/u);
    assert.match(textOf(byId(root, "phases")), /all times divided by 60/u);
  });
});

describe("renderSearchHtml", () => {
  it("has the answer with its interval, the trials, and the limit marked in the charts", async () => {
    const root = parsed(await renderSearchHtml(search));
    assert.match(textOf(byId(root, "verdict")), /PASSSustains 612 requests\/s/u);
    const figures = textOf(byId(root, "figures"));
    assert.match(figures, /requests\/s that hold612\.0590\.0 to 630\.0/u);
    assert.match(figures, /daily users137,000132,000 to 141,000/u);
    assert.match(figures, /p95 bends upward at about 600\.0 requests\/s/u);
    const charts = textOf(byId(root, "charts"));
    assert.match(charts, /holds 612\.0\/s/u);
    assert.match(charts, /needed 444\.4\/s/u);
    assert.match(charts, /p95 < 300 ms/u);
    assert.deepEqual(
      cellsOf(root, "trials")
        .slice(1)
        .map((cells) => [cells[2], cells[6], cells[9]]),
      [
        ["300.0", "20.0 ms", "✓holds"],
        ["640.0", "900.0 ms", "✕fails"],
      ],
    );
  });

  it("never says that a rate holds which no trial has proved", async () => {
    const sustainable = { ...search.sustainable!, isProven: false };
    const root = parsed(
      await renderSearchHtml({ ...search, verdict: "INCONCLUSIVE", sustainable }),
    );
    assert.match(textOf(byId(root, "figures")), /requests\/s that seem to hold/u);
    assert.match(textOf(byId(root, "charts")), /seems to hold 612\.0\/s/u);
  });

  it("bears a search that found nothing", async () => {
    const nothing = {
      ...search,
      sustainable: null,
      needed: null,
      limitedBy: null,
      recovery: null,
      trials: [],
    };
    const root = parsed(
      await renderSearchHtml({ ...nothing, verdict: "INVALID", end: "interrupted", partial: true }),
    );
    assert.match(textOf(byId(root, "figures")), /no rate was found that holds/u);
    assert.match(textOf(byId(root, "trials")), /No trial was made/u);
  });
});
