/**
 * The part of a run in which load is sent: prepare, setup, scenarios, teardown; with thresholds watched, the target
 * observed and signals obeyed meanwhile.
 */
import { type RunPhase, runPhases } from "../api/index.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import {
  type Engine,
  type EngineEnd,
  type EngineTick,
  type engineErrorCodes,
  type ExceptionReport,
  type ScaleOrder,
  tickIntervalMs,
} from "../engine/index.ts";
import type { Logger } from "../base/log.ts";
import {
  compileThresholds,
  createTagInterner,
  evaluateThresholds,
  MetricRegistry,
  type Threshold,
  type ThresholdResult,
  thresholdWarnings,
  withTags,
} from "../metrics/index.ts";
import type { Observer } from "../observe/index.ts";
import type { Outputs } from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ProgressBlock } from "../report/index.ts";
import type { ManualScalingRecord, ObservationRecord } from "../record/index.ts";
import { createShare, plannedVusOver } from "../schedule/index.ts";
import { assignmentFor } from "./assignment.ts";
import { RunCollector } from "./collector.ts";
import type { RunContext } from "./context.ts";
import { latencyLimitsOf } from "./endpoint-counts.ts";
import { judgedTags } from "./judged-tags.ts";
import { KeptExchanges } from "./kept-exchanges.ts";
import { createMachineWatch } from "./machine-watch.ts";
import { MomentTeller } from "./moments.ts";
import { observeTarget } from "./observe-target.ts";
import { readOwnProcess } from "./own-process.ts";
import { progressBlock } from "./progress-block.ts";
import type { RunDetail, RunTick } from "./request.ts";
import { PauseGate } from "./pause-gate.ts";
import { runDetail } from "./run-detail.ts";
import { toRunTick } from "./run-tick.ts";
import { steadyWindow, type SteadyWindow } from "./steady.ts";

const unconfirmedCode = "HOST_UNCONFIRMED" satisfies keyof typeof engineErrorCodes;
/** k6 evaluates thresholds this often while a test runs. */
const thresholdIntervalMs = 2_000;

/** How the load phase ended. */
export interface LoadEnd {
  readonly exceptions: readonly ExceptionReport[];
  /** Why a worker thread ended before its time, and the run with it: what was measured is a part. */
  readonly failure: LakhError | undefined;
  /** What teardown() threw, which does not keep the record from being written. */
  readonly teardownError: LakhError | undefined;
}

/** What thresholds are about, and the thresholds. */
export interface RunThresholds {
  readonly registry: MetricRegistry;
  readonly thresholds: readonly Threshold[];
}

type LoadContext = RunContext & RunThresholds & { readonly outputs: Outputs };

/**
 * The metrics that the script declared, and its thresholds on them.
 * @throws LakhError THRESHOLD_…: before anything is opened or started
 */
export function runThresholds(engine: Engine, plan: RunPlan, noThresholds: boolean): RunThresholds {
  const registry = new MetricRegistry();
  for (const { name, type, contains } of engine.init.metrics) registry.define(name, type, contains);
  const thresholds = noThresholds ? [] : compileThresholds(plan.options.thresholds, registry);
  return { registry, thresholds };
}

export class LoadPhase {
  readonly collector: RunCollector;
  readonly window: SteadyWindow;
  /** Undefined when none are to be kept. */
  readonly exchanges: KeptExchanges | undefined;
  readonly registry: MetricRegistry;
  readonly thresholds: readonly Threshold[];
  thresholdResults: readonly ThresholdResult[] = [];
  observations: readonly ObservationRecord[] = [];
  setupJson: string | undefined;
  phase: RunPhase = runPhases.created;
  readonly gate: PauseGate;
  /** VUs that are ready, unplanned ones included. */
  initializedVus = 0;
  /** What somebody did to the load by hand. */
  readonly scalings: ManualScalingRecord[] = [];
  stoppedByApi = false;
  /** Go's name of the SIGINT or SIGTERM that ended the run early. */
  signal: string | undefined;
  abortReason: string | undefined;
  /** Why the load was taken away from the target. */
  overload: string | undefined;
  failedReason: string | undefined;
  /** True after a threshold with abortOnFail, which was reported then. */
  stoppedByThreshold = false;
  #hasFailed = false;
  /** Undefined when the log has the script's lines. */
  readonly #consoleLogger: Logger | undefined;
  readonly #engine: Engine;
  readonly #plan: RunPlan;
  readonly #context: LoadContext;
  readonly #moments: MomentTeller;
  #observer: Observer | undefined;
  /** Clock milliseconds at which k6's test run begins: with setup(). */
  #beganAtMs: number | undefined;
  #durationMs: number | undefined;
  #lastTick: EngineTick | undefined;
  #nextThresholdsAtMs = thresholdIntervalMs;
  /** setup() and teardown() run one after the other, whoever asks for them. */
  #lifecycle: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, plan: RunPlan, context: LoadContext) {
    this.#engine = engine;
    this.#plan = plan;
    this.#context = context;
    this.gate = new PauseGate(plan.options.paused);
    const { demand, deps } = context;
    const { consoleOutput } = plan.options;
    this.#consoleLogger = consoleOutput === null ? undefined : deps.openConsole(consoleOutput);
    this.registry = context.registry;
    this.thresholds = context.thresholds;
    for (const warning of thresholdWarnings(this.thresholds))
      context.deps.logger.log("warning", warning);
    this.window = steadyWindow(plan.scenarios, demand?.warmUpMs);
    this.exchanges = context.request.keepsExchanges === false ? undefined : new KeptExchanges();
    this.collector = new RunCollector({
      registry: this.registry,
      rootTags: withTags(createTagInterner(), plan.options.tags),
      logger: context.deps.logger,
      window: this.window,
      objectives: demand?.objectives,
      outputs: context.outputs,
      clock: context.deps.clock,
      machine: createMachineWatch(),
      readProcess: readOwnProcess,
    });
    this.#moments = new MomentTeller({
      outputs: context.outputs,
      clock: deps.clock,
      plan,
      window: this.window,
      collector: this.collector,
      requestsPerIteration: demand?.probe.requestsPerIteration,
      targetCores: demand?.objectives.targetCores ?? context.request.targetCores,
      initializedVus: () => this.initializedVus,
      latestReadings: () => this.#observer?.latest() ?? [],
    });
  }

  /** From setup() to the end of teardown(), as k6 counts: what rates in summary and thresholds are relative to. */
  get testRunDurationMs(): number {
    if (this.#durationMs !== undefined) return this.#durationMs;
    return this.#beganAtMs === undefined ? 0 : this.#nowMs() - this.#beganAtMs;
  }

  /** Somebody ended the test before its time: a signal, or the REST API. */
  get isCutShort(): boolean {
    return this.signal !== undefined || this.stoppedByApi;
  }

  /** VUs inside an iteration at the last tick. */
  get activeVus(): number {
    return this.phase === runPhases.running ? (this.collector.counts?.activeVus ?? 0) : 0;
  }

  /** @throws LakhError when VUs cannot be initialised or setup() fails */
  async conduct(): Promise<LoadEnd> {
    const { host, events } = this.#context.deps;
    const nothing: LoadEnd = { exceptions: [], failure: undefined, teardownError: undefined };
    const stopListening = host.onInterrupt((signal) => this.#onInterrupt(signal));
    try {
      await this.#countingVus("setup()", async () => {
        this.phase = runPhases.initVus;
        await this.#prepare();
        this.phase = this.gate.paused ? runPhases.pausedBeforeRun : runPhases.initDone;
        await this.gate.pass(() => events.onPaused?.());
        if (this.isCutShort) return;
        this.#beganAtMs = this.#nowMs();
        this.phase = runPhases.setup;
        if (!this.#plan.options.noSetup) await this.runSetup();
      });
      // A test that ends in setup() has no iterations, and no teardown() either (k6: 2.7).
      if (this.isCutShort || this.abortReason !== undefined) return nothing;
      const { exceptions, failure } = await this.#runObserved();
      this.#hasFailed = failure !== undefined;
      this.#warnIfNothingEnded();
      this.phase = runPhases.teardown;
      // A host that may get nothing more gets no teardown() either.
      const isTornDown = this.#engine.isAlive && failure?.code !== unconfirmedCode;
      const teardownError = isTornDown
        ? await this.#countingVus("teardown()", () => this.#teardown())
        : undefined;
      return { exceptions, failure, teardownError };
    } finally {
      this.phase =
        this.stoppedByThreshold || this.isCutShort || this.overload !== undefined || this.#hasFailed
          ? runPhases.interrupted
          : runPhases.ended;
      this.#conclude();
      stopListening();
    }
  }

  /** Ends the test at once, teardown() excepted. */
  stopByApi(): void {
    if (this.phase === runPhases.ended || this.phase === runPhases.interrupted) return;
    this.stoppedByApi = true;
    this.gate.giveUp();
    this.#engine.stop("now");
  }

  /** Calls setup() and keeps what it returned. @throws LakhError */
  runSetup(): Promise<void> {
    return this.#exclusively(async () => {
      const { setupJson, delta } = await this.#engine.setup();
      this.setupJson = setupJson;
      this.collector.addLifecycle(delta);
    });
  }

  /** Calls teardown() with the setup data. @throws LakhError */
  runTeardown(): Promise<void> {
    return this.#exclusively(async () => {
      this.collector.addLifecycle(await this.#engine.teardown(this.setupJson));
    });
  }

  /** Changes the VUs of a looping scenario, or how many are ready, by hand. */
  async scale(order: ScaleOrder): Promise<void> {
    this.initializedVus = await this.#engine.scale(order);
    if (order.scenario === undefined) return;
    const { name, vus } = order.scenario;
    this.scalings.push({ atMs: this.collector.elapsedMs, scenario: name, vus });
    this.#context.deps.logger.log("info", `scenario ${name} scaled to ${vus} VUs by hand`);
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lifecycle.then(work);
    // The next one waits for the end of this one, whichever it is; the caller hears of a failure.
    this.#lifecycle = done.catch(() => undefined);
    return done;
  }

  /** Where the run stands, as k6 shows it. */
  block(): ProgressBlock {
    return progressBlock(this.#plan, {
      tick: this.#lastTick,
      elapsedMs: this.testRunDurationMs,
      initializedVus: this.initializedVus,
    });
  }

  /** True once setup() was called: then there is something to sum up, however it ended. */
  get hasBegun(): boolean {
    return this.#beganAtMs !== undefined;
  }

  #conclude(): void {
    this.#durationMs = this.testRunDurationMs;
    this.thresholdResults = evaluateThresholds(this.thresholds, this.collector.whole, {
      elapsedMs: this.#durationMs,
      final: true,
    });
  }

  #nowMs(): number {
    return this.#context.deps.clock.nowMs();
  }

  /** While load is sent the ticks count VUs; before and after, k6 counts them, too: once a second. */
  async #countingVus<T>(call: "setup()" | "teardown()", work: () => Promise<T>): Promise<T> {
    const { events } = this.#context.deps;
    const timer = setInterval(() => {
      this.collector.addIdleVus(this.initializedVus);
      this.#moments.tellIdle(call === "setup()" ? "setup" : "teardown");
      if (this.hasBegun) events.onLifecycle?.(call, () => this.block());
    }, tickIntervalMs);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** Only of a run that came to its own end: what was stopped, or failed, need not be told to be longer. */
  #warnIfNothingEnded(): void {
    const isStopped =
      this.isCutShort ||
      this.stoppedByThreshold ||
      this.abortReason !== undefined ||
      this.overload !== undefined;
    if (isStopped || this.#hasFailed || (this.collector.counts?.iterationsCompleted ?? 0) > 0)
      return;
    this.#context.deps.logger.log(
      "warning",
      "No script iterations fully finished, consider making the test duration longer",
    );
  }

  async #runObserved(): Promise<EngineEnd> {
    const { request, deps } = this.#context;
    this.phase = runPhases.running;
    this.#observer = observeTarget(request, deps, () => this.#engine.startWallMs);
    try {
      return await this.#engine.run(this.setupJson);
    } finally {
      this.observations = await this.#observer.stop();
      this.#observer = undefined;
    }
  }

  async #prepare(): Promise<void> {
    const { outputs, request, deps } = this.#context;
    const { events } = deps;
    const { scenarios, share } = this.#plan;
    const plannedVus = plannedVusOver(scenarios, createShare(share));
    const assignment = assignmentFor(this.#plan, {
      confirmedHosts: request.confirmedHosts ?? [],
      keptTags: judgedTags(
        this.thresholds.map(({ subject }) => subject),
        this.#context.demand?.objectives,
      ),
      latencyLimitsMs: latencyLimitsOf(this.#context.demand?.objectives),
      sendSamples: outputs.wantSamples,
      exchanges: this.exchanges === undefined ? undefined : { steady: this.window },
      env: deps.host.env,
    });
    const report = await this.#engine.prepare(assignment, {
      onPreparing: (initializedVus) => {
        this.initializedVus = initializedVus;
        events.onPreparing?.(initializedVus, plannedVus);
      },
      onTick: (tick) => this.#onTick(tick),
      onSamples: (batch, workerIndex) => outputs.addSamples(batch, workerIndex),
      onExchanges: (parcel, workerIndex) => this.exchanges?.add(parcel, workerIndex),
      onLifecycleFailure: (delta) => this.collector.addLifecycle(delta),
      ...(this.#consoleLogger === undefined
        ? {}
        : { onConsole: (level, message) => this.#consoleLogger?.log(level, message) }),
      onAbort: (reason) => {
        this.abortReason ??= reason;
      },
      onMarkedFailed: (reason) => {
        if (this.failedReason === undefined) deps.logger.log("error", reason);
        this.failedReason ??= reason;
      },
    });
    this.initializedVus = report.initializedVus;
    events.onPrepared?.(report);
  }

  async #teardown(): Promise<LakhError | undefined> {
    if (this.#plan.options.noTeardown) return undefined;
    try {
      await this.runTeardown();
      return undefined;
    } catch (error) {
      if (!(error instanceof LakhError)) throw error;
      return error;
    }
  }

  #onTick(tick: EngineTick): void {
    const { collector } = this;
    collector.addTick(tick);
    this.initializedVus = Math.max(this.initializedVus, tick.counts.initializedVus);
    this.#moments.tellTick(tick);
    this.#lastTick = tick;
    this.#watchThresholds(tick.atMs);
    const shown = toRunTick(tick, {
      collector,
      plan: this.#plan,
      block: () => this.block(),
      detail: () => this.#detail(tick),
    });
    this.#context.deps.events.onTick?.(shown);
    this.#brake(shown);
  }

  #detail(tick: EngineTick): RunDetail {
    const { collector, window, thresholds } = this;
    const { demand } = this.#context;
    return runDetail(tick, {
      plan: this.#plan,
      collector,
      window,
      objectives: demand?.objectives,
      requestsPerIteration: demand?.probe.requestsPerIteration,
      thresholds,
      runner: "embedded",
    });
  }

  #brake(tick: RunTick): void {
    if (this.overload !== undefined || this.isCutShort) return;
    this.overload = this.#context.deps.brake?.(tick);
    if (this.overload !== undefined) this.#engine.stop("now");
  }

  #watchThresholds(elapsedMs: number): void {
    if (elapsedMs < this.#nextThresholdsAtMs || this.thresholds.length === 0) return;
    this.#nextThresholdsAtMs = elapsedMs + thresholdIntervalMs;
    const results = evaluateThresholds(this.thresholds, this.collector.whole, {
      elapsedMs: this.testRunDurationMs,
      final: false,
    });
    this.thresholdResults = results;
    const crossed = results.filter(({ abort }) => abort);
    if (crossed.length === 0 || this.stoppedByThreshold) return;
    this.stoppedByThreshold = true;
    const names = [...new Set(crossed.map(({ metric }) => metric))].sort().join(", ");
    this.#context.deps.logger.log(
      "error",
      `thresholds on metrics '${names}' were crossed; at least one has abortOnFail enabled, stopping test prematurely`,
    );
    this.#engine.stop("now");
  }

  #onInterrupt(signal: string): void {
    const { host, events } = this.#context.deps;
    if (this.signal !== undefined) {
      host.exitNow(exitCodes.externalAbort);
      return;
    }
    this.signal = signal;
    events.onStopping?.();
    this.gate.giveUp();
    this.#engine.stop("now");
  }
}
