/** What programs get of a campaign is what the published schema says. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { campaignJson, judgeFromRecords } from "../../../src/cli/campaign-view.ts";
import {
  campaignJsonSchema,
  findCampaignDocumentFault,
} from "../../../src/cli/campaign-document.ts";
import { guidePhases } from "../../../src/plan/index.ts";
import type { CampaignRecord } from "../../../src/record/index.ts";
import { scratchFolder } from "../../support/cli.ts";
import { assertPublished } from "../../support/published-schema.ts";
import { healthyRecord } from "../../support/record.ts";

describe("the JSON of a campaign", () => {
  it("has its schema published", () => {
    assertPublished("validate.schema.json", campaignJsonSchema());
  });

  it("fits the schema, with phases of every kind, judged anew from the records", async (t) => {
    const runsDir = scratchFolder(t);
    mkdirSync(join(runsDir, "run-1"));
    const record = healthyRecord({ id: "run-1" });
    writeFileSync(join(runsDir, "run-1", "record.json"), JSON.stringify(record));
    const startedAt = "2026-11-27T10:00:00.000Z";
    const campaign: CampaignRecord = {
      schemaVersion: 1,
      id: "20261127-100000-campaign",
      lakhVersion: "0.1.0",
      startedAt,
      script: { path: "/x/script.js", sha256: null },
      users: { dau: 100_000 },
      journeys: [],
      peakUsers: 5_000,
      ratePerSecond: 444.4,
      compression: 1,
      phases: guidePhases.map((phase, index) => ({
        phase,
        attempts:
          index === 0
            ? // What the file says is of the time of the run: the record decides.
              [{ startedAt, state: "judged", run: "run-1", verdict: "FAIL", sentence: "FAIL: old" }]
            : index === 1
              ? [{ startedAt, state: "broken", run: null, verdict: null, sentence: "no target" }]
              : [],
      })),
    };
    const value = JSON.parse(campaignJson(await judgeFromRecords(campaign, runsDir))) as {
      verdict: string;
      phases: { status: string; verdict: string | null; scorecard: unknown[] }[];
    };
    assert.equal(findCampaignDocumentFault(value), undefined);
    assert.equal(value.verdict, "INCONCLUSIVE");
    assert.deepEqual(
      value.phases.map(({ status, verdict, scorecard }) => [status, verdict, scorecard.length]),
      [
        ["PASS", "PASS", 7],
        ["did not begin", null, 0],
        ["not run", null, 0],
        ["not run", null, 0],
        ["not run", null, 0],
      ],
    );
  });
});
