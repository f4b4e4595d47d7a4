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
  readonly wsSessions: Metric;
  readonly wsConnecting: Metric;
  readonly wsSessionDuration: Metric;
  readonly wsPing: Metric;
  readonly wsMsgsSent: Metric;
  readonly wsMsgsReceived: Metric;
  readonly grpcReqDuration: Metric;
  readonly grpcStreams: Metric;
  readonly grpcStreamsMsgsSent: Metric;
  readonly grpcStreamsMsgsReceived: Metric;
}

/** Finds the built-in metrics in a registry. */
export function declareBuiltins(registry: MetricRegistry): BuiltinMetrics {
  const time = (name: string): Metric => registry.define(name, "trend", "time");
  const counter = (name: string): Metric => registry.define(name, "counter", "default");
  return {
    checks: registry.define("checks", "rate", "default"),
    groupDuration: time("group_duration"),
    httpReqs: counter("http_reqs"),
    httpReqDuration: time("http_req_duration"),
    httpReqBlocked: time("http_req_blocked"),
    httpReqConnecting: time("http_req_connecting"),
    httpReqTlsHandshaking: time("http_req_tls_handshaking"),
    httpReqSending: time("http_req_sending"),
    httpReqWaiting: time("http_req_waiting"),
    httpReqReceiving: time("http_req_receiving"),
    httpReqFailed: registry.define("http_req_failed", "rate", "default"),
    wsSessions: counter("ws_sessions"),
    wsConnecting: time("ws_connecting"),
    wsSessionDuration: time("ws_session_duration"),
    wsPing: time("ws_ping"),
    wsMsgsSent: counter("ws_msgs_sent"),
    wsMsgsReceived: counter("ws_msgs_received"),
    grpcReqDuration: time("grpc_req_duration"),
    grpcStreams: counter("grpc_streams"),
    grpcStreamsMsgsSent: counter("grpc_streams_msgs_sent"),
    grpcStreamsMsgsReceived: counter("grpc_streams_msgs_received"),
  };
}
