/** What data and bodies cost the generator, or hide. */
import { childrenOf, staticKey, type Node } from "../../script/index.ts";
import { formatBytes } from "../../base/units.ts";
import { peakVus } from "../load.ts";
import { httpCalls } from "../model/http-calls.ts";
import { evidenceOf, type Fault, figure, type LintContext, type Rule } from "../rule.ts";
import { counted, figureText } from "../wording.ts";

/** With fewer VUs a copy each hardly matters. */
const fewVus = 10;

export const dataPerVu: Rule = {
  id: "data-per-vu",
  title: "Each VU parses its own copy of a file",
  why:
    "The init context runs once a VU, so JSON.parse(open(…)) makes a copy a VU: 20 MB of users and 1,000 VUs are 20 GB " +
    "(k6 documentation, SharedArray; grafana/k6 issue 3515).",
  fix: 'share it: new SharedArray("users", () => JSON.parse(open("./users.json")))',
  severities: ["warning"],
  looksAt: "script",
  needs: [],
  check(context) {
    const { model, plan, at } = context;
    const vus = peakVus(plan);
    if (vus < fewVus) return [];
    const shared = sharedCallbacks(model);
    const copies = model.nodes.filter(
      (node) =>
        isParsedFile(node, model) &&
        !shared.some((callback) => model.isReachedFrom(callback, node)),
    );
    if (copies.length === 0) return [];
    return [
      {
        severity: "warning",
        message: `up to ${counted(vus, "VU")} each parse and keep a copy of their own`,
        evidence: evidenceOf(copies.map((node) => at(node))),
      },
    ];
  },
};

type Model = LintContext["model"];

function sharedCallbacks(model: Model): Parameters<Model["isReachedFrom"]>[0][] {
  return model.calls.flatMap(({ node, to }) => {
    if (to !== "k6/data.SharedArray") return [];
    const callback = model.argument(node, 1);
    const origin = callback === undefined ? undefined : model.names.origin(callback);
    return origin !== undefined && /Function/u.test(origin.type)
      ? [origin as Parameters<Model["isReachedFrom"]>[0]]
      : [];
  });
}

/** `JSON.parse(open(…))`, `papaparse.parse(open(…))`, also with the text under a name. */
function isParsedFile(node: Node, model: Model): boolean {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const [text] = node.arguments as Node[];
  if (staticKey(node.callee) !== "parse" || text === undefined) return false;
  const origin = model.names.origin(text);
  return origin.type === "CallExpression" && model.names.globalOf(origin.callee as Node) === "open";
}

export const discardedBodyRead: Rule = {
  id: "discarded-body-read",
  title: "Bodies are discarded and read",
  why:
    "With discardResponseBodies a body is null: a check on it fails for every answer, and parsing it throws " +
    "(k6 documentation, Options, discardResponseBodies).",
  fix: 'ask for the bodies that are read: { responseType: "text" } in the request\'s params',
  severities: ["problem"],
  looksAt: "script",
  needs: [],
  check(context) {
    const { model, plan, at } = context;
    if (!plan.options.discardResponseBodies) return [];
    const text = [...model.script.files.values()].join("\n");
    if (text.includes("responseType")) return [];
    const reads = bodyReads(model);
    if (reads.length === 0) return [];
    return [
      {
        severity: "problem",
        message: "discardResponseBodies is on, and the script reads bodies: they are null",
        evidence: evidenceOf([
          at(model.optionProperty(["discardResponseBodies"]) ?? reads[0]!),
          ...reads.map((node) => at(node, "reads a body")),
        ]),
      },
    ];
  },
};

/** `.body`, `.json()`, `.html()` of a response: of what a request returned, or of a check's argument. */
function bodyReads(model: Model): Node[] {
  const responses = new Set(httpCalls(model).map(({ call }) => call as Node));
  const predicates = new Set(
    model.calls
      .filter(({ to }) => to === "k6.check")
      .flatMap(({ node }) => predicateParameters(node, model)),
  );
  return model.nodes.filter((node) => {
    if (node.type !== "MemberExpression" || !/^(?:body|json|html)$/u.test(staticKey(node) ?? ""))
      return false;
    const object = node.object as Node;
    const binding = model.names.bindingOf(object);
    return (
      responses.has(model.names.origin(object)) ||
      (binding !== undefined && predicates.has(binding.declaration))
    );
  });
}

function predicateParameters(call: Parameters<Model["argument"]>[0], model: Model): Node[] {
  const sets = model.argument(call, 1);
  const object = sets === undefined ? undefined : model.names.origin(sets);
  if (object?.type !== "ObjectExpression") return [];
  return object.properties.flatMap((each) => {
    const value = each.type === "Property" ? model.names.origin(each.value as Node) : undefined;
    const isPredicate =
      value?.type === "ArrowFunctionExpression" || value?.type === "FunctionExpression";
    return isPredicate && value.params[0] !== undefined ? [value.params[0] as Node] : [];
  });
}

/** Mean size from which reading bodies costs the generator something. */
const largeBody = 10_000;

export const bodiesKept: Rule = {
  id: "bodies-kept",
  title: "Large bodies are kept and nobody reads them",
  why: "Bodies that no code reads cost memory and time of the generator for nothing (k6 documentation, Running large tests).",
  fix: "set discardResponseBodies: true",
  severities: ["info"],
  looksAt: "dry run",
  needs: ["trial"],
  check({ model, plan, trial }) {
    if (trial === undefined || trial.requests === 0 || plan.options.discardResponseBodies)
      return [];
    const mean = trial.bytesReceived / trial.requests;
    const mentions = model.nodes.some(
      (node) =>
        node.type === "MemberExpression" &&
        /^(?:body|json|html|submitForm|clickLink)$/u.test(staticKey(node) ?? ""),
    );
    if (mean < largeBody || mentions || httpCalls(model).length === 0) return [];
    return [
      {
        severity: "info",
        message: `answers have ${formatBytes(mean)} in the mean, and the script reads none of their bodies`,
        evidence: [
          figure(
            "dry-run",
            `${formatBytes(trial.bytesReceived)} received in ${counted(trial.requests, "request")}`,
          ),
        ],
      },
    ];
  },
};

export const sameSequence: Rule = {
  id: "same-sequence",
  title: "All VUs walk through the data in the same order",
  why:
    "An index from __ITER alone is the same in every VU: all of them ask for the same row at the same time, which warms caches and fights " +
    "for the same locks as no crowd would.",
  fix: "use a number that no other iteration has: exec.scenario.iterationInTest, or (__VU * 1000 + __ITER) % rows.length",
  severities: ["warning"],
  looksAt: "script",
  needs: [],
  check({ model, plan, at }) {
    if (peakVus(plan) < 2) return [];
    const perVu = model.nodes.filter((node) => {
      if (node.type !== "MemberExpression" || !node.computed) return false;
      const names = namesIn(model.names.origin(node.property as Node), model);
      const isCounted =
        names.has("__ITER") ||
        names.has("vu.iterationInInstance") ||
        names.has("vu.iterationInScenario");
      return isCounted && ![...names].some((name) => name === "__VU" || name.startsWith("vu.idIn"));
    });
    if (perVu.length === 0) return [];
    return [
      {
        severity: "warning",
        message: `the index counts a VU's own iterations: ${figureText(peakVus(plan))} VUs read the same rows in the same order`,
        evidence: evidenceOf(perVu.map((node) => at(node))),
      },
    ];
  },
};

/** Globals, and members of k6/execution, in an expression. */
function namesIn(node: Node, model: Model): Set<string> {
  const exported = model.names.k6Export(node);
  if (exported?.module === "k6/execution" && exported.name !== "*")
    return new Set([exported.name.replace(/^default\./u, "")]);
  const global = model.names.globalOf(node);
  if (global !== undefined) return new Set([global]);
  const origin = model.names.origin(node);
  const parts = origin === node ? childrenOf(node) : [origin];
  return new Set(parts.flatMap((part) => [...namesIn(part, model)]));
}

export const requestArguments: Rule = {
  id: "request-arguments",
  title: "Arguments of a request in the wrong place",
  why:
    "http.get(url, params) has no body and http.post(url, body, params) has: params in the body's place are sent as a form, and headers in it " +
    "never become headers (grafana/k6 issue 5815).",
  fix: "http.get(url, params); http.post(url, body, params), with null for no body",
  severities: ["problem"],
  looksAt: "script",
  needs: [],
  check: ({ model, at }) =>
    httpCalls(model).flatMap(({ call, method }): Fault[] => {
      const words = misplaced(method, call, model);
      return words === undefined
        ? []
        : [{ severity: "problem", message: words, evidence: evidenceOf([at(call)]) }];
    }),
};

function misplaced(
  method: string,
  call: Parameters<Model["argument"]>[0],
  model: Model,
): string | undefined {
  const third = model.argument(call, 2);
  if ((method === "get" || method === "head") && third !== undefined)
    return `http.${method} takes (url, params): its third argument is passed over`;
  const takesBody = /^(?:post|put|patch|del|options)$/u.test(method);
  const body = model.argument(call, 1);
  if (!takesBody || body === undefined || call.arguments.length !== 2) return undefined;
  const object = model.names.origin(body);
  if (object.type !== "ObjectExpression") return undefined;
  const keys = object.properties.map((each) =>
    each.type === "Property" ? staticKey(each) : undefined,
  );
  const paramNames =
    /^(?:headers|tags|timeout|cookies|jar|redirects|responseType|responseCallback|auth|compression)$/u;
  const isParams =
    keys.length > 0 && keys.every((key) => key !== undefined && paramNames.test(key));
  return isParams && keys.some((key) => key === "headers" || key === "tags")
    ? `http.${method} takes (url, body, params): these params are sent as the body`
    : undefined;
}
