/**
 * One k6 process while it sends load: its samples become ticks, one a second, as the engine's own would be.
 * Time 0 is found from the first sample of a scenario; a tick closes when its second has passed and k6 has had time to
 * write what belongs to it.
 */
import { join } from "node:path";
import type { EngineTick } from "../../../engine/index.ts";
import {
  createTagInterner,
  MetricRegistry,
  parseThresholdSubject,
  SampleStore,
  withTags,
} from "../../../metrics/index.ts";
import type { LatestReading } from "../../../observe/index.ts";
import { noOutputs, type Outputs } from "../../../outputs/index.ts";
import type { RunPlan } from "../../../plan/index.ts";
import {
  type Arrivals,
  createArrivals,
  createShare,
  hasDueTimes,
  plannedVusOver,
  type ScenarioPlan,
} from "../../../schedule/index.ts";
import type { ObjectivesRecord } from "../../../record/index.ts";
import { assignmentFor } from "../../assignment.ts";
import { judgedTags } from "../../judged-tags.ts";
import { RunCollector } from "../../collector.ts";
import { latencyLimitsOf } from "../../endpoint-counts.ts";
import { createMachineWatch } from "../../machine-watch.ts";
import { MomentTeller } from "../../moments.ts";
import type { RunDeps, RunDetail } from "../../request.ts";
import { runDetail } from "../../run-detail.ts";
import { toRunTick } from "../../run-tick.ts";
import { steadyWindow, type SteadyWindow } from "../../steady.ts";
import { HostWatch } from "./host-watch.ts";
import { K6Log } from "./log-lines.ts";
import { PointReader } from "./points.ts";
import { K6Process } from "./process.ts";
import { SamplePipe } from "./sample-pipe.ts";
import type { K6Shell } from "./script-options.ts";
import { type StartLag, startLags } from "./start-lag.ts";

const tickMs = 1_000;
/** k6 writes its samples every 200 ms, in batches that it collects every 50 ms. */
const writeDelayMs = 600;
/** Samples of the first instants come in no order: time 0 is looked for when this much time has passed. */
const originDelayMs = 300;
const pollMs = 100;

export interface K6LoadParts {
  readonly shell: K6Shell;
  /** Arguments of k6, which is to write its samples to `samplesPath`. */
  readonly argumentsFor: (samplesPath: string) => readonly string[];
  /** A folder for what k6 and lakh exchange. */
  readonly folder: string;
  readonly stdin: string | Uint8Array | undefined;
  readonly plan: RunPlan;
  readonly warmUpMs: number | undefined;
  readonly objectives: ObjectivesRecord | undefined;
  /** Undefined when no plan says how many requests an iteration makes. */
  readonly requestsPerIteration: number | undefined;
  readonly confirmedHosts: readonly string[];
  readonly deps: RunDeps;
  /** Get what k6's samples come to; k6 has its own beside them. */
  readonly outputs?: Outputs | undefined;
  readonly targetCores?: number | undefined;
  readonly onPrinted: (text: string) => void;
}

interface OpenScenario {
  readonly plan: ScenarioPlan;
  readonly arrivals: Arrivals;
}

export class K6Load {
  readonly registry: MetricRegistry = new MetricRegistry();
  readonly log: K6Log;
  readonly window: SteadyWindow;
  readonly collector: RunCollector;
  readonly hosts: HostWatch;
  /** Unix milliseconds of time 0; undefined before the first sample. */
  startWallMs: number | undefined;
  /** Why the load was taken away from the target. */
  overload: string | undefined;
  /** All that k6 sent has been counted. */
  hasEnded = false;
  /** Of the target, while it is read. */
  latestReadings: () => readonly LatestReading[] = () => [];
  readonly #parts: K6LoadParts;
  readonly #moments: MomentTeller;
  readonly #store = new SampleStore(this.registry);
  readonly #rootTags = createTagInterner();
  readonly #pipe: SamplePipe;
  readonly #points: PointReader;
  readonly #process: K6Process;
  readonly #open: readonly OpenScenario[];
  #firstSampleAtMs: number | undefined;
  #ticks = 0;

  /** Starts k6. @throws LakhError K6_FAILED */
  static async start(parts: K6LoadParts): Promise<K6Load> {
    return new K6Load(parts, await SamplePipe.create(join(parts.folder, "samples")));
  }

  private constructor(parts: K6LoadParts, pipe: SamplePipe) {
    this.#pipe = pipe;
    pipe.deliver((text) => this.#onSamples(text));
    this.#parts = parts;
    const { plan, deps } = parts;
    this.log = new K6Log(deps.logger);
    this.window = steadyWindow(plan.scenarios, parts.warmUpMs);
    this.#store.trackAbove("http_req_duration", latencyLimitsOf(parts.objectives));
    const share = createShare(plan.share);
    this.#open = plan.scenarios.flatMap((scenario) =>
      hasDueTimes(scenario) ? [{ plan: scenario, arrivals: createArrivals(scenario, share) }] : [],
    );
    const names = this.#open.map((scenario) => scenario.plan.name);
    const subjects = Object.keys(plan.options.thresholds).map(parseThresholdSubject);
    this.#rootTags.keep(judgedTags(subjects, parts.objectives));
    this.#points = new PointReader(this.registry, this.#store, {
      openScenarios: names,
      rootTags: this.#rootTags,
    });
    this.hosts = this.#watchHosts();
    // k6 tells of its VUs once a second; until then it has those it was asked for.
    this.#points.counts.maxVus = plannedVusOver(plan.scenarios, share);
    this.#process = new K6Process(parts.shell, {
      args: parts.argumentsFor(pipe.path),
      stdin: parts.stdin,
      events: {
        onLogLine: (line) => this.log.readLine(line),
        onPrinted: parts.onPrinted,
      },
    });
    const { outputs = noOutputs, requestsPerIteration, targetCores } = parts;
    this.collector = new RunCollector({
      registry: this.registry,
      rootTags: withTags(this.#rootTags, plan.options.tags),
      logger: deps.logger,
      window: this.window,
      objectives: parts.objectives,
      outputs,
      clock: deps.clock,
      readProcess: () => this.#process.read(),
      machine: createMachineWatch(),
    });
    this.#moments = new MomentTeller({
      outputs,
      clock: deps.clock,
      plan,
      window: this.window,
      collector: this.collector,
      requestsPerIteration,
      targetCores,
      initializedVus: () => this.#points.counts.maxVus,
      latestReadings: () => this.latestReadings(),
    });
  }

  #watchHosts(): HostWatch {
    const { confirmedHosts, deps, plan } = this.#parts;
    const told = {
      confirmedHosts,
      keptTags: [],
      latencyLimitsMs: [],
      sendSamples: false,
      exchanges: undefined,
      env: deps.host.env,
    };
    const hosts = new HostWatch(confirmedHosts, {
      options: assignmentFor(plan, told).httpOptions,
      clock: deps.clock,
      onBreach: () => this.signal("SIGINT"),
    });
    this.#points.onRequest = (host, timeMs) => hosts.note(host, timeMs);
    return hosts;
  }

  signal(name: "SIGINT" | "SIGKILL"): void {
    this.#process.signal(name);
  }

  /** Resolves with k6's exit code when everything has been collected. */
  async conduct(): Promise<number> {
    const timer = setInterval(() => this.#poll(), pollMs);
    try {
      const exitCode = await this.#process.ended;
      await this.#pipe.drain();
      this.#finish();
      return exitCode;
    } finally {
      clearInterval(timer);
      this.hosts.close();
      await this.#pipe.close();
    }
  }

  /** How late iterations of open scenarios were started; complete after `conduct`. */
  startLags(): StartLag[] {
    return this.#open.flatMap(({ plan, arrivals }) =>
      startLags(this.#points.moments.get(plan.name)!, arrivals, plan.startTimeMs),
    );
  }

  #onSamples(text: string): void {
    this.#points.feed(text);
    this.#firstSampleAtMs ??=
      this.#points.firstStartMs() === undefined ? undefined : this.#parts.deps.clock.nowMs();
  }

  #poll(): void {
    const { clock } = this.#parts.deps;
    if (this.#firstSampleAtMs === undefined) return;
    if (this.startWallMs === undefined) {
      if (clock.nowMs() - this.#firstSampleAtMs < originDelayMs) return;
      this.#begin();
    }
    while (clock.wallMs() >= this.startWallMs! + (this.#ticks + 1) * tickMs + writeDelayMs)
      this.#tick((this.#ticks + 1) * tickMs);
  }

  /** Sets time 0, and records what setup() measured: it belongs to no second of the load. */
  #begin(): void {
    const firstDueMs = Math.min(
      ...this.#parts.plan.scenarios.map((scenario) => {
        const open = this.#open.find(({ plan }) => plan === scenario);
        return scenario.startTimeMs + (open?.arrivals.dueAtMs(0) ?? 0);
      }),
    );
    this.startWallMs = this.#points.firstStartMs()! - firstDueMs;
    this.#points.recordLifecycle("setup");
    this.collector.addLifecycle(this.#store.drain());
  }

  #tick(endMs: number, beforeMs: number = this.startWallMs! + endMs): void {
    this.#points.recordScenarios(beforeMs);
    const tick: EngineTick = {
      index: this.#ticks++,
      atMs: endMs,
      deltas: [{ workerIndex: 0, delta: this.#store.drain() }],
      health: [],
      // A request of k6's does not say which iteration it belongs to: when that was due is not known.
      responses: [],
      counts: this.#counts(endMs),
      tagOverflows: this.#rootTags.overflowCount,
      // Of k6's scenarios nothing is known before its samples come.
      scenarios: new Map(),
    };
    this.collector.addTick(tick);
    this.#moments.tellTick(tick);
    const { events, brake } = this.#parts.deps;
    const { collector } = this;
    const { plan } = this.#parts;
    const shown = toRunTick(tick, { collector, plan, detail: () => this.#detail(tick) });
    events.onTick?.(shown);
    if (this.overload !== undefined) return;
    this.overload = brake?.(shown);
    if (this.overload !== undefined) this.signal("SIGINT");
  }

  #detail(tick: EngineTick): RunDetail {
    const { plan, objectives, requestsPerIteration } = this.#parts;
    const { collector, window } = this;
    const runner = "k6";
    // Thresholds are k6's own here.
    const known = { plan, collector, window, objectives, requestsPerIteration, thresholds: [] };
    return runDetail(tick, { ...known, runner });
  }

  #finish(): void {
    this.#points.counts.activeVus = 0;
    if (this.startWallMs === undefined && this.#points.firstStartMs() !== undefined) this.#begin();
    if (this.startWallMs === undefined) {
      this.#points.recordLifecycle("setup");
    } else {
      const endMs = this.#points.lastMs - this.startWallMs;
      while (endMs >= (this.#ticks + 1) * tickMs) this.#tick((this.#ticks + 1) * tickMs);
      // The last tick is shorter, and takes what lies on its very end as well.
      if (endMs > this.#ticks * tickMs) this.#tick(endMs, Infinity);
      this.#points.recordScenarios(Infinity);
    }
    this.#points.recordLifecycle("teardown");
    this.collector.addLifecycle(this.#store.drain());
    this.hasEnded = true;
    this.#moments.tellIdle("teardown");
  }

  #counts(elapsedMs: number): EngineTick["counts"] {
    const { completed, ended, dropped, activeVus, maxVus } = this.#points.counts;
    const dueOf = ({ plan, arrivals }: OpenScenario): number =>
      elapsedMs < plan.startTimeMs ? 0 : arrivals.countBy(elapsedMs - plan.startTimeMs);
    return {
      iterationsDue: this.#open.reduce((sum, scenario) => sum + dueOf(scenario), 0),
      // k6 tells of iterations when they end: until then one is not known to have started.
      iterationsStarted: ended,
      iterationsCompleted: completed,
      iterationsInterrupted: Math.max(0, ended - completed),
      iterationsDropped: dropped,
      iterationsFailed: this.log.failedIterations,
      activeVus,
      initializedVus: maxVus,
      usedVus: this.#points.usedVus,
    };
  }
}
