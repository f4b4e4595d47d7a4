/**
 * What is written for what reads an iterable that may have to be waited for. The iterable gives the sentinel as an
 * item when it waits (runtime-iteration.ts): a loop takes the promise and goes on, spread takes a list.
 */
import type * as acorn from "acorn";
import type { Emitter } from "./emitter.ts";
import { emitListed, takeText, waitText } from "./emit-sites.ts";
import { emitDeclaration, emitLoop } from "./emit-statements.ts";
import { findToken, type Node } from "./syntax.ts";

export function emitForOf(emitter: Emitter, node: acorn.ForOfStatement): void {
  if (node.await) emitForAwait(emitter, node);
  else if (!emitter.waitsAt(node)) emitLoop(emitter, node);
  else if (emitter.framed === node) emitWaitingLoop(emitter, node);
  else emitFramed(emitter, () => emitWaitingLoop(emitter, node));
}

/** Labels stay with their loop, inside its frame. */
export function emitLabeled(emitter: Emitter, node: acorn.LabeledStatement): void {
  let body = node.body as Node;
  while (body.type === "LabeledStatement") body = body.body as Node;
  const isLoop = body.type === "ForOfStatement" && !body.await && emitter.waitsAt(body);
  if (!isLoop || emitter.framed === body) emitter.emit(node.body as Node);
  else {
    emitFramed(emitter, () => {
      emitter.framed = body;
      emitter.emit(node.body as Node);
    });
  }
}

/**
 * Around a loop that may be left before its iterable has ended: the iterable may have to wait for its end. As in the
 * language, an error of the loop itself goes before one of the end.
 */
function emitFramed(emitter: Emitter, loop: () => void): void {
  const { editor, names } = emitter;
  const error = names.local("e");
  const wait = `${names.kit("waits")}()`;
  editor.insert("try{");
  loop();
  editor.insert(
    `}catch(${error}){if(${wait})try{${waitText(emitter)}}catch{}throw ${error}}` +
      `finally{if(${wait})${waitText(emitter)}}`,
  );
}

/** `for (P of E) B`: the sentinel that E gives is no item. */
function emitWaitingLoop(emitter: Emitter, node: acorn.ForOfStatement): void {
  const { editor, names } = emitter;
  const item = names.fresh("i");
  const left = node.left as Node;
  const target = emitter.render(left.start, () => emitLoopTarget(emitter, left));
  editor.copyTo(left.start);
  editor.insert(`const ${item}`);
  editor.skipTo(left.end);
  editor.copyTo(findToken(emitter.tree.code, left.end, "of") + 2);
  editor.insert(` ${names.kit("iterate")}(`);
  emitter.emit(node.right as Node);
  editor.insert(")");
  editor.copyTo(node.body.start);
  const pass =
    emitter.context.kind === "generator"
      ? `yield ${names.kit("sentinel")};continue`
      : `${takeText(emitter)};continue`;
  const assignment = left.type === "ObjectPattern" ? `(${target}=${item});` : `${target}=${item};`;
  editor.insert(
    `{if(${item}===${names.kit("sentinel")}){${pass}}${assignment.replaceAll("\n", " ")}`,
  );
  emitter.emit(node.body as Node);
  editor.insert("}");
}

function emitLoopTarget(emitter: Emitter, left: Node): void {
  emitter.loopHead = left;
  if (left.type === "VariableDeclaration") emitDeclaration(emitter, left);
  else emitter.emitTarget(left);
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

/** `...E` in a list or in arguments. */
export function emitSpread(emitter: Emitter, node: acorn.SpreadElement): void {
  if (emitter.waitsAt(node)) emitListed(emitter, node.argument as Node, "");
  else emitter.emit(node.argument as Node);
}

/** `yield* E`, and plain `yield`. */
export function emitDelegation(emitter: Emitter, node: acorn.YieldExpression): void {
  const { editor, names } = emitter;
  if (!node.delegate || !emitter.waitsAt(node) || emitter.context.kind !== "generator") {
    emitter.emitChildren(node);
    return;
  }
  editor.copyTo(findToken(emitter.tree.code, node.start + "yield".length, "*") + 1);
  editor.insert(` ${names.kit("delegate")}(`);
  emitter.emit(node.argument as Node);
  editor.insert(")");
}
