/**
 * A VU for tests of the k6 modules: a VuContext whose samples, log lines and timers can be read back.
 * `block` and `call` behave as the engine's do (a sentinel while something waits), and `settle` waits as a lowered
 * script would.
 */
import type { Clock } from "../../src/base/clock.ts";
import type { Logger } from "../../src/base/log.ts";
import { CookieJar } from "../../src/http/index.ts";
import type { HttpClient } from "../../src/http/index.ts";
import type {
  Attachment,
  BlockedCall,
  Companion,
  ExchangeKeeper,
  ExecutionState,
  ModuleOptions,
  ScriptFiles,
  Surroundings,
  VuContext,
  VuPhase,
} from "../../src/k6/index.ts";
import { globalMakers, noKeeper, SecretStore } from "../../src/k6/index.ts";
import { MetricRegistry } from "../../src/metrics/index.ts";
import type { Metric, Series, TagSet } from "../../src/metrics/index.ts";
import { createRootTags } from "./k6-tags.ts";

/** What a lowered script compares with; any other use is a mistake of the module under test. */
const sentinel: unknown = new Proxy(
  {},
  {
    get: () => {
      throw new Error("the sentinel was used as a value");
    },
  },
);

/** k6's default system tags (reference 6.3). */
export const defaultSystemTags: readonly string[] =
  "proto subproto status method url name group check error error_code tls_version scenario service expected_response".split(
    " ",
  );

export interface RecordedSample {
  readonly metric: string;
  readonly value: number;
  readonly tags: Record<string, string>;
}

export interface RecordedLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, string> | undefined;
}

interface PlannedTimer {
  readonly delayMs: number;
  readonly callback: () => void;
  readonly onCut: (() => void) | undefined;
}

const defaultOptions: ModuleOptions = {
  userAgent: "lakh-test",
  maxRedirects: 10,
  maxRedirectsSet: false,
  throwOnFailure: false,
  discardResponseBodies: false,
  httpDebug: undefined,
  batch: 20,
  batchPerHost: 6,
  noCookiesReset: false,
  systemTags: new Set(defaultSystemTags),
  rps: 0,
};

const noHttp: HttpClient = {
  start: () => {
    throw new Error("this test has no http client");
  },
  send: () => Promise.reject(new Error("this test has no http client")),
  resolveAddress: () => Promise.reject(new Error("this test has no http client")),
  tlsOptions: () => ({}),
  noteDialError: () => undefined,
  closeIdle: () => undefined,
  destroy: () => undefined,
};

export class TestVu implements VuContext {
  phase: VuPhase = "iteration";
  interrupted = false;
  nowMs = 1_000;
  readonly samples: RecordedSample[] = [];
  readonly lines: RecordedLine[] = [];
  readonly sleeps: number[] = [];
  surroundings: Surroundings | undefined;
  readonly timers: Map<number, PlannedTimer> = new Map();
  readonly options: ModuleOptions;
  readonly registry: MetricRegistry;
  readonly http: HttpClient;
  readonly cookieJar: CookieJar = new CookieJar();
  exchanges: ExchangeKeeper = noKeeper;
  dueAtMs: number | undefined;
  readonly env: Record<string, string> = {};
  readonly texts: Map<string, string> = new Map();
  readonly files: ScriptFiles = {
    resolve: (path) => `/test/${path}`,
    read: (path) => {
      const text = this.texts.get(path);
      if (path === "/test/folder") return { kind: "directory" };
      return text === undefined ? { kind: "missing" } : { kind: "file", bytes: Buffer.from(text) };
    },
  };
  secrets: SecretStore = new SecretStore([], () => undefined);
  scriptDir = "/";
  readonly clock: Clock = { nowMs: () => this.nowMs, wallMs: () => 1_700_000_000_000 + this.nowMs };
  readonly logger: Logger = {
    log: (level, message, fields) =>
      void this.lines.push({ level, message, fields: fields && { ...fields } }),
  };
  execution: ExecutionState = {
    vuIdInInstance: 3,
    vuIdInTest: 13,
    vuIterationInInstance: 5,
    vuIterationInScenario: 4,
    scenarioName: "browse",
    scenarioExecutor: "constant-vus",
    scenarioStartWallMs: 1_700_000_000_000,
    scenarioProgress: 0.25,
    scenarioIterationInInstance: 40,
    scenarioIterationInTest: 400,
    iterationsCompleted: 39,
    iterationsInterrupted: 1,
    vusActive: 7,
    vusInitialized: 10,
    testRunDurationMs: 1_234.5,
    testOptions: { scenarios: { browse: { vus: 7 } } },
  };
  tags: TagSet = createRootTags().with("group", "").with("scenario", "browse");
  metadata: Readonly<Record<string, string>> = {};
  /** What was counted beside http_req_duration. */
  readonly responsesMs: number[] = [];
  sentBytes = 0;
  receivedBytes = 0;
  readonly failReasons: string[] = [];
  readonly companions: Set<Companion> = new Set();
  readonly owned: Set<{ destroy(): void }> = new Set();
  readonly thrown: unknown[] = [];
  #news: Promise<void> = Promise.resolve();
  #register: Promise<unknown> | undefined;
  #lastTimer = 0;
  #series = new Map<Metric, Map<TagSet, Series>>();
  /** How many series handles were asked for; caches keep it small. */
  seriesLookups = 0;

  constructor(
    parts: { options?: Partial<ModuleOptions>; http?: HttpClient; registry?: MetricRegistry } = {},
  ) {
    this.options = { ...defaultOptions, ...parts.options };
    this.http = parts.http ?? noHttp;
    this.registry = parts.registry ?? new MetricRegistry();
  }

  claimSamples(): void {
    // One VU: all samples are its own.
  }

  series(metric: Metric, tags: TagSet): Series {
    this.seriesLookups++;
    let byTags = this.#series.get(metric);
    if (byTags === undefined) this.#series.set(metric, (byTags = new Map()));
    let series = byTags.get(tags);
    if (series === undefined) {
      const add = (value: number): void =>
        void this.samples.push({ metric: metric.name, value, tags: tags.toObject() });
      byTags.set(tags, (series = { metric, tags, add }));
    }
    return series;
  }

  block<T>(promise: Promise<T>): T {
    if (this.#register !== undefined) throw new Error("a sentinel was left behind");
    promise.catch(() => undefined);
    this.#register = promise;
    return sentinel as T;
  }

  suspend<T>(begin: (call: BlockedCall<T>) => void): T {
    return this.block(new Promise<T>((resolve, reject) => begin({ done: resolve, fail: reject })));
  }

  pause(delayMs: number): void {
    this.block(this.sleep(delayMs));
    return sentinel as unknown as undefined;
  }

  call<T, R>(
    callee: () => T,
    settle: { onValue: (value: T) => R; onError: (error: unknown) => R },
  ): R {
    let value: T;
    try {
      value = callee();
    } catch (error) {
      return settle.onError(error);
    }
    if (value !== sentinel) return settle.onValue(value);
    const waiting = this.#take() as Promise<T>;
    return this.block(
      waiting.then(
        (result) => this.settle(() => settle.onValue(result)),
        (error: unknown) => this.settle(() => settle.onError(error)),
      ),
    );
  }

  /** Runs what a script would do, and waits for it as a lowered script does. */
  async settle<T>(code: () => T): Promise<T> {
    const value = code();
    return value === sentinel ? ((await this.#take()) as T) : value;
  }

  /** True when `code` has to wait; the wait is abandoned. */
  blocks(code: () => unknown): boolean {
    const blocked = code() === sentinel;
    this.#register = undefined;
    return blocked;
  }

  schedule(delayMs: number, callback: () => void, onCut?: () => void): () => void {
    const id = ++this.#lastTimer;
    this.timers.set(id, { delayMs, callback, onCut });
    return () => void this.timers.delete(id);
  }

  /** Runs the timer that was planned first. */
  fireNextTimer(): void {
    const [id, timer] = [...this.timers][0]!;
    this.timers.delete(id);
    timer.callback();
  }

  inside(callee: () => unknown): void | Promise<void> {
    if (callee() !== sentinel) return undefined;
    return this.#take().then(() => undefined);
  }

  /** Events come one after the other, as on the engine's event loop; what a handler throws is kept in `thrown`. */
  attach(companion: Companion): Attachment {
    this.companions.add(companion);
    return {
      deliver: (callback) => {
        this.#news = this.#news.then(async () => {
          if (!this.companions.has(companion)) return;
          try {
            await this.settle(callback);
          } catch (error) {
            this.thrown.push(error);
            for (const each of this.companions) each.cancel();
          }
        });
      },
      release: () => void this.companions.delete(companion),
    };
  }

  own(resource: { destroy(): void }): () => void {
    this.owned.add(resource);
    return () => void this.owned.delete(resource);
  }

  track<T>(promise: Promise<T>): Promise<T> {
    return promise;
  }

  sleep(delayMs: number): Promise<void> {
    this.sleeps.push(delayMs);
    this.nowMs += delayMs;
    return Promise.resolve();
  }

  surround(surroundings: Surroundings): void {
    this.surroundings = surroundings;
  }

  sourceOf(callee: (...args: never[]) => unknown): string {
    return Function.prototype.toString.call(callee); // nothing is lowered here
  }

  abortTest(reason: string): never {
    throw new Error(reason);
  }

  failTest(reason: string): void {
    this.failReasons.push(reason);
  }

  countResponse(durationMs: number): void {
    this.responsesMs.push(durationMs);
  }

  countData(sentBytes: number, receivedBytes: number): void {
    this.sentBytes += sentBytes;
    this.receivedBytes += receivedBytes;
  }

  /** The recorded samples of one metric. */
  samplesOf(metric: string): RecordedSample[] {
    return this.samples.filter((sample) => sample.metric === metric);
  }

  #take(): Promise<unknown> {
    const promise = this.#register;
    this.#register = undefined;
    if (promise === undefined) throw new Error("a sentinel without a promise");
    return promise;
  }
}

/** The globals of a VU, all of them made. */
export function globalsOf(vu: VuContext): Record<string, unknown> {
  return Object.fromEntries(Object.entries(globalMakers).map(([name, make]) => [name, make(vu)]));
}
