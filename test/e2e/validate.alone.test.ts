/** A campaign by the real command line: gates, the report, Ctrl-C and going on, the config file. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { findCampaignDocumentFault } from "../../src/cli/campaign-document.ts";
import { finished, runLakh, scratchFolder, startLakh } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";

const script = `
  import http from "k6/http";
  export default function () {
    http.get(__ENV.BASE_URL + "/home", { tags: { name: "/home" } });
    http.get(__ENV.BASE_URL + "/search?q=" + __VU, { tags: { name: "/search" } });
  }`;

interface Phase {
  readonly name: string;
  readonly users: number;
  readonly duration: string;
}

/** 40 users at 40 requests/s, and 20 before: each starts an iteration every two seconds. */
const phases: readonly Phase[] = [
  { name: "smoke", users: 20, duration: "28s" },
  { name: "peak", users: 40, duration: "28s" },
];

/** `answer` gets the path of each request. */
function serveBy(
  t: TestContext,
  answer: (path: string, response: ServerResponse) => void,
): Promise<string> {
  return serve(t, (request, response) => answer(request.url!, response));
}

function project(t: TestContext, url: string, overrides: object = {}): string {
  const cwd = scratchFolder(t);
  writeFileSync(join(cwd, "script.js"), script);
  const config = {
    script: "script.js",
    target: { url },
    // 43,200 * 2 / 2,160 s = 40 requests/s
    audience: {
      dau: 43_200,
      requestsPerUserPerDay: 2,
      peakWindowHours: 0.6,
      peakToAverage: 1,
      concurrencyShare: 40 / 43_200,
    },
    objectives: { p95: "250ms", errorRate: "1%", cpu: "not judged", memory: "not judged" },
    phases,
    ...overrides,
  };
  const text = `import { defineConfig } from "lakh";\nexport default defineConfig(${JSON.stringify(config)});\n`;
  writeFileSync(join(cwd, "lakh.config.ts"), text);
  return cwd;
}

interface Report {
  readonly verdict: string;
  readonly campaign: string;
  readonly phases: readonly {
    readonly status: string;
    readonly attempts: number;
    readonly run: string | null;
    readonly scorecard: readonly { readonly label: string; readonly status: string }[];
  }[];
}

function readReport(stdout: string): Report {
  const report = JSON.parse(stdout) as Report;
  assert.equal(findCampaignDocumentFault(report), undefined);
  return report;
}

describe("lakh validate", { concurrency: true }, () => {
  it("passes a target that holds, phase by phase, from the config file alone", async (t) => {
    const url = await serve(t, (_, response) => response.end("ok"));
    const endpoints = { "GET /home": { p95: "250ms" } };
    const objectives = { p95: "250ms", errorRate: "1%", cpu: "not judged", memory: "not judged" };
    const cwd = project(t, url, { objectives: { ...objectives, endpoints } });
    const result = await runLakh(["validate", "--json"], { cwd });
    const report = readReport(result.stdout);
    // A loaded machine may make a phase INVALID: then the next one is not run. What may not happen is another verdict.
    const statuses = report.phases.map(({ status }) => status);
    const exitCodes = { PASS: 0, INVALID: 4 };
    assert.ok(report.verdict in exitCodes, result.stdout + result.stderr);
    assert.equal(result.code, exitCodes[report.verdict as keyof typeof exitCodes]);
    if (report.verdict === "PASS") {
      assert.deepEqual(statuses, ["PASS", "PASS"]);
      assert.deepEqual(
        report.phases[1]!.scorecard.map(({ label, status }) => `${label} ${status}`),
        [
          "peak users PASS",
          "requests per second PASS",
          "p95 latency PASS",
          "error rate PASS",
          "p95 latency of GET /home PASS",
        ],
      );
    }
    const again = await runLakh(["report", report.campaign, "--json"], { cwd });
    assert.deepEqual(JSON.parse(again.stdout), JSON.parse(result.stdout));
    assert.equal(again.code, result.code);
    const text = await runLakh(["report", report.campaign], { cwd });
    assert.match(text.stdout, /^Phase +\| +Users \|/mu);
    assert.match(text.stdout, new RegExp(`^${report.verdict} {2}`, "mu"));
  });

  it("stops at the phase that fails, by one endpoint alone", async (t) => {
    const url = await serveBy(t, (path, response) => {
      response.statusCode = path.startsWith("/search") ? 500 : 200;
      response.end("x");
    });
    const endpoints = { "/search": { errorRate: "1%" } };
    const objectives = { errorRate: "90%", cpu: "not judged", memory: "not judged" };
    const cwd = project(t, url, { objectives: { ...objectives, endpoints } });
    const result = await runLakh(["validate"], { cwd });
    const isInvalid = result.code === 4; // a loaded machine again; what may not happen is another verdict
    if (!isInvalid) {
      assert.equal(result.code, 99, result.stdout + result.stderr);
      assert.match(result.stdout, /smoke: error rate of \/search 100 %/u);
    }
    assert.match(result.stdout, /^peak .*\| not run$/mu);
    const records = readdirSync(join(cwd, "lakh-runs")).filter((name) => name.includes("peak"));
    assert.deepEqual(records, []);
  });

  it("goes on after Ctrl-C with the phase that was cut", async (t) => {
    const url = await serve(t, (_, response) => response.end("ok"));
    const cwd = project(t, url);
    const child = startLakh(["validate", "--json"], { cwd });
    const ended = finished(child);
    const runsDir = join(cwd, "lakh-runs");
    const isSending = (): boolean =>
      existsSync(runsDir) && readdirSync(runsDir).some((name) => name.endsWith("smoke.partial"));
    while (!isSending() && child.exitCode === null) await delay(100);
    await delay(6_000);
    child.kill("SIGINT");
    const cut = await ended;
    assert.equal(cut.code, 105, cut.stderr);
    const { campaign, phases: cutPhases } = readReport(cut.stdout);
    assert.deepEqual(
      cutPhases.map(({ status }) => status),
      ["interrupted", "not run"],
    );
    const result = await runLakh(["validate", "--resume", "--json"], { cwd });
    const report = readReport(result.stdout);
    assert.equal(report.campaign, campaign);
    assert.equal(report.phases[0]!.attempts, 2);
    assert.notEqual(report.phases[0]!.run, cutPhases[0]!.run);
    assert.notEqual(report.phases[0]!.status, "interrupted");
  });

  it("says what is missing, and what is there no longer", async (t) => {
    const cwd = scratchFolder(t);
    const refused: readonly (readonly [string[], number, RegExp])[] = [
      [["validate"], 104, /the number of daily users is not given/u],
      [["validate", "--dau", "1000"], 104, /there is no script to run/u],
      [["validate", "--dau", "1000", "--resume", "script.js"], 104, /there is no campaign in/u],
      [
        ["validate", "--dau", "1000", "--phase", "smokes", "script.js"],
        104,
        /did you mean .*smoke/u,
      ],
      [["validate", "--dau", "1000", "--phase", "peak", "script.js"], 104, /comes after stress/u],
      [["validate", "--dau", "1000", "--compress", "0.5", "script.js"], 255, /at least 1/u],
    ];
    for (const [args, code, message] of refused) {
      const result = await runLakh(args, { cwd });
      assert.equal(result.code, code, args.join(" ") + result.stderr);
      assert.match(result.stderr, message);
    }
  });
});
