/**
 * `npm run docs:pictures`: the pictures of the documentation, taken of a real run. It starts the demo, looks at its
 * dashboard while the load is steady, and at its report afterwards, in Chromium. A demo that was disturbed (INVALID) gives no
 * pictures: it is started again, three times at most.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

const root = resolve(import.meta.dirname, "..", "..");
const folder = join(root, "docs", "pictures");
const chromiumPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const invalid = 4;
const attempts = 3;
/** In the steady state of the demo, with some of it to be seen. */
const lookAfterMs = 34_000;

interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly theme: "light" | "dark";
}

const desktop = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };

const dashboardLooks: readonly Look[] = [
  { name: "dashboard-light", theme: "light", ...desktop },
  { name: "dashboard-dark", theme: "dark", ...desktop },
  { name: "dashboard-phone", theme: "light", ...phone },
];
const reportLooks: readonly Look[] = [
  { name: "report-light", theme: "light", ...desktop },
  { name: "report-dark", theme: "dark", ...desktop },
  { name: "report-phone", theme: "light", ...phone },
];

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
  try {
    for (let attempt = 1; attempt <= attempts; attempt++)
      if ((await takePictures(browser)) !== invalid) return;
    throw new Error(`the demo was INVALID ${attempts} times: this machine is too busy`);
  } finally {
    await browser.close();
  }
}

/** Of one demo; its exit code. */
async function takePictures(browser: Browser): Promise<number> {
  const runsDir = mkdtempSync(join(tmpdir(), "lakh-pictures-"));
  try {
    const demo = startDemo(runsDir);
    const pages = await openAll(browser, await demo.dashboard, dashboardLooks);
    await new Promise((done) => setTimeout(done, lookAfterMs));
    const pictures = await takeAll(pages);
    const exitCode = await demo.exitCode;
    if (exitCode === invalid) return exitCode;
    const run = readdirSync(runsDir).find((name) => name.endsWith("-demo"))!;
    const report = pathToFileURL(join(runsDir, run, "report.html")).href;
    pictures.push(...(await takeAll(await openAll(browser, report, reportLooks))));
    for (const { name, bytes } of pictures) {
      writeFileSync(join(folder, `${name}.webp`), bytes);
      console.log(`docs/pictures/${name}.webp  ${(bytes.length / 1_000).toFixed(0)} kB`);
    }
    return exitCode;
  } finally {
    rmSync(runsDir, { recursive: true, force: true });
  }
}

interface Demo {
  readonly dashboard: Promise<string>;
  readonly exitCode: Promise<number>;
}

function startDemo(runsDir: string): Demo {
  const args = [join(root, "bin", "lakh"), "demo", "--dashboard", "--runs-dir", runsDir];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "pipe"] });
  const exitCode = new Promise<number>((done) => child.once("close", (code) => done(code ?? 1)));
  const dashboard = new Promise<string>((found, failed) => {
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const url = /dashboard: (http:\S+)/u.exec(said)?.[1];
      if (url !== undefined) found(url);
    });
    child.once("close", () => failed(new Error(`the demo has shown no dashboard:\n${said}`)));
  });
  return { dashboard, exitCode };
}

type OpenLook = Look & { readonly page: Page };

async function openAll(
  browser: Browser,
  url: string,
  looks: readonly Look[],
): Promise<readonly OpenLook[]> {
  const open = async (look: Look): Promise<OpenLook> => {
    const { width, height, theme } = look;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
    await page.goto(url);
    return { ...look, page };
  };
  return Promise.all(looks.map(open));
}

/** WebP: a third of the bytes of PNG, and letters stay sharp. Closes the pages. */
async function takeAll(looks: readonly OpenLook[]): Promise<{ name: string; bytes: Buffer }[]> {
  const pictures: { name: string; bytes: Buffer }[] = [];
  for (const { name, page } of looks) {
    await page.bringToFront();
    await page.waitForTimeout(1_500);
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 82 });
    pictures.push({ name, bytes: Buffer.from(data, "base64") });
    await page.close();
  }
  return pictures;
}

await main();
