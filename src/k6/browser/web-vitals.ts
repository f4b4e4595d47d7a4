/**
 * Web vitals of the pages of a context, measured in the page by Google's `web-vitals`. Its version 4: later ones report
 * the largest contentful paint at the end of a page only when the browser itself hid it, and a page that a script closes
 * is not hidden first.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";

/** One measurement. */
export interface Vital {
  readonly page: Page;
  readonly url: string;
  /** "LCP", "FCP", "CLS", "INP", "TTFB". */
  readonly name: string;
  /** Milliseconds; a number without unit for CLS. */
  readonly value: number;
  /** "good", "needs-improvement" or "poor". */
  readonly rating: string;
}

const binding = "lakhReportWebVital";

/** Hands each measurement of each page of `context` to `take`. */
export async function watchVitals(
  context: BrowserContext,
  take: (vital: Vital) => void,
): Promise<void> {
  await context.exposeBinding(binding, ({ page }, report: Omit<Vital, "page">) => {
    if (page !== undefined) take({ ...report, page });
  });
  await context.addInitScript(vitalsScript());
}

let script: string | undefined;

function vitalsScript(): string {
  if (script !== undefined) return script;
  const entry = createRequire(import.meta.url).resolve("web-vitals");
  const library = readFileSync(join(dirname(entry), "web-vitals.iife.js"), "utf8");
  script = `(() => {
    ${library}
    const report = ({ name, value, rating }) => globalThis.${binding}({ url: location.href, name, value, rating });
    webVitals.onCLS(report); webVitals.onFCP(report); webVitals.onINP(report);
    webVitals.onLCP(report); webVitals.onTTFB(report);
  })();`;
  return script;
}
