/**
 * What a runner is: one way to send the load of a script and tell what came of it. All runners end in the same value,
 * from which the same record, scorecard and verdict are made; nothing after this file knows which of them ran.
 */
import type { LakhError } from "../base/errors.ts";
import type { ExceptionReport } from "../engine/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type {
  CheckRecord,
  ExchangesRecord,
  GeneratorHealthRecord,
  ManualScalingRecord,
  MetricRecord,
  ObservationRecord,
  RunRecord,
  ThresholdRecord,
} from "../record/index.ts";
import type { ProgressBlock } from "../report/index.ts";
import type { RunFolder } from "../record/index.ts";
import type { RunCollector } from "./collector.ts";
import type { DemandPlan } from "./demand-plan.ts";
import type { RunDeps, RunRequest } from "./request.ts";
import type { SteadyWindow } from "./steady.ts";

/** What a runner is given. */
export interface RunnerParts {
  readonly id: string;
  /** Where the record goes. */
  readonly folder: RunFolder;
  readonly request: RunRequest;
  readonly deps: RunDeps;
  /** To be called when load is about to be sent: from then on the runner obeys interrupts itself. */
  readonly beforeLoad: () => void;
}

/** A run that has ended, however it ended. */
export interface FinishedRun {
  readonly runner: RunRecord["runner"];
  /** Version of k6 when that is the runner. */
  readonly k6Version?: string;
  readonly script: RunRecord["script"];
  readonly plan: RunPlan;
  readonly demand: DemandPlan | undefined;
  readonly collector: RunCollector;
  readonly window: SteadyWindow;
  readonly health: readonly GeneratorHealthRecord[];
  readonly metrics: readonly MetricRecord[];
  readonly thresholds: readonly ThresholdRecord[];
  readonly checks: readonly CheckRecord[];
  readonly observations: readonly ObservationRecord[];
  /** What somebody did to the load by hand. */
  readonly scalings: readonly ManualScalingRecord[];
  readonly outcome: RunRecord["outcome"];
  readonly startedAt: Date;
  readonly exceptions: readonly ExceptionReport[];
  /** Exchanges that were kept whole; missing when none were to be, and from a runner that cannot tell. */
  readonly exchanges?: ExchangesRecord | undefined;
  /** The end-of-test summary; undefined when the script made its own, it was disabled or is printed already. */
  readonly summaryText: string | undefined;
  /** Where the run stood at its end, as k6 shows it. */
  readonly block?: ProgressBlock;
  /** What teardown() ended with; the outcome has its message and exit code. */
  readonly error?: LakhError | undefined;
  /** True when the outcome's message stands in the log already. */
  readonly isReported: boolean;
}

/**
 * Carries out a run.
 * @throws LakhError when the run could not begin or its setup failed
 */
export type Runner = (parts: RunnerParts) => Promise<FinishedRun>;
