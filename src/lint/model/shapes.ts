/**
 * What a text can become: stretches that are written in the script, and holes with what is known of how many different
 * values they take. A parameter becomes what its call sites pass, so that a wrapper around `http.get` is seen through.
 *
 *     `${BASE_URL}/items/${__ITER}?q=${words[i]}`  ->  [env]["/items/"][many]["?q="][few: 5]
 */
import {
  handlerOf,
  staticKey,
  type FunctionNode,
  type Handlers,
  type Node,
} from "../../script/index.ts";
import { propertyOf } from "./names.ts";
import type { ScriptModel } from "./script-model.ts";

/** How a value varies over the iterations of a run. */
export type Spread =
  /** The same all the time, without being known: from the environment. */
  | { readonly kind: "fixed" }
  /** One of `count` values. */
  | { readonly kind: "few"; readonly count: number; readonly why: string }
  /** As many as there are iterations, VUs or rows of data. */
  | { readonly kind: "many"; readonly why: string }
  | { readonly kind: "unknown" };

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "hole"; readonly spread: Spread; readonly node: Node };

export type Shape = readonly Part[];

const deepest = 14;
/** More combinations than this are not told apart. */
const mostShapes = 64;
/** Draws from more values than this count as many. */
export const mostFew = 100;

/** Every shape that an expression can have. */
export function shapesOf(node: Node, model: ScriptModel): readonly Shape[] {
  return new ShapeReader(model).read(node, 0);
}

/** How the value of an expression varies. */
export function spreadOf(node: Node, model: ScriptModel): Spread {
  const holes = shapesOf(node, model).flatMap((shape) =>
    shape.flatMap((part) => (part.kind === "hole" ? [part.spread] : [])),
  );
  const widest = (kind: Spread["kind"]): Spread | undefined =>
    holes.find((each) => each.kind === kind);
  return widest("many") ?? widest("few") ?? widest("unknown") ?? { kind: "fixed" };
}

class ShapeReader {
  readonly model: ScriptModel;
  /** Parameters being looked up, so that recursion ends. */
  readonly #open = new Set<Node>();

  constructor(model: ScriptModel) {
    this.model = model;
  }

  read(node: Node, depth: number): readonly Shape[] {
    if (depth > deepest) return hole(node, { kind: "unknown" });
    const handler = handlerOf(shapeHandlers, node);
    return handler === undefined
      ? hole(node, unknown)
      : handler({ reader: this, depth, next: (each) => this.read(each, depth + 1) }, node);
  }

  template(
    node: Node & { type: "TemplateLiteral" },
    next: (each: Node) => readonly Shape[],
  ): readonly Shape[] {
    const parts = node.quasis.flatMap((quasi, index) => {
      const text: readonly Shape[] = [[{ kind: "text", text: quasi.value.cooked ?? "" }]];
      const expression = node.expressions[index];
      return expression === undefined ? [text] : [text, next(expression as Node)];
    });
    return concat(node, parts);
  }

  identifier(node: Node & { type: "Identifier" }, depth: number): readonly Shape[] {
    const { names } = this.model;
    const binding = names.bindingOf(node);
    if (binding === undefined) return hole(node, globalSpread(node.name));
    const value = names.valueOf(binding);
    if (value !== undefined) return this.read(value, depth + 1);
    if (binding.kind !== "parameter" || names.assignmentsOf(binding).length > 0)
      return hole(node, unknown);
    const owner = this.model.functionAround(binding.declaration);
    return this.#parameter(binding.declaration, owner, depth) ?? hole(node, unknown);
  }

  /** What the call sites of its function pass for a parameter. */
  #parameter(
    declaration: Node,
    owner: FunctionNode | undefined,
    depth: number,
  ): readonly Shape[] | undefined {
    if (owner === undefined || this.#open.has(declaration)) return undefined;
    const sites = this.model.callSites(owner);
    const place = placeOf(declaration, owner);
    if (sites === undefined || sites.length === 0 || place === undefined) return undefined;
    this.#open.add(declaration);
    const passed = sites.map((site) => {
      const value = this.#passed(this.model.argument(site, place.index), place);
      return value === undefined ? undefined : this.read(value, depth + 1);
    });
    this.#open.delete(declaration);
    // A site that cannot be read must not hide what the others pass.
    return joined(
      declaration,
      passed.map((each) => each ?? hole(declaration, unknown)),
    );
  }

  #passed(argument: Node | undefined, place: ParameterPlace): Node | undefined {
    if (argument === undefined) return place.fallback;
    if (place.key === undefined) return argument;
    const object = this.model.names.origin(argument);
    if (object.type !== "ObjectExpression") return undefined;
    return propertyOf(object, place.key) ?? place.fallback;
  }

  member(node: Node & { type: "MemberExpression" }, depth: number): readonly Shape[] {
    if (this.isEnv(node)) return hole(node, { kind: "fixed" });
    const { names } = this.model;
    const origin = names.origin(node);
    if (origin !== node) return this.read(origin, depth + 1);
    const exported = names.k6Export(node);
    if (exported?.module === "k6/execution") return hole(node, executionSpread(exported.name));
    const object = names.origin(node.object as Node);
    if (node.computed) return hole(node, this.#elementAt(object, node.property as Node));
    const spread = this.#rowSpread(object, depth);
    return hole(node, spread);
  }

  #elementAt(list: Node, index: Node): Spread {
    if (isSharedArray(list, this.model)) return ofData;
    const isDrawn = this.drawn(this.model.names.origin(index)).kind !== "unknown";
    return isDrawn ? elementOf(list) : unknown;
  }

  /** A field of a row of data. */
  #rowSpread(object: Node, depth: number): Spread {
    if (object.type !== "MemberExpression" && object.type !== "CallExpression") return unknown;
    const [shape] = this.read(object, depth + 1);
    const [part] = shape ?? [];
    return part?.kind === "hole" && part.spread.kind === "many" ? part.spread : unknown;
  }

  call(node: Node & { type: "CallExpression" }, depth: number): readonly Shape[] {
    const callee = node.callee as Node;
    const [first] = node.arguments as Node[];
    if (first !== undefined && isTransparent(callee, this.model))
      return this.read(first, depth + 1);
    const isMethod = callee.type === "MemberExpression";
    if (isMethod && /^(?:toString|trim|toLowerCase|toUpperCase)$/u.test(staticKey(callee) ?? ""))
      return this.read(callee.object as Node, depth + 1);
    const helper = helperName(callee, this.model);
    if (/^(?:uuidv4|randomUUID|randomString)$/u.test(helper)) return hole(node, byChance);
    if (helper === "randomItem" && first !== undefined) {
      const list = this.model.names.origin(first);
      return hole(node, isSharedArray(list, this.model) ? ofData : elementOf(list));
    }
    return hole(node, this.drawn(node));
  }

  /** The spread of an arithmetic expression: many when time, chance or a counter is in it. */
  drawn(node: Node): Spread {
    const isBetween =
      node.type === "CallExpression" &&
      helperName(node.callee as Node, this.model) === "randomIntBetween";
    if (isBetween) return betweenSpread(node.arguments as Node[]);
    const scale = chanceScale(node, this.model);
    if (scale !== undefined) return few(scale, `a random choice of ${scale}`);
    return this.variation(node) ?? unknown;
  }

  variation(node: Node): Spread | undefined {
    return handlerOf(variations, node)?.(this, node);
  }

  /** A member of `__ENV`, or something made of one and constants. */
  isEnv(node: Node): boolean {
    if (node.type === "LogicalExpression") return this.isEnv(node.left as Node);
    if (node.type === "ChainExpression") return this.isEnv(node.expression as Node);
    const origin = this.model.names.origin(node);
    if (origin !== node) return this.isEnv(origin);
    return node.type === "MemberExpression" && isGlobal(node.object as Node, "__ENV", this.model);
  }
}

interface Reading {
  readonly reader: ShapeReader;
  readonly depth: number;
  readonly next: (node: Node) => readonly Shape[];
}

const shapeHandlers: Handlers<Reading, readonly Shape[]> = {
  Literal: (_reading, node) => [[{ kind: "text", text: String(node.value) }]],
  TemplateLiteral: ({ reader, next }, node) => reader.template(node, next),
  BinaryExpression({ reader, next }, node) {
    if (node.operator !== "+" || isArithmetic(node)) return hole(node, reader.drawn(node));
    return concat(node, [next(node.left as Node), next(node.right as Node)]);
  },
  LogicalExpression({ reader, next }, node) {
    // `__ENV.BASE_URL || "http://…"`: one of the two for the whole run.
    if (reader.isEnv(node.left as Node)) return hole(node, { kind: "fixed" });
    return joined(node, [next(node.left as Node), next(node.right as Node)]);
  },
  ConditionalExpression: ({ next }, node) =>
    joined(node, [next(node.consequent as Node), next(node.alternate as Node)]),
  ChainExpression: ({ next }, node) => next(node.expression as Node),
  Identifier: ({ reader, depth }, node) => reader.identifier(node, depth),
  MemberExpression: ({ reader, depth }, node) => reader.member(node, depth),
  CallExpression: ({ reader, depth }, node) => reader.call(node, depth),
  NewExpression: ({ reader }, node) =>
    hole(node, isGlobal(node.callee as Node, "Date", reader.model) ? byTime : unknown),
};

/** How parts of an arithmetic expression vary; undefined when they are not known to. */
const variations: Handlers<ShapeReader, Spread | undefined> = {
  Identifier(reader, node) {
    const { names } = reader.model;
    const spread = names.bindingOf(node) === undefined ? globalSpread(node.name) : undefined;
    if (spread?.kind === "many") return spread;
    const origin = names.origin(node);
    return origin === node ? undefined : reader.variation(origin);
  },
  CallExpression(reader, node) {
    if (isMethodOf(node.callee as Node, ["Math", "random"], reader.model)) return byChance;
    if (isMethodOf(node.callee as Node, ["Date", "now"], reader.model)) return byTime;
    for (const each of node.arguments as Node[]) {
      const found = reader.variation(each);
      if (found !== undefined) return found;
    }
    return undefined;
  },
  MemberExpression(reader, node) {
    const exported = reader.model.names.k6Export(node);
    const spread = exported?.module === "k6/execution" ? executionSpread(exported.name) : unknown;
    return spread.kind === "many" ? spread : undefined;
  },
  BinaryExpression: (reader, node) =>
    reader.variation(node.left as Node) ?? reader.variation(node.right as Node),
};

interface ParameterPlace {
  readonly index: number;
  /** Of a parameter that is taken out of an object. */
  readonly key: string | undefined;
  readonly fallback: Node | undefined;
}

function placeOf(declaration: Node, owner: FunctionNode): ParameterPlace | undefined {
  for (const [index, parameter] of (owner.params as Node[]).entries()) {
    const [target, fallback] = withDefault(parameter);
    if (target === declaration) return { index, key: undefined, fallback };
    if (target.type !== "ObjectPattern") continue;
    for (const property of target.properties) {
      if (property.type !== "Property") continue;
      const [inner, innerFallback] = withDefault(property.value as Node);
      if (inner === declaration)
        return { index, key: staticKey(property), fallback: innerFallback };
    }
  }
  return undefined;
}

function withDefault(pattern: Node): [target: Node, fallback: Node | undefined] {
  return pattern.type === "AssignmentPattern"
    ? [pattern.left as Node, pattern.right as Node]
    : [pattern, undefined];
}

const unknown: Spread = { kind: "unknown" };
const byTime: Spread = { kind: "many", why: "the time" };
const byChance: Spread = { kind: "many", why: "a random value" };
const ofData: Spread = { kind: "many", why: "an element of a SharedArray" };

function few(count: number, why: string): Spread {
  return count <= mostFew ? { kind: "few", count, why } : { kind: "many", why };
}

/** An element of a list, drawn anew each time. */
function elementOf(list: Node): Spread {
  if (list.type !== "ArrayExpression") return unknown;
  return few(list.elements.length, `one of ${list.elements.length} values`);
}

function hole(node: Node, spread: Spread): readonly Shape[] {
  return [[{ kind: "hole", spread, node }]];
}

function concat(node: Node, parts: readonly (readonly Shape[])[]): readonly Shape[] {
  let all: Shape[] = [[]];
  for (const alternatives of parts) {
    all = all.flatMap((head) => alternatives.map((tail) => [...head, ...tail]));
    if (all.length > mostShapes) return hole(node, unknown);
  }
  return all;
}

function joined(node: Node, lists: readonly (readonly Shape[])[]): readonly Shape[] {
  const all = lists.flat();
  return all.length > mostShapes ? hole(node, unknown) : all;
}

function globalSpread(name: string): Spread {
  if (name === "__ITER") return { kind: "many", why: "__ITER" };
  return name === "__VU" ? { kind: "many", why: "__VU" } : unknown;
}

function executionSpread(name: string): Spread {
  const counts = /^(?:default\.)?(?:vu\.(?:id|iteration)In|scenario\.iterationIn|vu\.idInTest)/u;
  return counts.test(name) ? { kind: "many", why: `exec.${name}` } : unknown;
}

/** `Math.floor(Math.random() * 5)`: how many values that is; undefined for anything else. */
function chanceScale(node: Node, model: ScriptModel): number | undefined {
  const isFloor =
    node.type === "CallExpression" &&
    ["floor", "trunc"].some((name) => isMethodOf(node.callee as Node, ["Math", name], model));
  if (!isFloor) return undefined;
  const product = (node as { arguments: Node[] }).arguments[0];
  if (product?.type !== "BinaryExpression" || product.operator !== "*") return undefined;
  const sides = [product.left as Node, product.right as Node];
  const isRandom = (each: Node): boolean =>
    each.type === "CallExpression" && isMethodOf(each.callee as Node, ["Math", "random"], model);
  const other = sides.find((each) => !isRandom(each));
  if (other === undefined || !sides.some(isRandom)) return undefined;
  const origin = model.names.origin(other);
  return origin.type === "Literal" && typeof origin.value === "number" ? origin.value : undefined;
}

function betweenSpread([low, high]: readonly Node[]): Spread {
  const isKnown = low?.type === "Literal" && high?.type === "Literal";
  const count = isKnown ? Number(high.value) - Number(low.value) + 1 : NaN;
  return Number.isFinite(count) ? few(count, `a random choice of ${count}`) : byChance;
}

/** A sum of numbers is no text. */
function isArithmetic(node: Node & { type: "BinaryExpression" }): boolean {
  const isNumber = (each: Node): boolean =>
    each.type === "Literal" && typeof each.value === "number";
  return isNumber(node.left as Node) && isNumber(node.right as Node);
}

/** Calls whose result varies as their argument does. */
function isTransparent(callee: Node, model: ScriptModel): boolean {
  const names = ["encodeURIComponent", "encodeURI", "String", "Number", "parseInt"];
  return names.some((name) => isGlobal(callee, name, model));
}

function isGlobal(node: Node, name: string, model: ScriptModel): boolean {
  return model.names.globalOf(node) === name;
}

function isMethodOf(
  callee: Node,
  [object, method]: readonly [string, string],
  model: ScriptModel,
): boolean {
  return (
    callee.type === "MemberExpression" &&
    staticKey(callee) === method &&
    isGlobal(callee.object as Node, object, model)
  );
}

/** Name of a helper that draws at random, wherever it is from; empty for other calls. */
function helperName(callee: Node, model: ScriptModel): string {
  const known = /^(uuidv4|randomUUID|randomString|randomItem|randomIntBetween)\d*$/u;
  if (callee.type === "MemberExpression") return known.exec(staticKey(callee) ?? "")?.[1] ?? "";
  if (callee.type !== "Identifier") return "";
  const origin = model.names.origin(callee);
  const isOwn = model.script.placeAt(origin.start) !== undefined && origin !== callee;
  return isOwn ? "" : (known.exec(callee.name)?.[1] ?? "");
}

function isSharedArray(node: Node, model: ScriptModel): boolean {
  if (node.type !== "NewExpression") return false;
  const exported = model.names.k6Export(node.callee as Node);
  return exported?.module === "k6/data" && exported.name === "SharedArray";
}
