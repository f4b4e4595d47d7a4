/**
 * The slowest of each endpoint, of an unknown number of endpoints: exact while there are no more than `endpoints` of them.
 * Beyond that it holds those whose slowest was the slowest, so the slowest of all is always there; of an endpoint that was
 * dropped in between, earlier ones may be missing.
 */

/** What durations of an endpoint are compared with. */
export interface Watch {
  /** A longer one is to be offered. */
  floorMs: number;
}

export interface Slow<T> {
  readonly durationMs: number;
  readonly item: T;
}

interface Endpoint<T> extends Watch {
  /** Slowest first. */
  readonly kept: Slow<T>[];
}

/** What took no time at all is not slow. */
const leastMs = 0;

export class SlowSelection<T> {
  readonly #limits: { readonly each: number; readonly endpoints: number };
  readonly #endpoints = new Map<string, Endpoint<T>>();
  /** Of all endpoints that are not held. */
  readonly #newcomers: Watch = { floorMs: leastMs };
  #isActive = false;

  constructor(limits: { readonly each: number; readonly endpoints: number }) {
    this.#limits = limits;
  }

  /** While it is not active every exchange is to be offered, to whatever has taken its place. */
  setActive(isActive: boolean): void {
    this.#isActive = isActive;
    for (const endpoint of this.#endpoints.values()) this.#setFloor(endpoint);
    this.#setNewcomersFloor();
  }

  /** What to compare the durations of an endpoint with from now on. */
  watch(key: string): Watch {
    return this.#endpoints.get(key) ?? this.#newcomers;
  }

  /** Takes what `make` gives if it belongs to the slowest. */
  offer(key: string, durationMs: number, make: () => T): void {
    const endpoint = this.#endpoints.get(key) ?? this.#admit(key, durationMs);
    if (endpoint === undefined || durationMs <= floorOf(endpoint.kept, this.#limits.each)) return;
    const at = endpoint.kept.findIndex((other) => other.durationMs < durationMs);
    const slow = { durationMs, item: make() };
    if (at === -1) endpoint.kept.push(slow);
    else endpoint.kept.splice(at, 0, slow);
    endpoint.kept.length = Math.min(endpoint.kept.length, this.#limits.each);
    this.#setFloor(endpoint);
    this.#setNewcomersFloor();
  }

  /** All that are held. */
  entries(): readonly Slow<T>[] {
    return [...this.#endpoints.values()].flatMap(({ kept }) => kept);
  }

  /** A place for an endpoint that is not held; undefined when all others are slower. */
  #admit(key: string, durationMs: number): Endpoint<T> | undefined {
    if (durationMs <= leastMs) return undefined;
    if (this.#endpoints.size >= this.#limits.endpoints) {
      const weakest = this.#weakest()!;
      if (durationMs <= weakest.slowestMs) return undefined;
      const { endpoint } = weakest;
      this.#endpoints.delete(weakest.key);
      // Whoever still compares with it offers once more, and is told better.
      endpoint.floorMs = -Infinity;
    }
    const admitted: Endpoint<T> = { floorMs: leastMs, kept: [] };
    this.#endpoints.set(key, admitted);
    return admitted;
  }

  #weakest(): { key: string; endpoint: Endpoint<T>; slowestMs: number } | undefined {
    let weakest: { key: string; endpoint: Endpoint<T>; slowestMs: number } | undefined;
    for (const [key, endpoint] of this.#endpoints) {
      const slowestMs = endpoint.kept[0]?.durationMs ?? leastMs;
      if (weakest === undefined || slowestMs < weakest.slowestMs)
        weakest = { key, endpoint, slowestMs };
    }
    return weakest;
  }

  #setFloor(endpoint: Endpoint<T>): void {
    endpoint.floorMs = this.#isActive ? floorOf(endpoint.kept, this.#limits.each) : -Infinity;
  }

  #setNewcomersFloor(): void {
    const isFull = this.#endpoints.size >= this.#limits.endpoints;
    const floorMs = isFull ? (this.#weakest()?.slowestMs ?? leastMs) : leastMs;
    this.#newcomers.floorMs = this.#isActive ? floorMs : -Infinity;
  }
}

function floorOf(kept: readonly Slow<unknown>[], each: number): number {
  return kept.length < each ? leastMs : kept.at(-1)!.durationMs;
}
