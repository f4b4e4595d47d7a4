/** What `--out opentelemetry` is told, by its argument and by the K6_OTEL_… and OTEL_… variables. */
import { readFileSync } from "node:fs";
import { reasonOf } from "../../base/errors.ts";
import type { OutputContext } from "../context.ts";
import type { PostTls } from "../http-post.ts";
import { givenIn, positiveDuration, truthValue, type Variables } from "../variables.ts";
import { type Address, parseAddress, type Protocol } from "./address.ts";
import type { HistogramForm } from "./points.ts";
import {
  badArgument,
  exporterNames,
  outputName,
  toHeaders,
  toMilliseconds,
  toPairs,
} from "./settings.ts";

export interface OpenTelemetryOptions {
  readonly protocol: Protocol;
  /** `http:` without, `https:` with TLS. */
  readonly url: URL;
  /** Of every request; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly isCompressed: boolean;
  /** For one answer. */
  readonly timeoutMs: number;
  readonly exportIntervalMs: number;
  readonly metricPrefix: string;
  readonly histograms: HistogramForm;
  /** Attributes of what sends: service.name and the like. */
  readonly resource: Readonly<Record<string, string>>;
  readonly tls: PostTls;
}

type Surroundings = Pick<OutputContext, "env" | "resolvePath"> & {
  readonly run: Pick<OutputContext["run"], "lakhVersion">;
};

const defaultTimeoutMs = 10_000;
const defaultExportIntervalMs = 10_000;

/** @throws LakhError OUTPUT_ARGUMENT, also for a certificate that cannot be read */
export function parseOpenTelemetryOptions(
  argument: string,
  { env, resolvePath, run }: Surroundings,
): OpenTelemetryOptions {
  const address = parseAddress(argument, env);
  checkFlushInterval(env);
  return {
    protocol: address.protocol,
    url: address.url,
    headers: headersOf(address, env),
    isCompressed: isCompressed(env),
    timeoutMs: timeoutOf(env),
    exportIntervalMs: exportIntervalOf(env),
    metricPrefix: givenIn(env, "K6_OTEL_METRIC_PREFIX")?.text ?? "",
    histograms: histogramForm(env),
    resource: resourceOf(env, run.lakhVersion),
    tls: address.url.protocol === "https:" ? tlsOf(env, resolvePath) : {},
  };
}

/** Nothing depends on it: lakh sums up every second. */
function checkFlushInterval(env: Variables): void {
  const setting = givenIn(env, "K6_OTEL_FLUSH_INTERVAL");
  if (setting !== undefined) positiveDuration(outputName, setting);
}

function headersOf({ protocol, credentials }: Address, env: Variables): Record<string, string> {
  const setting = givenIn(env, "K6_OTEL_HEADERS", ...exporterNames("HEADERS"));
  const headers = setting === undefined ? {} : toHeaders(setting);
  const given = credentials ?? (protocol === "grpc" ? undefined : credentialsOf(env));
  if (given === undefined) return headers;
  const pair = Buffer.from(`${given.user}:${given.password}`).toString("base64");
  return { authorization: `Basic ${pair}`, ...headers };
}

function credentialsOf(env: Variables): Address["credentials"] {
  const user = givenIn(env, "K6_OTEL_HTTP_EXPORTER_USERNAME")?.text;
  const password = givenIn(env, "K6_OTEL_HTTP_EXPORTER_PASSWORD")?.text;
  if (user === undefined && password === undefined) return undefined;
  return { user: user ?? "", password: password ?? "" };
}

function isCompressed(env: Variables): boolean {
  const setting = givenIn(env, ...exporterNames("COMPRESSION"));
  if (setting === undefined || setting.text === "none") return false;
  if (setting.text === "gzip") return true;
  throw badArgument(`${setting.from} is "${setting.text}"`, "the only compression is gzip");
}

function timeoutOf(env: Variables): number {
  const setting = givenIn(env, ...exporterNames("TIMEOUT"));
  return setting === undefined ? defaultTimeoutMs : toMilliseconds(setting);
}

function exportIntervalOf(env: Variables): number {
  const own = givenIn(env, "K6_OTEL_EXPORT_INTERVAL");
  if (own !== undefined) return positiveDuration(outputName, own);
  const setting = givenIn(env, "OTEL_METRIC_EXPORT_INTERVAL");
  return setting === undefined ? defaultExportIntervalMs : toMilliseconds(setting);
}

function histogramForm(env: Variables): HistogramForm {
  const name = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
  const value = givenIn(env, name)?.text.toLowerCase() ?? "base2_exponential_bucket_histogram";
  if (value === "base2_exponential_bucket_histogram") return "exponential";
  if (value === "explicit_bucket_histogram") return "explicit";
  throw badArgument(
    `${name} is "${value}"`,
    "write base2_exponential_bucket_histogram or explicit_bucket_histogram",
  );
}

function resourceOf(env: Variables, version: string): Record<string, string> {
  const setting = givenIn(env, "OTEL_RESOURCE_ATTRIBUTES");
  const given = setting === undefined ? {} : toPairs(setting);
  const name = givenIn(env, "K6_OTEL_SERVICE_NAME", "OTEL_SERVICE_NAME")?.text;
  const own = givenIn(env, "K6_OTEL_SERVICE_VERSION")?.text;
  return {
    ...given,
    "service.name": name ?? given["service.name"] ?? "k6",
    "service.version": own ?? given["service.version"] ?? version,
  };
}

function tlsOf(env: Variables, resolvePath: Surroundings["resolvePath"]): PostTls {
  const read = (...names: readonly string[]): Buffer | undefined => {
    const setting = givenIn(env, ...names);
    if (setting === undefined) return undefined;
    try {
      return readFileSync(resolvePath(setting.text));
    } catch (error) {
      const reason = `${setting.from}: ${setting.text}: ${reasonOf(error)}`;
      throw badArgument(reason, { hint: "name a PEM file that you may read", cause: error });
    }
  };
  const unchecked = givenIn(env, "K6_OTEL_TLS_INSECURE_SKIP_VERIFY");
  return {
    // As in k6.
    minVersion: "TLSv1.3",
    rejectUnauthorized: unchecked === undefined || !truthValue(outputName, unchecked),
    ca: read("K6_OTEL_TLS_CERTIFICATE", ...exporterNames("CERTIFICATE")),
    cert: read("K6_OTEL_TLS_CLIENT_CERTIFICATE", ...exporterNames("CLIENT_CERTIFICATE")),
    key: read("K6_OTEL_TLS_CLIENT_KEY", ...exporterNames("CLIENT_KEY")),
  };
}
