/** The metrics of a run: k6's built-in ones and those that the script declares, each name once (k6: 5.2, 6.1). */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Metric, MetricType, ValueKind } from "./sample.ts";

/** At least two characters, as k6's own expression has it. */
const namePattern = /^[a-zA-Z_][a-zA-Z0-9_]{1,128}$/u;

const builtIn: readonly (readonly [MetricType, ValueKind, readonly string[]])[] = [
  ["gauge", "default", ["vus", "vus_max"]],
  ["counter", "default", ["iterations", "dropped_iterations", "http_reqs"]],
  ["counter", "default", ["ws_sessions", "ws_msgs_sent", "ws_msgs_received"]],
  ["counter", "default", ["grpc_streams", "grpc_streams_msgs_sent", "grpc_streams_msgs_received"]],
  ["counter", "data", ["data_sent", "data_received"]],
  ["rate", "default", ["checks", "http_req_failed"]],
  ["trend", "time", ["iteration_duration", "group_duration"]],
  ["trend", "time", ["http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking"]],
  ["trend", "time", ["http_req_sending", "http_req_waiting", "http_req_receiving"]],
  ["trend", "time", ["ws_connecting", "ws_session_duration", "ws_ping", "grpc_req_duration"]],
];

export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();

  constructor() {
    for (const [type, contains, names] of builtIn) {
      for (const name of names) this.#metrics.set(name, { name, type, contains });
    }
  }

  /**
   * Declares a metric; the same declaration again gives the same object.
   * @throws LakhError METRIC_NAME or METRIC_TYPE_CONFLICT, exit code 107 (it is a script's init code that declares)
   */
  define(name: string, type: MetricType, contains: ValueKind = "default"): Metric {
    const known = this.#metrics.get(name);
    if (known !== undefined) {
      if (known.type === type && known.contains === contains) return known;
      throw new LakhError("METRIC_TYPE_CONFLICT", `metric '${name}' already exists but with type ${describe(known)}, instead of ${describe({ type, contains })}`, {
        hint: "give one of the two another name",
        exitCode: exitCodes.scriptException,
      });
    }
    if (!namePattern.test(name)) {
      throw new LakhError("METRIC_NAME", `invalid metric name: '${name}'`, {
        hint: "a name begins with a letter or an underscore and has 2 to 129 letters, digits and underscores",
        exitCode: exitCodes.scriptException,
      });
    }
    const metric: Metric = { name, type, contains };
    this.#metrics.set(name, metric);
    return metric;
  }

  get(name: string): Metric | undefined {
    return this.#metrics.get(name);
  }

  /** In order of declaration, the built-in ones first. */
  all(): readonly Metric[] {
    return [...this.#metrics.values()];
  }
}

function describe({ type, contains }: { type: MetricType; contains: ValueKind }): string {
  return contains === "time" && type !== "trend" ? `${type} (time)` : contains === "time" ? `${type} of times` : type;
}
