/**
 * What the function at an offset of the bundle is called, and where the call that ends at an offset begins.
 * V8's own names are of no use in lowered code, where most bodies are anonymous arrows. The bundle is parsed once, when
 * the first error of a program is described.
 */
import { parse } from "acorn";
import type { AnyNode } from "acorn";

export interface NamedFunction {
  readonly start: number;
  readonly end: number;
  /** Empty for an anonymous function. */
  readonly name: string;
  /** Offset of the name, for the source map's record of renamed identifiers; -1 without a name. */
  readonly nameOffset: number;
}

export interface CodeOutline {
  /** The innermost function around an offset, undefined at the top level. */
  functionAt(offset: number): NamedFunction | undefined;
  /** Where V8 would place the call whose text ends at `end`: at its callee's last name. */
  callEndingAt(end: number): number | undefined;
}

/** Parses `bundle`, which is known to parse. */
export function outline(bundle: string): CodeOutline {
  const functions: NamedFunction[] = [];
  const calls = new Map<number, number>();
  const program = parse(bundle, { ecmaVersion: "latest", sourceType: "module" });
  visit(program, undefined, (node, parent) => {
    if (node.type === "CallExpression" || node.type === "NewExpression")
      calls.set(node.end, calleeOffset(node));
    if (isFunction(node)) functions.push(describe(node, parent));
  });
  return {
    functionAt: (offset) => innermost(functions, offset),
    callEndingAt: (end) => calls.get(end),
  };
}

/** Functions come in the order of their beginnings, so the last one that holds the offset is the innermost. */
function innermost(functions: readonly NamedFunction[], offset: number): NamedFunction | undefined {
  return functions.findLast((candidate) => candidate.start <= offset && offset < candidate.end);
}

type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

function isFunction(node: AnyNode): node is FunctionNode {
  return /^(?:Function(?:Declaration|Expression)|ArrowFunctionExpression)$/u.test(node.type);
}

function describe(node: FunctionNode, parent: AnyNode | undefined): NamedFunction {
  const named = ("id" in node ? node.id : undefined) ?? (parent && nameGivenBy(parent, node));
  const { start, end } = node;
  if (!named) return { start, end, name: "", nameOffset: -1 };
  const name =
    named.type === "Literal" ? String(named.value) : "name" in named ? String(named.name) : "";
  return { start, end, name, nameOffset: named.start };
}

/** The node that names an anonymous function: a variable, property, method or assignment target. */
function nameGivenBy(parent: AnyNode, node: FunctionNode): AnyNode | undefined {
  if (parent.type === "VariableDeclarator") return identifier(parent.id);
  if (parent.type === "AssignmentPattern") return identifier(parent.left);
  if (parent.type === "AssignmentExpression") {
    const { left } = parent;
    return left.type === "MemberExpression" && !left.computed ? left.property : identifier(left);
  }
  const isMember =
    parent.type === "Property" ||
    parent.type === "MethodDefinition" ||
    parent.type === "PropertyDefinition";
  return isMember && !parent.computed && parent.value === node ? parent.key : undefined;
}

const identifier = (target: AnyNode): AnyNode | undefined =>
  target.type === "Identifier" ? target : undefined;

function calleeOffset(
  node: Extract<AnyNode, { type: "CallExpression" | "NewExpression" }>,
): number {
  const { callee } = node;
  if (node.type === "NewExpression") return node.start;
  return callee.type === "MemberExpression" && !callee.computed
    ? callee.property.start
    : callee.start;
}

/** Parents before children, siblings in the order of the text. An explicit stack: bundles nest deeper than ours may. */
function visit(
  root: AnyNode,
  rootParent: AnyNode | undefined,
  enter: (node: AnyNode, parent: AnyNode | undefined) => void,
): void {
  const stack: [AnyNode, AnyNode | undefined][] = [[root, rootParent]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [node, parent] = top;
    enter(node, parent);
    const children = childrenOf(node).sort((a, b) => b.start - a.start);
    for (const child of children) stack.push([child, node]);
  }
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { type?: unknown }).type === "string"
  );
}
