/**
 * The state of writing a lowered bundle: the forward-only editor, the function the writer is in, and the helpers that
 * all parts of the emission share. What is written for each node is in the emit-*.ts files.
 */
import type * as acorn from "acorn";
import type { Candidates, Place } from "./collect.ts";
import type { Colours } from "./colour.ts";
import { Editor, type Slot } from "./edits.ts";
import type { GlobalNames } from "./global-names.ts";
import type { GeneratedNames } from "./generated-names.ts";
import type { Position } from "./lowered.ts";
import type { SyntaxTree } from "./scopes.ts";
import { childrenOf, handlerOf, type FunctionNode, type Handlers, type Node } from "./syntax.ts";

/** How the function around the cursor is written. */
export type FunctionKind =
  /** As it was: it has no site, or only such whose outcome it hands on. */
  | "plain"
  /** Its body is an async arrow under `run`. */
  | "wrap"
  /** The same under `runAsync`: an async function of the script. */
  | "async"
  | "generator"
  | "asyncGenerator"
  /** The bundle's top level. */
  | "top";

export interface FunctionContext {
  readonly kind: FunctionKind;
  readonly node: FunctionNode | undefined;
  /** What `return` must make of its value, as `new` may have called the function. */
  readonly construct: "no" | "maybe" | "class" | "derived";
  /** Why nothing in it can wait, as the end of a sentence. */
  readonly refused: string | undefined;
  /** Names that a `var` of the body must not declare, as they are parameters or functions of it. */
  readonly declared: ReadonlySet<string>;
  /** Variables the body needs, with the keyword that declares them. */
  readonly temporaries: Set<string>;
  readonly hoisted: Set<string>;
}

/** What becomes of the fields of a class. */
export interface FieldPlan {
  /** Fields that have become methods, with the names of these, in their order. */
  readonly methods: ReadonlyMap<Node, string>;
  /** Why making its objects cannot wait, as the end of a sentence; then none has become a method. */
  readonly refused: string | undefined;
}

export const noFields: FieldPlan = { methods: new Map(), refused: undefined };

/** What the emission is made of. */
export interface EmitterParts {
  readonly tree: SyntaxTree;
  readonly candidates: Candidates;
  readonly colours: Colours;
  readonly names: GeneratedNames;
  readonly globals: GlobalNames;
  readonly positionAt: (offset: number) => Position;
  readonly handlers: Handlers<Emitter, void>;
}

export class Emitter {
  readonly tree: SyntaxTree;
  readonly candidates: Candidates;
  readonly colours: Colours;
  readonly names: GeneratedNames;
  readonly globals: GlobalNames;
  readonly positionAt: (offset: number) => Position;
  editor: Editor;
  context: FunctionContext;
  topLevelAwaits = false;
  fieldPlan: FieldPlan = noFields;
  /** The loop whose frame stands around its labels. */
  framed: Node | undefined;
  /** What stands left of the `in` or `of` of the loop at hand. */
  loopHead: Node | undefined;
  /** The name that the callee of the `new` at hand begins with: `new f()()` would construct f, so a call stands in brackets. */
  constructed: Node | undefined;
  /** Functions of which a later one of the same block has the name: declared under another. */
  readonly overridden: Map<Node, string> = new Map();
  readonly #handlers: Handlers<Emitter, void>;

  constructor(parts: EmitterParts) {
    this.tree = parts.tree;
    this.candidates = parts.candidates;
    this.colours = parts.colours;
    this.names = parts.names;
    this.globals = parts.globals;
    this.positionAt = parts.positionAt;
    this.#handlers = parts.handlers;
    this.editor = new Editor(parts.tree.code);
    this.context = createContext("top", undefined);
  }

  /** Writes a node, from what precedes it up to its end. */
  emit(node: Node): void {
    this.editor.copyTo(node.start);
    const handler = handlerOf(this.#handlers, node);
    if (handler === undefined) this.emitChildren(node);
    else handler(this, node);
    this.editor.copyTo(node.end);
  }

  emitChildren(node: Node): void {
    for (const child of childrenOf(node)) this.emit(child);
  }

  /** Writes what is assigned to: a global is named on the globals object, a member is not read. */
  emitTarget(node: Node): void {
    const { editor } = this;
    editor.copyTo(node.start);
    if (node.type === "Identifier") {
      const global = this.globals.target(node);
      if (global !== undefined) this.replace(node, global);
    } else if (node.type === "MemberExpression") this.emitChildren(node);
    else this.emit(node);
    editor.copyTo(node.end);
  }

  /** Writes `text` in place of a node. */
  replace(node: Node, text: string): void {
    this.editor.copyTo(node.start);
    this.editor.insert(text);
    this.editor.skipTo(node.end);
  }

  /** Declares a variable of the function body around the cursor. */
  temporary(name: string): string {
    this.context.temporaries.add(name);
    return name;
  }

  /** Runs `inside` in a new function context and declares what it needed at `slot`. */
  within(context: FunctionContext, slot: Slot | undefined, inside: () => void): void {
    const outer = this.context;
    this.context = context;
    inside();
    this.context = outer;
    if (slot !== undefined) this.editor.fill(slot, declarations(context));
  }

  /** The text that writing `inside` at `start` gives, kept out of the output. */
  render(start: number, inside: () => void): string {
    const outer = this.editor;
    this.editor = new Editor(this.tree.code, start);
    inside();
    const text = this.editor.text();
    this.editor = outer;
    return text;
  }

  /** Where a site stands, or undefined when the node is none. */
  siteAt(node: Node): Place | undefined {
    if (!this.colours.sites.has(node)) return undefined;
    const { calls, reads, writes, loops, delegations, spreads, patterns } = this.candidates;
    const maps: readonly ReadonlyMap<Node, Place>[] = [
      calls,
      reads,
      writes,
      loops,
      delegations,
      spreads,
      patterns,
    ];
    for (const map of maps) {
      const place = map.get(node);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** True of a place where the code at hand waits. */
  waitsAt(node: Node): boolean {
    const place = this.siteAt(node);
    const refused = place?.refused ?? this.context.refused;
    return place !== undefined && refused === undefined && this.context.kind !== "plain";
  }

  bindingKind(node: acorn.Identifier): string | undefined {
    return this.tree.bindings.get(node)?.kind;
  }
}

export function createContext(
  kind: FunctionKind,
  node: FunctionNode | undefined,
  details: Partial<Pick<FunctionContext, "construct" | "declared" | "refused">> = {},
): FunctionContext {
  return {
    kind,
    node,
    construct: details.construct ?? "no",
    refused: details.refused,
    declared: details.declared ?? new Set(),
    temporaries: new Set(),
    hoisted: new Set(),
  };
}

function declarations(context: FunctionContext): string {
  const { temporaries, hoisted } = context;
  const variables = temporaries.size === 0 ? "" : `let ${[...temporaries].join(",")};`;
  return variables + (hoisted.size === 0 ? "" : `var ${[...hoisted].join(",")};`);
}
