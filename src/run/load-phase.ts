/**
 * The part of a run in which load is sent: prepare, setup, scenarios, teardown; with thresholds watched, the target
 * observed and signals obeyed meanwhile.
 */
import { type RunPhase, runPhases } from "../api/index.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Engine, EngineTick, ExceptionReport, ScaleOrder } from "../engine/index.ts";
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
import {
  createMetricsEndpointSource,
  createProcessSource,
  type Observer,
  startObserver,
} from "../observe/index.ts";
import type { Outputs } from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ManualScalingRecord, ObservationRecord } from "../record/index.ts";
import { createShare, plannedVusOver, regularDurationMs } from "../schedule/index.ts";
import { assignmentFor } from "./assignment.ts";
import { RunCollector } from "./collector.ts";
import type { RunContext } from "./context.ts";
import { PauseGate } from "./pause-gate.ts";
import { steadyWindow, type SteadyWindow } from "./steady.ts";

/** k6 evaluates thresholds this often while a test runs. */
const thresholdIntervalMs = 2_000;

/** How often the target is read. */
const observeIntervalMs = 1_000;

/** How the load phase ended. */
export interface LoadEnd {
  readonly exceptions: readonly ExceptionReport[];
  /** What teardown() threw, which does not keep the record from being written. */
  readonly teardownError: LakhError | undefined;
}

export class LoadPhase {
  readonly collector: RunCollector;
  readonly window: SteadyWindow;
  readonly registry: MetricRegistry = new MetricRegistry();
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
  /** True after a SIGINT or SIGTERM. */
  interrupted = false;
  stoppedByApi = false;
  abortReason: string | undefined;
  failedReason: string | undefined;
  readonly #engine: Engine;
  readonly #plan: RunPlan;
  readonly #context: RunContext & { readonly outputs: Outputs };
  #nextThresholdsAtMs = thresholdIntervalMs;
  #stopping = false;
  /** setup() and teardown() run one after the other, whoever asks for them. */
  #lifecycle: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, plan: RunPlan, context: RunContext & { readonly outputs: Outputs }) {
    this.#engine = engine;
    this.#plan = plan;
    this.#context = context;
    this.gate = new PauseGate(plan.options.paused);
    const { request, demand } = context;
    for (const { name, type, contains } of engine.init.metrics)
      this.registry.define(name, type, contains);
    this.thresholds = request.noThresholds
      ? []
      : compileThresholds(plan.options.thresholds, this.registry);
    for (const warning of thresholdWarnings(this.thresholds))
      context.deps.logger.log("warning", warning);
    this.window = steadyWindow(plan.scenarios, demand?.warmUpMs);
    this.collector = new RunCollector({
      registry: this.registry,
      rootTags: withTags(createTagInterner(), plan.options.tags),
      window: this.window,
      latencyLimitsMs: this.latencyLimitsMs,
      outputs: context.outputs,
      clock: context.deps.clock,
      readProcess: () => {
        const { user, system } = globalThis.process.cpuUsage();
        return { cpuMicros: user + system, rssBytes: globalThis.process.memoryUsage.rss() };
      },
    });
  }

  get latencyLimitsMs(): number[] {
    return (this.#context.demand?.objectives.latency ?? []).map(({ limitMs }) => limitMs);
  }

  /** Somebody ended the test before its time: a signal, or the REST API. */
  get isCutShort(): boolean {
    return this.interrupted || this.stoppedByApi;
  }

  /** VUs inside an iteration at the last tick. */
  get activeVus(): number {
    return this.phase === runPhases.running ? (this.collector.counts?.activeVus ?? 0) : 0;
  }

  /** @throws LakhError when VUs cannot be initialised or setup() fails */
  async conduct(): Promise<LoadEnd> {
    const { host, events } = this.#context.deps;
    const stopListening = host.onInterrupt(() => this.#onInterrupt());
    const nothing: LoadEnd = { exceptions: [], teardownError: undefined };
    try {
      this.phase = runPhases.initVus;
      await this.#prepare();
      this.phase = this.gate.paused ? runPhases.pausedBeforeRun : runPhases.initDone;
      await this.gate.pass(() => events.onPaused?.());
      if (this.isCutShort) return nothing;
      this.phase = runPhases.setup;
      if (!this.#plan.options.noSetup) await this.runSetup();
      if (this.isCutShort) return nothing;
      const exceptions = await this.#runObserved();
      this.phase = runPhases.teardown;
      const teardownError = await this.#teardown();
      this.thresholdResults = evaluateThresholds(this.thresholds, this.collector.whole, {
        elapsedMs: this.collector.elapsedMs,
        final: true,
      });
      return { exceptions, teardownError };
    } finally {
      this.phase = this.#stopping || this.isCutShort ? runPhases.interrupted : runPhases.ended;
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

  async #runObserved(): Promise<readonly ExceptionReport[]> {
    const observer = this.#observe();
    this.phase = runPhases.running;
    try {
      return await this.#engine.run(this.setupJson);
    } finally {
      this.observations = await observer.stop();
    }
  }

  async #prepare(): Promise<void> {
    const { outputs, deps } = this.#context;
    const { events } = deps;
    const { scenarios, share } = this.#plan;
    const plannedVus = plannedVusOver(scenarios, createShare(share));
    const assignment = assignmentFor(this.#plan, {
      latencyLimitsMs: this.latencyLimitsMs,
      sendSamples: outputs.wantSamples,
    });
    const report = await this.#engine.prepare(assignment, {
      onPreparing: (initializedVus) => events.onPreparing?.(initializedVus, plannedVus),
      onTick: (tick) => this.#onTick(tick),
      onSamples: (batch, workerIndex) => outputs.addSamples(batch, workerIndex),
      onAbort: (reason) => {
        this.abortReason ??= reason;
      },
      onMarkedFailed: (reason) => {
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
      this.#context.deps.logger.log(
        "error",
        error.message,
        error.hint === undefined ? {} : { hint: error.hint },
      );
      return error;
    }
  }

  #observe(): Observer {
    const { request, deps } = this.#context;
    const sources = [
      ...request.observe.urls.map(createMetricsEndpointSource),
      ...request.observe.pids.map(createProcessSource),
    ];
    return startObserver({
      sources,
      clock: deps.clock,
      intervalMs: observeIntervalMs,
      startWallMs: () => this.#engine.startWallMs,
      logger: deps.logger,
    });
  }

  #onTick(tick: EngineTick): void {
    const { collector } = this;
    collector.addTick(tick);
    this.initializedVus = Math.max(this.initializedVus, tick.counts.initializedVus);
    this.#watchThresholds(tick.atMs);
    const interval = collector.intervals.at(-1)!;
    const { requests, failed } = collector.totals;
    this.#context.deps.events.onTick?.({
      elapsedMs: tick.atMs,
      plannedMs: Math.max(
        ...this.#plan.scenarios.map((plan) => plan.startTimeMs + regularDurationMs(plan)),
      ),
      interval,
      counts: tick.counts,
      failedShare: requests === 0 ? 0 : failed / requests,
    });
  }

  #watchThresholds(elapsedMs: number): void {
    if (elapsedMs < this.#nextThresholdsAtMs || this.thresholds.length === 0) return;
    this.#nextThresholdsAtMs = elapsedMs + thresholdIntervalMs;
    const results = evaluateThresholds(this.thresholds, this.collector.whole, {
      elapsedMs,
      final: false,
    });
    this.thresholdResults = results;
    const crossed = results.filter(({ abort }) => abort);
    if (crossed.length === 0 || this.#stopping) return;
    this.#stopping = true;
    const names = [...new Set(crossed.map(({ metric }) => metric))].join(", ");
    this.#context.deps.logger.log(
      "error",
      `thresholds on metrics '${names}' were crossed; at least one has abortOnFail enabled, stopping test prematurely`,
    );
    this.#engine.stop("now");
  }

  #onInterrupt(): void {
    const { host, events } = this.#context.deps;
    if (this.interrupted) {
      host.exitNow(exitCodes.externalAbort);
      return;
    }
    this.interrupted = true;
    events.onStopping?.();
    this.gate.giveUp();
    this.#engine.stop("graceful");
  }
}
