/** What the linter says: findings with their evidence, and what it could not look at. Plain data. */

/** problem: the run would not mean what its script says. warning: it may mislead. info: worth knowing. */
export type Severity = "problem" | "warning" | "info";

/** A line of the user's script. */
export interface SourceEvidence {
  readonly kind: "source";
  /** URL of the file; `file:///-` for standard input. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The line itself; texts that look like secrets are left out. */
  readonly text: string;
  /** What is to be seen there; empty when the line says it all. */
  readonly note: string;
}

/** Figures: of the options, of the machine, or of the dry run. */
export interface FigureEvidence {
  readonly kind: "figure";
  readonly from: "options" | "dry-run" | "machine";
  readonly text: string;
}

export type Evidence = SourceEvidence | FigureEvidence;

export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong here, in one sentence. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix: string;
}

/** A rule that could not be applied, or only in part, and why. */
export interface NotJudged {
  readonly rule: string;
  readonly reason: string;
}

/** A finding that a comment of the script sets aside. */
export interface IgnoredFinding {
  readonly finding: Finding;
  /** What the comment gives as its reason; empty when it gives none. */
  readonly reason: string;
}

export interface LintReport {
  /** Worst first; within a severity in the order of the rules. */
  readonly findings: readonly Finding[];
  readonly ignored: readonly IgnoredFinding[];
  readonly notJudged: readonly NotJudged[];
}
