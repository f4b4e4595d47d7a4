/**
 * What is written for a place that may have to wait. A site runs its call as it was and looks at the outcome:
 * `(($r=CALL)===$S?(await $t($s)).v:$r)`. The call itself is never rewritten, so `this`, private names, spread,
 * evaluation order and native error messages stay what they are.
 */
import type * as acorn from "acorn";
import { exitCodes, LakhError } from "../../base/errors.ts";
import { isBlockingExport } from "../catalog.ts";
import { promiseMethods } from "../runtime-callbacks.ts";
import type { Emitter } from "./emitter.ts";
import { findToken, moduleName, staticKey, type CallNode, type Node } from "./syntax.ts";

/** The texts around a site. */
export interface SiteText {
  readonly open: string;
  readonly close: string;
}

/** The texts around a node; undefined when nothing need be looked at here. */
export function siteTextOf(emitter: Emitter, node: Node): SiteText | undefined {
  const place = emitter.siteAt(node);
  if (place === undefined) return undefined;
  const { context } = emitter;
  const isWrite = node.type === "AssignmentExpression" || node.type === "UpdateExpression";
  const refused = place.refused ?? context.refused;
  if (refused !== undefined) {
    // What a write leaves behind where nothing can wait is found as a leak.
    if (isWrite) return undefined;
    refuseKnown(emitter, node, refused);
    return refusalText(emitter, refused);
  }
  if (context.kind === "plain") return undefined;
  if (isWrite) return writeText(emitter);
  if (node.type === "NewExpression") return newText(emitter);
  if (node.type === "CallExpression" && node.callee.type === "Super") return superCallText(emitter);
  return valueText(emitter);
}

/** Around what cannot wait. */
function refusalText(emitter: Emitter, where: string): SiteText {
  return { open: `${emitter.names.kit("refuse")}(`, close: `,${JSON.stringify(where)})` };
}

/** Around what gives the sentinel when it waits. */
export function valueText(emitter: Emitter): SiteText {
  const { names } = emitter;
  const result = emitter.temporary(names.local("r"));
  const close = `)===${names.kit("sentinel")}?${waitText(emitter)}:${result})`;
  return { open: `((${result}=`, close };
}

/** Around `new X()`: a constructor that waits gives its object at once. */
function newText(emitter: Emitter): SiteText {
  const { names } = emitter;
  const result = emitter.temporary(names.local("r"));
  const instance = `${names.kit("instance")}(${waitText(emitter)})`;
  return { open: `((${result}=`, close: `),${names.kit("waits")}()?${instance}:${result})` };
}

/** Around an assignment, whose value is not what the setter gives. */
function writeText(emitter: Emitter): SiteText {
  const { names } = emitter;
  const value = emitter.temporary(names.local("v"));
  const close = `),${names.kit("waits")}()&&${waitText(emitter)},${value})`;
  return { open: `((${value}=`, close };
}

/** Around `super(…)`; after it come the fields that have become methods. */
export function superCallText(emitter: Emitter): SiteText {
  const { names } = emitter;
  const { refused } = emitter.fieldPlan;
  const rooted =
    refused === undefined
      ? `${names.kit("rooted")}(${waitText(emitter)},this)`
      : `${names.kit("refuse")}(${names.kit("sentinel")},${JSON.stringify(refused)})`;
  const calls = fieldCalls(emitter).map((call) => `,${call}`);
  return { open: "(", close: `,${names.kit("waits")}()&&${rooted}${calls.join("")},this)` };
}

/** Statements that run the fields of the class around that have become methods. */
export function fieldsText(emitter: Emitter): string {
  return fieldCalls(emitter)
    .map((call) => `${call};`)
    .join("");
}

function fieldCalls(emitter: Emitter): string[] {
  return [...emitter.fieldPlan.methods.values()].map((method) => {
    const { open, close } = valueText(emitter);
    return `${open}this.${method}()${close}`;
  });
}

/** The expression that waits for what is in the register and gives its value. */
export function waitText(emitter: Emitter): string {
  const { names, context } = emitter;
  if (context.kind !== "generator") return `${takeText(emitter)}.v`;
  const held = emitter.temporary(names.local("h"));
  return `(${held}=${names.kit("hold")}(),yield ${names.kit("sentinel")},${names.kit("held")}(${held}))`;
}

/** The same outside generators, giving the box around the value. */
export function takeText(emitter: Emitter): string {
  const { names, context } = emitter;
  const take = names.kit("take");
  if (context.kind === "asyncGenerator") {
    return `(await ${names.kit("lane")}.release(${take}(${names.kit("topState")})))`;
  }
  if (context.kind !== "top") return `(await ${take}(${names.local("s")}))`;
  emitter.topLevelAwaits = true;
  return `(await ${take}(${names.kit("topState")}))`;
}

/** A call, or a read of a member. */
export function emitSite(emitter: Emitter, node: CallNode | acorn.MemberExpression): void {
  const site = siteTextOf(emitter, node);
  if (site !== undefined) emitter.editor.insert(site.open);
  if (node.type === "MemberExpression") emitter.emitChildren(node);
  else emitCall(emitter, node);
  emitter.editor.copyTo(node.end);
  if (site !== undefined) emitter.editor.insert(site.close);
}

function emitCall(emitter: Emitter, node: CallNode): void {
  if (emitter.colours.promises.has(node) && node.type === "NewExpression") {
    emitter.replace(
      { ...node.callee, start: node.start } as Node,
      emitter.names.kit("createPromise"),
    );
  } else {
    if (node.type === "NewExpression") emitter.constructed = firstNameOf(node.callee as Node);
    emitCallee(
      emitter,
      (node.type === "TaggedTemplateExpression" ? node.tag : node.callee) as Node,
      node,
    );
  }
  emitArguments(emitter, node);
}

/** `a` of `a.b[c]`. */
function firstNameOf(callee: Node): Node {
  let node = callee;
  while (node.type === "MemberExpression") node = node.object as Node;
  return node;
}

export function emitArguments(emitter: Emitter, node: CallNode): void {
  if (node.type === "TaggedTemplateExpression") {
    emitter.emit(node.quasi);
    return;
  }
  const args = node.arguments as Node[];
  const [first] = args;
  if (first !== undefined && promiseMethods.has(emitter.colours.helped.get(node) ?? "")) {
    emitter.editor.copyTo(findToken(emitter.tree.code, emitter.editor.cursor, "(") + 1);
    emitter.editor.insert(`${emitter.names.kit("lane")},`);
  }
  for (const [index, argument] of args.entries()) {
    if (index === 0 && emitter.colours.readers.has(node) && emitter.waitsAt(node))
      emitListed(emitter, argument, "");
    else emitter.emit(argument);
  }
}

/** Writes an iterable as the list of its items, which may have to be waited for. `more` follows the iterable. */
export function emitListed(emitter: Emitter, iterable: Node, more: string): void {
  const { editor, names } = emitter;
  const { open, close } = valueText(emitter);
  editor.copyTo(iterable.start);
  // In brackets of its own, because it may be a list of expressions.
  editor.insert(`${open}${names.kit("list")}((`);
  emitter.emit(iterable);
  editor.insert(`)${more})${close}`);
}

/** A callee is no read: its own member access is left alone, but for the name of a helped method. */
function emitCallee(emitter: Emitter, callee: Node, call: CallNode): void {
  if (callee.type !== "MemberExpression") {
    emitter.emit(callee);
    return;
  }
  emitter.editor.copyTo(callee.start);
  emitter.emit(callee.object as Node);
  emitLink(emitter, callee, call);
}

/** What follows the object of a member access. */
function emitLink(
  emitter: Emitter,
  member: acorn.MemberExpression,
  call: CallNode | undefined,
): void {
  const helper = call === undefined ? undefined : emitter.colours.helped.get(call);
  if (helper === undefined) {
    if (member.computed) emitter.emit(member.property as Node);
  } else {
    const { editor } = emitter;
    // In a chain that is written out the optional dot is gone already.
    if (editor.cursor < member.property.start) {
      editor.copyTo(findToken(emitter.tree.code, editor.cursor, member.optional ? "?." : "."));
      editor.insert(member.optional ? "?.[" : "[");
    } else editor.insert("[");
    editor.skipTo(member.property.start);
    editor.insert(`${emitter.names.kit("callbackSymbols")}.${helper}]`);
    editor.skipTo(member.property.end);
  }
  emitter.editor.copyTo(member.end);
}

type Link = acorn.MemberExpression | acorn.CallExpression;

/**
 * An optional chain. A site at its end stands around the chain. A site in the middle would cut it short, so the chain
 * is written out: `a?.f(1).v` → `(($o=a)==null?void 0:SITE($o.f(1)).v)`.
 */
export function emitChain(emitter: Emitter, node: acorn.ChainExpression, deleting = false): void {
  const links = linksOf(node.expression as Node);
  const last = links.at(-1);
  const inner = links.slice(0, -1).some((link) => isSplittingSite(emitter, link));
  if (!inner || last === undefined) {
    emitter.emit(node.expression as Node);
    return;
  }
  emitSplitChain(emitter, links, deleting);
  emitter.editor.copyTo(node.end);
}

/** True when a chain must be written out, so that `delete` before it has to move. */
export function isSplitChain(emitter: Emitter, node: acorn.ChainExpression): boolean {
  return linksOf(node.expression as Node)
    .slice(0, -1)
    .some((link) => isSplittingSite(emitter, link));
}

function isSplittingSite(emitter: Emitter, link: Link): boolean {
  const place = emitter.siteAt(link);
  return place !== undefined && (place.refused !== undefined || emitter.context.kind !== "plain");
}

/** The links of a chain from its base outwards, from the first optional one on. */
function linksOf(expression: Node): Link[] {
  const links: Link[] = [];
  let node = expression;
  while (node.type === "MemberExpression" || node.type === "CallExpression") {
    links.unshift(node);
    node = (node.type === "MemberExpression" ? node.object : node.callee) as Node;
  }
  const first = links.findIndex((link) => link.optional);
  return first < 0 ? [] : links.slice(first);
}

function baseOf(link: Link): Node {
  return (link.type === "MemberExpression" ? link.object : link.callee) as Node;
}

function emitSplitChain(emitter: Emitter, links: readonly Link[], deleting: boolean): void {
  const { editor } = emitter;
  const segments: Link[][] = [];
  for (const link of links) {
    if (link.optional) segments.push([link]);
    else segments.at(-1)?.push(link);
  }
  const shortCircuit = deleting ? "true" : "void 0";
  const first = links[0]!;
  let held = openSegment(emitter, first);
  emitPrefix(emitter, first, held);
  for (const [index, segment] of segments.entries()) {
    editor.insert(`)==null?${shortCircuit}:`);
    const next = segments[index + 1]?.[0];
    const base = held;
    if (next === undefined) {
      if (deleting) editor.insert("delete ");
    } else held = openSegment(emitter, next);
    emitSegment(emitter, { segment, base, held: next === undefined ? undefined : held });
  }
  editor.insert(")".repeat(segments.length));
}

/** Begins `(($o=…)==null?…`, which keeps what stands before an optional link. */
function openSegment(emitter: Emitter, first: Link): Held {
  const value = emitter.temporary(emitter.names.fresh("o"));
  emitter.editor.insert(`((${value}=`);
  const base = baseOf(first);
  if (first.type !== "CallExpression" || base.type !== "MemberExpression") return { value };
  if (base.object.type === "Super") return { value, self: "this" };
  return { value, self: emitter.temporary(emitter.names.fresh("q")), holds: base };
}

/** Where the value before an optional link is kept, and the receiver of an optional call. */
interface Held {
  readonly value: string;
  readonly self?: string;
  /** The member access whose object is the receiver. */
  readonly holds?: acorn.MemberExpression;
}

function emitPrefix(emitter: Emitter, first: Link, held: Held): void {
  const base = baseOf(first);
  if (held.holds === undefined) {
    emitter.emit(base);
  } else {
    emitter.editor.insert(`(${held.self}=`);
    emitter.emit(held.holds.object as Node);
    emitter.editor.insert(")");
    emitLink(emitter, held.holds, undefined);
  }
  emitter.editor.copyTo(findToken(emitter.tree.code, emitter.editor.cursor, "?."));
}

function emitSegment(
  emitter: Emitter,
  part: { segment: readonly Link[]; base: Held; held: Held | undefined },
): void {
  const { editor, tree } = emitter;
  const { segment, base, held } = part;
  // The receiver of the next optional call is held inside the sites around it.
  const texts = segment.map((link) =>
    link === held?.holds ? undefined : siteTextOf(emitter, link),
  );
  if (held?.holds !== undefined) editor.insert(`(${held.self}=`);
  for (const text of texts.toReversed()) if (text !== undefined) editor.insert(text.open);
  editor.insert(base.value);
  for (const [index, link] of segment.entries()) {
    if (link === held?.holds) editor.insert(")");
    const next = segment[index + 1];
    const call = next?.type === "CallExpression" ? next : undefined;
    const isHelped = call !== undefined && emitter.colours.helped.has(call);
    if (index === 0) openOptional(emitter, link, { ...base, isHelped });
    if (link.type === "MemberExpression") {
      emitLink(emitter, link, call);
    } else emitArguments(emitter, link);
    editor.copyTo(link.end);
    const text = texts[index];
    if (text !== undefined) editor.insert(text.close);
  }
  if (held !== undefined) editor.copyTo(findToken(tree.code, editor.cursor, "?."));
}

/** Writes `.name`, `[key]` or the start of a call in place of its optional form. */
function openOptional(
  emitter: Emitter,
  link: Link,
  { self, isHelped }: Held & { readonly isHelped: boolean },
): void {
  const { editor, tree } = emitter;
  editor.copyTo(findToken(tree.code, editor.cursor, "?."));
  const after = editor.cursor + 2;
  if (link.type === "MemberExpression") {
    if (!link.computed && !isHelped) editor.insert(".");
    editor.skipTo(isHelped ? link.property.start : after);
  } else if (self === undefined) {
    editor.skipTo(after);
  } else {
    const open = findToken(tree.code, after, "(") + 1;
    editor.insert(`.call(${self}${link.arguments.length > 0 ? "," : ""}`);
    editor.skipTo(open);
  }
}

/** A call that blocks for sure, where nothing can wait, is refused before anything runs. */
function refuseKnown(emitter: Emitter, node: Node, where: string): void {
  if (node.type !== "CallExpression") return;
  const called = blockingImport(emitter, node.callee as Node);
  if (called === undefined) return;
  const { file, line, column } = emitter.positionAt(node.start);
  throw new LakhError(
    "SCRIPT_BLOCKING",
    `${called} blocks, but stands in ${where}, which cannot wait (${file}:${line}:${column})`,
    {
      hint: "move the call into a function that the iteration calls, or run the script with --runner k6",
      exitCode: exitCodes.scriptException,
    },
  );
}

/** The k6 name of a blocking function that a callee names directly. */
function blockingImport(emitter: Emitter, callee: Node): string | undefined {
  const isMember = callee.type === "MemberExpression";
  const root = isMember ? (callee.object as Node) : callee;
  if (root.type !== "Identifier") return undefined;
  const declaration = emitter.tree.bindings.get(root)?.declaration;
  for (const statement of emitter.tree.program.body) {
    if (statement.type !== "ImportDeclaration") continue;
    const item = statement.specifiers.find(({ local }) => local === declaration);
    if (item === undefined) continue;
    const imported = item.type === "ImportSpecifier" ? moduleName(item.imported) : "";
    const name = isMember ? (staticKey(callee) ?? "") : imported;
    if (!isBlockingExport(String(statement.source.value), name)) return undefined;
    return isMember ? `${root.name}.${name}` : name;
  }
  return undefined;
}
