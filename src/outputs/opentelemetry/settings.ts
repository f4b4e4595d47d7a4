/**
 * Settings of OpenTelemetry's own kinds: several names may stand for one (k6's own wins over that of OpenTelemetry's SDKs
 * for metrics, and this over that for everything).
 */
import type { LakhError, LakhErrorDetails } from "../../base/errors.ts";
import { badSetting, checkHeader, decoded, type Given } from "../variables.ts";

export const outputName = "opentelemetry";

/** One for a setting of the exporter's: for metrics, then for everything. */
export function exporterNames(suffix: string): readonly [string, string] {
  return [`OTEL_EXPORTER_OTLP_METRICS_${suffix}`, `OTEL_EXPORTER_OTLP_${suffix}`];
}

/** The SDKs' durations are numbers of milliseconds. */
export function toMilliseconds({ text, from }: Given): number {
  const ms = Number(text);
  if (Number.isFinite(ms) && ms > 0) return ms;
  const hint = "write milliseconds, as in 10000";
  throw badArgument(`${from} is "${text}", which is no number of milliseconds`, hint);
}

/** `key=value,key=value`, percent-encoded, as in the W3C's baggage header. */
export function toPairs({ text, from }: Given): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const part of text.split(",")) {
    if (part.trim() === "") continue;
    const at = part.indexOf("=");
    const key = at < 0 ? "" : part.slice(0, at).trim();
    // The value may be a secret: it is not shown.
    if (key === "")
      throw badArgument(`${from} has a part without a key and "="`, "write it as in key=value,b=c");
    pairs[decoded(key)] = decoded(part.slice(at + 1).trim());
  }
  return pairs;
}

/** The same for headers, which not every character may be in. Names are in lower case. */
export function toHeaders(given: Given): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(toPairs(given))) {
    checkHeader(outputName, key, { text: value, from: given.from });
    headers[key.toLowerCase()] = value;
  }
  return headers;
}

export function badArgument(what: string, remedy: string | LakhErrorDetails): LakhError {
  return badSetting(outputName, what, remedy);
}
