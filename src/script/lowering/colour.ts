/**
 * Decides which functions may wait ("red") and at which places the lowering must look ("sites"): from the calls that
 * wait for sure, through callers, to a fixed point. Too many only cost a comparison each; too few are caught at run
 * time. Lost sight counts as red in the user's own code, not in packages, whose growth would be the user's price.
 */
import type * as acorn from "acorn";
import { type HelpedMethod, promiseMethods } from "../runtime-callbacks.ts";
import {
  callbackMethodOf,
  callbacksOf,
  isStringify,
  readsIterable,
  steppedMethodOf,
} from "./call-kinds.ts";
import type { Candidates, ClassParts, Place } from "./collect.ts";
import type { CallVertices } from "./flow-builder.ts";
import { isPromiseConstruction } from "./flow-calls.ts";
import { solveFlow } from "./flow-expressions.ts";
import type { FlowGraph } from "./flow.ts";
import type { SyntaxTree } from "./scopes.ts";
import {
  isFunction,
  staticKey,
  type CallNode,
  type FunctionNode,
  type Node,
  type WaitingNode,
  type WriteNode,
} from "./syntax.ts";

/** The result of colouring. */
export interface Colours {
  /** Calls, reads, writes, loops and the like, where the script may have to wait. */
  readonly sites: ReadonlySet<Node>;
  /** Sites that call a built-in method with a callback which may wait, or a step of a generator which may. */
  readonly helped: ReadonlyMap<CallNode, HelpedMethod>;
  /** Sites whose first argument is an iterable that may have to be waited for. */
  readonly readers: ReadonlySet<CallNode>;
  /** `new Promise(…)` whose executor may wait. */
  readonly promises: ReadonlySet<Node>;
  readonly red: ReadonlySet<WaitingNode>;
}

type Mode = "auto" | "all" | "none";

export function colour(
  tree: SyntaxTree,
  candidates: Candidates,
  options: { mode: Mode; groupAt: (offset: number) => number },
): Colours {
  const painter = new Painter(tree, candidates);
  if (options.mode === "all") painter.paintAll();
  else if (options.mode === "auto") painter.paintReachable(options.groupAt);
  return painter;
}

class Painter implements Colours {
  readonly sites = new Set<Node>();
  readonly helped = new Map<CallNode, HelpedMethod>();
  readonly readers = new Set<CallNode>();
  readonly promises = new Set<Node>();
  readonly red = new Set<WaitingNode>();
  readonly #tree: SyntaxTree;
  readonly #candidates: Candidates;
  /** Function → the calls it makes red when it is. */
  readonly #callers = new Map<WaitingNode, (() => void)[]>();
  readonly #work: WaitingNode[] = [];
  readonly #iterableGroups = new Set<number>();
  /** Constructor, or class without one → its class. */
  readonly #classes = new Map<WaitingNode, ClassParts>();

  constructor(tree: SyntaxTree, candidates: Candidates) {
    this.#tree = tree;
    this.#candidates = candidates;
    for (const parts of candidates.classes.values()) this.#classes.set(parts.maker, parts);
  }

  paintAll(): void {
    const { calls, reads, writes, getters, setters, classes } = this.#candidates;
    for (const [node, place] of calls) {
      if (place.group < 0) continue;
      this.#paint(node, place);
      this.#paintCallbacks(node);
      if (isStringify(node)) this.helped.set(node, "stringify");
    }
    this.#paintReadersOf(() => true);
    for (const [node, place] of reads) {
      if (getters.has(staticKey(node) ?? "")) this.#paint(node, place);
    }
    for (const [node, place] of writes) {
      if (setters.has(writtenName(node))) this.#paint(node, place);
    }
    for (const { maker, group } of classes.values()) {
      if (group >= 0 && !isFunction(maker)) this.#redden(maker);
    }
  }

  paintReachable(groupAt: (offset: number) => number): void {
    const { graph, calls, makers } = solveFlow(this.#tree, groupAt);
    for (const [node, vertices] of calls) {
      const place = this.#candidates.calls.get(node);
      if (place !== undefined && place.group >= 0) this.#seed({ node, place, vertices, graph });
    }
    for (const [node, vertex] of makers) {
      this.#watch({ graph, vertex, pessimistic: false }, () => this.#redden(node));
    }
    this.#watchNames(graph);
    for (let node = this.#work.pop(); node !== undefined; node = this.#work.pop()) {
      for (const paint of this.#callers.get(node) ?? []) paint();
      this.#spread(node);
    }
    if (this.sites.size > 0) this.#paintPromiseCallbacks();
  }

  /** What the language calls by itself, by its name: iterators written by hand, and `toJSON`. */
  #watchNames(graph: FlowGraph): void {
    for (const group of new Set(this.#candidates.groups.values())) {
      for (const name of ["next", "return"]) {
        const vertex = graph.name(group, name);
        this.#watch({ graph, vertex, pessimistic: false }, () => this.#paintIterables(group));
      }
      const vertex = graph.name(group, "toJSON");
      this.#watch({ graph, vertex, pessimistic: false }, () => this.#paintStringify(group));
    }
  }

  /**
   * Callbacks of promises that do not wait themselves: while another function of the VU waits they must not run either,
   * as k6 runs none of them before the function that is under way has ended.
   */
  #paintPromiseCallbacks(): void {
    for (const [node, place] of this.#candidates.calls) {
      const method = callbackMethodOf(node);
      if (place.group === 0 && method !== undefined && promiseMethods.has(method))
        this.#paintCallbacks(node);
    }
  }

  #seed(call: { node: CallNode; place: Place; vertices: CallVertices; graph: FlowGraph }): void {
    const { node, place, vertices, graph } = call;
    const paint = (): void => this.#paint(node, place);
    const paintCallbacks = (): void => {
      paint();
      this.#paintCallbacks(node);
    };
    const own = place.group === 0;
    this.#watch(
      { graph, vertex: vertices.callee, pessimistic: own && vertices.pessimistic },
      paint,
    );
    for (const [index, vertex] of vertices.callbacks.entries()) {
      const pessimistic = own && this.#isOpaqueCallback(node, index);
      this.#watch({ graph, vertex, pessimistic }, paintCallbacks);
    }
  }

  /** Runs `paint` when something at the vertex may wait, now or as soon as it is known to. */
  #watch(at: { graph: FlowGraph; vertex: number; pessimistic: boolean }, paint: () => void): void {
    const tokens = at.graph.tokens(at.vertex);
    if (tokens.size === 0 && at.pessimistic) paint();
    for (const token of tokens) {
      if (token.kind === "blocking") paint();
      // Calling a generator function runs nothing of it; its loops are sites instead.
      if (token.kind !== "function" || (isFunction(token.node) && token.node.generator)) continue;
      const list = this.#callers.get(token.node);
      if (list === undefined) this.#callers.set(token.node, [paint]);
      else list.push(paint);
    }
  }

  /** A callback that is a local name, of which nothing is known. */
  #isOpaqueCallback(node: CallNode, index: number): boolean {
    const method = callbackMethodOf(node);
    if (method === undefined || node.type !== "CallExpression") return false;
    const callback = callbacksOf(node, method)[index];
    if (callback?.type !== "Identifier") return false;
    const kind = this.#tree.bindings.get(callback)?.kind;
    return kind !== undefined && kind !== "import";
  }

  #paintCallbacks(node: CallNode): void {
    const method = callbackMethodOf(node);
    if (method !== undefined && callbacksOf(node as acorn.CallExpression, method).length > 0) {
      this.helped.set(node, method);
    } else if (isPromiseConstruction({ tree: this.#tree }, node)) this.promises.add(node);
  }

  #paint(node: Node, place: Place): void {
    if (this.sites.has(node)) return;
    this.sites.add(node);
    if (place.node !== undefined && place.refused === undefined) this.#redden(place.node);
  }

  #redden(node: WaitingNode): void {
    if (this.red.has(node)) return;
    this.red.add(node);
    this.#work.push(node);
  }

  /** What a red function makes red besides its callers: uses of a getter, a setter, a generator, a constructor. */
  #spread(node: WaitingNode): void {
    const { groups, reads, writes, getters, setters } = this.#candidates;
    const group = groups.get(node) ?? 0;
    const parts = this.#classes.get(node);
    if (parts !== undefined && parts.fields.length > 0) {
      for (const call of parts.superCalls) this.#paint(call, this.#candidates.calls.get(call)!);
    }
    if (!isFunction(node)) return;
    if (node.generator && !node.async) this.#paintIterables(group);
    const kind = this.#candidates.kinds.get(node);
    if (kind === "getter") this.#paintUses(node, reads, getters);
    else if (kind === "setter") this.#paintUses(node, writes, setters);
  }

  #paintUses(
    node: FunctionNode,
    places: ReadonlyMap<acorn.MemberExpression | WriteNode, Place>,
    byName: ReadonlyMap<string, readonly FunctionNode[]>,
  ): void {
    const group = this.#candidates.groups.get(node) ?? 0;
    for (const [use, place] of places) {
      const name = use.type === "MemberExpression" ? (staticKey(use) ?? "") : writtenName(use);
      const same = byName.get(name)?.includes(node) === true;
      if (same && (place.group === 0 || place.group === group)) this.#paint(use, place);
    }
  }

  /** Whatever may read an iterable of this group. */
  #paintIterables(group: number): void {
    if (this.#iterableGroups.has(group)) return;
    this.#iterableGroups.add(group);
    this.#paintReadersOf((place) => place.group === 0 || place.group === group);
  }

  #paintReadersOf(matches: (place: Place) => boolean): void {
    const { loops, delegations, spreads, patterns, calls } = this.#candidates;
    const places: readonly ReadonlyMap<Node, Place>[] = [loops, delegations, spreads, patterns];
    for (const [node, place] of places.flatMap((map) => [...map])) {
      if (matches(place)) this.#paint(node, place);
    }
    for (const [node, place] of calls) {
      if (place.group < 0 || !matches(place)) continue;
      const stepped = steppedMethodOf(node);
      if (stepped !== undefined) this.helped.set(node, stepped);
      if (readsIterable(node)) this.readers.add(node);
      if (stepped !== undefined || readsIterable(node)) this.#paint(node, place);
    }
  }

  #paintStringify(group: number): void {
    for (const [node, place] of this.#candidates.calls) {
      if (!isStringify(node) || (place.group !== 0 && place.group !== group)) continue;
      this.helped.set(node, "stringify");
      this.#paint(node, place);
    }
  }
}

/** The name of the member that a write assigns to. */
function writtenName(node: WriteNode): string {
  const target = node.type === "UpdateExpression" ? node.argument : node.left;
  return target.type === "MemberExpression" ? (staticKey(target) ?? "") : "";
}
