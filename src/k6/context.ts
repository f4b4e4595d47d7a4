/**
 * What a k6 module may ask of the VU it serves. The engine implements it; the modules own it.
 * One object per VU; its fields change between iterations, its identity does not.
 */
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { CookieJar, HttpClient } from "../http/index.ts";
import type { Metadata, Metric, MetricRegistry, Series, TagSet } from "../metrics/index.ts";
import type { ExchangeKeeper } from "./exchange-watch.ts";
import type { SecretStore } from "./secrets/store.ts";

/** Where in its life a VU is; decides what scripts may call (k6: init context against VU context). */
export type VuPhase = "init" | "setup" | "iteration" | "teardown" | "summary";

/** The consolidated options that modules read, already in lakh's units. */
export interface ModuleOptions {
  readonly userAgent: string;
  readonly maxRedirects: number;
  /** True when the user set maxRedirects, which silences the warning at the limit. */
  readonly maxRedirectsSet: boolean;
  readonly throwOnFailure: boolean;
  readonly discardResponseBodies: boolean;
  /** Log requests and responses: their heads, or everything. */
  readonly httpDebug: "headers" | "full" | undefined;
  readonly batch: number;
  readonly batchPerHost: number;
  readonly noCookiesReset: boolean;
  /** Enabled system tags (k6 names). */
  readonly systemTags: ReadonlySet<string>;
  /** Requests per second over the whole instance; 0 is off. */
  readonly rps: number;
  /** When the next of them is due, in memory that the workers of the instance share. */
  readonly rateLimit?: BigInt64Array;
}

/** Numbers behind `k6/execution`. Getters of a live object: read, never kept. */
export interface ExecutionState {
  readonly vuIdInInstance: number;
  readonly vuIdInTest: number;
  readonly vuIterationInInstance: number;
  readonly vuIterationInScenario: number;
  readonly scenarioName: string;
  readonly scenarioExecutor: string;
  /** Unix milliseconds. */
  readonly scenarioStartWallMs: number;
  /** 0 to 1. */
  readonly scenarioProgress: number;
  readonly scenarioIterationInInstance: number;
  readonly scenarioIterationInTest: number;
  readonly iterationsCompleted: number;
  readonly iterationsInterrupted: number;
  readonly vusActive: number;
  readonly vusInitialized: number;
  readonly testRunDurationMs: number;
  /** k6's shape: durations as strings, nulls for unset fields. */
  readonly testOptions: Readonly<Record<string, unknown>>;
}

/** What a path of a script leads to. */
export type FoundFile =
  | { readonly kind: "file"; readonly bytes: Uint8Array }
  | { readonly kind: "missing" }
  | { readonly kind: "directory" };

/** The files that a script may read while it is initialised, each read once a worker. */
export interface ScriptFiles {
  /** The absolute path for one that is relative to the script. */
  resolve(path: string): string;
  read(absolutePath: string): FoundFile;
}

/** A blocking call under way. Told once how it ended, and never before {@link VuContext.suspend} has returned. */
export interface BlockedCall<T> {
  done(value: T): void;
  fail(error: unknown): void;
}

/** What goes on beside the script and has news for it: an open socket, a stream. */
export interface Companion {
  /** The running function threw: come to an end, as k6 does when it cancels an iteration; what it says last is still heard. */
  cancel(): void;
  /** The VU is abandoned: let go of everything at once; the script is told nothing more. */
  destroy(): void;
}

/** A companion's tie to the VU. */
export interface Attachment {
  /** Runs `callback`, which may block, on the VU's event loop: one after the other, and not while script code is blocked. */
  deliver(callback: () => unknown): void;
  /** The companion is over: the iteration need not wait for it any more. */
  release(): void;
}

/** What has to be there around each iteration: a browser. Neither its begin nor its end is part of the iteration. */
export interface Surroundings {
  /** Before the function of the script is called; undefined when there is nothing to wait for. Never rejects. */
  begin(): Promise<void> | undefined;
  /** After the iteration has ended and before the next. Never rejects. */
  end(): Promise<void> | undefined;
}

export interface VuContext {
  readonly phase: VuPhase;
  /** True from the moment the running iteration is cut until the next one starts: its samples are dropped (k6: 3.4). */
  readonly interrupted: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: ModuleOptions;
  readonly registry: MetricRegistry;
  readonly execution: ExecutionState;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: SecretStore;
  readonly files: ScriptFiles;
  /** Folder of the entry script, against which paths in calls of modules are resolved. */
  readonly scriptDir: string;

  /** Tags of the next sample: run < scenario < vu.tags, with the current `group`. Modules add their own on top. */
  tags: TagSet;
  /** What the next samples carry besides tags: `vu` and `iter` when enabled, and the script's own. Replaced, never changed. */
  metadata: Metadata;
  /**
   * Says that the samples recorded next are this VU's, so that its metadata goes with them. To be called before `add` on a
   * handle that was kept; `series` does it by itself.
   */
  claimSamples(): void;
  /** The interned handle for (metric, tags) in this worker. */
  series(metric: Metric, tags: TagSet): Series;

  readonly http: HttpClient;
  /** Who keeps exchanges whole. */
  readonly exchanges: ExchangeKeeper;
  /** When the running iteration was due, in clock milliseconds; undefined when it was not due by the clock. */
  readonly dueAtMs: number | undefined;
  /** The VU's jar of this iteration. */
  readonly cookieJar: CookieJar;

  /**
   * Makes the script wait: returns the sentinel that the lowered script recognises, typed as the value it stands for.
   * The promise's value becomes the value of the call in the script; its rejection is thrown there.
   * Must be the last thing a module function does: `return vu.block(promise)`.
   */
  block<T>(promise: Promise<T>): T;

  /**
   * As {@link block}, for what is not a promise yet: `begin` begins it, and tells `call` later how it ended.
   * Must be the last thing a module function does.
   */
  suspend<T>(begin: (call: BlockedCall<T>) => void): T;

  /** Makes the script wait for `delayMs`. Must be the last thing a module function does. */
  pause(delayMs: number): void;

  /**
   * Calls a function of the script that may block, then `onValue` or `onError`, whose result is returned (or thrown)
   * to the script. When the function did not block, all of it happens synchronously.
   * `onValue` may itself end in `call` or `block` (a check after a check that blocked): what it returns may be the sentinel.
   */
  call<T, R>(
    callee: () => T,
    settle: { onValue: (value: T) => R; onError: (error: unknown) => R },
  ): R;

  /** Runs `callback` on the VU's event loop in `delayMs`; keeps the iteration alive; returns its cancel function. `onCut`: an exception came first. */
  schedule(delayMs: number, callback: () => void, onCut?: () => void): () => void;
  /**
   * Runs a function of the script, which may block, on behalf of a blocking call that is under way (begun by
   * {@link block} or {@link suspend} and not settled). Throws what it throws, or rejects with it when it had to wait.
   */
  inside(callee: () => unknown): void | Promise<void>;
  /** Keeps the iteration alive until the companion releases its attachment. */
  attach(companion: Companion): Attachment;
  /** Ties what outlives iterations (a connection) to the VU: destroyed when the VU is abandoned. Returns the way out. */
  own(resource: { destroy(): void }): () => void;
  /** From the next iteration on; until the VU is abandoned. */
  surround(surroundings: Surroundings): void;
  /** The text of a function as the user wrote it (types stripped), not as it was lowered. */
  sourceOf(callee: (...args: never[]) => unknown): string;
  /** Keeps the iteration alive until the promise settles (asyncRequest). Returns the promise, gated by the VU's baton. */
  track<T>(promise: Promise<T>): Promise<T>;
  /** Resolves after `delayMs`, at once when the iteration is interrupted. */
  sleep(delayMs: number): Promise<void>;

  /** Ends the test run with exit code 108; throws. (exec.test.abort) */
  abortTest(reason: string): never;
  /** Marks the run as failed, exit code 110. (exec.test.fail) */
  failTest(reason: string): void;
  /** Bytes that went over the wire for this VU; emitted as data_sent and data_received at the iteration's end. */
  countData(sentBytes: number, receivedBytes: number): void;
  /** An http_req_duration was recorded: how long it was from when its iteration was due is counted beside it. */
  countResponse(durationMs: number): void;
}
