/**
 * What the server tells the page: the contract of both. Plain data, every text as it is (the page shows it as text),
 * every number with its unit in its name.
 *
 * A page that connects gets a `snapshot` with everything so far, then an `update` a second with what has changed; whoever
 * cannot keep up gets a new snapshot in place of the updates that it missed. `bye` is the last there is.
 */

/** The columns of the history: one row a second of load, `null` where there is no value. */
export const historyColumns = [
  /** End of the second, since the start of the first scenario. */
  "atMs",
  "requestsPerSecond",
  "plannedRequestsPerSecond",
  "failedPerSecond",
  "p50Ms",
  "p95Ms",
  "p99Ms",
  "activeVus",
  "initializedVus",
  "plannedVus",
  "iterationsDuePerSecond",
  "iterationsStartedPerSecond",
  "iterationsDroppedPerSecond",
  "startLagP99Ms",
  "loopUtilization",
  "loopDelayP99Ms",
  "gcShare",
  "generatorCpuCores",
  "generatorResidentBytes",
  "targetCpuCores",
  "targetCpuUsedShare",
  "targetMemoryBytes",
  "bytesSentPerSecond",
  "bytesReceivedPerSecond",
] as const;

export type HistoryColumn = (typeof historyColumns)[number];

/** Kinds of errors that have a column of their own, which follow {@link historyColumns}; all others share the last one. */
export const errorColumns = 8;

/** Values of {@link historyColumns}, then of the kinds of errors (a second each). */
export type Row = readonly (number | null)[];

/** What the run is, known when it begins. */
export interface RunHead {
  readonly id: string;
  readonly script: string;
  /** "run", "demo", "validate-peak", "limit-probe". */
  readonly command: string;
  /** Who sends the load. */
  readonly runner: "embedded" | "k6";
  readonly lakhVersion: string;
  /** Of all scenarios, gracefulStop left out; null when they end with their iterations. */
  readonly plannedMs: number | null;
  /** What will be judged; null without an end: until the run ends. */
  readonly steady: { readonly fromMs: number; readonly toMs: number | null; readonly rule: string };
  readonly objectives: ObjectivesHead | null;
  /** One each, in words. */
  readonly scenarios: readonly string[];
}

export interface ObjectivesHead {
  readonly latency: readonly { readonly share: number; readonly limitMs: number }[];
  readonly errorShare: number | null;
  readonly requestsPerSecond: number | null;
  readonly cpuShare: number | null;
  readonly targetCores: number | null;
}

/** One of several runs of a command: a phase of a campaign, a trial of a search. */
export interface Step {
  readonly kind: "phase" | "trial";
  readonly number: number;
  /** How many there will be; null when nobody knows yet. */
  readonly of: number | null;
  /** "peak, 100,000 users, 10m" or "trial at 250 requests/s". */
  readonly title: string;
  readonly state: "running" | "judged" | "skipped" | "interrupted" | "waiting";
  readonly verdict: string | null;
  readonly sentence: string | null;
}

/** What the command found by all its runs. */
export interface Conclusion {
  readonly verdict: string;
  readonly sentence: string;
}

export type Stage =
  | "waiting"
  | "preparing"
  | "paused"
  | "setup"
  | "ramp"
  | "steady"
  | "teardown"
  | "ended";

/** Where the run stands: all of it, each second. */
export interface Status {
  readonly stage: Stage;
  /** Since the start of the first scenario; at its end the length of the run as the record has it. */
  readonly elapsedMs: number;
  readonly totals: Totals;
  readonly vus: { readonly active: number; readonly initialized: number };
  /** Null until there is something to judge by. */
  readonly generator: GeneratorStatus | null;
  readonly target: readonly {
    readonly name: string;
    readonly source: string;
    readonly value: number;
  }[];
  readonly control: ControlStatus;
  /** Of the run: null until it has ended. */
  readonly end: RunEnd | null;
}

/** Of the whole run so far, setup and teardown included, as the end-of-test summary counts. */
export interface Totals {
  readonly requests: number;
  readonly failed: number;
  readonly checksPassed: number;
  readonly checksFailed: number;
  /** Null without scenarios that start iterations by the clock. */
  readonly iterationsDue: number | null;
  readonly iterationsStarted: number;
  readonly iterationsDropped: number;
  readonly iterationsFailed: number;
  /** Of http_req_duration; null without requests. */
  readonly latency: LatencyTotals | null;
}

export interface LatencyTotals {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** As the verdict would judge it now, or something worse that the last seconds say. */
export interface GeneratorStatus {
  readonly status: "healthy" | "warning" | "saturated";
  readonly sentence: string;
  /** Over which part: "the steady state so far", "the last 10 s". */
  readonly over: string;
  /** Why, in short; empty when it is healthy, or when too little is known. */
  readonly reason: string;
  readonly figures: readonly {
    readonly name: string;
    readonly value: number;
    readonly limit: number;
    readonly exceeded: boolean;
  }[];
}

/** What somebody may do now. */
export interface ControlStatus {
  readonly paused: boolean;
  /** Why the start cannot be held back (any more); null when it can. */
  readonly whyNotPausable: string | null;
  /** Scenarios whose VUs can be changed now. */
  readonly scalable: readonly string[];
}

export interface RunEnd {
  readonly reason: string;
  readonly message: string | null;
  readonly exitCode: number;
  readonly verdict: string | null;
  readonly sentence: string | null;
  /** Folder of the record; null when none was written. */
  readonly folder: string | null;
}

/** `[id, requests, failed, requests/s of the last ten seconds, p50, p90, p95, p99, max]`, latencies in milliseconds. */
export type EndpointRow = readonly [
  id: number,
  requests: number,
  failed: number,
  requestsPerSecond: number,
  p50Ms: number,
  p90Ms: number,
  p95Ms: number,
  p99Ms: number,
  maxMs: number,
];

/** `[id, passes, fails]` */
export type CheckRow = readonly [id: number, passes: number, fails: number];

/** Names, told once; ids count up from 0 in the order of first appearance. */
export interface EndpointName {
  readonly name: string;
  readonly method: string;
}

export interface CheckName {
  readonly name: string;
  /** "" for the root, "::auth::login" for a nested one. */
  readonly group: string;
}

export interface ThresholdState {
  readonly metric: string;
  readonly source: string;
  /** Null while it has no samples to judge by. */
  readonly ok: boolean | null;
  readonly actual: number | null;
}

export interface LogEvent {
  /** Counts up over all runs. */
  readonly id: number;
  /** Unix milliseconds. */
  readonly wallMs: number;
  /** Since the start of the first scenario; null before it. */
  readonly atMs: number | null;
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

/** A list of which only so much is shown. */
export interface Listed<N, R> {
  /** Names of ids that the page has not been told yet; `from` is the id of the first. */
  readonly from: number;
  readonly names: readonly N[];
  /** Those that have changed. */
  readonly rows: readonly R[];
  /** How many there are beyond those that are shown. */
  readonly more: number;
}

export interface Snapshot {
  readonly seq: number;
  /** Null while no run has begun. */
  readonly head: RunHead | null;
  readonly steps: readonly Step[];
  /** Null until all are done. */
  readonly conclusion: Conclusion | null;
  readonly status: Status;
  readonly history: readonly Row[];
  readonly errorKinds: readonly string[];
  readonly endpoints: Listed<EndpointName, EndpointRow>;
  readonly checks: Listed<CheckName, CheckRow>;
  readonly thresholds: readonly ThresholdState[];
  readonly events: readonly LogEvent[];
}

/** What is missing has not changed. */
export interface Update {
  readonly seq: number;
  readonly status: Status;
  readonly rows?: readonly Row[];
  readonly steps?: readonly Step[];
  readonly errorKinds?: readonly string[];
  readonly endpoints?: Listed<EndpointName, EndpointRow>;
  readonly checks?: Listed<CheckName, CheckRow>;
  readonly thresholds?: readonly ThresholdState[];
  readonly events?: readonly LogEvent[];
}

/** What the page asks for (POST /control). */
export type ControlRequest =
  | { readonly action: "pause" | "resume" }
  | { readonly action: "scale"; readonly scenario: string; readonly vus: number };

/** The answer to it; `error` says why it was refused. */
export interface ControlAnswer {
  readonly ok: boolean;
  readonly error?: string;
}

/** The header of control requests that carries the page's token. */
export const tokenHeader = "x-lakh-token";
