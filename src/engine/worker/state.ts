/**
 * What a worker counts while it runs: iterations, VUs, and how late iterations started. Plain counters; the loops
 * write them, ticks and `k6/execution` read them.
 */
import { ExponentialHistogram, type TagSet } from "../../metrics/index.ts";
import type { WorkerCounts } from "../protocol.ts";

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
  iterationsCompleted = 0;
  iterationsInterrupted = 0;
  iterationsDropped = 0;
  iterationsFailed = 0;
  activeVus = 0;
  initializedVus = 0;
  usedVus = 0;
  /** started - due of the iterations started since the last tick, in milliseconds. */
  readonly startLag: ExponentialHistogram = new ExponentialHistogram();
  /** Milliseconds since time 0 of the schedule; 0 before the start. */
  elapsedMs: () => number = () => 0;

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

  /** Start lag since the last call; nulls when nothing was due. */
  takeStartLag(): { p99Ms: number | null; maxMs: number | null } {
    const lag = this.startLag;
    if (lag.count === 0) return { p99Ms: null, maxMs: null };
    const taken = { p99Ms: lag.quantile(0.99), maxMs: lag.max };
    lag.reset();
    return taken;
  }
}
