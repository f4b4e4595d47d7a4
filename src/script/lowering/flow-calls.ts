/**
 * What a call does in the flow graph: arguments to parameters, results to the call, callbacks of built-in methods,
 * and the idioms of the bundler (its helpers wrap modules in functions).
 */
import type * as acorn from "acorn";
import { callbackMethodOf, callbacksOf } from "./call-kinds.ts";
import type { FlowBuilder } from "./flow-builder.ts";
import { nothing, type FunctionToken, type Token } from "./flow.ts";
import { staticKey, type CallNode, type Node } from "./syntax.ts";

interface Argument {
  readonly value: number;
  readonly spread: boolean;
}

interface Link {
  readonly callee: number;
  readonly args: readonly Argument[];
  readonly result: number;
}

/** Visits a call; the vertex of its result. */
export function linkCall(builder: FlowBuilder, node: CallNode): number {
  const callee = (node.type === "TaggedTemplateExpression" ? node.tag : node.callee) as Node;
  const result = builder.graph.vertex(builder.group);
  const idiom = linkIdiom(builder, node, result);
  if (idiom) return result;
  const object =
    callee.type === "MemberExpression" ? builder.visit(callee.object as Node) : nothing;
  const target =
    callee.type === "MemberExpression"
      ? builder.read(object, builder.memberName(callee))
      : builder.visit(callee);
  const args = visitArguments(builder, node);
  const reached = linkIndirect(builder, { node, object, args, result });
  linkFunctions(builder, { callee: target, args, result });
  const callbacks = linkMethod(builder, { node, object, args, result });
  const pessimistic = reached !== undefined || isOpaque(builder, callee);
  builder.calls.set(node, { callee: reached ?? target, callbacks, pessimistic });
  return result;
}

function visitArguments(builder: FlowBuilder, node: CallNode): Argument[] {
  if (node.type === "TaggedTemplateExpression") {
    const holes = node.quasi.expressions.map((hole) => builder.visit(hole as Node));
    return [nothing, ...holes].map((value) => ({ value, spread: false }));
  }
  return (node.arguments as Node[]).map((argument) => {
    const spread = argument.type === "SpreadElement";
    const value = builder.visit(argument);
    return { value: spread ? builder.read(value, undefined) : value, spread };
  });
}

/** Callees whose empty set says nothing: local names, computed members, results of calls. */
function isOpaque(builder: FlowBuilder, callee: Node): boolean {
  if (callee.type === "Identifier") {
    const binding = builder.tree.bindings.get(callee);
    return binding !== undefined && binding.kind !== "import";
  }
  if (callee.type === "MemberExpression") return staticKey(callee) === undefined;
  return callee.type !== "Super";
}

/** Ties a callee to arguments and result, for each function that reaches it. */
function linkFunctions(builder: FlowBuilder, link: Link): void {
  const { graph, group } = builder;
  graph.rule(link.callee, (token) => {
    if (token.kind === "function") linkFunction(builder, token, { ...link, group });
    else if (token.kind === "thunk") {
      graph.edge(graph.name(token.group, "exports"), link.result);
      if (token.group > 0) graph.add(link.result, builder.packageToken(token.group));
    } else if (token.kind === "blocking") {
      // group(name, f) returns what f returns.
      for (const { value } of link.args) linkResult(builder, value, link.result);
    }
  });
}

function linkResult(builder: FlowBuilder, callback: number, result: number): void {
  builder.graph.rule(callback, (token) => {
    if (token.kind === "function") builder.graph.edge(token.result, result);
  });
}

function linkFunction(
  builder: FlowBuilder,
  token: FunctionToken,
  link: Link & { group: number },
): void {
  const { graph } = builder;
  const { parameters, rest, restFrom } = token;
  for (const [index, { value, spread }] of link.args.entries()) {
    if (spread) for (const parameter of parameters.slice(index)) graph.edge(value, parameter);
    else graph.edge(value, parameters[index] ?? nothing);
    if (spread ? restFrom < Infinity : index >= restFrom) graph.edge(value, rest);
  }
  graph.edge(token.result, link.result);
  if (token.group === link.group) return;
  if (token.group > 0) graph.add(link.result, builder.packageToken(token.group));
  if (link.group > 0) {
    for (const parameter of parameters) graph.add(parameter, builder.packageToken(link.group));
  }
}

interface MethodCall {
  readonly node: CallNode;
  /** Vertex of the object whose method is called. */
  readonly object: number;
  readonly args: readonly Argument[];
  readonly result: number;
}

/** `f.call(…)`, `f.apply(…)`, `f.bind(…)`, `Reflect.apply(f, …)`: the vertex of `f`. */
function linkIndirect(builder: FlowBuilder, call: MethodCall): number | undefined {
  const { node, object, args, result } = call;
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return undefined;
  const name = staticKey(node.callee);
  const elements = [
    { value: builder.read(args.at(-1)?.value ?? nothing, undefined), spread: true },
  ];
  if (name === "call") {
    linkFunctions(builder, { callee: object, args: args.slice(1), result });
    return object;
  }
  if (name === "bind") {
    linkFunctions(builder, { callee: object, args: args.slice(1), result: nothing });
    builder.graph.edge(object, result);
    return undefined;
  }
  if (name !== "apply") return undefined;
  const { object: reflect } = node.callee;
  const isReflect = reflect.type === "Identifier" && reflect.name === "Reflect";
  const callee = isReflect ? (args[0]?.value ?? nothing) : object;
  linkFunctions(builder, { callee, args: elements, result });
  return callee;
}

const adding = new Set(["push", "unshift", "splice", "fill", "add", "set", "concat", "with"]);
const giving = new Set([
  "pop",
  "shift",
  "at",
  "get",
  "slice",
  "splice",
  "concat",
  "values",
  "entries",
  "flat",
  "reverse",
  "keys",
]);

/** Built-in methods: elements go in and out, callbacks are called with them. Returns the callbacks' vertices. */
function linkMethod(builder: FlowBuilder, call: MethodCall): number[] {
  const { node, object, args, result } = call;
  if (isPromiseConstruction(builder, node)) {
    const settler = { value: builder.inert(), spread: false };
    const callee = args[0]?.value ?? nothing;
    linkFunctions(builder, { callee, args: [settler, settler], result: nothing });
    return [callee];
  }
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return [];
  const { graph, group } = builder;
  const name = staticKey(node.callee) ?? "";
  const elements = graph.name(group, undefined);
  if (adding.has(name)) for (const { value } of args) graph.edge(value, elements);
  if (giving.has(name)) graph.edge(builder.read(object, undefined), result);
  const method = callbackMethodOf(node);
  if (method === undefined) return [];
  const element = { value: builder.read(object, undefined), spread: false };
  const itself = { value: object, spread: false };
  const given = { then: [itself], reduce: [element, element], reduceRight: [element, element] };
  const passed = given[method as keyof typeof given] ?? [element, element, itself];
  return callbacksOf(node, method).map((argument) => {
    const value = args[(node.arguments as Node[]).indexOf(argument)]?.value ?? nothing;
    linkFunctions(builder, { callee: value, args: passed, result: elements });
    linkResult(builder, value, result);
    graph.edge(elements, result);
    return value;
  });
}

/** `new Promise(…)` with the global of that name. */
export function isPromiseConstruction(
  scope: { readonly tree: FlowBuilder["tree"] },
  node: CallNode,
): node is acorn.NewExpression {
  if (node.type !== "NewExpression" || node.callee.type !== "Identifier") return false;
  return (
    node.callee.name === "Promise" &&
    !scope.tree.bindings.has(node.callee) &&
    node.arguments.length > 0
  );
}

/** The bundler's helpers by name. True when the call is one and all about it is done. */
function linkIdiom(builder: FlowBuilder, node: CallNode, result: number): boolean {
  if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return false;
  const { name } = node.callee;
  const idiom = idioms[name];
  const binding = builder.tree.bindings.get(node.callee);
  if (idiom === undefined || (binding !== undefined && !binding.topLevel)) return false;
  return idiom(builder, node.arguments as Node[], result);
}

type Idiom = (builder: FlowBuilder, args: readonly Node[], result: number) => boolean;

const idioms: Readonly<Record<string, Idiom>> = {
  __commonJS(builder, args, result) {
    for (const argument of args) builder.visit(argument);
    builder.graph.add(result, { kind: "thunk", group: builder.group } satisfies Token);
    return true;
  },
  __toESM(builder, args, result) {
    for (const argument of args) builder.graph.edge(builder.visit(argument), result);
    return true;
  },
  __export(builder, args) {
    const [target, getters] = args;
    builder.visit(target);
    if (getters?.type !== "ObjectExpression") return false;
    for (const property of getters.properties) {
      if (property.type !== "Property" || property.value.type !== "ArrowFunctionExpression")
        continue;
      const value = builder.visit(property.value.body as Node);
      builder.graph.edge(value, builder.graph.name(builder.group, staticKey(property)));
    }
    return true;
  },
  __require: requireModule,
  require: requireModule,
};

function requireModule(builder: FlowBuilder, args: readonly Node[], result: number): boolean {
  const [source] = args;
  if (source?.type !== "Literal" || typeof source.value !== "string") return false;
  builder.noteModule(source.value);
  builder.graph.add(result, { kind: "module", specifier: source.value });
  return true;
}
