/** What a rule is: a row of the reference page, and a function from the context to findings. */
import type { Evidence, Severity } from "./finding.ts";
import type { Goal } from "./goal.ts";
import type { LintInput, MachineFacts, TrialFacts } from "./input.ts";
import type { ScriptModel } from "./model/script-model.ts";
import type { Node } from "../script/index.ts";

/** What a rule finds; the rule's own words for the fix unless the finding has better ones. */
export interface Fault {
  readonly severity: Severity;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix?: string;
}

/** What a rule needs to be applied at all. */
export type Need = "goal" | "dau" | "trial";

export interface Rule {
  /** Kebab-case; stays the same from version to version. */
  readonly id: string;
  readonly title: string;
  /** Why it matters, in one or two sentences, with the source. */
  readonly why: string;
  readonly fix: string;
  /** The severities it can have. */
  readonly severities: readonly Severity[];
  /** What it looks at. */
  readonly looksAt: "script" | "script and dry run" | "dry run" | "options" | "machine";
  readonly needs: readonly Need[];
  /** Faults; or why it cannot be told. */
  check(context: LintContext): readonly Fault[] | { readonly notJudged: string };
}

/** The input as rules read it. */
export interface LintContext extends Pick<LintInput, "plan"> {
  readonly model: ScriptModel;
  readonly goal: Goal;
  readonly trial: TrialFacts | undefined;
  readonly machine: MachineFacts;
  /** The line on which a node begins; undefined for a node that is not in the user's files. */
  readonly at: (node: Node, note?: string) => Evidence | undefined;
  /** A comment sets the rule aside on this node's line: for rules that put several places into one finding. */
  readonly isIgnored: (rule: string, node: Node) => boolean;
}

/** The evidence that there is, at most `limit` pieces and then how many more. */
export function evidenceOf(
  all: readonly (Evidence | undefined)[],
  limit: number = 3,
): readonly Evidence[] {
  const known = all.filter((each) => each !== undefined);
  if (known.length <= limit) return known;
  const rest = known.length - limit;
  const more = `and ${rest} more ${rest === 1 ? "place" : "places"} like ${limit === 1 ? "this" : "these"}`;
  return [...known.slice(0, limit), { kind: "figure", from: "options", text: more }];
}

export function figure(from: "options" | "dry-run" | "machine", text: string): Evidence {
  return { kind: "figure", from, text };
}
