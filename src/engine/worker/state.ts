/**
 * What a worker counts while it runs: iterations, VUs, and how late iterations started. Plain counters; the loops
 * write them, ticks and `k6/execution` read them.
 */
import { ExponentialHistogram, packTrend, type TagSet, TrendSink } from "../../metrics/index.ts";
import { instanceLayout, type WorkerCounts } from "../protocol.ts";
import { type Instance, workerCount, type WorkerCountName } from "./instance.ts";

/** One scenario as its VUs see it. */
export interface ScenarioState {
  readonly name: string;
  readonly executor: string;
  /** run tags + scenario tags + `scenario` + `group` "". */
  readonly tags: TagSet;
  readonly startWallMs: number;
  /** 0 to 1. */
  progress(): number;
}

export class RunState {
  iterationsDue = 0;
  iterationsStarted = 0;
  iterationsDropped = 0;
  iterationsFailed = 0;
  usedVus = 0;
  /** started - due of the iterations started since the last tick, in milliseconds. */
  readonly startLag: ExponentialHistogram = new ExponentialHistogram();
  /**
   * Of the requests since the last tick: http_req_duration and how much later than due their iterations had started. No
   * metric of k6's, and undefined when no scenario has due times.
   */
  #responses: TrendSink | undefined;
  /** Milliseconds since time 0 of the schedule; 0 before the start. */
  elapsedMs: () => number = () => 0;
  /** Those of the counts that the other workers of the instance read. */
  #own: Int32Array = new Int32Array(instanceLayout.workerCounts);
  #all: Int32Array = this.#own;

  get activeVus(): number {
    return this.#own[workerCount.activeVus]!;
  }
  set activeVus(count: number) {
    this.#own[workerCount.activeVus] = count;
  }
  get initializedVus(): number {
    return this.#own[workerCount.initializedVus]!;
  }
  set initializedVus(count: number) {
    this.#own[workerCount.initializedVus] = count;
  }
  get iterationsCompleted(): number {
    return this.#own[workerCount.iterationsCompleted]!;
  }
  set iterationsCompleted(count: number) {
    this.#own[workerCount.iterationsCompleted] = count;
  }
  get iterationsInterrupted(): number {
    return this.#own[workerCount.iterationsInterrupted]!;
  }
  set iterationsInterrupted(count: number) {
    this.#own[workerCount.iterationsInterrupted] = count;
  }

  /** From now on the other workers see the counts. */
  join(instance: Instance): void {
    const { own, all } = instance.counts;
    own.set(this.#own);
    this.#own = own;
    this.#all = all;
  }

  /** A count over all workers of the instance. */
  inInstance(name: WorkerCountName): number {
    let sum = 0;
    for (let at = workerCount[name]; at < this.#all.length; at += instanceLayout.workerCounts)
      sum += this.#all[at]!;
    return sum;
  }

  counts(): WorkerCounts {
    const { iterationsDue, iterationsStarted, iterationsCompleted, iterationsInterrupted } = this;
    const { iterationsDropped, iterationsFailed, activeVus, initializedVus, usedVus } = this;
    return {
      iterationsDue,
      iterationsStarted,
      iterationsCompleted,
      iterationsInterrupted,
      iterationsDropped,
      iterationsFailed,
      activeVus,
      initializedVus,
      usedVus,
    };
  }

  /** From now on response times are kept, with exact counts above the limits, in milliseconds. */
  trackResponses(limitsMs: readonly number[]): void {
    this.#responses = new TrendSink(limitsMs);
  }

  /** A request of an iteration that had started `startLagMs` after it was due. Allocates nothing. */
  addResponse(durationMs: number, startLagMs: number): void {
    const responseMs = durationMs + startLagMs;
    if (this.#responses !== undefined && Number.isFinite(responseMs))
      this.#responses.add(responseMs);
  }

  /** Response times since the last call, packed; undefined when they are not kept. */
  takeResponses(): Float64Array<ArrayBuffer> | undefined {
    return this.#responses === undefined ? undefined : packTrend(this.#responses);
  }

  /** Start lag since the last call; nulls when nothing was due. */
  takeStartLag(): { p99Ms: number | null; maxMs: number | null } {
    const lag = this.startLag;
    if (lag.count === 0) return { p99Ms: null, maxMs: null };
    const taken = { p99Ms: lag.quantile(0.99), maxMs: lag.max };
    lag.reset();
    return taken;
  }
}
