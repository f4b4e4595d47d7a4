/**
 * The members of the run-time kit that emitted code calls by name and that need no lane. Plain closures: the optimiser
 * sees through them. What each does in the text is in lowering/emit-*.ts.
 */
import { BlockingError } from "./runtime-blocking.ts";
import { describe, silence, type Register } from "./runtime-register.ts";
import { Done, State, unset, type Box } from "./runtime-state.ts";

function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The members that need no lane. Plain closures: the optimiser sees through them, and emitted code calls them bare. */
export function createKit(register: Register): Record<string, unknown> {
  const { sentinel } = register;

  const run = (body: (state: State) => Promise<unknown>): unknown => {
    const state = new State();
    const promise = body(state);
    if (state.w) return register.settle(promise as Promise<Box>);
    if (state.x) throw state.v;
    if (state.v === unset) {
      // Neither end was reached: the stack overflowed inside the body's own catch.
      silence(promise);
      throw new RangeError("Maximum call stack size exceeded");
    }
    return state.v;
  };

  const take = (state: State): Promise<Box> => {
    const promise = register.take();
    state.w = true;
    return promise;
  };

  /** An async function of the script: its caller goes on when the stretch before its first own `await` has ended. */
  const runAsync = (body: (state: State) => Promise<unknown>): unknown => {
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
    ...createConstructorKit(),
    ...createGeneratorKit(register),
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

function createConstructorKit(): Record<string, unknown> {
  return {
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

/** What a loop over a waiting generator waits for: it has no value, so whoever asks for one is no such loop. */
class Passed implements Box {
  get v(): never {
    throw new BlockingError(
      "a generator that blocks can only be read by a for…of loop of the script's own code",
    );
  }
}

interface Held {
  settled: boolean;
  thrown: boolean;
  value: unknown;
}

/** A generator that waits yields the sentinel; its loop takes the promise from the register and asks again. */
function createGeneratorKit(register: Register): Record<string, unknown> {
  const settleHeld = (held: Held, thrown: boolean, value: unknown): Box => {
    held.settled = true;
    held.thrown = thrown;
    held.value = value;
    return new Passed();
  };
  return {
    hold: (): Held => {
      const held: Held = { settled: false, thrown: false, value: undefined };
      const promise = register.take();
      register.settle(
        promise.then(
          (box) => settleHeld(held, false, box.v),
          (error: unknown) => settleHeld(held, true, error),
        ),
      );
      return held;
    },
    held: (held: Held): unknown => {
      if (!held.settled) throw register.leak();
      if (held.thrown) throw held.value;
      return held.value;
    },
  };
}
