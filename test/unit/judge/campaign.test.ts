import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeCampaign, opensGate } from "../../../src/judge/index.ts";
import { guidePhases } from "../../../src/plan/index.ts";
import type { AttemptRecord, CampaignRecord, VerdictWord } from "../../../src/record/index.ts";

type Ending = VerdictWord | AttemptRecord["state"] | null;

function attempt(ending: Exclude<Ending, null>): AttemptRecord {
  const isState = ending === "running" || ending === "interrupted" || ending === "broken";
  return {
    startedAt: "2026-11-27T10:00:00.000Z",
    state: isState ? ending : "judged",
    run: "20261127-100000-validate",
    verdict: isState || ending === "judged" ? null : ending,
    sentence: isState ? null : `${ending}: because`,
  };
}

function campaign(endings: readonly Ending[], overrides: Partial<CampaignRecord> = {}) {
  const record: CampaignRecord = {
    schemaVersion: 1,
    id: "20261127-100000-campaign",
    lakhVersion: "0.1.0",
    startedAt: "2026-11-27T10:00:00.000Z",
    script: { path: "/x/script.js", sha256: null },
    users: { dau: 100_000 },
    journeys: [],
    peakUsers: 5_000,
    ratePerSecond: 444.4,
    compression: 1,
    phases: guidePhases.map((phase, index) => {
      const ending = endings[index] ?? null;
      return { phase, attempts: ending === null ? [] : [attempt(ending)] };
    }),
    ...overrides,
  };
  return record;
}

const allPassed: readonly Ending[] = ["PASS", "PASS", "PASS", "PASS", "PASS"];

describe("the verdict of a campaign", () => {
  it("PASS when every phase passed, and it says of what", () => {
    const { verdict, sentence, reasons } = judgeCampaign(campaign(allPassed));
    assert.equal(verdict, "PASS");
    assert.match(sentence, /holds 100,000 daily users \(5,000 at once, 444 requests\/s\)/u);
    assert.match(sentence, /soak \(1,000 users, 4h0m0s\) passed$/u);
    assert.equal(reasons.length, 5);
  });

  for (const [index, { name }] of guidePhases.entries()) {
    it(`never PASS without ${name}`, () => {
      for (const ending of [null, "running", "interrupted", "broken", "INCONCLUSIVE"] as const) {
        const endings = allPassed.map((each, place) => (place === index ? ending : each));
        const { verdict, sentence } = judgeCampaign(campaign(endings));
        assert.equal(verdict, "INCONCLUSIVE", String(ending));
        assert.ok(sentence.includes(name), sentence);
      }
    });
  }

  it("a failed phase is a FAIL, whatever else is open", () => {
    const { verdict, sentence } = judgeCampaign(campaign(["PASS", "FAIL", "INVALID"]));
    assert.equal(verdict, "FAIL");
    assert.match(sentence, /does not hold 100,000 daily users .*: phase load failed/u);
  });

  it("an invalid phase is INVALID", () => {
    assert.equal(judgeCampaign(campaign(["PASS", "INVALID"])).verdict, "INVALID");
  });

  it("the last attempt counts", () => {
    const record = campaign(allPassed);
    const phases = record.phases.map((each) => ({
      ...each,
      attempts: [attempt("FAIL"), ...each.attempts],
    }));
    assert.equal(judgeCampaign({ ...record, phases }).verdict, "PASS");
  });

  it("never PASS when no phase had the users of the peak", () => {
    const { verdict, sentence } = judgeCampaign(campaign(allPassed, { peakUsers: 8_000 }));
    assert.equal(verdict, "INCONCLUSIVE");
    assert.match(sentence, /none had the 8,000 users .*: the largest had 5,000/u);
  });

  it("a failure beyond the peak does not deny the daily users", () => {
    const phases = [
      ...campaign(allPassed).phases,
      {
        phase: { name: "break", users: 20_000, durationMs: 600_000 },
        attempts: [attempt("FAIL")],
      },
    ];
    const { verdict, sentence } = judgeCampaign(campaign([], { phases }));
    assert.equal(verdict, "FAIL");
    assert.doesNotMatch(sentence, /does not hold/u);
    assert.match(sentence, /phase break failed, with more users than the 5,000/u);
  });

  it("a try-out is never a PASS, and says what it is", () => {
    const { verdict, sentence } = judgeCampaign(campaign(allPassed, { compression: 60 }));
    assert.equal(verdict, "INCONCLUSIVE");
    assert.match(sentence, /a try-out: all times divided by 60/u);
  });
});

describe("the gate", () => {
  const after = (ending: Ending, compression: number): boolean =>
    opensGate(campaign([ending]).phases[0]!, compression);

  it("opens after a PASS alone", () => {
    assert.ok(after("PASS", 1));
    for (const ending of [
      "FAIL",
      "INVALID",
      "INCONCLUSIVE",
      "interrupted",
      "running",
      null,
    ] as const)
      assert.ok(!after(ending, 1), String(ending));
  });

  it("in a try-out, after too little evidence as well", () => {
    assert.ok(after("INCONCLUSIVE", 60));
    for (const ending of ["FAIL", "INVALID", "interrupted", null] as const)
      assert.ok(!after(ending, 60), String(ending));
  });
});
