/** Handles of k6's built-in metrics that the modules feed (reference k6-behaviour 6.1). */
import type { Metric, MetricRegistry } from "../metrics/index.ts";

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

/** Finds the built-in metrics in a registry. */
export function declareBuiltins(registry: MetricRegistry): BuiltinMetrics {
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
