/**
 * What is written for the statements and operators that lowering touches besides calls and functions: the script's own
 * `await`, loops over generators, `var` that would clash inside a wrapper, and names of globals.
 */
import type * as acorn from "acorn";
import type { Emitter } from "./emitter.ts";
import { emitChain, emitListed, isSplitChain, siteTextOf, valueText } from "./emit-sites.ts";
import { namesIn, type Node } from "./syntax.ts";

/** The script's own `await` ends a segment; what comes after it waits while another segment is blocked. */
export function emitAwait(emitter: Emitter, node: acorn.AwaitExpression): void {
  const { editor, names, context } = emitter;
  if (context.kind === "top") emitter.topLevelAwaits = true;
  if (context.kind !== "async") {
    emitter.emitChildren(node);
    return;
  }
  const value = emitter.temporary(names.local("u"));
  const lane = names.kit("lane");
  editor.insert(`(${value}=await ${lane}.leave(${names.local("s")},(`);
  editor.skipTo(node.start + "await".length);
  emitter.emit(node.argument as Node);
  editor.copyTo(node.end);
  editor.insert(`)),${lane}.busy&&await ${lane}.turn(),${value})`);
}

export function emitForIn(emitter: Emitter, node: acorn.ForInStatement): void {
  emitLoop(emitter, node);
}

/** A loop as it was. */
export function emitLoop(
  emitter: Emitter,
  node: acorn.ForOfStatement | acorn.ForInStatement,
): void {
  emitter.loopHead = node.left as Node;
  emitter.emitTarget(node.left as Node);
  emitter.emit(node.right as Node);
  emitter.emit(node.body as Node);
}

export function emitDeclarator(emitter: Emitter, node: acorn.VariableDeclarator): void {
  emitter.emit(node.id as Node);
  if (!node.init) return;
  if (emitter.waitsAt(node) && node.id.type === "ArrayPattern") {
    emitListed(emitter, node.init as Node, limitText(node.id));
  } else emitter.emit(node.init as Node);
}

/** How many items a pattern takes, as one more argument; nothing when it takes all. */
function limitText(pattern: acorn.ArrayPattern): string {
  const takesAll = pattern.elements.at(-1)?.type === "RestElement";
  return takesAll ? "" : `,${pattern.elements.length}`;
}

export function emitAssignment(emitter: Emitter, node: acorn.AssignmentExpression): void {
  if (node.left.type === "ArrayPattern") {
    emitPatternAssignment(emitter, node, node.left);
    return;
  }
  const site = siteTextOf(emitter, node);
  if (site !== undefined) emitter.editor.insert(site.open);
  emitter.emitTarget(node.left as Node);
  emitter.emit(node.right as Node);
  emitter.editor.copyTo(node.end);
  if (site !== undefined) emitter.editor.insert(site.close);
}

/** `[a, b] = E`, whose value is E and not the list that is taken apart. */
function emitPatternAssignment(
  emitter: Emitter,
  node: acorn.AssignmentExpression,
  pattern: acorn.ArrayPattern,
): void {
  const { editor, names } = emitter;
  if (!emitter.waitsAt(node)) {
    emitter.emitTarget(pattern);
    emitter.emit(node.right as Node);
    return;
  }
  const value = emitter.temporary(names.fresh("q"));
  const { open, close } = valueText(emitter);
  editor.insert("(");
  emitter.emitTarget(pattern);
  editor.copyTo(node.right.start);
  editor.insert(`${open}${names.kit("list")}(${value}=(`);
  emitter.emit(node.right as Node);
  editor.insert(`)${limitText(pattern)})${close}`);
  editor.copyTo(node.end);
  editor.insert(`,${value})`);
}

export function emitUpdate(emitter: Emitter, node: acorn.UpdateExpression): void {
  const site = siteTextOf(emitter, node);
  if (site !== undefined) emitter.editor.insert(site.open);
  emitter.emitTarget(node.argument as Node);
  emitter.editor.copyTo(node.end);
  if (site !== undefined) emitter.editor.insert(site.close);
}

/** A `var` whose name is a parameter or a function of the wrapped body becomes an assignment to that. */
export function emitDeclaration(emitter: Emitter, node: acorn.VariableDeclaration): void {
  const { context } = emitter;
  const names = node.declarations.flatMap(({ id }) => namesIn(id as Node));
  const clashes = node.kind === "var" && names.some((name) => context.declared.has(name));
  if (!clashes) {
    emitter.emitChildren(node);
    return;
  }
  for (const name of names) if (!context.declared.has(name)) context.hoisted.add(name);
  const { editor } = emitter;
  const [first] = node.declarations;
  editor.skipTo(first!.start);
  if (isLoopHead(emitter, node)) {
    emitter.emitTarget(first!.id as Node);
    return;
  }
  editor.insert("void 0");
  for (const declarator of node.declarations) {
    editor.skipTo(declarator.start);
    if (!declarator.init) editor.skipTo(declarator.end);
    else {
      editor.insert(",(");
      emitter.emitTarget(declarator.id as Node);
      emitter.emit(declarator.init as Node);
      editor.copyTo(declarator.end);
      editor.insert(")");
    }
  }
}

/** The declaration of a `for…in` or `for…of`. */
function isLoopHead(emitter: Emitter, node: acorn.VariableDeclaration): boolean {
  return emitter.loopHead === node;
}

export function emitUnary(emitter: Emitter, node: acorn.UnaryExpression): void {
  const argument = node.argument as Node;
  if (node.operator === "typeof" && argument.type === "Identifier") {
    const text = emitter.globals.typed(argument);
    if (text !== undefined) emitter.replace(argument, text);
    emitter.editor.copyTo(argument.end);
  } else if (node.operator !== "delete") emitter.emit(argument);
  else if (argument.type === "ChainExpression" && isSplitChain(emitter, argument)) {
    emitter.editor.skipTo(argument.start);
    emitChain(emitter, argument, true);
  } else if (argument.type === "ChainExpression") emitter.emitTarget(argument.expression as Node);
  else emitter.emitTarget(argument);
}

/** In an object pattern: `{a}`, `{a: target}`, `{a = 1}`. */
export function emitObjectPattern(emitter: Emitter, node: acorn.ObjectPattern): void {
  for (const property of node.properties) {
    if (property.type === "RestElement") {
      emitter.emitTarget(property.argument as Node);
      continue;
    }
    if (property.computed) emitter.emit(property.key as Node);
    const value = property.value as Node;
    if (property.shorthand) insertKey(emitter, value);
    emitter.emitTarget(value);
  }
}

/** Gives a shorthand its key when the name after it will be written otherwise. */
function insertKey(emitter: Emitter, value: Node): void {
  const name = value.type === "AssignmentPattern" ? (value.left as Node) : value;
  if (name.type !== "Identifier" || emitter.globals.target(name) === undefined) return;
  emitter.editor.copyTo(value.start);
  emitter.editor.insert(`${name.name}:`);
}

/** `{a}` in an object literal. */
export function emitShorthand(emitter: Emitter, node: acorn.Property): void {
  const value = node.value as Node;
  if (value.type === "Identifier") {
    const text = emitter.globals.read(value);
    if (text !== undefined) emitter.editor.insert(`${value.name}:`);
  }
  emitter.emit(value);
}

/** A list of statements, in which one that will begin with a parenthesis must not continue the one before it. */
export function emitStatements(emitter: Emitter, statements: readonly Node[]): void {
  const { editor, tree } = emitter;
  for (const statement of statements) {
    if (statement.type === "ExpressionStatement" && continuesBefore(tree.code, statement.start)) {
      editor.copyTo(statement.start);
      editor.insert(";");
    }
    emitter.emit(statement);
  }
}

/** True when only a line break ends the statement before `offset`. */
function continuesBefore(code: string, offset: number): boolean {
  if (code[offset] === "(" || code[offset] === "`") return false;
  let before = offset - 1;
  while (before >= 0 && /\s/u.test(code[before] ?? "")) before -= 1;
  return before >= 0 && !";{}:".includes(code[before] ?? "");
}
