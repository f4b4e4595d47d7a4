/** Names and tags that take a new value all the time: each value is a set of series of its own. */
import { staticKey, type Node } from "../../script/index.ts";
import { httpCalls, isNamed, type HttpCall } from "../model/http-calls.ts";
import { propertyOf } from "../model/names.ts";
import { shapesOf, spreadOf, type Part, type Shape, type Spread } from "../model/shapes.ts";
import { evidenceOf, type Fault, figure, type LintContext, type Rule } from "../rule.ts";
import { counted } from "../wording.ts";

export const urlCardinality: Rule = {
  id: "url-cardinality",
  title: "Requests are named after URLs that vary",
  why:
    "A request without a name tag is named after its whole URL, query included. Each different URL is a set of series of its own: " +
    "figures of one endpoint fall apart, and memory grows with the data (k6 documentation, URL grouping; grafana/k6 issue 2762).",
  fix: 'name the endpoint: http.get(url, { tags: { name: "/api/search" } }), or use http.url`…`',
  severities: ["problem", "warning"],
  looksAt: "script and dry run",
  needs: [],
  check(context) {
    if (!["url", "name"].some((tag) => context.plan.options.systemTags.includes(tag))) return [];
    const stated = new Map<string, Fault>();
    // Requests of one wrapper share their URLs: told once.
    for (const call of httpCalls(context.model))
      for (const [pattern, fault] of urlFaults(call, context))
        if (!stated.has(pattern)) stated.set(pattern, fault);
    return stated.size > 0 ? [...stated.values()] : seenUrls(context);
  },
};

export const tagCardinality: Rule = {
  id: "tag-cardinality",
  title: "A tag, group or check takes a new value all the time",
  why:
    "Every combination of tag values is a series for each metric that carries it, kept until the end of the run " +
    "(k6 documentation, Tags and groups; grafana/k6 issue 2584).",
  fix: "put into tags what there are few of; what differs each time belongs into the log or into vu.metrics.metadata",
  severities: ["problem"],
  looksAt: "script",
  needs: [],
  check: (context) => [...tagFaults(context), ...nameFaults(context)],
};

function urlFaults(call: HttpCall, context: LintContext): [pattern: string, fault: Fault][] {
  const { model, at } = context;
  if (call.url === undefined || isNamed(call, model) !== false) return [];
  const worst = varyingShapes(shapesOf(call.url, model));
  return worst.map(({ shape, hole, isQuery }) => {
    const isMany = hole.spread.kind === "many";
    const fault: Fault = {
      severity: isMany ? "problem" : "warning",
      message:
        `the URL ${patternOf(shape)} varies ${isQuery ? "in its query" : "in its path"} by ${hole.spread.why}, and the request has no ` +
        `name: ${isMany ? "a new set of series each time" : `${countOf(hole.spread)} sets of series for one endpoint`}`,
      evidence: [
        ...evidenceOf([at(hole.node, "what varies"), at(call.call, "the request")]),
        ...urlsSeen(shape, context),
      ],
      fix: `name the endpoint: { tags: { name: "${endpointOf(shape)}" } } in the request's params, or use http.url\`…\``,
    };
    return [patternOf(shape), fault];
  });
}

interface Hole extends Extract<Part, { kind: "hole" }> {
  readonly spread: Extract<Spread, { kind: "few" | "many" }>;
}

interface Varying {
  readonly shape: Shape;
  readonly hole: Hole;
  readonly isQuery: boolean;
}

/** The shapes with a hole that varies: by anything without end, or by few values in the query. One a pattern. */
function varyingShapes(shapes: readonly Shape[]): readonly Varying[] {
  const found = new Map<string, Varying>();
  for (const shape of shapes) {
    let isQuery = false;
    let worst: { hole: Hole; isQuery: boolean } | undefined;
    for (const part of shape) {
      if (part.kind === "text") isQuery ||= part.text.includes("?");
      else if (isVarying(part) && (part.spread.kind === "many" || isQuery))
        // Few values in a path may be few endpoints, which should be told apart.
        worst = worst?.hole.spread.kind === "many" ? worst : { hole: part, isQuery };
    }
    if (worst !== undefined) found.set(patternOf(shape), { shape, ...worst });
  }
  return [...found.values()];
}

function isVarying(part: Part): part is Hole {
  return part.kind === "hole" && (part.spread.kind === "few" || part.spread.kind === "many");
}

/** `/search?q={}`: what is known of the text, without what is before the path. */
function patternOf(shape: Shape): string {
  const text = shape
    .map((part) => (part.kind === "text" ? part.text : "{}"))
    .join("")
    .replace(/^\{\}(?=\/)/u, "")
    .replace(/(?<=:\/\/)[^/@]+@/u, "…@");
  return text === "" ? "{}" : text;
}

function endpointOf(shape: Shape): string {
  const [path = ""] = patternOf(shape)
    .replace(/^https?:\/\/[^/]+/u, "")
    .split("?");
  return path.replaceAll("{}", ":id") || "/";
}

function countOf(spread: Hole["spread"]): string {
  return spread.kind === "few" ? String(spread.count) : "many";
}

/** What the dry run saw of a pattern. */
function urlsSeen(shape: Shape, { trial }: LintContext): Fault["evidence"] {
  const endpoint = endpointOf(shape);
  if (trial === undefined || endpoint.includes(":id")) return [];
  const urls = namesOf(trial).filter(
    (name) => name.includes("?") && pathOf(name).endsWith(endpoint),
  );
  if (urls.length < 2) return [];
  return [
    figure(
      "dry-run",
      `${urls.length} different names for ${endpoint} in ${counted(trial.iterations, "iteration")}`,
    ),
  ];
}

type Trial = NonNullable<LintContext["trial"]>;

function namesOf(trial: Trial): string[] {
  const names = trial.series
    .filter(({ metric }) => metric === "http_reqs")
    .flatMap(({ tags }) => tags["name"] ?? tags["url"] ?? []);
  return [...new Set(names)];
}

function pathOf(url: string): string {
  return url.split("?")[0] ?? url;
}

/** Of a path, what looks like an id is a hole: numbers, UUIDs, long hexadecimal. */
function templateOf(url: string): string {
  const id = /^(?:\d+|[\da-f]{8}-[\da-f-]{27}|[\da-f]{16,})$/iu;
  return pathOf(url)
    .split("/")
    .map((segment) => (id.test(segment) ? ":id" : segment))
    .join("/");
}

/** Names of the dry run that differ only in their query or in what looks like an id. */
function seenUrls({ trial }: LintContext): Fault[] {
  if (trial === undefined) return [];
  const groups = new Map<string, string[]>();
  for (const name of namesOf(trial)) {
    const template = templateOf(name);
    groups.set(template, [...(groups.get(template) ?? []), name]);
  }
  return [...groups].flatMap(([template, names]): Fault[] => {
    if (names.length < 3) return [];
    const endpoint = template.replace(/^https?:\/\/[^/]+/u, "") || "/";
    return [
      {
        severity: "warning",
        message: `${endpoint} has ${names.length} names after ${counted(trial.iterations, "iteration")}: each is a set of series of its own`,
        evidence: names.slice(0, 3).map((name) => figure("dry-run", withoutValues(name))),
        fix: `name the endpoint: { tags: { name: "${endpoint}" } } in the request's params, or use http.url\`…\``,
      },
    ];
  });
}

/** A query may hold tokens: its values are not shown. */
export function withoutValues(url: string): string {
  return url.replace(/=[^&#]*/gu, "=…").replace(/\/\/[^/@]*@/u, "//");
}

function tagFaults({ model, at }: LintContext): Fault[] {
  const objects = [
    ...httpCalls(model).flatMap(({ params }) => {
      const object = params === undefined ? undefined : model.names.origin(params);
      return object === undefined ? [] : (propertyOf(object, "tags") ?? []);
    }),
    ...model.metrics.flatMap(({ adds }) => adds.flatMap((add) => model.argument(add, 1) ?? [])),
  ];
  const seen = new Set<Node>();
  return objects.flatMap((node) => {
    const object = model.names.origin(node);
    if (object.type !== "ObjectExpression" || seen.has(object)) return [];
    seen.add(object);
    return object.properties.flatMap((property): Fault[] => {
      if (property.type !== "Property") return [];
      const spread = tagSpread(property.value as Node, model);
      if (spread === undefined) return [];
      return [
        {
          severity: "problem",
          message: `the tag ${staticKey(property) ?? "(computed)"} takes a new value all the time, by ${spread.why}`,
          evidence: evidenceOf([at(property)]),
        },
      ];
    });
  });
}

function nameFaults({ model, at }: LintContext): Fault[] {
  return model.calls.flatMap(({ node, to }): Fault[] => {
    const first = to === "k6.group" ? model.argument(node, 0) : undefined;
    const names = first === undefined ? checkNames(to, node, model) : [first];
    return names.flatMap((name): Fault[] => {
      const spread = tagSpread(name, model);
      const what = to === "k6.group" ? "group" : "check";
      if (spread === undefined) return [];
      return [
        {
          severity: "problem",
          message: `the name of this ${what} is another one all the time, by ${spread.why}`,
          evidence: evidenceOf([at(name)]),
          fix: `give the ${what} one name for all iterations`,
        },
      ];
    });
  });
}

function checkNames(
  to: string,
  node: Parameters<LintContext["model"]["argument"]>[0],
  model: LintContext["model"],
): Node[] {
  const sets = to === "k6.check" ? model.argument(node, 1) : undefined;
  const object = sets === undefined ? undefined : model.names.origin(sets);
  if (object?.type !== "ObjectExpression") return [];
  return object.properties.flatMap((each) =>
    each.type === "Property" && each.computed ? [each.key as Node] : [],
  );
}

/** Only what certainly has no end; `__VU` has one, at the number of VUs, which is enough of them. */
function tagSpread(
  node: Node,
  model: LintContext["model"],
): Extract<Spread, { kind: "many" }> | undefined {
  const spread = spreadOf(node, model);
  return spread.kind === "many" ? spread : undefined;
}
