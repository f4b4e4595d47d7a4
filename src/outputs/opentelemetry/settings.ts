/**
 * Reads the environment variables of the OpenTelemetry output: several names may stand for one setting (k6's own wins
 * over that of OpenTelemetry's SDKs for metrics, and this over that for everything), and an empty value is none.
 */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { LakhError, type LakhErrorDetails } from "../../base/errors.ts";
import { parseDurationMs } from "../../base/units.ts";
import type { OutputsErrorCode } from "../errors.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** A value and where it comes from, for messages. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** The first of `names` that has a value. */
export function settingOf(env: Env, ...names: readonly string[]): Setting | undefined {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}

/** One for a setting of the exporter's: for metrics, then for everything. */
export function exporterNames(suffix: string): readonly [string, string] {
  return [`OTEL_EXPORTER_OTLP_METRICS_${suffix}`, `OTEL_EXPORTER_OTLP_${suffix}`];
}

const truths: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const untruths: ReadonlySet<string> = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** As Go reads truth values. */
export function toFlag({ name, value }: Setting): boolean {
  if (truths.has(value)) return true;
  if (untruths.has(value)) return false;
  throw badArgument(
    `${name} is "${value}", which is neither true nor false`,
    "write true or false",
  );
}

/** k6's durations. */
export function toDurationMs({ name, value }: Setting): number {
  const durationMs = parseDurationMs(value);
  if (durationMs !== undefined && durationMs > 0) return durationMs;
  throw badArgument(`${name} is "${value}", which is no positive duration`, "write it as in 10s");
}

/** The SDKs' durations are numbers of milliseconds. */
export function toMilliseconds({ name, value }: Setting): number {
  const ms = Number(value);
  if (Number.isFinite(ms) && ms > 0) return ms;
  const hint = "write milliseconds, as in 10000";
  throw badArgument(`${name} is "${value}", which is no number of milliseconds`, hint);
}

/** `key=value,key=value`, percent-encoded, as in the W3C's baggage header. */
export function toPairs({ name, value: list }: Setting): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const part of list.split(",")) {
    if (part.trim() === "") continue;
    const at = part.indexOf("=");
    const key = at < 0 ? "" : part.slice(0, at).trim();
    // The value may be a secret: it is not shown.
    if (key === "")
      throw badArgument(`${name} has a part without a key and "="`, "write it as in key=value,b=c");
    pairs[decoded(key)] = decoded(part.slice(at + 1).trim());
  }
  return pairs;
}

/** The same for headers, which not every character may be in. Names are in lower case. */
export function toHeaders(setting: Setting): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(toPairs(setting))) {
    try {
      validateHeaderName(key);
      validateHeaderValue(key, value);
    } catch (cause) {
      const hint = "a header's name is letters, digits and dashes, its value visible characters";
      throw badArgument(`${setting.name} has "${key}", which cannot be sent`, hint, { cause });
    }
    headers[key.toLowerCase()] = value;
  }
  return headers;
}

export function badArgument(
  reason: string,
  hint: string,
  more: Pick<LakhErrorDetails, "cause" | "exitCode"> = {},
): LakhError {
  return new LakhError(
    "OUTPUT_ARGUMENT" satisfies OutputsErrorCode,
    `could not create the 'opentelemetry' output: ${reason}`,
    { hint, ...more },
  );
}

/** Percent-encoded text; what is badly encoded stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
