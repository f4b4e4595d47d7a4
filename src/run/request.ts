/** What a run is asked to do, and what it tells while it does it. Plain data, made by the command line or by a program. */
import type { Clock } from "../base/clock.ts";
import type { Dashboard } from "../dashboard/index.ts";
import type { LakhError } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import type { Logger, LogLevel } from "../base/log.ts";
import type { EngineTick } from "../engine/index.ts";
import type { Verdict, WatchedRun } from "../judge/index.ts";
import type { IntervalRecord, RunRecord } from "../record/index.ts";
import type { PrometheusRequest } from "../observe/index.ts";
import type { Redactor } from "../secrets/index.ts";
import type { PlannedLoad } from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ProgressBlock } from "../report/index.ts";
import type { DemandPlan, DemandRequest } from "./demand-plan.ts";
import type { ScenarioPosition } from "./scenario-progress.ts";
import type { ScriptUse } from "./script-source.ts";
import type { FeatureRequest } from "./features.ts";

export interface RunRequest extends ScriptUse {
  /** The script as the user named it. */
  readonly scriptName: string;
  /** What the run's folder is named after: "run", "demo". */
  readonly label: string;
  /** Absolute path of the file given with --config. */
  readonly configPath: string | undefined;
  /** The command-line layer of the options, k6's names. */
  readonly cliOptions: Readonly<Record<string, unknown>>;
  /** Computes the load from daily users, and judges the run. */
  readonly demand: DemandRequest | undefined;
  readonly observe: {
    readonly urls: readonly string[];
    readonly pids: readonly number[];
    /** A Prometheus that scrapes the target; missing when none is to be asked. */
    readonly prometheus?: PrometheusRequest | undefined;
  };
  /** Cores the target may use, for the CPU objective. */
  readonly targetCores: number | undefined;
  /** Who sends the load: lakh's engine, or the real k6. */
  readonly runner: "embedded" | "k6";
  /** What stood on the command line, for the record; undefined when a program asks. */
  readonly command?: readonly string[] | undefined;
  /** k6's own flags as they were given, one argument each, for the runner `k6`. */
  readonly k6Arguments: readonly string[];
  readonly workers: number;
  /** Hosts beside loopback that may get more than 50 requests a second: names, addresses, "*.suffix". */
  readonly confirmedHosts?: readonly string[] | undefined;
  readonly runsDir: string;
  readonly noThresholds: boolean;
  /** Some exchanges are kept whole, for the record; true when left out. */
  readonly keepsExchanges?: boolean | undefined;
  /** Where the REST API listens; undefined when it is off. `isRequired`: the run does not begin without it. */
  readonly api: { readonly address: string; readonly isRequired: boolean } | undefined;
  /** Stays after the test, until a signal. */
  readonly linger: boolean;
  readonly features: FeatureRequest;
  /** `name=argument` each (--out, K6_OUT); undefined leaves it to the config file. */
  readonly outputs: readonly string[] | undefined;
  /** What it is one run of; undefined when it stands alone. */
  readonly partOf?: RunSeries | undefined;
  readonly summaryMode: "compact" | "full" | "disabled";
  /** Where the summary is written as JSON, beside whatever else is made of it; relative to the working directory. */
  readonly summaryExport: string | undefined;
  /** k6's newer shape, for handleSummary() and the export. */
  readonly machineReadableSummary: boolean;
  /** Asked for by flag or environment; without a terminal there are no colours anyway. */
  readonly noColor: boolean;
}

/** Several runs of one command. */
export interface RunSeries {
  readonly kind: "campaign" | "search";
  readonly id: string;
  /** Of a search: which of its trials the run is, from 1, and the rate that it tries. */
  readonly trial?: { readonly number: number; readonly requestsPerSecond: number } | undefined;
}

/** One tick for whoever shows progress. */
export interface RunTick {
  /** Since the start of the first scenario. */
  readonly elapsedMs: number;
  /** The longest the run can last, gracefulStop left out. */
  readonly plannedMs: number;
  readonly interval: IntervalRecord;
  readonly counts: EngineTick["counts"];
  /** Over the whole run so far. */
  readonly failedShare: number;
  /** The same as k6 shows it, made when it is asked for; undefined where somebody else shows it, or at an odd end. */
  readonly block?: () => ProgressBlock;
  /** More of it, made when it is asked for. */
  readonly detail: () => RunDetail;
}

/** Where a run stands beside its plan, and what its generator is judged by. */
export interface RunDetail {
  readonly phase: "ramp" | "steady";
  readonly planned: PlannedLoad;
  readonly scenarios: readonly ScenarioDetail[];
  /** What an objective or a threshold says of a percentile of all requests. */
  readonly latencyLimit: LatencyLimit | undefined;
  /** The same of the share of failed requests. */
  readonly errorLimit: number | undefined;
  /** Failed requests of the whole run, the most frequent kind first. */
  readonly errorKinds: readonly ErrorKind[];
  readonly steadyFromMs: number;
  /** For `GeneratorWatch` of judge. */
  readonly generator: WatchedRun;
}

export interface LatencyLimit {
  readonly share: number;
  readonly limitMs: number;
}

export interface ErrorKind {
  readonly kind: string;
  readonly count: number;
}

export interface ScenarioDetail {
  readonly name: string;
  readonly state: ScenarioPosition["state"];
  /** Part of the plan that is done, 0 to 1. */
  readonly reached: number;
  readonly startsAtMs: number;
  /** Of its plan: when the clock ends it, or would end it at the latest; without gracefulStop. */
  readonly endsAtMs: number;
  /** Undefined where the runner does not tell. */
  readonly activeVus: number | undefined;
  /** That it has, or has at its highest level. */
  readonly vus: number;
  /** Undefined where the runner does not tell. */
  readonly iterationsEnded: number | undefined;
  /** Undefined when the clock ends it. */
  readonly iterationsTotal: number | undefined;
  readonly iterationsDropped: number;
  /** Undefined when iterations do not start by the clock. */
  readonly plannedIterationsPerSecond: number | undefined;
}

/** What is about to run, for the start-up text. */
export interface RunStart {
  /** As it was named. */
  readonly scriptName: string;
  /** Part of the test that this instance runs. */
  readonly lengthShare: number;
  /** Of the outputs, as k6 shows them. */
  readonly outputs: readonly string[];
  /** One a scenario, `name: 5 looping VUs for 10s (…)`. */
  readonly scenarios: readonly string[];
  readonly maxVus: number;
  /** Graceful stops included. */
  readonly longestMs: number;
}

export interface RunEvents {
  /** The load computed from daily users, before any of it is sent. */
  onDemand?(demand: DemandPlan): void;
  /** What is about to run. */
  onPlan?(plan: RunPlan): void;
  /** The same for the start-up text, once the outputs are open. */
  onStart?(start: RunStart): void;
  /** Once a second while setup() or teardown() runs. */
  onLifecycle?(call: "setup()" | "teardown()", block: () => ProgressBlock): void;
  /** VUs initialised, of how many. */
  onPreparing?(initializedVus: number, plannedVus: number): void;
  /** The VUs are ready and the test waits to be resumed (`--paused`). */
  onPaused?(): void;
  /** The REST API listens. */
  onListening?(address: string): void;
  /** The test is over and the process stays for the REST API (`--linger`), until a signal. */
  onLinger?(): void;
  onPrepared?(report: { initializedVus: number; heapBytesPerVu: number | undefined }): void;
  onTick?(tick: RunTick): void;
  /** The first interrupt: iterations are cut, teardown() and the summary follow. */
  onStopping?(): void;
}

/** The outside world of a run. */
export interface RunDeps {
  readonly host: Host;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly minLogLevel: LogLevel;
  /**
   * Opens the file for the script's console lines.
   * @throws LakhError when it cannot be opened: the run does not begin then
   */
  readonly openConsole: (path: string) => Logger;
  readonly events: RunEvents;
  /** Asked at each tick whether the load must be taken away from the target; says why when it must. */
  readonly brake?: ((tick: RunTick) => string | undefined) | undefined;
  /** Shows the run while it goes on. */
  readonly dashboard?: Dashboard | undefined;
  /** What takes secrets out of texts; made by `executeRun`. */
  readonly redactor?: Redactor | undefined;
}

export interface RunResult {
  readonly record: RunRecord;
  /** Folder of the run: record.json. */
  readonly folder: string;
  /** The end-of-test summary; undefined when the script made its own or it was disabled. */
  readonly summaryText: string | undefined;
  /** Where the run stood at its end; undefined when somebody else has shown it. */
  readonly block: ProgressBlock | undefined;
  /** What teardown() ended with; the outcome has its message and exit code. */
  readonly error: LakhError | undefined;
  /** True when the outcome's message stands in the log already. */
  readonly isReported: boolean;
  /** Undefined when nothing was to be judged (no --dau). */
  readonly verdict: Verdict | undefined;
}
