/**
 * JSON with callbacks that may wait: `toJSON`, replacers and revivers. As ECMAScript 25.5 has it, in two stages: a walk
 * calls back and builds what is to be written (or has been read), and the language's own JSON does the rest.
 */

/** A call of the script's code in a walk: what is called, its `this`, its arguments. The walk goes on with its result. */
export type Visit = readonly [
  callee: (...args: never[]) => unknown,
  self: unknown,
  args: readonly unknown[],
];

type Visits = Generator<Visit, unknown, unknown>;
type Callback = (...args: never[]) => unknown;

const { parse, stringify } = JSON;

/** `JSON.parse(text, reviver)`. */
export function* parseSteps(text: unknown, reviver: unknown): Visits {
  const value: unknown = parse(text as string);
  if (typeof reviver !== "function") return value;
  return yield* revive({ "": value }, "", reviver as Callback);
}

function* revive(holder: object, key: string, reviver: Callback): Visits {
  const value: unknown = Reflect.get(holder, key);
  if (isObject(value)) {
    const keys = Array.isArray(value) ? Object.keys([...value]) : Object.keys(value);
    for (const inner of keys) {
      const revived = yield* revive(value, inner, reviver);
      if (revived === undefined) Reflect.deleteProperty(value, inner);
      else define(value, inner, revived);
    }
  }
  return yield [reviver, holder, [key, value]];
}

/** `JSON.stringify(value, replacer, space)`. */
export function* stringifySteps(value: unknown, replacer: unknown, space: unknown): Visits {
  const walk = new Writer(replacer);
  const resolved = yield* walk.resolve({ "": value }, "");
  return stringify(resolved, walk.keys, space as string);
}

/** Builds a copy without `toJSON` and functions, of plain values, lists and objects without a prototype. */
class Writer {
  readonly #replacer: Callback | undefined;
  /** The only members to be written, in their order; null for all. */
  readonly keys: string[] | null = null;
  readonly #around: object[] = [];

  constructor(replacer: unknown) {
    if (typeof replacer === "function") this.#replacer = replacer as Callback;
    else if (Array.isArray(replacer)) this.keys = keysIn(replacer);
  }

  *resolve(holder: object, key: string): Visits {
    let value: unknown = Reflect.get(holder, key);
    if (isObject(value) || typeof value === "bigint") {
      const { toJSON } = value as { readonly toJSON?: unknown };
      if (typeof toJSON === "function") value = yield [toJSON as Callback, value, [key]];
    }
    if (this.#replacer !== undefined) value = yield [this.#replacer, holder, [key, value]];
    if (typeof value === "function") return undefined;
    if (!isObject(value) || isBoxed(value)) return value;
    if (this.#around.includes(value)) throw new TypeError("Converting circular structure to JSON");
    this.#around.push(value);
    const copy = Array.isArray(value) ? yield* this.#list(value) : yield* this.#members(value);
    this.#around.pop();
    return copy;
  }

  *#list(value: readonly unknown[]): Generator<Visit, unknown[], unknown> {
    const copy: unknown[] = [];
    for (let index = 0; index < value.length; index += 1)
      copy.push(yield* this.resolve(value, String(index)));
    return copy;
  }

  *#members(value: object): Generator<Visit, object, unknown> {
    const copy = Object.create(null) as Record<string, unknown>;
    for (const key of this.keys ?? Object.keys(value)) {
      const member = yield* this.resolve(value, key);
      if (member !== undefined) copy[key] = member;
    }
    return copy;
  }
}

function keysIn(list: readonly unknown[]): string[] {
  const keys = list.filter(
    (item) =>
      typeof item === "string" ||
      typeof item === "number" ||
      item instanceof String ||
      item instanceof Number,
  );
  return [...new Set(keys.map(String))];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Written as the value inside. */
function isBoxed(value: object): boolean {
  return [Number, String, Boolean, BigInt].some((constructor) => value instanceof constructor);
}

function define(target: object, key: string, value: unknown): void {
  Reflect.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
