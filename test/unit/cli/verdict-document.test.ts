/** What programs get of a run, a campaign or a search in one shape is what the published schema says. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readReported } from "../../../src/cli/reported.ts";
import { verdictJsonSchema } from "../../../src/cli/verdict-document.ts";
import { verdictJson } from "../../../src/cli/verdict-json.ts";
import { campaignOutcome, searchOutcome } from "../../../src/report/index.ts";
import { repoRoot, scratchFolder } from "../../support/cli.ts";
import { assertPublished } from "../../support/published-schema.ts";
import { healthyRecord } from "../../support/record.ts";

const style = { colours: false, columns: 80 };

function fit(text: string): Record<string, unknown> {
  const path = join(repoRoot, "docs", "reference", "schemas", "verdict.schema.json");
  const validate = new Ajv2020({ strict: true }).compile(
    JSON.parse(readFileSync(path, "utf8")) as object,
  );
  const value = JSON.parse(text) as Record<string, unknown>;
  assert.ok(validate(value), JSON.stringify(validate.errors));
  assert.equal(validate({ ...value, more: 1 }), false, "the schema is closed");
  return value;
}

test("has its schema published", () => {
  assertPublished("verdict.schema.json", verdictJsonSchema());
});

test("fits the schema for a run that is judged and for one that is not", async (t) => {
  const runsDir = scratchFolder(t);
  const write = (record: ReturnType<typeof healthyRecord>): void => {
    mkdirSync(join(runsDir, record.id));
    writeFileSync(join(runsDir, record.id, "record.json"), JSON.stringify(record));
  };
  write(healthyRecord({ id: "judged" }));
  write(
    healthyRecord({
      id: "not-judged",
      objectives: null,
      outcome: { exitCode: 99, reason: "thresholds", message: "thresholds were crossed" },
    }),
  );
  const judged = fit((await readReported("judged", runsDir)).render("verdict", style));
  assert.deepEqual(
    [judged["kind"], judged["id"], judged["verdict"], judged["exitCode"], judged["failure"]],
    ["run", "judged", "PASS", 0, null],
  );
  assert.match(String(judged["sentence"]), /^PASS: /u);
  const open = fit((await readReported("not-judged", runsDir)).render("verdict", style));
  assert.deepEqual(
    [open["verdict"], open["sentence"], open["exitCode"], open["failure"]],
    [null, null, 99, "thresholds were crossed"],
  );
});

test("fits the schema for a campaign and for a search", () => {
  const startedAt = "2026-11-27T10:00:00.000Z";
  const campaign = campaignOutcome(
    {
      id: "c-1",
      verdict: { verdict: "INCONCLUSIVE", sentence: "INCONCLUSIVE: open", reasons: ["one"] },
      phases: [{ name: "smoke", users: 5, durationMs: 1, status: "not run" }],
      compression: 1,
    } as unknown as Parameters<typeof campaignOutcome>[0],
    { startedAt, durationMs: 1_000 },
  );
  assert.equal(fit(verdictJson(campaign, 3))["verdict"], "INCONCLUSIVE");
  const search = searchOutcome({
    id: "s-1",
    startedAt,
    verdict: "PASS",
    sentence: "PASS: 120 requests/s",
    sustainable: { requestsPerSecond: 120, dau: 30_000 },
    needed: null,
    limitedBy: null,
    trials: [],
    script: "load.js",
  } as unknown as Parameters<typeof searchOutcome>[0]);
  assert.equal(fit(verdictJson(search, 0))["kind"], "search");
});
