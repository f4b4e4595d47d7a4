import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DashboardSteps } from "../../../src/cli/dashboard-steps.ts";
import type { Dashboard, Step } from "../../../src/dashboard/index.ts";
import type { CampaignRecord } from "../../../src/record/index.ts";
import type { RunResult } from "../../../src/run/index.ts";

function recording(): { dashboard: Dashboard; latest: () => readonly Step[] } {
  let steps: readonly Step[] = [];
  const dashboard = { setSteps: (given: readonly Step[]) => void (steps = given) };
  return { dashboard: dashboard as unknown as Dashboard, latest: () => steps };
}

const result = (verdict: string | undefined, reason = "finished"): RunResult =>
  ({
    record: { outcome: { reason } },
    verdict: verdict === undefined ? undefined : { verdict, sentence: `${verdict}: so it is` },
  }) as unknown as RunResult;

const phase = (name: string, attempt?: object): object => ({
  phase: { name },
  attempts: attempt === undefined ? [] : [attempt],
});

describe("DashboardSteps", () => {
  it("shows the phases of a campaign, those that have passed before included", async () => {
    const { dashboard, latest } = recording();
    const steps = new DashboardSteps(dashboard);
    const passed = { state: "judged", verdict: "PASS", sentence: "it holds" };
    const phases = [phase("smoke", passed), phase("load", { state: "running" }), phase("peak")];
    steps.setPhases({ phases } as unknown as CampaignRecord, ({ name }) => `the ${name}`);
    const states = (): string =>
      latest()
        .map(({ state }) => state)
        .join();
    assert.equal(states(), "judged,waiting,waiting");
    assert.deepEqual([latest()[0]!.verdict, latest()[1]!.title], ["PASS", "the load"]);
    steps.begin(2);
    assert.equal(states(), "judged,running,waiting");
    await steps.during(2, () => Promise.resolve(result("FAIL")));
    assert.equal(states(), "judged,judged,waiting");
    assert.equal(latest()[1]!.sentence, "FAIL: so it is");
    steps.begin(3);
    await steps.during(3, () => Promise.resolve(result(undefined, "interrupted")));
    assert.equal(states(), "judged,judged,interrupted");
  });

  it("adds the trials of a search, one that is made again once", async () => {
    const { dashboard, latest } = recording();
    const steps = new DashboardSteps(dashboard);
    steps.beginTrial(1, "10 requests/s");
    steps.beginTrial(1, "10 requests/s, longer");
    await steps.during(1, () => Promise.resolve(result("PASS")));
    steps.beginTrial(2, "20 requests/s");
    assert.deepEqual(
      latest().map(({ number, title, state, verdict }) => [number, title, state, verdict]),
      [
        [1, "10 requests/s, longer", "judged", "PASS"],
        [2, "20 requests/s", "running", null],
      ],
    );
  });
});
