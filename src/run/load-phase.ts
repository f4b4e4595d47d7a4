/**
 * The part of a run in which load is sent: prepare, setup, scenarios, teardown; with thresholds watched, the target
 * observed and signals obeyed meanwhile.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import {
  type Engine,
  type EngineTick,
  type ExceptionReport,
  tickIntervalMs,
} from "../engine/index.ts";
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
import type { Outputs } from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ObservationRecord } from "../record/index.ts";
import { createShare, plannedVusOver } from "../schedule/index.ts";
import { assignmentFor } from "./assignment.ts";
import { RunCollector } from "./collector.ts";
import type { RunContext } from "./context.ts";
import { observeTarget } from "./observe-target.ts";
import { toRunTick } from "./run-tick.ts";
import { steadyWindow, type SteadyWindow } from "./steady.ts";

/** k6 evaluates thresholds this often while a test runs. */
const thresholdIntervalMs = 2_000;

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
  /** True after a SIGINT or SIGTERM. */
  interrupted = false;
  abortReason: string | undefined;
  failedReason: string | undefined;
  readonly #engine: Engine;
  readonly #plan: RunPlan;
  readonly #context: RunContext & { readonly outputs: Outputs };
  /** Clock milliseconds at which k6's test run begins: with setup(). */
  #beganAtMs: number | undefined;
  #durationMs: number | undefined;
  #initializedVus = 0;
  #nextThresholdsAtMs = thresholdIntervalMs;
  #stopping = false;

  constructor(engine: Engine, plan: RunPlan, context: RunContext & { readonly outputs: Outputs }) {
    this.#engine = engine;
    this.#plan = plan;
    this.#context = context;
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
    const stopListening = host.onInterrupt(() => this.#onInterrupt());
    try {
      await this.#countingVus(async () => {
        await this.#prepare();
        this.#beganAtMs = this.#nowMs();
        await this.#setup();
      });
      if (this.interrupted) return { exceptions: [], teardownError: undefined };
      const exceptions = await this.#runObserved();
      const teardownError = await this.#countingVus(() => this.#teardown());
      this.#durationMs = this.testRunDurationMs;
      this.thresholdResults = evaluateThresholds(this.thresholds, this.collector.whole, {
        elapsedMs: this.#durationMs,
        final: true,
      });
      return { exceptions, teardownError };
    } finally {
      stopListening();
    }
  }

  #nowMs(): number {
    return this.#context.deps.clock.nowMs();
  }

  /** While load is sent the ticks count VUs; before and after, k6 counts them, too: once a second. */
  async #countingVus<T>(work: () => Promise<T>): Promise<T> {
    const timer = setInterval(
      () => this.collector.addIdleVus(this.#initializedVus),
      tickIntervalMs,
    );
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  async #runObserved(): Promise<readonly ExceptionReport[]> {
    const { request, deps } = this.#context;
    const observer = observeTarget(request, deps, () => this.#engine.startWallMs);
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
      onAbort: (reason) => {
        this.abortReason ??= reason;
      },
      onMarkedFailed: (reason) => {
        this.failedReason ??= reason;
      },
    });
    this.#initializedVus = report.initializedVus;
    events.onPrepared?.(report);
  }

  async #setup(): Promise<void> {
    if (this.#plan.options.noSetup) return;
    const { setupJson, delta } = await this.#engine.setup();
    this.setupJson = setupJson;
    this.collector.addLifecycle(delta);
  }

  async #teardown(): Promise<LakhError | undefined> {
    if (this.#plan.options.noTeardown) return undefined;
    try {
      this.collector.addLifecycle(await this.#engine.teardown(this.setupJson));
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

  #onTick(tick: EngineTick): void {
    const { collector } = this;
    collector.addTick(tick);
    this.#initializedVus = tick.counts.initializedVus;
    this.#watchThresholds(tick.atMs);
    this.#context.deps.events.onTick?.(toRunTick(tick, collector, this.#plan));
  }

  #watchThresholds(elapsedMs: number): void {
    if (elapsedMs < this.#nextThresholdsAtMs || this.thresholds.length === 0) return;
    this.#nextThresholdsAtMs = elapsedMs + thresholdIntervalMs;
    const results = evaluateThresholds(this.thresholds, this.collector.whole, {
      elapsedMs: this.testRunDurationMs,
      final: false,
    });
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
    this.#engine.stop("graceful");
  }
}
