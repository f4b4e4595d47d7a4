/**
 * Finds every place where a script could have to wait: calls, reads of members that may be getters, writes of members
 * that may be setters, and what reads an iterable that may be a generator. For each it says in which function it
 * stands, or why nothing there can wait.
 */
import type * as acorn from "acorn";
import type { SyntaxTree } from "./scopes.ts";
import {
  childrenOf,
  handlerOf,
  isFunction,
  staticKey,
  type CallNode,
  type ClassNode,
  type FunctionNode,
  type Handlers,
  type Node,
  type PatternNode,
  type WaitingNode,
  type WriteNode,
} from "./syntax.ts";

/** Where code stands. */
export interface Place {
  /** What would have to wait; undefined at the top level and in static parts of classes. */
  readonly node: WaitingNode | undefined;
  readonly group: number;
  /** Why code here cannot wait, as the end of a sentence ("a setter"). */
  readonly refused: string | undefined;
}

/** One class, for fields whose initialisers may have to wait. */
export interface ClassParts {
  readonly node: ClassNode;
  /** Its constructor, or the class itself when it has none. */
  readonly maker: WaitingNode;
  readonly superCalls: readonly acorn.CallExpression[];
  /** Fields of its objects, but for those with computed names, in their order. */
  readonly fields: readonly acorn.PropertyDefinition[];
  readonly group: number;
}

/** All places that could wait. */
export interface Candidates {
  readonly calls: ReadonlyMap<CallNode, Place>;
  readonly reads: ReadonlyMap<acorn.MemberExpression, Place>;
  readonly writes: ReadonlyMap<WriteNode, Place>;
  readonly loops: ReadonlyMap<acorn.ForOfStatement, Place>;
  readonly delegations: ReadonlyMap<acorn.YieldExpression, Place>;
  readonly spreads: ReadonlyMap<acorn.SpreadElement, Place>;
  readonly patterns: ReadonlyMap<PatternNode, Place>;
  readonly classes: ReadonlyMap<ClassNode, ClassParts>;
  /** Group of each function, and of classes without a constructor. */
  readonly groups: ReadonlyMap<WaitingNode, number>;
  /** Getters by the name that reads them. */
  readonly getters: ReadonlyMap<string, readonly FunctionNode[]>;
  /** Setters by the name that writes them. */
  readonly setters: ReadonlyMap<string, readonly FunctionNode[]>;
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

class Collector implements Candidates {
  readonly calls = new Map<CallNode, Place>();
  readonly reads = new Map<acorn.MemberExpression, Place>();
  readonly loops = new Map<acorn.ForOfStatement, Place>();
  readonly writes = new Map<WriteNode, Place>();
  readonly delegations = new Map<acorn.YieldExpression, Place>();
  readonly spreads = new Map<acorn.SpreadElement, Place>();
  readonly patterns = new Map<PatternNode, Place>();
  readonly classes = new Map<ClassNode, ClassParts>();
  readonly groups = new Map<WaitingNode, number>();
  readonly getters = new Map<string, FunctionNode[]>();
  readonly setters = new Map<string, FunctionNode[]>();
  readonly kinds = new Map<
    FunctionNode,
    "constructor" | "derivedConstructor" | "getter" | "setter"
  >();
  readonly constructed = new Set<string>();
  readonly assigned = new Set<string>();
  place: Place = { node: undefined, group: 0, refused: undefined };
  /** The class around, and its calls of super(). */
  class: { parts: ClassParts; superCalls: acorn.CallExpression[] } | undefined;

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
    const refused = node.generator ? "a default value of a generator's parameter" : undefined;
    this.at({ node, refused }, () => this.visitAll(node.params as Node[]));
    this.at({ node, refused: undefined }, () => this.visit(node.body as Node));
  }

  enterClass(node: ClassNode): void {
    if (node.superClass) {
      this.noteConstructed(node.superClass as Node);
      this.visit(node.superClass as Node);
    }
    const outer = this.class;
    const { group } = this.place;
    const superCalls: acorn.CallExpression[] = [];
    const maker = constructorOf(node) ?? node;
    const parts = { node, maker, superCalls, fields: fieldsOf(node), group };
    this.classes.set(node, parts);
    this.groups.set(maker, group);
    this.class = { parts, superCalls };
    this.visit(node.body);
    this.class = outer;
  }

  noteConstructed(callee: Node): void {
    if (callee.type === "Identifier") this.constructed.add(callee.name);
    else if (callee.type === "MemberExpression") this.constructed.add(staticKey(callee) ?? "");
  }

  noteKind(node: acorn.MethodDefinition | acorn.Property | acorn.AssignmentProperty): void {
    const value = node.value as Node;
    if (!isFunction(value)) return;
    if (node.kind === "constructor") {
      const isDerived = Boolean(this.class?.parts.node.superClass);
      this.kinds.set(value, isDerived ? "derivedConstructor" : "constructor");
    } else if (node.kind === "set" || node.kind === "get") {
      this.kinds.set(value, node.kind === "set" ? "setter" : "getter");
      const name = staticKey(node) ?? "";
      const byName = node.kind === "set" ? this.setters : this.getters;
      byName.set(name, [...(byName.get(name) ?? []), value]);
    }
  }
}

function constructorOf(node: ClassNode): FunctionNode | undefined {
  const found = node.body.body.find(
    (member) => member.type === "MethodDefinition" && member.kind === "constructor",
  );
  return found === undefined
    ? undefined
    : ((found as acorn.MethodDefinition).value as FunctionNode);
}

function fieldsOf(node: ClassNode): acorn.PropertyDefinition[] {
  return node.body.body.filter(
    (member): member is acorn.PropertyDefinition =>
      member.type === "PropertyDefinition" && !member.static && !member.computed,
  );
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

/** False when something could happen between the steps of the iterator: a default that is more than a plain value. */
function isPlainPattern(pattern: acorn.ArrayPattern): boolean {
  return pattern.elements.every((element) => {
    if (element?.type !== "AssignmentPattern") return true;
    return element.right.type === "Literal" || element.right.type === "Identifier";
  });
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
    const waits = !node.static && !node.computed;
    const place = waits
      ? { node: collector.class?.parts.maker, refused: undefined }
      : {
          node: undefined,
          refused: "the initialiser of a static field or one with a computed name",
        };
    collector.at(place, () => collector.visit(value as Node));
  },
  StaticBlock(collector, node) {
    const refused = "a static block";
    collector.at({ node: undefined, refused }, () => collector.visitAll(node.body as Node[]));
  },
  CallExpression(collector, node) {
    collector.calls.set(node, collector.place);
    if (node.callee.type === "Super") collector.class?.superCalls.push(node);
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
  SpreadElement(collector, node) {
    collector.spreads.set(node, collector.place);
    collector.visit(node.argument as Node);
  },
  ObjectExpression(collector, node) {
    // A spread here reads members, not an iterator.
    for (const property of node.properties) {
      collector.visit((property.type === "SpreadElement" ? property.argument : property) as Node);
    }
  },
  VariableDeclarator(collector, node) {
    if (node.id.type === "ArrayPattern" && node.init && isPlainPattern(node.id))
      collector.patterns.set(node, collector.place);
    collector.visitAll(childrenOf(node));
  },
  AssignmentExpression(collector, node) {
    if (node.left.type === "MemberExpression") collector.writes.set(node, collector.place);
    else if (node.left.type === "ArrayPattern" && isPlainPattern(node.left))
      collector.patterns.set(node, collector.place);
    collector.visitTarget(node.left as Node);
    collector.visit(node.right as Node);
  },
  UpdateExpression(collector, node) {
    if (node.argument.type === "MemberExpression") collector.writes.set(node, collector.place);
    collector.visitTarget(node.argument as Node);
  },
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
