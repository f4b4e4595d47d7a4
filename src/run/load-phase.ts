/**
 * The part of a run in which load is sent: prepare, setup, scenarios, teardown; with thresholds watched, the target
 * observed and signals obeyed meanwhile.
 */
import { exitCodes, type LakhError } from "../base/errors.ts";
import {
  type Engine,
  type EngineTick,
  type ExceptionReport,
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
import {
  createMetricsEndpointSource,
  createProcessSource,
  type Observer,
  startObserver,
} from "../observe/index.ts";
import type { Outputs } from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ProgressBlock } from "../report/index.ts";
import type { ObservationRecord } from "../record/index.ts";
import {
  createShare,
  plannedVusOver,
  regularDurationMs,
  totalDurationMs,
} from "../schedule/index.ts";
import { assignmentFor } from "./assignment.ts";
import { isWhole, RunCollector } from "./collector.ts";
import type { RunContext } from "./context.ts";
import { scenarioRow } from "./scenario-progress.ts";
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
  /** Go's name of the SIGINT or SIGTERM that ended the run early. */
  signal: string | undefined;
  abortReason: string | undefined;
  failedReason: string | undefined;
  /** True after a threshold with abortOnFail, which was reported then. */
  stoppedByThreshold = false;
  /** Undefined when the log has the script's lines. */
  readonly #consoleLogger: Logger | undefined;
  readonly #engine: Engine;
  readonly #plan: RunPlan;
  readonly #context: RunContext & { readonly outputs: Outputs };
  /** Clock milliseconds at which k6's test run begins: with setup(). */
  #beganAtMs: number | undefined;
  #durationMs: number | undefined;
  #initializedVus = 0;
  #lastTick: EngineTick | undefined;
  #nextThresholdsAtMs = thresholdIntervalMs;

  constructor(engine: Engine, plan: RunPlan, context: RunContext & { readonly outputs: Outputs }) {
    this.#engine = engine;
    this.#plan = plan;
    this.#context = context;
    const { request, demand, deps } = context;
    const { consoleOutput } = plan.options;
    this.#consoleLogger = consoleOutput === null ? undefined : deps.openConsole(consoleOutput);
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

  /** From setup() to the end of teardown(), as k6 counts: what rates in summary and thresholds are relative to. */
  get testRunDurationMs(): number {
    if (this.#durationMs !== undefined) return this.#durationMs;
    return this.#beganAtMs === undefined ? 0 : this.#nowMs() - this.#beganAtMs;
  }

  get latencyLimitsMs(): number[] {
    return (this.#context.demand?.objectives.latency ?? []).map(({ limitMs }) => limitMs);
  }

  /** @throws LakhError when VUs cannot be initialised or setup() fails */
  async conduct(): Promise<LoadEnd> {
    const { host } = this.#context.deps;
    const stopListening = host.onInterrupt((signal) => this.#onInterrupt(signal));
    try {
      await this.#countingVus("setup()", async () => {
        await this.#prepare();
        this.#beganAtMs = this.#nowMs();
        await this.#setup();
      });
      if (this.signal !== undefined) return { exceptions: [], teardownError: undefined };
      const exceptions = await this.#runObserved();
      const teardownError = await this.#countingVus("teardown()", () => this.#teardown());
      return { exceptions, teardownError };
    } finally {
      this.#conclude();
      stopListening();
    }
  }

  /** Where the run stands, as k6 shows it. */
  block(): ProgressBlock {
    const { scenarios, share } = this.#plan;
    const tick = this.#lastTick;
    const elapsedMs = tick?.atMs ?? 0;
    return {
      elapsedMs: this.testRunDurationMs,
      longestMs: totalDurationMs(scenarios),
      activeVus: tick?.counts.activeVus ?? 0,
      initializedVus: this.#initializedVus,
      completed: tick?.counts.iterationsCompleted ?? 0,
      interrupted: tick?.counts.iterationsInterrupted ?? 0,
      scenarios: scenarios.map((plan) =>
        scenarioRow(plan, createShare(share), {
          elapsedMs,
          progress: tick?.scenarios.get(plan.name),
        }),
      ),
    };
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
      this.collector.addIdleVus(this.#initializedVus);
      if (this.hasBegun) events.onLifecycle?.(call, () => this.block());
    }, tickIntervalMs);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  async #runObserved(): Promise<readonly ExceptionReport[]> {
    const observer = this.#observe();
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
      onPreparing: (initializedVus) => {
        this.#initializedVus = initializedVus;
        events.onPreparing?.(initializedVus, plannedVus);
      },
      onTick: (tick) => this.#onTick(tick),
      onSamples: (batch, workerIndex) => outputs.addSamples(batch, workerIndex),
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
    this.#initializedVus = report.initializedVus;
    events.onPrepared?.(report);
  }

  async #setup(): Promise<void> {
    if (this.#plan.options.noSetup) return;
    const { setupJson, delta, error } = await this.#engine.setup();
    this.setupJson = setupJson;
    this.collector.addLifecycle(delta);
    if (error !== undefined) throw error;
  }

  async #teardown(): Promise<LakhError | undefined> {
    if (this.#plan.options.noTeardown) return undefined;
    const { delta, error } = await this.#engine.teardown(this.setupJson);
    this.collector.addLifecycle(delta);
    return error;
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
    this.#lastTick = tick;
    this.#initializedVus = tick.counts.initializedVus;
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
      isWhole: isWhole(tick),
      block: () => this.block(),
    });
  }

  #watchThresholds(elapsedMs: number): void {
    if (elapsedMs < this.#nextThresholdsAtMs || this.thresholds.length === 0) return;
    this.#nextThresholdsAtMs = elapsedMs + thresholdIntervalMs;
    const results = evaluateThresholds(this.thresholds, this.collector.whole, {
      elapsedMs: this.testRunDurationMs,
      final: false,
    });
    const crossed = results.filter(({ abort }) => abort);
    if (crossed.length === 0 || this.stoppedByThreshold) return;
    this.stoppedByThreshold = true;
    const names = [...new Set(crossed.map(({ metric }) => metric))].join(", ");
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
    this.#engine.stop("now");
  }
}
