/**
 * What names stand for: values that are written once are followed to where they come from, and imports of k6's modules
 * (also by `require`, as the bundler leaves it) to the module's export. What is written twice, computed, or taken apart
 * in ways that are not looked at stands for itself: nothing is guessed.
 */
import {
  childrenOf,
  handlerOf,
  staticKey,
  type Binding,
  type Handlers,
  type Node,
  type SyntaxTree,
} from "../../script/index.ts";

/** An export of one of k6's modules: `k6/http` and `get`. The whole module has the name `*`. */
export interface K6Export {
  readonly module: string;
  readonly name: string;
}

interface Definition {
  /** The initialiser, or the function or class itself. */
  value: Node | undefined;
  /** The one declaration that binds it from a pattern: `const { check } = …`. */
  key?: string;
  writes: number;
}

const deepest = 12;

export class Names {
  readonly #tree: SyntaxTree;
  readonly #definitions = new Map<Binding, Definition>();
  readonly #imports = new Map<Binding, K6Export>();
  /** Every reference to a binding, its declarations left out. */
  readonly references: ReadonlyMap<Binding, readonly Node[]>;
  /** Assignments to a binding after its declaration. */
  readonly #assignments = new Map<Binding, Node[]>();

  constructor(tree: SyntaxTree, nodes: readonly Node[]) {
    this.#tree = tree;
    const references = new Map<Binding, Node[]>();
    for (const [identifier, binding] of tree.bindings) {
      if (binding.declaration === identifier) continue;
      const list = references.get(binding);
      if (list === undefined) references.set(binding, [identifier]);
      else list.push(identifier);
    }
    this.references = references;
    for (const node of nodes) handlerOf(readers, node)?.(this, node);
  }

  /** Takes note of what a name is imported as. */
  import(local: Node, imported: K6Export): void {
    const binding = this.bindingOf(local);
    if (binding !== undefined) this.#imports.set(binding, imported);
  }

  bindingOf(node: Node): Binding | undefined {
    return node.type === "Identifier" ? this.#tree.bindings.get(node) : undefined;
  }

  /** Name of a global that an identifier refers to. */
  globalOf(node: Node): string | undefined {
    if (node.type !== "Identifier") return undefined;
    return this.#tree.bindings.has(node) ? undefined : node.name;
  }

  /** What a binding is initialised with, if nothing else is ever written to it. */
  valueOf(binding: Binding): Node | undefined {
    const definition = this.#definitions.get(binding);
    if (definition === undefined || definition.writes !== 1 || definition.key !== undefined)
      return undefined;
    return definition.value;
  }

  assignmentsOf(binding: Binding): readonly Node[] {
    return this.#assignments.get(binding) ?? [];
  }

  /** The expression that a value comes from: through names written once and members of object literals. */
  origin(node: Node, depth: number = 0): Node {
    if (depth > deepest) return node;
    if (node.type === "ChainExpression") return this.origin(node.expression as Node, depth + 1);
    if (node.type === "Identifier") {
      const binding = this.bindingOf(node);
      const value = binding === undefined ? undefined : this.valueOf(binding);
      return value === undefined ? node : this.origin(value, depth + 1);
    }
    if (node.type !== "MemberExpression") return node;
    const object = this.origin(node.object as Node, depth + 1);
    const key = staticKey(node);
    const member = key === undefined ? undefined : propertyOf(object, key);
    return member === undefined ? node : this.origin(member, depth + 1);
  }

  /** The export of k6 that an expression is. */
  k6Export(node: Node, depth: number = 0): K6Export | undefined {
    if (depth > deepest) return undefined;
    if (node.type === "ChainExpression") return this.k6Export(node.expression as Node, depth + 1);
    if (node.type === "MemberExpression") return this.#memberExport(node, depth);
    const binding = this.bindingOf(node);
    if (binding === undefined) return requiredModule(node, (each) => this.globalOf(each));
    const imported = this.#imports.get(binding);
    if (imported !== undefined) return imported;
    const definition = this.#definitions.get(binding);
    if (definition?.value === undefined || definition.writes !== 1) return undefined;
    const from = this.k6Export(definition.value, depth + 1);
    return definition.key === undefined ? from : memberOf(from, definition.key);
  }

  #memberExport(node: Node & { type: "MemberExpression" }, depth: number): K6Export | undefined {
    const key = staticKey(node);
    if (key === undefined) return undefined;
    const whole = this.k6Export(node.object as Node, depth + 1);
    if (whole !== undefined) return memberOf(whole, key);
    const origin = this.origin(node);
    return origin === node ? undefined : this.k6Export(origin, depth + 1);
  }

  /** Takes note of a declaration. */
  declare(pattern: Node, init: Node | undefined): void {
    if (pattern.type === "Identifier") {
      if (init !== undefined) this.write(pattern, init);
      return;
    }
    if (pattern.type !== "ObjectPattern" || init === undefined)
      return this.assign(pattern, undefined);
    for (const property of pattern.properties) {
      const target = property.type === "Property" ? (property.value as Node) : undefined;
      const key = property.type === "Property" ? staticKey(property) : undefined;
      if (target?.type === "Identifier" && key !== undefined) this.write(target, init, key);
      else this.assign(property as Node, undefined);
    }
  }

  /** Takes note of an assignment; of a value that is not known when it is undefined. */
  assign(target: Node, value: Node | undefined): void {
    if (target.type === "MemberExpression") return;
    if (target.type !== "Identifier") {
      const parts = target.type === "Property" ? [target.value as Node] : childrenOf(target);
      for (const part of parts) this.assign(part, undefined);
      return;
    }
    const binding = this.bindingOf(target);
    if (binding === undefined) return;
    const list = this.#assignments.get(binding) ?? [];
    this.#assignments.set(binding, [...list, target]);
    this.write(target, value);
  }

  /** Takes note of a value that a name gets. */
  write(identifier: Node, value: Node | undefined, key?: string): void {
    const binding = this.bindingOf(identifier);
    if (binding === undefined) return;
    const known = this.#definitions.get(binding);
    if (known === undefined) {
      const made = { value, writes: binding.kind === "parameter" ? 2 : 1 };
      this.#definitions.set(binding, key === undefined ? made : { ...made, key });
    } else known.writes++;
  }
}

/** What nodes do to names. */
const readers: Handlers<Names, void> = {
  ImportDeclaration(names, { source, specifiers }) {
    const module = String(source.value);
    for (const specifier of specifiers) {
      const name = specifier.type === "ImportSpecifier" ? nameOf(specifier.imported as Node) : "*";
      names.import(specifier.local, { module, name: name === "default" ? "*" : name });
    }
  },
  VariableDeclarator: (names, { id, init }) =>
    names.declare(id as Node, (init ?? undefined) as Node | undefined),
  FunctionDeclaration: (names, node) => {
    if (node.id) names.write(node.id, node);
  },
  ClassDeclaration: (names, node) => {
    if (node.id) names.write(node.id, node);
  },
  AssignmentExpression: (names, { left, operator, right }) =>
    names.assign(left as Node, operator === "=" ? (right as Node) : undefined),
  UpdateExpression: (names, { argument }) => names.assign(argument as Node, undefined),
  ForOfStatement: (names, { left }) => assignLoop(names, left as Node),
  ForInStatement: (names, { left }) => assignLoop(names, left as Node),
};

function assignLoop(names: Names, left: Node): void {
  if (left.type !== "VariableDeclaration") names.assign(left, undefined);
  else for (const { id } of left.declarations) names.assign(id as Node, undefined);
}

/** The value of a property of an object literal that has no spread after which it could be another. */
export function propertyOf(object: Node, key: string): Node | undefined {
  if (object.type !== "ObjectExpression") return undefined;
  let found: Node | undefined;
  for (const property of object.properties) {
    if (property.type === "SpreadElement") found = undefined;
    else if (staticKey(property) === key) found = property.value as Node;
  }
  return found;
}

/** True when all properties of an object literal are known by name. */
export function isClosedObject(node: Node): node is Node & { type: "ObjectExpression" } {
  return (
    node.type === "ObjectExpression" &&
    node.properties.every((each) => each.type === "Property" && staticKey(each) !== undefined)
  );
}

function memberOf(whole: K6Export | undefined, key: string): K6Export | undefined {
  if (whole === undefined) return undefined;
  if (whole.name !== "*") return { module: whole.module, name: `${whole.name}.${key}` };
  return { module: whole.module, name: key === "default" ? "*" : key };
}

/** `require("k6/http")`, which the bundler calls `__require`. */
function requiredModule(
  node: Node,
  globalOf: (node: Node) => string | undefined,
): K6Export | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return undefined;
  const isRequire = node.callee.name === "__require" || globalOf(node.callee as Node) === "require";
  const [argument] = node.arguments;
  if (!isRequire || argument?.type !== "Literal" || typeof argument.value !== "string")
    return undefined;
  return /^k6(?:\/|$)/u.test(argument.value) ? { module: argument.value, name: "*" } : undefined;
}

function nameOf(node: Node): string {
  return node.type === "Identifier" ? node.name : String((node as { value?: unknown }).value);
}
