/**
 * What a search asks for and what it is told: trials at a rate, and what came of them. Plain data; who runs a trial, and
 * how, is not known here.
 */

/** Why a trial is made. A recovery check is no trial of the search: it asks whether the target came back. */
export type TrialPurpose = "ramp" | "narrow" | "confirm-below" | "confirm-above" | "recovery";

/** A trial to make. */
export interface TrialPlan {
  readonly purpose: TrialPurpose;
  readonly ratePerSecond: number;
  /** Full load before the part that is judged, and that part. */
  readonly warmUpMs: number;
  readonly steadyMs: number;
}

/** How many requests of a trial broke an objective that allows a share of them. */
export interface TrialCount {
  readonly allowedShare: number;
  readonly requests: number;
  readonly violations: number;
  /** Design effect: `requests / deff` independent ones would say as much. */
  readonly deff: number;
}

/** One objective in one trial. */
export interface TrialRow {
  /** "latency_p95", "error_rate", "target_cpu", "load_absorbed". */
  readonly id: string;
  /** "p95 latency". */
  readonly label: string;
  readonly status: "PASS" | "FAIL" | "INCONCLUSIVE" | "NOT_JUDGED";
  /** Undefined where the objective is not about a share of the requests. */
  readonly count: TrialCount | undefined;
}

/** What came of a trial. */
export interface TrialOutcome {
  readonly plan: TrialPlan;
  readonly verdict: "PASS" | "FAIL" | "INCONCLUSIVE" | "INVALID";
  /** The verdict in a sentence. */
  readonly sentence: string;
  /** INVALID because the generator, not the target, was at its limit. */
  readonly isGeneratorLimit: boolean;
  /** The load was taken away early because the target had collapsed. */
  readonly hasCollapsed: boolean;
  readonly rows: readonly TrialRow[];
  /** Requests that ended in a second of the steady state, and those of them that did not fail. */
  readonly achievedPerSecond: number;
  readonly goodPerSecond: number;
  /** Of the requests of the steady state; null without any. */
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** From the start of the search to the beginning and to the end of the trial. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** What a trial says of its rate: proven one way or the other, or only how it looks. */
export type TrialSide = "holds" | "looks-good" | "looks-bad" | "fails" | "invalid";

/** The side of the limit on which a trial lies. Only PASS and FAIL are proofs; the rest goes by its counts. */
export function sideOf({ verdict, rows, hasCollapsed }: TrialOutcome): TrialSide {
  if (verdict === "INVALID") return "invalid";
  if (verdict === "FAIL" || hasCollapsed) return "fails";
  if (verdict === "PASS") return "holds";
  return rows.some(isBroken) ? "looks-bad" : "looks-good";
}

export function isGood(outcome: TrialOutcome): boolean {
  const side = sideOf(outcome);
  return side === "holds" || side === "looks-good";
}

export function isBad(outcome: TrialOutcome): boolean {
  const side = sideOf(outcome);
  return side === "fails" || side === "looks-bad";
}

/** Whether an objective was broken, be it beyond doubt or only by the counts. */
export function isBroken({ status, count }: TrialRow): boolean {
  if (status === "FAIL") return true;
  return count !== undefined && count.violations >= count.allowedShare * count.requests;
}

export function rateOf({ plan }: TrialOutcome): number {
  return plan.ratePerSecond;
}

/** The trials of the search proper. */
export function searchTrials(trials: readonly TrialOutcome[]): readonly TrialOutcome[] {
  return trials.filter(({ plan }) => plan.purpose !== "recovery");
}
