/**
 * Decides which functions may wait ("red") and at which places the lowering must look ("sites"): from the calls that
 * wait for sure, through callers, to a fixed point. Too many only cost a comparison each; too few are caught at run
 * time. Lost sight counts as red in the user's own code, not in packages, whose growth would be the user's price.
 */
import type * as acorn from "acorn";
import { type CallbackMethod, promiseMethods } from "../runtime-callbacks.ts";
import { callbackMethodOf, callbacksOf, type Candidates, type Place } from "./collect.ts";
import type { CallVertices } from "./flow-builder.ts";
import { isPromiseConstruction } from "./flow-calls.ts";
import { solveFlow } from "./flow-expressions.ts";
import type { FlowGraph } from "./flow.ts";
import type { SyntaxTree } from "./scopes.ts";
import { staticKey, type CallNode, type FunctionNode, type Node } from "./syntax.ts";

/** The result of colouring. */
export interface Colours {
  /** Calls, reads, loops and delegations whose outcome may be the sentinel. */
  readonly sites: ReadonlySet<Node>;
  /** Sites that call a built-in method with a callback which may wait. */
  readonly helped: ReadonlyMap<CallNode, CallbackMethod>;
  /** `new Promise(…)` whose executor may wait. */
  readonly promises: ReadonlySet<Node>;
  readonly red: ReadonlySet<FunctionNode>;
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
  readonly helped = new Map<CallNode, CallbackMethod>();
  readonly promises = new Set<Node>();
  readonly red = new Set<FunctionNode>();
  readonly #tree: SyntaxTree;
  readonly #candidates: Candidates;
  /** Function → the calls it makes red when it is. */
  readonly #callers = new Map<FunctionNode, (() => void)[]>();
  readonly #work: FunctionNode[] = [];
  readonly #loopGroups = new Set<number>();

  constructor(tree: SyntaxTree, candidates: Candidates) {
    this.#tree = tree;
    this.#candidates = candidates;
  }

  paintAll(): void {
    const { calls, loops, delegations, reads, getters } = this.#candidates;
    for (const [node, place] of calls) {
      if (place.group < 0) continue;
      this.#paint(node, place);
      this.#paintCallbacks(node);
    }
    for (const [node, place] of [...loops, ...delegations]) this.#paint(node, place);
    for (const [node, place] of reads) {
      if (getters.has(staticKey(node) ?? "")) this.#paint(node, place);
    }
  }

  paintReachable(groupAt: (offset: number) => number): void {
    const { graph, calls } = solveFlow(this.#tree, groupAt);
    for (const [node, vertices] of calls) {
      const place = this.#candidates.calls.get(node);
      if (place !== undefined && place.group >= 0) this.#seed({ node, place, vertices, graph });
    }
    for (let node = this.#work.pop(); node !== undefined; node = this.#work.pop()) {
      for (const paint of this.#callers.get(node) ?? []) paint();
      this.#spread(node);
    }
    if (this.sites.size > 0) this.#paintPromiseCallbacks();
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
      if (token.kind !== "function" || token.node.generator) continue;
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
    if (place.node === undefined || place.refused !== undefined || this.red.has(place.node)) return;
    this.red.add(place.node);
    this.#work.push(place.node);
  }

  /** What a red function makes red besides its callers: reads of a getter, loops over a generator. */
  #spread(node: FunctionNode): void {
    const { groups, kinds, reads, getters, loops, delegations } = this.#candidates;
    const group = groups.get(node) ?? 0;
    if (node.generator && !node.async && !this.#loopGroups.has(group)) {
      this.#loopGroups.add(group);
      for (const [loop, place] of [...loops, ...delegations]) {
        if (place.group === 0 || place.group === group) this.#paint(loop, place);
      }
    }
    if (kinds.get(node) !== "getter") return;
    for (const [read, place] of reads) {
      const same = getters.get(staticKey(read) ?? "")?.includes(node) === true;
      if (same && (place.group === 0 || place.group === group)) this.#paint(read, place);
    }
  }
}
