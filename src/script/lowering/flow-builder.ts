/**
 * The state of building a flow graph: vertices of bindings and members, and what assignments, functions and classes
 * do to them. Expressions are in flow-expressions.ts, calls in flow-calls.ts.
 */
import type * as acorn from "acorn";
import { catalog, isBlockingExport } from "../catalog.ts";
import { FlowGraph, nothing, type FunctionToken, type Members, type Token } from "./flow.ts";
import type { Binding, SyntaxTree } from "./scopes.ts";
import {
  childrenOf,
  handlerOf,
  staticKey,
  type CallNode,
  type ClassNode,
  type FunctionNode,
  type Handlers,
  type Node,
} from "./syntax.ts";

/** Stands for the members of the user's code whose names are computed. */
const computedName = " computed";

export const blockingToken: Token = { kind: "blocking" };
/** A known value that never waits when called: it keeps the set of its vertex from being empty. */
const inertToken: Token = { kind: "package", group: -1 };

/** What colouring asks of one call. */
export interface CallVertices {
  /** What is called. */
  readonly callee: number;
  /** Functions that a built-in method calls back. */
  readonly callbacks: readonly number[];
  /** An empty set means that the analysis lost sight, not that nothing is called. */
  readonly pessimistic: boolean;
}

/** The solved flow of a bundle. */
export interface SolvedFlow {
  readonly graph: FlowGraph;
  readonly calls: ReadonlyMap<CallNode, CallVertices>;
  /** Classes without a constructor → the vertex of what they extend. */
  readonly makers: ReadonlyMap<ClassNode, number>;
}

export class FlowBuilder implements SolvedFlow {
  readonly graph: FlowGraph = new FlowGraph();
  readonly calls: Map<CallNode, CallVertices> = new Map();
  readonly makers: Map<ClassNode, number> = new Map();
  readonly tree: SyntaxTree;
  readonly #handlers: Handlers<FlowBuilder, number>;
  group = 0;
  /** Vertex of the class that the class around extends. */
  superClass: number = nothing;
  result: number = nothing;
  readonly #bindings = new Map<Binding, number>();
  readonly #packages = new Map<number, Token>();
  readonly #blockingMethods = new Set<string>();
  readonly #linked = new Map<Token, Set<number>>();

  constructor(tree: SyntaxTree, handlers: Handlers<FlowBuilder, number>) {
    this.tree = tree;
    this.#handlers = handlers;
    this.graph.onForeignLiteral = (literal, group) => this.#linkLiteral(literal, group);
    for (const statement of tree.program.body) {
      if (statement.type === "ImportDeclaration") this.noteModule(String(statement.source.value));
    }
  }

  /** Makes the names of a module's waiting methods known, as it is imported. */
  noteModule(specifier: string): void {
    for (const name of catalog[specifier]?.blockingMethods ?? []) this.#blockingMethods.add(name);
  }

  /** Visits a node; the vertex of its value. */
  visit(node: Node | null | undefined): number {
    if (!node) return nothing;
    const handler = handlerOf(this.#handlers, node);
    if (handler !== undefined) return handler(this, node);
    for (const child of childrenOf(node)) this.visit(child);
    return nothing;
  }

  /** A new vertex into which all of `sources` flow. */
  join(...sources: number[]): number {
    const real = sources.filter((source) => source !== nothing);
    if (real.length < 2) return real[0] ?? nothing;
    const vertex = this.graph.vertex(this.group);
    for (const source of real) this.graph.edge(source, vertex);
    return vertex;
  }

  holding(token: Token): number {
    const vertex = this.graph.vertex(this.group);
    this.graph.add(vertex, token);
    return vertex;
  }

  inert(): number {
    return this.holding(inertToken);
  }

  packageToken(group: number): Token {
    let token = this.#packages.get(group);
    if (token === undefined) {
      token = { kind: "package", group };
      this.#packages.set(group, token);
    }
    return token;
  }

  binding(identifier: acorn.Identifier): number {
    const binding = this.tree.bindings.get(identifier);
    if (binding === undefined) return nothing;
    let vertex = this.#bindings.get(binding);
    if (vertex === undefined) {
      vertex = this.graph.vertex(this.group);
      this.#bindings.set(binding, vertex);
    }
    return vertex;
  }

  /** A name is declared here: if it is a package's own, whoever reads it holds the package. */
  declare(identifier: acorn.Identifier): number {
    const vertex = this.binding(identifier);
    if (this.group > 0 && this.tree.bindings.get(identifier)?.topLevel === true) {
      this.graph.add(vertex, this.packageToken(this.group));
    }
    return vertex;
  }

  /** What `object.name` (any element when undefined) may be, read from this group. */
  read(object: number, name: string | undefined): number {
    const { graph, group } = this;
    const value = graph.vertex(group);
    graph.edge(graph.name(group, name), value);
    // The user's members with computed names may be read by any name.
    if (name !== undefined && group === 0) graph.edge(graph.name(0, computedName), value);
    if (name !== undefined && this.#blockingMethods.has(name)) graph.add(value, blockingToken);
    graph.rule(object, (token) => {
      if (token.kind === "module") this.#readModule(token, name, value);
      else if (token.kind === "literal" && name === undefined) {
        for (const [, member] of token.members) graph.edge(member, value);
      } else if (token.kind === "package" && token.group > 0) {
        graph.add(value, token);
        if (token.group !== group) graph.edge(graph.name(token.group, name), value);
        if (name === "default") graph.edge(object, value);
      }
    });
    return value;
  }

  #readModule(token: Token & { kind: "module" }, name: string | undefined, value: number): void {
    const { blocking = [] } = catalog[token.specifier] ?? {};
    if (name === "default") this.graph.add(value, token);
    if (name === undefined ? blocking.length > 0 : isBlockingExport(token.specifier, name)) {
      this.graph.add(value, blockingToken);
    }
  }

  write(object: number, name: string | undefined, value: number): void {
    const { graph } = this;
    this.define(name, value);
    graph.rule(object, (token) => {
      if (token.kind === "package" && token.group > 0) {
        graph.edge(value, graph.name(token.group, name));
      }
    });
  }

  /** A member of this group gets a value. */
  define(name: string | undefined, value: number): void {
    this.graph.edge(value, this.graph.name(this.group, name));
    if (name === undefined && this.group === 0) {
      this.graph.edge(value, this.graph.name(0, computedName));
    }
  }

  /** A value goes into a pattern: declared names, or targets of an assignment. */
  assign(target: Node, value: number): void {
    const handler = handlerOf(targetHandlers, target);
    if (handler === undefined) this.visit(target);
    else handler({ builder: this, value }, target);
  }

  /** The static name of a key, whose expression is visited when it is computed. */
  memberName(
    node:
      | acorn.MemberExpression
      | acorn.Property
      | acorn.AssignmentProperty
      | acorn.MethodDefinition
      | acorn.PropertyDefinition,
  ): string | undefined {
    if (node.computed) {
      this.visit((node.type === "MemberExpression" ? node.property : node.key) as Node);
    }
    return staticKey(node);
  }

  function(node: FunctionNode): FunctionToken {
    const { graph, group } = this;
    const info = this.tree.functions.get(node);
    const restIndex = node.params.findIndex((parameter) => parameter.type === "RestElement");
    const token: FunctionToken = {
      kind: "function",
      node,
      group,
      parameters: node.params.map(() => graph.vertex(group)),
      rest: graph.name(group, undefined),
      restFrom: info?.usesArguments === true ? 0 : restIndex < 0 ? Infinity : restIndex,
      result: graph.vertex(group),
    };
    const outer = this.result;
    this.result = token.result;
    for (const [index, parameter] of node.params.entries()) {
      this.assign(parameter as Node, token.parameters[index] ?? nothing);
    }
    const value = this.visit(node.body as Node);
    if (node.body.type !== "BlockStatement") graph.edge(value, token.result);
    this.result = outer;
    return token;
  }

  class(node: ClassNode): number {
    const outer = this.superClass;
    const superVertex = this.visit(node.superClass as Node | null);
    const value = this.graph.vertex(this.group);
    if (node.id) this.graph.edge(value, this.declare(node.id));
    this.superClass = superVertex;
    let hasConstructor = false;
    for (const member of node.body.body) {
      if (member.type === "StaticBlock") this.visit(member);
      else if (member.type === "PropertyDefinition") {
        const name = this.memberName(member);
        this.define(name, this.visit(member.value as Node | null));
      } else {
        const token = this.method(member);
        if (member.kind === "constructor") {
          hasConstructor = true;
          this.graph.add(value, token);
        }
      }
    }
    this.superClass = outer;
    if (!hasConstructor) {
      // `new` runs the constructor of the base class, and the initialisers of this one.
      this.graph.edge(superVertex, value);
      this.graph.add(value, this.maker(node));
      this.makers.set(node, superVertex);
    }
    this.graph.add(value, inertToken);
    return value;
  }

  /** What `new` calls in a class without a constructor. */
  private maker(node: ClassNode): FunctionToken {
    const { graph, group } = this;
    const ends = { rest: nothing, restFrom: Infinity, result: graph.vertex(group) };
    return { kind: "function", node, group, parameters: [], ...ends };
  }

  method(node: acorn.MethodDefinition | acorn.Property): FunctionToken {
    const { graph } = this;
    const vertex = graph.vertex(this.group);
    this.define(this.memberName(node), vertex);
    const token = this.function(node.value as acorn.FunctionExpression);
    if (node.kind === "get") graph.edge(token.result, vertex);
    else if (node.kind === "set") {
      graph.edge(graph.name(this.group, staticKey(node)), token.parameters[0] ?? nothing);
    } else if (node.kind !== "constructor") graph.add(vertex, token);
    return token;
  }

  literal(node: Node, members: Members): number {
    for (const [name, value] of members) {
      if (node.type === "ObjectExpression") this.define(name, value);
      else this.graph.edge(value, this.graph.name(this.group, undefined));
    }
    // Only the user's literals cross into packages; without theirs the graph stays small.
    if (this.group !== 0) return nothing;
    return this.holding({ kind: "literal", node, group: this.group, members });
  }

  #linkLiteral(literal: Token & { kind: "literal" }, group: number): void {
    let groups = this.#linked.get(literal);
    if (groups === undefined) {
      groups = new Set();
      this.#linked.set(literal, groups);
    }
    if (groups.has(group)) return;
    groups.add(group);
    for (const [name, value] of literal.members) {
      this.graph.edge(value, this.graph.name(group, name));
    }
  }
}

/** What takes a value: names, members, patterns. */
const targetHandlers: Handlers<{ builder: FlowBuilder; value: number }, void> = {
  Identifier: ({ builder, value }, node) => builder.graph.edge(value, builder.declare(node)),
  MemberExpression({ builder, value }, node) {
    builder.write(builder.visit(node.object as Node), builder.memberName(node), value);
  },
  AssignmentPattern({ builder, value }, node) {
    const either = builder.join(value, builder.visit(node.right as Node));
    builder.assign(node.left as Node, either);
  },
  RestElement: ({ builder, value }, node) => builder.assign(node.argument as Node, value),
  ObjectPattern({ builder, value }, node) {
    for (const property of node.properties) {
      if (property.type === "RestElement") builder.assign(property, value);
      else {
        const name = builder.memberName(property);
        builder.assign(property.value as Node, builder.read(value, name));
      }
    }
  },
  ArrayPattern({ builder, value }, node) {
    for (const element of node.elements) {
      if (element === null) continue;
      const isRest = element.type === "RestElement";
      builder.assign(element as Node, isRest ? value : builder.read(value, undefined));
    }
  },
};
