/**
 * The run of one worker: all its scenarios side by side on one clock, and a tick each interval.
 */
import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/log.ts";
import type { HttpStack } from "../../http/index.ts";
import {
  type MetricRegistry,
  type SampleStore,
  type TagInterner,
  type TagSet,
  withTags,
} from "../../metrics/index.ts";
import {
  createShare,
  type LoopPlan,
  regularDurationMs,
  type ScenarioPlan,
  type Share,
  toLoop,
} from "../../schedule/index.ts";
import type { StopMode, WorkerAssignment, WorkerTick } from "../protocol.ts";
import { runClosedLoop, type ScalableLoop } from "./closed-loop.ts";
import type { WorkerExchanges } from "./exchange-keeper.ts";
import type { HealthSampler } from "./health.ts";
import type { Instance } from "./instance.ts";
import type { IterationRunner } from "./iteration.ts";
import { runOpenLoop } from "./open-loop.ts";
import { ScenarioRun } from "./scenario.ts";
import type { RunState, ScenarioState } from "./state.ts";
import type { VuPool } from "./vu-pool.ts";

export interface WorkerRunParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly state: RunState;
  readonly pool: VuPool;
  readonly iterations: IterationRunner;
  readonly store: SampleStore;
  readonly registry: MetricRegistry;
  readonly health: HealthSampler;
  readonly assignment: WorkerAssignment;
  readonly share: Share;
  readonly instance: Instance;
  readonly stack: HttpStack;
  /** Undefined when no exchanges are kept. */
  readonly exchanges: WorkerExchanges | undefined;
  readonly rootTags: TagInterner;
  readonly runTags: TagSet;
  /** Unix milliseconds of time 0. */
  readonly startWallMs: number;
  readonly tickIntervalMs: number;
  readonly onTick: (tick: WorkerTick) => void;
}

export class WorkerRun {
  readonly #parts: WorkerRunParts;
  /** Clock milliseconds of time 0: clocks of threads differ in origin, wall time does not. */
  readonly #originMs: number;
  readonly #scenarios: ScenarioRun[] = [];
  #tickIndex = 0;
  #lastTickMs = 0;
  #tickTimer: NodeJS.Timeout | undefined;
  #stopMode: StopMode | undefined;
  /** Scenarios whose VUs can be changed while they run, by name. */
  readonly #scalable = new Map<string, ScalableLoop>();
  /** True until the last tick. */
  isActive = true;

  constructor(parts: WorkerRunParts) {
    this.#parts = parts;
    this.#originMs = parts.clock.nowMs() + (parts.startWallMs - parts.clock.wallMs());
    parts.state.elapsedMs = () => Math.max(0, parts.clock.nowMs() - this.#originMs);
  }

  /** The scenario, when there is only one: what belongs to no VU any more belongs to it. */
  get onlyScenario(): ScenarioState | undefined {
    return this.#scenarios.length === 1 ? this.#scenarios[0]!.view : undefined;
  }

  /** Runs every scenario to its end; resolves with the last tick. */
  async execute(): Promise<WorkerTick> {
    const { clock, exchanges, health } = this.#parts;
    health.start();
    this.#scheduleTick();
    exchanges?.begin(this.#originMs - clock.nowMs());
    const { scenarios } = this.#parts.assignment;
    await Promise.all(scenarios.map((plan, index) => this.#runScenario(plan, index)));
    clearTimeout(this.#tickTimer);
    exchanges?.end();
    this.isActive = false;
    return this.#takeTick();
  }

  stop(mode: StopMode): void {
    this.#stopMode = mode;
    for (const scenario of this.#scenarios) scenario.stop(mode);
  }

  /** From now on `vus` VUs of this worker loop in the scenario; without effect when it does not run. */
  scale(scenarioName: string, vus: number): void {
    this.#scalable.get(scenarioName)?.scaleTo(vus);
  }

  async #runScenario(plan: ScenarioPlan, index: number): Promise<void> {
    const { clock, logger, state, pool, iterations, store, registry, share, startWallMs } =
      this.#parts;
    const instanceShare = createShare({ ...this.#parts.assignment.share, part: null });
    const instanceLoop = toLoop(plan, instanceShare);
    const loop = toLoop(plan, share) ?? emptyLoop(instanceLoop);
    if (loop === undefined || instanceLoop === undefined) return;
    const tags = this.#scenarioTags(plan);
    const scenario = new ScenarioRun({
      plan,
      clock,
      logger,
      state,
      pool,
      iterations,
      tags,
      // An iteration that never began was in no group.
      dropped: store.series(registry.get("dropped_iterations")!, tags.without("group")),
      durationMs: regularDurationMs(plan),
      originMs: this.#originMs,
      originWallMs: startWallMs,
      numbers: this.#parts.instance.scenario(index),
      globalIteration: globalIterations(instanceLoop, instanceShare),
      plannedIterations: plannedIterations(instanceLoop),
    });
    this.#scenarios.push(scenario);
    try {
      await this.#follow(scenario, loop);
    } finally {
      scenario.markEnded();
    }
  }

  async #follow(scenario: ScenarioRun, loop: LoopPlan): Promise<void> {
    const { clock } = this.#parts;
    if (this.#stopMode !== undefined) return;
    if (scenario.startAtMs > clock.nowMs()) await scenario.waitUntil(scenario.startAtMs);
    if (scenario.stopped) return;
    if (loop.kind === "open") await runOpenLoop(scenario, loop);
    else {
      const { name } = scenario.view;
      await runClosedLoop(scenario, loop, (looping) => this.#scalable.set(name, looping));
      this.#scalable.delete(name);
    }
  }

  #scenarioTags(plan: ScenarioPlan): TagSet {
    const enabled = this.#parts.assignment.vuOptions.systemTags;
    let tags = withTags(this.#parts.runTags, plan.tags);
    if (enabled.includes("scenario")) tags = tags.with("scenario", plan.name);
    if (enabled.includes("group")) tags = tags.with("group", "");
    return tags;
  }

  #scheduleTick(): void {
    const { clock, tickIntervalMs } = this.#parts;
    const nextAtMs = this.#originMs + (this.#tickIndex + 1) * tickIntervalMs;
    this.#tickTimer = setTimeout(
      () => {
        this.#parts.onTick(this.#takeTick());
        this.#scheduleTick();
      },
      Math.max(0, nextAtMs - clock.nowMs()),
    );
  }

  #takeTick(): WorkerTick {
    const { clock, store, health, state, stack, rootTags } = this.#parts;
    const atMs = Math.max(0, clock.nowMs() - this.#originMs);
    const tick: WorkerTick = {
      index: this.#tickIndex,
      atMs,
      delta: store.drain(),
      health: health.take(atMs - this.#lastTickMs, stack.takeGeneratorFaults()),
      responses: state.takeResponses(),
      counts: state.counts(),
      tagOverflows: rootTags.overflowCount,
      scenarios: this.#scenarios.map((scenario) => scenario.progress()),
    };
    this.#tickIndex++;
    this.#lastTickMs = atMs;
    return tick;
  }
}

/** A worker that got no VU of its instance's looping scenario: it waits beside the others, to be scaled up. */
function emptyLoop(instanceLoop: LoopPlan | undefined): LoopPlan | undefined {
  return instanceLoop?.kind === "looping" ? { ...instanceLoop, steps: [], maxVus: 0 } : undefined;
}

/** Numbers of the instance's iterations in the whole test. */
function globalIterations(loop: LoopPlan, instance: Share): (index: number) => number {
  switch (loop.kind) {
    case "open":
      return (index) => loop.arrivals.globalIndex(index);
    case "shared":
      return (index) => loop.globalIndex(index);
    case "looping":
    case "per-vu":
      return (index) => instance.globalIndex(index);
  }
}

function plannedIterations(loop: LoopPlan): number | undefined {
  if (loop.kind === "shared") return loop.iterations;
  return loop.kind === "per-vu" ? loop.vus * loop.iterations : undefined;
}
