/**
 * Finds every place where a script could have to wait: calls, reads of members that may be getters, loops over what
 * may be a generator, delegation to one. For each it says in which function it stands, or why nothing there can wait.
 */
import type * as acorn from "acorn";
import { callbackMethods, promiseMethods, type CallbackMethod } from "../runtime-callbacks.ts";
import type { SyntaxTree } from "./scopes.ts";
import {
  childrenOf,
  handlerOf,
  isFunction,
  staticKey,
  type CallNode,
  type FunctionNode,
  type Handlers,
  type Node,
} from "./syntax.ts";

/** Where code stands. */
export interface Place {
  /** The function that would have to wait; undefined at the top level and in class bodies. */
  readonly node: FunctionNode | undefined;
  readonly group: number;
  /** Why code here cannot wait, as the end of a sentence ("a setter"). */
  readonly refused: string | undefined;
}

/** All places that could wait. */
export interface Candidates {
  readonly calls: ReadonlyMap<CallNode, Place>;
  readonly reads: ReadonlyMap<acorn.MemberExpression, Place>;
  readonly loops: ReadonlyMap<acorn.ForOfStatement, Place>;
  readonly delegations: ReadonlyMap<acorn.YieldExpression, Place>;
  /** Group of each function. */
  readonly groups: ReadonlyMap<FunctionNode, number>;
  /** Getters by the name that reads them. */
  readonly getters: ReadonlyMap<string, readonly FunctionNode[]>;
  /** Constructors, setters and the like. */
  readonly kinds: ReadonlyMap<
    FunctionNode,
    "constructor" | "derivedConstructor" | "getter" | "setter"
  >;
  /** Names that stand after `new`, or after `extends`. */
  readonly constructed: ReadonlySet<string>;
  /** Names that are assigned to after their declaration, or in a pattern. */
  readonly assigned: ReadonlySet<string>;
}

export function collectCandidates(
  tree: SyntaxTree,
  groupAt: (offset: number) => number,
): Candidates {
  const collector = new Collector();
  for (const statement of tree.program.body as Node[]) {
    collector.place = { node: undefined, group: groupAt(statement.start), refused: undefined };
    collector.visit(statement);
  }
  return collector;
}

const methodNames: ReadonlySet<string> = new Set(callbackMethods);

/** The built-in method with a callback that a call may reach; undefined for other calls. */
export function callbackMethodOf(node: CallNode): CallbackMethod | undefined {
  if (node.type !== "CallExpression" || node.optional || node.arguments.length === 0)
    return undefined;
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  if (callee.property.type !== "Identifier" || callee.object.type === "Super") return undefined;
  const { name } = callee.property;
  return methodNames.has(name) ? (name as CallbackMethod) : undefined;
}

/** The arguments of such a call that are callbacks. */
export function callbacksOf(node: acorn.CallExpression, method: CallbackMethod): Node[] {
  const all = node.arguments as Node[];
  if (method === "from" || method === "replace" || method === "replaceAll") return all.slice(1, 2);
  return all.slice(0, promiseMethods.has(method) ? 2 : 1);
}

class Collector implements Candidates {
  readonly calls = new Map<CallNode, Place>();
  readonly reads = new Map<acorn.MemberExpression, Place>();
  readonly loops = new Map<acorn.ForOfStatement, Place>();
  readonly delegations = new Map<acorn.YieldExpression, Place>();
  readonly groups = new Map<FunctionNode, number>();
  readonly getters = new Map<string, FunctionNode[]>();
  readonly kinds = new Map<
    FunctionNode,
    "constructor" | "derivedConstructor" | "getter" | "setter"
  >();
  readonly constructed = new Set<string>();
  readonly assigned = new Set<string>();
  place: Place = { node: undefined, group: 0, refused: undefined };
  #derived = false;

  visit(node: Node): void {
    const handler = handlerOf(handlers, node);
    if (handler === undefined) this.visitAll(childrenOf(node));
    else handler(this, node);
  }

  visitAll(nodes: readonly Node[]): void {
    for (const node of nodes) this.visit(node);
  }

  /** Visits what is written to, or called, rather than read: its own last access is no read. */
  visitTarget(node: Node): void {
    if (node.type === "Identifier") this.assigned.add(node.name);
    if (node.type === "MemberExpression" || node.type === "ChainExpression") {
      this.visitAll(childrenOf(node.type === "ChainExpression" ? (node.expression as Node) : node));
    } else this.visit(node);
  }

  visitCallee(node: Node): void {
    if (node.type === "Identifier") this.visit(node);
    else this.visitTarget(node);
  }

  at(change: Partial<Place>, inside: () => void): void {
    const outer = this.place;
    this.place = { ...outer, ...change };
    inside();
    this.place = outer;
  }

  enterFunction(node: FunctionNode): void {
    const { group } = this.place;
    this.groups.set(node, group);
    const refused = this.kinds.get(node) === "setter" ? "a setter" : undefined;
    const inParameters = node.generator ? "a default value of a generator's parameter" : refused;
    this.at({ node, refused: inParameters }, () => this.visitAll(node.params as Node[]));
    this.at({ node, refused }, () => this.visit(node.body as Node));
  }

  enterClass(
    node: acorn.ClassDeclaration | acorn.AnonymousClassDeclaration | acorn.ClassExpression,
  ): void {
    const outer = this.#derived;
    if (node.superClass) {
      this.noteConstructed(node.superClass as Node);
      this.visit(node.superClass as Node);
    }
    this.#derived = Boolean(node.superClass);
    this.visit(node.body);
    this.#derived = outer;
  }

  noteConstructed(callee: Node): void {
    if (callee.type === "Identifier") this.constructed.add(callee.name);
    else if (callee.type === "MemberExpression") this.constructed.add(staticKey(callee) ?? "");
  }

  noteKind(node: acorn.MethodDefinition | acorn.Property | acorn.AssignmentProperty): void {
    const value = node.value as Node;
    if (!isFunction(value)) return;
    if (node.kind === "constructor") {
      this.kinds.set(value, this.#derived ? "derivedConstructor" : "constructor");
    } else if (node.kind === "set") this.kinds.set(value, "setter");
    else if (node.kind === "get") {
      this.kinds.set(value, "getter");
      const name = staticKey(node) ?? "";
      const same = this.getters.get(name);
      if (same === undefined) this.getters.set(name, [value]);
      else same.push(value);
    }
  }
}

function visitKeyed(
  collector: Collector,
  node: acorn.MethodDefinition | acorn.Property | acorn.AssignmentProperty,
): void {
  collector.noteKind(node);
  if (node.computed) collector.visit(node.key as Node);
  collector.visit(node.value as Node);
}

function visitPattern(collector: Collector, node: Node): void {
  for (const child of childrenOf(node)) {
    if (child.type === "Property") {
      if (child.computed) collector.visit(child.key as Node);
      collector.visitTarget(child.value as Node);
    } else collector.visitTarget(child);
  }
}

const handlers: Handlers<Collector, void> = {
  FunctionDeclaration: (collector, node) => collector.enterFunction(node),
  FunctionExpression: (collector, node) => collector.enterFunction(node),
  ArrowFunctionExpression: (collector, node) => collector.enterFunction(node),
  ClassDeclaration: (collector, node) => collector.enterClass(node),
  ClassExpression: (collector, node) => collector.enterClass(node),
  MethodDefinition: visitKeyed,
  Property: visitKeyed,
  PropertyDefinition(collector, node) {
    if (node.computed) collector.visit(node.key as Node);
    const { value } = node;
    if (!value) return;
    const refused = "a field initialiser";
    collector.at({ node: undefined, refused }, () => collector.visit(value as Node));
  },
  StaticBlock(collector, node) {
    const refused = "a static block";
    collector.at({ node: undefined, refused }, () => collector.visitAll(node.body as Node[]));
  },
  CallExpression(collector, node) {
    const { place } = collector;
    const isSuper = node.callee.type === "Super";
    const refused = "super(), whose constructor blocks";
    collector.calls.set(node, isSuper ? { ...place, refused } : place);
    collector.visitCallee(node.callee as Node);
    collector.visitAll(node.arguments as Node[]);
  },
  NewExpression(collector, node) {
    collector.calls.set(node, collector.place);
    collector.noteConstructed(node.callee as Node);
    collector.visitAll(childrenOf(node));
  },
  TaggedTemplateExpression(collector, node) {
    collector.calls.set(node, collector.place);
    collector.visitCallee(node.tag as Node);
    collector.visit(node.quasi);
  },
  MemberExpression(collector, node) {
    if (node.object.type !== "Super") collector.reads.set(node, collector.place);
    collector.visit(node.object as Node);
    if (node.computed) collector.visit(node.property as Node);
  },
  AssignmentExpression(collector, node) {
    collector.visitTarget(node.left as Node);
    collector.visit(node.right as Node);
  },
  UpdateExpression: (collector, node) => collector.visitTarget(node.argument as Node),
  UnaryExpression(collector, node) {
    if (node.operator === "delete") collector.visitTarget(node.argument as Node);
    else collector.visit(node.argument as Node);
  },
  ObjectPattern: visitPattern,
  ArrayPattern: visitPattern,
  RestElement: (collector, node) => collector.visitTarget(node.argument as Node),
  AssignmentPattern(collector, node) {
    collector.visitTarget(node.left as Node);
    collector.visit(node.right as Node);
  },
  ForInStatement(collector, node) {
    collector.visitTarget(node.left as Node);
    collector.visitAll([node.right as Node, node.body as Node]);
  },
  ForOfStatement(collector, node) {
    if (!node.await) collector.loops.set(node, collector.place);
    collector.visitTarget(node.left as Node);
    collector.visitAll([node.right as Node, node.body as Node]);
  },
  YieldExpression(collector, node) {
    if (node.delegate) collector.delegations.set(node, collector.place);
    collector.visitAll(childrenOf(node));
  },
};
