/** What goes from setup() into the run: requests that count, tokens that end, values that do not arrive; and who logs in. */
import { isFunction, staticKey, type FunctionNode, type Node } from "../../script/index.ts";
import { peakVus, runDurationMs } from "../load.ts";
import { httpCalls } from "../model/http-calls.ts";
import { evidenceOf, type Fault, figure, type LintContext, type Rule } from "../rule.ts";
import { plannedThresholds } from "../thresholds.ts";
import { counted, lengthText } from "../wording.ts";

export const setupInMetrics: Rule = {
  id: "setup-in-metrics",
  title: "Requests of setup() count in the thresholds",
  why:
    "Requests that setup() makes are samples as any other: logins and data loading stand in the same percentiles and error rates as the " +
    "load (grafana/k6 issues 891, 1836).",
  fix: 'judge the load alone: "http_req_duration{scenario:default}"; what setup() sends has no scenario tag',
  severities: ["warning", "info"],
  looksAt: "script and dry run",
  needs: [],
  check(context) {
    const { model, plan, trial, at } = context;
    const setup = model.exported("setup");
    if (setup === undefined || plan.options.noSetup) return [];
    const requests = setupRequests(setup, context);
    const mixed = plannedThresholds(plan).filter(
      ({ subject }) =>
        subject.metricName.startsWith("http_req") && !Object.keys(subject.selector).length,
    );
    if (requests.length === 0 || mixed.length === 0) return [];
    const isLoop = requests.some((node) => isInLoop(node, { setup, model }));
    return [
      {
        severity: isLoop ? "warning" : "info",
        message: `requests of setup()${isLoop ? ", made in a loop," : ""} count in ${[...new Set(mixed.map(({ key }) => key))].join(", ")}`,
        evidence: [
          ...evidenceOf(requests.map((node) => at(node))),
          ...(trial === undefined
            ? []
            : [figure("dry-run", `${counted(trial.setupRequests, "request")} in setup()`)]),
        ],
      },
    ];
  },
};

function setupRequests(setup: FunctionNode, { model }: LintContext): Node[] {
  return model.calls
    .filter(
      ({ to, node }) =>
        to.startsWith("k6/http.") && to !== "k6/http.url" && model.isReachedFrom(setup, node),
    )
    .filter(({ to }) => !/cookieJar|CookieJar|setResponseCallback|expectedStatuses|file$/u.test(to))
    .map(({ node }) => node);
}

function isInLoop(
  node: Node,
  { setup, model }: { setup: FunctionNode; model: LintContext["model"] },
): boolean {
  for (const each of model.ancestorsOf(node)) {
    if (each === setup) return false;
    if (/^(?:For|ForOf|ForIn|While|DoWhile)Statement$/u.test(each.type)) return true;
  }
  return false;
}

/** Access tokens of an hour are common; a shorter run hardly outlives one. */
const tokenLifeMs = 3_600_000;

export const setupTokenExpires: Rule = {
  id: "setup-token-expires",
  title: "A token of setup() may end before the run",
  why:
    "setup() runs once. A token that it fetches is the same for all VUs until the end; when it expires in the middle of a soak every request " +
    "fails with 401 (grafana/k6 issues 3268, 4880).",
  fix: "renew the token in the iteration before it expires, or fetch one a VU and keep its time",
  severities: ["warning"],
  looksAt: "script",
  needs: [],
  check(context) {
    const { model, plan, at } = context;
    const setup = model.exported("setup");
    const durationMs = runDurationMs(plan);
    if (setup === undefined || plan.options.noSetup || durationMs <= tokenLifeMs) return [];
    const logins = setupRequests(setup, context);
    const text = [...model.script.files.values()].join("\n");
    const usesToken = /\b(?:authorization|bearer)\b/iu.test(text) && /token|jwt/iu.test(text);
    const renews = /refresh|renew|expire|\b401\b/iu.test(text);
    const takesData = plan.scenarios.some(
      ({ exec }) => (model.exported(exec)?.params.length ?? 0) > 0,
    );
    if (logins.length === 0 || !usesToken || renews || !takesData) return [];
    return [
      {
        severity: "warning",
        message: `the run takes ${lengthText(durationMs)} and uses what setup() fetched at its start; nothing in the script renews a token`,
        evidence: evidenceOf(logins.map((node) => at(node))),
      },
    ];
  },
};

export const setupGlobal: Rule = {
  id: "setup-global",
  title: "A variable set in setup() is read by the VUs",
  why:
    "Every VU has module state of its own, and setup() runs in none of them: what it writes into a variable of the module never arrives; " +
    "only what it returns does (k6 documentation, Test lifecycle).",
  fix: "return the value from setup() and take it as the parameter of the iteration's function",
  severities: ["problem"],
  looksAt: "script",
  needs: [],
  check(context) {
    const { model, plan, at } = context;
    const setup = model.exported("setup");
    if (setup === undefined) return [];
    const entries = plan.scenarios.flatMap(({ exec }) => model.exported(exec) ?? []);
    const isInVu = (node: Node): boolean =>
      entries.some((entry) => model.isReachedFrom(entry, node));
    const seen = new Set<unknown>();
    return model.nodes.flatMap((node): Fault[] => {
      const binding = model.names.bindingOf(node);
      if (binding?.topLevel !== true || seen.has(binding)) return [];
      seen.add(binding);
      const writes = model.names.assignmentsOf(binding);
      const isOnlySetup =
        writes.length > 0 &&
        writes.every(
          (write) =>
            model.functionAround(write) !== undefined &&
            model.isReachedFrom(setup, write) &&
            !isInVu(write),
        );
      if (!isOnlySetup) return [];
      const reads = (model.names.references.get(binding) ?? []).filter(
        (reference) => !writes.includes(reference) && isInVu(reference),
      );
      if (reads.length === 0) return [];
      return [
        {
          severity: "problem",
          message: `${binding.name} is set in setup() and read by the VUs, who never see that value`,
          evidence: evidenceOf([at(writes[0]!, "set here"), at(reads[0]!, "read here")]),
        },
      ];
    });
  },
};

export const oneIdentity: Rule = {
  id: "one-identity",
  title: "All VUs are the same user",
  why:
    "One account for all VUs is answered from caches, waits for its own row locks and meets limits that are meant for one user: the figures " +
    "are those of no real crowd (grafana/k6 issue 1726).",
  fix: "take credentials from a SharedArray, one row a VU: users[exec.vu.idInTest % users.length]",
  severities: ["warning"],
  looksAt: "script and dry run",
  needs: [],
  check(context) {
    if (peakVus(context.plan) < 2) return [];
    const constant = constantCredentials(context);
    return constant.length > 0 ? constant : oneAuthorization(context);
  },
};

const credential = /^(?:user_?name|user_?id|email|e_?mail|login|phone|password|passwd)$/iu;

/** Credentials written into the body of a request that VUs send. */
function constantCredentials({ model, plan, at }: LintContext): Fault[] {
  const entries = plan.scenarios.flatMap(({ exec }) => model.exported(exec) ?? []);
  const bodies = httpCalls(model).filter(
    ({ body, call }) =>
      body !== undefined && entries.some((each) => model.isReachedFrom(each, call)),
  );
  const fields = bodies.flatMap(({ body }) => {
    const object = jsonObject(body!, model);
    if (object?.type !== "ObjectExpression") return [];
    const named = object.properties.flatMap((each) =>
      each.type === "Property" && credential.test(staticKey(each) ?? "") ? [each] : [],
    );
    const isConstant = named.every((each) => model.textOf(each.value as Node) !== undefined);
    return isConstant && named.length > 1 ? named.slice(0, 1) : [];
  });
  if (fields.length === 0) return [];
  return [
    {
      severity: "warning",
      message: `up to ${counted(peakVus(plan), "VU")} log in with the same constant credentials`,
      evidence: evidenceOf(fields.map((each) => at(each as Node))),
    },
  ];
}

function jsonObject(body: Node, model: LintContext["model"]): Node | undefined {
  const origin = model.names.origin(body);
  if (origin.type !== "CallExpression") return origin;
  const callee = origin.callee as Node;
  const isJson =
    callee.type === "MemberExpression" &&
    staticKey(callee) === "stringify" &&
    model.names.globalOf(callee.object as Node) === "JSON";
  const [first] = origin.arguments as Node[];
  return isJson && first !== undefined ? model.names.origin(first) : undefined;
}

function oneAuthorization({ trial, plan }: LintContext): Fault[] {
  if (trial === undefined || trial.authorizations !== 1 || trial.vus < 2) return [];
  return [
    {
      severity: "warning",
      message: `all VUs send the same Authorization header: up to ${counted(peakVus(plan), "VU")} are one user`,
      evidence: [
        figure(
          "dry-run",
          `1 Authorization header over ${trial.vus} VUs and ${counted(trial.iterations, "iteration")}`,
        ),
      ],
    },
  ];
}

export const environmentAsState: Rule = {
  id: "environment-as-state",
  title: "__ENV is written to",
  why: "Every VU has a copy of __ENV: what one writes no other reads, and what setup() writes none does (grafana/k6 issues 3043, 6032).",
  fix: "return shared values from setup(), and keep a VU's own in a variable",
  severities: ["warning"],
  looksAt: "script",
  needs: [],
  check: ({ model, at }) =>
    model.nodes.flatMap((node): Fault[] => {
      if (node.type !== "AssignmentExpression" || node.left.type !== "MemberExpression") return [];
      if (model.names.globalOf(node.left.object as Node) !== "__ENV") return [];
      if (![...model.ancestorsOf(node)].some(isFunction)) return [];
      return [
        {
          severity: "warning",
          message: "__ENV is set inside a function: only this VU sees it",
          evidence: evidenceOf([at(node)]),
        },
      ];
    }),
};
