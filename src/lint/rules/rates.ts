/** A Rate that is only ever given one of its two values. */
import type { Node } from "../../script/index.ts";
import type { MetricDeclaration } from "../model/script-model.ts";
import { evidenceOf, type Fault, figure, type LintContext, type Rule } from "../rule.ts";
import { plannedThresholds } from "../thresholds.ts";
import { counted } from "../wording.ts";

export const oneSidedRate: Rule = {
  id: "one-sided-rate",
  title: "A Rate gets one of its two values only",
  why:
    "A Rate is the share of its samples that are not zero. Fed with ones alone it is 100 % after the first failure, and has no " +
    "samples before, when its thresholds pass unseen (grafana/k6 issue 1053).",
  fix: "add a sample each time, for success too: errorRate.add(!check(res, { … }))",
  severities: ["problem", "warning"],
  looksAt: "script and dry run",
  needs: [],
  check: (context) => context.model.metrics.flatMap((metric) => faultOf(metric, context) ?? []),
};

function faultOf(metric: MetricDeclaration, context: LintContext): Fault | undefined {
  if (metric.type !== "Rate" || metric.escapes || metric.adds.length === 0) return undefined;
  const { model, plan, at } = context;
  const values = metric.adds.map((call) => truthOf(model.argument(call, 0), context));
  const isOnes = values.every((value) => value === true);
  if (!isOnes && !values.every((value) => value === false)) return undefined;
  const name = metric.name ?? "(computed name)";
  const judged = plannedThresholds(plan).filter(
    ({ subject }) => subject.metricName === metric.name,
  );
  const words = isOnes
    ? "only ever gets a 1: it is 100 % as soon as one sample comes, and has no samples before"
    : "only ever gets a 0: it is 0 % whatever happens";
  const consequence = judged.map(({ option }) => `"${option.source}"`).join(", ");
  return {
    severity: judged.length > 0 ? "problem" : "warning",
    message: `the Rate ${name} ${words}${judged.length > 0 ? `, so its threshold ${consequence} says nothing of the share of errors` : ""}`,
    evidence: [
      ...evidenceOf([at(metric.node as Node), ...metric.adds.map((call) => at(call as Node))], 5),
      ...trialEvidence(metric, context),
    ],
  };
}

function trialEvidence({ name }: MetricDeclaration, { trial }: LintContext): Fault["evidence"] {
  if (trial === undefined) return [];
  const samples = trial.series
    .filter(({ metric }) => metric === name)
    .reduce((sum, each) => sum + each.samples, 0);
  return [
    figure(
      "dry-run",
      `${counted(samples, "sample")} of it in ${counted(trial.iterations, "iteration")} with ${counted(trial.requests, "request")}`,
    ),
  ];
}

/** True or false where the value is a constant. */
function truthOf(node: Node | undefined, { model }: LintContext): boolean | undefined {
  if (node === undefined) return undefined;
  const origin = model.names.origin(node);
  if (origin.type === "Literal" && !("regex" in origin)) return Boolean(origin.value);
  // The bundler writes !0 for true where it shortens.
  if (origin.type === "UnaryExpression" && origin.operator === "!") {
    const inner = truthOf(origin.argument as Node, { model } as LintContext);
    return inner === undefined ? undefined : !inner;
  }
  return undefined;
}
