/**
 * Playwright's client, without its browsers: it is asked for when a script imports `k6/browser`, and not before, since
 * reading it takes a third of a second.
 */
import type { BrowserType } from "playwright-core";

/** What is used of it. */
export interface Playwright {
  readonly chromium: BrowserType;
  readonly devices: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export async function readPlaywright(): Promise<Playwright> {
  const { chromium, devices } = (await import("playwright-core")).default;
  return { chromium, devices };
}
