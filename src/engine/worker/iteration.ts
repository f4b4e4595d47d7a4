/**
 * One iteration: call the scenario's function, wait for its event loop, emit k6's iteration metrics.
 * An exception is counted and reported, and the iteration still counts as complete (k6); an interrupted one emits
 * no `iterations` and no `iteration_duration`.
 */
import type { Clock } from "../../base/clock.ts";
import type { MetricRegistry, SampleStore, Series, TagSet } from "../../metrics/index.ts";
import type { ExceptionLog } from "./exceptions.ts";
import type { RunState } from "./state.ts";
import type { FunctionEnd, VuTask } from "./vu-task.ts";
import type { Vu } from "./vu.ts";

interface IterationSeries {
  readonly iterations: Series;
  readonly duration: Series;
  readonly dataSent: Series;
  readonly dataReceived: Series;
}

export interface IterationOptions {
  readonly minIterationDurationMs: number;
  readonly noVuConnectionReuse: boolean;
}

/** Who is told that an iteration is over; not completed means that it was interrupted. */
export interface IterationListener {
  onIterationEnd(iteration: VuIteration, completed: boolean): void;
}

/**
 * The iterations of one VU in one scenario: one after the other, and this one object for all of them. Thousands of VUs
 * wait in the middle of one, and what each holds meanwhile (closures, promises) the garbage collector copies.
 */
export class VuIteration implements VuTask {
  readonly vu: Vu;
  /** What the iterations of all VUs of the scenario have in common. */
  readonly parts: VuIterationParts;
  isRunning = false;
  /** When it was due, in clock milliseconds; undefined in closed loops, which have no due time. */
  dueAtMs: number | undefined;
  /** A fraction from the start: a whole number first would give V8 two layouts of this class. */
  startedAtMs: number = Number.NaN;
  /** What is left of the least duration of an iteration; 0 while its function runs. */
  restMs = 0;
  /** Something was put around it, which has to be taken away. */
  isSurrounded = false;
  /** Whose iteration it is: a loop, which the scenario tells in its turn. */
  loop: IterationListener | undefined;

  constructor(vu: Vu, parts: VuIterationParts) {
    this.vu = vu;
    this.parts = parts;
  }

  get startLagMs(): number {
    return this.dueAtMs === undefined ? 0 : Math.max(0, this.startedAtMs - this.dueAtMs);
  }

  call(): unknown {
    return this.restMs > 0 ? this.vu.pause(this.restMs) : this.parts.runner.call(this);
  }

  onEnd(end: FunctionEnd): void {
    if (this.restMs > 0) this.parts.runner.onRested(this, end);
    else this.parts.runner.onFunctionEnd(this, end);
  }
}

export interface VuIterationParts {
  /** Name of the exported function. */
  readonly exec: string;
  readonly scenario: IterationListener;
  readonly runner: IterationRunner;
}

export class IterationRunner {
  readonly #clock: Clock;
  readonly #state: RunState;
  readonly #exceptions: ExceptionLog;
  readonly #options: IterationOptions;
  readonly #registry: MetricRegistry;
  readonly #store: SampleStore;
  readonly #series = new Map<TagSet, IterationSeries>();
  #setupJson: string | undefined;

  constructor(parts: {
    clock: Clock;
    state: RunState;
    exceptions: ExceptionLog;
    options: IterationOptions;
    registry: MetricRegistry;
    store: SampleStore;
  }) {
    this.#clock = parts.clock;
    this.#state = parts.state;
    this.#exceptions = parts.exceptions;
    this.#options = parts.options;
    this.#registry = parts.registry;
    this.#store = parts.store;
  }

  /** What setup() returned, as JSON text; each VU gets its own copy. */
  setSetupJson(setupJson: string | undefined): void {
    this.#setupJson = setupJson;
  }

  /**
   * Runs one iteration and tells its listener when it is over. A callback and no promise, here and in the loops: what
   * each waiting level of promises holds, the garbage collector copies for every VU (measured with the sleep wheel:
   * 15,900 → 17,100 requests a CPU second).
   */
  start(iteration: VuIteration): void {
    const beginning = iteration.vu.beginSurroundings();
    iteration.isSurrounded = beginning !== undefined;
    if (beginning === undefined) this.#run(iteration);
    else void this.#runSurrounded(iteration, beginning);
  }

  /** What is put around an iteration takes its time before and after it, and counts in none of its figures. */
  async #runSurrounded(iteration: VuIteration, beginning: Promise<void>): Promise<void> {
    const askedAtMs = this.#clock.nowMs();
    await beginning;
    if (iteration.vu.needsInstance) {
      iteration.parts.scenario.onIterationEnd(iteration, false); // abandoned meanwhile
      return;
    }
    if (iteration.dueAtMs !== undefined) iteration.dueAtMs += this.#clock.nowMs() - askedAtMs;
    this.#run(iteration);
  }

  #run(iteration: VuIteration): void {
    this.#begin(iteration);
    iteration.vu.start("iteration", iteration);
  }

  /** Calls the script's function. */
  call({ vu, parts }: VuIteration): unknown {
    const callee = vu.exported(parts.exec) as (data: unknown) => unknown;
    return callee(this.#setupDataFor(vu));
  }

  onFunctionEnd(iteration: VuIteration, end: FunctionEnd): void {
    this.#finish(iteration, end);
    if (end.kind === "interrupted") this.#end(iteration, false);
    else this.#rest(iteration);
  }

  /** What comes between a completed iteration and the next. */
  #rest(iteration: VuIteration): void {
    const { noVuConnectionReuse, minIterationDurationMs } = this.#options;
    const { vu } = iteration;
    if (noVuConnectionReuse) vu.closeIdleConnections();
    const restMs = minIterationDurationMs - (this.#clock.nowMs() - iteration.startedAtMs);
    if (restMs <= 0) {
      this.#end(iteration, true);
      return;
    }
    iteration.restMs = restMs;
    vu.start("iteration", iteration);
  }

  onRested(iteration: VuIteration, end: FunctionEnd): void {
    iteration.restMs = 0;
    this.#end(iteration, end.kind !== "interrupted");
  }

  #end(iteration: VuIteration, completed: boolean): void {
    const ending = iteration.isSurrounded ? iteration.vu.endSurroundings() : undefined;
    if (ending === undefined) iteration.parts.scenario.onIterationEnd(iteration, completed);
    else void ending.then(() => iteration.parts.scenario.onIterationEnd(iteration, completed));
  }

  #begin(iteration: VuIteration): void {
    const state = this.#state;
    const { vu } = iteration;
    iteration.startedAtMs = this.#clock.nowMs();
    state.iterationsStarted++;
    if (iteration.dueAtMs !== undefined) state.startLag.add(iteration.startLagMs);
    if (vu.iterations === 0) state.usedVus++;
    vu.beginIteration();
  }

  #finish({ vu, startedAtMs }: VuIteration, end: FunctionEnd): void {
    const series = this.#seriesFor(vu.tags);
    vu.claimSamples();
    const data = vu.takeData();
    series.dataSent.add(data.sentBytes);
    series.dataReceived.add(data.receivedBytes);
    if (end.kind === "interrupted") {
      this.#state.iterationsInterrupted++;
      return;
    }
    series.duration.add(this.#clock.nowMs() - startedAtMs);
    series.iterations.add(1);
    this.#state.iterationsCompleted++;
    vu.iterationInScenario++;
    if (end.kind === "threw") {
      this.#state.iterationsFailed++;
      this.#exceptions.report(end.error, {
        scenario: vu.scenario,
        inPromise: end.inPromise === true,
      });
    }
  }

  #setupDataFor(vu: Vu): unknown {
    if (this.#setupJson === undefined) return undefined;
    vu.setupData ??= { value: JSON.parse(this.#setupJson) as unknown };
    return vu.setupData.value;
  }

  #seriesFor(tags: TagSet): IterationSeries {
    const known = this.#series.get(tags);
    if (known !== undefined) return known;
    const series = (name: string): Series => this.#store.series(this.#registry.get(name)!, tags);
    const made: IterationSeries = {
      iterations: series("iterations"),
      duration: series("iteration_duration"),
      dataSent: series("data_sent"),
      dataReceived: series("data_received"),
    };
    this.#series.set(tags, made);
    return made;
  }
}
