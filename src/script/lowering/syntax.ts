/**
 * The syntax tree as the lowering walks it: which children a node has, in source order, and how to dispatch on its type.
 * The tree is acorn's ESTree, never changed after parsing; everything learned about a node is kept beside it in maps.
 */
import type * as acorn from "acorn";

export type Node = acorn.AnyNode;
export type NodeOf<T extends Node["type"]> = Extract<Node, { type: T }>;
export type FunctionNode =
  | acorn.FunctionDeclaration
  | acorn.AnonymousFunctionDeclaration
  | acorn.FunctionExpression
  | acorn.ArrowFunctionExpression;
export type ClassNode =
  | acorn.ClassDeclaration
  | acorn.AnonymousClassDeclaration
  | acorn.ClassExpression;
/** What runs something: the three shapes of a call. */
export type CallNode = acorn.CallExpression | acorn.NewExpression | acorn.TaggedTemplateExpression;
/** What assigns to one target: `a.b = 1`, `a.b++`. */
export type WriteNode = acorn.AssignmentExpression | acorn.UpdateExpression;
/** What takes an array pattern apart. */
export type PatternNode = acorn.VariableDeclarator | acorn.AssignmentExpression;
/** What may wait: a function, or a class without a constructor of its own, in the place of one. */
export type WaitingNode = FunctionNode | ClassNode;

/** A table of handlers by node type; types without a handler fall back to what the caller names. */
export type Handlers<C, R> = {
  readonly [T in Node["type"]]?: (context: C, node: NodeOf<T>) => R;
};

/** Looks up the handler of a node; the one place that ties a node's type to its handler's parameter. */
export function handlerOf<C, R>(
  handlers: Handlers<C, R>,
  node: Node,
): ((context: C, node: Node) => R) | undefined {
  return handlers[node.type] as ((context: C, node: Node) => R) | undefined;
}

/** Child fields in source order, for the types whose children are not leaves. */
const childFields: Readonly<Record<string, readonly string[]>> = {
  Program: ["body"],
  ExpressionStatement: ["expression"],
  BlockStatement: ["body"],
  StaticBlock: ["body"],
  WithStatement: ["object", "body"],
  ReturnStatement: ["argument"],
  LabeledStatement: ["label", "body"],
  BreakStatement: ["label"],
  ContinueStatement: ["label"],
  IfStatement: ["test", "consequent", "alternate"],
  SwitchStatement: ["discriminant", "cases"],
  SwitchCase: ["test", "consequent"],
  ThrowStatement: ["argument"],
  TryStatement: ["block", "handler", "finalizer"],
  CatchClause: ["param", "body"],
  WhileStatement: ["test", "body"],
  DoWhileStatement: ["body", "test"],
  ForStatement: ["init", "test", "update", "body"],
  ForInStatement: ["left", "right", "body"],
  ForOfStatement: ["left", "right", "body"],
  FunctionDeclaration: ["id", "params", "body"],
  FunctionExpression: ["id", "params", "body"],
  ArrowFunctionExpression: ["params", "body"],
  VariableDeclaration: ["declarations"],
  VariableDeclarator: ["id", "init"],
  ArrayExpression: ["elements"],
  ObjectExpression: ["properties"],
  Property: ["key", "value"],
  UnaryExpression: ["argument"],
  UpdateExpression: ["argument"],
  BinaryExpression: ["left", "right"],
  AssignmentExpression: ["left", "right"],
  LogicalExpression: ["left", "right"],
  MemberExpression: ["object", "property"],
  ConditionalExpression: ["test", "consequent", "alternate"],
  CallExpression: ["callee", "arguments"],
  NewExpression: ["callee", "arguments"],
  SequenceExpression: ["expressions"],
  SpreadElement: ["argument"],
  YieldExpression: ["argument"],
  AwaitExpression: ["argument"],
  TaggedTemplateExpression: ["tag", "quasi"],
  ObjectPattern: ["properties"],
  ArrayPattern: ["elements"],
  RestElement: ["argument"],
  AssignmentPattern: ["left", "right"],
  ClassDeclaration: ["id", "superClass", "body"],
  ClassExpression: ["id", "superClass", "body"],
  ClassBody: ["body"],
  MethodDefinition: ["key", "value"],
  PropertyDefinition: ["key", "value"],
  ImportDeclaration: ["specifiers"],
  ImportExpression: ["source"],
  ExportNamedDeclaration: ["declaration", "specifiers"],
  ExportDefaultDeclaration: ["declaration"],
  ChainExpression: ["expression"],
  ParenthesizedExpression: ["expression"],
};

/** The child nodes in source order. Of a shorthand property only the value: key and value are the same text. */
export function childrenOf(node: Node): Node[] {
  if (node.type === "TemplateLiteral") return node.expressions as Node[];
  if (node.type === "Property" && node.shorthand) return [node.value as Node];
  const fields = childFields[node.type];
  if (fields === undefined) return [];
  const children: Node[] = [];
  const record = node as unknown as Record<string, unknown>;
  for (const field of fields) {
    const value = record[field];
    if (Array.isArray(value)) {
      children.push(...(value as (Node | null)[]).filter((item) => item !== null));
    } else if (value !== null && value !== undefined) {
      children.push(value as Node);
    }
  }
  return children;
}

export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

/** The name a member, property or method is known by; undefined when it is computed at run time. */
export function staticKey(node: {
  readonly computed: boolean;
  readonly key?: Node | acorn.Expression | acorn.PrivateIdentifier;
  readonly property?: Node | acorn.Expression | acorn.PrivateIdentifier;
}): string | undefined {
  const key = (node.key ?? node.property) as Node;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Identifier") return node.computed ? undefined : key.name;
  if (key.type === "Literal" && typeof key.value === "string") return key.value;
  return undefined;
}

/** The names that a pattern declares or assigns to. */
export function namesIn(pattern: Node): string[] {
  if (pattern.type === "Identifier") return [pattern.name];
  if (pattern.type === "MemberExpression") return [];
  if (pattern.type === "AssignmentPattern") return namesIn(pattern.left as Node);
  if (pattern.type === "Property") return namesIn(pattern.value as Node);
  return childrenOf(pattern).flatMap(namesIn);
}

/** The text of an import or export name, which may be a string. */
export function moduleName(node: acorn.Identifier | acorn.Literal): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}

/**
 * The offset of `token` at or after `from`, comments skipped. Only for stretches between two nodes, which hold
 * punctuation, keywords and comments but no strings.
 */
export function findToken(code: string, from: number, token: string): number {
  let offset = from;
  for (;;) {
    if (code.startsWith("//", offset)) {
      const end = code.indexOf("\n", offset);
      offset = end < 0 ? code.length : end;
    } else if (code.startsWith("/*", offset)) {
      offset = code.indexOf("*/", offset) + 2;
    } else if (code.startsWith(token, offset)) {
      return offset;
    } else if (offset >= code.length) {
      throw new Error(`no "${token}" after offset ${from}`);
    } else {
      offset += 1;
    }
  }
}
