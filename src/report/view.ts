/**
 * What the renderers are given, as shapes. The verdict is declared by structure, not imported: anything that carries
 * these fields can be shown, and a judged record does.
 */

/** How a text may look. */
export interface TextStyle {
  /** ANSI colours; without them the text carries no escape code at all. */
  readonly colours: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
}

/** A threshold as it ended. */
export interface ThresholdView {
  /** Metric or sub-metric: "http_reqs", "http_reqs{status:404}". */
  readonly metric: string;
  readonly source: string;
  readonly ok: boolean;
  /** Value of the left-hand side; undefined without samples. */
  readonly actual: number | undefined;
}

/** One line of a plan's arithmetic. */
export interface PlanStepView {
  readonly quantity: string;
  readonly formula: string;
  readonly value: number;
  readonly unit: string;
}

/** Something about a plan that a person must know. */
export interface PlanFindingView {
  readonly severity: "info" | "warning" | "problem";
  readonly message: string;
  /** What would do instead, best first. */
  readonly alternatives: readonly string[];
}

/** A form in which a planned load can be sent. */
export interface LoadFormView {
  readonly model: string;
  readonly description: string;
  readonly isRecommended: boolean;
  readonly reason: string;
}

export type CriterionStatus = "PASS" | "FAIL" | "INCONCLUSIVE" | "NOT_JUDGED";

/** One row of the scorecard. */
export interface CriterionView {
  readonly id: string;
  /** Missing: all of them. */
  readonly endpoint?: string;
  readonly label: string;
  readonly required: string;
  readonly measured: string;
  readonly status: CriterionStatus;
  readonly explanation: string;
}

/** One reading of the generator's own condition against its limit. */
interface GeneratorFigureView {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly exceeded: boolean;
}

/** A judged run. */
export interface VerdictView {
  readonly verdict: "PASS" | "FAIL" | "INCONCLUSIVE" | "INVALID";
  readonly sentence: string;
  readonly reasons: readonly string[];
  readonly scorecard: readonly CriterionView[];
  readonly generator: {
    readonly status: "healthy" | "warning" | "saturated";
    readonly figures: readonly GeneratorFigureView[];
    readonly sentence: string;
  };
}

/** Where a run is at one moment. */
export interface RunProgress {
  readonly elapsedMs: number;
  /** Planned length without gracefulStop; 0 when it is not known. */
  readonly plannedMs: number;
  readonly activeVus: number;
  readonly initializedVus: number;
  readonly requestsPerSecond: number;
  /** Null without requests. */
  readonly p95Ms: number | null;
  /** Share of failed requests, 0 to 1. */
  readonly failedShare: number;
  readonly iterationsDropped: number;
  /** Said when the generator itself is not well. */
  readonly generator?: "warning" | "saturated" | undefined;
}

/** What a finding of `lakh check` rests on. */
export interface EvidenceView {
  /** `script.js:12:3`, `dry run`, `options`, `machine`. */
  readonly where: string;
  readonly text: string;
  /** What is to be seen there; may be empty. */
  readonly note: string;
}

/** One finding of `lakh check`. */
export interface FindingView {
  readonly rule: string;
  readonly severity: "problem" | "warning" | "info";
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly evidence: readonly EvidenceView[];
}

/** A checked script. */
export interface CheckView {
  /** What was looked at and how. */
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly findings: readonly FindingView[];
  /** Findings that comments set aside: the rule, the place, the reason. */
  readonly ignored: readonly { readonly rule: string; readonly text: string }[];
  /** Rules that were not applied, by reason. */
  readonly notJudged: readonly { readonly rules: readonly string[]; readonly reason: string }[];
  /** The closing line. */
  readonly conclusion: string;
  readonly isClean: boolean;
}
