/** What the dashboard asks of a run beside what outputs are told: the contract that `run` fulfils. */
import type { RunControl } from "../api/index.ts";
import type { GeneratorStatus, ThresholdState } from "../page/index.ts";

export interface RunView {
  /** The run as the REST API steers it. */
  readonly control: Pick<RunControl, "status" | "setPaused" | "scale">;
  /** Scenarios whose VUs can be changed now. */
  scalable(): readonly string[];
  /** All of the run, in their order. */
  thresholds(): readonly ThresholdState[];
  /** As the verdict will judge it; null until there is something to judge by. */
  generator(): GeneratorStatus | null;
  /** The latest second of load as the record keeps it; null before the first. */
  second(): SecondOfLoad | null;
}

export interface SecondOfLoad {
  /** Since the start of the first scenario. */
  readonly endMs: number;
  readonly durationMs: number;
  readonly requests: number;
  readonly failedRequests: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly iterationsStarted: number;
  readonly iterationsDropped: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Since the start of the run. */
  readonly iterationsDroppedInAll: number;
}
