/**
 * What comparing needs of a run and no more: a hundredth of its record, small enough for a repository. A baseline is a
 * file of some of them, of several runs of one build.
 */
import type { BlockColumnsRecord, RunRecord, ScenarioRecord } from "./schema.ts";

/** Requests of the steady state: all of them, or those of an endpoint. */
export interface SeriesFigures {
  readonly requests: number;
  readonly failed: number;
  /** `requests / deff` independent requests would say as much of the failed ones. */
  readonly deff: number;
  readonly perSecond: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** In windows of time; null in runs that have none. */
  readonly blocks: BlockColumnsRecord | null;
}

export interface EndpointFigures extends SeriesFigures {
  readonly name: string;
  readonly method: string;
}

export interface RunFigures {
  readonly id: string;
  readonly lakhVersion: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly script: RunRecord["script"];
  readonly runner: RunRecord["runner"];
  readonly environment: RunRecord["environment"];
  readonly scenarios: readonly ScenarioRecord[];
  readonly steadyMs: number;
  /** Why its figures say nothing of the target; null when they do. */
  readonly invalid: string | null;
  /** Why the load was taken away from the target; null when it was not. */
  readonly overload: string | null;
  /** What speaks against trusting it fully; null when nothing does. */
  readonly strain: string | null;
  readonly whole: SeriesFigures;
  readonly endpoints: readonly EndpointFigures[];
  /** Of the steady state. */
  readonly checks: { readonly passed: number; readonly failed: number };
  readonly iterations: { readonly started: number; readonly dropped: number };
  readonly cpuMsPerRequest: number | null;
  /** Length of each window of the blocks; empty without any. */
  readonly blockDurationsMs: readonly number[];
}

/** The file of a baseline. */
export interface BaselineRecord {
  readonly baselineVersion: 1;
  readonly lakhVersion: string;
  readonly runs: readonly RunFigures[];
}
