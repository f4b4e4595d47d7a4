/**
 * Which names of a bundle are visible to it. ECMAScript's own stay as they are; a few that the caller binds as
 * constants too; every other unbound name is a property of the VU's globals object, so nothing of Node is in sight.
 */
import type * as acorn from "acorn";
import type { GeneratedNames } from "./generated-names.ts";
import type { SyntaxTree } from "./scopes.ts";

const ecmaScriptNames =
  "undefined NaN Infinity Object Function Array Number parseFloat parseInt Boolean String Symbol Date Promise RegExp Error " +
  "AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math ArrayBuffer " +
  "Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array " +
  "Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set WeakMap WeakSet Proxy Reflect " +
  "decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite " +
  "isNaN arguments";

/** Names of the language itself: the same in every realm. */
export const ecmaScriptGlobals: ReadonlySet<string> = new Set(ecmaScriptNames.split(" "));

/**
 * Names that mean something in CommonJS files only, whose wrapper binds them. k6 refuses them in a module; their type may be asked
 * here, because npm packages that k6 could not load do so.
 */
export const commonJsNames: ReadonlySet<string> = new Set(["module", "exports"]);

const selfNames: ReadonlySet<string> = new Set(["globalThis"]);

/** k6's function that makes the VU's own `Math.random` reproducible: only a script that says its name needs a Math of its own. */
const seedingFunction = "randomSeed";

export interface GlobalNamesOptions {
  readonly constants: ReadonlySet<string>;
  /** Names the script assigns to: never constants, and never the realm's own. */
  readonly assigned: ReadonlySet<string>;
}

export class GlobalNames {
  readonly #identifiers: ReadonlySet<acorn.Identifier>;
  readonly #names: GeneratedNames;
  readonly #options: GlobalNamesOptions;
  readonly #hasOwnMath: boolean;
  readonly #free = new Set<string>();
  readonly #constants = new Set<string>();

  constructor(tree: SyntaxTree, names: GeneratedNames, options: GlobalNamesOptions) {
    this.#identifiers = new Set([...tree.free.values()].flat());
    this.#names = names;
    this.#options = options;
    this.#hasOwnMath = tree.code.includes(seedingFunction);
  }

  /** Names read from the globals object, and constants used by name, so far. */
  get used(): { readonly free: string[]; readonly constants: string[] } {
    return { free: [...this.#free].toSorted(), constants: [...this.#constants].toSorted() };
  }

  /** What to write for a name that is read; undefined to leave it. */
  read(node: acorn.Identifier): string | undefined {
    const place = this.#place(node);
    return place === "property" ? `${this.#names.local("g")}(${JSON.stringify(node.name)})` : place;
  }

  /** What to write for a name that is assigned to. */
  target(node: acorn.Identifier): string | undefined {
    const place = this.#place(node);
    if (place !== "property") return place;
    return `${this.#names.kit("writable")}(${this.#names.local("G")}).${node.name}`;
  }

  /** What to write for a name that is asked for its type, which it need not have a value for. */
  typed(node: acorn.Identifier): string | undefined {
    const place = this.#place(node);
    return place === "property" ? `${this.#names.local("G")}.${node.name}` : place;
  }

  /** "property", the text to write, or undefined to leave the name. */
  #place(node: acorn.Identifier): string | undefined {
    const { name } = node;
    const { constants, assigned } = this.#options;
    if (!this.#identifiers.has(node)) return undefined;
    if (selfNames.has(name)) return this.#names.local("G");
    if (name === "Math" && this.#hasOwnMath) return `${this.#names.local("G")}.Math`;
    const isAssigned = assigned.has(name);
    if (ecmaScriptGlobals.has(name) && !isAssigned) return undefined;
    if (constants.has(name) && !isAssigned) {
      this.#constants.add(name);
      return undefined;
    }
    this.#free.add(name);
    return "property";
  }
}
