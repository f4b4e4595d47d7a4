/**
 * What is written for the statements and operators that lowering touches besides calls and functions: the script's own
 * `await`, loops over generators, `var` that would clash inside a wrapper, and names of globals.
 */
import type * as acorn from "acorn";
import type { Emitter } from "./emitter.ts";
import { emitChain, isSplitChain, takeText } from "./emit-sites.ts";
import { findToken, namesIn, type Node } from "./syntax.ts";

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

export function emitForOf(emitter: Emitter, node: acorn.ForOfStatement): void {
  if (node.await) {
    emitForAwait(emitter, node);
    return;
  }
  const isSite = emitter.siteAt(node)?.refused === undefined && emitter.siteAt(node) !== undefined;
  if (!isSite || emitter.context.kind === "plain") emitLoop(emitter, node);
  else emitGeneratorLoop(emitter, node);
}

function emitLoop(emitter: Emitter, node: acorn.ForOfStatement | acorn.ForInStatement): void {
  emitter.loopHead = node.left as Node;
  emitter.emitTarget(node.left as Node);
  emitter.emit(node.right as Node);
  emitter.emit(node.body as Node);
}

export function emitForIn(emitter: Emitter, node: acorn.ForInStatement): void {
  emitLoop(emitter, node);
}

function emitForAwait(emitter: Emitter, node: acorn.ForOfStatement): void {
  const { editor, names, context } = emitter;
  if (context.kind === "top") emitter.topLevelAwaits = true;
  if (context.kind !== "async") {
    emitLoop(emitter, node);
    return;
  }
  emitter.loopHead = node.left as Node;
  emitter.emitTarget(node.left as Node);
  editor.copyTo(findToken(emitter.tree.code, node.left.end, "of") + 2);
  editor.insert(` ${names.kit("lane")}.each(${names.local("s")},(`);
  emitter.emit(node.right as Node);
  editor.insert("))");
  emitter.emit(node.body as Node);
}

/** `for (P of E) B` over what may be a generator that waits: the sentinel it yields is no element. */
function emitGeneratorLoop(emitter: Emitter, node: acorn.ForOfStatement): void {
  const { editor, names } = emitter;
  const element = names.fresh("i");
  const left = node.left as Node;
  const target = emitter.render(left.start, () => emitLoopTarget(emitter, left));
  editor.copyTo(left.start);
  editor.insert(`const ${element}`);
  editor.skipTo(left.end);
  emitter.emit(node.right as Node);
  editor.copyTo(node.body.start);
  const pass =
    emitter.context.kind === "generator"
      ? `yield ${names.kit("sentinel")};continue`
      : `${takeText(emitter)};continue`;
  const assignment =
    left.type === "ObjectPattern" ? `(${target}=${element});` : `${target}=${element};`;
  editor.insert(
    `{if(${element}===${names.kit("sentinel")}){${pass}}${assignment.replaceAll("\n", " ")}`,
  );
  emitter.emit(node.body as Node);
  editor.insert("}");
}

function emitLoopTarget(emitter: Emitter, left: Node): void {
  emitter.loopHead = left;
  if (left.type === "VariableDeclaration") emitDeclaration(emitter, left);
  else emitter.emitTarget(left);
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
