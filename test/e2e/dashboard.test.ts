/** A real run watched on its dashboard, in a real browser, from before its start to after its end. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { formatLatency, formatWhole } from "../../src/base/numbers.ts";
import type { Snapshot, Update } from "../../src/page/index.ts";
import type { RunRecord } from "../../src/record/index.ts";
import { openBrowser, openPage } from "../support/chromium.ts";
import { finished, scratchFolder, startLakh } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";
import { EventReader } from "../support/server-events.ts";

const script = `
  import http from "k6/http";
  import { check, sleep } from "k6";
  export const options = {
    scenarios: { shop: { executor: "constant-vus", vus: 3, duration: "25s", gracefulStop: "5s" } },
    thresholds: { http_req_failed: ["rate<0.01"], http_req_duration: ["p(95)<60000"] },
  };
  export function setup() { http.get(__ENV.BASE_URL + "/setup", { tags: { name: "setup" } }); }
  export default function () {
    const home = http.get(__ENV.BASE_URL + "/home", { tags: { name: "home" } });
    check(home, { "home answers": ({ status }) => status === 200 });
    const bad = http.get(__ENV.BASE_URL + "/bad", { tags: { name: "bad" } });
    check(bad, { "bad answers": ({ status }) => status === 200 });
    sleep(0.05);
  }`;

function shop(t: TestContext): Promise<string> {
  return serve(t, (request, response) => {
    response.statusCode = request.url === "/bad" ? 503 : 200;
    response.end("ok");
  });
}

/** Where the dashboard is, as the command says it; what else it prints is left to others. */
function urlOf(child: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stderr!.on("data", (chunk: string) => {
      text += chunk;
      const url = /^dashboard: (\S+)$/mu.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("close", () => reject(new Error(`no dashboard: ${text}`)));
  });
}

function recordIn(cwd: string): RunRecord {
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  const text = readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8");
  return JSON.parse(text) as RunRecord;
}

/** The numbers of the page by the labels of their figures. */
async function figureOf(page: Page, label: string): Promise<string> {
  const figure = page.locator(".figure", { has: page.getByText(label, { exact: true }) });
  return (await figure.innerText()).replaceAll("\u00a0", " ");
}

const requestsSoFar = async (page: Page): Promise<number> => {
  const text = await figureOf(page, "failed requests");
  return Number(/of ([\d,]+)/u.exec(text)?.[1]?.replaceAll(",", "") ?? Number.NaN);
};

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Cells of a table of the page, row by row. */
function cellsOf(page: Page, id: string): Promise<string[][]> {
  const read = `[...document.querySelectorAll("#${id} tbody tr")].map((row) => [...row.cells].map((cell) => cell.innerText.trim()))`;
  return page.evaluate(read) as Promise<string[][]>;
}

describe("lakh run --dashboard", () => {
  it("shows a run from before its start to its end, with the figures of its record", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const base = await shop(t);
    const cwd = scratchFolder(t, { "script.js": script });
    const args = [
      "run",
      "--dashboard",
      "--dashboard-port",
      "0",
      "--paused",
      "-e",
      `BASE_URL=${base}`,
    ];
    const child = startLakh([...args, "script.js"], { cwd });
    t.after(() => child.kill("SIGKILL"));
    const ended = finished(child);
    const url = await urlOf(child);
    const { page, complaints, foreign } = await openPage(browser, url);

    await page.locator('[data-testid="stage"]', { hasText: "paused" }).waitFor();
    assert.equal(await figureOf(page, "requests/s"), "requests/s\n-\nin the latest second");
    await page.getByRole("button", { name: "Resume" }).click();
    await until(async () => (await requestsSoFar(page)) > 0);
    const before = await requestsSoFar(page);
    await until(async () => (await requestsSoFar(page)) > before);

    await page.getByLabel("VUs of shop").fill("5");
    await page.getByLabel("VUs of shop").press("Enter");
    await page.locator(".control-told", { hasText: "shop was set to 5 VUs" }).waitFor();
    await until(async () => (await figureOf(page, "VUs active")).includes("\n5\n"));

    await page.reload();
    await page.getByText("as a table").first().click();
    assert.equal(await page.locator(".chart-table tbody th").first().innerText(), "00:01");

    await page.getByRole("heading", { name: "The run has ended" }).waitFor();
    const { code } = await ended;
    const record = recordIn(cwd);
    assert.equal(code, record.outcome.exitCode);
    await sameAsRecord(page, record);
    assert.match(await page.locator(".ending").innerText(), new RegExp(record.id, "u"));
    assert.deepEqual(
      record.manualScaling?.map(({ scenario, vus }) => [scenario, vus]),
      [["shop", 5]],
    );
    assert.deepEqual([complaints, foreign], [[], []]);
  });

  it("shows the phases of a campaign, and ends with it", async (t) => {
    const base = await shop(t);
    const config = {
      script: "script.js",
      target: { url: base },
      audience: {
        dau: 864_00,
        requestsPerUserPerDay: 1,
        peakWindowHours: 1,
        concurrencyShare: 1e-4,
      },
      objectives: { cpu: "not judged", memory: "not judged" },
      phases: [
        { name: "smoke", users: 3, duration: "6s" },
        { name: "peak", users: 9, duration: "6s" },
      ],
    };
    const cwd = scratchFolder(t, {
      "script.js": script.replace(/scenarios: .*\n/u, "\n").replace(/thresholds: .*\n/u, "\n"),
      "lakh.config.ts": `import { defineConfig } from "lakh";\nexport default defineConfig(${JSON.stringify(config)});\n`,
    });
    const args = ["validate", "--dashboard", "--dashboard-port", "0", "-e", `BASE_URL=${base}`];
    const child = startLakh(args, { cwd });
    t.after(() => child.kill("SIGKILL"));
    const ended = finished(child);
    const events = await EventReader.open(await urlOf(child));
    await events.until(({ event }) => event === "bye");
    await ended;
    const snapshots = events.events.filter(({ event }) => event === "snapshot");
    const states = snapshots.map(({ data }) =>
      (data as Snapshot).steps.map(({ state }) => state).join(),
    );
    assert.ok(states.includes("running,waiting"), states.join(" "));
    const { steps, conclusion } = snapshots.at(-1)!.data as Snapshot;
    assert.match(conclusion!.sentence, new RegExp(`^${conclusion!.verdict}: `, "u"));
    assert.equal(steps[0]!.state, "judged");
    assert.ok(["FAIL", "INCONCLUSIVE", "INVALID"].includes(steps[0]!.verdict!), steps[0]!.verdict!);
    assert.match(steps[0]!.title, /^smoke, 3 users/u);
    const commands = snapshots.map(({ data }) => (data as Snapshot).head?.command);
    assert.ok(commands.includes("validate-smoke"));
    const end = events.events
      .filter(({ event }) => event === "update")
      .map(({ data }) => (data as Update).status.end)
      .find((each) => each !== null);
    assert.equal(end?.verdict, steps[0]!.verdict);
  });
});

async function sameAsRecord(page: Page, record: RunRecord): Promise<void> {
  const metric = (name: string): Readonly<Record<string, number>> =>
    record.metrics.find((each) => each.name === name)!.values;
  const { count } = metric("http_reqs");
  const { passes } = metric("http_req_failed");
  const failures = await figureOf(page, "failed requests");
  assert.ok(failures.includes(`${formatWhole(passes!)} of ${formatWhole(count!)}`), failures);
  const latency = await figureOf(page, "p95 latency");
  const p95 = formatLatency(metric("http_req_duration")["p(95)"]!);
  assert.ok(latency.includes(`whole run ${p95}`), `${latency} is not ${p95}`);
  const iterations = await figureOf(page, "iterations started");
  assert.ok(iterations.includes(`\n${formatWhole(record.iterations.started)}\n`), iterations);
  const endpoints = await cellsOf(page, "endpoints");
  const rows = new Map(endpoints.map(([name, , requests, , failed]) => [name, [requests, failed]]));
  assert.deepEqual([...rows.keys()].sort(inOrder), ["bad", "home", "setup"]);
  const sum = endpoints.reduce((all, row) => all + Number(row[2]!.replaceAll(",", "")), 0);
  assert.equal(sum, count);
  assert.equal(rows.get("bad")![1], `${formatWhole(passes!)} (100.00 %)`);
  const checks = await cellsOf(page, "checks");
  const expected = record.checks!.map(({ name, group, passes: good, fails }) => [
    name,
    group,
    formatWhole(good),
    formatWhole(fails),
  ]);
  assert.deepEqual(checks.sort(inOrder), expected.sort(inOrder));
  const thresholds = await cellsOf(page, "thresholds");
  assert.deepEqual(
    thresholds
      .map(([state, name, source]) => [state!.replace(/^\W+/u, ""), name, source])
      .sort(inOrder),
    record.thresholds
      .map(({ metric: name, source, ok }) => [ok ? "holds" : "crossed", name, source])
      .sort(inOrder),
  );
}

function inOrder(one: unknown, other: unknown): number {
  return String(one).localeCompare(String(other));
}
