/**
 * What is written for functions. A red function stays an ordinary one whose body is an async arrow under the kit's
 * `run`: at once its plain value when nothing waits, else the sentinel. A red function all of whose sites are the
 * value it returns is left untouched: the sentinel travels through it.
 */
import type * as acorn from "acorn";
import { createContext, type Emitter, type FunctionContext } from "./emitter.ts";
import { fieldsText } from "./emit-sites.ts";
import { emitStatements } from "./emit-statements.ts";
import { isTailOnly } from "./tail.ts";
import {
  childrenOf,
  findToken,
  isFunction,
  namesIn,
  type FunctionNode,
  type Node,
} from "./syntax.ts";

/** How a function is written; undefined when it stays as it is. */
export function contextOf(emitter: Emitter, node: FunctionNode): FunctionContext {
  const { colours } = emitter;
  if (!colours.red.has(node)) return createContext("plain", node);
  if (node.generator) return createContext(node.async ? "asyncGenerator" : "generator", node);
  if (node.async) return createContext("async", node, { declared: declaredBy(emitter, node) });
  const construct = constructOf(emitter, node);
  if (construct === "no" && isTailOnly(emitter, node)) return createContext("plain", node);
  return createContext("wrap", node, { construct, declared: declaredBy(emitter, node) });
}

function constructOf(emitter: Emitter, node: FunctionNode): FunctionContext["construct"] {
  const { candidates, tree } = emitter;
  const kind = candidates.kinds.get(node);
  if (kind === "constructor") return "class";
  if (kind === "derivedConstructor") return "derived";
  if (node.type === "ArrowFunctionExpression" || tree.code[node.start] === "(") return "no";
  const usesThis = tree.functions.get(node)?.usesThis === true;
  const named = node.id
    ? candidates.constructed.has(node.id.name)
    : candidates.constructed.size > 0;
  return usesThis || named ? "maybe" : "no";
}

/** Names that the body may not declare by `var`: inside the arrow they would be another variable, or a clash. */
function declaredBy(emitter: Emitter, node: FunctionNode): Set<string> {
  const names = new Set(node.params.flatMap((parameter) => namesIn(parameter as Node)));
  if (node.body.type !== "BlockStatement") return names;
  const functions = new Map<string, Node>();
  for (const statement of node.body.body) {
    if (statement.type !== "FunctionDeclaration") continue;
    const { name } = statement.id;
    names.add(name);
    // Of two functions of one name in a block, only the last counts; in a block, two would be an error.
    const earlier = functions.get(name);
    if (earlier !== undefined) emitter.overridden.set(earlier, emitter.names.fresh("d"));
    functions.set(name, statement);
  }
  return names;
}

export function emitFunction(emitter: Emitter, node: FunctionNode): void {
  const context = contextOf(emitter, node);
  const renamed = emitter.overridden.get(node);
  if (context.kind === "async" && emitter.tree.code[node.start] === "a") {
    emitter.editor.skipTo(node.start + "async".length);
  }
  if (renamed !== undefined && node.id) emitter.replace(node.id, renamed);
  if (context.kind === "wrap" || context.kind === "async") emitWrapped(emitter, node, context);
  else if (context.kind === "plain")
    emitter.within(context, undefined, () => emitParts(emitter, node));
  else emitGenerator(emitter, node, context);
}

function emitParts(emitter: Emitter, node: FunctionNode): void {
  for (const parameter of node.params) emitter.emit(parameter as Node);
  emitter.emit(node.body as Node);
}

function emitGenerator(emitter: Emitter, node: FunctionNode, context: FunctionContext): void {
  const { editor } = emitter;
  const outer = emitter.context;
  emitter.context = context;
  for (const parameter of node.params) emitter.emit(parameter as Node);
  emitter.context = outer;
  editor.copyTo(node.body.start + 1);
  const slot = editor.slot();
  const { body } = node.body as acorn.BlockStatement;
  emitter.within(context, slot, () => emitStatements(emitter, body as Node[]));
}

function emitWrapped(emitter: Emitter, node: FunctionNode, context: FunctionContext): void {
  const { editor } = emitter;
  const head = wrapperHead(emitter, context);
  const isBlock = node.body.type === "BlockStatement";
  const moved = firstMoved(emitter, node, context);
  emitter.within(context, undefined, () => {
    for (const parameter of node.params.slice(0, moved)) emitter.emit(parameter as Node);
  });
  const open = isBlock ? `{return ${head}` : head;
  if (moved === undefined) {
    if (isBlock) editor.copyTo(node.body.start);
    else editor.copyTo(arrowOf(emitter, node) + 2);
    if (isBlock) editor.skipTo(node.body.start + 1);
    editor.insert(open);
  }
  const names = moved === undefined ? [] : openMoved(emitter, node, { moved, open });
  const slot = editor.slot();
  emitter.within(context, slot, () => {
    editor.insert(`try{${context.construct === "class" ? fieldsText(emitter) : ""}`);
    if (moved !== undefined) emitMoved(emitter, node, { moved, names });
    if (isBlock) emitBlockBody(emitter, node, context);
    else emitExpressionBody(emitter, node, context);
  });
}

/** The start of a body that waits, up to where its variables are declared. */
export function wrapperHead(emitter: Emitter, context: FunctionContext): string {
  const { names } = emitter;
  const run = context.kind === "async" ? "runAsync" : "run";
  const starters = {
    no: [run, ""],
    maybe: ["build", "new.target&&this,"],
    class: ["build", "this,"],
    derived: ["buildDerived", "()=>this,"],
  } as const;
  const [starter, self] = starters[context.construct];
  return `${names.kit(starter)}(${self}async(${names.local("s")})=>{`;
}

/** The end of a body that waits. */
export function wrapperTail(emitter: Emitter, context: FunctionContext): string {
  const { names } = emitter;
  const state = names.local("s");
  if (context.kind === "async") return `}finally{${names.kit("lane")}.leave(${state})}})`;
  const error = names.local("e");
  return (
    `}catch(${error}){if(${state}.w)throw ${error};${state}.x=true;${state}.v=${error}}` +
    `return ${state}})`
  );
}

function emitBlockBody(emitter: Emitter, node: FunctionNode, context: FunctionContext): void {
  const { editor } = emitter;
  const body = node.body as acorn.BlockStatement;
  emitStatements(emitter, body.body as Node[]);
  editor.copyTo(body.end - 1);
  editor.insert(`;${endText(emitter, context, body)}${wrapperTail(emitter, context)}`);
  editor.copyTo(body.end);
}

/** The value of a body that reaches its end. Also after a `return` that a `finally` overruled. */
function endText(emitter: Emitter, context: FunctionContext, body: acorn.BlockStatement): string {
  if (context.kind === "async") return "";
  const last = body.body.at(-1)?.type;
  if (last === "ReturnStatement" || last === "ThrowStatement") return "";
  const values = { no: "void 0", maybe: "new.target&&this", class: "this", derived: "this" };
  return `${emitter.names.local("s")}.v=${values[context.construct]}`;
}

function emitExpressionBody(emitter: Emitter, node: FunctionNode, context: FunctionContext): void {
  const { editor, names } = emitter;
  editor.insert(context.kind === "async" ? "return (" : `${names.local("s")}.v=(`);
  emitter.emit(node.body as Node);
  editor.copyTo(node.end);
  editor.insert(`)${wrapperTail(emitter, context)}`);
}

function arrowOf(emitter: Emitter, node: FunctionNode): number {
  const from = Math.max(emitter.editor.cursor, node.params.at(-1)?.end ?? node.start);
  return findToken(emitter.tree.code, from, "=>");
}

/**
 * The first parameter that must be evaluated in the body: a default value there may wait. In an async function all but
 * plain names move, because a default that throws must reject.
 */
function firstMoved(
  emitter: Emitter,
  node: FunctionNode,
  context: FunctionContext,
): number | undefined {
  const first = node.params.findIndex((parameter) => parameter.type !== "Identifier");
  if (first < 0) return undefined;
  const isNeeded =
    context.kind === "async" ||
    node.params.some((parameter) => hasSite(emitter, parameter as Node));
  return isNeeded ? first : undefined;
}

/** True when something in the node may wait, functions in it left out. */
export function hasSite(emitter: Emitter, node: Node): boolean {
  if (emitter.colours.sites.has(node)) return true;
  return !isFunction(node) && childrenOf(node).some((child) => hasSite(emitter, child));
}

interface Moved {
  readonly moved: number;
  readonly names: readonly string[];
}

/** Writes stand-ins for the parameters that move, and the head of the body, before the parameters' own text. */
function openMoved(
  emitter: Emitter,
  node: FunctionNode,
  at: { moved: number; open: string },
): string[] {
  const { editor, names } = emitter;
  const parameters = node.params.slice(at.moved);
  const standIns = parameters.map(() => names.fresh("p"));
  const list = parameters.map((parameter, index) => {
    const name = standIns[index] ?? "";
    if (parameter.type === "RestElement") return `...${name}`;
    // A default of its own keeps the function's length.
    return parameter.type === "AssignmentPattern" ? `${name}=void 0` : name;
  });
  editor.copyTo(parameters[0]!.start);
  const arrow = node.type === "ArrowFunctionExpression" ? "=>" : "";
  editor.insert(`${list.join(",")})${arrow}${at.open}`);
  return standIns;
}

/** Writes the moved parameters as declarations, in their own place and order, hence on their own lines. */
function emitMoved(emitter: Emitter, node: FunctionNode, { moved, names }: Moved): void {
  const { editor, tree } = emitter;
  editor.insert("var ");
  for (const [index, parameter] of node.params.slice(moved).entries()) {
    if (index > 0) editor.insert(",");
    editor.skipTo(parameter.start);
    const name = names[index] ?? "";
    if (parameter.type === "AssignmentPattern") {
      emitter.emitTarget(parameter.left as Node);
      editor.skipTo(findToken(tree.code, parameter.left.end, "=") + 1);
      editor.insert(`=${name}===void 0?(`);
      emitter.emit(parameter.right as Node);
      editor.copyTo(parameter.end);
      editor.insert(`):${name}`);
    } else {
      const target = parameter.type === "RestElement" ? parameter.argument : parameter;
      editor.skipTo(target.start);
      emitter.emitTarget(target as Node);
      editor.insert(`=${name}`);
    }
  }
  editor.insert(";");
  if (node.body.type === "BlockStatement") editor.skipTo(node.body.start + 1);
  else editor.skipTo(arrowOf(emitter, node) + 2);
}

/** `return X` of a wrapped function: the value goes into the state. */
export function emitReturn(emitter: Emitter, node: acorn.ReturnStatement): void {
  const { editor, context, names, tree } = emitter;
  if (context.kind !== "wrap") {
    emitter.emitChildren(node);
    return;
  }
  const state = names.local("s");
  editor.copyTo(node.start + "return".length);
  editor.insert(` (${state}.v=${openValue(emitter, context)}`);
  if (node.argument) {
    editor.insert("(");
    emitter.emit(node.argument as Node);
    editor.copyTo(tree.code[node.end - 1] === ";" ? node.end - 1 : node.end);
    editor.insert(")");
  } else editor.insert("void 0");
  editor.insert(`${closeValue(context)},${state})`);
}

function openValue(emitter: Emitter, context: FunctionContext): string {
  const { names } = emitter;
  if (context.construct === "no") return "";
  return `${names.kit(context.construct === "derived" ? "derived" : "constructed")}(`;
}

function closeValue(context: FunctionContext): string {
  const self = { no: "", maybe: ",new.target&&this)", class: ",this)", derived: ",()=>this)" };
  return self[context.construct];
}

/** A method whose value is a red async function: the keyword stands before the key. */
export function emitMember(
  emitter: Emitter,
  node: acorn.MethodDefinition | acorn.Property | acorn.AssignmentProperty,
): void {
  const { editor, tree } = emitter;
  const value = node.value as Node;
  const isMethod = node.type === "MethodDefinition" || node.method;
  if (isMethod && isFunction(value) && value.async && contextOf(emitter, value).kind === "async") {
    const from = node.type === "MethodDefinition" && node.static ? node.start + 6 : node.start;
    const keyword = findToken(tree.code, from, "async");
    editor.copyTo(keyword);
    editor.skipTo(keyword + "async".length);
  }
  emitter.emitChildren(node);
}
