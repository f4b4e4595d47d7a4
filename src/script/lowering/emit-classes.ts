/**
 * What is written for classes whose objects wait while they are made. A field whose initialiser may wait becomes a
 * private method in its place, which the constructor calls: at the start of a base class, after `super()` in a derived
 * one. All fields after it move with it, to keep their order; behind a `super()` that may wait, all of the class do,
 * because the language would run them before the base class is done.
 */
import type * as acorn from "acorn";
import { createContext, noFields, type Emitter, type FieldPlan } from "./emitter.ts";
import { hasSite, wrapperHead, wrapperTail } from "./emit-functions.ts";
import { fieldsText, superCallText } from "./emit-sites.ts";
import type { ClassNode, Node } from "./syntax.ts";

export function emitClass(emitter: Emitter, node: ClassNode): void {
  const { editor } = emitter;
  if (node.id) emitter.emit(node.id);
  if (node.superClass) emitter.emit(node.superClass as Node);
  const outer = emitter.fieldPlan;
  emitter.fieldPlan = planFields(emitter, node);
  editor.copyTo(node.body.start + 1);
  const parts = emitter.candidates.classes.get(node);
  const { methods, refused } = emitter.fieldPlan;
  const isMaker = parts?.maker === node;
  if (isMaker && (methods.size > 0 || refused !== undefined)) emitConstructor(emitter, node);
  emitter.emitChildren(node.body as Node);
  emitter.fieldPlan = outer;
}

function planFields(emitter: Emitter, node: ClassNode): FieldPlan {
  const { candidates, colours, names } = emitter;
  const parts = candidates.classes.get(node);
  const fields = parts?.fields ?? [];
  const superWaits =
    parts?.superCalls.some((call) => colours.sites.has(call)) === true ||
    (Boolean(node.superClass) && colours.red.has(node));
  const first = superWaits ? 0 : fields.findIndex((field) => hasSite(emitter, field));
  if (first < 0) return noFields;
  const moved = fields.slice(first);
  const from = superWaits ? node.start : (moved[0]?.start ?? node.end);
  const staysBehind = node.body.body.some(
    (member) =>
      member.type === "PropertyDefinition" &&
      member.computed &&
      !member.static &&
      member.start >= from,
  );
  if (staysBehind) return { ...noFields, refused: "a class that has a field with a computed name" };
  // A private name without a value is declared and nothing else.
  const run = moved.filter((field) => field.value || field.key.type !== "PrivateIdentifier");
  return {
    methods: new Map(run.map((field) => [field, `#${names.fresh("d")}`])),
    refused: undefined,
  };
}

/** The constructor that a class without one has, written out. */
function emitConstructor(emitter: Emitter, node: ClassNode): void {
  const { editor, names } = emitter;
  const isDerived = Boolean(node.superClass);
  const context = createContext("wrap", undefined, { construct: isDerived ? "derived" : "class" });
  const state = names.local("s");
  const args = isDerived ? `...${names.local("a")}` : "";
  editor.insert(`constructor(${args}){return ${wrapperHead(emitter, context)}`);
  const slot = editor.slot();
  emitter.within(context, slot, () => {
    const text = isDerived ? superCallText(emitter) : undefined;
    const call = text === undefined ? "" : `${text.open}super(${args})${text.close};`;
    const before = isDerived ? call : fieldsText(emitter);
    editor.insert(`try{${before}${state}.v=this${wrapperTail(emitter, context)}}`);
  });
}

export function emitField(emitter: Emitter, node: acorn.PropertyDefinition): void {
  const method = emitter.fieldPlan.methods.get(node);
  if (method === undefined) {
    emitInPlace(emitter, node);
    return;
  }
  const { editor, names, tree } = emitter;
  const waits = node.value ? hasSite(emitter, node.value as Node) : false;
  const context = createContext(waits ? "wrap" : "plain", undefined);
  const key = keyText(emitter, node);
  const isPrivate = node.key.type === "PrivateIdentifier";
  if (isPrivate) editor.insert(`${key};`);
  const target = isPrivate ? `this.${key}=` : `${names.kit("define")}(this,${key},`;
  editor.insert(`${method}(){${waits ? `return ${wrapperHead(emitter, context)}` : ""}`);
  const slot = waits ? editor.slot() : undefined;
  emitter.within(context, slot, () => {
    editor.insert(`${waits ? `try{${names.local("s")}.v=` : ""}${target}`);
    emitValue(emitter, node, isPrivate ? JSON.stringify(key) : key);
    editor.insert(`${isPrivate ? "" : ")"}${waits ? wrapperTail(emitter, context) : ""}}`);
  });
  skipKeepingLines(emitter, node.end);
  if (tree.code[node.end - 1] !== ";") editor.insert(";");
}

function emitInPlace(emitter: Emitter, node: acorn.PropertyDefinition): void {
  if (node.computed) emitter.emit(node.key as Node);
  if (!node.value) return;
  const { refused } = emitter.fieldPlan;
  const context = createContext("plain", undefined, { refused });
  emitter.within(context, undefined, () => emitter.emit(node.value as Node));
}

/** The value of a field; a function without a name of its own gets the field's. */
function emitValue(emitter: Emitter, node: acorn.PropertyDefinition, key: string): void {
  const { editor } = emitter;
  if (!node.value) {
    editor.insert("void 0");
    return;
  }
  const value = node.value as Node;
  const isAnonymous =
    value.type === "ArrowFunctionExpression" ||
    ((value.type === "FunctionExpression" || value.type === "ClassExpression") && !value.id);
  editor.insert(isAnonymous ? `({${key}:` : "(");
  skipKeepingLines(emitter, value.start);
  emitter.emit(value);
  editor.insert(isAnonymous ? `})[${key}]` : ")");
}

/** `#name`, or the text of a name as an expression. */
function keyText(emitter: Emitter, node: acorn.PropertyDefinition): string {
  const key = node.key as Node;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Identifier") return JSON.stringify(key.name);
  return emitter.tree.code.slice(key.start, key.end);
}

function skipKeepingLines(emitter: Emitter, end: number): void {
  const { editor, tree } = emitter;
  const skipped = tree.code.slice(editor.cursor, end);
  editor.insert("\n".repeat(skipped.split("\n").length - 1));
  editor.skipTo(end);
}
