/**
 * Door of `lint`: what is wrong with a load script before it is run. Pure: a parsed script, the plan of its run and the
 * facts of a dry run go in, findings come out; it reads no file, sends nothing and knows no clock.
 */
export type {
  Evidence,
  Finding,
  FigureEvidence,
  IgnoredFinding,
  LintReport,
  NotJudged,
  Severity,
  SourceEvidence,
} from "./finding.ts";
export type { Goal, GoalFigure } from "./goal.ts";
export type { StrayIgnore } from "./ignores.ts";
export type {
  HostFact,
  IterationFact,
  LintInput,
  MachineFacts,
  SeriesFact,
  StatedGoal,
  TrialFacts,
} from "./input.ts";
export { lintScript, type LintOutcome } from "./lint.ts";
export type { Rule } from "./rule.ts";
export { lintRules } from "./rules.ts";
