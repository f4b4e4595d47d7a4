/** The numbers that an expression can have: least, mean and most, as far as constants and `Math.random()` tell. */
import { handlerOf, staticKey, type Handlers, type Node } from "../../script/index.ts";
import type { ScriptModel } from "./script-model.ts";

export interface Range {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

/** Undefined when it depends on something that is not known before the run. */
export function rangeOf(node: Node, model: ScriptModel, depth: number = 0): Range | undefined {
  if (depth > deepest) return undefined;
  const origin = model.names.origin(node);
  const of = (each: Node): Range | undefined => rangeOf(each, model, depth + 1);
  return handlerOf(ranges, origin)?.({ model, of }, origin);
}

const deepest = 12;

interface Reading {
  readonly model: ScriptModel;
  /** The range of a part. */
  readonly of: (node: Node) => Range | undefined;
}

const ranges: Handlers<Reading, Range | undefined> = {
  Literal: (_reading, { value }) => (typeof value === "number" ? exactly(value) : undefined),
  UnaryExpression({ of }, { operator, argument }) {
    const inner = of(argument as Node);
    return operator === "-" && inner !== undefined
      ? { least: -inner.most, mean: -inner.mean, most: -inner.least }
      : undefined;
  },
  BinaryExpression({ of }, node) {
    const [left, right] = [of(node.left as Node), of(node.right as Node)];
    const isKnown = left !== undefined && right !== undefined;
    return isKnown ? combine(node.operator, left, right) : undefined;
  },
  CallExpression: ofCall,
};

function ofCall(
  { model, of }: Reading,
  call: Node & { type: "CallExpression" },
): Range | undefined {
  const callee = call.callee as Node;
  const [first, second] = call.arguments as Node[];
  const isMath =
    callee.type === "MemberExpression" && model.names.globalOf(callee.object as Node) === "Math";
  const name = callee.type === "MemberExpression" ? staticKey(callee) : undefined;
  if (isMath && name === "random") return { least: 0, mean: 0.5, most: 1 };
  const isRounding = isMath && /^(?:floor|ceil|round|trunc)$/u.test(name ?? "");
  if (isRounding && first !== undefined) return rounded(of(first));
  if (callee.type !== "Identifier" || !/^randomIntBetween\d*$/u.test(callee.name)) return undefined;
  if (first === undefined || second === undefined) return undefined;
  const [low, high] = [of(first), of(second)];
  return low === undefined || high === undefined
    ? undefined
    : { least: low.least, mean: (low.mean + high.mean) / 2, most: high.most };
}

/** Rounding moves a mean by up to one half; a range that is a point stays one. */
function rounded(range: Range | undefined): Range | undefined {
  if (range === undefined) return undefined;
  const { least, mean, most } = range;
  return { least: Math.floor(least), mean, most: Math.ceil(most) };
}

export function exactly(value: number): Range {
  return { least: value, mean: value, most: value };
}

function combine(operator: string, left: Range, right: Range): Range | undefined {
  const apply = operations[operator];
  if (apply === undefined) return undefined;
  const ends = [left.least, left.most].flatMap((a) =>
    [right.least, right.most].map((b) => apply(a, b)),
  );
  const range = {
    least: Math.min(...ends),
    // Of independent values; a quotient's mean only where the divisor is a constant.
    mean: apply(left.mean, right.mean),
    most: Math.max(...ends),
  };
  const isTold = operator !== "/" || right.least === right.most;
  return isTold && Number.isFinite(range.least + range.most) ? range : undefined;
}

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
};
