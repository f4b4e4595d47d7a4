/**
 * The script as the rules read it: which calls go to k6, which metrics it declares and what they are given, which
 * functions an entry point reaches. Reach is generous (a function that is only passed on counts as called); whoever
 * needs certainty asks for call sites, which are exact or undefined.
 */
import {
  childrenOf,
  isFunction,
  staticKey,
  type FunctionNode,
  type Node,
  type NodeOf,
  type ParsedScript,
} from "../../script/index.ts";
import { Names } from "./names.ts";

/** A call of an export of k6: `k6/http.get`. */
export interface K6Call {
  readonly node: NodeOf<"CallExpression"> | NodeOf<"NewExpression">;
  /** Module and name: `k6/http.get`, `k6.check`. */
  readonly to: string;
}

/** A metric that the script declares. */
export interface MetricDeclaration {
  readonly type: "Counter" | "Gauge" | "Rate" | "Trend";
  /** Undefined when it is computed. */
  readonly name: string | undefined;
  readonly node: NodeOf<"NewExpression">;
  /** Calls of its `add`. */
  readonly adds: readonly NodeOf<"CallExpression">[];
  /** It is handed on, so that there may be more. */
  readonly escapes: boolean;
}

export class ScriptModel {
  readonly script: ParsedScript;
  readonly names: Names;
  /** Calls of k6 in the user's own files, in source order. */
  readonly calls: readonly K6Call[];
  readonly metrics: readonly MetricDeclaration[];
  /** All nodes of the user's own files, in source order. */
  readonly nodes: readonly Node[];
  readonly #parents: ReadonlyMap<Node, Node>;
  readonly #reach = new Map<Node, ReadonlySet<Node>>();

  constructor(script: ParsedScript) {
    this.script = script;
    const { all, parents } = walk(script.tree.program as Node);
    this.#parents = parents;
    this.names = new Names(script.tree, all);
    this.nodes = ownNodes(script);
    this.calls = this.nodes.flatMap((node) => this.#k6Call(node) ?? []);
    this.metrics = this.calls.flatMap((call) => this.#metric(call) ?? []);
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  /** The nodes around a node, from the inside out. */
  *ancestorsOf(node: Node): Generator<Node> {
    for (let each = this.parentOf(node); each !== undefined; each = this.parentOf(each)) yield each;
  }

  /** The innermost function around a node; undefined for the init context. */
  functionAround(node: Node): FunctionNode | undefined {
    for (const each of this.ancestorsOf(node)) if (isFunction(each)) return each;
    return undefined;
  }

  /** The function that the script exports under a name. */
  exported(name: string): FunctionNode | undefined {
    const value = this.#exportedValue(name, isFunction);
    const origin = value === undefined ? undefined : this.names.origin(value);
    return origin !== undefined && isFunction(origin) ? origin : undefined;
  }

  /** The property of the exported `options` at a path: `["scenarios", "load", "executor"]`. */
  optionProperty(path: readonly string[]): Node | undefined {
    let value = this.#exportedValue("options", () => true);
    let property: Node | undefined;
    for (const key of path) {
      const object = value === undefined ? undefined : this.names.origin(value);
      if (object?.type !== "ObjectExpression") return undefined;
      property = object.properties.find(
        (each) => each.type === "Property" && staticKey(each) === key,
      );
      if (property?.type !== "Property") return undefined;
      value = property.value as Node;
    }
    return property;
  }

  /** The function that a call leads to, where that is certain. */
  callee(call: NodeOf<"CallExpression"> | NodeOf<"NewExpression">): FunctionNode | undefined {
    const origin = this.names.origin(call.callee as Node);
    return isFunction(origin) ? origin : undefined;
  }

  /** Every call of a function; undefined when it is also used in another way. */
  callSites(target: FunctionNode): readonly NodeOf<"CallExpression">[] | undefined {
    const name = this.#nameOf(target);
    const binding = name === undefined ? undefined : this.names.bindingOf(name);
    if (binding === undefined || this.names.origin(name!) !== target) return undefined;
    const sites: NodeOf<"CallExpression">[] = [];
    for (const reference of this.names.references.get(binding) ?? []) {
      const parent = this.parentOf(reference);
      if (parent?.type === "CallExpression" && parent.callee === reference) sites.push(parent);
      else if (parent?.type !== "ExportSpecifier") return undefined;
    }
    return sites;
  }

  /** True when the code runs when this function is called: it stands in it, or in what it reaches. */
  isReachedFrom(entry: FunctionNode | undefined, node: Node): boolean {
    if (entry === undefined) return false;
    const reached = this.#reachOf(entry);
    if (reached.has(node)) return true;
    for (const each of this.ancestorsOf(node)) if (reached.has(each)) return true;
    return false;
  }

  /** The text of a constant: a literal, or a name of one. */
  textOf(node: Node): string | undefined {
    const origin = this.names.origin(node);
    if (origin.type === "Literal" && typeof origin.value === "string") return origin.value;
    if (origin.type === "TemplateLiteral" && origin.expressions.length === 0)
      return origin.quasis[0]?.value.cooked ?? undefined;
    return undefined;
  }

  /** The argument of a call at a position; undefined also behind a spread. */
  argument(
    call: NodeOf<"CallExpression"> | NodeOf<"NewExpression">,
    index: number,
  ): Node | undefined {
    const before = call.arguments.slice(0, index + 1) as Node[];
    return before.some(({ type }) => type === "SpreadElement") ? undefined : before[index];
  }

  #k6Call(node: Node): K6Call | undefined {
    if (node.type !== "CallExpression" && node.type !== "NewExpression") return undefined;
    const found = this.names.k6Export(node.callee as Node);
    if (found === undefined || found.name === "*") return undefined;
    return { node, to: `${found.module}.${found.name}` };
  }

  #metric({ node, to }: K6Call): MetricDeclaration | undefined {
    const type = /^k6\/metrics\.(Counter|Gauge|Rate|Trend)$/u.exec(to)?.[1];
    if (type === undefined || node.type !== "NewExpression") return undefined;
    const first = this.argument(node, 0);
    const name = first === undefined ? undefined : this.textOf(first);
    const { adds, escapes } = this.#usesOf(node);
    return { type: type as MetricDeclaration["type"], name, node, adds, escapes };
  }

  /** What is done with a metric: it may be a constant, or a member of an object literal. */
  #usesOf(metric: Node): Pick<MetricDeclaration, "adds" | "escapes"> {
    const adds: NodeOf<"CallExpression">[] = [];
    let escapes = !isHeld(metric, this.parentOf(metric));
    for (const node of this.nodes) {
      const isName = node.type === "Identifier" || node.type === "MemberExpression";
      if (!isName || this.names.origin(node) !== metric || this.#isDeclaring(node)) continue;
      const add = this.#addCallOn(node);
      if (add !== undefined) adds.push(add);
      else escapes ||= this.parentOf(node)?.type !== "ExportSpecifier";
    }
    return { adds, escapes };
  }

  /** `metric.add(…)` around the mention of a metric. */
  #addCallOn(metric: Node): NodeOf<"CallExpression"> | undefined {
    const member = this.parentOf(metric);
    if (member?.type !== "MemberExpression" || member.object !== metric) return undefined;
    const call = this.parentOf(member);
    const isCall = call?.type === "CallExpression" && call.callee === member;
    return isCall && staticKey(member) === "add" ? call : undefined;
  }

  #isDeclaring(node: Node): boolean {
    const parent = this.parentOf(node);
    if (parent?.type === "VariableDeclarator") return parent.id === node;
    return parent?.type === "AssignmentExpression" && parent.left === node;
  }

  /** The identifier that a function is called by. */
  #nameOf(target: FunctionNode): Node | undefined {
    if (target.type === "FunctionDeclaration") return (target.id ?? undefined) as Node | undefined;
    const parent = this.parentOf(target);
    return parent?.type === "VariableDeclarator" ? (parent.id as Node) : undefined;
  }

  #exportedValue(name: string, isWanted: (origin: Node) => boolean): Node | undefined {
    let first: Node | undefined;
    for (const statement of this.script.tree.program.body) {
      if (statement.type !== "ExportNamedDeclaration") continue;
      for (const { exported, local } of statement.specifiers)
        if (exported.type === "Identifier" && exported.name === name) first = local as Node;
    }
    // A CommonJS file ends up as one default export, which is no function.
    const isFound = first !== undefined && isWanted(this.names.origin(first));
    return isFound ? first : this.#commonJsExport(name);
  }

  #commonJsExport(name: string): Node | undefined {
    for (const node of this.nodes) {
      if (node.type !== "AssignmentExpression" || node.left.type !== "MemberExpression") continue;
      const target = node.left;
      if (isExportsObject(target.object as Node) && staticKey(target) === name)
        return node.right as Node;
      if (!isExportsObject(target)) continue;
      const whole = this.names.origin(node.right as Node);
      if (whole.type !== "ObjectExpression") continue;
      for (const each of whole.properties)
        if (each.type === "Property" && staticKey(each) === name) return each.value as Node;
    }
    return undefined;
  }

  #reachOf(entry: FunctionNode): ReadonlySet<Node> {
    const known = this.#reach.get(entry);
    if (known !== undefined) return known;
    const reached = new Set<Node>([entry]);
    const queue: Node[] = [entry];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      for (const target of this.#mentionedIn(node)) {
        if (reached.has(target)) continue;
        reached.add(target);
        queue.push(target);
      }
    }
    this.#reach.set(entry, reached);
    return reached;
  }

  /** Functions and classes that code mentions by a name. */
  #mentionedIn(node: Node): Node[] {
    const isName = node.type === "Identifier" || node.type === "MemberExpression";
    const origin = isName ? this.names.origin(node) : node;
    if (isName && origin !== node) {
      const isCode = isFunction(origin) || origin.type === "ClassDeclaration";
      if (isCode) return [origin];
      if (origin.type === "NewExpression") return this.#mentionedIn(origin.callee as Node);
      if (origin.type === "ClassExpression" || origin.type === "ObjectExpression") return [origin];
      return [];
    }
    return childrenOf(node).flatMap((child) => this.#mentionedIn(child));
  }
}

/** `exports`, `module.exports`. */
function isExportsObject(node: Node): boolean {
  if (node.type === "Identifier") return node.name === "exports";
  return (
    node.type === "MemberExpression" &&
    node.object.type === "Identifier" &&
    node.object.name === "module" &&
    staticKey(node) === "exports"
  );
}

/** A new metric that is kept under a name that can be followed. */
function isHeld(metric: Node, parent: Node | undefined): boolean {
  if (parent?.type === "VariableDeclarator") return parent.id.type === "Identifier";
  if (parent?.type === "AssignmentExpression") return parent.left.type === "Identifier";
  return parent?.type === "Property" && parent.value === metric;
}

function walk(root: Node): { all: Node[]; parents: Map<Node, Node> } {
  const all: Node[] = [];
  const parents = new Map<Node, Node>();
  const stack: Node[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    all.push(node);
    const children = partsOf(node);
    for (const child of children) parents.set(child, node);
    stack.push(...children.toReversed());
  }
  return { all, parents };
}

/** Children, with the parts that the lowering does not walk. */
function partsOf(node: Node): Node[] {
  if (node.type === "TaggedTemplateExpression") return childrenOf(node);
  if (node.type === "ExportSpecifier") return [node.local as Node];
  if (node.type === "Property" && node.shorthand) return [node.value as Node];
  return childrenOf(node);
}

/** Nodes of top-level statements that come from the user's files. */
function ownNodes(script: ParsedScript): Node[] {
  const own = (node: Node): boolean => script.placeAt(node.start) !== undefined;
  return (script.tree.program.body as Node[]).flatMap((statement) => {
    const isOwn = own(statement) || innerOf(statement).some(own);
    return isOwn ? walk(statement).all : [];
  });
}

/** Where the code of a CommonJS file begins: inside the bundler's wrapper, which is nobody's. */
function innerOf(statement: Node): Node[] {
  if (statement.type !== "VariableDeclaration") return [];
  const init = statement.declarations[0]?.init as Node | null | undefined;
  if (init?.type !== "CallExpression" || init.arguments[0]?.type !== "ObjectExpression") return [];
  const [wrapper] = init.arguments[0].properties;
  if (wrapper?.type !== "Property" || wrapper.value.type !== "FunctionExpression") return [];
  return (wrapper.value.body.body as Node[]).slice(0, 3);
}
