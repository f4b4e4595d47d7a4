/** Campaigns over runs that are made up: which phases are run, and what stands on disk when. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import type { Phase } from "../../../src/plan/index.ts";
import { type CampaignRecord, readCampaign, type VerdictWord } from "../../../src/record/index.ts";
import {
  type CampaignRequest,
  runCampaign,
  type RunRequest,
  type RunResult,
} from "../../../src/run/index.ts";
import { healthyRecord } from "../../support/record.ts";

const phases: readonly Phase[] = [
  { name: "smoke", users: 50, durationMs: 300_000 },
  { name: "load", users: 500, durationMs: 1_800_000, objectives: { errorShare: 0.01 } },
  { name: "peak", users: 5_000, durationMs: 1_800_000, warmUpMs: 120_000 },
];

type Ending = VerdictWord | "interrupted" | Error;

interface Bench {
  readonly request: CampaignRequest;
  readonly ran: RunRequest[];
  readonly skipped: string[];
  /** States of the last phase's attempt as they were on disk while its run went on. */
  readonly seen: CampaignRecord[];
  readonly run: (
    endings: readonly Ending[],
    change?: Partial<CampaignRequest>,
  ) => Promise<CampaignRecord>;
}

function bench(t: TestContext): Bench {
  const runsDir = mkdtempSync(join(tmpdir(), "lakh-campaign-"));
  t.after(() => rmSync(runsDir, { recursive: true }));
  const path = join(runsDir, "script.js");
  writeFileSync(path, "export default function () {}\n");
  const request: CampaignRequest = {
    run: { script: { path }, runsDir } as CampaignRequest["run"],
    users: { dau: 100_000 },
    journeys: [],
    phases,
    only: undefined,
    compression: 1,
    resume: undefined,
  };
  const [ran, skipped, seen]: [RunRequest[], string[], CampaignRecord[]] = [[], [], []];
  let wallMs = Date.UTC(2026, 10, 27, 10);
  return {
    request,
    ran,
    skipped,
    seen,
    run(endings, change = {}) {
      const left = [...endings];
      wallMs += 60_000;
      return runCampaign(
        { ...request, ...change },
        {
          clock: { nowMs: () => 0, wallMs: () => wallMs },
          execute: async (each) => {
            ran.push(each);
            seen.push(await readCampaign("latest", runsDir));
            const ending = left.shift();
            if (ending instanceof Error) throw ending;
            return resultOf(ending ?? "PASS", each.label);
          },
          onSkip: ({ name }) => skipped.push(name),
        },
      );
    },
  };
}

function resultOf(ending: VerdictWord | "interrupted", label: string): RunResult {
  const isCut = ending === "interrupted";
  const outcome = { exitCode: isCut ? 105 : 0, reason: isCut ? ending : "finished", message: null };
  const word = isCut ? "INVALID" : ending;
  return {
    record: healthyRecord({ id: label, outcome } as Partial<RunResult["record"]>),
    verdict: { verdict: word, sentence: `${word}: because` },
  } as RunResult;
}

const endingsOf = ({ phases: all }: CampaignRecord): (readonly string[])[] =>
  all.map(({ attempts }) => attempts.map(({ state, verdict }) => `${state} ${verdict}`));

describe("a campaign", () => {
  it("runs every phase with the load of its users, its times and its objectives", async (t) => {
    const { run, ran } = bench(t);
    const done = await run(["PASS", "PASS", "PASS"]);
    assert.deepEqual(
      ran.map(({ label, demand }) => [
        label,
        demand!.users.dau,
        demand!.warmUpMs,
        demand!.steadyMs,
      ]),
      [
        ["validate-smoke", 1_000, 30_000, 270_000],
        ["validate-load", 10_000, 60_000, 1_740_000],
        ["validate-peak", 100_000, 120_000, 1_680_000],
      ],
    );
    assert.deepEqual(ran[1]!.demand!.objectives, { errorShare: 0.01 });
    assert.ok(ran.every(({ partOf }) => partOf!.kind === "campaign" && partOf!.id === done.id));
    assert.deepEqual(endingsOf(done), [["judged PASS"], ["judged PASS"], ["judged PASS"]]);
  });

  for (const ending of ["FAIL", "INVALID", "INCONCLUSIVE"] as const) {
    it(`stops after ${ending}`, async (t) => {
      const { run, ran } = bench(t);
      const done = await run(["PASS", ending]);
      assert.equal(ran.length, 2);
      assert.deepEqual(endingsOf(done), [["judged PASS"], [`judged ${ending}`], []]);
    });
  }

  it("a try-out goes on where there was too little evidence", async (t) => {
    const { run, ran } = bench(t);
    await run(["INCONCLUSIVE", "INCONCLUSIVE", "INCONCLUSIVE"], { compression: 60 });
    assert.deepEqual(
      ran.map(({ demand }) => demand!.warmUpMs + demand!.steadyMs),
      [5_000, 30_000, 30_000],
    );
  });

  it("has each attempt on disk while it goes on, so that a crash shows", async (t) => {
    const { run, seen } = bench(t);
    await run(["PASS", "PASS", "PASS"]);
    assert.deepEqual(seen.map(endingsOf), [
      [["running null"], [], []],
      [["judged PASS"], ["running null"], []],
      [["judged PASS"], ["judged PASS"], ["running null"]],
    ]);
  });

  it("goes on after Ctrl-C with the phase that was cut", async (t) => {
    const { run, ran, skipped } = bench(t);
    const cut = await run(["PASS", "interrupted"]);
    assert.equal(cut.phases[1]!.attempts[0]!.state, "interrupted");
    const done = await run(["PASS", "PASS"], { resume: cut.id });
    assert.deepEqual(skipped, ["smoke"]);
    assert.deepEqual(
      ran.map(({ label }) => label),
      ["validate-smoke", "validate-load", "validate-load", "validate-peak"],
    );
    assert.equal(done.id, cut.id);
    assert.deepEqual(endingsOf(done)[1], ["interrupted INVALID", "judged PASS"]);
  });

  it("keeps why a run could not begin, and passes the error on", async (t) => {
    const { run, request } = bench(t);
    const down = new LakhError("PROBE_FAILED", "all 12 requests failed");
    await assert.rejects(run(["PASS", down]), down);
    const state = await readCampaign("latest", request.run.runsDir);
    assert.equal(state.phases[1]!.attempts[0]!.state, "broken");
    assert.equal(state.phases[1]!.attempts[0]!.sentence, "all 12 requests failed");
  });
});

describe("chosen phases", () => {
  it("are run even when they passed before, and alone", async (t) => {
    const { run, ran } = bench(t);
    const first = await run(["PASS", "FAIL"]);
    await run(["PASS", "PASS"], { resume: first.id, only: ["load", "smoke"] });
    assert.deepEqual(
      ran.slice(2).map(({ label }) => label),
      ["validate-smoke", "validate-load"],
      "in the campaign's order",
    );
  });

  it("wait for the phase before them", async (t) => {
    const { run, ran, request } = bench(t);
    await assert.rejects(run([], { only: ["peak"] }), { code: "CAMPAIGN_GATE", exitCode: 104 });
    assert.equal(ran.length, 0);
    await assert.rejects(readCampaign("latest", request.run.runsDir), {
      code: "CAMPAIGN_NOT_FOUND",
    });
  });

  it("must be phases of the campaign", async (t) => {
    await assert.rejects(bench(t).run([], { only: ["peek"] }), {
      code: "CAMPAIGN_PHASE",
      hint: /did you mean "peak"/u,
    });
  });
});

describe("a campaign that was planned otherwise cannot be resumed:", () => {
  const changes: readonly (readonly [string, Partial<CampaignRequest>, RegExp])[] = [
    ["other users", { users: { dau: 200_000 } }, /it was about dau 100000, now it is dau 200000/u],
    ["other phases", { phases: phases.slice(0, 2) }, /it had 3 phases, now there are 2/u],
    [
      "a longer phase",
      { phases: phases.map((phase) => ({ ...phase, durationMs: 3_600_000 })) },
      /phase smoke was planned otherwise/u,
    ],
    [
      "other journeys",
      { journeys: [{ name: "buy", exec: "buy", weight: 1 }] },
      /its journeys or their weights were others/u,
    ],
    ["a try-out", { compression: 10 }, /divided by 1, now by 10/u],
  ];
  for (const [what, change, message] of changes) {
    it(what, async (t) => {
      const { run } = bench(t);
      const { id } = await run(["PASS", "FAIL"]);
      await assert.rejects(run([], { ...change, resume: id }), {
        code: "CAMPAIGN_CHANGED",
        message,
      });
    });
  }

  it("another script", async (t) => {
    const { run, request } = bench(t);
    const { id } = await run(["FAIL"]);
    writeFileSync(request.run.script.path, "export default function () { /* other */ }\n");
    await assert.rejects(run([], { resume: id }), { message: /the script is another than that/u });
  });
});

describe("the file of a campaign", () => {
  it("is refused by the field that is wrong", async (t) => {
    const { run, request } = bench(t);
    const { id } = await run(["FAIL"]);
    const path = join(request.run.runsDir, id, "campaign.json");
    const good = readFileSync(path, "utf8");
    writeFileSync(path, good.replace('"verdict":"FAIL"', '"verdict":"PASSED"'));
    await assert.rejects(readCampaign(id, request.run.runsDir), {
      code: "CAMPAIGN_INVALID",
      message: /phases\.0\.attempts\.0\.verdict/u,
    });
    writeFileSync(path, good.slice(0, 40));
    await assert.rejects(readCampaign(id, request.run.runsDir), { code: "CAMPAIGN_INVALID" });
  });

  it("that is not there is told with those that are", async (t) => {
    const { run, request } = bench(t);
    await assert.rejects(readCampaign("latest", request.run.runsDir), {
      code: "CAMPAIGN_NOT_FOUND",
      hint: "leave out --resume to begin one",
    });
    const { id } = await run(["FAIL"]);
    await assert.rejects(readCampaign("other", request.run.runsDir), {
      hint: `the newest are ${id}`,
    });
  });
});
