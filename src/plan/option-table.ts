/**
 * Every k6 option in one table, in the order in which k6 prints them: how it is read, its environment variable, its
 * flag, its default, and whether lakh acts on it. A new option is one line here and one in `OptionFields`.
 */
import type { DnsOption } from "./network-kinds.ts";
import {
  addressRangesKind,
  dnsKind,
  hostPatternsKind,
  hostsKind,
  localAddressesKind,
} from "./network-kinds.ts";
import type { TlsAuthOption, TlsVersionOption } from "./tls-kinds.ts";
import { cipherSuitesKind, tlsAuthKind, tlsVersionKind } from "./tls-kinds.ts";
import type { OptionKind, StageOption } from "./option-kinds.ts";
import { type ThresholdOption, thresholdsKind } from "./threshold-kind.ts";
import {
  anyKind,
  booleanKind,
  durationKind,
  isTrendStat,
  listKind,
  knownNamesKind,
  recordKind,
  stagesKind,
  tagsKind,
  textKind,
  wholeNumberKind,
  wordKind,
} from "./option-kinds.ts";

/** Consolidated options: k6's names, durations in milliseconds (`…Ms`), null where nothing is set. */
export interface OptionFields {
  readonly paused: boolean;
  readonly vus: number | null;
  readonly durationMs: number | null;
  readonly iterations: number | null;
  readonly stages: readonly StageOption[] | null;
  readonly scenarios: Readonly<Record<string, unknown>> | null;
  readonly executionSegment: string | null;
  readonly executionSegmentSequence: string | null;
  readonly noSetup: boolean;
  readonly setupTimeoutMs: number;
  readonly noTeardown: boolean;
  readonly teardownTimeoutMs: number;
  readonly handleSummaryTimeoutMs: number;
  /** Requests per second over the whole run; 0 is off. */
  readonly rps: number;
  readonly dns: DnsOption;
  readonly maxRedirects: number;
  readonly userAgent: string;
  readonly batch: number;
  readonly batchPerHost: number;
  readonly httpDebug: string | null;
  readonly insecureSkipTLSVerify: boolean;
  readonly tlsCipherSuites: readonly string[] | null;
  readonly tlsVersion: TlsVersionOption | null;
  readonly tlsAuth: readonly TlsAuthOption[] | null;
  readonly throw: boolean;
  readonly thresholds: Readonly<Record<string, readonly ThresholdOption[]>>;
  readonly blacklistIPs: readonly string[];
  readonly blockHostnames: readonly string[];
  readonly hosts: Readonly<Record<string, string>>;
  readonly noConnectionReuse: boolean;
  readonly noVUConnectionReuse: boolean;
  readonly minIterationDurationMs: number;
  readonly cloud: unknown;
  readonly ext: unknown;
  readonly summaryTrendStats: readonly string[];
  readonly summaryTimeUnit: "s" | "ms" | "us" | null;
  readonly systemTags: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly metricSamplesBufferSize: number;
  readonly noCookiesReset: boolean;
  readonly discardResponseBodies: boolean;
  readonly consoleOutput: string | null;
  readonly localIPs: string | null;
}

/** Field names of {@link OptionFields}. */
export type OptionField = keyof OptionFields;

/** What is known of one option. */
export interface OptionDefinition<T> {
  /** The key in scripts and config files. */
  readonly k6Name: string;
  readonly kind: OptionKind<NonNullable<T>>;
  readonly fallback: T;
  readonly env: string | null;
  readonly flag: string | null;
  /** False when lakh reads the option but does not act on it yet. */
  readonly isHonoured: boolean;
}

/** System tags that k6 knows. */
const knownSystemTags = [
  "proto",
  "subproto",
  "status",
  "method",
  "url",
  "name",
  "group",
  "check",
  "error",
  "error_code",
  "tls_version",
  "scenario",
  "service",
  "expected_response",
  "iter",
  "vu",
  "ocsp_status",
  "ip",
];

/** All of them but iter, vu, ocsp_status and ip. */
const defaultSystemTags = knownSystemTags.slice(0, 14);

const trendStats = listKind(
  "a list of avg, min, med, max, count and p(N) with N from 0 to 100",
  isTrendStat,
);
const systemTags = knownNamesKind(`a list of ${knownSystemTags.join(", ")}`, knownSystemTags);

/** The table. */
export const optionTable: { readonly [F in OptionField]: OptionDefinition<OptionFields[F]> } = {
  paused: define("paused", booleanKind, { fallback: false }),
  vus: define("vus", wholeNumberKind, { fallback: null }),
  durationMs: define("duration", durationKind, { fallback: null }),
  iterations: define("iterations", wholeNumberKind, { fallback: null }),
  stages: define("stages", stagesKind, { fallback: null, flag: "--stage" }),
  scenarios: define("scenarios", recordKind, { fallback: null, env: null, flag: null }),
  executionSegment: define("executionSegment", textKind, { fallback: null, env: null }),
  executionSegmentSequence: define("executionSegmentSequence", textKind, {
    fallback: null,
    env: null,
  }),
  noSetup: define("noSetup", booleanKind, { fallback: false }),
  setupTimeoutMs: define("setupTimeout", durationKind, { fallback: 60_000, flag: null }),
  noTeardown: define("noTeardown", booleanKind, { fallback: false }),
  teardownTimeoutMs: define("teardownTimeout", durationKind, { fallback: 60_000, flag: null }),
  handleSummaryTimeoutMs: define("handleSummaryTimeout", durationKind, {
    fallback: 120_000,
    flag: null,
  }),
  rps: define("rps", wholeNumberKind, { fallback: 0 }),
  dns: define("dns", dnsKind, {
    fallback: { ttl: null, select: null, policy: null },
  }),
  maxRedirects: define("maxRedirects", wholeNumberKind, { fallback: 10 }),
  userAgent: define("userAgent", textKind, { fallback: "lakh" }),
  batch: define("batch", wholeNumberKind, { fallback: 20 }),
  batchPerHost: define("batchPerHost", wholeNumberKind, { fallback: 6 }),
  httpDebug: define("httpDebug", textKind, { fallback: null }),
  insecureSkipTLSVerify: define("insecureSkipTLSVerify", booleanKind, { fallback: false }),
  tlsCipherSuites: define("tlsCipherSuites", cipherSuitesKind, {
    fallback: null,
    env: null,
    flag: null,
  }),
  tlsVersion: define("tlsVersion", tlsVersionKind, { fallback: null, env: null, flag: null }),
  tlsAuth: define("tlsAuth", tlsAuthKind, { fallback: null, env: null, flag: null }),
  throw: define("throw", booleanKind, { fallback: false }),
  thresholds: define("thresholds", thresholdsKind, { fallback: {}, env: null, flag: null }),
  blacklistIPs: define("blacklistIPs", addressRangesKind, { fallback: [], flag: "--blacklist-ip" }),
  blockHostnames: define("blockHostnames", hostPatternsKind, { fallback: [] }),
  hosts: define("hosts", hostsKind, { fallback: {}, env: null, flag: null }),
  noConnectionReuse: define("noConnectionReuse", booleanKind, { fallback: false }),
  noVUConnectionReuse: define("noVUConnectionReuse", booleanKind, { fallback: false }),
  minIterationDurationMs: define("minIterationDuration", durationKind, { fallback: 0 }),
  // Hosted services read these two; a local run has nothing to do with them, in k6 as here.
  cloud: define("cloud", anyKind, { fallback: null, env: null, flag: null }),
  ext: define("ext", recordKind, { fallback: null, env: null, flag: null }),
  summaryTrendStats: define("summaryTrendStats", trendStats, {
    fallback: ["avg", "min", "med", "max", "p(90)", "p(95)"],
  }),
  summaryTimeUnit: define("summaryTimeUnit", wordKind(["s", "ms", "us"]), { fallback: null }),
  systemTags: define("systemTags", systemTags, { fallback: defaultSystemTags }),
  tags: define("tags", tagsKind, { fallback: {}, flag: "--tag" }),
  metricSamplesBufferSize: define("metricSamplesBufferSize", wholeNumberKind, {
    fallback: 1_000,
    flag: null,
    isHonoured: false,
  }),
  noCookiesReset: define("noCookiesReset", booleanKind, { fallback: false, flag: null }),
  discardResponseBodies: define("discardResponseBodies", booleanKind, { fallback: false }),
  consoleOutput: define("consoleOutput", textKind, { fallback: null }),
  localIPs: define("localIPs", localAddressesKind, { fallback: null, flag: "--local-ips" }),
};

/** All fields, in k6's order. */
export const optionFields: readonly OptionField[] = Object.keys(optionTable) as OptionField[];

/** The fields that scripts and config files can set; the other two exist as flags and variables only. */
export const scriptFields: readonly OptionField[] = optionFields.filter(
  (field) => field !== "consoleOutput" && field !== "localIPs",
);

/** Options for which k6 ends with exit code 255 instead of 104. */
export const genericErrorFields: readonly OptionField[] = ["summaryTrendStats"];

/** Environment variables that k6 documents but that have no effect there; lakh says so instead of guessing. */
export const deadEnvNames: readonly string[] = [
  "K6_THRESHOLDS",
  "K6_HOSTS",
  "K6_TLS_CIPHER_SUITES",
  "K6_TLSAUTH",
];

/** Environment and flag names follow from the key unless given; null means there is none. */
function define<K, F extends K | null>(
  k6Name: string,
  kind: OptionKind<K>,
  rest: { fallback: F; env?: null; flag?: string | null; isHonoured?: boolean },
): Omit<OptionDefinition<F>, "kind"> & { readonly kind: OptionKind<K> } {
  const { fallback, isHonoured = true } = rest;
  const words = k6Name
    .replace(/([a-z])([A-Z])/gu, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z]{2})/gu, "$1-$2");
  const env = rest.env === undefined ? `K6_${words.replaceAll("-", "_").toUpperCase()}` : null;
  const flag = rest.flag === undefined ? `--${words.toLowerCase()}` : rest.flag;
  return { k6Name, kind, fallback, env, flag, isHonoured };
}
