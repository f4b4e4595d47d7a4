/** The live page in a real browser, over a run that the test drives second by second. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Page } from "playwright-core";
import { runPhases } from "../../src/api/index.ts";
import { accessibilityFaults, openBrowser, openPage } from "../support/chromium.ts";
import { type LiveRunStub, openLiveRun } from "../support/live-run.ts";

type Run = Awaited<ReturnType<typeof openLiveRun>>["run"];

/** A busy run: some endpoints, errors, checks, readings. */
function busySeconds(stub: LiveRunStub, run: Run, seconds: number): void {
  stub.thresholds = [
    { metric: "http_req_duration", source: "p(95)<300", ok: true, actual: 120 },
    { metric: "http_req_failed", source: "rate<0.01", ok: false, actual: 0.2 },
    { metric: "nothing", source: "count>1", ok: null, actual: null },
  ];
  stub.generator = {
    status: "warning",
    sentence: "the generator kept up, but it was strained: start lag p99 (ms) 6, limit 10",
    over: "the steady state so far",
    reason: "",
    figures: [{ name: "start lag p99 (ms)", value: 6, limit: 10, exceeded: false }],
  };
  stub.moment = {
    target: [
      { name: "cpu_cores", source: "pid 1", value: 1.5 },
      { name: "memory_bytes", source: "pid 1", value: 3e8 },
    ],
  };
  for (let second = 0; second < seconds; second++) {
    for (let index = 0; index < 20; index++) {
      const name = ["login", "feed", "video/{id}", "search"][index % 4]!;
      stub.request(name, 5 + index * (1 + (index % 4)), index === 3 ? { status: "503" } : {});
      stub.add("checks", index === 5 ? 0 : 1, { check: `${name} answers`, group: "" });
    }
    stub.tell(run);
  }
}

const text = (page: Page, selector: string): Promise<string> =>
  page.locator(selector).first().innerText();

const firstCells = (page: Page): Promise<string[]> =>
  page.locator("#endpoints tbody tr td:first-child").allInnerTexts();

describe("the live page", () => {
  it("moves with the run, in silence and from its own origin alone", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard, stub, run } = await openLiveRun();
    t.after(() => dashboard.close());
    const { page, complaints, foreign } = await openPage(browser, dashboard.url);
    await page.getByText("no requests yet").first().waitFor();
    busySeconds(stub, run, 3);
    await page.locator("#endpoints tbody tr").nth(3).waitFor();
    assert.match(await text(page, '[data-testid="key-figures"]'), /3 of 60/u);
    busySeconds(stub, run, 1);
    await page.getByText("4 of 80").first().waitFor();
    assert.equal(await text(page, '[data-testid="elapsed"]'), "00:04");
    assert.equal(await text(page, '[data-testid="stage"]'), "steady state");
    assert.equal(await text(page, '[data-testid="generator"]'), "generator warning");
    assert.match(await text(page, "#thresholds"), /crossed[\s\S]*http_req_failed/u);
    assert.match(await text(page, "#events"), /threshold crossed: http_req_failed: rate<0\.01/u);
    assert.deepEqual([complaints, foreign], [[], []]);
  });

  it("has the history after it is loaded again", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard, stub, run } = await openLiveRun();
    t.after(() => dashboard.close());
    busySeconds(stub, run, 40);
    const { page } = await openPage(browser, dashboard.url);
    const summary = page.getByText("as a table").first();
    await summary.click();
    await page.locator(".chart-table tbody th").first().waitFor();
    const before = await page.locator(".chart-table tbody th").allInnerTexts();
    await page.reload();
    await page.getByText("as a table").first().click();
    await page.locator(".chart-table tbody th").first().waitFor();
    const after = await page.locator(".chart-table tbody th").allInnerTexts();
    assert.deepEqual(after, before);
    assert.deepEqual([before[0], before.length], ["00:01", 20]);
  });

  it("sorts and filters endpoints", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard, stub, run } = await openLiveRun();
    t.after(() => dashboard.close());
    busySeconds(stub, run, 2);
    const { page } = await openPage(browser, dashboard.url);
    await page.locator("#endpoints tbody tr").nth(3).waitFor();
    const p95 = page.locator("#endpoints").getByRole("button", { name: "p95" });
    await p95.click();
    const descending = await firstCells(page);
    await p95.press("Enter");
    assert.deepEqual(await firstCells(page), descending.toReversed());
    assert.equal(descending[0], "search", "the slowest endpoint");
    await page.getByLabel("filter: endpoints").fill("get VID");
    assert.deepEqual(await firstCells(page), ["video/{id}"]);
    busySeconds(stub, run, 1);
    await page.getByText("3 of 60").first().waitFor();
    assert.deepEqual(await firstCells(page), ["video/{id}"], "after an update, too");
  });

  it("lets the start be held back and resumed, and VUs be changed, by keyboard", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard, stub, run } = await openLiveRun();
    t.after(() => dashboard.close());
    stub.phase = runPhases.initVus;
    stub.moment = { phase: "setup" };
    stub.tell(run);
    const { page } = await openPage(browser, dashboard.url);
    await page.getByRole("button", { name: "Pause before the start" }).press("Enter");
    await page.getByText("the test will wait before it starts").waitFor();
    assert.equal(stub.paused, true);
    stub.phase = runPhases.pausedBeforeRun;
    stub.tell(run);
    await page.locator('[data-testid="stage"]', { hasText: "paused" }).waitFor();
    await page.getByRole("button", { name: "Resume" }).press("Enter");
    await page.locator(".control-told", { hasText: "resumed" }).waitFor();
    assert.equal(stub.paused, false);
    stub.scalable = ["browse"];
    stub.moment = {};
    stub.tell(run);
    await page.getByLabel("VUs of browse").fill("12");
    await page.getByLabel("VUs of browse").press("Enter");
    await page.locator(".control-told", { hasText: "browse was set to 12 VUs" }).waitFor();
    assert.deepEqual(stub.scaled, [{ scenario: "browse", vus: 12, maxVus: undefined }]);
    stub.scalable = [];
    await page.getByLabel("VUs of browse").press("Enter");
    await page.locator(".control-told", { hasText: "no browse" }).waitFor();
  });

  it("has no serious fault of accessibility, light or dark, at any width", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard, stub, run } = await openLiveRun();
    t.after(() => dashboard.close());
    dashboard.setSteps([
      {
        kind: "phase",
        number: 1,
        of: 2,
        title: "smoke, 100 users, 1m",
        state: "judged",
        verdict: "PASS",
        sentence: "it holds",
      },
      {
        kind: "phase",
        number: 2,
        of: 2,
        title: "peak, 100,000 users, 10m",
        state: "running",
        verdict: null,
        sentence: null,
      },
    ]);
    stub.scalable = ["browse"];
    busySeconds(stub, run, 5);
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [360, 1_280, 3_840]) {
        const { page } = await openPage(browser, dashboard.url, {
          colorScheme,
          viewport: { width, height: 800 },
        });
        await page.locator("#endpoints tbody tr").nth(3).waitFor();
        assert.deepEqual(await accessibilityFaults(page), [], `${colorScheme} ${width}`);
        const tooWide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        assert.ok((tooWide as number) <= 0, `${width} wide: ${String(tooWide)} too much`);
        await page.close();
      }
    }
  });

  it("follows the system's theme until somebody chooses one, and remembers the choice", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard } = await openLiveRun();
    t.after(() => dashboard.close());
    const { page } = await openPage(browser, dashboard.url, { colorScheme: "dark" });
    const theme = (): Promise<unknown> => page.evaluate("document.documentElement.dataset.theme");
    assert.equal(await theme(), "dark");
    await page.getByLabel("Theme").selectOption("light");
    await page.waitForFunction("document.documentElement.dataset.theme === 'light'");
    await page.reload();
    assert.equal(await theme(), "light");
  });

  it("says how the run ended, and keeps the last figures when the server has gone", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard, stub, run } = await openLiveRun();
    const { page, complaints } = await openPage(browser, dashboard.url);
    await page.getByText("no requests yet").first().waitFor();
    busySeconds(stub, run, 2);
    dashboard.endRun({
      reason: "finished",
      message: null,
      exitCode: 99,
      verdict: "FAIL",
      sentence: "FAIL: p95 is 412 ms",
      folder: "/runs/20260801",
    });
    await dashboard.close();
    await page.getByRole("heading", { name: "The run has ended" }).waitFor();
    assert.match(await text(page, ".ending"), /FAIL[\s\S]*p95 is 412 ms[\s\S]*\/runs\/20260801/u);
    await page.locator('[data-testid="connection"]', { hasText: "closed" }).waitFor();
    assert.match(await text(page, '[data-testid="key-figures"]'), /2 of 40/u);
    assert.deepEqual(complaints, []);
    assert.equal(await page.getByRole("button", { name: "Resume" }).count(), 0);
  });

  it("says that the connection is lost, and goes on when the run answers again", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard, stub, run } = await openLiveRun();
    t.after(() => dashboard.close());
    const page = await browser.newPage();
    await page.clock.install();
    await page.goto(dashboard.url);
    await page.getByText("no requests yet").first().waitFor();
    busySeconds(stub, run, 1);
    await page.getByText("1 of 20").first().waitFor();
    await page.clock.fastForward(30_000);
    await page.getByRole("alert").getByText("The connection to the run is lost").waitFor();
    busySeconds(stub, run, 1);
    await page.getByText("2 of 40").first().waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  it("shows hostile names as text", async (t) => {
    const browser = await openBrowser(t);
    if (browser === undefined) return;
    const { dashboard, stub, run } = await openLiveRun({
      script: "<img src=x onerror=window.hurt=1>.js",
      scenarios: ["<script>window.hurt=1</script>: 5 looping VUs"],
    });
    t.after(() => dashboard.close());
    const hostile = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
      fc
        .tuple(fc.string(), fc.constantFrom(...attacks), fc.string())
        .map(([before, attack, after]) => before + attack + after),
      fc.constantFrom("x".repeat(10_000), "<b>".repeat(4_000), "مرحبا بالعالم ‮ desrever"),
    );
    const names = [...new Set(fc.sample(hostile, { numRuns: 60, seed: 7 }))];
    for (const [index, name] of names.entries()) {
      stub.request(name, index + 1, { method: name.slice(0, 20), error: name, status: "0" });
      stub.add("checks", index % 2, { check: name, group: `::${name}` });
    }
    stub.thresholds = names.map((name) => ({ metric: name, source: name, ok: false, actual: 1 }));
    stub.tell(run);
    for (const name of names) dashboard.note("error", name);
    stub.tell(run);
    const { page, complaints, foreign } = await openPage(browser, dashboard.url);
    await page.locator("#endpoints tbody tr").first().waitFor();
    const more = page.getByRole("button", { name: /show all/u });
    while ((await more.count()) > 0) await more.first().click();
    const made = await page.evaluate(
      "[window.hurt, document.querySelectorAll('#live :is(img, script, iframe, svg, style, object, b, marquee)').length]",
    );
    assert.deepEqual(made, [undefined, 0]);
    assert.deepEqual([complaints, foreign], [[], []]);
    const shown = (await page.evaluate(
      "[...document.querySelectorAll('#endpoints tbody td:first-child')].map((cell) => [...cell.querySelectorAll('bdi')].at(-1).textContent)",
    )) as string[];
    const expected = names.map((name) => wellFormed(cut(name)));
    assert.deepEqual(shown.map(wellFormed).sort(), expected.sort());
    const tooWide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    assert.ok((tooWide as number) <= 0);
  });
});

const attacks = [
  "<script>window.hurt=1</script>",
  '"><img src=x onerror="window.hurt=1">',
  "javascript:window.hurt=1",
  "</title></style></script><svg onload=window.hurt=1>",
  "\n\nevent: bye\ndata: {}\n\n",
  "__proto__",
  "constructor",
  "${window.hurt=1}{{7*7}}",
];

/** Halves of surrogate pairs become the sign for what cannot be shown. */
function wellFormed(name: string): string {
  return Buffer.from(name, "utf8").toString("utf8");
}

function cut(name: string): string {
  return name.length <= 300 ? name : `${name.slice(0, 299)}…`;
}
