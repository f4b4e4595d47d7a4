/**
 * What the k6 modules of all VUs of a worker share: handles of the built-in metrics, caches of series and header lists,
 * the rate limiter, SharedArrays. One per metric registry, which a worker has one of per run.
 */
import type { MetricRegistry, Series } from "../metrics/index.ts";
import { TagCache } from "./bounded-cache.ts";
import { type BuiltinMetrics, declareBuiltins } from "./builtin-metrics.ts";
import type { VuContext } from "./context.ts";
import { HeaderLists } from "./http/headers.ts";
import { RateLimiter } from "./http/rate-limiter.ts";
import { HttpSeries } from "./http/series.ts";

/** State shared by the VUs of one worker. */
export interface WorkerScope {
  readonly builtin: BuiltinMetrics;
  readonly checkSeries: TagCache<Series>;
  readonly http: HttpSeries;
  readonly headerLists: HeaderLists;
  readonly limiter: RateLimiter;
  readonly sharedArrays: Map<string, readonly unknown[]>;
  /** Arrays of csv.parse, by file and options. */
  readonly csvArrays: Map<string, readonly unknown[]>;
}

const scopes = new WeakMap<MetricRegistry, WorkerScope>();

/** The scope of the worker that `vu` belongs to. */
export function workerScope(vu: VuContext): WorkerScope {
  let scope = scopes.get(vu.registry);
  if (scope === undefined) {
    scope = createScope(vu);
    scopes.set(vu.registry, scope);
  }
  return scope;
}

function createScope(vu: VuContext): WorkerScope {
  const builtin = declareBuiltins(vu.registry);
  return {
    builtin,
    checkSeries: new TagCache(),
    http: new HttpSeries(builtin),
    headerLists: new HeaderLists(),
    limiter: new RateLimiter(),
    sharedArrays: new Map(),
    csvArrays: new Map(),
  };
}
