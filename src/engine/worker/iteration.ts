/**
 * One iteration: call the scenario's function, wait for its event loop, emit k6's iteration metrics.
 * An exception is counted and reported, and the iteration still counts as complete (k6); an interrupted one emits
 * no `iterations` and no `iteration_duration`.
 */
import type { Clock } from "../../base/clock.ts";
import type { MetricRegistry, SampleStore, Series, TagSet } from "../../metrics/index.ts";
import type { ExceptionLog } from "./exceptions.ts";
import type { RunState, ScenarioState } from "./state.ts";
import type { FunctionEnd, Vu } from "./vu.ts";

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

/** What a scenario hands to each of its iterations. */
export interface IterationRequest {
  readonly scenario: ScenarioState;
  /** Name of the exported function. */
  readonly exec: string;
  /** When it was due, in clock milliseconds; undefined in closed loops, which have no due time. */
  readonly dueAtMs: number | undefined;
  readonly iterationInInstance: number;
  readonly iterationInTest: number;
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
  readonly #setupData = new WeakMap<Vu, { readonly value: unknown }>();

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
   * Runs one iteration on `vu` and calls back when it is over; `completed` is false when it was interrupted.
   * A callback and no promise, here and in the loops: what each waiting level of promises holds, the garbage
   * collector copies for every VU (measured with the sleep wheel: 15,900 → 17,100 requests a CPU second).
   */
  start(vu: Vu, request: IterationRequest, onEnd: (completed: boolean) => void): void {
    const beginning = vu.beginSurroundings();
    if (beginning === undefined) this.#run(vu, request, onEnd);
    else void this.#runSurrounded(vu, request, { beginning, onEnd });
  }

  /** What is put around an iteration takes its time before and after it, and counts in none of its figures. */
  async #runSurrounded(
    vu: Vu,
    request: IterationRequest,
    { beginning, onEnd }: { beginning: Promise<void>; onEnd: (completed: boolean) => void },
  ): Promise<void> {
    const askedAtMs = this.#clock.nowMs();
    await beginning;
    if (vu.needsInstance) {
      onEnd(false); // abandoned meanwhile
      return;
    }
    const { dueAtMs } = request;
    const waitedMs = this.#clock.nowMs() - askedAtMs;
    const own = dueAtMs === undefined ? request : { ...request, dueAtMs: dueAtMs + waitedMs };
    this.#run(vu, own, (completed) => {
      const ending = vu.endSurroundings();
      if (ending === undefined) onEnd(completed);
      else void ending.then(() => onEnd(completed));
    });
  }

  #run(vu: Vu, request: IterationRequest, onEnd: (completed: boolean) => void): void {
    const startedAtMs = this.#begin(vu, request);
    const callee = vu.exports[request.exec] as (data: unknown) => unknown;
    vu.start(
      "iteration",
      () => callee(this.#setupDataFor(vu)),
      (end) => {
        this.#finish(vu, end, startedAtMs);
        if (end.kind === "interrupted") onEnd(false);
        else this.#rest(vu, startedAtMs, onEnd);
      },
    );
  }

  /** What comes between a completed iteration and the next. */
  #rest(vu: Vu, startedAtMs: number, onEnd: (completed: boolean) => void): void {
    const { noVuConnectionReuse, minIterationDurationMs } = this.#options;
    if (noVuConnectionReuse) vu.closeIdleConnections();
    const restMs = minIterationDurationMs - (this.#clock.nowMs() - startedAtMs);
    if (restMs <= 0) onEnd(true);
    else
      vu.start(
        "iteration",
        () => vu.pause(restMs),
        (end) => onEnd(end.kind !== "interrupted"),
      );
  }

  #begin(vu: Vu, request: IterationRequest): number {
    const state = this.#state;
    const startedAtMs = this.#clock.nowMs();
    state.iterationsStarted++;
    if (request.dueAtMs !== undefined)
      state.startLag.add(Math.max(0, startedAtMs - request.dueAtMs));
    if (vu.iterations === 0) state.usedVus++;
    vu.scenarioIterationInInstance = request.iterationInInstance;
    vu.scenarioIterationInTest = request.iterationInTest;
    vu.beginIteration();
    return startedAtMs;
  }

  #finish(vu: Vu, end: FunctionEnd, startedAtMs: number): void {
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
    let data = this.#setupData.get(vu);
    if (data === undefined) {
      data = { value: JSON.parse(this.#setupJson) as unknown };
      this.#setupData.set(vu, data);
    }
    return data.value;
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
