/**
 * Built-in methods that call back, for callbacks that may wait. Emitted code says `x[symbols.map](f)` for `x.map(f)`:
 * the symbol finds, on the prototypes of arrays, typed arrays, maps, sets, strings and promises, a version that can stop between two
 * calls of `f`; on anything else it finds one that calls the method of that name. A method the script has overridden
 * is called as it is. Semantics are ECMAScript's: holes, live length, `thisArg`, species. `sort` gives the same order
 * by other comparisons.
 */
import {
  createSteppedMethods,
  steppedMethods,
  steppedPrototype,
  type SteppedMethod,
} from "./runtime-iteration.ts";
import { parseSteps, stringifySteps, type Visit } from "./runtime-json.ts";
import type { Register } from "./runtime-register.ts";
import type { Box, Suspension } from "./runtime-state.ts";

export const callbackMethods = [
  "map",
  "forEach",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "some",
  "every",
  "reduce",
  "reduceRight",
  "flatMap",
  "each",
  "sort",
  "toSorted",
  "from",
  "replace",
  "replaceAll",
  "then",
  "catch",
  "finally",
  "parse",
  "stringify",
] as const;

export type CallbackMethod = (typeof callbackMethods)[number];
/** Methods that emitted code calls by a symbol: those that call back, and the steps of a generator. */
export type HelpedMethod = CallbackMethod | SteppedMethod;
export type CallbackSymbols = Readonly<Record<HelpedMethod, symbol>>;

/** Methods of promises: their callbacks run later, on a segment of their own. */
export const promiseMethods: ReadonlySet<string> = new Set(["then", "catch", "finally"]);

/** A method as a walk: yields the arguments of each call of the callback, is given its result, returns the value. */
type Steps = Generator<readonly unknown[], unknown, unknown>;
/** `args` are the arguments after the callback. */
type Walk<S> = (self: S, args: readonly unknown[]) => Steps;
type Callback = (...args: never[]) => unknown;
type Method = (this: unknown, ...args: unknown[]) => unknown;
type ListLike = { readonly [index: number]: unknown; readonly length: number };

/** What a promise method is handed besides its callbacks. */
interface Tolerant {
  tolerate(callback: unknown): unknown;
}

/** Defines the methods on the built-in prototypes of this realm, by symbols nobody else has. */
export function installCallbackMethods(register: Register): CallbackSymbols {
  const suspension: Suspension = register;
  const names: readonly HelpedMethod[] = [...callbackMethods, ...steppedMethods];
  const symbols = Object.fromEntries(
    names.map((name) => [name, Symbol(name)]),
  ) as unknown as CallbackSymbols;
  const define = (target: object, name: HelpedMethod, value: Method): void => {
    Object.defineProperty(target, symbols[name], { value, configurable: true, writable: true });
  };
  for (const name of names) define(Object.prototype, name, forwarder(name));
  for (const [target, walks] of walksByTarget) {
    for (const [name, walk] of Object.entries(walks)) {
      const walked = walker(suspension, {
        name,
        native: Reflect.get(target, name) as Method,
        walk,
      });
      define(target, name as CallbackMethod, walked);
    }
  }
  for (const name of ["replace", "replaceAll"] as const) {
    define(String.prototype, name, replacer(suspension, name));
  }
  for (const name of ["then", "catch", "finally"] as const) {
    define(Promise.prototype, name, promiseMethod(name));
  }
  for (const name of ["parse", "stringify"] as const) {
    define(JSON, name, jsonMethod(suspension, name));
  }
  const stepped = createSteppedMethods(register);
  for (const name of steppedMethods) define(steppedPrototype, name, stepped[name] as Method);
  return symbols;
}

function callNamed(self: unknown, name: string, args: unknown[]): unknown {
  return (self as Record<string, (...given: unknown[]) => unknown>)[name]!(...args);
}

function forwarder(name: HelpedMethod): Method {
  if (!promiseMethods.has(name)) {
    return function forward(...args) {
      return callNamed(this, name, args);
    };
  }
  return function forwardWithoutLane(_lane, ...args) {
    return callNamed(this, name, args);
  };
}

function walker(
  suspension: Suspension,
  method: { name: string; native: Method; walk: Walk<never> },
): Method {
  const { name, native, walk } = method;
  // The callback of `from` is its second argument; of all others the first.
  const position = name === "from" ? 1 : 0;
  return function walkable(...args) {
    if ((this as Record<string, unknown>)[name] !== native) return callNamed(this, name, args);
    const callback = args[position];
    if (typeof callback !== "function" || !canWalk(this, name)) {
      return Reflect.apply(native, this, args);
    }
    const self = (name === "from" ? args[0] : this) as never;
    const steps = walk(self, args.slice(position + 1));
    const receiver = name.startsWith("reduce") ? undefined : args[position + 1];
    return drive(suspension, { steps, callback: callback as Callback, receiver });
  };
}

/** A constructor other than Array may build anything in `from`: it is called as it is. */
function canWalk(self: unknown, name: string): boolean {
  return name === "from" ? self === Array : self !== null && self !== undefined;
}

interface Drive {
  readonly steps: Steps;
  readonly callback: Callback;
  readonly receiver: unknown;
}

function drive(suspension: Suspension, walk: Drive): unknown {
  let step = walk.steps.next();
  while (step.done !== true) {
    const result = callBack(walk, step.value);
    if (result === suspension.sentinel) return suspension.settle(resume(suspension, walk));
    step = walk.steps.next(result);
  }
  return step.value;
}

async function resume(suspension: Suspension, walk: Drive): Promise<Box> {
  for (;;) {
    let result: unknown;
    try {
      // oxlint-disable-next-line no-await-in-loop -- callbacks run one after the other
      result = (await suspension.take()).v;
    } catch (error) {
      walk.steps.return(undefined);
      throw error;
    }
    let step = walk.steps.next(result);
    do {
      if (step.done === true) return suspension.box(step.value);
      result = callBack(walk, step.value);
      if (result !== suspension.sentinel) step = walk.steps.next(result);
    } while (result !== suspension.sentinel);
  }
}

function callBack(walk: Drive, args: readonly unknown[]): unknown {
  try {
    return Reflect.apply(walk.callback, walk.receiver, args) as unknown;
  } catch (error) {
    walk.steps.return(undefined);
    throw error;
  }
}

/** The indices of a list that have an element, by the length it had at the start. */
function* elements(self: ListLike, backwards = false): Generator<number> {
  const { length } = self;
  for (let step = 0; step < length; step += 1) {
    const index = backwards ? length - 1 - step : step;
    if (index in self) yield index;
  }
}

/** An empty array of the class that `map`, `filter` and `flatMap` of `self` would make. */
function createLike(self: ListLike, length: number): unknown[] {
  if (!Array.isArray(self)) return Array.from({ length });
  const constructor = self.constructor as { [Symbol.species]?: new (size: number) => unknown[] };
  const species = constructor?.[Symbol.species] ?? Array;
  return new species(length);
}

function* search(self: ListLike, options: { backwards: boolean; wantsIndex: boolean }): Steps {
  const { length } = self;
  for (let step = 0; step < length; step += 1) {
    const index = options.backwards ? length - 1 - step : step;
    const value = self[index];
    if (yield [value, index, self]) return options.wantsIndex ? index : value;
  }
  return options.wantsIndex ? -1 : undefined;
}

function* reduceSteps(self: ListLike, args: readonly unknown[], backwards: boolean): Steps {
  const indices = elements(self, backwards);
  let value = args[0];
  if (args.length === 0) {
    const first = indices.next();
    if (first.done === true) throw new TypeError("Reduce of empty array with no initial value");
    value = self[first.value];
  }
  for (const index of indices) value = yield [value, self[index], index, self];
  return value;
}

const listWalks: Readonly<Record<string, Walk<ListLike>>> = {
  *map(self) {
    const result = createLike(self, self.length);
    for (const index of elements(self)) {
      result[index] = yield [self[index], index, self];
    }
    return result;
  },
  *forEach(self) {
    for (const index of elements(self)) yield [self[index], index, self];
    return undefined;
  },
  *filter(self) {
    const result = createLike(self, 0);
    for (const index of elements(self)) {
      const value = self[index];
      if (yield [value, index, self]) result.push(value);
    }
    return result;
  },
  *some(self) {
    for (const index of elements(self)) if (yield [self[index], index, self]) return true;
    return false;
  },
  *every(self) {
    for (const index of elements(self)) if (!(yield [self[index], index, self])) return false;
    return true;
  },
  *flatMap(self) {
    const result = createLike(self, 0);
    for (const index of elements(self)) {
      const part = yield [self[index], index, self];
      if (Array.isArray(part)) for (const inner of elements(part)) result.push(part[inner]);
      else result.push(part);
    }
    return result;
  },
  find: (self) => search(self, { backwards: false, wantsIndex: false }),
  findIndex: (self) => search(self, { backwards: false, wantsIndex: true }),
  findLast: (self) => search(self, { backwards: true, wantsIndex: false }),
  findLastIndex: (self) => search(self, { backwards: true, wantsIndex: true }),
  reduce: (self, args) => reduceSteps(self, args, false),
  reduceRight: (self, args) => reduceSteps(self, args, true),
  *sort(self) {
    const target = self as unknown as unknown[];
    const { length } = target;
    const present = Array.from(elements(target), (index) => target[index]);
    const defined = (yield* mergeSort(present.filter((value) => value !== undefined))) as unknown[];
    let index = 0;
    for (const value of defined) target[index++] = value;
    while (index < present.length) target[index++] = undefined;
    for (; index < length; index += 1) Reflect.deleteProperty(target, index);
    return target;
  },
  *toSorted(self) {
    const all = Array.from(self);
    const defined = (yield* mergeSort(all.filter((value) => value !== undefined))) as unknown[];
    while (defined.length < all.length) defined.push(undefined);
    return defined;
  },
};

function* mergeSort(values: unknown[]): Steps {
  if (values.length < 2) return values;
  const middle = values.length >> 1;
  const left = (yield* mergeSort(values.slice(0, middle))) as unknown[];
  const right = (yield* mergeSort(values.slice(middle))) as unknown[];
  const merged: unknown[] = [];
  let taken = 0;
  for (const value of right) {
    // Equal ones keep their order: the left one goes first.
    while (taken < left.length && !(Number(yield [left[taken], value]) > 0)) {
      merged.push(left[taken]);
      taken += 1;
    }
    merged.push(value);
  }
  merged.push(...left.slice(taken));
  return merged;
}

// As they are now: a script may override them.
const mapEntries = Reflect.get(Map.prototype, "entries") as () => Iterable<[unknown, unknown]>;
const setValues = Reflect.get(Set.prototype, "values") as () => Iterable<unknown>;

type Numbers = Uint8Array | BigInt64Array;
type NumbersConstructor = { readonly [Symbol.species]?: new (size: number) => Numbers };

/** Those of the walks over lists that typed arrays have; what makes a new array makes one of the same type. */
const typedWalks: Readonly<Record<string, Walk<never>>> = {
  ...(Object.fromEntries(
    [
      "forEach",
      "some",
      "every",
      "find",
      "findIndex",
      "findLast",
      "findLastIndex",
      "reduce",
      "reduceRight",
    ].map((name) => [name, listWalks[name]!]),
  ) as Readonly<Record<string, Walk<never>>>),
  *map(self: Numbers): Steps {
    const result = createTyped(self, self.length);
    for (let index = 0; index < self.length; index += 1)
      Reflect.set(result, index, yield [self[index], index, self]);
    return result;
  },
  *filter(self: Numbers): Steps {
    const kept: unknown[] = [];
    for (let index = 0; index < self.length; index += 1) {
      const value = self[index];
      if (yield [value, index, self]) kept.push(value);
    }
    const result = createTyped(self, kept.length);
    for (const [index, value] of kept.entries()) Reflect.set(result, index, value);
    return result;
  },
  *sort(self: Numbers): Steps {
    const sorted = (yield* mergeSort([...self])) as unknown[];
    for (const [index, value] of sorted.entries()) Reflect.set(self, index, value);
    return self;
  },
};

function createTyped(self: Numbers, length: number): Numbers {
  const own = self.constructor as unknown as NumbersConstructor & (new (size: number) => Numbers);
  return new (own[Symbol.species] ?? own)(length);
}

/** Prototype (or constructor) → its methods. */
const walksByTarget: readonly (readonly [object, Readonly<Record<string, Walk<never>>>])[] = [
  [Array.prototype, listWalks as Readonly<Record<string, Walk<never>>>],
  [Object.getPrototypeOf(Uint8Array.prototype) as object, typedWalks],
  [
    Map.prototype,
    {
      *forEach(self: Map<unknown, unknown>): Steps {
        for (const [key, value] of Reflect.apply(mapEntries, self, [])) yield [value, key, self];
        return undefined;
      },
    },
  ],
  [
    Set.prototype,
    {
      *forEach(self: Set<unknown>): Steps {
        for (const value of Reflect.apply(setValues, self, [])) yield [value, value, self];
        return undefined;
      },
    },
  ],
  [
    Array,
    {
      *from(items: Iterable<unknown> | ListLike): Steps {
        const result: unknown[] = [];
        const source =
          Symbol.iterator in Object(items) ? (items as Iterable<unknown>) : Array.from(items);
        let index = 0;
        for (const item of source) {
          result.push(yield [item, index]);
          index += 1;
        }
        return result;
      },
    },
  ],
];

/** `replace` finds all matches first, as the standard does, and then asks the callback for each. */
function replacer(suspension: Suspension, name: "replace" | "replaceAll"): Method {
  const native = String.prototype[name] as Method;
  return function replaceWaiting(...args) {
    const [pattern, callback] = args;
    const known = typeof pattern === "string" || pattern instanceof RegExp;
    const text = this as { readonly [key: string]: unknown };
    const walkable = typeof this === "string" && typeof callback === "function" && known;
    if (!walkable || text[name] !== native) {
      return callNamed(this, name, args);
    }
    const matches: unknown[][] = [];
    const collect = (...match: unknown[]): string => {
      matches.push(match);
      return "";
    };
    Reflect.apply(native, this, [pattern, collect]);
    const steps = replaceSteps(this, matches);
    return drive(suspension, { steps, callback: callback as Callback, receiver: undefined });
  };
}

function* replaceSteps(text: string, matches: readonly unknown[][]): Steps {
  let result = "";
  let position = 0;
  for (const match of matches) {
    const offset = match.findLast((part) => typeof part === "number") as number;
    const replacement = yield match;
    result += text.slice(position, offset) + String(replacement);
    position = offset + String(match[0]).length;
  }
  return result + text.slice(position);
}

function promiseMethod(name: "then" | "catch" | "finally"): Method {
  const native = Promise.prototype[name] as Method;
  return function tolerant(lane, ...callbacks) {
    if ((this as Record<string, unknown>)[name] !== native) return callNamed(this, name, callbacks);
    const tolerated = callbacks.map((callback) => (lane as Tolerant).tolerate(callback));
    return Reflect.apply(native, this, tolerated);
  };
}

/** A walk that says at each step what is called. */
const visit = (callee: Callback, self: unknown, args: readonly unknown[]): unknown =>
  Reflect.apply(callee, self, args);

function jsonMethod(suspension: Suspension, name: "parse" | "stringify"): Method {
  const native = JSON[name] as Method;
  return function jsonWaiting(...args) {
    if ((this as Record<string, unknown>)[name] !== native) return callNamed(this, name, args);
    const steps: Generator<Visit, unknown, unknown> =
      name === "parse" ? parseSteps(args[0], args[1]) : stringifySteps(args[0], args[1], args[2]);
    return drive(suspension, { steps, callback: visit, receiver: undefined });
  };
}
