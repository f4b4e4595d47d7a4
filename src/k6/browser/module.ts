/**
 * Module `k6/browser`: a Chromium for each VU of a scenario that asks for one (`options: { browser: { type: "chromium" } }`),
 * driven by Playwright's client, shown to scripts as k6 shows it. Reference: k6-behaviour 5.8.
 */
import { platform } from "node:os";
import type { BrowserContextOptions } from "playwright-core";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { type Playwright, readPlaywright } from "./playwright.ts";
import { BrowserSession, noContext } from "./session.ts";

/** Module `k6/browser`. */
interface BrowserModule {
  readonly browser: object;
  readonly chromium: object;
  readonly devices: object;
  readonly networkProfiles: object;
}

/** Bytes a second and milliseconds, as k6 has them; -1 is no limit. */
const networkProfiles = Object.freeze({
  "No Throttling": { latency: 0, download: -1, upload: -1 },
  "Slow 3G": { latency: 2_000, download: 50_000, upload: 50_000 },
  "Fast 3G": { latency: 562.5, download: 180_000, upload: 84_375 },
});

/** Reads Playwright, and gives what builds the module for a VU. */
export async function loadBrowserModule(): Promise<(vu: VuContext) => BrowserModule> {
  const playwright = await readPlaywright();
  const devices = toDevices(playwright);
  return (vu) => createBrowserModule(vu, playwright, devices);
}

function createBrowserModule(
  vu: VuContext,
  playwright: Playwright,
  devices: object,
): BrowserModule {
  const session = new BrowserSession(vu, playwright);
  session.begin();
  const chromium = {
    connectOverCDP: (address: unknown) =>
      session.objects.promise("value", async () => {
        const connected = new BrowserSession(vu, playwright);
        await connected.connect(String(address));
        return { ...createBrowser(connected), close: () => closing(connected) };
      }),
  };
  return { browser: createBrowser(session), chromium, devices, networkProfiles };
}

function closing(session: BrowserSession): Promise<unknown> {
  return session.objects.promise("value", () => session.close());
}

function createBrowser(session: BrowserSession): object {
  const { objects } = session;
  const browser = {
    closeContext: (): void => {
      if (session.context === undefined) throw new GoError(noContext);
      void objects.promise("value", () => session.closeContext());
    },
    context: () => objects.wrap("BrowserContext", session.browser && (session.context ?? null)),
    isConnected: () => session.browser.isConnected(),
    newContext: (options?: unknown) =>
      objects.promise("BrowserContext", () => session.newContext(toContextOptions(options))),
    newPage: (options?: unknown) =>
      objects.promise("Page", async () => {
        await session.newContext(toContextOptions(options));
        return session.newPage();
      }),
    userAgent: () => userAgentOf(session.browser.version()),
    version: () => session.browser.version(),
  };
  session.browserObject = browser;
  return browser;
}

/** As k6 shows it: the name of the system without its details. */
function userAgentOf(version: string): string {
  const system =
    platform() === "darwin" ? "Macintosh; Intel Mac OS X 10_15_7" : "X11; Linux x86_64";
  const major = version.split(".", 1)[0];
  return `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;
}

/** k6's devices have a name of their own in them, and no browser. */
function toContextOptions(options: unknown): BrowserContextOptions {
  const { name: _, ...rest } = (options ?? {}) as Record<string, unknown>;
  return rest;
}

function toDevices({ devices }: Playwright): object {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(devices).map(([name, device]) => {
        const { defaultBrowserType: _browser, ...shown } = device;
        return [name, { name, ...shown }];
      }),
    ),
  );
}
