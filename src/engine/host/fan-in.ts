/**
 * Ticks of all workers, put together: tick n of the run is complete when every worker has sent its tick n, or has
 * finished. The host never waits for a slow worker to judge another one's samples early.
 */
import type { MetricDelta } from "../../metrics/index.ts";
import type { ScenarioProgress, WorkerCounts, WorkerHealth, WorkerTick } from "../protocol.ts";

/** One tick of the whole run. */
export interface EngineTick {
  readonly index: number;
  /** Milliseconds since time 0 at the tick's end: the latest of the workers. */
  readonly atMs: number;
  /** One delta a worker, with the worker's index. */
  readonly deltas: readonly { readonly workerIndex: number; readonly delta: MetricDelta }[];
  readonly health: readonly WorkerHealth[];
  /** Response times of the tick, a parcel a worker; empty when nothing is due by the clock. */
  readonly responses: readonly Float64Array[];
  /** Sums over the workers. */
  readonly counts: WorkerCounts;
  /** How often samples were given "(other)" in place of a tag's value, since the start. */
  readonly tagOverflows: number;
  /** By name; sums over the workers, ended when all of them have. */
  readonly scenarios: ReadonlyMap<string, ScenarioProgress>;
}

export class FanIn {
  readonly #workerCount: number;
  readonly #onTick: (tick: EngineTick) => void;
  readonly #waiting = new Map<number, Map<number, WorkerTick>>();
  /** Newest tick of each worker that has sent one. */
  readonly #newest = new Map<number, WorkerTick>();
  /** Workers that send no more. */
  readonly #ended = new Set<number>();
  #next = 0;

  constructor(workerCount: number, onTick: (tick: EngineTick) => void) {
    this.#workerCount = workerCount;
    this.#onTick = onTick;
  }

  add(workerIndex: number, tick: WorkerTick): void {
    let ticks = this.#waiting.get(tick.index);
    if (ticks === undefined) {
      ticks = new Map();
      this.#waiting.set(tick.index, ticks);
    }
    ticks.set(workerIndex, tick);
    this.#newest.set(workerIndex, tick);
    this.#flush();
  }

  /** The worker ended without its last tick: what it has sent counts, and nobody waits for more. */
  lose(workerIndex: number): void {
    this.#ended.add(workerIndex);
    this.#flush();
  }

  /** The worker's last tick. */
  finish(workerIndex: number, tick: WorkerTick): void {
    this.#ended.add(workerIndex);
    this.add(workerIndex, tick);
  }

  #flush(): void {
    for (;;) {
      const ticks = this.#waiting.get(this.#next);
      if (ticks === undefined || !this.#isComplete(ticks)) return;
      this.#waiting.delete(this.#next);
      this.#onTick(this.#combine(ticks));
      this.#next++;
    }
  }

  #isComplete(ticks: ReadonlyMap<number, WorkerTick>): boolean {
    for (let worker = 0; worker < this.#workerCount; worker++) {
      if (!ticks.has(worker) && !this.#ended.has(worker)) return false;
    }
    return true;
  }

  #combine(ticks: ReadonlyMap<number, WorkerTick>): EngineTick {
    const present = [...ticks];
    const ended = [...this.#newest].filter(([worker]) => !ticks.has(worker));
    const latest = [...present, ...ended].map(([, tick]) => tick);
    return {
      index: this.#next,
      atMs: Math.max(...present.map(([, tick]) => tick.atMs)),
      deltas: present.map(([workerIndex, { delta }]) => ({ workerIndex, delta })),
      health: present.map(([, { health }]) => health),
      responses: present.flatMap(([, { responses }]) =>
        responses === undefined ? [] : [responses],
      ),
      counts: sumCounts(latest.map(({ counts }) => counts)),
      tagOverflows: latest.reduce((sum, tick) => sum + tick.tagOverflows, 0),
      scenarios: sumScenarios(latest.flatMap(({ scenarios }) => scenarios)),
    };
  }
}

function sumCounts(all: readonly WorkerCounts[]): WorkerCounts {
  const sum = (of: (counts: WorkerCounts) => number): number =>
    all.reduce((total, counts) => total + of(counts), 0);
  return {
    iterationsDue: sum((c) => c.iterationsDue),
    iterationsStarted: sum((c) => c.iterationsStarted),
    iterationsCompleted: sum((c) => c.iterationsCompleted),
    iterationsInterrupted: sum((c) => c.iterationsInterrupted),
    iterationsDropped: sum((c) => c.iterationsDropped),
    iterationsFailed: sum((c) => c.iterationsFailed),
    activeVus: sum((c) => c.activeVus),
    initializedVus: sum((c) => c.initializedVus),
    usedVus: sum((c) => c.usedVus),
  };
}

function sumScenarios(all: readonly ScenarioProgress[]): ReadonlyMap<string, ScenarioProgress> {
  const byName = new Map<string, ScenarioProgress>();
  for (const part of all) {
    const known = byName.get(part.name);
    byName.set(part.name, known === undefined ? part : addProgress(known, part));
  }
  return byName;
}

function addProgress(a: ScenarioProgress, b: ScenarioProgress): ScenarioProgress {
  const hasEnded = a.endedAtMs !== null && b.endedAtMs !== null;
  return {
    name: a.name,
    activeVus: a.activeVus + b.activeVus,
    iterationsCompleted: a.iterationsCompleted + b.iterationsCompleted,
    iterationsInterrupted: a.iterationsInterrupted + b.iterationsInterrupted,
    endedAtMs: hasEnded ? Math.max(a.endedAtMs!, b.endedAtMs!) : null,
  };
}
