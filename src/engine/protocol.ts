/**
 * Everything that crosses the boundary between the engine's host thread and its worker threads: plain data,
 * structured-cloneable, no behaviour. A worker lives through: init -> `initialized` -> prepare ->
 * `prepared` -> [setup] -> start -> tick* -> `finished` -> [teardown] -> [summary] -> exit.
 */
import type { ErrorPayload } from "../base/errors.ts";
import type { LogFields, LogLevel } from "../base/log.ts";
import { rateWindowBytes } from "../base/rate-window.ts";
import type { HttpOptions } from "../http/index.ts";
import type { ModuleOptions } from "../k6/index.ts";
import type { SecretSource } from "../secrets/index.ts";
import type { MetricDelta, MetricType, SampleBatch, TagPair, ValueKind } from "../metrics/index.ts";
import type { ScenarioPlan, ShareSpec } from "../schedule/index.ts";
import type { ScriptBundle } from "../script/index.ts";
import type { ExchangeParcel, ExchangeRules } from "./kept-exchange.ts";
import { unconfirmedRequestsPerSecond } from "./unconfirmed.ts";

/** What a worker is to run; its first message, because threads start while the script is still being bundled. */
export interface WorkerSetup {
  readonly bundle: ScriptBundle;
  /** `__ENV` of every VU. */
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretSource[];
  /** k6's compatibility mode: false is base. */
  readonly extended: boolean;
  /** Nothing can be written to `__ENV` (k6's feature freeze-env). */
  readonly freezesEnv: boolean;
  readonly minLogLevel: LogLevel;
}

/** How {@link WorkerAssignment.numbers} is laid out, in bytes; what stands where is in worker/instance.ts. */
export const instanceLayout: InstanceLayout = {
  extraVusOffset: 8,
  guardOffset: 16,
  scenariosOffset: 16 + rateWindowBytes(unconfirmedRequestsPerSecond),
  scenarioCounts: 3,
  workerCounts: 4,
  bytesPerCount: 4,
};

interface InstanceLayout {
  readonly extraVusOffset: number;
  readonly guardOffset: number;
  readonly scenariosOffset: number;
  /** Counts of a scenario. */
  readonly scenarioCounts: number;
  /** Counts of a worker. */
  readonly workerCounts: number;
  readonly bytesPerCount: number;
}

/** Bytes that an instance's workers share. */
export function instanceBytes(scenarioCount: number, workerCount: number): number {
  const { scenariosOffset, scenarioCounts, workerCounts, bytesPerCount } = instanceLayout;
  const counts = scenarioCount * scenarioCounts + workerCount * workerCounts;
  return scenariosOffset + counts * bytesPerCount;
}

/** The part of an instance's bytes in which its load guards count requests. */
export function guardMemory(numbers: SharedArrayBuffer): BigInt64Array {
  const { guardOffset, scenariosOffset } = instanceLayout;
  const length = (scenariosOffset - guardOffset) / BigInt64Array.BYTES_PER_ELEMENT;
  return new BigInt64Array(numbers, guardOffset, length);
}

/** The options that VUs and modules read, in lakh's units. */
export interface VuOptions extends Omit<ModuleOptions, "systemTags" | "rateLimit"> {
  readonly systemTags: readonly string[];
  readonly noVuConnectionReuse: boolean;
  readonly minIterationDurationMs: number;
  readonly setupTimeoutMs: number;
  readonly teardownTimeoutMs: number;
  readonly summaryTimeoutMs: number;
  readonly runTags: Readonly<Record<string, string>>;
  /** `exec.test.options`. */
  readonly testOptions: Readonly<Record<string, unknown>>;
  /** Written into the `options` that each VU's script exports. */
  readonly exportedOptions: Readonly<Record<string, unknown>>;
}

/** What one worker is to do. */
export interface WorkerAssignment {
  readonly scenarios: readonly ScenarioPlan[];
  /** What this worker owns of the test: the instance's execution segment, and its part of that. */
  readonly share: ShareSpec;
  readonly vuOptions: VuOptions;
  readonly httpOptions: HttpOptions;
  /** Hosts that may get more than a few requests a second, beside loopback. */
  readonly confirmedHosts: readonly string[];
  /** Tags and values that are kept apart however many others there are: what thresholds and objectives ask for. */
  readonly keptTags: readonly TagPair[];
  /** Exact counts of http_req_duration above these limits, in milliseconds. */
  readonly latencyLimitsMs: readonly number[];
  /** Send every sample as it is, for outputs of raw samples. */
  readonly sendSamples: boolean;
  /** Which exchanges are kept whole; undefined: none. */
  readonly exchanges: ExchangeRules | undefined;
  /** What the workers of the instance count together. */
  readonly numbers: SharedArrayBuffer;
}

export interface MetricDefinition {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: ValueKind;
}

/** What the first run of the init code (`__VU` = 0) told. */
export interface InitReport {
  /** How k6 names the script in its errors. */
  readonly scriptUrl: string;
  /** The exported `options`, JSON-safe; undefined when there are none. */
  readonly options: unknown;
  /** Names of exported functions. */
  readonly functions: readonly string[];
  /** Absolute paths of the files that it opened. */
  readonly openedFiles: readonly string[];
  /** Metrics that the script declared. */
  readonly metrics: readonly MetricDefinition[];
}

/** A worker's own condition over one tick (see record/schema.ts GeneratorHealthRecord). */
export interface WorkerHealth {
  readonly loopUtilization: number;
  readonly loopDelayP99Ms: number;
  readonly gcShare: number;
  readonly gcLongestMs: number;
  readonly startLagP99Ms: number | null;
  readonly startLagMaxMs: number | null;
  readonly socketFaults: number;
  /** The same by errno. */
  readonly socketFaultKinds: Readonly<Record<string, number>>;
}

/** Running totals of a worker since `start`. */
export interface WorkerCounts {
  readonly iterationsDue: number;
  readonly iterationsStarted: number;
  readonly iterationsCompleted: number;
  readonly iterationsInterrupted: number;
  readonly iterationsDropped: number;
  readonly iterationsFailed: number;
  readonly activeVus: number;
  readonly initializedVus: number;
  readonly usedVus: number;
}

/** How far a worker is with one scenario. */
export interface ScenarioProgress {
  readonly name: string;
  /** VUs inside an iteration now. */
  readonly activeVus: number;
  readonly iterationsCompleted: number;
  readonly iterationsInterrupted: number;
  /** Milliseconds since the start of the run; null while it goes on. */
  readonly endedAtMs: number | null;
}

/** One tick of one worker. Tick n covers [n-1, n) x interval since the start; the last one may be shorter. */
export interface WorkerTick {
  readonly index: number;
  /** End of the tick in milliseconds since the start. */
  readonly atMs: number;
  readonly delta: MetricDelta;
  readonly health: WorkerHealth;
  /** Response times since the last tick (`RunState.responses`), packed; undefined when nothing is due by the clock. */
  readonly responses: Float64Array<ArrayBuffer> | undefined;
  readonly counts: WorkerCounts;
  /** Since the start: see `TagInterner.overflowCount`. */
  readonly tagOverflows: number;
  /** Of scenarios that this worker has a part of. */
  readonly scenarios: readonly ScenarioProgress[];
}

/** A script exception, with the user's positions. */
export interface ExceptionReport {
  readonly message: string;
  readonly stack: string;
  readonly count: number;
}

/** What came of handleSummary(). */
export type SummaryOutcome =
  /** Undefined asks for the default summary: there is no handleSummary, it returned nothing, or it threw. */
  | {
      readonly kind: "files";
      readonly files: Readonly<Record<string, string | Uint8Array>> | undefined;
    }
  /** It took too long or returned nonsense, which was logged: nothing is written. */
  | { readonly kind: "failed" };

/** How a stop is meant: no new iterations and gracefulStop for the running ones, or everything at once. */
export type StopMode = "graceful" | "now";

/** A change of the VUs by hand while a run goes on; counts are those of the instance. */
export interface ScaleOrder {
  /** VUs that are to be ready. */
  readonly initializedVus: number | undefined;
  /** A looping scenario and the VUs that loop in it from now on, whatever its plan says. */
  readonly scenario: { readonly name: string; readonly vus: number } | undefined;
}

export type HostMessage =
  | { readonly type: "init"; readonly setup: WorkerSetup }
  | { readonly type: "prepare"; readonly assignment: WorkerAssignment }
  | { readonly type: "setup" }
  | {
      readonly type: "start";
      /** JSON text of what setup() returned; undefined when it returned nothing. */
      readonly setupJson: string | undefined;
      /** Unix milliseconds at which time 0 of the schedule lies. */
      readonly startWallMs: number;
      readonly tickIntervalMs: number;
    }
  | { readonly type: "stop"; readonly mode: StopMode }
  | { readonly type: "scale"; readonly order: ScaleOrder }
  | { readonly type: "teardown"; readonly setupJson: string | undefined }
  | { readonly type: "summary"; readonly data: unknown }
  | { readonly type: "exit" };

export type WorkerMessage =
  | { readonly type: "initialized"; readonly report: InitReport }
  | { readonly type: "preparing"; readonly initializedVus: number }
  | {
      readonly type: "prepared";
      readonly initializedVus: number;
      readonly heapBytesPerVu: number | undefined;
    }
  | {
      readonly type: "setupDone";
      readonly setupJson: string | undefined;
      readonly delta: MetricDelta;
    }
  /** setup() or teardown() failed; the run itself goes on. */
  | {
      readonly type: "lifecycleFailed";
      readonly answerTo: "setupDone" | "teardownDone";
      readonly error: ErrorPayload;
      /** What it had measured until then counts all the same. */
      readonly delta: MetricDelta;
    }
  | { readonly type: "scaled"; readonly initializedVus: number }
  | { readonly type: "tick"; readonly tick: WorkerTick }
  /** Before the message that ends the phase in which they were recorded. */
  | { readonly type: "samples"; readonly batch: SampleBatch }
  /** As the samples; failures also with a tick, so that they are there when the worker dies. */
  | { readonly type: "exchanges"; readonly parcel: ExchangeParcel }
  | {
      readonly type: "finished";
      readonly tick: WorkerTick;
      readonly exceptions: readonly ExceptionReport[];
    }
  | { readonly type: "teardownDone"; readonly delta: MetricDelta }
  | { readonly type: "summaryDone"; readonly outcome: SummaryOutcome }
  /** A script is about to be given this value: no line may show it from now on. */
  | { readonly type: "secret"; readonly value: string }
  /** Hosts were asked for that are not confirmed for load; after a breach they get no more, and the run is to end. */
  | {
      readonly type: "unconfirmed";
      readonly hosts: readonly string[];
      /** Milliseconds within which one request too many came; undefined while there was none. */
      readonly breachWithinMs: number | undefined;
    }
  | { readonly type: "abort"; readonly reason: string }
  | { readonly type: "markFailed"; readonly reason: string }
  | {
      readonly type: "log";
      /** A line of the script's console from outside the init context: where it goes is the user's to say. */
      readonly isConsole: boolean;
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: LogFields;
    }
  | { readonly type: "failed"; readonly error: ErrorPayload };
