/** Members of `k6/browser` that Playwright has not, or has in another form. */
import type {
  CDPSession,
  ConsoleMessage,
  ElementHandle,
  Locator,
  Page,
  Request,
  Response,
} from "playwright-core";
import { GoError } from "../errors.ts";
import { toInitScript, toPageCode } from "./page-function.ts";
import type { BrowserObjects, Override, Overrides, Raw } from "./objects.ts";
import { type Tagger, toTagger } from "./tagging.ts";

interface NetworkProfile {
  readonly latency: number;
  readonly download: number;
  readonly upload: number;
}

/** What the overrides need of the browser session that they serve. */
export interface SessionActions {
  /** The script's `browser`. */
  readonly browserObject: object;
  newPage(): Promise<Page>;
  closeContext(): Promise<void>;
  closePage(page: Page): Promise<void>;
  cdp(page: Page): Promise<CDPSession>;
  tagBy(page: Page, tagger: Tagger): void;
  /** Runs a handler of the script in its turn. */
  deliver(callback: () => void): void;
}

/** The overrides for the objects of one browser session. */
export function createOverrides(session: SessionActions): Overrides {
  return {
    BrowserContext: contextOverrides(session),
    Page: pageOverrides(session),
    Frame: { ...documentOverrides, setInputFiles: withFiles("setInputFiles", 1) },
    JSHandle: elementOverrides,
    ElementHandle: { ...elementOverrides, setInputFiles: withFiles("setInputFiles", 0) },
    Locator: {
      ...elementOverrides,
      isInViewport: (raw) => isInViewport(raw as unknown as Locator),
    },
    Mouse: { dblClick: (raw, args) => call(raw, "dblclick", args) },
    Request: { size: requestSize },
    Response: { size: responseSize },
  };
}

type KindOverrides = Readonly<Record<string, Override>>;

function contextOverrides(session: SessionActions): KindOverrides {
  return {
    browser: () => session.browserObject,
    addInitScript: (raw, [script, argument], { vu }) =>
      call(raw, "addInitScript", [toInitScript(vu, script, argument)]),
    close: () => session.closeContext(),
    newPage: () => session.newPage(),
    waitForEvent: (raw, [event, options], objects) =>
      call(raw, "waitForEvent", [event, withPredicate(options, objects, "Page")]),
  };
}

function pageOverrides(session: SessionActions): KindOverrides {
  const asPage = (raw: Raw): Page => raw as unknown as Page;
  return {
    ...documentOverrides,
    setInputFiles: withFiles("setInputFiles", 1),
    close: (raw) => session.closePage(asPage(raw)),
    on: (raw, [event, handler], objects) =>
      listen(session, asPage(raw), { event, handler, objects }),
    route: (raw, [url, handler], objects) => route(raw, { url, handler, objects }),
    emulateVisionDeficiency: async (raw, [type]) => {
      const cdp = await session.cdp(asPage(raw));
      await cdp.send("Emulation.setEmulatedVisionDeficiency", { type: type as "none" });
    },
    throttleCPU: async (raw, [given]) => {
      const rate = Number((given as { rate?: unknown } | undefined)?.rate);
      if (!(rate >= 1)) throw new GoError("throttling CPU: rate must be a number of 1 or more");
      await (await session.cdp(asPage(raw))).send("Emulation.setCPUThrottlingRate", { rate });
    },
    throttleNetwork: async (raw, [profile]) =>
      throttle(await session.cdp(asPage(raw)), profile as NetworkProfile),
    waitForEvent: (raw, [event, options], objects) =>
      waitForEvent(raw, { event, options, objects }),
  };
}

const requestSize: Override = async (raw) => {
  const sizes = await (raw as unknown as Request).sizes();
  return { headers: sizes.requestHeadersSize, body: sizes.requestBodySize };
};

const responseSize: Override = async (raw) => {
  const sizes = await (raw as unknown as Response).request().sizes();
  return { headers: sizes.responseHeadersSize, body: sizes.responseBodySize };
};

function call(raw: Raw, name: string, args: readonly unknown[]): unknown {
  return (raw[name] as (...args: unknown[]) => unknown).apply(raw, [...args]);
}

function evaluateBy(name: "evaluate" | "evaluateHandle", receiver: boolean): Override {
  return (raw, [given, ...args], objects) => {
    const unwrapped = args.map((argument) => objects.unwrap(argument));
    const { code, argument } = toPageCode(objects.vu, given, { args: unwrapped, receiver });
    return (call(raw, name, [code, argument]) as Promise<unknown>).catch((error: Error) => {
      throw new GoError(`evaluating JS: ${error.message.replace(/^\w+\.\w+: /u, "")}`);
    });
  };
}

/** Longest wait for the browser's own page about a failed navigation. */
const errorPageLimitMs = 500;

/** A navigation that failed is over when the browser shows its error page, which would come into the next one's way. */
const navigate: Override = async (raw, [url, options]) => {
  try {
    return await call(raw, "goto", [url, options]);
  } catch (error) {
    const reason = /net::\w+/u.exec((error as Error).message)?.[0];
    if (reason === undefined) throw error;
    const shown = { waitUntil: "commit", timeout: errorPageLimitMs } as const;
    await (raw as unknown as Page).waitForURL(/^chrome-error:/u, shown).catch(() => undefined); // it shows none
    throw new GoError(`navigating page: navigating frame to "${String(url)}": ${reason}`);
  }
};

const elementOverrides: KindOverrides = {
  evaluate: evaluateBy("evaluate", true),
  evaluateHandle: evaluateBy("evaluateHandle", true),
};

const waitForFunction: Override = (raw, [given, options, ...args], objects) => {
  const unwrapped = args.map((argument) => objects.unwrap(argument));
  const { code, argument } = toPageCode(objects.vu, given, { args: unwrapped, receiver: false });
  return call(raw, "waitForFunction", [code, argument, options]);
};

const documentOverrides: KindOverrides = {
  goto: navigate,
  evaluate: evaluateBy("evaluate", false),
  evaluateHandle: evaluateBy("evaluateHandle", false),
  waitForFunction,
};

/** k6 takes an ArrayBuffer where Playwright wants a Buffer. */
function withFiles(name: string, at: number): Override {
  return (raw, args) => {
    const given = args[at];
    const files = (Array.isArray(given) ? given : [given]).map((file: unknown) => {
      const { buffer } = (file ?? {}) as { buffer?: unknown };
      return buffer instanceof ArrayBuffer
        ? { ...(file as object), buffer: Buffer.from(buffer) }
        : file;
    });
    return call(raw, name, args.toSpliced(at, 1, files));
  };
}

async function throttle(cdp: CDPSession, profile: NetworkProfile): Promise<void> {
  const { latency, download, upload } = profile;
  if (![latency, download, upload].every((value) => typeof value === "number"))
    throw new GoError("throttling network: latency, download and upload must be numbers");
  await cdp.send("Network.emulateNetworkConditions", {
    offline: false,
    latency,
    downloadThroughput: download,
    uploadThroughput: upload,
  });
}

/** True when any part of the element is in the viewport. Playwright has this as an assertion only. */
async function isInViewport(locator: Locator): Promise<boolean> {
  return locator.evaluate(
    (element) =>
      new Promise<boolean>((resolve) => {
        const Observer = (globalThis as unknown as { IntersectionObserver: ObserverConstructor })
          .IntersectionObserver;
        new Observer((entries, observer) => {
          observer.disconnect();
          resolve(entries[0]!.isIntersecting);
        }).observe(element as unknown as ElementHandle);
      }),
  );
}

type ObserverConstructor = new (
  callback: (entries: { isIntersecting: boolean }[], observer: { disconnect(): void }) => void,
) => { observe(element: unknown): void };

/** Events of a page whose argument is an object of a kind. */
const eventKinds = {
  console: "ConsoleMessage",
  request: "Request",
  requestfailed: "Request",
  requestfinished: "Request",
  response: "Response",
} as const;

type EventName = keyof typeof eventKinds;

function isEvent(event: unknown): event is EventName {
  return typeof event === "string" && Object.hasOwn(eventKinds, event);
}

function listen(
  session: SessionActions,
  page: Page,
  { event, handler, objects }: { event: unknown; handler: unknown; objects: BrowserObjects },
): void {
  if (typeof handler !== "function")
    throw new GoError(`adding a listener for "${String(event)}": the handler must be a function`);
  const callback = handler as (value: unknown) => unknown;
  if (event === "metric") {
    session.tagBy(page, toTagger(callback));
    return;
  }
  if (!isEvent(event)) {
    const known = [...Object.keys(eventKinds), "metric"].map((name) => `"${name}"`).join(", ");
    throw new GoError(`unknown page on event: "${String(event)}", must be one of ${known}`);
  }
  page.on(event as "request", (value) => {
    if (event === "console" && isOfBrowser(value as unknown as ConsoleMessage)) return;
    session.deliver(() => callback(objects.wrap(eventKinds[event], value)));
  });
}

/** What the browser itself says of a page ("Failed to load resource: …") k6 does not hand on. */
function isOfBrowser(message: ConsoleMessage): boolean {
  return message.type() === "error" && message.args().length === 0;
}

function waitForEvent(
  raw: Raw,
  { event, options, objects }: { event: unknown; options: unknown; objects: BrowserObjects },
): Promise<unknown> {
  if (!isEvent(event)) throw new GoError(`waiting for event "${String(event)}": unknown event`);
  const kind = eventKinds[event];
  const waited = call(raw, "waitForEvent", [event, withPredicate(options, objects, kind)]);
  return (waited as Promise<unknown>).then((value) => objects.wrap(kind, value));
}

/** The predicate of a wait sees the script's objects. It answers at once, so it needs no turn of its own. */
function withPredicate(
  options: unknown,
  objects: BrowserObjects,
  kind: "Page" | (typeof eventKinds)[EventName],
): unknown {
  const given = typeof options === "function" ? { predicate: options } : options;
  const { predicate } = (given ?? {}) as { predicate?: unknown };
  if (typeof predicate !== "function") return given;
  const ask = predicate as (value: unknown) => unknown;
  return { ...(given as object), predicate: (value: unknown) => ask(objects.wrap(kind, value)) };
}

function route(
  raw: Raw,
  { url, handler, objects }: { url: unknown; handler: unknown; objects: BrowserObjects },
): unknown {
  if (typeof handler !== "function") throw new GoError("routing: the handler must be a function");
  const callback = handler as (value: unknown) => unknown;
  return call(raw, "route", [
    url,
    (value: unknown) => {
      objects.vu.schedule(0, () => void callback(objects.wrap("Route", value)));
    },
  ]);
}
