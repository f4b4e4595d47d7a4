/**
 * How many requests an iteration makes and how long it sleeps, read from the text: bounds over all branches. A loop of
 * unknown length, or a call that cannot be followed into, makes what is behind it open-ended. Answers take time that no
 * text tells, so the sleeps are a lower bound of an iteration's length.
 */
import {
  childrenOf,
  handlerOf,
  isFunction,
  type FunctionNode,
  type Handlers,
  type Node,
} from "../../script/index.ts";
import { requestCount } from "./http-calls.ts";
import { exactly, rangeOf, type Range } from "./numbers.ts";
import type { ScriptModel } from "./script-model.ts";

/** Bounds for one iteration. */
export interface IterationEstimate {
  readonly leastRequests: number;
  /** Infinity when it is open-ended. */
  readonly mostRequests: number;
  /** Seconds; the mean is undefined when it depends on branches or on what is not known. */
  readonly leastSleepS: number;
  readonly meanSleepS: number | undefined;
}

/** What a stretch of code does, and whether what follows it runs. */
interface Effect extends IterationEstimate {
  readonly exits: "never" | "maybe" | "always";
}

const nothing: Effect = {
  leastRequests: 0,
  mostRequests: 0,
  leastSleepS: 0,
  meanSleepS: 0,
  exits: "never",
};

export function estimateIteration(entry: FunctionNode, model: ScriptModel): IterationEstimate {
  return new Estimator(model).ofFunction(entry);
}

class Estimator {
  readonly #model: ScriptModel;
  readonly #known = new Map<FunctionNode, Effect>();
  readonly #calls: ReadonlyMap<Node, string>;

  constructor(model: ScriptModel) {
    this.#model = model;
    this.#calls = new Map(model.calls.map(({ node, to }) => [node, to]));
  }

  ofFunction(target: FunctionNode): Effect {
    const known = this.#known.get(target);
    if (known !== undefined) return known;
    // Until it is known, a function that calls itself adds an open end.
    this.#known.set(target, openEnded);
    const effect = { ...this.of(target.body as Node), exits: "never" } as const;
    this.#known.set(target, effect);
    return effect;
  }

  of(node: Node): Effect {
    const handler = handlerOf(effects, node);
    return handler === undefined ? this.inSequence(childrenOf(node)) : handler(this, node);
  }

  inSequence(nodes: readonly Node[]): Effect {
    return nodes.reduce((before, node) => then(before, this.of(node)), nothing);
  }

  ofSwitch(node: Node & { type: "SwitchStatement" }): Effect {
    const cases = node.cases.map(({ consequent }) => ({
      ...this.inSequence(consequent.filter(({ type }) => type !== "BreakStatement") as Node[]),
    }));
    const hasDefault = node.cases.some(({ test }) => !test);
    const branches = hasDefault ? cases : [...cases, nothing];
    return then(this.of(node.discriminant as Node), either(branches));
  }

  ofTry({ block, handler, finalizer }: Node & { type: "TryStatement" }): Effect {
    const caught = handler ? maybe(this.of(handler.body as Node)) : nothing;
    const last = finalizer ? this.of(finalizer as Node) : nothing;
    return then(then(this.of(block as Node), { ...caught, exits: "never" }), last);
  }

  ofCall(call: Node & { type: "CallExpression" | "NewExpression" }): Effect {
    const inputs = this.inSequence(call.arguments as Node[]);
    const own = this.#ofCallee(call);
    return own.exits === "never" ? then(inputs, own) : own;
  }

  #ofCallee(call: Node & { type: "CallExpression" | "NewExpression" }): Effect {
    const to = this.#calls.get(call);
    if (to === "k6.sleep") return this.#ofSleep(this.#model.argument(call, 0));
    if (to === "k6.group") return this.#ofCallback(call.arguments[1] as Node | undefined);
    if (to === "k6.check") return nothing;
    if (to !== undefined) {
      const range = requestCount(to, call, this.#model);
      return { ...nothing, leastRequests: range.least, mostRequests: range.most };
    }
    const callee = this.#model.callee(call);
    if (callee !== undefined) return this.ofFunction(callee);
    const inner = this.of(call.callee as Node);
    const callbacks = (call.arguments as Node[]).map((each) => repeated(this.#ofCallback(each)));
    return callbacks.reduce(then, inner);
  }

  #ofCallback(node: Node | undefined): Effect {
    const origin = node === undefined ? undefined : this.#model.names.origin(node);
    return origin !== undefined && isFunction(origin) ? this.ofFunction(origin) : nothing;
  }

  #ofSleep(seconds: Node | undefined): Effect {
    const range: Range | undefined =
      seconds === undefined ? exactly(0) : rangeOf(seconds, this.#model);
    if (range === undefined) return { ...nothing, meanSleepS: undefined };
    return { ...nothing, leastSleepS: Math.max(0, range.least), meanSleepS: range.mean };
  }
}

const defining = (): Effect => nothing;
const branching = (
  estimator: Estimator,
  node: Node & { type: "IfStatement" | "ConditionalExpression" },
): Effect => {
  const alternate = node.alternate ? estimator.of(node.alternate as Node) : nothing;
  const branches = [estimator.of(node.consequent as Node), alternate];
  return then(estimator.of(node.test as Node), either(branches));
};
const looping = (estimator: Estimator, node: Node): Effect =>
  repeated(estimator.inSequence(childrenOf(node)));
const leaving = (
  estimator: Estimator,
  { argument }: Node & { type: "ReturnStatement" | "ThrowStatement" },
): Effect => ({ ...(argument ? estimator.of(argument as Node) : nothing), exits: "always" });
const skipping = (): Effect => ({ ...nothing, exits: "maybe" });

/** What nodes do that is more than what their parts do one after the other. */
const effects: Handlers<Estimator, Effect> = {
  // A function does nothing where it is written, only where it is called.
  FunctionExpression: defining,
  ArrowFunctionExpression: defining,
  FunctionDeclaration: defining,
  ClassDeclaration: defining,
  ClassExpression: defining,
  IfStatement: branching,
  ConditionalExpression: branching,
  LogicalExpression: (estimator, { left, right }) =>
    then(estimator.of(left as Node), maybe(estimator.of(right as Node))),
  SwitchStatement: (estimator, node) => estimator.ofSwitch(node),
  TryStatement: (estimator, node) => estimator.ofTry(node),
  WhileStatement: looping,
  DoWhileStatement: looping,
  ForStatement: looping,
  ForInStatement: looping,
  ForOfStatement: looping,
  ReturnStatement: leaving,
  ThrowStatement: leaving,
  BreakStatement: skipping,
  ContinueStatement: skipping,
  CallExpression: (estimator, node) => estimator.ofCall(node),
  NewExpression: (estimator, node) => estimator.ofCall(node),
};

const openEnded: Effect = {
  ...nothing,
  mostRequests: Infinity,
  meanSleepS: undefined,
};

/** One after the other; what follows a possible exit may not happen. */
function then(first: Effect, second: Effect): Effect {
  if (first.exits === "always") return first;
  const next = first.exits === "maybe" ? maybe(second) : second;
  return {
    leastRequests: first.leastRequests + next.leastRequests,
    mostRequests: first.mostRequests + next.mostRequests,
    leastSleepS: first.leastSleepS + next.leastSleepS,
    meanSleepS: sum(first.meanSleepS, next.meanSleepS),
    exits: next.exits === "never" ? first.exits : next.exits,
  };
}

function either(branches: readonly Effect[]): Effect {
  const [first = nothing] = branches;
  const isSame = branches.every(({ meanSleepS }) => meanSleepS === first.meanSleepS);
  const all = (exits: Effect["exits"]): boolean => branches.every((each) => each.exits === exits);
  return {
    leastRequests: Math.min(...branches.map(({ leastRequests }) => leastRequests)),
    mostRequests: Math.max(...branches.map(({ mostRequests }) => mostRequests)),
    leastSleepS: Math.min(...branches.map(({ leastSleepS }) => leastSleepS)),
    meanSleepS: isSame ? first.meanSleepS : undefined,
    exits: all("always") ? "always" : all("never") ? "never" : "maybe",
  };
}

const maybe = (effect: Effect): Effect => either([effect, nothing]);

/** Any number of times. */
function repeated(body: Effect): Effect {
  const isSleeping = body.meanSleepS !== 0;
  return {
    leastRequests: 0,
    mostRequests: body.mostRequests > 0 ? Infinity : 0,
    leastSleepS: 0,
    meanSleepS: isSleeping ? undefined : 0,
    exits: body.exits === "never" ? "never" : "maybe",
  };
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}
