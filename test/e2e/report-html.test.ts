/** The HTML report of a real run: on the command line, and as people see it in a browser. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import type { RunRecord } from "../../src/record/index.ts";
import { renderRunHtml } from "../../src/report/index.ts";
import { accessibilityFaults, openBrowser, openPage } from "../support/chromium.ts";
import { runLakh, scratchFolder } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";
import { keptExchange } from "../support/exchange.ts";
import { healthyIntervals, healthyRecord } from "../support/record.ts";

const script = `
import http from "k6/http";
import { check, group } from "k6";
export const options = { scenarios: { steady: {
  executor: "constant-arrival-rate", rate: 40, timeUnit: "1s", duration: "3s", preAllocatedVUs: 5 } } };
export default function () {
  group("shop", () => check(http.get(\`\${__ENV.BASE_URL}/home\`), { "home ok": (r) => r.status === 200 }));
  http.post(\`\${__ENV.BASE_URL}/cart\`, "{}", { tags: { name: "/cart" } });
  http.get(\`\${__ENV.BASE_URL}/broken\`, { tags: { name: "/broken" } });
}`;

interface Reported {
  readonly cwd: string;
  readonly folder: string;
  readonly record: RunRecord;
  readonly stderr: string;
}

async function realRun(t: TestContext, flags: readonly string[] = []): Promise<Reported> {
  const cwd = scratchFolder(t, { "load.js": script });
  const url = await serve(t, (request, response) => {
    response.statusCode = request.url === "/broken" ? 503 : 200;
    response.end("{}");
  });
  const args = ["run", ...flags, "-e", `BASE_URL=${url}`, "-e", "API_TOKEN=hunter", "load.js"];
  const { stderr } = await runLakh(args, { cwd });
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  const folder = join(cwd, "lakh-runs", id!);
  const record = JSON.parse(readFileSync(join(folder, "record.json"), "utf8")) as RunRecord;
  return { cwd, folder, record, stderr };
}

const texts = (page: Page, selector: string): Promise<string[]> =>
  page.locator(selector).allTextContents();

/** Writes a record's page into a folder. @returns its address */
async function pageOf(t: TestContext, record: RunRecord): Promise<string> {
  const path = join(scratchFolder(t), "report.html");
  writeFileSync(path, await renderRunHtml(record));
  return pathToFileURL(path).href;
}

const noise = (seed: number): number => Math.abs(Math.sin(seed * 12.9898) * 43_758.5453) % 1;

function fiftyEndpoints(): RunRecord["endpoints"] {
  return Array.from({ length: 50 }, (_, index) => ({
    name: `/api/items/${index}`,
    method: index % 2 === 0 ? "GET" : "POST",
    requests: 100 + Math.floor(noise(index) * 900),
    failed: index,
    avgMs: 10,
    p50Ms: 10,
    p90Ms: 20,
    p95Ms: noise(index + 100) * 500,
    p99Ms: 600,
    maxMs: 700,
  }));
}

describe("lakh report --format html", () => {
  it("stands in the folder of every run with requests, which says where, and keeps the command line without secrets", async (t) => {
    const { folder, record, stderr, cwd } = await realRun(t);
    const path = join(folder, "report.html");
    assert.ok(stderr.includes(`\nreport: ${path}\n`), stderr);
    const html = readFileSync(path, "utf8");
    assert.ok(html.includes(record.id));
    assert.ok(!html.includes("hunter"));
    assert.ok(record.command?.includes("API_TOKEN=***"));
    const again = await runLakh(["report", "--format", "html"], { cwd });
    assert.equal(again.stdout, `${path}\n`);
    assert.equal(again.code, record.outcome.exitCode);
    // Only from the record: the same file again.
    assert.equal(readFileSync(path, "utf8"), html);
  });

  it("is not written with --no-report, with LAKH_NO_REPORT, and for a script without requests", async (t) => {
    const { folder, stderr } = await realRun(t, ["--no-report"]);
    assert.ok(!existsSync(join(folder, "report.html")));
    assert.doesNotMatch(stderr, /report:/u);
    const cwd = scratchFolder(t, { "idle.js": "export default function () {}", "load.js": script });
    await runLakh(["run", "idle.js"], { cwd });
    await runLakh(["run", "-i", "1", "-e", "BASE_URL=http://127.0.0.1:9", "load.js"], {
      cwd,
      env: { LAKH_NO_REPORT: "1" },
    });
    const runs = join(cwd, "lakh-runs");
    assert.equal(readdirSync(runs).length, 2);
    for (const id of readdirSync(runs))
      assert.deepEqual(readdirSync(join(runs, id)), ["record.json"]);
  });

  it("goes where k6's web dashboard would leave it, as well, and a place that is none does no harm", async (t) => {
    const exportTo = (path: string): string[] => ["--out", `web-dashboard=port=0&export=${path}`];
    const { cwd, folder } = await realRun(t, exportTo("k6-report.html"));
    const page = readFileSync(join(folder, "report.html"), "utf8");
    assert.equal(readFileSync(join(cwd, "k6-report.html"), "utf8"), page);
    const lost = await realRun(t, [...exportTo("none/a.html"), "--no-report"]);
    assert.match(lost.stderr, /none\/a\.html was not written: no such file/u);
    assert.equal(lost.record.outcome.exitCode, 0);
    assert.ok(!existsSync(join(lost.folder, "report.html")));
  });

  it("goes where -o says, to standard output with -, and other forms go into files, too", async (t) => {
    const { cwd } = await realRun(t, ["--no-report"]);
    await runLakh(["report", "--format", "html", "-o", "a.html"], { cwd });
    assert.match(readFileSync(join(cwd, "a.html"), "utf8"), /^<!doctype html>/u);
    const { stdout } = await runLakh(["report", "--format", "html", "-o", "-"], { cwd });
    assert.equal(stdout, readFileSync(join(cwd, "a.html"), "utf8"));
    const junit = await runLakh(["report", "--format", "junit", "-o", "lakh.xml"], { cwd });
    assert.equal(junit.stdout, "");
    assert.match(readFileSync(join(cwd, "lakh.xml"), "utf8"), /<testsuites/u);
    const failed = await runLakh(["report", "-o", "no/such/folder/a.txt"], { cwd });
    assert.match(failed.stderr, /REPORT_WRITE/u);
    const odd = await runLakh(["report", "--open", "--format", "json"], { cwd });
    assert.match(odd.stderr, /REPORT_OPEN/u);
  });

  it("is opened by what the desktop has for files, and says when there is nothing", async (t) => {
    if (process.platform !== "linux") return t.skip("xdg-open is Linux'");
    const { cwd, folder } = await realRun(t, ["--no-report"]);
    const opener = join(cwd, "xdg-open");
    writeFileSync(opener, '#!/bin/sh\nprintf "%s\\n" "$#" "$1" > opened\n');
    chmodSync(opener, 0o755);
    const env = { PATH: `${cwd}${delimiter}${process.env["PATH"]}`, DISPLAY: ":99" };
    const opened = await runLakh(["report", "--open"], { cwd, env });
    const path = join(folder, "report.html");
    assert.equal(readFileSync(join(cwd, "opened"), "utf8"), `1\n${path}\n`);
    assert.equal(opened.stderr, "");
    const headless = { DISPLAY: "", WAYLAND_DISPLAY: "", WSL_DISTRO_NAME: "" };
    const told = await runLakh(["report", "--open"], { cwd, env: headless });
    assert.equal(told.stdout, `${path}\n`);
    assert.match(told.stderr, /^not opened: there is no display/u);
    return undefined;
  });
});

describe("the report in a browser", () => {
  it("shows the record's numbers, sorts, filters, and asks nobody for anything", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { folder, record } = await realRun(t);
    const { page, complaints, foreign } = await openPage(
      browser,
      pathToFileURL(join(folder, "report.html")).href,
    );
    await page.waitForSelector("html[data-alive]");
    const rows = await texts(page, "#endpoints tbody tr td:nth-child(3)");
    const requests = record.endpoints.map((each) => each.requests).toSorted((a, b) => b - a);
    assert.deepEqual(rows.map(Number), requests);
    const broken = page.locator("#endpoints tbody tr", { hasText: "/broken" });
    assert.match((await broken.textContent())!, /100\.00 %/u);
    await page.locator("#endpoints thead button", { hasText: "errors" }).click();
    assert.match((await texts(page, "#endpoints tbody tr"))[0]!, /\/broken/u);
    await page.locator("#endpoints thead button", { hasText: "errors" }).click();
    assert.match((await texts(page, "#endpoints tbody tr")).at(-1)!, /\/broken/u);
    await page.locator("#endpoints input").fill("post cart");
    assert.equal((await texts(page, "#endpoints tbody tr")).length, 1);
    const total = record.metrics.find(({ name }) => name === "http_reqs")!.values["count"]!;
    const [failed] = record.exchanges!.failures;
    const failure = page.locator("#exchanges .failure").first();
    assert.match(
      (await failure.textContent())!,
      new RegExp(`${failed!.count} times.*GET /broken.*503`, "su"),
    );
    await failure.locator("summary").first().click();
    assert.match((await failure.locator("pre").first().textContent())!, /^GET http:.*\/broken\n/u);
    assert.ok((await texts(page, ".figure-value")).includes(String(total)));
    assert.deepEqual(await drawnCharts(page), await page.locator("#charts .chart").count());
    assert.deepEqual(complaints, []);
    assert.deepEqual(foreign, []);
  });

  it("can be used by everybody, light and dark, and remembers which", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const url = await pageOf(t, failedRecord());
    const { page, complaints } = await openPage(browser, url);
    await page.waitForSelector("html[data-alive]");
    for (const summary of await page.locator("#exchanges summary").all()) await summary.click();
    for (const theme of ["light", "dark"]) {
      await page.locator(".theme select").selectOption(theme);
      // Applied after the next frame, which takes its time where the processor is busy.
      await page.waitForSelector(`html[data-theme="${theme}"]`);
      assert.deepEqual(await accessibilityFaults(page), [], theme);
    }
    await page.reload();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    assert.deepEqual(complaints, []);
  });

  it("is as wide as the screen, down to a phone's, with names of any length", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const endpoints = fiftyEndpoints().map((each) => ({
      ...each,
      name: each.name + "x".repeat(3_000),
    }));
    const url = await pageOf(t, healthyRecord({ id: "x".repeat(500), endpoints }));
    for (const width of [360, 768, 1_280, 3_840]) {
      const { page } = await openPage(browser, url, { viewport: { width, height: 900 } });
      await page.waitForSelector("html[data-alive]");
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
      await page.close();
    }
  });

  it("can be read and printed where no scripts run", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const url = await pageOf(t, healthyRecord({ endpoints: fiftyEndpoints() }));
    const { page, complaints } = await openPage(browser, url, { javaScriptEnabled: false });
    assert.match((await page.locator("#verdict").textContent())!, /PASS/u);
    assert.equal(await page.locator("#endpoints tbody tr").count(), 50);
    assert.equal(await page.locator("#charts .chart-picture >> visible=true").count(), 6);
    assert.equal(await page.locator("input >> visible=true").count(), 0);
    assert.equal(await page.locator("button.button >> visible=true").count(), 0);
    assert.deepEqual(complaints, []);
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  });

  it("prints pictures of its charts on light paper, from a dark screen, too", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const url = await pageOf(t, healthyRecord());
    const { page } = await openPage(browser, url, { colorScheme: "dark" });
    await page.waitForSelector("html[data-alive]");
    await page.locator("#charts .chart").first().scrollIntoViewIfNeeded();
    await page.waitForSelector("#charts canvas");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("#charts .chart-picture >> visible=true").count(), 6);
    assert.equal(await page.locator("canvas >> visible=true").count(), 0);
    const colour = "getComputedStyle(document.body).color";
    assert.equal(await page.evaluate(colour), "rgb(26, 30, 38)");
  });

  it("runs nothing that a name, a check, an error or a source says", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const attacks = [
      "<img src=x onerror=window.pwned=1>",
      "</script><script>window.pwned=1</script>",
      '"><svg onload=window.pwned=1>',
      "<style>*{display:none}</style>",
      "\u202e<b>right to left</b>",
      `<iframe srcdoc="<script>parent.pwned=1</script>">${"x".repeat(10_000)}`,
    ];
    for (const attack of attacks) await assertHarmless(t, browser, attack);
  });
});

/** With something in every part of the page. */
function failedRecord(): RunRecord {
  const failure = { method: "GET", name: "/broken", status: 503, errorCode: 1_503, error: "" };
  return healthyRecord({
    intervals: healthyIntervals(() => ({ failedRequests: 20 })),
    endpoints: fiftyEndpoints(),
    checks: [{ group: "::shop", name: "home ok", passes: 1, fails: 9 }],
    thresholds: [{ metric: "http_req_failed", source: "rate<0.01", ok: false, actual: 0.045 }],
    exceptions: [{ message: "TypeError: no price", count: 3 }],
    exchanges: {
      slowest: [keptExchange({ status: 200, errorCode: 0 })],
      failures: [{ ...failure, count: 9, samples: [keptExchange()] }],
      furtherFailures: 3,
    },
    scenarios: [
      {
        name: "steady",
        executor: "constant-vus",
        startTimeMs: 0,
        durationMs: 65_000,
        maxVus: 5,
        config: {},
      },
    ],
    options: { userAgent: "x" },
    command: ["run", "load.js"],
  });
}

/** Scrolls through the page, so that every chart comes near the screen. @returns how many were drawn in "Over time" */
async function drawnCharts(page: Page): Promise<number> {
  const charts = page.locator("#charts .chart");
  for (let index = 0; index < (await charts.count()); index++) {
    await charts.nth(index).scrollIntoViewIfNeeded();
    await charts.nth(index).locator("canvas").waitFor();
  }
  return page.locator("#charts .chart canvas").count();
}

async function assertHarmless(t: TestContext, browser: Browser, attack: string): Promise<void> {
  const record = healthyRecord();
  const [endpoint] = fiftyEndpoints();
  const url = await pageOf(t, {
    ...record,
    id: attack,
    endpoints: [{ ...endpoint!, name: attack, method: attack }],
    checks: [{ group: attack, name: attack, passes: 1, fails: 1 }],
    thresholds: [{ metric: attack, source: attack, ok: false, actual: 1 }],
    exceptions: [{ message: attack, count: 1 }],
    observations: record.observations.map((each) => ({ ...each, source: attack })),
    scenarios: [
      { name: attack, executor: attack, startTimeMs: 0, durationMs: 1, maxVus: 1, config: {} },
    ],
    options: { [attack]: attack },
    command: ["run", attack],
  });
  const { page, complaints, foreign } = await openPage(browser, url);
  await page.waitForSelector("html[data-alive]");
  await page.locator("#endpoints thead button", { hasText: "requests" }).click();
  await page.locator("#endpoints input").fill("x");
  assert.equal(await page.evaluate("window.pwned"), undefined);
  assert.equal(await page.locator("img, iframe, main script, main style").count(), 0);
  assert.ok((await page.locator("#exceptions").textContent())!.includes(attack.slice(0, 100)));
  assert.deepEqual(complaints, []);
  assert.deepEqual(foreign, []);
  await page.close();
}
