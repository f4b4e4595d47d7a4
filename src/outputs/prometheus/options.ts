/**
 * What `--out prometheus` is told: `prometheus=http://host:9090`, over k6's K6_PROMETHEUS_RW_… variables. Users and
 * passwords may stand in the URL; they are taken out of it here and shown nowhere.
 */
import type { LakhError } from "../../base/errors.ts";
import { finestSchema } from "../../metrics/index.ts";
import {
  badSetting,
  checkHeader,
  decoded,
  type Given,
  givenIn,
  positiveDuration,
  truthValue,
  type Variables,
} from "../variables.ts";
import { coarsestSchema } from "./native-histogram.ts";
import { defaultTrendStats, type TrendColumn, trendColumns } from "./trend-columns.ts";
import { parseWriteUrl, writePath } from "./write-url.ts";

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
const outputName = "prometheus";
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
  { env, defaultServer }: { readonly env: Variables; readonly defaultServer?: string | undefined },
): PrometheusOptions {
  refuseSigning(env);
  const url = parseWriteUrl(argument || (textOf(env, "SERVER_URL") ?? defaultServer ?? defaultUrl));
  const headers = { ...parseHeaders(env), ...credentials(url, env) };
  url.username = "";
  url.password = "";
  const interval = givenIn(env, `${prefix}PUSH_INTERVAL`);
  return {
    url,
    headers,
    tls: {
      rejectUnauthorized: !(flag(env, "INSECURE_SKIP_TLS_VERIFY") ?? false),
      minVersion: tlsVersion(textOf(env, "TLS_MINIMUM_VERSION")),
      certificate: textOf(env, "CLIENT_CERTIFICATE"),
      key: textOf(env, "CLIENT_CERTIFICATE_KEY"),
    },
    pushIntervalMs:
      interval === undefined ? defaultPushIntervalMs : positiveDuration(outputName, interval),
    trends: trendForm(env),
    columns: trendColumns(listOf(textOf(env, "TREND_STATS")) ?? defaultTrendStats),
    schema: schemaOf(env[schemaVariable]),
    staleMarkers: flag(env, "STALE_MARKERS") ?? true,
  };
}

function textOf(env: Variables, name: string): string | undefined {
  return givenIn(env, prefix + name)?.text;
}

function credentials(url: URL, env: Variables): Record<string, string> {
  const inUrl = url.username === "" ? undefined : decoded(url.username);
  const user = inUrl ?? textOf(env, "USERNAME");
  const password = inUrl === undefined ? (textOf(env, "PASSWORD") ?? "") : decoded(url.password);
  const token = givenIn(env, `${prefix}BEARER_TOKEN`);
  if (user !== undefined && token !== undefined)
    throw wrong(`a user and ${prefix}BEARER_TOKEN are both given`, "leave one of the two out");
  if (token !== undefined) return bearer(token);
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

function bearer(token: Given): Record<string, string> {
  const authorization = `Bearer ${token.text}`;
  checkHeader(outputName, "authorization", { text: authorization, from: token.from });
  return { authorization };
}

/** HTTP_HEADERS=name:value,… and HEADERS_name=value, of which the latter win. */
function parseHeaders(env: Variables): Record<string, string> {
  const headers: Record<string, string> = {};
  const add = (name: string, { text, from }: Given): void => {
    const key = name.trim().toLowerCase();
    if (reservedHeaders.has(key)) return;
    headers[key] = text.trim();
    checkHeader(outputName, key, { text: text.trim(), from });
  };
  const all = `${prefix}HTTP_HEADERS`;
  for (const pair of listOf(env[all]) ?? []) {
    const at = pair.indexOf(":");
    if (at <= 0) throw wrong(`${all} has a header without a colon`, "write name:value,name:value");
    add(pair.slice(0, at), { text: pair.slice(at + 1), from: all });
  }
  const single = `${prefix}HEADERS_`;
  for (const [from, text] of Object.entries(env))
    if (from.startsWith(single) && text) add(from.slice(single.length), { text, from });
  return headers;
}

/** k6's histograms stand instead of its gauges; here both are sent unless somebody says otherwise. */
function trendForm(env: Variables): TrendForm {
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

function flag(env: Variables, name: string): boolean | undefined {
  const given = givenIn(env, prefix + name);
  return given === undefined ? undefined : truthValue(outputName, given);
}

function listOf(text: string | undefined): string[] | undefined {
  const items = text?.split(",").flatMap((item) => item.trim() || []);
  return items?.length ? items : undefined;
}

function refuseSigning(env: Variables): void {
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
  return badSetting(outputName, what, hint);
}
