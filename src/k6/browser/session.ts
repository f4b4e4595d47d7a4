/**
 * A VU's browser: started before each iteration of a scenario that asks for one, with at most one context at a time,
 * and closed after it. So neither its start nor its end is part of the iteration, as in k6.
 */
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  CDPSession,
  Page,
} from "playwright-core";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { browserTimeoutMs, launchOptions, remoteAddresses, unreadVariables } from "./launch.ts";
import { BrowserMetrics } from "./metrics.ts";
import { BrowserObjects } from "./objects.ts";
import { createOverrides, type SessionActions } from "./overrides.ts";
import type { Playwright } from "./playwright.ts";
import type { Tagger } from "./tagging.ts";
import { watchVitals } from "./web-vitals.ts";

const notAskedFor =
  "browser not found in registry. make sure to set browser type option in scenario definition " +
  "in order to use the browser module";

/** What the script hears when it uses a context that is not there. */
export const noContext = "cannot close context as none is active in browser";

/** What k6 gives a page without options. */
const defaultViewport = { width: 1_280, height: 720 };

export class BrowserSession implements SessionActions {
  readonly objects: BrowserObjects;
  /** The script's `browser`. */
  browserObject: object = {};
  readonly #vu: VuContext;
  readonly #playwright: Playwright;
  readonly #metrics: BrowserMetrics;
  readonly #cdpSessions = new WeakMap<Page, Promise<CDPSession>>();
  readonly #watched = new WeakMap<Page, Promise<void>>();
  readonly #taggers = new WeakMap<Page, Tagger[]>();
  #browser: Browser | undefined;
  #context: BrowserContext | undefined;
  #failure: Error | undefined;
  #isIn = false;

  constructor(vu: VuContext, playwright: Playwright) {
    this.#vu = vu;
    this.#playwright = playwright;
    this.#metrics = new BrowserMetrics(vu);
    this.objects = new BrowserObjects(vu, createOverrides(this));
  }

  /** Ties the browser's life to the VU's iterations. */
  begin(): void {
    let abandon: () => void = () => undefined;
    const abandoned = new Promise<void>((resolve) => {
      abandon = resolve;
    });
    this.#vu.surround({
      begin: () => (this.#isAskedFor() ? Promise.race([this.#open(), abandoned]) : undefined),
      end: () => this.close(),
    });
    this.#vu.own({
      destroy: () => {
        abandon();
        void this.close();
      },
    });
  }

  /** Takes a browser that runs elsewhere, for as long as the script wants it. @throws GoError when it does not answer */
  async connect(address: string): Promise<void> {
    const { chromium } = this.#playwright;
    const timeout = browserTimeoutMs(this.#vu.env);
    this.#isIn = true;
    this.#browser = await chromium.connectOverCDP(address, { timeout });
    this.#vu.own({ destroy: () => void this.close() });
  }

  /** @throws GoError when the scenario asked for no browser, or it did not start */
  get browser(): Browser {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#browser === undefined) throw new GoError(notAskedFor);
    return this.#browser;
  }

  get context(): BrowserContext | undefined {
    return this.#context;
  }

  async newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const { browser } = this;
    if (this.#context !== undefined)
      throw new GoError("existing browser context must be closed before creating a new one");
    const context = await browser.newContext({ viewport: defaultViewport, ...options });
    this.#context = context;
    await watchVitals(context, (vital) => {
      this.#record(vital.page, () =>
        this.#metrics.addVital(vital, this.#nameOf(vital.page, vital)),
      );
    });
    context.on("page", (page) => void this.#watch(page));
    return context;
  }

  /** A page of the present context. @throws GoError when there is none */
  async newPage(): Promise<Page> {
    if (this.#context === undefined) throw new GoError(noContext);
    const page = await this.#context.newPage();
    await this.#watch(page);
    return page;
  }

  /** @throws GoError when there is none */
  async closeContext(): Promise<void> {
    const context = this.#context;
    if (context === undefined) throw new GoError(noContext);
    this.#context = undefined;
    await Promise.all(context.pages().map(hide));
    await context.close();
  }

  /** Closes a page; what it measures until it is hidden is reported first. */
  async closePage(page: Page): Promise<void> {
    await hide(page);
    await page.close();
  }

  /** The page's own connection to the browser. */
  cdp(page: Page): Promise<CDPSession> {
    const known = this.#cdpSessions.get(page);
    if (known !== undefined) return known;
    const made = page.context().newCDPSession(page);
    this.#cdpSessions.set(page, made);
    return made;
  }

  /** Lets a handler of the script name the samples of a page. */
  tagBy(page: Page, tagger: Tagger): void {
    this.#taggers.set(page, [...(this.#taggers.get(page) ?? []), tagger]);
  }

  /** Runs a handler of the script in its turn, if the iteration is still there. */
  deliver(callback: () => void): void {
    if (this.#isIn && !this.#vu.interrupted) this.#vu.schedule(0, callback);
  }

  #isAskedFor(): boolean {
    const { scenarioName, testOptions } = this.#vu.execution;
    const scenarios = testOptions["scenarios"] as Record<string, ScenarioOptions> | undefined;
    return scenarios?.[scenarioName]?.options?.browser?.type === "chromium";
  }

  /** Never rejects: what went wrong is thrown where the script uses the browser. */
  async #open(): Promise<void> {
    const { env, logger, execution } = this.#vu;
    this.#isIn = true;
    this.#failure = undefined;
    if (execution.vuIdInInstance === 1 && execution.vuIterationInScenario === 0) {
      for (const warning of unreadVariables(env)) logger.log("warning", warning);
    }
    try {
      const browser = await this.#connect();
      if (this.#isIn) this.#browser = browser;
      else await browser.close(); // the VU was abandoned meanwhile
    } catch (error) {
      const reason = error instanceof GoError ? error.message : firstLine(error);
      this.#failure = new GoError(`error building browser on IterStart: ${reason}`);
    }
  }

  async #connect(): Promise<Browser> {
    const { env, execution } = this.#vu;
    const { chromium } = this.#playwright;
    const addresses = remoteAddresses(env);
    if (addresses.length === 0) return chromium.launch(launchOptions(env));
    const address = addresses[execution.vuIdInInstance % addresses.length]!;
    return chromium.connectOverCDP(address, { timeout: browserTimeoutMs(env) });
  }

  close(): Promise<void> | undefined {
    const browser = this.#browser;
    this.#isIn = false;
    this.#browser = undefined;
    this.#context = undefined;
    // A browser that is gone already is closed.
    return browser?.close().catch(() => undefined);
  }

  /** Measures the requests of a page; resolves when it is being watched, whoever asked first. Never rejects. */
  #watch(page: Page): Promise<void> {
    const known = this.#watched.get(page);
    if (known !== undefined) return known;
    const watching = this.#beginToWatch(page);
    this.#watched.set(page, watching);
    return watching;
  }

  async #beginToWatch(page: Page): Promise<void> {
    try {
      await this.#metrics.watch(await this.cdp(page), (subject, record) =>
        this.#record(page, () => record(this.#nameOf(page, subject))),
      );
    } catch (error) {
      if (page.isClosed()) return;
      const reason = firstLine(error);
      this.#vu.logger.log("warning", `the requests of ${page.url()} are not measured: ${reason}`);
    }
  }

  /** Records now, or in the script's turn when a handler of it has a say. */
  #record(page: Page, record: () => void): void {
    if (this.#taggers.has(page)) this.deliver(record);
    else record();
  }

  #nameOf(page: Page, subject: { url: string; method?: string | undefined }): string {
    const { url, method } = subject;
    for (const tagger of this.#taggers.get(page) ?? []) {
      const name = tagger({ url, method });
      if (name !== undefined) return name;
    }
    return url;
  }
}

interface ScenarioOptions {
  readonly options?: { readonly browser?: { readonly type?: unknown } } | null;
}

/** What a page measures until it is hidden (LCP, CLS, INP) is reported when it says that it is. */
async function hide(page: Page): Promise<void> {
  if (page.isClosed()) return;
  const say = `(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  })()`;
  await page.evaluate(say).catch(() => undefined); // crashed, or navigating: it has nothing more to say
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!;
}
