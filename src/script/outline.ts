/**
 * The outline of a bundle: its functions with their names, and its calls. Made once, when the script is loaded, so that
 * the first error of a run does not halt a worker for a parse.
 */
import { parse } from "acorn";
import type { AnyNode } from "acorn";
import type { CodeOutline } from "./code-outline.ts";

interface FunctionEntry {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly nameOffset: number;
}

/** Outlines a bundle that is known to parse. */
export function outlineOf(bundle: string): CodeOutline {
  const functions: FunctionEntry[] = [];
  const calls: { end: number; place: number }[] = [];
  const program = parse(bundle, { ecmaVersion: "latest", sourceType: "module" });
  visit(program, (node, parent) => {
    if (isCall(node)) calls.push({ end: node.end, place: placeOf(node) });
    else if (isFunction(node)) functions.push(describe(node, parent));
  });
  functions.sort((a, b) => a.start - b.start || b.end - a.end);
  calls.sort((a, b) => a.end - b.end);
  return {
    functions: {
      starts: Uint32Array.from(functions, ({ start }) => start),
      ends: Uint32Array.from(functions, ({ end }) => end),
      nameOffsets: Uint32Array.from(functions, ({ nameOffset }) => nameOffset),
      names: functions.map(({ name }) => name),
    },
    calls: {
      ends: Uint32Array.from(calls, ({ end }) => end),
      places: Uint32Array.from(calls, ({ place }) => place),
    },
  };
}

type CallNode = Extract<AnyNode, { type: "CallExpression" | "NewExpression" }>;
type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

function isCall(node: AnyNode): node is CallNode {
  return node.type === "CallExpression" || node.type === "NewExpression";
}

function isFunction(node: AnyNode): node is FunctionNode {
  const { type } = node;
  return (
    type === "FunctionDeclaration" ||
    type === "FunctionExpression" ||
    type === "ArrowFunctionExpression"
  );
}

function placeOf(node: CallNode): number {
  const { callee } = node;
  if (node.type === "NewExpression") return node.start;
  return callee.type === "MemberExpression" && !callee.computed
    ? callee.property.start
    : callee.start;
}

function describe(node: FunctionNode, parent: AnyNode): FunctionEntry {
  const named = ("id" in node ? node.id : undefined) ?? nameGivenBy(parent, node);
  const { start, end } = node;
  if (!named) return { start, end, name: "", nameOffset: start };
  const literal = named.type === "Literal" ? String(named.value) : "";
  return {
    start,
    end,
    name: "name" in named ? String(named.name) : literal,
    nameOffset: named.start,
  };
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

/** Every node with its parent, in no particular order. Not recursive: bundles nest deeper than the stack may. */
function visit(root: AnyNode, enter: (node: AnyNode, parent: AnyNode) => void): void {
  const stack: [node: AnyNode, parent: AnyNode][] = [[root, root]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [node, parent] = top;
    enter(node, parent);
    for (const child of childrenOf(node)) stack.push([child, node]);
  }
}

function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const key in node) {
    const value = node[key as keyof AnyNode] as unknown;
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(item)) children.push(item);
    }
  }
  return children;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { type?: unknown }).type === "string"
  );
}
