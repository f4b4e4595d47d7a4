/**
 * The run-time kit of lowered scripts. A call that waits returns the sentinel and leaves its promise in one register;
 * the nearest lowered call takes the promise out and awaits it. The register is filled and taken with nothing in
 * between, so one is enough for all VUs of a worker; what it holds when nobody took it is a leak, and is reported.
 * A lane is one VU's turn-taking: in k6 a blocking call stops the whole VU, so among the async functions, timers and
 * promise callbacks of a VU only one stretch of code ("segment") runs or is blocked at a time. It holds the baton
 * until it ends or awaits by itself, not merely until its blocking call completes.
 */
import { ecmaScriptGlobals } from "./lowering/global-names.ts";
import { BlockingError, createSentinel } from "./runtime-blocking.ts";
import { installCallbackMethods } from "./runtime-callbacks.ts";
import { Done, State, unset, type Box, type Suspension } from "./runtime-state.ts";

/** The kit of a worker. */
export interface ScriptRuntime {
  /** Members that emitted code uses, the lane aside. */
  readonly kit: Readonly<Record<string, unknown>>;
  /** Never log, tag or serialise it: every use throws. */
  readonly sentinel: object;
  /** One VU's lane. */
  createLane(): Lane;
}

/** One VU's way in and out of script code. */
export interface Lane {
  /** The worker's kit with this lane in it: what the emitted code destructures. */
  readonly kit: Readonly<Record<string, unknown>>;
  /** True while a segment of this VU is blocked. */
  readonly busy: boolean;
  /**
   * Makes the script wait. Must be the last thing a module function does.
   * @param what the call by its k6 name (`http.get`), for error messages
   */
  block<T>(promise: Promise<T>, what?: string): T;
  /** Calls a script function on behalf of one: synchronous when it does not wait. Its result goes back to the script. */
  call<T, R>(
    callee: () => T,
    settle: { onValue: (value: T) => R; onError: (error: unknown) => R },
  ): R;
  /**
   * The engine's entry: calls a script function; gives its value, or a promise when it waited, returned a promise or
   * left a segment blocked.
   * @throws BlockingError (`SCRIPT_BLOCKING`) when a blocking call was not waited for
   */
  enter<T>(callee: () => T): T | Promise<Awaited<T>>;
  /** Runs a timer or event callback when no segment of this VU is blocked. Throws and rejects like {@link enter}. */
  gate(callback: () => unknown): void | Promise<void>;
  /** Delays the completion of an asynchronous operation while a segment of this VU is blocked. */
  afterTurn<T>(promise: Promise<T>): Promise<T>;
  /** Leaves every waiting call of this lane waiting for ever, so that nothing of the script runs again; for good. */
  abandon(): void;
}

/** Creates the kit of a worker. It adds symbols to built-in prototypes, invisible to scripts. */
export function createScriptRuntime(): ScriptRuntime {
  const register = new Register();
  const { sentinel } = register;
  const kit = { ...createKit(register), callbackSymbols: installCallbackMethods(register) };
  return { kit, sentinel, createLane: () => new VuLane(register, kit) };
}

/**
 * Reads a global by name as an unbound identifier does: a ReferenceError when there is none. The language's own names
 * are there even when the script assigns to them and `globals` does not have them yet.
 */
export function createGlobalReader(globals: object): (name: string) => unknown {
  return (name) => {
    if (!(name in globals) && ecmaScriptGlobals.has(name)) return Reflect.get(globalThis, name);
    if (!(name in globals)) throw new ReferenceError(`${name} is not defined`);
    return Reflect.get(globals, name) as unknown;
  };
}

/** The one register of a worker, and whose promise is in it. */
class Register implements Suspension {
  readonly sentinel: object = createSentinel(() => this.#onSentinelUsed());
  pending: Promise<Box> | undefined;
  owner: VuLane | undefined;

  settle(promise: Promise<Box>): unknown {
    if (this.pending !== undefined) {
      silence(promise);
      throw this.leak();
    }
    this.pending = promise;
    return this.sentinel;
  }

  take(): Promise<Box> {
    const promise = this.pending;
    if (promise === undefined) throw staleError();
    this.pending = undefined;
    return promise;
  }

  box(value: unknown): Box {
    return new Done(value);
  }

  /** Empties the register of a promise that nobody took and says so. */
  leak(cause?: unknown): BlockingError {
    const { owner } = this;
    if (this.pending !== undefined) silence(this.pending);
    this.pending = undefined;
    const error = new BlockingError(
      `the script did not wait for ${describe(owner)}, because the code that called it cannot be made to wait`,
      { cause, blockedAt: owner?.blockedAt },
    );
    if (owner !== undefined) {
      owner.traces = true;
      // Nobody will end the segment of a call that nobody waits for.
      owner.endSegment();
    }
    return error;
  }

  #onSentinelUsed(): never {
    if (this.owner !== undefined) this.owner.traces = true;
    throw new BlockingError(
      `the result of ${describe(this.owner)} was used before it was there, by code that cannot be made to wait`,
    );
  }
}

function describe(lane: VuLane | undefined): string {
  return lane?.blockedBy === undefined ? "a blocking call" : `the blocking call ${lane.blockedBy}`;
}

function staleError(): BlockingError {
  return new BlockingError(
    "the result of an earlier blocking call was kept by code that did not wait for it (a cache or a property), and used again",
  );
}

function silence(promise: Promise<unknown>): void {
  // Nobody will look at it any more; its rejection must not reach the handler of unhandled ones.
  promise.catch(() => undefined);
}

function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The members that need no lane. Plain closures: the optimiser sees through them, and emitted code calls them bare. */
function createKit(register: Register): Record<string, unknown> {
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

  const createPromise = (executor: (...settlers: unknown[]) => unknown): unknown => {
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
    if (value !== sentinel) return promise;
    const ended = register.take().catch(reject);
    return register.settle(ended.then(() => new Done(promise)));
  };

  return {
    sentinel,
    run,
    take,
    runAsync,
    createPromise,
    topState: new State(),
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

/** What an abandoned lane waits for. */
const never: Promise<never> = new Promise(() => undefined);

class VuLane implements Lane {
  busy = false;
  /** Set by the first leak: from then on each blocking call notes where it was made, so that the next leak has a line. */
  traces = false;
  blockedAt: string | undefined;
  blockedBy: string | undefined;
  readonly #register: Register;
  readonly #shared: Readonly<Record<string, unknown>>;
  #waiting: (() => void)[] | undefined;
  #lost: BlockingError | undefined;
  #abandoned = false;

  constructor(register: Register, shared: Readonly<Record<string, unknown>>) {
    this.#register = register;
    this.#shared = shared;
  }

  get kit(): Readonly<Record<string, unknown>> {
    return { ...this.#shared, lane: this };
  }

  abandon(): void {
    this.#abandoned = true;
  }

  readonly #resume = (value: unknown): Box | Promise<never> => {
    if (this.#abandoned) return never;
    this.#collectLeak();
    return new Done(value);
  };

  readonly #resumeThrowing = (error: unknown): Promise<never> => {
    if (this.#abandoned) return never;
    this.#collectLeak();
    throw error;
  };

  block<T>(promise: Promise<T>, what?: string): T {
    this.#clearOthers();
    const register = this.#register;
    this.blockedBy = what;
    if (this.traces) this.blockedAt = captureStack();
    if (register.pending === undefined) register.owner = this;
    this.busy = true;
    return register.settle(promise.then(this.#resume, this.#resumeThrowing)) as T;
  }

  call<T, R>(
    callee: () => T,
    settle: { onValue: (value: T) => R; onError: (error: unknown) => R },
  ): R {
    let value: T;
    try {
      value = callee();
    } catch (error) {
      return settle.onError(this.#explain(error));
    }
    const register = this.#register;
    if (value !== register.sentinel) {
      const leak = this.#findLeak();
      return leak === undefined ? settle.onValue(value) : settle.onError(leak);
    }
    // What the engine does next may wait as well.
    const boxed = (next: () => R): Box | Promise<Box> => {
      const result = next();
      return result === register.sentinel ? register.take() : new Done(result);
    };
    const settled = register.take().then(
      (box) => boxed(() => settle.onValue(box.v as T)),
      (error: unknown) => boxed(() => settle.onError(error)),
    );
    return register.settle(settled) as R;
  }

  enter<T>(callee: () => T): T | Promise<Awaited<T>> {
    this.#clearOthers();
    this.#throwLeak();
    const value = this.#segment(callee, false);
    if (value instanceof Promise || this.busy) return this.#complete(value) as Promise<Awaited<T>>;
    return value as T;
  }

  gate(callback: () => unknown): void | Promise<void> {
    this.#clearOthers();
    const value = this.busy
      ? this.turn().then(() => this.#segment(callback, true))
      : this.#segment(callback, false);
    if (value instanceof Promise) return value.then(() => this.#throwLeak());
    return undefined;
  }

  async afterTurn<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } finally {
      if (this.#abandoned) await never;
      if (this.busy) {
        await this.turn();
        this.endSegment();
      }
    }
  }

  /** Emitted: an async function reaches its own `await`, or (`end`) its end: its segment is over. */
  leave<T>(state: State, value: T): T {
    const { p } = state;
    state.p = 0;
    if (p === 0) this.endSegment();
    else if (p !== null) p();
    return value;
  }

  /** Emitted, and only called while busy: waits for the baton; whoever gets it must give it back by ending a segment. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }

  endSegment(): void {
    const next = this.#waiting?.shift();
    if (next === undefined) this.busy = false;
    else next();
  }

  /** Emitted: a promise callback that may wait. */
  tolerate(callback: unknown): unknown {
    if (typeof callback !== "function") return callback;
    return (...given: unknown[]): unknown => {
      const call = (): unknown => Reflect.apply(callback, undefined, given);
      if (this.busy) return this.turn().then(() => this.#segment(call, true));
      return this.#segment(call, false);
    };
  }

  /** Emitted: an async generator waits; as its steps have no owner, the baton goes back when the call completes. */
  async release(promise: Promise<Box>): Promise<Box> {
    try {
      return await promise;
    } finally {
      this.endSegment();
    }
  }

  /** Emitted: the iterable of a `for await`, whose hidden awaits must hand over the baton as written ones do. */
  each(state: State, iterable: AsyncIterable<unknown> & Iterable<unknown>): AsyncIterable<unknown> {
    const gated = async (
      step: Promise<IteratorResult<unknown>>,
    ): Promise<IteratorResult<unknown>> => {
      this.leave(state, undefined);
      try {
        return await step;
      } finally {
        if (this.busy) await this.turn();
      }
    };
    return {
      [Symbol.asyncIterator]: (): AsyncIterator<unknown> => {
        const iterator = toAsyncIterator(iterable);
        return {
          next: () => gated(Promise.resolve(iterator.next())),
          return: () =>
            gated(Promise.resolve(iterator.return?.() ?? { done: true, value: undefined })),
        };
      },
    };
  }

  /** Runs one stretch of script code to its end; `held` when the baton was handed over for it. */
  #segment(callee: () => unknown, held: boolean): unknown {
    let value: unknown;
    try {
      value = callee();
    } catch (error) {
      if (held) this.endSegment();
      throw this.#explain(error);
    }
    if (value === this.#register.sentinel) return this.#await(this.#register.take());
    if (held) this.endSegment();
    this.#throwLeak();
    return value;
  }

  async #await(promise: Promise<Box>): Promise<unknown> {
    try {
      return (await promise).v;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.endSegment();
    }
  }

  /** Waits for what an entry left running: the promise it returned, and segments that are blocked. */
  async #complete(value: unknown): Promise<unknown> {
    let result: unknown;
    try {
      result = await value;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.#collectLeak();
      while (this.busy) {
        // oxlint-disable-next-line no-await-in-loop -- one blocked segment after the other is the point
        await this.turn();
        this.endSegment();
      }
    }
    this.#throwLeak();
    return result;
  }

  /** A leak of this VU that came to light since the last look. */
  #findLeak(cause?: unknown): BlockingError | undefined {
    const register = this.#register;
    if (register.pending !== undefined && register.owner === this) return register.leak(cause);
    const lost = this.#lost;
    this.#lost = undefined;
    return lost;
  }

  #throwLeak(): void {
    const leak = this.#findLeak();
    if (leak !== undefined) throw leak;
  }

  /** An error of the script, or the leak behind it: a native TypeError may be the first sign of one. */
  #explain(error: unknown): unknown {
    if (!(error instanceof BlockingError)) return this.#findLeak(error) ?? error;
    if (this.#register.owner === this && this.#register.pending !== undefined)
      this.#register.leak();
    this.#lost = undefined;
    return error;
  }

  /** At the start of a turn the register is empty; a promise in it is its owner's leak, to be told there. */
  #collectLeak(): void {
    const { pending, owner } = this.#register;
    if (pending === undefined || owner === undefined) return;
    const leak = this.#register.leak();
    owner.#lost ??= leak;
  }

  /** In the middle of a turn only another VU's promise is surely a leak. */
  #clearOthers(): void {
    if (this.#register.owner !== this) this.#collectLeak();
  }
}

function captureStack(): string | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, VuLane.prototype.block);
  return holder.stack;
}

function toAsyncIterator(
  iterable: AsyncIterable<unknown> & Iterable<unknown>,
): AsyncIterator<unknown> | Iterator<unknown> {
  const asynchronous = iterable[Symbol.asyncIterator] as (() => AsyncIterator<unknown>) | undefined;
  if (asynchronous !== undefined && asynchronous !== null) return asynchronous.call(iterable);
  const iterator = iterable[Symbol.iterator]();
  const settle = async (step: IteratorResult<unknown>): Promise<IteratorResult<unknown>> => ({
    done: step.done === true,
    value: await step.value,
  });
  return {
    next: () => settle(iterator.next()),
    return: () => settle(iterator.return?.() ?? { done: true, value: undefined }),
  };
}
