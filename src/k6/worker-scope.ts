/**
 * What the k6 modules of all VUs of a worker share: handles of the built-in metrics, caches of series and header lists,
 * the rate limiter, SharedArrays. One per metric registry, which a worker has one of per run.
 */
import type { Metric, MetricRegistry, Series } from "../metrics/index.ts";
import { TagCache } from "./bounded-cache.ts";
import type { VuContext } from "./context.ts";
import { HeaderLists } from "./http/headers.ts";
import { RateLimiter } from "./http/rate-limiter.ts";
import { HttpSeries } from "./http/series.ts";

/** The built-in metrics that modules feed. */
export interface BuiltinMetrics {
  readonly checks: Metric;
  readonly groupDuration: Metric;
  readonly httpReqs: Metric;
  readonly httpReqDuration: Metric;
  readonly httpReqBlocked: Metric;
  readonly httpReqConnecting: Metric;
  readonly httpReqTlsHandshaking: Metric;
  readonly httpReqSending: Metric;
  readonly httpReqWaiting: Metric;
  readonly httpReqReceiving: Metric;
  readonly httpReqFailed: Metric;
}

/** State shared by the VUs of one worker. */
export interface WorkerScope {
  readonly builtin: BuiltinMetrics;
  readonly checkSeries: TagCache<Series>;
  readonly http: HttpSeries;
  readonly headerLists: HeaderLists;
  readonly limiter: RateLimiter;
  readonly sharedArrays: Map<string, readonly unknown[]>;
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
  };
}

function declareBuiltins(registry: MetricRegistry): BuiltinMetrics {
  const time = (name: string): Metric => registry.define(name, "trend", "time");
  return {
    checks: registry.define("checks", "rate", "default"),
    groupDuration: time("group_duration"),
    httpReqs: registry.define("http_reqs", "counter", "default"),
    httpReqDuration: time("http_req_duration"),
    httpReqBlocked: time("http_req_blocked"),
    httpReqConnecting: time("http_req_connecting"),
    httpReqTlsHandshaking: time("http_req_tls_handshaking"),
    httpReqSending: time("http_req_sending"),
    httpReqWaiting: time("http_req_waiting"),
    httpReqReceiving: time("http_req_receiving"),
    httpReqFailed: registry.define("http_req_failed", "rate", "default"),
  };
}
