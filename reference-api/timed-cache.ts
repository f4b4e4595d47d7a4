/**
 * One value, kept for a fixed time. While it is being loaded everybody waits for the same load, so an expiry under
 * load costs one query and not one a request. A failed load is not kept.
 */
import type { Clock } from "../src/base/clock.ts";

/** Returns a function that gives the cached value, loading it when it is older than `ttlMs`. */
export function createTimedCache<Value>(options: {
  readonly clock: Clock;
  readonly ttlMs: number;
  readonly load: () => Promise<Value>;
}): () => Promise<Value> {
  let current: Promise<Value> | undefined;
  let freshUntilMs = -Infinity;
  return () => {
    if (current !== undefined && options.clock.nowMs() < freshUntilMs) return current;
    const loading = options.load();
    current = loading;
    freshUntilMs = Infinity;
    loading.then(
      () => {
        freshUntilMs = options.clock.nowMs() + options.ttlMs;
      },
      () => {
        current = undefined;
      },
    );
    return loading;
  };
}
