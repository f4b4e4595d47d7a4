/**
 * The members of the run-time kit that emitted code calls by name and that need no lane. Plain closures: the optimiser
 * sees through them. What each does in the text is in lowering/emit-*.ts.
 */
import { BlockingError } from "./runtime-blocking.ts";
import { createIterationKit } from "./runtime-iteration.ts";
import { describe, silence, type Register } from "./runtime-register.ts";
import { Done, State, unset, type Box } from "./runtime-state.ts";

function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The body of a lowered function. */
type Body = (state: State) => Promise<unknown>;

/** Runs a body up to its first wait; true when it waits, and its promise is in the register. Throws what the body throws. */
function createBeginning(register: Register): (state: State, body: Body) => boolean {
  return (state, body) => {
    const promise = body(state);
    if (state.w) register.settle(promise as Promise<Box>);
    else if (state.x) throw state.v;
    else if (state.v === unset) {
      // Neither end was reached: the stack overflowed inside the body's own catch.
      silence(promise);
      throw new RangeError("Maximum call stack size exceeded");
    }
    return state.w;
  };
}

/** The members that need no lane. Plain closures: the optimiser sees through them, and emitted code calls them bare. */
export function createKit(register: Register): Record<string, unknown> {
  const { sentinel } = register;

  const begin = createBeginning(register);

  const run = (body: Body): unknown => {
    const state = new State();
    return begin(state, body) ? sentinel : state.v;
  };

  const take = (state: State): Promise<Box> => {
    const promise = register.take();
    state.w = true;
    return promise;
  };

  /** An async function of the script: its caller goes on when the stretch before its first own `await` has ended. */
  const runAsync = (body: Body): unknown => {
    const state = new State();
    const promise = body(state);
    // Neither waited nor ended: the stack overflowed at its end, and the promise is rejected.
    if (state.p === 0 || !state.w) return promise;
    return register.settle(
      new Promise<Box>((resolve) => {
        state.p = () => resolve(new Done(promise));
      }),
    );
  };

  return {
    sentinel,
    /** After what does not say so by its value (a constructor, a write): whether it waits. */
    waits: (): boolean => register.pending !== undefined,
    run,
    take,
    runAsync,
    createPromise: (executor: (...settlers: unknown[]) => unknown) =>
      createPromise(register, executor),
    topState: new State(),
    // A text, not an Error: such is k6's refusal. What has no text is refused by the language.
    refuseImport: (specifier: unknown): Promise<never> =>
      new Promise((_, reject) => {
        void `${specifier as string}`;
        reject("dynamic modules not enabled in the host program");
      }),
    ...createConstructorKit(register),
    ...createIterationKit(register),
    refuse: (value: unknown, where: string): unknown => {
      if (value !== sentinel) return value;
      silence(register.take());
      if (register.owner !== undefined) register.owner.traces = true;
      throw new BlockingError(`${describe(register.owner)} stands in ${where}, which cannot wait`);
    },
  };
}

/** `new Promise(executor)` whose executor may wait: the constructor returns when the executor does. */
function createPromise(register: Register, executor: (...settlers: unknown[]) => unknown): unknown {
  let settlers: unknown[] = [];
  const promise = new Promise((...given) => {
    settlers = given;
  });
  const reject = settlers[1] as (error: unknown) => void;
  let value: unknown;
  try {
    value = executor(...settlers);
  } catch (error) {
    reject(error);
    return promise;
  }
  if (value !== register.sentinel) return promise;
  const ended = register.take().catch(reject);
  return register.settle(ended.then(() => new Done(promise)));
}

function createConstructorKit(register: Register): Record<string, unknown> {
  const { sentinel } = register;
  const begin = createBeginning(register);
  return {
    /**
     * A function that may have been called by `new`. Whoever extends it needs the object at once, so what waits gives
     * the object and not the sentinel: a `new` or `super()` looks into the register.
     */
    build: (self: unknown, body: Body): unknown => {
      const state = new State();
      return begin(state, body) ? (self ?? sentinel) : state.v;
    },
    /** The same in a derived class: without an object before its own `super()`. */
    buildDerived: (self: () => unknown, body: Body): unknown => {
      const state = new State();
      if (!begin(state, body)) return state.v;
      try {
        return self();
      } catch {
        return sentinel;
      }
    },
    /** After `super()` has waited: what it gives must be what `this` has been since. */
    rooted: (value: unknown, self: unknown): void => {
      if (value === self) return;
      throw new BlockingError(
        "super() waits for a constructor that blocks before its own super(), or that returns another object",
      );
    },
    /** A field of a class whose initialisers run as a method. */
    define: (self: object, key: string, value: unknown): void => {
      Reflect.defineProperty(self, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    /** What `return value` gives in a function that may have been called by `new`. */
    constructed: (value: unknown, self: unknown): unknown =>
      self !== undefined && !isObject(value) ? self : value,
    /** The same in a derived class, where `this` may be unbound when an object is returned. */
    derived: (value: unknown, self: () => unknown): unknown => (isObject(value) ? value : self()),
    /** The value of `new` after a wait. */
    instance: (value: unknown): unknown => {
      if (isObject(value)) return value;
      throw new BlockingError(
        "a function that is called by `new` here blocks, but does not know it is a constructor",
      );
    },
  };
}
