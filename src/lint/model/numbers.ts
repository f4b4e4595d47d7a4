/** The numbers that an expression can have: least, mean and most, as far as constants and `Math.random()` tell. */
import { staticKey, type Node } from "../../script/index.ts";
import type { ScriptModel } from "./script-model.ts";

export interface Range {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

/** Undefined when it depends on something that is not known before the run. */
export function rangeOf(node: Node, model: ScriptModel, depth: number = 0): Range | undefined {
  if (depth > 12) return undefined;
  const origin = model.names.origin(node);
  switch (origin.type) {
    case "Literal":
      return typeof origin.value === "number" ? exactly(origin.value) : undefined;
    case "UnaryExpression": {
      const inner = rangeOf(origin.argument as Node, model, depth + 1);
      return origin.operator === "-" && inner !== undefined
        ? { least: -inner.most, mean: -inner.mean, most: -inner.least }
        : undefined;
    }
    case "BinaryExpression": {
      const left = rangeOf(origin.left as Node, model, depth + 1);
      const right = rangeOf(origin.right as Node, model, depth + 1);
      return left === undefined || right === undefined
        ? undefined
        : combine(origin.operator, left, right);
    }
    case "CallExpression":
      return ofCall(origin, model, depth);
    default:
      return undefined;
  }
}

function ofCall(
  call: Node & { type: "CallExpression" },
  model: ScriptModel,
  depth: number,
): Range | undefined {
  const callee = call.callee as Node;
  const [first, second] = call.arguments as Node[];
  const isMath =
    callee.type === "MemberExpression" && model.names.globalOf(callee.object as Node) === "Math";
  const name = callee.type === "MemberExpression" ? staticKey(callee) : undefined;
  if (isMath && name === "random") return { least: 0, mean: 0.5, most: 1 };
  const isRounding = isMath && /^(?:floor|ceil|round|trunc)$/u.test(name ?? "");
  if (isRounding && first !== undefined) return rounded(rangeOf(first, model, depth + 1));
  if (callee.type !== "Identifier" || !/^randomIntBetween\d*$/u.test(callee.name)) return undefined;
  if (first === undefined || second === undefined) return undefined;
  const [low, high] = [rangeOf(first, model, depth + 1), rangeOf(second, model, depth + 1)];
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
