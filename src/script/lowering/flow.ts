/**
 * Where function values may flow: a graph of vertices (bindings, property names, parameters, results), each with the
 * set of tokens that may reach it. Tokens move along edges; a rule at a vertex runs once for each token that arrives
 * and may add edges and tokens. The solution is the least one, so the order of work does not matter.
 * Field-based: a property name is one vertex a group of code, whatever the object.
 */
import type { Node, WaitingNode } from "./syntax.ts";

/** A function of the bundle, or a class without a constructor. */
export interface FunctionToken {
  readonly kind: "function";
  readonly node: WaitingNode;
  readonly group: number;
  readonly parameters: readonly number[];
  /** Vertex of a rest parameter or `arguments`; 0 when there is none. */
  readonly rest: number;
  /** Index of the first argument that goes to `rest`. */
  readonly restFrom: number;
  readonly result: number;
}

/** Something that flows. */
export type Token =
  | FunctionToken
  /** A call of it may wait. */
  | { readonly kind: "blocking" }
  /** A k6 module's namespace. */
  | { readonly kind: "module"; readonly specifier: string }
  /** An object of a package: reading a member of it also reads the package's names. */
  | { readonly kind: "package"; readonly group: number }
  /** An object or array literal: handed to a package, its members become the package's names. */
  | {
      readonly kind: "literal";
      readonly node: Node;
      readonly group: number;
      readonly members: Members;
    }
  /** The thunk of a CommonJS module: a call gives the module's exports. */
  | { readonly kind: "thunk"; readonly group: number };

/** Members of a literal: name (undefined for elements) and the vertex of the value. */
export type Members = readonly (readonly [name: string | undefined, value: number])[];

export type Rule = (token: Token) => void;

interface Vertex {
  readonly group: number;
  readonly tokens: Set<Token>;
  readonly targets: Set<number>;
  readonly rules: Rule[];
  /** Tokens that arrived and have not moved on. */
  pending: Token[];
}

/** The vertex of values that cannot hold a function: nothing ever arrives there. */
export const nothing = 0;

export class FlowGraph {
  readonly #vertices: Vertex[] = [createVertex(-1)];
  readonly #names = new Map<string, number>();
  /** Vertices with pending tokens. */
  readonly #work: Vertex[] = [];
  /** Told of each literal that arrives at a vertex of another group. */
  onForeignLiteral: ((token: Token & { kind: "literal" }, group: number) => void) | undefined;

  vertex(group: number): number {
    this.#vertices.push(createVertex(group));
    return this.#vertices.length - 1;
  }

  /** The vertex of a property name in a group; of the elements of its arrays and maps when the name is undefined. */
  name(group: number, name: string | undefined): number {
    const key = name === undefined ? `${group}` : `${group} ${name}`;
    let vertex = this.#names.get(key);
    if (vertex === undefined) {
      vertex = this.vertex(group);
      this.#names.set(key, vertex);
    }
    return vertex;
  }

  tokens(vertex: number): ReadonlySet<Token> {
    return this.at(vertex).tokens;
  }

  add(vertex: number, token: Token): void {
    if (vertex === nothing) return;
    this.#arrive(this.at(vertex), token);
  }

  edge(from: number, to: number): void {
    if (from === nothing || to === nothing || from === to) return;
    const { targets, tokens } = this.at(from);
    if (targets.has(to)) return;
    targets.add(to);
    for (const token of tokens) this.add(to, token);
  }

  /** Runs `rule` for each token at the vertex, now and later. */
  rule(vertex: number, rule: Rule): void {
    if (vertex === nothing) return;
    const { rules, tokens } = this.at(vertex);
    rules.push(rule);
    for (const token of Array.from(tokens)) rule(token);
  }

  solve(): void {
    for (let vertex = this.#work.pop(); vertex !== undefined; vertex = this.#work.pop()) {
      const batch = vertex.pending;
      vertex.pending = [];
      for (const index of vertex.targets) {
        const target = this.at(index);
        for (const token of batch) this.#arrive(target, token);
      }
      // A rule may add rules to this vertex; those have seen the batch when they were added.
      const { length } = vertex.rules;
      for (const token of batch) {
        if (token.kind === "literal") this.#tellForeign(token, vertex.group);
        for (let rule = 0; rule < length; rule += 1) vertex.rules[rule]?.(token);
      }
    }
  }

  #arrive(vertex: Vertex, token: Token): void {
    if (vertex.tokens.has(token)) return;
    vertex.tokens.add(token);
    if (vertex.pending.length === 0) this.#work.push(vertex);
    vertex.pending.push(token);
  }

  #tellForeign(token: Token & { kind: "literal" }, group: number): void {
    if (group > 0 && token.group !== group) this.onForeignLiteral?.(token, group);
  }

  private at(index: number): Vertex {
    return this.#vertices[index]!;
  }
}

function createVertex(group: number): Vertex {
  return { group, tokens: new Set(), targets: new Set(), rules: [], pending: [] };
}
