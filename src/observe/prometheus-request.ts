/** From what a user states about Prometheus to what can be asked: validated once, here. */
import type { LakhError } from "../base/errors.ts";
import { observeError, type PrometheusEndpoint } from "./prometheus-api.ts";
import { type PrometheusReading, prometheusPresets } from "./prometheus-presets.ts";
import { type LabelMatcher, parseMatcher, writeMatchers } from "./promql.ts";

/** As flags and configuration files state it. */
export interface PrometheusRequest {
  /** `http://user:password@prometheus:9090`, with a path where there is one. */
  readonly url: string;
  /** Names of presets; of a reading that several have, the first one's counts. */
  readonly presets: readonly string[];
  /** Matchers: `namespace=shop`, `pod=~api-.*`. */
  readonly selector: readonly string[];
  /** PromQL by the reading's name, over the presets'. */
  readonly queries: Readonly<Record<string, string>>;
  /** Sent with each request: `authorization`, `x-scope-orgid`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The same, checked. */
export interface PrometheusPlan {
  readonly endpoint: PrometheusEndpoint;
  readonly selector: string;
  readonly readings: readonly PrometheusReading[];
}

const readingName = /^[a-z][a-z0-9_]*$/u;
const headerName = /^[!#$%&'*+.^_`|~\w-]+$/u;
/** A header's value is Latin-1 without control characters. */
const headerValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/u;

/** @throws LakhError OBSERVE_REQUEST */
export function planPrometheus(request: PrometheusRequest): PrometheusPlan {
  const matchers = request.selector.map(toMatcher);
  return {
    endpoint: toEndpoint(request),
    selector: writeMatchers(matchers),
    readings: toReadings(request, matchers),
  };
}

function toEndpoint({ url: text, headers }: PrometheusRequest): PrometheusEndpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    // Not repeated: what cannot be read as a URL may have a password anywhere in it.
    throw invalid(
      "the URL of Prometheus is no http: or https: URL",
      "for example http://prometheus:9090",
    );
  }
  const sent: Record<string, string> = {};
  if (url.username !== "" || url.password !== "") {
    const user = `${decoded(url.username)}:${decoded(url.password)}`;
    sent["authorization"] = `Basic ${Buffer.from(user).toString("base64")}`;
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!headerName.test(name) || !headerValue.test(value))
      throw invalid(
        `header ${JSON.stringify(name)} for Prometheus cannot be sent`,
        "a header is NAME=value on one line",
      );
    sent[name.toLowerCase()] = value;
  }
  url.username = "";
  url.password = "";
  url.hash = "";
  return { url, headers: sent };
}

/** As it was meant, also when a % in it was not escaped. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toMatcher(text: string): LabelMatcher {
  const matcher = parseMatcher(text);
  if (matcher !== undefined) return matcher;
  throw invalid(
    `selector ${JSON.stringify(text)} is no label matcher`,
    "write label=value or label=~regex, for example namespace=shop or pod=~api-.*",
  );
}

function toReadings(
  { presets, queries }: PrometheusRequest,
  matchers: readonly LabelMatcher[],
): PrometheusReading[] {
  const readings = new Map<string, PrometheusReading>();
  for (const name of presets) {
    const preset = Object.hasOwn(prometheusPresets, name) ? prometheusPresets[name] : undefined;
    if (preset === undefined) {
      const known = Object.keys(prometheusPresets).join(", ");
      throw invalid(
        `there is no preset ${JSON.stringify(name)} of queries`,
        `the presets are ${known}`,
      );
    }
    for (const reading of preset.readings)
      if (!readings.has(reading.name)) readings.set(reading.name, reading);
  }
  if (presets.length > 0 && matchers.length === 0) {
    throw invalid(
      "a preset needs a selector: without one the readings would be of everything that Prometheus knows",
      "say what belongs to the target: --observe-selector namespace=shop, job=api or instance=10.0.0.7:9464",
    );
  }
  for (const [name, query] of Object.entries(queries))
    readings.set(name, toOwnReading(name, query));
  if (readings.size > 0) return [...readings.values()];
  throw invalid(
    "nothing is asked of Prometheus",
    "name a preset (--observe-preset kubernetes) or a query (--observe-query 'cpu_cores=sum(rate(…[1m]))')",
  );
}

function toOwnReading(name: string, query: string): PrometheusReading {
  if (readingName.test(name) && query.trim() !== "") return { name, query };
  throw invalid(
    `query ${JSON.stringify(name)} for Prometheus has no usable name, or no text`,
    "write name=promql; the name ends with its unit: cpu_cores, memory_bytes, queue_wait_ms, pool_used_share",
  );
}

function invalid(message: string, hint: string): LakhError {
  return observeError("OBSERVE_REQUEST", message, { hint });
}
