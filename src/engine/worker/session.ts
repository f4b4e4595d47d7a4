/**
 * A worker thread's life: init, prepare, setup, run, teardown, summary. One method a message.
 */
import { systemClock } from "../../base/clock.ts";
import { ReadyQueue } from "../../base/ready-queue.ts";
import { toErrorPayload } from "../../base/errors.ts";
import { createHttpStack, type HttpStack } from "../../http/index.ts";
import { loadModules, type ModuleOptions, noKeeper, SecretStore } from "../../k6/index.ts";
import { Redactor } from "../../secrets/index.ts";
import {
  createTagInterner,
  type MetricDelta,
  MetricRegistry,
  SampleStore,
  type TagInterner,
  withTags,
} from "../../metrics/index.ts";
import { createShare, hasDueTimes, plannedVusOver, type Share } from "../../schedule/index.ts";
import {
  assertHasFunctions,
  compileProgram,
  createFileReader,
  createOpenedFiles,
  createScriptRuntime,
  type OpenedFiles,
  type Program,
  type ScriptRuntime,
} from "../../script/index.ts";
import type {
  HostMessage,
  ScaleOrder,
  SummaryOutcome,
  WorkerAssignment,
  WorkerMessage,
  WorkerSetup,
} from "../protocol.ts";
import { WorkerExchanges } from "./exchange-keeper.ts";
import { ExceptionLog } from "./exceptions.ts";
import { createLoadGuard } from "./guard.ts";
import { initOptions, moduleOptions } from "./module-options.ts";
import { HealthSampler } from "./health.ts";
import { createInitReport } from "./init-report.ts";
import { Instance } from "./instance.ts";
import { IterationRunner } from "./iteration.ts";
import { runLifecycleFunction } from "./lifecycle.ts";
import { RejectionWatch } from "./rejections.ts";
import { WorkerRun } from "./run.ts";
import { reportSummaryFailure, toSummaryFiles } from "./summary-files.ts";
import { toSetupJson } from "./setup-data.ts";
import { SampleSender } from "./sample-sender.ts";
import { ScriptFaults } from "./script-faults.ts";
import { SleepWheel } from "./sleep-wheel.ts";
import { RunState } from "./state.ts";
import { ThrottledLogger } from "./throttled-logger.ts";
import { Vu } from "./vu.ts";
import { type GlobalsHost, lazyGlobals } from "./vu-globals.ts";
import { VuPool } from "./vu-pool.ts";
import type { VuShared } from "./vu-shared.ts";

/** What exists once the host has said what to do. */
interface Prepared {
  readonly assignment: WorkerAssignment;
  readonly shared: VuShared;
  readonly stack: HttpStack;
  readonly iterations: IterationRunner;
  readonly pool: VuPool;
  readonly share: Share;
  /** This worker's part of what its instance has. */
  readonly withinInstance: Share;
  readonly instance: Instance;
}

export class WorkerSession {
  readonly #setup: WorkerSetup;
  readonly #post: (message: WorkerMessage) => void;
  readonly #logger: ThrottledLogger;
  /** Of VUs in the init context. */
  readonly #initLogger: ThrottledLogger;
  readonly #program: Program<GlobalsHost>;
  readonly #runtime: ScriptRuntime;
  readonly #registry = new MetricRegistry();
  readonly #store: SampleStore;
  readonly #rootTags: TagInterner;
  readonly #state = new RunState();
  readonly #openedFiles: OpenedFiles;
  readonly #exceptions: ExceptionLog;
  readonly #faults: ScriptFaults;
  readonly #rejections = new RejectionWatch();
  readonly #health = new HealthSampler(this.#state);
  readonly #ready = new ReadyQueue(systemClock, (delayMs) => this.#health.onDelay(delayMs));
  readonly #sleeps = new SleepWheel(systemClock, this.#ready);
  readonly #redactor = new Redactor();
  readonly #secrets: SecretStore;
  #prepared: Prepared | undefined;
  #samples: SampleSender | undefined;
  #exchanges: WorkerExchanges | undefined;
  #run: WorkerRun | undefined;
  /** Names of the functions that the script exports. */
  #functions: ReadonlySet<string> = new Set();

  constructor(setup: WorkerSetup, post: (message: WorkerMessage) => void) {
    this.#setup = setup;
    this.#post = post;
    this.#secrets = new SecretStore(setup.secrets, (value) => {
      this.#redactor.add(value);
      post({ type: "secret", value });
    });
    const loggerFor = (phase: "init" | "run"): ThrottledLogger =>
      new ThrottledLogger({
        log: (level, message, fields = {}) => {
          const isConsole = phase === "run" && fields["source"] === "console";
          post({ type: "log", isConsole, level, message, fields });
        },
      });
    this.#logger = loggerFor("run");
    this.#initLogger = loggerFor("init");
    this.#program = compileProgram(setup.bundle, lazyGlobals);
    this.#program.mapStacks();
    this.#openedFiles = createOpenedFiles(setup.bundle.archived);
    this.#runtime = createScriptRuntime();
    this.#rootTags = createTagInterner();
    this.#store = new SampleStore(this.#registry);
    this.#exceptions = new ExceptionLog(this.#program, this.#logger);
    this.#faults = new ScriptFaults(this.#program, this.#redactor);
  }

  /** Runs the init code once as `__VU` 0, to learn the options and the metrics (k6: 2.5). */
  async initialize(): Promise<void> {
    const vu = new Vu(this.#sharedFor(initOptions, {}), { inInstance: 0, inTest: 0 });
    try {
      await loadModules(this.#setup.bundle.modules);
      const instance = await this.#rejections.during(vu, () => vu.instantiate());
      assertHasFunctions(instance, this.#setup.bundle.entryPath);
      const report = createInitReport(instance.exports, {
        entryPath: this.#setup.bundle.entryPath,
        openedFiles: this.#openedFiles,
        registry: this.#registry,
      });
      this.#functions = new Set(report.functions);
      this.#post({ type: "initialized", report });
    } catch (error) {
      this.#post({
        type: "failed",
        error: toErrorPayload(this.#faults.describeInit(error, this.#setup.bundle.entryPath)),
      });
    }
  }

  async handle(message: Exclude<HostMessage, { type: "init" | "exit" }>): Promise<void> {
    switch (message.type) {
      case "prepare":
        return this.#prepare(message.assignment);
      case "setup":
        return this.#runSetup();
      case "start":
        this.#start(message);
        return;
      case "stop":
        this.#run?.stop(message.mode);
        return;
      case "scale":
        return this.#scale(message.order);
      case "teardown":
        return this.#runTeardown(message.setupJson);
      case "summary":
        return this.#runSummary(message.data);
    }
  }

  reportUnhandled(reason: unknown): void {
    const isRunning = this.#run?.isActive === true;
    if (!isRunning && this.#rejections.take(reason)) return;
    if (isRunning) this.#state.iterationsFailed++;
    const scenario = isRunning ? this.#run?.onlyScenario : undefined;
    this.#exceptions.report(reason, { scenario, inPromise: true });
  }

  close(): void {
    this.#health.stop();
    this.#samples?.stop();
    this.#prepared?.stack.close();
  }

  async #prepare(assignment: WorkerAssignment): Promise<void> {
    const { vuOptions, httpOptions, latencyLimitsMs, keptTags, scenarios } = assignment;
    this.#rootTags.keep(keptTags);
    this.#store.trackAbove("http_req_duration", [...latencyLimitsMs]);
    if (scenarios.some(hasDueTimes)) this.#state.trackResponses(latencyLimitsMs);
    if (assignment.sendSamples) this.#samples = new SampleSender(this.#store, this.#post);
    if (assignment.exchanges !== undefined)
      this.#exchanges = new WorkerExchanges(assignment.exchanges, () => this.#state.elapsedMs());
    const instance = new Instance(assignment);
    const guard = createLoadGuard(assignment.confirmedHosts, instance.guard, {
      post: this.#post,
      stopRun: () => this.#run?.stop("now"),
    });
    const stack = createHttpStack(httpOptions, systemClock, { ready: this.#ready, guard });
    this.#state.join(instance);
    const shared: VuShared = {
      ...this.#sharedFor(moduleOptions(vuOptions, instance), vuOptions.testOptions),
      exportedOptions: vuOptions.exportedOptions,
      runTags: withTags(this.#rootTags, vuOptions.runTags),
      httpStack: stack,
    };
    const share = createShare(assignment.share);
    const withinInstance = createShare({
      segment: null,
      sequence: null,
      part: assignment.share.part,
    });
    const instanceShare = createShare({ ...assignment.share, part: null });
    const pool = new VuPool((localIndex) => {
      const index = instance.vuIndex(localIndex);
      return new Vu(shared, {
        inInstance: index + 1,
        inTest: instanceShare.globalIndex(index) + 1,
      });
    }, this.#state);
    const iterations = new IterationRunner({
      clock: systemClock,
      state: this.#state,
      exceptions: this.#exceptions,
      options: vuOptions,
      registry: this.#registry,
      store: this.#store,
    });
    this.#prepared = {
      assignment,
      shared,
      stack,
      iterations,
      pool,
      share,
      withinInstance,
      instance,
    };
    await this.#fillPool(pool, plannedVusOver(scenarios, share));
  }

  async #fillPool(pool: VuPool, count: number): Promise<void> {
    const heapBefore = process.memoryUsage().heapUsed;
    const report = (initializedVus: number): void =>
      this.#post({ type: "preparing", initializedVus });
    try {
      // By the time that Node reports a rejection further VUs have run their init code.
      await this.#rejections.during({ reject: () => false }, () => pool.fill(count, report));
    } catch (error) {
      throw this.#faults.describeVuInit(error, pool.failedVu ?? (count === 1 ? 1 : undefined));
    }
    const grownBytes = process.memoryUsage().heapUsed - heapBefore;
    const enough = count >= 100 && grownBytes > 0;
    this.#post({
      type: "prepared",
      initializedVus: count,
      heapBytesPerVu: enough ? grownBytes / count : undefined,
    });
  }

  #start(message: Extract<HostMessage, { type: "start" }>): void {
    const { iterations, pool, assignment, shared, share, stack, instance } = this.#readyParts();
    iterations.setSetupJson(message.setupJson);
    this.#run = new WorkerRun({
      clock: systemClock,
      logger: this.#logger,
      state: this.#state,
      pool,
      iterations,
      store: this.#store,
      registry: this.#registry,
      health: this.#health,
      assignment,
      share,
      instance,
      stack,
      exchanges: this.#exchanges,
      rootTags: this.#rootTags,
      runTags: shared.runTags,
      startWallMs: message.startWallMs,
      tickIntervalMs: message.tickIntervalMs,
      onTick: (tick) => {
        this.#post({ type: "tick", tick });
        const parcel = this.#exchanges?.takeFailures();
        if (parcel !== undefined) this.#post({ type: "exchanges", parcel });
      },
    });
    this.#run.execute().then(
      (tick) => {
        this.#logger.flush();
        this.#initLogger.flush();
        this.#samples?.log.flush();
        this.#tellExchanges();
        const exceptions = this.#exceptions.reports().map((report) => ({
          ...report,
          message: this.#redactor.redact(report.message),
          stack: this.#redactor.redact(report.stack),
        }));
        this.#post({ type: "finished", tick, exceptions });
      },
      (error: unknown) => this.#post({ type: "failed", error: toErrorPayload(error) }),
    );
  }

  #tellExchanges(): void {
    const parcel = this.#exchanges?.takeAll();
    if (parcel !== undefined) this.#post({ type: "exchanges", parcel });
  }

  async #runSetup(): Promise<void> {
    const { shared, assignment } = this.#readyParts();
    const { setupTimeoutMs: timeoutMs } = assignment.vuOptions;
    await this.#answering("setupDone", async () => {
      const value = await this.#lifecycle(shared, "setup", { timeoutMs, args: [] });
      const setupJson = toSetupJson(value);
      this.#post({ type: "setupDone", setupJson, delta: this.#lifecycleDelta() });
    });
  }

  /** Runs setup() or teardown(); the init code is not run for a function that is not there (k6: 2.5). */
  async #lifecycle(...call: Parameters<typeof runLifecycleFunction>): Promise<unknown> {
    return this.#functions.has(call[1]) ? runLifecycleFunction(...call) : undefined;
  }

  async #runTeardown(setupJson: string | undefined): Promise<void> {
    const { shared, assignment } = this.#readyParts();
    const data = setupJson === undefined ? undefined : (JSON.parse(setupJson) as unknown);
    const { teardownTimeoutMs: timeoutMs } = assignment.vuOptions;
    await this.#answering("teardownDone", async () => {
      await this.#lifecycle(shared, "teardown", { timeoutMs, args: [data] });
      this.#post({ type: "teardownDone", delta: this.#lifecycleDelta() });
    });
  }

  /** A failure is the answer to whoever asked, which may be the REST API: the run goes on. */
  async #answering(
    answerTo: "setupDone" | "teardownDone",
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      const delta = this.#lifecycleDelta();
      this.#post({ type: "lifecycleFailed", answerTo, error: toErrorPayload(error), delta });
    }
  }

  /** Samples of setup() or teardown(); while iterations run the next tick takes them along with all others. */
  #lifecycleDelta(): MetricDelta {
    this.#samples?.log.flush();
    this.#tellExchanges();
    if (this.#run?.isActive !== true) return this.#store.drain();
    return { metrics: [], tagSets: [], series: [], numbers: new Float64Array(0) };
  }

  async #scale({ scenario, initializedVus }: ScaleOrder): Promise<void> {
    const { pool, withinInstance } = this.#readyParts();
    if (initializedVus !== undefined)
      await pool.fill(withinInstance.scale(initializedVus), () => undefined);
    if (scenario !== undefined) this.#run?.scale(scenario.name, withinInstance.scale(scenario.vus));
    this.#post({ type: "scaled", initializedVus: this.#state.initializedVus });
  }

  async #runSummary(data: unknown): Promise<void> {
    const { shared, assignment } = this.#readyParts();
    // What handleSummary() measures belongs to no run.
    this.#samples?.stop();
    let outcome: SummaryOutcome;
    try {
      const timeoutMs = assignment.vuOptions.summaryTimeoutMs;
      const value = await runLifecycleFunction(shared, "handleSummary", {
        timeoutMs,
        args: [data],
      });
      outcome = { kind: "files", files: toSummaryFiles(value) };
    } catch (error) {
      outcome = reportSummaryFailure(error as Error, this.#logger);
    }
    this.#post({ type: "summaryDone", outcome });
  }

  #readyParts(): Prepared {
    if (this.#prepared === undefined) throw new Error("the worker was not prepared");
    return this.#prepared;
  }

  #sharedFor(options: ModuleOptions, testOptions: Readonly<Record<string, unknown>>): VuShared {
    return {
      program: this.#program,
      runtime: this.#runtime,
      clock: systemClock,
      logger: this.#logger,
      initLogger: this.#initLogger,
      registry: this.#registry,
      store: this.#store,
      samples: this.#samples?.log,
      exchanges: this.#exchanges ?? noKeeper,
      runTags: this.#rootTags,
      options,
      testOptions,
      exportedOptions: undefined,
      env: this.#setup.env,
      secrets: this.#secrets,
      files: createFileReader(this.#setup.bundle.entryDir, this.#openedFiles),
      freezesEnv: this.#setup.freezesEnv,
      httpStack: undefined,
      sleeps: this.#sleeps,
      state: this.#state,
      rejections: this.#rejections,
      entryDir: this.#setup.bundle.entryDir,
      extended: this.#setup.extended,
      openedFiles: this.#openedFiles,
      abort: (reason) => {
        this.#post({ type: "abort", reason });
        // The host stops the other workers; here no further iteration may start meanwhile.
        this.#run?.stop("now");
      },
      markFailed: (reason) => this.#post({ type: "markFailed", reason }),
      describeError: (error) => this.#faults.describe(error),
    };
  }
}
