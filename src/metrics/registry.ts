/**
 * The metrics of a test by name: k6's built-in ones, and those that scripts declare in the init context.
 * Declaring a name again gives the same object, so every VU of a worker shares it; another type or kind is an error.
 * Reference: k6-behaviour 5.2 and 6.1.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { MetricsErrorCode } from "./errors.ts";
import type { Metric, MetricType, ValueKind } from "./sample.ts";

const nameShape = /^[a-zA-Z_][a-zA-Z0-9_]{1,128}$/u;

/** k6's built-in metrics: name, type and kind of values, in the order of its documentation. */
const builtinMetrics: readonly (readonly [string, MetricType, ValueKind])[] = [
  ["vus", "gauge", "default"],
  ["vus_max", "gauge", "default"],
  ["iterations", "counter", "default"],
  ["iteration_duration", "trend", "time"],
  ["dropped_iterations", "counter", "default"],
  ["checks", "rate", "default"],
  ["group_duration", "trend", "time"],
  ["http_reqs", "counter", "default"],
  ["http_req_duration", "trend", "time"],
  ["http_req_blocked", "trend", "time"],
  ["http_req_connecting", "trend", "time"],
  ["http_req_tls_handshaking", "trend", "time"],
  ["http_req_sending", "trend", "time"],
  ["http_req_waiting", "trend", "time"],
  ["http_req_receiving", "trend", "time"],
  ["http_req_failed", "rate", "default"],
  ["data_sent", "counter", "data"],
  ["data_received", "counter", "data"],
  ["ws_sessions", "counter", "default"],
  ["ws_msgs_sent", "counter", "default"],
  ["ws_msgs_received", "counter", "default"],
  ["ws_connecting", "trend", "time"],
  ["ws_session_duration", "trend", "time"],
  ["ws_ping", "trend", "time"],
  ["grpc_req_duration", "trend", "time"],
  ["grpc_streams", "counter", "default"],
  ["grpc_streams_msgs_sent", "counter", "default"],
  ["grpc_streams_msgs_received", "counter", "default"],
];

const builtinNames: ReadonlySet<string> = new Set(builtinMetrics.map(([name]) => name));

/** Whether k6 has a metric of this name, whatever scripts declare. */
export function isBuiltinMetric(name: string): boolean {
  return builtinNames.has(name);
}

/** The declared metrics; starts with the built-in ones. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();

  constructor() {
    for (const [name, type, contains] of builtinMetrics) this.define(name, type, contains);
  }

  /**
   * The metric `name`, declared now if it was not.
   * @throws LakhError METRIC_BAD_NAME, METRIC_TYPE_CONFLICT (exit code 107: it is the script's init that fails)
   */
  define(name: string, type: MetricType, contains: ValueKind = "default"): Metric {
    const known = this.#metrics.get(name);
    if (known !== undefined) return requireSame(known, type, contains);
    if (!nameShape.test(name)) throw badName(name);
    const metric: Metric = Object.freeze({ name, type, contains });
    this.#metrics.set(name, metric);
    return metric;
  }

  get(name: string): Metric | undefined {
    return this.#metrics.get(name);
  }

  /** Every metric, in order of declaration. */
  all(): readonly Metric[] {
    return [...this.#metrics.values()];
  }
}

function requireSame(known: Metric, type: MetricType, contains: ValueKind): Metric {
  if (known.type !== type) {
    throw conflict(
      `metric '${known.name}' already exists but with type ${known.type}, instead of ${type}`,
    );
  }
  if (known.contains !== contains) {
    throw conflict(
      `metric '${known.name}' already exists but with a value type ${known.contains}, instead of ${contains}`,
    );
  }
  return known;
}

function badName(name: string): LakhError {
  return initError(
    "METRIC_BAD_NAME",
    `Invalid metric name: '${name}'. Metric names must only include up to 128 ASCII letters, numbers, ` +
      "or underscores and start with a letter or an underscore.",
    "rename the metric; a name has at least two characters",
  );
}

function conflict(message: string): LakhError {
  const hint =
    "give one of the two metrics another name, or declare both with the same type and isTime";
  return initError("METRIC_TYPE_CONFLICT", message, hint);
}

function initError(code: MetricsErrorCode, message: string, hint: string): LakhError {
  return new LakhError(code, message, { hint, exitCode: exitCodes.scriptException });
}
