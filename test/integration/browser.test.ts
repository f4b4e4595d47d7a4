/** `k6/browser` with a real Chromium: what scripts see, what is measured, and that nothing of it is left running. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { type CliResult, finished, runLakh, scratchFolder, startLakh } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";

const page = `<!doctype html><title>Shop</title><h1 id=head>Hello</h1><p id=out>wait</p><input id=name>
  <select id=size><option value=s>S<option value=m>M</select>
  <button id=go onclick="document.getElementById('out').textContent = 'clicked'">Go</button>
  <a id=next href=/two>two</a><img src=/missing.png><script src=/page.js></script>`;

async function shop(t: TestContext): Promise<string> {
  return serve(t, (request, response) => {
    if (request.url === "/missing.png") response.writeHead(404).end();
    else if (request.url === "/page.js")
      response.setHeader("content-type", "text/javascript").end('console.log("from the page", 1)');
    else response.setHeader("content-type", "text/html").end(page);
  });
}

function hasBrowser(t: TestContext): boolean {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  if (names.some((name) => spawnSync(name, ["--version"]).status === 0)) return true;
  if (process.env["LAKH_NO_SKIPS"] === "1") throw new Error("no Chromium is installed");
  t.skip("no Chromium is installed");
  return false;
}

const asking = (name = "ui"): string =>
  `export const options = { scenarios: { ${name}: {
     executor: 'per-vu-iterations', vus: 1, iterations: 1, options: { browser: { type: 'chromium' } } } } };`;

async function run(
  t: TestContext,
  script: string,
  env: Record<string, string> = {},
): Promise<CliResult & { lines: string[]; record: RunRecord }> {
  const cwd = scratchFolder(t, { "script.js": script });
  const url = await shop(t);
  const result = await runLakh(["run", "-e", `BASE_URL=${url}`, "script.js"], { cwd, env });
  const logged = result.stderr.matchAll(/level=info msg=("(?:[^"\\]|\\.)*"|\S+) source=console/gu);
  const lines = [...logged].map(([, text]) =>
    text!.startsWith('"') ? (JSON.parse(text!) as string) : text!,
  );
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  const text = readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8");
  return { ...result, lines, record: JSON.parse(text) as RunRecord };
}

const metric = (record: RunRecord, name: string): Readonly<Record<string, number>> =>
  record.metrics.find((candidate) => candidate.name === name)?.values ?? {};

describe("k6/browser", () => {
  it("drives a page: locators, actions, evaluation in the page, navigation", async (t) => {
    if (!hasBrowser(t)) return;
    const { code, lines, stderr } = await run(
      t,
      `import { browser } from 'k6/browser';
       import { check } from 'k6';
       ${asking()}
       export default async function () {
         const page = await browser.newPage();
         try {
           const answer = await page.goto(__ENV.BASE_URL);
           console.log(answer.status(), await page.title(), page.url() === __ENV.BASE_URL + '/');
           await page.locator('#go').click();
           await page.locator('#name').fill('Ann');
           console.log(await page.locator('#out').textContent(), await page.locator('#name').inputValue());
           console.log((await page.locator('#size').selectOption('m'))[0], await page.getByText('Go').count());
           console.log(await page.evaluate(() => document.title + '!'), await page.evaluate((a, b) => a + b, 1, 2));
           console.log(await page.evaluate('1 + 1'), await page.locator('#head').evaluate((el, s) => el.id + s, '?'));
           const head = await page.$('#head');
           console.log(await head.textContent(), await page.$('#none'), (await page.$$('p')).length);
           console.log((await page.screenshot()) instanceof ArrayBuffer, await page.locator('#head').isInViewport());
           await Promise.all([page.waitForNavigation(), page.locator('#next').click()]);
           check(page.url(), { 'went on': (url) => url.endsWith('/two') });
           console.log(page.isClosed(), page.context().pages().length);
         } finally { await page.close(); }
         console.log(page.isClosed(), browser.isConnected());
       }`,
    );
    assert.deepEqual(lines, [
      "200 Shop true",
      "clicked Ann",
      "m 1",
      "Shop! 3",
      "2 head?",
      "Hello null 1",
      "true true",
      "false 1",
      "true true",
    ]);
    assert.equal(code, 0, stderr);
  });

  it("measures requests and web vitals, with the names that page.on('metric') gives", async (t) => {
    if (!hasBrowser(t)) return;
    const { record, lines } = await run(
      t,
      `import { browser } from 'k6/browser';
       ${asking()}
       options.thresholds = { 'browser_http_req_duration{name:shop}': ['count>=0', 'avg>0'].slice(1),
                              'browser_http_req_failed{status:404}': ['rate==1'],
                              'browser_web_vital_lcp{name:shop}': ['avg>0'] };
       export default async function () {
         const page = await browser.newPage();
         page.on('metric', (m) => m.tag({ name: 'shop', matches: [{ url: /\\/$/, method: 'GET' }] }));
         page.on('console', (m) => console.log(m.type(), m.text()));
         page.on('response', (r) => { if (r.url().endsWith('.js')) console.log(r.status(), r.request().method()); });
         await page.goto(__ENV.BASE_URL);
         await page.waitForTimeout(300);
         await page.close();
       }`,
    );
    assert.deepEqual(lines.sort(), ["200 GET", "log from the page 1"]);
    // The document, the picture that is not there, and the script; favicon.ico or not is Chromium's business.
    const { passes, fails } = metric(record, "browser_http_req_failed");
    assert.equal(passes, 1);
    assert.ok(fails! >= 2);
    assert.deepEqual(
      record.thresholds.map(({ ok }) => ok),
      [true, true, true],
    );
    for (const name of ["ttfb", "fcp", "lcp", "cls"])
      assert.ok("avg" in metric(record, `browser_web_vital_${name}`), name);
    assert.ok(metric(record, "browser_data_received")["count"]! > page.length);
    assert.ok(metric(record, "browser_data_sent")["count"]! > 0);
  });

  it("fails with k6's words: no browser asked for, two contexts, a dead address, a time limit", async (t) => {
    if (!hasBrowser(t)) return;
    const { lines } = await run(
      t,
      `import { browser } from 'k6/browser';
       export const options = { scenarios: {
         none: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'none' },
         ui: { executor: 'per-vu-iterations', vus: 1, iterations: 1, startTime: '1s', options: { browser: { type: 'chromium' } } } } };
       export async function none() { try { await browser.newPage(); } catch (e) { console.log(e.message); } }
       export default async function () {
         const page = await browser.newPage();
         try { await browser.newContext(); } catch (e) { console.log(e.message); }
         try { await page.goto('http://127.0.0.1:9/'); } catch (e) { console.log(String(e)); }
         await page.goto(__ENV.BASE_URL);
         try { await page.waitForSelector('#none', { timeout: 50 }); } catch (e) { console.log(e.message.includes('50ms')); }
         try { await page.evaluate(() => { throw new Error('inside'); }); } catch (e) { console.log(String(e)); }
       }`,
    );
    assert.deepEqual(lines, [
      "browser not found in registry. make sure to set browser type option in scenario definition in order to use the browser module",
      "existing browser context must be closed before creating a new one",
      'navigating page: navigating frame to "http://127.0.0.1:9/": net::ERR_UNSAFE_PORT',
      "true",
      "evaluating JS: Error: inside",
    ]);
  });

  it("says what to install when there is no browser, and the iteration fails, not the run", async (t) => {
    const { code, record } = await run(
      t,
      `import { browser } from 'k6/browser';
       ${asking()}
       export default async function () { await browser.newPage(); }`,
      { PATH: "/nowhere" },
    );
    assert.equal(code, 0);
    assert.equal(record.iterations.failed, 1);
    assert.match(
      record.exceptions[0]!.message,
      /couldn't detect google chrome.*apt-get install chromium/u,
    );
  });

  it("leaves no browser behind when the run is cut", async (t) => {
    if (!hasBrowser(t)) return;
    const url = await shop(t);
    const script = `
      import { browser } from 'k6/browser';
      export const options = { scenarios: { ui: { executor: 'constant-vus', vus: 1, duration: '60s', gracefulStop: '0s',
        options: { browser: { type: 'chromium' } } } } };
      export default async function () {
        const page = await browser.newPage();
        await page.goto(__ENV.BASE_URL);
        console.log('loaded');
        await page.waitForTimeout(60000);
      }`;
    const cwd = scratchFolder(t, { "script.js": script });
    const mark = `lakh-test-${process.pid}`;
    const env = { K6_BROWSER_ARGS: `user-agent=${mark}` };
    const child = startLakh(["run", "-e", `BASE_URL=${url}`, "script.js"], { cwd, env });
    child.stderr!.on("data", (text: Buffer) => {
      if (String(text).includes("loaded")) child.kill("SIGINT");
    });
    assert.equal((await finished(child)).code, 105);
    while (runningWith(mark).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

/** Processes with this text in their command line. */
function runningWith(mark: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark);
      } catch {
        return false; // it has ended meanwhile
      }
    });
}
