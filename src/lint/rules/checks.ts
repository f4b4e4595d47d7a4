/** What checks can hide: that nothing counts them, that one always says the same, that code before them throws. */
import { childrenOf, isFunction, staticKey, type Node } from "../../script/index.ts";
import { httpCalls } from "../model/http-calls.ts";
import type { K6Call } from "../model/script-model.ts";
import { evidenceOf, type Fault, figure, type LintContext, type Rule } from "../rule.ts";
import { plannedThresholds } from "../thresholds.ts";
import { counted } from "../wording.ts";

export const checksWithoutThreshold: Rule = {
  id: "checks-without-threshold",
  title: "Checks fail and the run passes",
  why:
    "A failed check is counted and nothing more: without a threshold that reads it the run ends with exit code 0 even when " +
    "every check fails (k6 documentation, Checks; grafana/k6 issues 335, 1526).",
  fix: 'add a threshold: checks: ["rate>0.999"], or feed a Rate that has one with the result of each check',
  severities: ["problem", "warning"],
  looksAt: "script",
  needs: [],
  check(context) {
    const { plan, at } = context;
    const thresholds = plannedThresholds(plan);
    if (thresholds.some(({ subject }) => subject.metricName === "checks")) return [];
    const all = checkCalls(context).filter(({ node }) => isUnheard(node, context));
    const wanted = all.filter(({ node }) => !context.isIgnored(checksWithoutThreshold.id, node));
    // When every one is set aside, the finding is made all the same, to be shown as set aside.
    const unheard = wanted.length > 0 ? wanted : all;
    if (unheard.length === 0) return [];
    const seesFailures = thresholds.some(({ subject }) =>
      tellsFailures(subject.metricName, context),
    );
    return [
      {
        severity: seesFailures ? "warning" : "problem",
        message:
          `nothing reads the result of ${unheard.length === 1 ? "this check" : `these ${unheard.length} checks`}, and there is no ` +
          `threshold on "checks": ${seesFailures ? "what only a check sees cannot fail the run" : "no wrong answer can fail the run"}`,
        evidence: evidenceOf(unheard.map(({ node }) => at(node))),
      },
    ];
  },
};

export const constantCheck: Rule = {
  id: "constant-check",
  title: "A check that always says the same",
  why:
    "check() calls functions and takes anything else by its truth: a text or a number is a check that cannot fail, an arrow " +
    "function with braces and no return is one that cannot pass. A comparison that is no function is worked out before " +
    "check() is called: what it throws ends the iteration without a check (grafana/k6 issue 4283).",
  fix: 'give a function that returns the comparison: "status is 200": (r) => r.status === 200',
  severities: ["problem", "info"],
  looksAt: "script",
  needs: [],
  check: (context) => checkCalls(context).flatMap((call) => constantChecks(call, context)),
};

export const parseBeforeCheck: Rule = {
  id: "parse-before-check",
  title: "The response is taken apart before it is checked",
  why:
    "A body that is not JSON (an error page, an empty body at a timeout) makes JSON.parse throw: the iteration ends there, and the " +
    "check that should have counted the failure never runs (grafana/k6 issue 4283).",
  fix: "check first and parse only what passed, or parse inside try … catch and count the failure",
  severities: ["warning"],
  looksAt: "script",
  needs: [],
  check: (context) => checkCalls(context).flatMap((call) => earlyParses(call, context)),
};

export const contentUnchecked: Rule = {
  id: "content-unchecked",
  title: "Nobody looks at what the answers say",
  why:
    "An error page with status 200, an empty list or a login form in place of the data counts as a success where only the status is " +
    "looked at, and comes faster than the real answer.",
  fix: 'check the content of at least the important answers: "has items": (r) => r.json("items").length > 0',
  severities: ["info"],
  looksAt: "script",
  needs: [],
  check({ model, at }) {
    const requests = httpCalls(model);
    const reads = model.nodes.some(
      (node) =>
        node.type === "MemberExpression" &&
        /^(?:body|json|html|submitForm|clickLink|error_code)$/u.test(staticKey(node) ?? ""),
    );
    // A response that is handed to a package, or taken apart as a pattern, may be read there.
    const takesApart = model.nodes.some(
      (node) => node.type === "Property" && /^(?:body|json|html)$/u.test(staticKey(node) ?? ""),
    );
    if (requests.length === 0 || reads || takesApart) return [];
    const what = model.calls.some(({ to }) => to === "k6.check") ? "no check" : "nothing";
    return [
      {
        severity: "info",
        message: `${what} in the script looks at the content of an answer`,
        evidence: evidenceOf(
          requests.map(({ call }) => at(call)),
          2,
        ),
      },
    ];
  },
};

export const iterationsThrow: Rule = {
  id: "iterations-throw",
  title: "Iterations throw",
  why:
    "An exception ends its iteration: the requests and checks behind it are missing from all figures, and in k6 the run passes " +
    "all the same (grafana/k6 issue 4283).",
  fix: "repair what throws; lakh run -i 1 shows the stack",
  severities: ["problem"],
  looksAt: "dry run",
  needs: ["trial"],
  check({ trial }) {
    if (trial === undefined) return [];
    const { failedIterations, iterations, exceptions, teardownError } = trial;
    const inTeardown: Fault[] =
      teardownError === undefined
        ? []
        : [
            {
              severity: "problem",
              message: "teardown() failed in the dry run, and so would the run",
              evidence: [figure("dry-run", teardownError)],
            },
          ];
    if (failedIterations === 0) return inTeardown;
    return [
      ...inTeardown,
      {
        severity: "problem",
        message: `${failedIterations} of ${counted(iterations, "iteration")} of the dry run threw an exception`,
        evidence: exceptions
          .slice(0, 3)
          .map(({ message, count }) => figure("dry-run", `${count} times: ${message}`)),
      },
    ];
  },
};

function checkCalls({ model }: LintContext): readonly K6Call[] {
  return model.calls.filter(({ to }) => to === "k6.check");
}

/** The result of the call is thrown away: it stands alone, or nobody looks at what it is part of. */
function isUnheard(call: Node, { model }: LintContext): boolean {
  const parent = model.parentOf(call);
  if (parent?.type === "ExpressionStatement") return true;
  return parent?.type === "UnaryExpression" && parent.operator === "void";
}

/** Metrics by which failures show: those of requests, and whatever the script counts itself. */
function tellsFailures(metric: string, { model }: LintContext): boolean {
  if (metric === "http_req_failed" || metric === "grpc_req_failed") return true;
  return model.metrics.some(({ name, type }) => name === metric && type !== "Trend");
}

function constantChecks({ node }: K6Call, { model, at }: LintContext): Fault[] {
  const sets = model.argument(node, 1);
  const object = sets === undefined ? undefined : model.names.origin(sets);
  if (object?.type !== "ObjectExpression") return [];
  return object.properties.flatMap((property): Fault[] => {
    if (property.type !== "Property") return [];
    const verdict = verdictOf(model.names.origin(property.value as Node));
    if (verdict === undefined) return [];
    const name = staticKey(property) ?? "(computed name)";
    const [severity, words] = verdict;
    return [
      { severity, message: `the check "${name}" ${words}`, evidence: evidenceOf([at(property)]) },
    ];
  });
}

function verdictOf(value: Node): ["problem" | "info", string] | undefined {
  if (value.type === "Literal")
    return ["problem", `is a constant: it always ${value.value ? "passes" : "fails"}`];
  if (value.type === "BinaryExpression")
    return ["info", "is worked out before check() is called, not by it"];
  const isPredicate =
    value.type === "ArrowFunctionExpression" || value.type === "FunctionExpression";
  return isPredicate ? ofPredicate(value) : undefined;
}

function ofPredicate(
  value: Node & { type: "ArrowFunctionExpression" | "FunctionExpression" },
): ["problem", string] | undefined {
  const body = value.body as Node;
  if (value.async || value.generator) return undefined;
  if (body.type === "BlockStatement")
    return endsWithoutValue(body) ? ["problem", "returns nothing: it always fails"] : undefined;
  if (body.type === "Literal")
    return ["problem", body.value ? "is always true" : "is always false"];
  const isAssigning = body.type === "AssignmentExpression" && body.operator === "=";
  return isAssigning
    ? [
        "problem",
        "assigns (=) where it should compare (===): it passes whenever the value is not empty",
      ]
    : undefined;
}

/** No return statement with a value and no throw anywhere in it. */
function endsWithoutValue(node: Node): boolean {
  if (node.type === "ThrowStatement") return false;
  if (node.type === "ReturnStatement") return !node.argument;
  if (isFunction(node)) return true;
  return childrenOf(node).every(endsWithoutValue);
}

/** Parses of the checked response that stand before the check, in the same block and unguarded. */
function earlyParses({ node }: K6Call, { model, at }: LintContext): Fault[] {
  const checked = model.argument(node, 0);
  const response = checked === undefined ? undefined : model.names.bindingOf(checked);
  if (response === undefined || checked === undefined) return [];
  const before = statementsBefore(node, model);
  const parses = before.flatMap((statement) => parsesOf(statement, { response, model }));
  if (parses.length === 0) return [];
  return [
    {
      severity: "warning",
      message: `the body of ${response.name} is parsed before ${response.name} is checked: an answer that is not JSON throws, and no check is counted`,
      evidence: evidenceOf([at(parses[0]!), at(node, "the check")]),
    },
  ];
}

type Model = LintContext["model"];

function statementsBefore(node: Node, model: Model): Node[] {
  let statement = node;
  for (const each of model.ancestorsOf(node)) {
    if (each.type === "BlockStatement") {
      const body = each.body as Node[];
      const isGuarded = model.parentOf(each)?.type === "TryStatement";
      return isGuarded ? [] : body.slice(0, body.indexOf(statement));
    }
    statement = each;
  }
  return [];
}

/** Only code that certainly runs: no branch, no try, no function. */
function parsesOf(
  node: Node,
  about: { response: NonNullable<ReturnType<Model["names"]["bindingOf"]>>; model: Model },
): Node[] {
  const isConditional =
    /^(?:If|Try|Switch|While|DoWhile|For|ForOf|ForIn)Statement$|^(?:Logical|Conditional)Expression$|^ChainExpression$/u;
  if (isConditional.test(node.type) || isFunction(node)) return [];
  const isParse = node.type === "CallExpression" && parsed(node, about);
  return isParse ? [node] : childrenOf(node).flatMap((child) => parsesOf(child, about));
}

/** `JSON.parse(res.body)`, `res.json(…)`. */
function parsed(
  call: Node & { type: "CallExpression" },
  { response, model }: { response: unknown; model: Model },
): boolean {
  const callee = call.callee as Node;
  if (callee.type !== "MemberExpression") return false;
  const isResponse = (node: Node): boolean => model.names.bindingOf(node) === response;
  if (staticKey(callee) === "json") return isResponse(callee.object as Node);
  const [body] = call.arguments as Node[];
  return (
    staticKey(callee) === "parse" &&
    model.names.globalOf(callee.object as Node) === "JSON" &&
    body?.type === "MemberExpression" &&
    staticKey(body) === "body" &&
    isResponse(body.object as Node)
  );
}
