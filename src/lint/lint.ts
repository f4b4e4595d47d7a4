/** Applies the rules to what is known and puts the findings in order. Pure: the same input, the same report. */
import type { Node } from "../script/index.ts";
import type { Evidence, Finding, LintReport, NotJudged, Severity } from "./finding.ts";
import { findGoal, type Goal } from "./goal.ts";
import { Ignores, type StrayIgnore } from "./ignores.ts";
import type { LintInput, TrialFacts } from "./input.ts";
import { ScriptModel } from "./model/script-model.ts";
import type { Fault, LintContext, Need, Rule } from "./rule.ts";
import { lintRules } from "./rules.ts";

const rank: Readonly<Record<Severity, number>> = { problem: 0, warning: 1, info: 2 };

/** Why rules that need a goal have none. */
const noGoal =
  'no goal is known: give --rps or --dau, set a threshold on the rate of http_reqs, or write "Target: 500 RPS" into the script\'s header comment';

export interface LintOutcome extends LintReport {
  readonly strayIgnores: readonly StrayIgnore[];
  /** Which load the test is meant to make, as far as anything says so. */
  readonly goal: Goal;
}

/**
 * What the rules find. `isChosen` tells which rules are to be applied.
 * @example
 * lintScript({ script, plan, goal: { requestsPerSecond }, trial, machine }).findings
 */
export function lintScript(
  input: LintInput,
  isChosen: (rule: string) => boolean = () => true,
): LintOutcome {
  const ignores = new Ignores(input.script.files);
  const trial = usableTrial(input.trial);
  const context = createContext(input, trial.facts, ignores);
  const findings: Finding[] = [];
  const notJudged: NotJudged[] = [];
  for (const rule of lintRules.filter(({ id }) => isChosen(id))) {
    const reason = missingNeed(rule.needs, context, trial.missing);
    const result = reason === undefined ? rule.check(context) : { notJudged: reason };
    if ("notJudged" in result) notJudged.push({ rule: rule.id, reason: result.notJudged });
    else findings.push(...result.map((fault) => toFinding(rule, fault)));
  }
  findings.sort((a, b) => rank[a.severity] - rank[b.severity]);
  return {
    findings: findings.filter((each) => ignores.reasonFor(each) === undefined),
    ignored: findings.flatMap((finding) => {
      const reason = ignores.reasonFor(finding);
      return reason === undefined ? [] : [{ finding, reason }];
    }),
    notJudged,
    goal: context.goal,
    strayIgnores: ignores.stray(new Set(lintRules.map(({ id }) => id))),
  };
}

/** A dry run that nobody answered tells of the network, not of the script. */
function usableTrial(trial: LintInput["trial"]): {
  facts: TrialFacts | undefined;
  missing: string;
} {
  if ("missing" in trial) return { facts: undefined, missing: trial.missing };
  const { requests, unanswered, iterations, interruptedIterations } = trial;
  if (requests > 0 && unanswered === requests)
    return {
      facts: undefined,
      missing: `none of the dry run's ${requests} requests was answered: is the target up, and its address right (-e BASE_URL=…)?`,
    };
  if (iterations === 0)
    return {
      facts: undefined,
      missing:
        interruptedIterations > 0
          ? "no iteration of the dry run came to its end in time"
          : "the dry run finished no iteration",
    };
  return { facts: trial, missing: "" };
}

function missingNeed(
  needs: readonly Need[],
  { goal, trial }: LintContext,
  whyNoTrial: string,
): string | undefined {
  if (needs.includes("trial") && trial === undefined) return whyNoTrial;
  if (needs.includes("dau") && goal.dau === undefined)
    return "it takes the number of daily users: --dau";
  return needs.includes("goal") && goal.requestsPerSecond === undefined ? noGoal : undefined;
}

function toFinding(rule: Rule, { severity, message, evidence, fix }: Fault): Finding {
  return { rule: rule.id, severity, message, evidence, fix: fix ?? rule.fix };
}

/** Constants that a script should not have, and that a report must not repeat. */
function withoutSecrets(line: string): string {
  const secret =
    /((?:pass(?:word|wd)?|secret|token|api_?key|authorization)\w*["']?\s*[:=]\s*)(["'`])(?:(?!\2).)+\2/giu;
  // And the user of a URL, with the password: https://user:password@host.
  return line.replace(secret, "$1$2…$2").replace(/(?<=:\/\/)[^\s/@"'`]+@/gu, "…@");
}

function createContext(
  { script, plan, goal, machine }: LintInput,
  trial: TrialFacts | undefined,
  ignores: Ignores,
): LintContext {
  const entryText = script.files.get(script.entry) ?? "";
  const lines = new Map<string, readonly string[]>();
  const lineOf = (file: string, line: number): string => {
    let known = lines.get(file);
    known ??= (script.files.get(file) ?? "").split("\n");
    lines.set(file, known);
    return known[line - 1] ?? "";
  };
  const at = (node: Node, note = ""): Evidence | undefined => {
    const place = script.placeAt(node.start);
    if (place === undefined) return undefined;
    const text = withoutSecrets(lineOf(place.file, place.line).trimEnd());
    return { kind: "source", ...place, text, note };
  };
  return {
    model: new ScriptModel(script),
    plan,
    goal: findGoal(goal, plan, entryText),
    trial,
    machine,
    at,
    isIgnored(rule, node) {
      const place = script.placeAt(node.start);
      return place !== undefined && ignores.reasonAt(rule, place) !== undefined;
    },
  };
}
