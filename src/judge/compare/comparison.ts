/** What a comparison is: its settings, its rows, and what follows from them. */

/** What may be different between the runs if the user says so. */
export type Tolerable = "script" | "load" | "runner";

export interface CompareSettings {
  /** Relative worsening that is allowed, 0.1 being 10 %. */
  readonly limitShare: number;
  /** Smaller changes of a latency do not matter, whatever they are relative to. */
  readonly latencyFloorMs: number;
  /** The same of a share of failed requests. */
  readonly errorFloorShare: number;
  /** Of every limit, one-sided, and of the promise for all rows together. */
  readonly confidence: number;
  readonly tolerated: readonly Tolerable[];
}

export const defaultCompareSettings: CompareSettings = {
  limitShare: 0.1,
  latencyFloorMs: 5,
  errorFloorShare: 0.0002,
  confidence: 0.95,
  tolerated: [],
};

/**
 * What the differences are held against: the exact test on the values of runs; Student's t on them, where there are too
 * few runs for that; or how much one run of each side varies within itself.
 */
export type CompareMethod = "runs-exact" | "runs-student" | "within-run";

export type MeasureId =
  | "rate"
  | "errors"
  | "p50"
  | "p95"
  | "p99"
  | "checks"
  | "dropped"
  | "generator_cpu";

/**
 * better, worse: the difference is real, and for worse it is larger than what is allowed. same: no worse than what is
 * allowed. unclear: it may be either. only-base, only-new: there is nothing to compare with. shown: not judged.
 */
export type RowStatus =
  | "better"
  | "worse"
  | "same"
  | "unclear"
  | "only-base"
  | "only-new"
  | "shown";

/** A difference with its one-sided limits; null where a limit cannot be told. */
export interface Change {
  /** "relative": 0.1 is 10 % more than the base. "absolute": a difference of two shares. */
  readonly kind: "relative" | "absolute";
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface ComparisonRow {
  /** Null: the run as a whole. */
  readonly endpoint: { readonly name: string; readonly method: string } | null;
  readonly measure: MeasureId;
  readonly label: string;
  readonly unit: "ms" | "per-second" | "share";
  /** Where worse is. */
  readonly worse: "more" | "less";
  /** A regression in it is one of the comparison. */
  readonly isGated: boolean;
  /** Median of the runs, or, of a share, all their requests together; null without a value. */
  readonly base: number | null;
  readonly new: number | null;
  readonly change: Change | null;
  /** What is allowed, in the terms of `change`. */
  readonly allowed: number;
  /** Cliff's delta of the values of the runs, or of the windows of one run; null where there are none. */
  readonly effect: number | null;
  /** Of a worsening this large by chance, all rows together being considered; null where nothing was tested. */
  readonly probability: number | null;
  readonly status: RowStatus;
  /** The estimate is worse than allowed; where the status is "unclear", that is a warning. */
  readonly looksWorse: boolean;
  /** Why the status is what it is; may be empty. */
  readonly explanation: string;
  /** Runs a side that would probably do to tell; null where that is not the question. */
  readonly runsNeeded: number | null;
}

export interface ComparedRun {
  readonly id: string;
  readonly startedAt: string;
  readonly lakhVersion: string;
}

export interface Comparison {
  /** PASS: no regression. FAIL: a regression. INCONCLUSIVE: it cannot be told. INVALID: the runs cannot be compared. */
  readonly verdict: "PASS" | "FAIL" | "INCONCLUSIVE" | "INVALID";
  /** One sentence for people, beginning with the verdict. */
  readonly sentence: string;
  /** What led to the verdict and what else is worth knowing, most important first. */
  readonly reasons: readonly string[];
  readonly method: CompareMethod;
  /** What the method can see and what not. */
  readonly methodSentence: string;
  readonly settings: CompareSettings;
  readonly base: readonly ComparedRun[];
  readonly new: readonly ComparedRun[];
  /** The run as a whole first, then the endpoints with the most requests. Empty when the verdict is INVALID. */
  readonly rows: readonly ComparisonRow[];
}
