/** Pages in a real browser, which is Debian's chromium: a test without one is skipped by name. */
import { spawnSync } from "node:child_process";
import type { TestContext } from "node:test";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

/** For machines that have other things to do. */
const patienceMs = 120_000;
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export interface OpenPage {
  readonly page: Page;
  /** Lines of the console and exceptions: none is expected of a page. */
  readonly complaints: string[];
  /** Requests to anywhere but the page's own origin. */
  readonly foreign: string[];
}

/** Undefined, and the test skipped, without a browser. */
export async function openBrowser(t: TestContext): Promise<Browser | undefined> {
  const name = names.find((each) => spawnSync(each, ["--version"]).status === 0);
  if (name === undefined) {
    if (process.env["LAKH_NO_SKIPS"] === "1") throw new Error("no Chromium is installed");
    t.skip("no Chromium is installed");
    return undefined;
  }
  const path = spawnSync("which", [name], { encoding: "utf8" }).stdout.trim();
  const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
  t.after(() => browser.close());
  return browser;
}

export async function openPage(
  browser: Browser,
  url: string,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<OpenPage> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(patienceMs);
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (to.protocol !== "data:" && to.origin !== new URL(url).origin) foreign.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, foreign };
}

/** Serious and critical faults that axe finds in the page as it is now: rule, and the elements at fault. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's own content policy does not hold back.
  await page.evaluate(axe.source);
  const results = (await page.evaluate("axe.run()")) as {
    readonly violations: readonly {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }[];
  };
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}
