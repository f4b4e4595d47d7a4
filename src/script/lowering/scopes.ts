/**
 * Parses a bundle and says what every identifier means: the binding it stands for, or that it is free (a global).
 * Parameters and body of a function share one scope; the difference shows only when a default value and a `var` of
 * the body use the same name.
 */
import { parse } from "acorn";
import type * as acorn from "acorn";
import {
  childrenOf,
  handlerOf,
  type ClassNode,
  type FunctionNode,
  type Handlers,
  type Node,
} from "./syntax.ts";

export type BindingKind =
  | "import"
  | "var"
  | "let"
  | "const"
  | "class"
  | "function"
  | "parameter"
  | "catch";

/** One declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  /** Its first declaration. */
  readonly declaration: acorn.Identifier;
  /** Declared by the bundle's outermost scope. */
  readonly topLevel: boolean;
}

/** What the scopes say about one function. */
export interface FunctionInfo {
  readonly node: FunctionNode;
  /** The function around it; undefined at the top level. */
  readonly parent: FunctionInfo | undefined;
  /** Mentions `this`, `super` or `new.target`, also in an arrow of it. */
  usesThis: boolean;
  /** Mentions `arguments`, also in an arrow of it. */
  usesArguments: boolean;
}

/** A parsed bundle with its names resolved. */
export interface SyntaxTree {
  readonly code: string;
  readonly program: acorn.Program;
  readonly functions: ReadonlyMap<FunctionNode, FunctionInfo>;
  /** Every identifier that declares or refers to a binding. */
  readonly bindings: ReadonlyMap<acorn.Identifier, Binding>;
  /** Every other identifier that refers to something, by name. */
  readonly free: ReadonlyMap<string, readonly acorn.Identifier[]>;
  /** Every name that occurs, so that generated names can keep clear. */
  readonly names: ReadonlySet<string>;
}

/**
 * Parses a bundle as a module and resolves its names.
 * @throws SyntaxError (acorn's, with `pos` and `loc`)
 */
export function parseBundle(code: string): SyntaxTree {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const resolver = new Resolver();
  resolver.visitAll(program.body as Node[]);
  return { code, program, ...resolver.resolve() };
}

interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Binding>;
  /** Where `var` goes. */
  readonly functionScope: Scope;
}

function createScope(parent: Scope | undefined, isFunctionScope: boolean): Scope {
  const scope = { parent, names: new Map<string, Binding>() } as {
    parent: Scope | undefined;
    names: Map<string, Binding>;
    functionScope: Scope;
  };
  scope.functionScope = isFunctionScope || parent === undefined ? scope : parent.functionScope;
  return scope;
}

class Resolver {
  readonly functions = new Map<FunctionNode, FunctionInfo>();
  readonly #bindings = new Map<acorn.Identifier, Binding>();
  readonly #references: [acorn.Identifier, Scope][] = [];
  readonly #names = new Set<string>();
  readonly #root = createScope(undefined, true);
  scope: Scope = this.#root;
  current: FunctionInfo | undefined;

  resolve(): Omit<SyntaxTree, "code" | "program"> {
    const free = new Map<string, acorn.Identifier[]>();
    for (const [identifier, scope] of this.#references) {
      const binding = lookUp(scope, identifier.name);
      if (binding !== undefined) {
        this.#bindings.set(identifier, binding);
        continue;
      }
      const list = free.get(identifier.name);
      if (list === undefined) free.set(identifier.name, [identifier]);
      else list.push(identifier);
    }
    return { functions: this.functions, bindings: this.#bindings, free, names: this.#names };
  }

  visit(node: Node): void {
    const handler = handlerOf(handlers, node);
    if (handler === undefined) this.visitAll(childrenOf(node));
    else handler(this, node);
  }

  visitAll(nodes: readonly Node[]): void {
    for (const node of nodes) this.visit(node);
  }

  refer(identifier: acorn.Identifier): void {
    this.#names.add(identifier.name);
    this.#references.push([identifier, this.scope]);
  }

  declare(identifier: acorn.Identifier, kind: BindingKind): void {
    const scope = kind === "var" ? this.scope.functionScope : this.scope;
    const { name } = identifier;
    this.#names.add(name);
    let binding = scope.names.get(name);
    if (binding === undefined) {
      binding = { name, kind, declaration: identifier, topLevel: scope === this.#root };
      scope.names.set(name, binding);
    }
    this.#bindings.set(identifier, binding);
  }

  /** Declares the names of a pattern and visits the expressions in it. */
  declarePattern(pattern: Node, kind: BindingKind): void {
    if (pattern.type === "Identifier") {
      this.declare(pattern, kind);
    } else if (pattern.type === "AssignmentPattern") {
      this.declarePattern(pattern.left as Node, kind);
      this.visit(pattern.right as Node);
    } else if (pattern.type === "Property") {
      if (pattern.computed) this.visit(pattern.key as Node);
      this.declarePattern(pattern.value as Node, kind);
    } else {
      for (const child of childrenOf(pattern)) this.declarePattern(child, kind);
    }
  }

  /** Runs `inside` in a scope of its own. */
  within(isFunctionScope: boolean, inside: () => void): void {
    const outer = this.scope;
    this.scope = createScope(outer, isFunctionScope);
    inside();
    this.scope = outer;
  }

  /** Code that runs as a function without being one in the tree: field initialisers, static blocks. */
  outsideFunctions(inside: () => void): void {
    const outer = this.current;
    this.current = undefined;
    this.within(true, inside);
    this.current = outer;
  }

  enterFunction(node: FunctionNode): void {
    const info = { node, parent: this.current, usesThis: false, usesArguments: false };
    this.functions.set(node, info);
    this.within(true, () => {
      this.current = info;
      for (const parameter of node.params) this.declarePattern(parameter as Node, "parameter");
      if (node.body.type === "BlockStatement") this.visitAll(node.body.body as Node[]);
      else this.visit(node.body as Node);
      this.current = info.parent;
    });
  }

  enterClass(node: ClassNode): void {
    this.within(false, () => {
      if (node.type === "ClassExpression" && node.id) this.declare(node.id, "class");
      if (node.superClass) this.visit(node.superClass as Node);
      this.visit(node.body);
    });
  }

  /** Marks the functions that `this` (or `arguments`) belongs to, through the arrows between. */
  mark(what: "usesThis" | "usesArguments"): void {
    let info = this.current;
    while (info !== undefined) {
      info[what] = true;
      if (info.node.type !== "ArrowFunctionExpression") return;
      info = info.parent;
    }
  }
}

function lookUp(from: Scope, name: string): Binding | undefined {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.parent) {
    const binding = scope.names.get(name);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

function visitBlockOf(resolver: Resolver, node: Node): void {
  resolver.within(false, () => resolver.visitAll(childrenOf(node)));
}

function visitKeyed(
  resolver: Resolver,
  node: acorn.Property | acorn.AssignmentProperty | acorn.MethodDefinition,
): void {
  if (node.computed) resolver.visit(node.key as Node);
  resolver.visit(node.value as Node);
}

function ignore(): void {
  // Labels, keys and keywords are no references.
}

const handlers: Handlers<Resolver, void> = {
  Identifier(resolver, node) {
    if (node.name === "arguments" && resolver.current !== undefined) resolver.mark("usesArguments");
    else resolver.refer(node);
  },
  ThisExpression: (resolver) => resolver.mark("usesThis"),
  Super: (resolver) => resolver.mark("usesThis"),
  MetaProperty: (resolver, node) => {
    if (node.meta.name === "new") resolver.mark("usesThis");
  },
  FunctionDeclaration(resolver, node) {
    if (node.id) resolver.declare(node.id, "function");
    resolver.enterFunction(node);
  },
  FunctionExpression(resolver, node) {
    resolver.within(false, () => {
      if (node.id) resolver.declare(node.id, "function");
      resolver.enterFunction(node);
    });
  },
  ArrowFunctionExpression: (resolver, node) => resolver.enterFunction(node),
  ClassDeclaration(resolver, node) {
    if (node.id) resolver.declare(node.id, "class");
    resolver.enterClass(node);
  },
  ClassExpression: (resolver, node) => resolver.enterClass(node),
  VariableDeclaration(resolver, node) {
    const kind = node.kind === "var" || node.kind === "let" ? node.kind : "const";
    for (const declarator of node.declarations) {
      resolver.declarePattern(declarator.id as Node, kind);
      if (declarator.init) resolver.visit(declarator.init as Node);
    }
  },
  BlockStatement: visitBlockOf,
  ForStatement: visitBlockOf,
  ForInStatement: visitBlockOf,
  ForOfStatement: visitBlockOf,
  SwitchStatement: visitBlockOf,
  CatchClause(resolver, node) {
    resolver.within(false, () => {
      if (node.param) resolver.declarePattern(node.param as Node, "catch");
      resolver.visit(node.body);
    });
  },
  StaticBlock: (resolver, node) => {
    resolver.outsideFunctions(() => resolver.visitAll(node.body as Node[]));
  },
  PropertyDefinition(resolver, node) {
    if (node.computed) resolver.visit(node.key as Node);
    const { value } = node;
    if (value) resolver.outsideFunctions(() => resolver.visit(value as Node));
  },
  MemberExpression(resolver, node) {
    resolver.visit(node.object as Node);
    if (node.computed) resolver.visit(node.property as Node);
  },
  Property: visitKeyed,
  MethodDefinition: visitKeyed,
  LabeledStatement: (resolver, node) => resolver.visit(node.body as Node),
  BreakStatement: ignore,
  ContinueStatement: ignore,
  ImportSpecifier: (resolver, node) => resolver.declare(node.local, "import"),
  ImportDefaultSpecifier: (resolver, node) => resolver.declare(node.local, "import"),
  ImportNamespaceSpecifier: (resolver, node) => resolver.declare(node.local, "import"),
  ExportNamedDeclaration(resolver, node) {
    if (node.declaration) resolver.visit(node.declaration as Node);
    if (node.source) return;
    for (const { local } of node.specifiers) if (local.type === "Identifier") resolver.refer(local);
  },
  ExportAllDeclaration: ignore,
};
