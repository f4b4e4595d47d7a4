/**
 * What the workers of one instance count together, so that a script sees the same numbers whatever their count: in
 * memory that all of them share, because a message would come too late for the next iteration.
 *
 *     rate limit: due time | VUs beyond the planned | load guard  | per scenario: begun, taken, completed | per worker
 *     8 bytes (a BigInt64) | 4 bytes (+ 4 unused)   | 52 x 8 bytes | 3 x 4 bytes                          | 4 x 4 bytes
 *
 * A worker alone writes its own four counts; who wants the instance's adds them up.
 */
import { createShare, plannedVusOver, type ShareSpec } from "../../schedule/index.ts";
import { guardMemory, instanceLayout, type WorkerAssignment } from "../protocol.ts";

/** Counts of one worker, by their place. */
export const workerCount = {
  activeVus: 0,
  initializedVus: 1,
  iterationsCompleted: 2,
  iterationsInterrupted: 3,
} as const;

export type WorkerCountName = keyof typeof workerCount;

const begun = 0;
const taken = 1;
const completed = 2;

/** Iterations of one scenario, over all workers. */
export class ScenarioNumbers {
  readonly #counts: Int32Array;

  constructor(counts: Int32Array) {
    this.#counts = counts;
  }

  /** Number of the iteration that begins now, from 0. */
  begin(): number {
    return Atomics.add(this.#counts, begun, 1);
  }

  end(): void {
    Atomics.add(this.#counts, completed, 1);
  }

  get completed(): number {
    return Atomics.load(this.#counts, completed);
  }

  /** Takes one of `total` iterations that all VUs share; false when none is left. */
  take(total: number): boolean {
    return Atomics.add(this.#counts, taken, 1) < total;
  }

  /** Takes all that are left; how many there were. */
  takeRest(total: number): number {
    return Math.max(0, total - Atomics.exchange(this.#counts, taken, total));
  }
}

/** One worker's view of its instance. */
export class Instance {
  readonly #buffer: SharedArrayBuffer;
  readonly #part: NonNullable<ShareSpec["part"]>;
  readonly #scenarioCount: number;
  readonly #extraVus: Int32Array;
  /** VUs that each worker prepares. */
  readonly #plannedVus: readonly number[];

  constructor({ scenarios, share, numbers }: WorkerAssignment) {
    this.#buffer = numbers;
    this.#part = share.part ?? { index: 0, count: 1 };
    this.#scenarioCount = scenarios.length;
    this.#extraVus = new Int32Array(numbers, instanceLayout.extraVusOffset, 1);
    const { count } = this.#part;
    this.#plannedVus = Array.from({ length: count }, (_, index) =>
      plannedVusOver(scenarios, createShare({ ...share, part: { index, count } })),
    );
  }

  /** Where the rate limiter of all workers keeps its next due time. */
  get rateLimit(): BigInt64Array {
    return new BigInt64Array(this.#buffer, 0, 1);
  }

  /** Where the load guards of all workers count. */
  get guard(): BigInt64Array {
    return guardMemory(this.#buffer);
  }

  /** Iterations of the scenario at this place in the assignment. */
  scenario(index: number): ScenarioNumbers {
    const { scenariosOffset, scenarioCounts, bytesPerCount } = instanceLayout;
    const offset = scenariosOffset + index * scenarioCounts * bytesPerCount;
    return new ScenarioNumbers(new Int32Array(this.#buffer, offset, scenarioCounts));
  }

  /** The counts that this worker writes, and those of all workers one after the other. */
  get counts(): { own: Int32Array; all: Int32Array } {
    const { scenariosOffset, scenarioCounts, workerCounts, bytesPerCount } = instanceLayout;
    const offset = scenariosOffset + this.#scenarioCount * scenarioCounts * bytesPerCount;
    const { index, count } = this.#part;
    const all = new Int32Array(this.#buffer, offset, workerCounts * count);
    return { own: all.subarray(index * workerCounts, (index + 1) * workerCounts), all };
  }

  /**
   * Number in the instance, from 0, of a worker's n-th VU. The planned ones are dealt in turns among the workers that
   * have one left, so together they are the first numbers; those beyond follow in the order in which they are made.
   */
  vuIndex(localIndex: number): number {
    const own = this.#part.index;
    if (localIndex < this.#plannedVus[own]!) {
      return this.#plannedVus.reduce(
        (sum, planned, worker) =>
          sum + Math.min(planned, localIndex) + (worker < own && planned > localIndex ? 1 : 0),
        0,
      );
    }
    const planned = this.#plannedVus.reduce((sum, each) => sum + each, 0);
    return planned + Atomics.add(this.#extraVus, 0, 1);
  }
}
