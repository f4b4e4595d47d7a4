/** The outputs by name: how each is made, and what is said of the names that lead nowhere. */
import { LakhError } from "../base/errors.ts";
import type { OutputContext } from "./context.ts";
import type { OutputsErrorCode } from "./errors.ts";
import type { Output } from "./output.ts";

type OutputFactory = (argument: string, context: OutputContext) => Output;

/** Read only when a run asks for them. Some have a second name: that of the extension of k6 that does the same. */
const factories: Readonly<Record<string, () => Promise<OutputFactory>>> = {
  json: async () => (await import("./json.ts")).createJsonOutput,
  csv: async () => (await import("./csv.ts")).createCsvOutput,
  influxdb: async () => (await import("./influxdb/influxdb.ts")).createInfluxOutput,
  "xk6-influxdb": async () => (await import("./influxdb/influxdb.ts")).createInfluxOutput,
  statsd: async () => (await import("./statsd/statsd.ts")).createStatsdOutput,
  "output-statsd": async () => (await import("./statsd/statsd.ts")).createStatsdOutput,
  dogstatsd: async () => (await import("./statsd/statsd.ts")).createDogstatsdOutput,
  prometheus: async () => (await import("./prometheus/prometheus.ts")).createPrometheusOutput,
  "experimental-prometheus-rw": async () =>
    (await import("./prometheus/prometheus.ts")).createPrometheusOutput,
  opentelemetry: async () =>
    (await import("./opentelemetry/opentelemetry.ts")).createOpenTelemetryOutput,
  "experimental-opentelemetry": async () =>
    (await import("./opentelemetry/opentelemetry.ts")).createExperimentalOpenTelemetryOutput,
};

/** k6's words about the outputs that it has given up. */
const removed: Readonly<Record<string, string>> = {
  datadog:
    "the datadog output was deprecated in k6 v0.32.0 and removed in k6 v0.34.0, please use the statsd output extension " +
    "https://github.com/LeonAdato/xk6-output-statsd with environment variable K6_STATSD_ENABLE_TAGS=true or an experimental opentelemetry output instead",
  kafka:
    "the kafka output was deprecated in k6 v0.32.0 and removed in k6 v0.34.0, please use the new xk6 kafka output extension instead - https://github.com/k6io/xk6-output-kafka",
};

/** What to use instead, where lakh has it. */
const successors: Readonly<Record<string, string>> = {
  datadog: "use --out dogstatsd: DogStatsD is what Datadog's agent listens to",
};

/** What k6 has built in and lakh does not. */
const notYet: readonly string[] = ["cloud", "web-dashboard"];

/** Where lakh has something of the kind after all. */
const ownWays: Readonly<Record<string, string>> = {
  "web-dashboard": "use --dashboard, or --out web-dashboard on the command line",
};

/** As k6 lists them in its message. */
const available =
  "cloud, csv, experimental-opentelemetry, experimental-prometheus-rw, influxdb, json, opentelemetry, statsd, web-dashboard";

/**
 * The output that `name` or `name=argument` asks for, not yet started.
 * @throws LakhError OUTPUT_UNKNOWN, OUTPUT_REMOVED, OUTPUT_NOT_YET, OUTPUT_ARGUMENT, OUTPUT_OPEN
 */
export async function createOutput(request: string, context: OutputContext): Promise<Output> {
  const at = request.indexOf("=");
  const name = at < 0 ? request : request.slice(0, at);
  const factory = Object.hasOwn(factories, name) ? factories[name] : undefined;
  if (factory === undefined) throw noSuchOutput(name);
  return (await factory())(at < 0 ? "" : request.slice(at + 1), context);
}

function noSuchOutput(name: string): LakhError {
  const goodbye = Object.hasOwn(removed, name) ? removed[name] : undefined;
  if (goodbye !== undefined) {
    return new LakhError(
      "OUTPUT_REMOVED" satisfies OutputsErrorCode,
      `could not create the '${name}' output: ${goodbye}`,
      { hint: successors[name] ?? "use --out json, or a k6 built with that extension" },
    );
  }
  if (notYet.includes(name)) {
    return new LakhError(
      "OUTPUT_NOT_YET" satisfies OutputsErrorCode,
      `could not create the '${name}' output: k6 has it, lakh does not have it as an output`,
      { hint: ownWays[name] ?? "run this test with --runner k6, or use --out json or --out csv" },
    );
  }
  return new LakhError(
    "OUTPUT_UNKNOWN" satisfies OutputsErrorCode,
    `invalid output type '${name}', available types are: ${available}`,
    {
      hint: `lakh itself has ${Object.keys(factories).join(", ")}; the others of k6 need --runner k6`,
    },
  );
}
