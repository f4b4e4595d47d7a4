/** `lakh plan` in this process: figures, texts, and the JSON that programs get. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { runCommandLine } from "../../../src/cli/program.ts";
import { type PlanDocument, planJsonSchema } from "../../../src/plan/index.ts";
import { findPlanFault } from "../../../src/plan/plan-document.ts";
import { scratchFolder } from "../../support/cli.ts";
import { testHost } from "../../support/host.ts";
import { assertPublished } from "../../support/published-schema.ts";
import { healthyReadings, healthyRecord } from "../../support/record.ts";
import { assertGolden } from "../report/golden.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function lakhPlan(cwd: string, ...args: string[]): Promise<Ended> {
  const host = testHost(["plan", "--generator-cores", "4", ...args], { cwd });
  const code = await runCommandLine(host);
  return { code, ...host.written };
}

async function planJson(cwd: string, ...args: string[]): Promise<PlanDocument> {
  const { code, stdout, stderr } = await lakhPlan(cwd, "--json", ...args);
  assert.equal(code, 0, stderr);
  const document = JSON.parse(stdout) as PlanDocument;
  assert.equal(findPlanFault(document), undefined);
  return document;
}

const inputOf = (plan: PlanDocument, name: string): PlanDocument["demand"]["inputs"][number] =>
  plan.demand.inputs.find((input) => input.name === name)!;

describe("the guide's own figures", () => {
  const cases = [
    ["as it states them", "plan-guide.txt", []],
    ["as it computes them, without a peak", "plan-guide-mean.txt", ["--peak-to-average", "1"]],
  ] as const;
  for (const [title, golden, extra] of cases)
    it(`contradict each other: ${title}`, async (t) => {
      const guide = ["--dau", "100000", "--requests-per-user", "40", "--peak-hours", "4"];
      const args = [...guide, "--stated-rate", "400-500", ...extra];
      const { code, stdout } = await lakhPlan(scratchFolder(t), ...args);
      assert.equal(code, 0);
      // 100,000 * 40 / 14,400 s, not 400 to 500; and 5,000 VUs of its script offer 20 times of what is wanted.
      assert.match(stdout, /278 follow from the users/u);
      assert.match(stdout, /offer\s+11,111 requests\/s/u);
      assertGolden(golden, stdout);
    });
});

describe("a config file", () => {
  const config = JSON.stringify({ audience: { dau: 250_000, growth: 2, peakToAverage: 1.2 } });

  it("says what no flag says, and each input tells where it comes from", async (t) => {
    const cwd = scratchFolder(t, { "lakh.config.json": config });
    const plan = await planJson(cwd, "--peak-to-average", "1.5");
    assert.equal(plan.configFile, join(cwd, "lakh.config.json"));
    assert.equal(plan.demand.dau, 250_000);
    assert.equal(inputOf(plan, "dau").formula, "given (lakh.config.json)");
    assert.equal(inputOf(plan, "growth").formula, "given (lakh.config.json)");
    assert.equal(inputOf(plan, "peakToAverage").formula, "given (--peak-to-average)");
    assert.equal(inputOf(plan, "peakToAverage").value, 1.5);
    assert.equal(inputOf(plan, "peakWindowHours").formula, "assumed");
  });

  it("is not read with --no-config-file, and another one when it is named", async (t) => {
    const cwd = scratchFolder(t, {
      "lakh.config.json": config,
      "other.ts":
        'import { defineConfig } from "lakh"; export default defineConfig({ audience: { dau: 7 } });',
    });
    assert.equal((await planJson(cwd, "--no-config-file", "--dau", "5")).configFile, null);
    assert.equal((await planJson(cwd, "--config-file", "other.ts")).demand.dau, 7);
  });

  it("that is wrong ends the command", async (t) => {
    const cwd = scratchFolder(t, { "lakh.config.json": '{ "audience": { "dua": 1 } }' });
    const { code, stderr } = await lakhPlan(cwd);
    assert.equal(code, 104);
    assert.match(stderr, /audience\.dua: unknown field; did you mean "dau"\?/u);
    assert.match(stderr, /code: LAKH_CONFIG_INVALID/u);
  });

  it("does not let a secret out", async (t) => {
    const cwd = scratchFolder(t, {
      "lakh.config.json": JSON.stringify({ audience: { dau: 1 }, env: { TOKEN: "s3cret" } }),
    });
    const text = await lakhPlan(cwd);
    const json = await lakhPlan(cwd, "--json");
    assert.doesNotMatch(JSON.stringify([text, json]), /s3cret/u);
  });
});

it("needs a number of users from somewhere", async (t) => {
  const { code, stderr } = await lakhPlan(scratchFolder(t));
  assert.equal(code, 104);
  assert.match(stderr, /code: NO_DAU/u);
  const cwd = scratchFolder(t, { "lakh.config.json": "{}" });
  assert.match((await lakhPlan(cwd)).stderr, /lakh\.config\.json has no audience\.dau/u);
});

describe("the generators", () => {
  const record = healthyRecord({
    generatorHealth: healthyReadings(() => ({ cpuCores: 0.0444, loopUtilization: 0.02 })),
  });
  const withRun = (t: TestContext, changes: Partial<typeof record> = {}): string =>
    scratchFolder(t, {
      [`lakh-runs/${record.id}/record.json`]: JSON.stringify({ ...record, ...changes }),
    });

  it("are unknown while nobody has measured a request", async (t) => {
    const plan = await planJson(scratchFolder(t), "--dau", "100000");
    assert.equal(plan.generators, null);
    const finding = plan.findings.find(({ code }) => code === "generators-unknown");
    assert.match(finding!.alternatives[0]!, /lakh plan --from-run latest/u);
  });

  it("follow from a given cost", async (t) => {
    const args = ["--dau", "2700000", "--cost-per-request", "0.1"];
    const { generators, demand } = await planJson(scratchFolder(t), ...args);
    assert.equal(demand.ratePerSecond, 12_000);
    // 12,000 * 0.1 ms = 1.2 cores, at 60 % each: two threads.
    assert.equal(generators?.workers, 2);
    assert.equal(generators.generators, 1);
  });

  it("follow from what a run cost", async (t) => {
    const { generators } = await planJson(withRun(t), "--dau", "27000000", "--from-run", "latest");
    // 0.0444 cores at 444 requests/s are 0.1 ms; two loops at 0.02 are 0.0901 ms. At 120,000/s: 12 cores, 18.02 threads.
    assert.equal(generators?.cost.cpuMsPerRequest.toFixed(3), "0.100");
    assert.equal(generators.cost.loopMsPerRequest.toFixed(4), "0.0901");
    assert.equal(generators.cpuCores.toFixed(6), "12.000000");
    assert.equal(generators.workers, 19);
    assert.equal(generators.generators, 5);
    assert.match(generators.cost.origin, new RegExp(`run ${record.id}, at 444 requests/s`, "u"));
  });

  it("are refused from a run that says nothing, and from two statements", async (t) => {
    const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
      [withRun(t, { intervals: [] }), ["--from-run", "latest"], /no requests/u],
      [
        withRun(t, { generatorHealth: healthyReadings(() => ({ loopUtilization: 0.97 })) }),
        ["--from-run", "latest"],
        /its generator was the bottleneck/u,
      ],
      [withRun(t), ["--from-run", "latest", "--cost-per-request", "1"], /both say it/u],
    ];
    for (const [cwd, args, message] of cases) {
      const { code, stderr } = await lakhPlan(cwd, "--dau", "1000", ...args);
      assert.equal(code, 104);
      assert.match(stderr, message);
      assert.match(stderr, /code: PLAN_COST/u);
    }
  });
});

it("sessions, think time and their contradictions are flags, too", async (t) => {
  const cwd = scratchFolder(t);
  const sessions = ["--dau", "100000", "--sessions-per-user", "2", "--requests-per-session", "20"];
  const plan = await planJson(cwd, ...sessions, "--session-seconds", "600");
  assert.equal(plan.forms.find(({ id }) => id === "sessions")?.model, "partly open");
  assert.equal(Math.round(plan.demand.peakUsers), 13_333);
  const { code, stderr } = await lakhPlan(cwd, ...sessions, "--requests-per-user", "60");
  assert.equal(code, 104);
  assert.match(stderr, /code: PLAN_DEMAND_INCONSISTENT/u);
});

it("the JSON schema is published", () => {
  assertPublished("plan.schema.json", planJsonSchema());
});

it("the check of the JSON says no to what is no plan", async (t) => {
  const plan = await planJson(scratchFolder(t), "--dau", "1000");
  assert.match(findPlanFault({ ...plan, forms: undefined })!, /^forms: /u);
  assert.match(findPlanFault({ ...plan, more: 1 })!, /more/u);
});
