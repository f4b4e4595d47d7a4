/** What one line of the scorecard says. The words are for people; `status` is for programs. */

export type CriterionStatus = "PASS" | "FAIL" | "INCONCLUSIVE" | "NOT_JUDGED";

/** One line of the scorecard: what was required, what was measured, and what follows from it. */
export interface CriterionResult {
  /** Stable: "peak_users", "requests_per_second", "latency_p95", "error_rate", "target_cpu", "target_memory". */
  readonly id: string;
  /** Missing: all of them. Of an endpoint the ids are "latency_p95" and "error_rate", too. */
  readonly endpoint?: string;
  /** "p95 latency", "p95 latency of GET /home". */
  readonly label: string;
  /** "< 300 ms". */
  readonly required: string;
  /** "41.2 ms", "no data". */
  readonly measured: string;
  /** NOT_JUDGED: this run cannot answer it by its nature, and is not held up by it. */
  readonly status: CriterionStatus;
  /** The evidence in one or two sentences, and what would do where it does not. */
  readonly explanation: string;
}
