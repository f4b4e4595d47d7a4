/**
 * What the two loops have in common: the scenario's clock, its end, its iterations, its VUs.
 *
 *     start ........ regular period ........ endAt ..... gracefulStop ..... hardEndAt
 *     new iterations may start until endAt; what still runs at hardEndAt is abandoned.
 */
import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/log.ts";
import type { Series, TagSet } from "../../metrics/index.ts";
import type { ScenarioPlan } from "../../schedule/index.ts";
import type { ScenarioProgress, StopMode } from "../protocol.ts";
import type { ScenarioNumbers } from "./instance.ts";
import {
  type IterationListener,
  type IterationRunner,
  VuIteration,
  type VuIterationParts,
} from "./iteration.ts";
import type { RunState, ScenarioState } from "./state.ts";
import { EventLoopTurns } from "./turns.ts";
import type { Vu } from "./vu.ts";
import type { VuPool } from "./vu-pool.ts";

export interface ScenarioParts {
  readonly plan: ScenarioPlan;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly state: RunState;
  readonly pool: VuPool;
  readonly iterations: IterationRunner;
  readonly tags: TagSet;
  readonly dropped: Series;
  /** Regular duration in milliseconds. */
  readonly durationMs: number;
  /** Clock milliseconds of time 0 of the run, and Unix milliseconds of the same instant. */
  readonly originMs: number;
  readonly originWallMs: number;
  /** Its iterations over all workers of the instance. */
  readonly numbers: ScenarioNumbers;
  /** The n-th iteration of the instance is the globalIteration(n)-th of the test. */
  readonly globalIteration: (index: number) => number;
  /** Iterations of the instance, when their number is planned and not their time. */
  readonly plannedIterations: number | undefined;
}

/** A wait that can be cut short. */
interface Wait {
  timer: NodeJS.Timeout | undefined;
  readonly resolve: () => void;
}

export class ScenarioRun implements IterationListener {
  readonly parts: ScenarioParts;
  readonly view: ScenarioState;
  readonly turns: EventLoopTurns = new EventLoopTurns();
  /** Those of the VUs that the scenario has, inside an iteration or between two. */
  readonly #taken = new Set<VuIteration>();
  #activeVus = 0;
  readonly #waits = new Set<Wait>();
  readonly #iterationParts: VuIterationParts;
  readonly #startAtMs: number;
  #ended = false;
  #stopped = false;
  #completed = 0;
  #interrupted = 0;
  #endedAtMs: number | null = null;

  constructor(parts: ScenarioParts) {
    this.parts = parts;
    const { plan, clock, originMs, originWallMs, durationMs, tags } = parts;
    const { numbers, plannedIterations } = parts;
    this.#iterationParts = { exec: plan.exec, scenario: this, runner: parts.iterations };
    this.#startAtMs = originMs + plan.startTimeMs;
    const startAtMs = this.#startAtMs;
    this.view = {
      name: plan.name,
      executor: plan.executor,
      tags,
      startWallMs: originWallMs + plan.startTimeMs,
      progress: () => {
        const share =
          plannedIterations === undefined
            ? (clock.nowMs() - startAtMs) / Math.max(1, durationMs)
            : numbers.completed / plannedIterations;
        return Math.min(1, Math.max(0, share));
      },
    };
  }

  get startAtMs(): number {
    return this.#startAtMs;
  }
  get endAtMs(): number {
    return this.#startAtMs + this.parts.durationMs;
  }
  get hardEndAtMs(): number {
    return this.endAtMs + this.parts.plan.gracefulStopMs;
  }
  /** True once no new iteration may start. */
  get ended(): boolean {
    return this.#ended || this.parts.clock.nowMs() >= this.endAtMs;
  }

  /** True after an early stop. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Resolves at clock time `atMs`, or at once when the scenario is stopped. */
  waitUntil(atMs: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((done) => {
      const wait: Wait = {
        resolve: () => {
          clearTimeout(wait.timer);
          this.#waits.delete(wait);
          done();
        },
        timer: undefined,
      };
      // A timer of the platform may fire up to a millisecond early; an iteration never starts before it is due.
      const arm = (): void => {
        const leftMs = atMs - this.parts.clock.nowMs();
        if (leftMs <= 0) wait.resolve();
        else wait.timer = setTimeout(arm, Math.ceil(leftMs));
      };
      this.#waits.add(wait);
      arm();
    });
  }

  /** Ends the regular period, and abandons what still runs when gracefulStop is over. */
  async finish(done: Promise<unknown>): Promise<void> {
    this.endRegularPeriod();
    const stopAtMs = this.#stopped
      ? this.parts.clock.nowMs() + this.parts.plan.gracefulStopMs
      : this.hardEndAtMs;
    const timer = setTimeout(
      () => this.abandonAll(),
      Math.max(0, stopAtMs - this.parts.clock.nowMs()),
    );
    await done;
    clearTimeout(timer);
  }

  endRegularPeriod(): void {
    this.#ended = true;
  }

  /** Ends the scenario early: no new iterations; `now` abandons the running ones as well. */
  stop(mode: StopMode): void {
    this.#stopped = true;
    this.endRegularPeriod();
    for (const wait of this.#waits) wait.resolve();
    if (mode === "now") this.abandonAll();
  }

  abandonAll(): void {
    for (const { isRunning, vu } of this.#taken) if (isRunning) vu.abandon();
  }

  /** Runs one iteration and tells `loop` when it is over; `dueAtMs` only in open loops. */
  iterate(iteration: VuIteration, dueAtMs: number | undefined, loop: IterationListener): void {
    const index = this.parts.numbers.begin();
    this.#activeVus++;
    iteration.isRunning = true;
    iteration.dueAtMs = dueAtMs;
    iteration.vu.scenarioIterationInInstance = index;
    iteration.vu.scenarioIterationInTest = this.parts.globalIteration(index);
    iteration.loop = loop;
    this.parts.iterations.start(iteration);
  }

  onIterationEnd(iteration: VuIteration, completed: boolean): void {
    this.#activeVus--;
    iteration.isRunning = false;
    if (completed) {
      this.#completed++;
      this.parts.numbers.end();
    } else this.#interrupted++;
    iteration.loop!.onIterationEnd(iteration, completed);
  }

  /** Takes a VU from the pool for this scenario; undefined (and a warning) when there is none. */
  async takeVu(): Promise<VuIteration | undefined> {
    const vu = await this.parts.pool.take();
    if (vu !== undefined) return this.#activate(vu);
    this.parts.logger.log("warning", "Could not get a VU from the buffer", {
      scenario: this.view.name,
    });
    return undefined;
  }

  /** A VU from the pool, or a new one when all are taken. */
  async takeAnyVu(): Promise<VuIteration> {
    const vu = await this.parts.pool.take();
    return vu === undefined ? this.takeUnplannedVu() : this.#activate(vu);
  }

  async takeUnplannedVu(): Promise<VuIteration> {
    return this.#activate(await this.parts.pool.takeUnplanned());
  }

  #activate(vu: Vu): VuIteration {
    vu.activate(this.view, this.parts.plan.env);
    const iteration = new VuIteration(vu, this.#iterationParts);
    this.#taken.add(iteration);
    return iteration;
  }

  /** Gives a VU back to the pool. */
  give(iteration: VuIteration): void {
    this.#taken.delete(iteration);
    this.parts.pool.give(iteration.vu);
  }

  /** All its iterations are over. */
  markEnded(): void {
    this.#endedAtMs = this.parts.clock.nowMs() - this.parts.originMs;
  }

  progress(): ScenarioProgress {
    return {
      name: this.view.name,
      activeVus: this.#activeVus,
      iterationsCompleted: this.#completed,
      iterationsInterrupted: this.#interrupted,
      endedAtMs: this.#endedAtMs,
    };
  }

  /** What was not begun is dropped; what an early stop kept from beginning is not (k6). */
  drop(count: number): void {
    if (count <= 0 || this.#stopped) return;
    this.parts.state.iterationsDropped += count;
    this.parts.dropped.add(count);
  }
}
