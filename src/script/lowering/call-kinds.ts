/**
 * Which calls are more than a call of the script's own: built-in methods that call back, steps of an iterator taken by
 * hand, and what reads an iterable. Told by their text alone; taking too many for one costs a comparison.
 */
import type * as acorn from "acorn";
import { callbackMethods, promiseMethods, type CallbackMethod } from "../runtime-callbacks.ts";
import { steppedMethods, type SteppedMethod } from "../runtime-iteration.ts";
import { staticKey, type CallNode, type Node } from "./syntax.ts";

const methodNames: ReadonlySet<string> = new Set(callbackMethods);
const jsonMethods: ReadonlySet<string> = new Set(["parse", "stringify"]);
const stepNames: ReadonlySet<string> = new Set(steppedMethods);
/** Callables whose first argument is an iterable that they read at once. */
const readers: ReadonlySet<string> = new Set([
  "Array.from",
  "Object.fromEntries",
  "Promise.all",
  "Promise.allSettled",
  "Promise.any",
  "Promise.race",
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
]);

/** The built-in method with a callback that a call may reach; undefined for other calls. */
export function callbackMethodOf(node: CallNode): CallbackMethod | undefined {
  if (node.type !== "CallExpression" || node.optional || node.arguments.length === 0)
    return undefined;
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  if (callee.property.type !== "Identifier" || callee.object.type === "Super") return undefined;
  const { name } = callee.property;
  if (jsonMethods.has(name) && !isNamed(callee.object as Node, "JSON")) return undefined;
  return methodNames.has(name) ? (name as CallbackMethod) : undefined;
}

/** The step of an iterator that a call may be, written by hand; undefined for other calls. */
export function steppedMethodOf(node: CallNode): SteppedMethod | undefined {
  if (node.type !== "CallExpression" || node.optional) return undefined;
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  if (callee.property.type !== "Identifier" || callee.object.type === "Super") return undefined;
  const { name } = callee.property;
  return stepNames.has(name) ? (name as SteppedMethod) : undefined;
}

/** True of a call that reads its first argument to its end: `new Set(x)`, `Array.from(x)`. */
export function readsIterable(node: CallNode): boolean {
  if (node.type === "TaggedTemplateExpression") return false;
  const [first] = node.arguments;
  if (first === undefined || first.type === "SpreadElement") return false;
  const { callee } = node;
  if (node.type === "NewExpression")
    return callee.type === "Identifier" && readers.has(callee.name);
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return false;
  return readers.has(`${callee.object.name}.${staticKey(callee) ?? ""}`);
}

/** True of `JSON.stringify(…)`, which calls `toJSON` of what it writes. */
export function isStringify(node: CallNode): node is acorn.CallExpression {
  if (node.type !== "CallExpression" || node.optional) return false;
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed) return false;
  return isNamed(callee.object as Node, "JSON") && staticKey(callee) === "stringify";
}

function isNamed(node: Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}

const secondArgument: ReadonlySet<CallbackMethod> = new Set([
  "from",
  "replace",
  "replaceAll",
  "parse",
  "stringify",
]);

/** The arguments of such a call that are callbacks. */
export function callbacksOf(node: acorn.CallExpression, method: CallbackMethod): Node[] {
  const all = node.arguments as Node[];
  if (secondArgument.has(method)) return all.slice(1, 2);
  return all.slice(0, promiseMethods.has(method) ? 2 : 1);
}
