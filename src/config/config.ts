/**
 * What a person writes into `lakh.config.ts`. Every field may be left out: a command says what it misses.
 * Durations are k6's: "5m", "1h30m", or a number of milliseconds. Shares are written from 0 to 1, or as "5%".
 */

/** "300ms", "5m", or milliseconds. */
export type DurationText = string | number;
/** 0.001, or "0.1%". */
export type ShareText = number | `${number}%`;
/** Leaves out what would be judged by default. */
export type NotJudged = "not judged";

/** Everything lakh can be told in one file. */
export interface LakhConfig {
  /** Of the schema, for editors that read `lakh.config.json`. */
  readonly $schema?: string | undefined;
  /** The k6 script: a path relative to this file, or an https URL. */
  readonly script?: string | undefined;
  /**
   * `__ENV` of the script. Values are kept out of records, reports and messages; what is undefined is not set.
   * `BASE_URL` is the target's URL unless it is given here.
   */
  readonly env?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly target?: TargetConfig | undefined;
  readonly audience?: AudienceConfig | undefined;
  /** What users do, by weight; the default function of the script when left out. */
  readonly journeys?: readonly JourneyConfig[] | undefined;
  readonly objectives?: ObjectivesConfig | undefined;
  /** The campaign, in order; the five phases smoke, load, stress, peak and soak when left out. */
  readonly phases?: readonly PhaseConfig[] | undefined;
  /** Where readings of the target come from. */
  readonly observe?: readonly ObserveConfig[] | undefined;
  /** Where samples are sent while a run goes on, as for --out: "prometheus=http://host:9090". */
  readonly outputs?: readonly string[] | undefined;
  /** False: records show no single requests (--no-exchanges). */
  readonly exchanges?: boolean | undefined;
}

/** The system under test. */
export interface TargetConfig {
  /** Where it is reached; the script gets it as `__ENV.BASE_URL`. */
  readonly url?: string | undefined;
  /** Hosts that may get more than a trial's load without being confirmed on the command line. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** CPU cores it may use, for the CPU objective. */
  readonly cores?: number | undefined;
}

/** The users. What is left out is assumed, and said to be. */
export interface AudienceConfig {
  /** Daily active users. */
  readonly dau?: number | undefined;
  readonly requestsPerUserPerDay?: number | undefined;
  readonly sessionsPerUserPerDay?: number | undefined;
  readonly requestsPerSession?: number | undefined;
  readonly sessionSeconds?: number | undefined;
  /** Mean time from one request of a user who is there to the next, in seconds. */
  readonly thinkTimeSeconds?: number | undefined;
  /** Length of the busiest part of the day in hours. */
  readonly peakWindowHours?: number | undefined;
  /** Share of the day's traffic in it. */
  readonly peakWindowShare?: ShareText | undefined;
  /** Busiest minute over the mean of the peak window. */
  readonly peakToAverage?: number | undefined;
  /** Share of the daily users that are there at the same moment. */
  readonly concurrencyShare?: ShareText | undefined;
  /** Users expected over users today: 1.5 for half as many again. */
  readonly growth?: number | undefined;
}

/** One thing that users do. */
export interface JourneyConfig {
  /** Names its scenario; letters, digits, `_` and `-`. */
  readonly name: string;
  /** The function that the script exports; the journey's name when left out. */
  readonly exec?: string | undefined;
  /** Its share of all iterations, relative to the other weights; 1 when left out. */
  readonly weight?: number | undefined;
}

/** What the target must show. What is left out is judged by lakh's defaults. */
export interface ObjectivesConfig {
  /** 95 of 100 requests are answered within this time. Stating any percentile replaces the default p95 and p99. */
  readonly p95?: DurationText | undefined;
  readonly p99?: DurationText | undefined;
  /** Further percentiles: `{ "p99.9": "2s" }`. */
  readonly latency?: Readonly<Record<string, DurationText>> | NotJudged | undefined;
  /** Share of requests that may fail. */
  readonly errorRate?: ShareText | NotJudged | undefined;
  /** Requests per second that must be reached, or a band. */
  readonly requestsPerSecond?:
    | number
    | { readonly min: number; readonly max?: number | undefined }
    | NotJudged
    | undefined;
  /** Share of the target's cores that it may use. */
  readonly cpu?: ShareText | NotJudged | undefined;
  readonly memory?: "stable" | NotJudged | undefined;
  /** By endpoint: the request's name, with its method before it when that matters ("GET /api/v1/home"). */
  readonly endpoints?: Readonly<Record<string, EndpointObjectivesConfig>> | undefined;
}

/** What one endpoint must show. */
export interface EndpointObjectivesConfig {
  readonly p95?: DurationText | undefined;
  readonly p99?: DurationText | undefined;
  readonly latency?: Readonly<Record<string, DurationText>> | undefined;
  readonly errorRate?: ShareText | undefined;
}

/** One test of the campaign. */
export interface PhaseConfig {
  readonly name: string;
  /** Concurrent users. */
  readonly users: number;
  /** At full load, warm-up left out. */
  readonly duration: DurationText;
  /** Full load before what is judged. */
  readonly warmUp?: DurationText | undefined;
  /** For this phase instead of the campaign's, field by field. */
  readonly objectives?: ObjectivesConfig | undefined;
}

/** One source of readings of the target. */
export type ObserveConfig = MetricsSource | ProcessSource | PrometheusSource;

/** The target's own metrics page in Prometheus' text format. */
export interface MetricsSource {
  readonly metrics: string;
  /** Sent with each request; values are kept out of records, reports and messages. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A process on this machine. */
export interface ProcessSource {
  readonly process: number;
}

/** A Prometheus server that watches the target. */
export interface PrometheusSource {
  readonly prometheus: string;
  /** Whose metric names the readings have. */
  readonly preset?: ObservePreset | undefined;
  /** Labels that pick the target's series. */
  readonly selector?: Readonly<Record<string, string>> | undefined;
  /** PromQL by the name of the reading, over the preset's. */
  readonly queries?: Readonly<Record<string, string>> | undefined;
  /** Sent with each query; values are kept out of records, reports and messages. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type ObservePreset = "kubernetes" | "node-exporter" | "nodejs" | "go" | "jvm";

/**
 * Gives `lakh.config.ts` its types; returns what it is given.
 * @example export default defineConfig({ script: "journey.ts", audience: { dau: 100_000 } });
 */
export function defineConfig(config: LakhConfig): LakhConfig {
  return config;
}
