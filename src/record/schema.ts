/**
 * RunRecord v1: everything known of a run, in one JSON file. Judging and reporting read it and nothing else,
 * so a verdict can be recomputed from the file at any time.
 *
 * Times: `…AtMs` are milliseconds since the start of the run (`startedAt`); wall-clock times are ISO 8601.
 */

import type { ExchangesRecord } from "./exchanges.ts";

/** One end-of-run metric or sub-metric. */
export interface MetricRecord {
  /** "http_req_duration" or, for a sub-metric, "http_req_duration{status:200}". */
  readonly name: string;
  readonly type: "counter" | "gauge" | "rate" | "trend";
  readonly contains: "default" | "time" | "data";
  /** k6's summary values: count/rate, value/min/max, rate/passes/fails, avg/min/med/max/p(N). */
  readonly values: Readonly<Record<string, number>>;
}

export interface ThresholdRecord {
  /** Metric or sub-metric name as the user wrote it. */
  readonly metric: string;
  readonly source: string;
  readonly ok: boolean;
  /** Value of the left-hand side at the end; undefined when there were no samples. */
  readonly actual: number | undefined;
}

/** One check, over the whole run. */
export interface CheckRecord {
  /** Path of the group, "" for the root, "::auth::login" for a nested one. */
  readonly group: string;
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** Per-endpoint figures: one row per (name, method) tag pair, over the steady state. */
export interface EndpointRecord {
  readonly name: string;
  readonly method: string;
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly avgMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** One interval of the run, normally a second; neighbours are merged when a run is long (see `intervalMs`). */
export interface IntervalRecord {
  readonly atMs: number;
  readonly durationMs: number;
  readonly requests: number;
  readonly failedRequests: number;
  /** Requests slower than objective i of `objectives.latency`, exact. Same order. */
  readonly slowRequests: readonly number[];
  /**
   * The same from when each request was due: its http_req_duration and how much later than due its iteration started.
   * Missing when nothing is due by the clock (no open scenario), from a runner that does not tell, in older records.
   */
  readonly lateRequests?: readonly number[] | undefined;
  /** Percentiles of http_req_duration in this interval; null without requests. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly iterationsStarted: number;
  readonly iterationsDropped: number;
  readonly iterationsFailed: number;
  readonly checksPassed: number;
  readonly checksFailed: number;
  readonly activeVus: number;
  readonly initializedVus: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Of each endpoint of `objectives.endpoints`, in that order; missing without any. */
  readonly endpoints?: readonly EndpointIntervalRecord[] | undefined;
}

/** The generator's own condition over one interval. What a runner cannot see of its generator is null. */
export interface GeneratorHealthRecord {
  readonly atMs: number;
  /** Busiest worker thread: share of time its event loop was busy, 0 to 1. */
  readonly loopUtilization: number | null;
  /**
   * Worst worker: 99th percentile of event-loop delay, own timer resolution subtracted; or of the time from an answer's
   * arrival or a sleep's end until the script went on, if that is more.
   */
  readonly loopDelayP99Ms: number | null;
  /** Share of the interval spent in garbage collection (worst worker), and its longest pause. */
  readonly gcShare: number | null;
  readonly gcLongestMs: number | null;
  /** CPU of the whole process in cores. */
  readonly cpuCores: number | null;
  readonly rssBytes: number | null;
  /** started - due of the iterations started in this interval; null when none was due. */
  readonly startLagP99Ms: number | null;
  readonly startLagMaxMs: number | null;
  /**
   * Share of all processors' time that the hypervisor gave to others, and of the periods of a CPU quota (cgroup) in which
   * it was used up. Null where the machine does not say; missing in records of lakh 0.1.0.
   */
  readonly stealShare?: number | null | undefined;
  readonly throttledShare?: number | null | undefined;
  /** Local faults: descriptors or ports used up, a resolver that does not answer. */
  readonly socketFaults: number;
  /** The same by errno ("EMFILE": 12); missing when there were none, and in records of lakh 0.1.0. */
  readonly socketFaultKinds?: Readonly<Record<string, number>> | undefined;
}

/** Readings of the target. */
export interface ObservationRecord {
  /** "cpu_cores", "memory_bytes", "event_loop_lag_ms", …; `cpu_limit_cores` is how many of them its source may use. */
  readonly name: string;
  readonly unit: "cores" | "bytes" | "ms" | "count" | "share";
  /** Where it was read: "http://127.0.0.1:4000/metrics", "pid 4711", "shop/api-7d9f/app (http://prometheus:9090)". */
  readonly source: string;
  /**
   * What the source is a part of: sources with one `partOf` do not overlap and were read at the same times, so what
   * they use adds up. Missing when nothing of that kind is known.
   */
  readonly partOf?: string | undefined;
  /** Each value is one over so long before its time; missing when it is one of that moment, or of the second before. */
  readonly windowMs?: number | undefined;
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

/** What one endpoint must show. */
export interface EndpointObjectiveRecord {
  /** The requests' `name` tag, or their URL without one. */
  readonly name: string;
  /** Missing: any. */
  readonly method?: string | undefined;
  readonly latency: ObjectivesRecord["latency"];
  readonly errorShare: number | null;
}

/** The requests of one endpoint with objectives in an interval. */
export interface EndpointIntervalRecord {
  readonly requests: number;
  readonly failedRequests: number;
  /** Requests slower than objective i of the endpoint's latency, exact. Same order. */
  readonly slowRequests: readonly number[];
}

/** What the run must show, as stated before it. */
export interface ObjectivesRecord {
  readonly peakUsers: number | null;
  readonly requestsPerSecond: { readonly min: number; readonly max: number | null } | null;
  /** Latency limits on http_req_duration: `share` of requests (0.95) within `limitMs`. */
  readonly latency: readonly { readonly share: number; readonly limitMs: number }[];
  /** Allowed share of failed requests, 0 to 1. */
  readonly errorShare: number | null;
  /** Allowed share of the CPU given to the target, 0 to 1, and how many cores that is. */
  readonly cpuShare: number | null;
  readonly targetCores: number | null;
  /** Judge whether the target's memory is stable. */
  readonly memoryStable: boolean;
  /** Missing when no endpoint has objectives of its own. */
  readonly endpoints?: readonly EndpointObjectiveRecord[] | undefined;
}

export interface ScenarioRecord {
  readonly name: string;
  readonly executor: string;
  readonly startTimeMs: number;
  /** Regular duration, without gracefulStop. */
  readonly durationMs: number;
  readonly maxVus: number;
  /** The scenario as configured, k6's field names. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Somebody changed the VUs of a scenario while it ran: from `atMs` on `vus` VUs looped in it, whatever was planned. */
export interface ManualScalingRecord {
  readonly atMs: number;
  readonly scenario: string;
  readonly vus: number;
}

/** One line of the plan's arithmetic, for people. */
export interface PlanStepRecord {
  readonly quantity: string;
  readonly formula: string;
  readonly value: number;
  readonly unit: string;
}

/** Bucket counts of a base-2 exponential histogram, so that percentiles can be recomputed from the record. */
export interface DistributionRecord {
  readonly schema: number;
  readonly zeroCount: number;
  /** Index of the first bucket in `counts`. */
  readonly offset: number;
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** The values themselves, ascending, and how often each came, when few are different; missing in records of lakh 0.1.0. */
  readonly values?: readonly (readonly [value: number, times: number])[] | undefined;
}

/** Requests in windows of time, a column a figure: element k is of window k. */
export interface BlockColumnsRecord {
  readonly requests: readonly number[];
  readonly failed: readonly number[];
  /** Percentiles of http_req_duration among the window's own requests, to four digits; null without requests. */
  readonly p50Ms: readonly (number | null)[];
  readonly p95Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
}

export interface EndpointBlocksRecord extends BlockColumnsRecord {
  readonly name: string;
  readonly method: string;
}

/**
 * The steady state in windows of one length, 5 s or a sixtieth of it if that is more: how much a run varies within itself,
 * which is what a difference between two runs is held against.
 */
export interface BlocksRecord {
  readonly startsMs: readonly number[];
  readonly durationsMs: readonly number[];
  /** All requests. */
  readonly all: BlockColumnsRecord;
  /** Those of the endpoints with the most requests, at most 50. */
  readonly endpoints: readonly EndpointBlocksRecord[];
}

export interface RunRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly lakhVersion: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** From the start of the first scenario to the end of the last iteration. */
  readonly durationMs: number;
  readonly script: { readonly path: string; readonly sha256: string };
  readonly runner: "embedded" | "k6" | "kubernetes";
  readonly environment: {
    readonly node: string;
    readonly os: string;
    readonly cpuModel: string;
    readonly cpuCount: number;
    readonly memoryBytes: number;
    readonly workers: number;
    /** Version of the k6 that sent the load; missing when lakh's own engine did. */
    readonly k6Version?: string | undefined;
  };
  readonly scenarios: readonly ScenarioRecord[];
  /** Missing when nobody did. */
  readonly manualScaling?: readonly ManualScalingRecord[] | undefined;
  /** What stood after `lakh` on the command line, secrets left out; missing when a program made the run, and in records of lakh 0.1.0. */
  readonly command?: readonly string[] | undefined;
  /** Consolidated k6 options. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The demand behind the run when it was planned from DAU. */
  readonly plan: { readonly dau: number; readonly steps: readonly PlanStepRecord[] } | null;
  readonly objectives: ObjectivesRecord | null;
  /** The part of the run that is judged, and the rule that chose it. */
  readonly steadyState: { readonly fromMs: number; readonly toMs: number; readonly rule: string };
  readonly metrics: readonly MetricRecord[];
  readonly thresholds: readonly ThresholdRecord[];
  /** In the order of their first results; missing in records of lakh 0.1.0. */
  readonly checks?: readonly CheckRecord[] | undefined;
  readonly endpoints: readonly EndpointRecord[];
  /**
   * How often samples were given "(other)" in place of a tag's value, since there were more different ones than are kept
   * apart: never of tags that thresholds or objectives ask for. Missing when all are as the script gave them.
   */
  readonly tagOverflows?: number | undefined;
  readonly intervals: readonly IntervalRecord[];
  /** Missing when the steady state is shorter than a window, and in older records. */
  readonly blocks?: BlocksRecord | undefined;
  /** http_req_duration over the steady state. */
  readonly steadyLatency: DistributionRecord;
  /**
   * The same requests from when they were due (see `IntervalRecord.lateRequests`); those of closed scenarios, which have
   * no due time, count with their http_req_duration.
   */
  readonly steadyResponse?: DistributionRecord | undefined;
  readonly population: {
    readonly initializedVus: number;
    /** VUs that ran at least one iteration. */
    readonly usedVus: number;
    readonly peakActiveVus: number;
  };
  readonly iterations: {
    readonly due: number | null;
    readonly started: number;
    readonly completed: number;
    readonly interrupted: number;
    readonly dropped: number;
    readonly failed: number;
  };
  readonly generatorHealth: readonly GeneratorHealthRecord[];
  readonly observations: readonly ObservationRecord[];
  /** How the run ended. */
  readonly outcome: {
    readonly exitCode: number;
    /** "overload": the load was taken away because the target could not bear it. */
    readonly reason: "finished" | "interrupted" | "aborted" | "thresholds" | "overload" | "error";
    readonly message: string | null;
  };
  /**
   * Single requests with what was sent and got; missing when none were to be kept (--no-exchanges), from the runner k6, and
   * in records of lakh 0.1.0.
   */
  readonly exchanges?: ExchangesRecord | undefined;
  /** First few script exceptions, with positions in the user's files. */
  readonly exceptions: readonly { readonly message: string; readonly count: number }[];
}
