/**
 * What `--out prometheus` is told: `prometheus=http://host:9090`, over k6's K6_PROMETHEUS_RW_… variables. Users and
 * passwords may stand in the URL; they are taken out of it here and shown nowhere.
 */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { LakhError } from "../../base/errors.ts";
import { parseDurationMs } from "../../base/units.ts";
import { finestSchema } from "../../metrics/index.ts";
import type { OutputsErrorCode } from "../errors.ts";
import { coarsestSchema } from "./native-histogram.ts";
import { defaultTrendStats, type TrendColumn, trendColumns } from "./trend-columns.ts";
import { parseWriteUrl, writePath } from "./write-url.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What becomes of a trend: gauges of its statistics, a native histogram, or both where the receiver takes both. */
export type TrendForm = "both" | "native" | "gauges";

export interface PrometheusOptions {
  /** Without user and password. */
  readonly url: URL;
  /** Who we are, and what else the receiver wants to be told. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly rejectUnauthorized: boolean;
    readonly minVersion: TlsVersion;
    /** Paths. */
    readonly certificate: string | undefined;
    readonly key: string | undefined;
  };
  readonly pushIntervalMs: number;
  readonly trends: TrendForm;
  readonly columns: readonly TrendColumn[];
  /** Of native histograms. */
  readonly schema: number;
  readonly staleMarkers: boolean;
}

type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

const defaultUrl = `http://localhost:9090${writePath}`;
/** Growth of 1.1 % a bucket. */
const defaultSchema = 6;
const defaultPushIntervalMs = 5_000;
const prefix = "K6_PROMETHEUS_RW_";
const schemaVariable = "LAKH_PROMETHEUS_SCHEMA";

/** What a receiver must be able to rely on. */
const reservedHeaders: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "content-type",
  "user-agent",
  "x-prometheus-remote-write-version",
]);

/**
 * `defaultServer` is used when neither argument nor variable names one.
 * @throws LakhError OUTPUT_ARGUMENT
 */
export function parsePrometheusOptions(
  argument: string,
  { env, defaultServer }: { readonly env: Env; readonly defaultServer?: string | undefined },
): PrometheusOptions {
  refuseSigning(env);
  const read = (name: string): string | undefined => env[prefix + name] || undefined;
  const url = parseWriteUrl(argument || (read("SERVER_URL") ?? defaultServer ?? defaultUrl));
  const headers = { ...parseHeaders(env), ...credentials(url, read) };
  url.username = "";
  url.password = "";
  return {
    url,
    headers,
    tls: {
      rejectUnauthorized: !(flag(env, "INSECURE_SKIP_TLS_VERIFY") ?? false),
      minVersion: tlsVersion(read("TLS_MINIMUM_VERSION")),
      certificate: read("CLIENT_CERTIFICATE"),
      key: read("CLIENT_CERTIFICATE_KEY"),
    },
    pushIntervalMs: pushInterval(read("PUSH_INTERVAL")),
    trends: trendForm(env),
    columns: trendColumns(listOf(read("TREND_STATS")) ?? defaultTrendStats),
    schema: schemaOf(env[schemaVariable]),
    staleMarkers: flag(env, "STALE_MARKERS") ?? true,
  };
}

type Read = (name: string) => string | undefined;

function credentials(url: URL, read: Read): Record<string, string> {
  const inUrl = url.username === "" ? undefined : decoded(url.username);
  const user = inUrl ?? read("USERNAME");
  const password = inUrl === undefined ? (read("PASSWORD") ?? "") : decoded(url.password);
  const token = read("BEARER_TOKEN");
  if (user !== undefined && token !== undefined)
    throw wrong(`a user and ${prefix}BEARER_TOKEN are both given`, "leave one of the two out");
  if (token !== undefined) return { authorization: checked("authorization", `Bearer ${token}`) };
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

/** What is no escape stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign of the password itself
  }
}

/** HTTP_HEADERS=name:value,… and HEADERS_name=value, of which the latter win. */
function parseHeaders(env: Env): Record<string, string> {
  const headers: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    const key = name.trim().toLowerCase();
    if (!reservedHeaders.has(key)) headers[key] = checked(key, value.trim());
  };
  for (const pair of listOf(env[`${prefix}HTTP_HEADERS`]) ?? []) {
    const at = pair.indexOf(":");
    if (at <= 0)
      throw wrong(
        `${prefix}HTTP_HEADERS has a header without a colon`,
        "write name:value,name:value",
      );
    add(pair.slice(0, at), pair.slice(at + 1));
  }
  const single = `${prefix}HEADERS_`;
  for (const [name, value] of Object.entries(env))
    if (name.startsWith(single) && value) add(name.slice(single.length), value);
  return headers;
}

/** Its value is a secret: it stands in no message. */
function checked(name: string, value: string): string {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return value;
  } catch {
    throw wrong(`the header "${name}" cannot be sent`, "a value is one line of Latin letters");
  }
}

function pushInterval(text: string | undefined): number {
  const ms = text === undefined ? defaultPushIntervalMs : parseDurationMs(text);
  if (ms !== undefined && ms >= 1) return ms;
  throw wrong(
    `${prefix}PUSH_INTERVAL is ${JSON.stringify(text)}`,
    "it takes a duration such as 5s",
  );
}

/** k6's histograms stand instead of its gauges; here both are sent unless somebody says otherwise. */
function trendForm(env: Env): TrendForm {
  const isNative = flag(env, "TREND_AS_NATIVE_HISTOGRAM");
  if (isNative === undefined) return "both";
  return isNative ? "native" : "gauges";
}

function schemaOf(text: string | undefined): number {
  if (!text) return defaultSchema;
  const schema = Number(text);
  if (Number.isInteger(schema) && schema >= coarsestSchema && schema <= finestSchema) return schema;
  throw wrong(
    `${schemaVariable} is ${JSON.stringify(text)}`,
    `it takes a whole number from ${coarsestSchema} to ${finestSchema}`,
  );
}

function tlsVersion(text: string | undefined): TlsVersion {
  switch (text) {
    case undefined:
    case "1.3":
      return "TLSv1.3";
    case "1.2":
      return "TLSv1.2";
    case "1.1":
      return "TLSv1.1";
    case "1.0":
      return "TLSv1";
    default:
      throw wrong(
        `${prefix}TLS_MINIMUM_VERSION is ${JSON.stringify(text)}`,
        "it takes 1.0, 1.1, 1.2 or 1.3",
      );
  }
}

/** The words that Go takes for true and false. */
function flag(env: Env, name: string): boolean | undefined {
  const text = env[prefix + name];
  if (!text) return undefined;
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  throw wrong(`${prefix}${name} is ${JSON.stringify(text)}`, "it takes true or false");
}

function listOf(text: string | undefined): string[] | undefined {
  const items = text?.split(",").flatMap((item) => item.trim() || []);
  return items?.length ? items : undefined;
}

function refuseSigning(env: Env): void {
  const named = ["SIGV4_REGION", "SIGV4_ACCESS_KEY", "SIGV4_SECRET_KEY"].find(
    (name) => env[prefix + name],
  );
  if (named === undefined) return;
  throw wrong(
    `${prefix}${named} asks for requests that are signed for AWS, which lakh cannot do`,
    "send through aws-sigv4-proxy, or run this test with --runner k6",
  );
}

function wrong(what: string, hint: string): LakhError {
  return new LakhError("OUTPUT_ARGUMENT" satisfies OutputsErrorCode, `output prometheus: ${what}`, {
    hint,
  });
}
