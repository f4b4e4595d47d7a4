/**
 * One virtual user: a closure set of the script, its connections, its cookie jar, its tags, its event loop.
 * It implements what the k6 modules ask for (`VuContext`), and runs one script function at a time.
 *
 * A VU is abandoned, not unwound, when its time is over: everything that could resume its script (timers, sockets) is
 * cut, so a `catch` in the script cannot swallow the end of the test. An abandoned VU is instantiated anew if it is
 * needed again.
 */
import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/log.ts";
import { CookieJar, type HttpClient } from "../../http/index.ts";
import {
  type Attachment,
  type Companion,
  createModules,
  type ExchangeKeeper,
  type ExecutionState,
  type ModuleOptions,
  type ScriptFiles,
  type SecretStore,
  type Surroundings,
  type VuPhase,
} from "../../k6/index.ts";
import type { Metadata, Metric, MetricRegistry, Series, TagSet } from "../../metrics/index.ts";
import {
  type BlockedCall,
  type EntryEnd,
  type Lane,
  type OpenedFiles,
  type ScriptInstance,
} from "../../script/index.ts";
import { Companions } from "./companions.ts";
import { PauseEnd, Sleep } from "./pauses.ts";
import type { Rejectable, UncaughtRejection } from "./rejections.ts";
import type { ScenarioState } from "./state.ts";
import { TestAbortedError } from "./test-aborted.ts";
import { createGoError, type GlobalsHost } from "./vu-globals.ts";
import { VuExecution } from "./vu-execution.ts";
import { VuTimers } from "./vu-timers.ts";
import type { VuShared } from "./vu-shared.ts";
import type { FunctionEnd, VuTask } from "./vu-task.ts";
import { writeBack } from "./written-back.ts";

export interface VuIds {
  /** From 1; 0 for the VUs of init, setup, teardown and summary. */
  readonly inInstance: number;
  readonly inTest: number;
}

const interrupted: FunctionEnd = { kind: "interrupted" };

const noMetadata: Metadata = Object.freeze({});

/** How long to wait before looking again whether a reaction that blocks has ended; a rare path. */
const busyPollMs = 1;

export class Vu implements GlobalsHost, EntryEnd, Rejectable {
  readonly ids: VuIds;
  phase: VuPhase = "init";
  tags: TagSet;
  metadata: Metadata = noMetadata;
  cookieJar: CookieJar = new CookieJar();
  env: Readonly<Record<string, string>>;
  scenario: ScenarioState | undefined;
  /** From the moment a running function is cut until the next one starts: its samples are dropped (k6: 3.4). */
  interrupted = false;
  scenarioIterationInInstance = 0;
  scenarioIterationInTest = 0;
  iterationInScenario = 0;
  /** Iterations begun so far; `__ITER` is one less. */
  iterations = 0;
  /** What setup() returned, as this VU's own copy; in a box, because it may be undefined. */
  setupData: { readonly value: unknown } | undefined;

  importModule: (specifier: string) => object;
  readonly #shared: VuShared;
  #lane: Lane;
  #instance: ScriptInstance | undefined;
  #http: HttpClient | undefined;
  #execution: ExecutionState | undefined;
  #timers: VuTimers | undefined;
  #pauseEnd: PauseEnd | undefined;
  #sleeps: Set<Sleep> | undefined;
  #companions: Companions | undefined;
  #surroundings: Surroundings | undefined;
  #pending = 0;
  /** True once `env` holds more than the worker's. */
  #hasScenarioEnv = false;
  #outcome: FunctionEnd | undefined;
  /** A rejection that came while script code was blocked, which goes on first. */
  #rejection: UncaughtRejection | undefined;
  /** What runs. */
  #task: Pick<VuTask, "onEnd" | "startLagMs" | "dueAtMs"> | undefined;
  #sentBytes = 0;
  #receivedBytes = 0;

  constructor(shared: VuShared, ids: VuIds) {
    this.#shared = shared;
    this.ids = ids;
    this.tags = shared.runTags;
    this.env = shared.env;
    this.#lane = shared.runtime.createLane();
    this.importModule = createModules(this);
  }

  /** Runs the script's top level for this VU, and what that leaves to the event loop, as k6 does. */
  async instantiate(): Promise<ScriptInstance> {
    this.phase = "init";
    this.env = this.#ownEnv(this.env);
    this.#instance = await this.#runInit(() => this.#shared.program.instantiate(this));
    writeBack(this.#instance.exported("options"), this.#shared.exportedOptions);
    return this.#instance;
  }

  async #runInit(load: () => ScriptInstance | Promise<ScriptInstance>): Promise<ScriptInstance> {
    const end = new Promise<void>((resolve, reject) => {
      this.#task = {
        onEnd: (how) => (how.kind === "threw" ? reject(how.error as Error) : resolve()),
      };
    });
    this.#rejection = undefined;
    const loading = load();
    const instance = await (loading instanceof Promise
      ? Promise.race([loading, end.then(() => loading)])
      : loading);
    this.onReturn(undefined);
    await end;
    return instance;
  }

  /** A script may write to its __ENV, unless it is frozen: each VU has its own. */
  #ownEnv(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return this.#shared.freezesEnv ? Object.freeze({ ...env }) : { ...env };
  }

  /** One of the script's exports; the VU must have been instantiated. */
  exported(name: string): unknown {
    if (this.#instance === undefined) throw new Error("the VU was not instantiated");
    return this.#instance.exported(name);
  }

  // --- ScriptHost ------------------------------------------------------------------------------

  get lane(): Lane {
    return this.#lane;
  }

  get globals(): Readonly<Record<string, unknown>> {
    return { __ENV: this.env, __VU: this.ids.inTest };
  }

  get createError(): (message: string) => Error {
    return createGoError;
  }

  get extended(): boolean {
    return this.#shared.extended;
  }

  get openedFiles(): OpenedFiles {
    return this.#shared.openedFiles;
  }

  get scriptDir(): string {
    return this.#shared.entryDir;
  }

  get logger(): Logger {
    return this.phase === "init" ? this.#shared.initLogger : this.#shared.logger;
  }

  get execution(): ExecutionState {
    return (this.#execution ??= new VuExecution(this, this.#shared));
  }

  get http(): HttpClient {
    const stack = this.#shared.httpStack;
    if (stack === undefined) throw new Error("no HTTP in the init context");
    return (this.#http ??= stack.createClient(this.ids.inInstance));
  }

  /** Hands the VU to a scenario: its tags, its `__ENV`. */
  activate(scenario: ScenarioState, env: Readonly<Record<string, string>>): void {
    this.scenario = scenario;
    this.tags = scenario.tags;
    this.metadata = this.options.systemTags.has("vu")
      ? { vu: String(this.ids.inInstance) }
      : noMetadata;
    this.iterationInScenario = 0;
    if (Object.keys(env).length === 0 && !this.#hasScenarioEnv) return;
    this.#hasScenarioEnv = true;
    this.env = this.#ownEnv({ ...this.#shared.env, ...env });
    if (this.#instance !== undefined) this.#instance.global["__ENV"] = this.env;
  }

  /**
   * Runs one function of the script to its end: until it returned or threw, and its event loop is idle.
   * Resolves with `interrupted` when the VU is abandoned meanwhile.
   */
  run(phase: VuPhase, callee: () => unknown): Promise<FunctionEnd> {
    return new Promise((resolve) => this.start(phase, { call: callee, onEnd: resolve }));
  }

  /** As {@link run}, and calls back: at once when the function neither waited nor left anything pending. */
  start(phase: VuPhase, task: VuTask): void {
    this.phase = phase;
    this.interrupted = false;
    this.#outcome = undefined;
    this.#rejection = undefined;
    this.#companions?.begin();
    this.#task = task;
    this.#lane.start(task, this);
  }

  /** Gets ready for the next iteration: `__ITER`, cookies. */
  beginIteration(): void {
    const instance = this.#instance;
    if (instance !== undefined) instance.global["__ITER"] = this.iterations;
    this.numberIteration();
    this.iterations++;
    if (!this.options.noCookiesReset && !this.cookieJar.isEmpty) this.cookieJar = new CookieJar();
  }

  /** Writes `iter` into the metadata when that system tag is on, which it is not by default. */
  numberIteration(): void {
    if (this.options.systemTags.has("iter"))
      this.metadata = { ...this.metadata, iter: String(this.iterations) };
  }

  /** Bytes on the wire since the last call. */
  takeData(): { sentBytes: number; receivedBytes: number } {
    const data = { sentBytes: this.#sentBytes, receivedBytes: this.#receivedBytes };
    this.#sentBytes = 0;
    this.#receivedBytes = 0;
    return data;
  }

  closeIdleConnections(): void {
    this.#http?.closeIdle();
  }

  /** Cuts everything that could resume the script; a running function ends as `interrupted`. */
  abandon(): void {
    this.interrupted = true;
    this.#lane.abandon();
    if (this.#pauseEnd !== undefined) this.#shared.sleeps.remove(this.#pauseEnd);
    this.#pauseEnd = undefined;
    this.#endSleeps();
    this.#cutTimers();
    this.#companions?.destroy();
    this.#surroundings = undefined;
    this.#http?.destroy();
    this.#http = undefined;
    this.#instance = undefined;
    this.importModule = createModules(this);
    this.#lane = this.#shared.runtime.createLane();
    this.#end(interrupted);
  }

  /** True when the VU must be instantiated (again) before it can run. */
  get needsInstance(): boolean {
    return this.#instance === undefined;
  }

  // --- VuContext -------------------------------------------------------------------------------

  get clock(): Clock {
    return this.#shared.clock;
  }

  get options(): ModuleOptions {
    return this.#shared.options;
  }

  get registry(): MetricRegistry {
    return this.#shared.registry;
  }

  get secrets(): SecretStore {
    return this.#shared.secrets;
  }

  get exchanges(): ExchangeKeeper {
    return this.#shared.exchanges;
  }

  get dueAtMs(): number | undefined {
    return this.#task?.dueAtMs;
  }

  get files(): ScriptFiles {
    return this.#shared.files;
  }

  claimSamples(): void {
    const { samples } = this.#shared;
    if (samples !== undefined) samples.owner = this;
  }

  series(metric: Metric, tags: TagSet): Series {
    this.claimSamples();
    return this.#shared.store.series(metric, tags);
  }

  block<T>(promise: Promise<T>): T {
    return this.#lane.block(promise);
  }

  call<T, R>(
    callee: () => T,
    settle: { onValue: (value: T) => R; onError: (error: unknown) => R },
  ): R {
    return this.#lane.call(callee, settle);
  }

  suspend<T>(begin: (call: BlockedCall<T>) => void): T {
    return this.#lane.suspend(begin);
  }

  pause(delayMs: number): void {
    return this.#lane.suspend<undefined>((call) => {
      this.#pauseEnd ??= new PauseEnd();
      // Only code that leaks a blocking call pauses twice at once.
      if (this.#pauseEnd.dueMs !== undefined) this.#pauseEnd = new PauseEnd();
      this.#pauseEnd.call = call;
      this.#shared.sleeps.add(this.#pauseEnd, delayMs);
    });
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const sleeps = (this.#sleeps ??= new Set());
      const sleep = new Sleep(() => {
        sleeps.delete(sleep);
        resolve();
      });
      sleeps.add(sleep);
      this.#shared.sleeps.add(sleep, delayMs);
    });
  }

  schedule(delayMs: number, callback: () => void, onCut?: () => void): () => void {
    if (this.#outcome?.kind === "threw") return () => undefined; // k6 starts no timer once the iteration is cancelled
    this.#pending++;
    const timers = (this.#timers ??= new VuTimers(this.clock));
    const timer = timers.add(delayMs, () => void this.#runGated(callback), onCut);
    return () => {
      if (timers.remove(timer)) this.#release();
    };
  }

  track<T>(promise: Promise<T>): Promise<T> {
    this.#pending++;
    const delivered = this.#lane.afterTurn(promise);
    const release = (): void => void setImmediate(() => this.#release());
    delivered.then(release, release);
    return delivered;
  }

  inside(callee: () => unknown): void | Promise<void> {
    return this.#lane.inside(callee);
  }

  attach(companion: Companion): Attachment {
    return this.#companionsOf().attach(companion);
  }

  own(resource: { destroy(): void }): () => void {
    return this.#companionsOf().own(resource);
  }

  surround(surroundings: Surroundings): void {
    this.#surroundings = surroundings;
  }

  sourceOf(callee: (...args: never[]) => unknown): string {
    return this.#shared.program.sourceOf(callee);
  }

  /** What has to be there before the next iteration; undefined when nothing is to be waited for. */
  beginSurroundings(): Promise<void> | undefined {
    return this.#surroundings?.begin();
  }

  endSurroundings(): Promise<void> | undefined {
    return this.#surroundings?.end();
  }

  /** Ends the running function here and now, as completed: neither its `catch` nor its `finally` runs (k6). */
  abortTest(reason: string): never {
    const error = new TestAbortedError(reason);
    if (this.phase === "init") throw error;
    const lane = this.#lane;
    const task = this.#task;
    this.#task = undefined;
    this.#shared.abort(reason);
    this.abandon();
    task?.onEnd({ kind: "threw", error });
    return lane.suspend<never>(() => undefined);
  }

  failTest(reason: string): void {
    this.#shared.markFailed(reason);
  }

  countData(sentBytes: number, receivedBytes: number): void {
    this.#sentBytes += sentBytes;
    this.#receivedBytes += receivedBytes;
  }

  countResponse(durationMs: number): void {
    const startLagMs = this.#task?.startLagMs;
    if (startLagMs !== undefined) this.#shared.state.addResponse(durationMs, startLagMs);
  }

  // --- the end of a function -------------------------------------------------------------------

  onReturn(value: unknown): void {
    if (this.#rejection !== undefined) return this.onThrow(this.#rejection);
    this.#outcome = { kind: "returned", value };
    this.#endWhenIdle();
  }

  /**
   * An exception ends the function; what was still pending is cancelled, as in k6. Open sockets say goodbye first.
   * What a handler throws on the way out is only a consequence: the first exception is the function's.
   */
  onThrow(error: unknown, inPromise = false): void {
    if (this.#outcome?.kind === "threw") return;
    const outcome: FunctionEnd = { kind: "threw", error, inPromise };
    this.#outcome = outcome;
    this.#cutTimers();
    this.#lane.dropTasks();
    this.#companions?.cancel();
    if (!this.#hasCompanions) this.#end(outcome);
  }

  /** Ends the running function with an unhandled rejection, once its code lets go; false when none runs. */
  reject(error: UncaughtRejection): boolean {
    if (this.#task === undefined) return false;
    if (this.#lane.hasWork) {
      this.#rejection = error;
      setTimeout(() => this.reject(error), busyPollMs);
    } else this.onThrow(error);
    return true;
  }

  async #runGated(callback: () => void): Promise<void> {
    try {
      await this.#lane.gate(callback);
    } catch (error) {
      this.onThrow(error);
      return;
    }
    this.#release();
  }

  async #deliver(callback: () => unknown): Promise<void> {
    try {
      await this.#lane.gate(callback);
    } catch (error) {
      this.onThrow(error);
    }
  }

  #companionsOf(): Companions {
    return (this.#companions ??= new Companions({
      deliver: (callback) => void this.#deliver(callback),
      // Not here and now: a companion says so from within script code, and the end may begin the next iteration.
      onReleased: () => void setImmediate(() => this.#endWhenIdle()),
    }));
  }

  get #hasCompanions(): boolean {
    return this.#companions !== undefined && this.#companions.count > 0;
  }

  #release(): void {
    if (this.#pending > 0) this.#pending--;
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (this.#outcome === undefined || this.#pending > 0 || this.#hasCompanions) return;
    if (this.#lane.hasWork) setTimeout(() => this.#endWhenIdle(), busyPollMs);
    else this.#end(this.#outcome);
  }

  #end(outcome: FunctionEnd): void {
    const task = this.#task;
    this.#task = undefined;
    this.#outcome = undefined;
    task?.onEnd(outcome);
  }

  #endSleeps(): void {
    for (const sleep of this.#sleeps ?? []) {
      this.#shared.sleeps.remove(sleep);
      sleep.onWake();
    }
  }

  #cutTimers(): void {
    this.#pending = 0;
    this.#timers?.cut(this.phase === "iteration");
  }
}
